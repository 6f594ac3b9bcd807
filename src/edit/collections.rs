//! Entries of mappings and items of lists: adding and removing them in the style of what stands beside them.

use std::ops::Range;

use super::layers::{Context, Layer, NodeId};
use super::model::{Effect, Model};
use super::strings::{self, Splice};
use crate::syntax::{Kind, Node};

/// What a change makes of a layer: its text, and what its tree has to be then.
#[derive(Default, Debug)]
pub(super) struct Outcome {
    pub splices: Vec<Splice>,
    pub effects: Vec<(NodeId, Effect)>,
}

/// An item, or an entry from its key to its value, with the tag before it.
struct Child {
    range: Range<usize>,
    /// The item or the key.
    node: u32,
}

/// A collection and what is in it.
pub(super) struct Collection<'l> {
    layer: &'l Layer,
    tree: u32,
    node: Node<'l>,
    children: Vec<Child>,
    is_flow: bool,
}

/// How an entry or item stands on its line.
struct Line<'l> {
    /// Everything before it is the indentation and, for what is first in its item, the dashes.
    begins: bool,
    /// Spaces as wide as what stands before it.
    indent: String,
    /// What stands before it.
    before: &'l str,
    ending: &'static str,
}

impl<'l> Collection<'l> {
    /// The collection that a key or an item stands in.
    pub fn around(layer: &'l Layer, id: NodeId) -> Option<Self> {
        let node = layer.parent(id)?;
        let start = |it: Node<'_>| {
            let start = it.range().start;
            it.tag_range().map_or(start, |tag| tag.start.min(start))
        };
        let is_here = |it: Node<'_>| node.range().start <= it.range().start && it.range().end <= node.range().end;
        let children = match node.kind() {
            Kind::Scalar => return None,
            Kind::Sequence => {
                let items = node.items();
                let item =
                    |it: Node<'_>| is_here(it).then(|| Child { range: start(it)..it.range().end, node: it.id() });
                items.map(item).collect::<Option<Vec<_>>>()?
            }
            Kind::Mapping => {
                let entry = |(key, value): (Node<'_>, Node<'_>)| {
                    (is_here(key) && is_here(value))
                        .then(|| Child { range: start(key)..value.range().end, node: key.id() })
                };
                node.written().map(entry).collect::<Option<Vec<_>>>()?
            }
        };
        let in_order = children.windows(2).all(|it| it[0].range.end <= it[1].range.start);
        let is_flow = layer.is_flow(node);
        in_order.then_some(Self { layer, tree: id.tree, node, children, is_flow })
    }

    /// Where an entry or item is among the others.
    pub fn position(&self, id: NodeId) -> Option<usize> {
        self.children.iter().position(|it| it.node == id.node)
    }

    /// Which entry or item is written exactly here.
    pub fn find(&self, range: &Range<usize>) -> Option<usize> {
        self.children.iter().position(|it| it.range.end == range.end && self.starts(it, range.start))
    }

    /// An item may be given with or without its tag.
    fn starts(&self, child: &Child, start: usize) -> bool {
        let node = self.layer.node(NodeId { tree: self.tree, node: child.node });
        child.range.start == start || node.range().start == start
    }

    pub fn id(&self) -> NodeId {
        NodeId { tree: self.tree, node: self.node.id() }
    }

    /// Removes some entries or items, by their positions in order.
    pub fn remove(&self, gone: &[usize]) -> Option<Outcome> {
        let mut outcome = Outcome::default();
        for run in gone.chunk_by(|a, b| a + 1 == *b) {
            let (first, last) = (run[0], run[run.len() - 1]);
            let splice = if self.is_flow { self.flow_removal(first, last) } else { self.block_removal(first, last) };
            outcome.splices.push(Splice::new(splice?, ""));
        }
        let effect = |at: &usize| (NodeId { tree: self.tree, node: self.children[*at].node }, Effect::Gone);
        outcome.effects.extend(gone.iter().map(effect));
        Some(outcome)
    }

    fn flow_removal(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let (start, end) = (self.children[first].range.start, self.children[last].range.end);
        let range = match (first.checked_sub(1), self.children.get(last + 1)) {
            (_, Some(next)) => start..next.range.start,
            (Some(before), None) => self.children[before].range.end..end,
            (None, None) => start..end,
        };
        // A comment between the two may be about what stays.
        let has_comment = !self.layer.parsed().is_json && self.layer.bytes()[end..range.end.max(end)].contains('#');
        let gap = &self.layer.bytes()[range.start..start.max(range.start)];
        (!has_comment && !gap.contains('#')).then_some(range)
    }

    fn block_removal(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let bytes = self.layer.bytes();
        let (start, end) = (self.children[first].range.start, self.children[last].range.end);
        // An empty mapping or list would be read as nothing at all.
        if last + 1 - first == self.children.len() {
            return None;
        }
        let rest = rest_of_line(bytes, end)?;
        let next_line = end + rest;
        let before = line_before(bytes, start);
        let line_start = start - before.len();
        let is_item = self.node.kind() == Kind::Sequence;
        let is_alone = match is_item {
            true => before.trim_start_matches(' ').strip_prefix('-').is_some_and(|it| it.trim_matches(' ').is_empty()),
            false => before.trim_matches(' ').is_empty(),
        };
        if is_alone {
            return Some(line_start..next_line);
        }
        // The first entry of an item stands beside its dash, and the next one takes its place.
        let next = self.children.get(last + 1).filter(|_| first == 0)?;
        let is_beside = before.chars().all(|c| matches!(c, ' ' | '-' | '?'));
        let between = bytes.get(next_line..next.range.start)?;
        (is_beside && between.trim().is_empty()).then_some(start..next.range.start)
    }

    /// Adds an entry with a string beside another.
    pub fn add_entry(&self, at: usize, before: bool, name: &str, value: &str, context: Context) -> Option<Outcome> {
        let child = &self.children[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let context = Context { key: false, flow: self.is_flow, ..context };
        let key = self.layer.node(id);
        let like = self.layer.bytes()[key.range()].chars().next().filter(|it| matches!(it, '"' | '\''));
        let name_written = match like {
            Some(quote) => strings::quoted(name, context, Some(quote)),
            None => strings::scalar(name, Context { key: true, ..context }),
        };
        // Between braces the strings of a file are in quotes if its keys are.
        let value_written = match like {
            Some(quote) if self.is_flow => strings::quoted(value, context, Some(quote)),
            _ => strings::scalar(value, context),
        };
        let entry = format!("{name_written}: {value_written}");
        let splice = if before { self.before(at, &entry)? } else { self.after(at, &entry)? };
        let effect = Effect::Entry { before, key: name.to_owned(), value: value.to_owned() };
        Some(Outcome { splices: vec![splice], effects: vec![(id, effect)] })
    }

    /// Adds an item with a string after another.
    pub fn add_item(&self, at: usize, value: &str, context: Context) -> Option<Outcome> {
        let context = Context { key: false, flow: self.is_flow, ..context };
        let child = &self.children[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let splice = self.after(at, &strings::scalar(value, context))?;
        let effect = Effect::Items { before: false, items: vec![Model::string(value)] };
        Some(Outcome { splices: vec![splice], effects: vec![(id, effect)] })
    }

    /// Writes an item once more before itself, as this text.
    pub fn copy_item(&self, at: usize, text: &str, model: Model) -> Option<Outcome> {
        let id = NodeId { tree: self.tree, node: self.children[at].node };
        let effect = Effect::Items { before: true, items: vec![model] };
        Some(Outcome { splices: vec![self.before(at, text)?], effects: vec![(id, effect)] })
    }

    /// Writes several strings where an item stands.
    pub fn split_item(&self, at: usize, values: &[String], context: Context) -> Option<Outcome> {
        let context = Context { key: false, flow: self.is_flow, ..context };
        let child = &self.children[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let line = self.line(child.range.start);
        let between = match (self.is_flow, line.begins) {
            (true, true) => format!(",{}{}", line.ending, line.indent),
            (true, false) => ", ".to_owned(),
            (false, true) => format!("{}{}", line.ending, self.dash(&line)?),
            (false, false) => return None,
        };
        let written: Vec<_> = values.iter().map(|it| strings::scalar(it, context)).collect();
        let items = values.iter().map(Model::string).collect();
        let splice = Splice::new(child.range.clone(), written.join(&between));
        let effects = vec![(id, Effect::Items { before: true, items }), (id, Effect::Gone)];
        Some(Outcome { splices: vec![splice], effects })
    }

    /// Puts an entry into a new mapping under another key, if it stands on one line.
    pub fn nest(&self, at: usize, parent: &str) -> Option<Outcome> {
        let child = &self.children[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let bytes = self.layer.bytes();
        let quote = bytes[child.range.clone()].chars().next().filter(|it| matches!(it, '"' | '\'')).map(String::from);
        let quote = quote.unwrap_or_default();
        let effects = vec![(id, Effect::Nested(parent.to_owned()))];
        if self.is_flow {
            let open = Splice::new(child.range.start..child.range.start, format!("{quote}{parent}{quote}: {{ "));
            let close = Splice::new(child.range.end..child.range.end, " }");
            return Some(Outcome { splices: vec![open, close], effects });
        }
        let line = self.line(child.range.start);
        let is_one_line = line.begins && !bytes[child.range.clone()].contains('\n');
        let text = format!("{quote}{parent}{quote}:{}{}  ", line.ending, line.indent);
        let splice = Splice::new(child.range.start..child.range.start, text);
        is_one_line.then_some(Outcome { splices: vec![splice], effects })
    }

    /// A text as a new entry or item before another.
    fn before(&self, at: usize, text: &str) -> Option<Splice> {
        let start = self.children[at].range.start;
        let line = self.line(start);
        let written = match (self.is_flow, line.begins) {
            (true, true) => format!("{text},{}{}", line.ending, line.indent),
            (true, false) => format!("{text}, "),
            (false, true) if self.node.kind() == Kind::Sequence => {
                format!("{text}{}{}", line.ending, self.dash(&line)?)
            }
            (false, true) => format!("{text}{}{}", line.ending, line.indent),
            (false, false) => return None,
        };
        Some(Splice::new(start..start, written))
    }

    /// A text as a new entry or item after another.
    fn after(&self, at: usize, text: &str) -> Option<Splice> {
        let bytes = self.layer.bytes();
        let Range { start, end } = self.children[at].range;
        let line = self.line(start);
        if self.is_flow {
            // A comment at the end of the line is about what stands before it.
            if let Some(next) = self.children.get(at + 1) {
                let has_comment = !self.layer.parsed().is_json && bytes[end..next.range.start].contains('#');
                if has_comment {
                    return self.before(at + 1, text);
                }
            }
            let written =
                if line.begins { format!(",{}{}{text}", line.ending, line.indent) } else { format!(", {text}") };
            return Some(Splice::new(end..end, written));
        }
        let start_of_line = match self.node.kind() {
            Kind::Sequence => self.dash(&line)?.to_owned(),
            _ => line.indent,
        };
        // After a comment on the last line, which is about what stands before it.
        let rest = rest_of_line(bytes, end)?;
        let at = end + bytes[end..end + rest].trim_end().len();
        line.begins.then(|| Splice::new(at..at, format!("{}{start_of_line}{text}", line.ending)))
    }

    /// What stands before an item of a block on its line, if that can stand before another one.
    fn dash(&self, line: &Line<'l>) -> Option<&'l str> {
        let rest = line.before.trim_start_matches(' ').strip_prefix('-')?;
        rest.trim_matches(' ').is_empty().then_some(line.before)
    }

    fn line(&self, at: usize) -> Line<'l> {
        let bytes = self.layer.bytes();
        let before = line_before(bytes, at);
        let above = &bytes[..at - before.len()];
        let dashes = |c: char| matches!(c, ' ' | '\t' | '-');
        Line {
            begins: if self.is_flow {
                before.trim().is_empty() && !above.is_empty()
            } else {
                before.chars().all(dashes)
            },
            indent: before.chars().map(|c| if c == '\t' { c } else { ' ' }).collect(),
            before,
            ending: line_ending(bytes, at),
        }
    }
}

/// How the lines of a text end: as the line does that ends before a place, or as the first does.
pub(super) fn line_ending(bytes: &str, at: usize) -> &'static str {
    let is_windows = match bytes[..at].rfind('\n') {
        Some(end) => bytes[..end].ends_with('\r'),
        None => bytes.find('\n').is_some_and(|end| bytes[..end].ends_with('\r')),
    };
    if is_windows { "\r\n" } else { "\n" }
}

/// What stands before a place on its line.
pub(super) fn line_before(bytes: &str, at: usize) -> &str {
    &bytes[bytes[..at].rfind('\n').map_or(0, |it| it + 1)..at]
}

/// How long the rest of a line is, with what ends it, if it holds nothing but a comment.
fn rest_of_line(bytes: &str, end: usize) -> Option<usize> {
    let length = bytes[end..].find('\n').map_or(bytes.len() - end, |it| it + 1);
    let rest = &bytes[end..end + length];
    let shown = rest.trim_start_matches([' ', '\t']);
    let is_comment = shown.starts_with('#') && shown.len() < rest.len();
    (shown.trim().is_empty() || is_comment).then_some(length)
}
