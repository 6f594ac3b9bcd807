//! Directives in JSON: in the `Metadata` of a resource or template, or in the annotation of an object.

use std::collections::{BTreeMap, BTreeSet};

use super::{NO_PLACE, Way, Writer, listed};
use crate::diagnostic::{Diagnostic, Edit};
use crate::lower::directives::{ANNOTATION, WORD};
use crate::syntax::{Kind, Node};

/// What holds a directive: a resource, a template, an object.
#[derive(Clone, Copy)]
struct Holder<'t> {
    node: Node<'t>,
    is_object: bool,
}

impl Writer<'_> {
    /// A directive for each resource or object that findings are in.
    pub(super) fn in_objects(&self, wanted: &[(usize, &Diagnostic, Way)]) -> (Vec<Edit>, Vec<(usize, &'static str)>) {
        let mut refused = Vec::new();
        let mut holders: BTreeMap<u32, (Holder<'_>, BTreeSet<&str>, Vec<usize>)> = BTreeMap::new();
        for (at, finding, _) in wanted {
            match self.holder(finding.span.start) {
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

    /// The resource or object around a place, or the template.
    fn holder(&self, at: u32) -> Option<Holder<'_>> {
        let is_in = |node: &Node<'_>| node.span().start <= at && at <= node.span().end;
        let mut trees = self.read.parts.iter().flat_map(|it| &it.1.documents);
        let tree = trees.find(|it| is_in(&it.root()))?;
        let root = tree.root();
        if let Some(resources) = root.get("Resources") {
            let around = resources.written().find(|(key, value)| key.span().start <= at && at <= value.span().end);
            let node = around.map(|it| it.1).filter(|it| it.kind() == Kind::Mapping).unwrap_or(root);
            return Some(Holder { node, is_object: false });
        }
        let is_object = |it: &Node<'_>| it.get("apiVersion").is_some() && it.get("kind").is_some();
        // Parents come before their children: the last is the innermost.
        let node = tree.nodes().filter(|it| it.kind() == Kind::Mapping && is_in(it) && is_object(it)).last()?;
        Some(Holder { node, is_object: true })
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
        let insert = |at: u32, text: String| Edit::insert(self.read.file, at, text);
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
        Some(vec![Edit::insert(self.read.file, end, line)])
    }

    /// One more entry of a mapping, behind the last and like it. `None` if it is no mapping.
    fn entry(&self, mapping: Node<'_>, entry: &str) -> Option<Vec<Edit>> {
        if mapping.kind() != Kind::Mapping {
            return None;
        }
        let insert = |at: u32, text: String| Some(vec![Edit::insert(self.read.file, at, text)]);
        let Some((key, value)) = mapping.written().next_back() else {
            return insert(mapping.span().start + 1, format!(" {entry} "));
        };
        let before = &self.read.source.text[..key.span().start as usize];
        let line = &before[before.rfind('\n').map_or(0, |it| it + 1)..];
        let is_alone = line.len() < before.len() && line.trim().is_empty();
        let between = if is_alone { format!(",{}{line}", self.line_break()) } else { ", ".to_owned() };
        insert(value.span().end, format!("{between}{entry}"))
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string has no keys and is written to memory")
}
