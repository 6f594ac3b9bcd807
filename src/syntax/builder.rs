//! Puts a [`Tree`] together from the events of a reader.

use std::ops::Range;

use super::kinds::{MAX_ALIASED, MAX_DEPTH, MAX_MERGE_DEPTH, MAX_MERGED, MAX_NODES, ParseError, Style, spot};
use super::tree::Tree;
use super::tree::{Form, Held, NO_TAG, Raw, RawTag, narrow};
use crate::collections::HashMap;
use crate::source::Text;

/// Bytes that are written for one node, in most files: what room is made for.
const BYTES_OF_NODE: usize = 20;

/// How many bytes of a string count as one more value, where values are counted for the sake of aliases.
const BYTES_OF_VALUE: usize = 8;

/// Builds the documents of one text, one after another.
pub(super) struct Builder {
    tree: Tree,
    /// The collections that are not closed yet.
    open: Vec<Frame>,
    /// The children of the open collections.
    pending: Vec<u32>,
    anchors: HashMap<usize, Anchor>,
    /// The mappings with merge keys.
    merged: HashMap<u32, Merged>,
    /// Nodes of the documents before this one.
    spent: usize,
    /// Nodes of this document with its aliases followed.
    weight: usize,
    /// How many of them are there through aliases only.
    aliased: usize,
    /// True once the document was said to grow too large.
    outgrown: bool,
    /// True once the document was said to merge too much.
    overmerged: bool,
}

/// What a mapping comes to with its merge keys followed.
#[derive(Clone, Copy)]
struct Merged {
    /// Entries, and mappings on the way to them.
    weight: usize,
    /// Mappings that are merged into each other.
    height: usize,
}

struct Frame {
    node: u32,
    is_mapping: bool,
    has_bracket: bool,
    /// Where its children start among the pending ones.
    first: usize,
    /// From its bracket, or its first child.
    start: usize,
    end: usize,
    anchor: usize,
    weight_before: usize,
    /// Levels of nesting below.
    height: usize,
}

enum Anchor {
    /// On a collection that is not closed yet.
    Open,
    Closed {
        node: u32,
        weight: usize,
        height: usize,
    },
}

/// A scalar as a reader found it. Its places are offsets in the text.
pub(super) struct Scalar<'a> {
    pub style: Style,
    pub range: Range<usize>,
    /// See [`Raw::body`].
    pub body: usize,
    pub value: Value<'a>,
    pub tag: u32,
    /// The number of its anchor; 0 without one.
    pub anchor: usize,
}

/// The value of a scalar.
pub(super) enum Value<'a> {
    /// These bytes of the text.
    Range(Range<usize>),
    Given(&'a str),
}

impl Builder {
    pub(super) fn new(text: &Text) -> Self {
        Self {
            tree: empty(text, text.bytes().len() / BYTES_OF_NODE),
            open: Vec::new(),
            pending: Vec::new(),
            anchors: HashMap::default(),
            merged: HashMap::default(),
            spent: 0,
            weight: 0,
            aliased: 0,
            outgrown: false,
            overmerged: false,
        }
    }

    /// Forgets a document that could not be read.
    pub(super) fn reset(&mut self) {
        self.spent += self.tree.nodes.len();
        self.tree.nodes.clear();
        self.tree.children.clear();
        self.tree.store.clear();
        self.tree.tags.clear();
        self.open.clear();
        self.pending.clear();
        self.anchors.clear();
        self.merged.clear();
        self.weight = 0;
        self.aliased = 0;
        self.outgrown = false;
        self.overmerged = false;
    }

    /// The document, if it has a value.
    pub(super) fn finish(&mut self, index: u32) -> Option<Tree> {
        let root = self.pending.pop()?;
        let next = empty(&self.tree.text, 0);
        let mut tree = std::mem::replace(&mut self.tree, next);
        self.spent += tree.nodes.len();
        tree.index = index;
        tree.root = root;
        self.reset();
        Some(tree)
    }

    /// True if the next node is the value of an entry.
    pub(super) fn at_value(&self) -> bool {
        self.open.last().is_some_and(|it| it.is_mapping && !(self.pending.len() - it.first).is_multiple_of(2))
    }

    /// True if a collection with brackets is open.
    pub(super) fn in_brackets(&self) -> bool {
        self.open.iter().any(|it| it.has_bracket)
    }

    /// True if the next node is a key.
    fn at_key(&self) -> bool {
        self.open.last().is_some_and(|it| it.is_mapping && (self.pending.len() - it.first).is_multiple_of(2))
    }

    pub(super) fn tag(&mut self, tag: RawTag) -> u32 {
        self.tree.tags.push(tag);
        self.tree.tags.len() as u32 - 1
    }

    pub(super) fn scalar(&mut self, scalar: Scalar<'_>) -> Result<(), ParseError> {
        let Scalar { style, range, body, value, tag, anchor } = scalar;
        let (held, value) = match value {
            Value::Range(range) => (Held::Text, narrow(&range)),
            Value::Given(value) => {
                let start = self.tree.store.len();
                self.tree.store.push_str(value);
                (Held::Store, narrow(&(start..self.tree.store.len())))
            }
        };
        if style == Style::Plain && &self.tree.text.bytes()[range.clone()] == "<<" && self.at_key() {
            let node = self.open.last().map_or(0, |it| it.node);
            self.tree.nodes[node as usize].form = Form::Mapping { merges: true };
        }
        let (start, end) = narrow(&range);
        let raw = Raw { form: Form::Scalar(style, held), start, end, value, body: body as u32, tag };
        let node = self.node(raw)?;
        // An alias of a long string stands for more than one of a word.
        let length = range.len() / BYTES_OF_VALUE;
        self.weight += length;
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Closed { node, weight: 1 + length, height: 0 });
        }
        self.child(node, range, 0);
        Ok(())
    }

    /// Opens a collection. Without a bracket it starts at its first child.
    pub(super) fn open(
        &mut self,
        form: Form,
        at: usize,
        has_bracket: bool,
        tag: u32,
        anchor: usize,
    ) -> Result<(), ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(ParseError::too_deep(spot(self.tree.text.bytes(), at)));
        }
        let raw = Raw { form, start: at as u32, end: at as u32, value: (0, 0), body: 0, tag };
        let weight_before = self.weight;
        let node = self.node(raw)?;
        if anchor != 0 {
            self.anchors.insert(anchor, Anchor::Open);
        }
        let (start, end) = if has_bracket { (at, at + 1) } else { (usize::MAX, 0) };
        let is_mapping = matches!(form, Form::Mapping { .. });
        let first = self.pending.len();
        self.open.push(Frame { node, is_mapping, has_bracket, first, start, end, anchor, weight_before, height: 0 });
        Ok(())
    }

    /// Closes a collection. `end` is behind its bracket. What it merges may be too much, which is the error to report.
    pub(super) fn close(&mut self, end: Option<usize>) -> Option<ParseError> {
        let frame = self.open.pop()?;
        let first = self.tree.children.len();
        self.tree.children.extend_from_slice(&self.pending[frame.first..]);
        self.pending.truncate(frame.first);
        let raw = &mut self.tree.nodes[frame.node as usize];
        raw.value = narrow(&(first..self.tree.children.len()));
        if frame.start <= frame.end {
            raw.start = frame.start as u32;
            raw.end = frame.end.max(end.unwrap_or(0)) as u32;
        }
        let range = raw.start as usize..raw.end as usize;
        let error = match raw.form {
            Form::Mapping { merges: true } => self.merge(frame.node),
            _ => None,
        };
        let height = frame.height + 1;
        if frame.anchor != 0 {
            let weight = self.weight - frame.weight_before;
            self.anchors.insert(frame.anchor, Anchor::Closed { node: frame.node, weight, height });
        }
        self.child(frame.node, range, height);
        error
    }

    /// Counts what a mapping merges. If it is too much, its merge keys are entries like others, so that no walk of a
    /// tree is ever longer than what was counted here.
    fn merge(&mut self, node: u32) -> Option<ParseError> {
        let own = self.tree.entry_count(node);
        let mut whole = Merged { weight: 0, height: 0 };
        for source in self.tree.merged_into(node) {
            let plain = || Merged { weight: 1 + self.tree.entry_count(source), height: 0 };
            let one = self.merged.get(&source).copied().unwrap_or_else(plain);
            whole.weight = whole.weight.saturating_add(one.weight);
            whole.height = whole.height.max(one.height + 1);
        }
        if whole.weight <= MAX_MERGED && whole.height <= MAX_MERGE_DEPTH {
            whole.weight += 1 + own;
            self.merged.insert(node, whole);
            return None;
        }
        let raw = &mut self.tree.nodes[node as usize];
        raw.form = Form::Mapping { merges: false };
        let at = spot(self.tree.text.bytes(), raw.start as usize);
        let message = match whole.height > MAX_MERGE_DEPTH {
            true => format!("mappings merged into each other deeper than {MAX_MERGE_DEPTH} levels"),
            false => format!("the merge keys of this mapping stand for more than {MAX_MERGED} values"),
        };
        let first = !std::mem::replace(&mut self.overmerged, true);
        first.then(|| ParseError::limit(at, message))
    }

    /// Puts the node of an anchor here. What cannot be put here is null, with the error to report.
    pub(super) fn alias(&mut self, anchor: usize, range: Range<usize>) -> Result<Option<ParseError>, ParseError> {
        let error = match self.anchors.get(&anchor) {
            Some(&Anchor::Closed { node, weight, height }) => {
                if self.open.len() + height > MAX_DEPTH {
                    Some(ParseError::too_deep(range.clone()))
                } else if self.aliased + weight > MAX_ALIASED {
                    let message = format!("the aliases of this document stand for more than {MAX_ALIASED} values");
                    let first = !std::mem::replace(&mut self.outgrown, true);
                    first.then(|| ParseError::limit(range.clone(), message))
                } else {
                    self.weight += weight;
                    self.aliased += weight;
                    self.child(node, range, height);
                    return Ok(None);
                }
            }
            Some(Anchor::Open) => {
                Some(ParseError::new(range.clone(), "this alias is inside the value that it stands for"))
            }
            None => {
                let name = self.tree.text.bytes()[range.clone()].trim_start_matches('*');
                Some(ParseError::new(range.clone(), format!("no anchor `&{name}` comes before this alias")))
            }
        };
        let value = Value::Range(range.start..range.start);
        self.scalar(Scalar { style: Style::Plain, range, body: 0, value, tag: NO_TAG, anchor: 0 })?;
        Ok(error)
    }

    fn node(&mut self, raw: Raw) -> Result<u32, ParseError> {
        let id = self.tree.nodes.len();
        if self.spent + id >= MAX_NODES {
            return Err(ParseError::too_many(spot(self.tree.text.bytes(), raw.start as usize)));
        }
        self.tree.nodes.push(raw);
        self.weight += 1;
        Ok(id as u32)
    }

    fn child(&mut self, node: u32, range: Range<usize>, height: usize) {
        self.pending.push(node);
        if let Some(parent) = self.open.last_mut() {
            parent.start = parent.start.min(range.start);
            parent.end = parent.end.max(range.end);
            parent.height = parent.height.max(height);
        }
    }
}

/// A tree without nodes, and with room for so many.
fn empty(text: &Text, nodes: usize) -> Tree {
    Tree {
        text: text.clone(),
        index: 0,
        root: 0,
        nodes: Vec::with_capacity(nodes),
        children: Vec::with_capacity(nodes),
        store: String::new(),
        tags: Vec::new(),
    }
}
