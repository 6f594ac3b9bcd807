//! Entries of mappings and items of lists: adding and removing them in the style of what stands beside them.

use std::ops::Range;
use std::rc::Rc;

use super::children::Children;
use super::layers::{Layer, NodeId};
use super::model::{Effect, Model};
use super::strings::{self, Context, Splice};
use crate::syntax::{Kind, Node};

/// What a change makes of a layer: its text, and what its tree has to be then.
#[derive(Default, Debug)]
pub(super) struct LayerEdit {
    pub splices: Vec<Splice>,
    pub effects: Vec<(NodeId, Effect)>,
}

/// A collection and what is in it.
pub(super) struct Collection<'l> {
    layer: &'l Layer,
    tree: u32,
    node: Node<'l>,
    children: Rc<Children>,
    is_flow: bool,
}

/// How an entry or item stands on its line.
struct Line<'l> {
    /// Everything before it is the indentation and, for what is first in its item, the dashes.
    begins: bool,
    /// What stands before it.
    before: &'l str,
    ending: &'static str,
}

impl Line<'_> {
    /// Spaces as wide as what stands before the entry or item.
    fn indent(&self) -> String {
        self.before.chars().map(|c| if c == '\t' { c } else { ' ' }).collect()
    }
}

impl<'l> Collection<'l> {
    /// The collection that a key or an item stands in.
    pub fn around(layer: &'l Layer, id: NodeId) -> Option<Self> {
        Self::of(layer, id.tree, layer.parent(id)?)
    }

    /// A mapping or list.
    pub fn of(layer: &'l Layer, tree: u32, node: Node<'l>) -> Option<Self> {
        let children = layer.children(NodeId { tree, node: node.id() })?;
        Some(Self { layer, tree, node, children, is_flow: layer.is_flow(node) })
    }

    /// Where an entry or item is among the others.
    pub fn position(&self, id: NodeId) -> Option<usize> {
        self.children.positions.get(&id.node).copied()
    }

    /// Which entry or item is written exactly here. An item may be given with or without its tag.
    pub fn find(&self, range: &Range<usize>) -> Option<usize> {
        let at = *self.children.ends.get(&range.end)?;
        let child = &self.children.all[at];
        let node = self.layer.node(NodeId { tree: self.tree, node: child.node });
        (child.range.start == range.start || node.range().start == range.start).then_some(at)
    }

    /// True if the mapping has this key.
    pub fn has_key(&self, key: &str) -> bool {
        self.children.keys.contains(key)
    }

    pub fn id(&self) -> NodeId {
        NodeId { tree: self.tree, node: self.node.id() }
    }

    /// Removes some entries or items, by their positions in order.
    pub fn remove(&self, gone: &[usize]) -> Option<LayerEdit> {
        let mut outcome = LayerEdit::default();
        for run in gone.chunk_by(|a, b| a + 1 == *b) {
            let (first, last) = (run[0], run[run.len() - 1]);
            let splice = if self.is_flow { self.flow_removal(first, last) } else { self.block_removal(first, last) };
            outcome.splices.push(Splice::new(splice?, ""));
        }
        let effect = |at: &usize| (NodeId { tree: self.tree, node: self.children.all[*at].node }, Effect::Gone);
        outcome.effects.extend(gone.iter().map(effect));
        Some(outcome)
    }

    fn flow_removal(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let (start, end) = (self.children.all[first].range.start, self.children.all[last].range.end);
        let range = match (first.checked_sub(1), self.children.all.get(last + 1)) {
            (_, Some(next)) => start..next.range.start,
            (Some(before), None) => self.children.all[before].range.end..end,
            (None, None) => start..end,
        };
        // A comment between the two may be about what stays.
        let has_comment = !self.layer.parsed().is_json && self.layer.bytes()[end..range.end.max(end)].contains('#');
        let gap = &self.layer.bytes()[range.start..start.max(range.start)];
        (!has_comment && !gap.contains('#')).then_some(range)
    }

    fn block_removal(&self, first: usize, last: usize) -> Option<Range<usize>> {
        let bytes = self.layer.bytes();
        let (start, end) = (self.children.all[first].range.start, self.children.all[last].range.end);
        // An empty mapping or list would be read as nothing at all.
        if last + 1 - first == self.children.all.len() {
            return None;
        }
        let rest = rest_of_line(bytes, end)?;
        let next_line = end + rest;
        let before = &bytes[self.layer.line_start(start)..start];
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
        let next = self.children.all.get(last + 1).filter(|_| first == 0)?;
        let is_beside = before.chars().all(|c| matches!(c, ' ' | '-' | '?'));
        let between = bytes.get(next_line..next.range.start)?;
        (is_beside && between.trim().is_empty()).then_some(start..next.range.start)
    }

    /// Adds an entry with a string beside another.
    pub fn add_entry(&self, at: usize, before: bool, name: &str, value: &str, context: Context) -> Option<LayerEdit> {
        let child = &self.children.all[at];
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
        Some(LayerEdit { splices: vec![splice], effects: vec![(id, effect)] })
    }

    /// Adds an item with a string after another.
    pub fn add_item(&self, at: usize, value: &str, context: Context) -> Option<LayerEdit> {
        let context = Context { key: false, flow: self.is_flow, ..context };
        let child = &self.children.all[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let splice = self.after(at, &strings::scalar(value, context))?;
        let effect = Effect::Items { before: false, items: vec![Model::string(value)] };
        Some(LayerEdit { splices: vec![splice], effects: vec![(id, effect)] })
    }

    /// Writes an item once more before itself, as this text.
    pub fn copy_item(&self, at: usize, text: &str, model: Model) -> Option<LayerEdit> {
        let id = NodeId { tree: self.tree, node: self.children.all[at].node };
        let effect = Effect::Items { before: true, items: vec![model] };
        Some(LayerEdit { splices: vec![self.before(at, text)?], effects: vec![(id, effect)] })
    }

    /// Writes several strings where an item stands.
    pub fn split_item(&self, at: usize, values: &[String], context: Context) -> Option<LayerEdit> {
        let context = Context { key: false, flow: self.is_flow, ..context };
        let child = &self.children.all[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let line = self.line(child.range.start);
        let between = match (self.is_flow, line.begins) {
            (true, true) => format!(",{}{}", line.ending, line.indent()),
            (true, false) => ", ".to_owned(),
            (false, true) => format!("{}{}", line.ending, self.dash(&line)?),
            (false, false) => return None,
        };
        let written: Vec<_> = values.iter().map(|it| strings::scalar(it, context)).collect();
        let items = values.iter().map(Model::string).collect();
        let splice = Splice::new(child.range.clone(), written.join(&between));
        let effects = vec![(id, Effect::Items { before: true, items }), (id, Effect::Gone)];
        Some(LayerEdit { splices: vec![splice], effects })
    }

    /// Puts an entry into a new mapping under another key, if it stands on one line.
    pub fn nest(&self, at: usize, parent: &str) -> Option<LayerEdit> {
        let child = &self.children.all[at];
        let id = NodeId { tree: self.tree, node: child.node };
        let bytes = self.layer.bytes();
        let quote = bytes[child.range.clone()].chars().next().filter(|it| matches!(it, '"' | '\'')).map(String::from);
        let quote = quote.unwrap_or_default();
        let effects = vec![(id, Effect::Nested(parent.to_owned()))];
        if self.is_flow {
            let open = Splice::new(child.range.start..child.range.start, format!("{quote}{parent}{quote}: {{ "));
            let close = Splice::new(child.range.end..child.range.end, " }");
            return Some(LayerEdit { splices: vec![open, close], effects });
        }
        let line = self.line(child.range.start);
        let is_one_line = line.begins && !bytes[child.range.clone()].contains('\n');
        let text = format!("{quote}{parent}{quote}:{}{}  ", line.ending, line.indent());
        let splice = Splice::new(child.range.start..child.range.start, text);
        is_one_line.then_some(LayerEdit { splices: vec![splice], effects })
    }

    /// A text as a new entry or item before another.
    fn before(&self, at: usize, text: &str) -> Option<Splice> {
        let start = self.children.all[at].range.start;
        let line = self.line(start);
        let written = match (self.is_flow, line.begins) {
            (true, true) => format!("{text},{}{}", line.ending, line.indent()),
            (true, false) => format!("{text}, "),
            (false, true) if self.node.kind() == Kind::Sequence => {
                format!("{text}{}{}", line.ending, self.dash(&line)?)
            }
            (false, true) => format!("{text}{}{}", line.ending, line.indent()),
            (false, false) => return None,
        };
        Some(Splice::new(start..start, written))
    }

    /// A text as a new entry or item after another.
    fn after(&self, at: usize, text: &str) -> Option<Splice> {
        let bytes = self.layer.bytes();
        let Range { start, end } = self.children.all[at].range;
        let line = self.line(start);
        if self.is_flow {
            // A comment at the end of the line is about what stands before it.
            if !self.layer.parsed().is_json {
                match self.children.all.get(at + 1) {
                    Some(next) if bytes[end..next.range.start].contains('#') => return self.before(at + 1, text),
                    None if bytes[end..self.node.range().end].contains('#') => return None,
                    _ => {}
                }
            }
            let written =
                if line.begins { format!(",{}{}{text}", line.ending, line.indent()) } else { format!(", {text}") };
            return Some(Splice::new(end..end, written));
        }
        let start_of_line = match self.node.kind() {
            Kind::Sequence => self.dash(&line)?.to_owned(),
            _ => line.indent(),
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
        let start = self.layer.line_start(at);
        let before = &bytes[start..at];
        let begins = match self.is_flow {
            true => before.trim().is_empty() && start > 0,
            false => before.chars().all(|c| matches!(c, ' ' | '\t' | '-')),
        };
        Line { begins, before, ending: self.layer.line_ending(start) }
    }
}

/// How long the rest of a line is, with what ends it, if it holds nothing but a comment.
pub(super) fn rest_of_line(bytes: &str, end: usize) -> Option<usize> {
    // A file may be one line, and many places of it may be asked.
    let next = bytes[end..].bytes().find(|byte| !matches!(byte, b' ' | b'\t'));
    if next.is_some_and(|byte| byte.is_ascii_graphic() && byte != b'#') {
        return None;
    }
    let length = bytes[end..].find('\n').map_or(bytes.len() - end, |it| it + 1);
    let rest = &bytes[end..end + length];
    let shown = rest.trim_start_matches([' ', '\t']);
    let is_comment = shown.starts_with('#') && shown.len() < rest.len();
    (shown.trim().is_empty() || is_comment).then_some(length)
}
