//! Text into trees, as YAML and as JSON.

use std::str;

use ekslint::source::{FileId, Text};
use ekslint::syntax::{Hint, MAX_ALIASED, MAX_DEPTH, Node, Schema, Tree, parse};

use super::{json, places};

pub fn check(data: &[u8]) {
    let Ok(source) = str::from_utf8(data) else { return };
    for hint in [Hint::Yaml, Hint::Json] {
        let parsed = parse(&Text::of_file(FileId::new(0), source.into()), hint);
        places::of_file(source, &parsed);
        for tree in &parsed.documents {
            walk(tree);
        }
        json::compare(source, &parsed);
    }
}

/// A walk that follows aliases ends, and soon; looking at a node does not panic.
fn walk(tree: &Tree) {
    for node in tree.nodes() {
        for schema in [Schema::Core, Schema::Yaml11] {
            assert_eq!(node.resolve(schema).is_some(), node.str().is_some(), "{node:?}");
        }
        node.comment();
    }
    let mut open: Vec<(Node<'_>, usize)> = vec![(tree.root(), 0)];
    let mut visits = 0;
    while let Some((node, depth)) = open.pop() {
        visits += 1;
        assert!(depth <= MAX_DEPTH, "a tree of {depth} levels");
        assert!(visits <= MAX_ALIASED + tree.nodes().len(), "{visits} visits to {} nodes", tree.nodes().len());
        let has_merge = node.entries().len() != tree_entries(node);
        open.extend(node.items().map(|it| (it, depth + 1)));
        // What a merge key brings in was met where it is written.
        if !has_merge {
            open.extend(node.entries().flat_map(|(key, value)| [(key, depth + 1), (value, depth + 1)]));
        }
    }
}

/// How many entries of a mapping are written in it.
fn tree_entries(node: Node<'_>) -> usize {
    node.entries().filter(|(key, _)| node.span().contains(key.span())).count()
}
