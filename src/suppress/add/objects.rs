//! Directives in JSON: in the `Metadata` of a resource or template, or in the annotation of an object.

use std::collections::{BTreeMap, BTreeSet};

use super::{NO_PLACE, Way, Writer, listed};
use crate::diagnostic::{Diagnostic, Edit};
use crate::edit;
use crate::lower::directives::{ANNOTATION, WORD};
use crate::syntax::{Kind, Node, Tree};

/// What there is in a document that holds directives: resources of a template, or objects, which may stand in one another.
struct Holders<'t> {
    root: Node<'t>,
    /// The resources, if it is a template, by where their keys begin.
    resources: Option<Vec<(u32, Node<'t>)>>,
    /// The objects, by where they begin, and the index of the one around each.
    objects: Vec<(Node<'t>, Option<usize>)>,
}

/// What holds a directive: a resource, a template, an object.
#[derive(Clone, Copy)]
struct Holder<'t> {
    node: Node<'t>,
    is_object: bool,
}

impl Writer<'_> {
    /// A directive for each resource or object that findings are in.
    pub(super) fn in_objects(&self, wanted: &[(usize, &Diagnostic, Way)]) -> (Vec<Edit>, Vec<(usize, &'static str)>) {
        let documents = self.read.parts.iter().flat_map(|it| &it.1.documents);
        let documents: Vec<_> = documents.map(Holders::new).collect();
        let mut refused = Vec::new();
        let mut holders: BTreeMap<u32, (Holder<'_>, BTreeSet<&str>, Vec<usize>)> = BTreeMap::new();
        for (at, finding, _) in wanted {
            let start = finding.span.start;
            match documents.iter().find(|it| is_in(it.root, start)).and_then(|it| it.around(start)) {
                Some(holder) => {
                    let key = holder.node.span().start;
                    let entry = holders.entry(key).or_insert((holder, BTreeSet::new(), Vec::new()));
                    entry.1.insert(finding.rule);
                    entry.2.push(*at);
                }
                None => refused.push((*at, NO_PLACE)),
            }
        }
        let mut edits = Vec::new();
        for (holder, rules, indices) in holders.into_values() {
            let new = match holder.is_object {
                true => self.annotation(holder.node, &rules),
                false => self.metadata(holder.node, &rules),
            };
            match new {
                Some(new) => edits.extend(new),
                None => refused.extend(indices.into_iter().map(|it| (it, NO_PLACE))),
            }
        }
        (edits, refused)
    }

    fn metadata(&self, holder: Node<'_>, rules: &BTreeSet<&str>) -> Option<Vec<Edit>> {
        let mut item = format!("{{ \"rule\": {}", quoted(&listed(rules)));
        if !self.wish.reason.is_empty() {
            item.push_str(&format!(", \"reason\": {}", quoted(&self.wish.reason)));
        }
        if let Some(until) = self.wish.until {
            item.push_str(&format!(", \"until\": \"{until}\""));
        }
        item.push_str(" }");
        let Some(metadata) = holder.get("Metadata") else {
            return self.entry(holder, &format!("\"Metadata\": {{ \"{WORD}\": {{ \"ignore\": [{item}] }} }}"));
        };
        let Some(own) = metadata.get(WORD) else {
            return self.entry(metadata, &format!("\"{WORD}\": {{ \"ignore\": [{item}] }}"));
        };
        let Some(ignore) = own.get("ignore") else {
            return self.entry(own, &format!("\"ignore\": [{item}]"));
        };
        let span = ignore.span();
        let insert = |at: u32, text: String| edit::insert(self.read.file, at, text);
        match ignore.items().next_back() {
            Some(last) => Some(vec![insert(last.span().end, format!(", {item}"))]),
            None if ignore.kind() == Kind::Sequence => Some(vec![insert(span.start + 1, item)]),
            None => Some(vec![insert(span.start, "[".to_owned()), insert(span.end, format!(", {item}]"))]),
        }
    }

    fn annotation(&self, holder: Node<'_>, rules: &BTreeSet<&str>) -> Option<Vec<Edit>> {
        let mut line = listed(rules);
        if let Some(until) = self.wish.until {
            line.push_str(&format!(" until={until}"));
        }
        if !self.wish.reason.is_empty() {
            line.push_str(&format!(": {}", self.wish.reason));
        }
        let entry = format!("\"{ANNOTATION}\": {}", quoted(&line));
        let Some(metadata) = holder.get("metadata") else {
            return self.entry(holder, &format!("\"metadata\": {{ \"annotations\": {{ {entry} }} }}"));
        };
        let Some(annotations) = metadata.get("annotations") else {
            return self.entry(metadata, &format!("\"annotations\": {{ {entry} }}"));
        };
        let Some(own) = annotations.get(ANNOTATION) else {
            return self.entry(annotations, &entry);
        };
        // Another line, before the quote that ends the string.
        let end = own.span().end.checked_sub(1).filter(|_| own.kind() == Kind::Scalar)?;
        let line = quoted(&line);
        let line = format!("\\n{}", &line[1..line.len() - 1]);
        Some(vec![edit::insert(self.read.file, end, line)])
    }

    /// One more entry of a mapping, behind the last and like it. `None` if it is no mapping.
    fn entry(&self, mapping: Node<'_>, entry: &str) -> Option<Vec<Edit>> {
        if mapping.kind() != Kind::Mapping {
            return None;
        }
        let insert = |at: u32, text: String| Some(vec![edit::insert(self.read.file, at, text)]);
        let Some((key, value)) = mapping.written().next_back() else {
            return insert(mapping.span().start + 1, format!(" {entry} "));
        };
        // Only as far back as there are spaces: the line may be the whole file.
        let before = &self.read.source.text[..key.span().start as usize];
        let line = before.trim_end_matches(|it: char| it != '\n' && it.is_whitespace());
        let is_alone = line.ends_with('\n');
        let indent = &before[line.len()..];
        let between = if is_alone { format!(",{}{indent}", self.line_break()) } else { ", ".to_owned() };
        insert(value.span().end, format!("{between}{entry}"))
    }
}

impl<'t> Holders<'t> {
    fn new(tree: &'t Tree) -> Self {
        let root = tree.root();
        if let Some(resources) = root.get("Resources") {
            let resources = resources.written().map(|(key, value)| (key.span().start, value));
            return Self { root, resources: Some(resources.collect()), objects: Vec::new() };
        }
        let is_object = |it: &Node<'_>| it.get("apiVersion").is_some() && it.get("kind").is_some();
        let found = tree.nodes().filter(|it| it.kind() == Kind::Mapping && is_object(it));
        let mut objects: Vec<(Node<'t>, Option<usize>)> = Vec::new();
        // Parents come before their children.
        for node in found {
            let start = node.span().start;
            let mut around = objects.len().checked_sub(1);
            while let Some(at) = around.filter(|at| !is_in(objects[*at].0, start)) {
                around = objects[at].1;
            }
            objects.push((node, around));
        }
        Self { root, resources: None, objects }
    }

    /// The resource or object around a place, or the template.
    fn around(&self, at: u32) -> Option<Holder<'t>> {
        if let Some(resources) = &self.resources {
            let before = resources.partition_point(|it| it.0 <= at);
            let around = resources[..before].last().map(|it| it.1).filter(|it| at <= it.span().end);
            let node = around.filter(|it| it.kind() == Kind::Mapping).unwrap_or(self.root);
            return Some(Holder { node, is_object: false });
        }
        let mut next = self.objects.partition_point(|it| it.0.span().start <= at).checked_sub(1);
        while let Some((node, around)) = next.map(|it| self.objects[it]) {
            if is_in(node, at) {
                return Some(Holder { node, is_object: true });
            }
            next = around;
        }
        None
    }
}

fn is_in(node: Node<'_>, at: u32) -> bool {
    node.span().start <= at && at <= node.span().end
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string has no keys and is written to memory")
}
