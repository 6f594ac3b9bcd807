//! YAML that is read without the parser library is read as the library reads it: each node, place and comment.

use std::str;

use ekslint::source::{FileId, Text};
use ekslint::syntax::{Hint, Node, Parsed, parse, parse_by_library};

pub fn check(data: &[u8]) {
    let Ok(source) = str::from_utf8(data) else { return };
    let text = Text::of_file(FileId::new(0), source.into());
    same(&parse(&text, Hint::Yaml), &parse_by_library(&text, Hint::Yaml));
}

fn same(one: &Parsed, other: &Parsed) {
    assert_eq!(one.errors, other.errors);
    assert_eq!(one.comments, other.comments);
    assert_eq!(one.documents.len(), other.documents.len());
    for (one, other) in one.documents.iter().zip(&other.documents) {
        assert_eq!(one.index(), other.index());
        assert_eq!(one.nodes().len(), other.nodes().len(), "{:?} and {:?}", one.root(), other.root());
        one.nodes().zip(other.nodes()).for_each(|(one, other)| same_node(one, other));
        assert_eq!(one.root().id(), other.root().id());
    }
}

fn same_node(one: Node<'_>, other: Node<'_>) {
    let looks = |it: Node<'_>| (it.kind(), it.range(), it.style(), it.str().map(str::to_owned));
    assert_eq!(looks(one), looks(other));
    assert_eq!(one.tag(), other.tag(), "{one:?}");
    assert_eq!(children(one), children(other), "{one:?}");
    let is_verbatim = |it: Node<'_>| it.text().map(|it| it.span());
    assert_eq!(is_verbatim(one), is_verbatim(other), "{one:?}");
}

fn children(node: Node<'_>) -> Vec<u32> {
    node.written().flat_map(|(key, value)| [key.id(), value.id()]).chain(node.items().map(Node::id)).collect()
}
