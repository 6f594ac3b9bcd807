//! The arena that a document is kept in, and the handles to its nodes.

use std::fmt;
use std::ops::Range;

use super::kinds::{Kind, Style};
use super::resolve::{self, CoreTag, Resolved, Schema};
use super::scalar;
use crate::source::{Span, Text, TextBuilder};

/// One document.
pub struct Tree {
    pub(super) text: Text,
    pub(super) index: u32,
    pub(super) root: u32,
    pub(super) nodes: Vec<Raw>,
    /// The ids of the children of each collection, side by side.
    pub(super) children: Vec<u32>,
    /// The values that do not stand in the text byte for byte.
    pub(super) store: String,
    pub(super) tags: Vec<RawTag>,
}

/// A node as it is stored. Its places are offsets in the text of its tree.
#[derive(Clone, Copy)]
pub(super) struct Raw {
    pub form: Form,
    pub start: u32,
    pub end: u32,
    /// A scalar's value, in the text or in the store; a collection's children.
    pub value: (u32, u32),
    /// Where the first line of a block scalar's content starts, after its indentation.
    pub body: u32,
    /// An index into the tags, or [`NO_TAG`].
    pub tag: u32,
}

pub(super) const NO_TAG: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Scalar(Style, Held),
    Sequence,
    /// `merges`: a key is `<<`, and what it stands for is not beyond the limits.
    Mapping {
        merges: bool,
    },
}

/// Where a scalar's value is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Text,
    Store,
}

pub(super) struct RawTag {
    pub start: u32,
    pub end: u32,
    pub core: CoreTag,
}

/// A tag as the user spelled it: `!Sub`, `!GetAtt`, `!!str`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tag<'t> {
    pub name: &'t str,
    pub span: Span,
}

impl Tree {
    pub fn root(&self) -> Node<'_> {
        self.node(self.root)
    }

    /// The place of the document in its stream, from zero. Documents that could not be read count.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// All nodes that are written in the document, each once, parents before their children.
    ///
    /// Unlike a walk from the root this does not follow aliases, so its length is that of the file.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = Node<'_>> {
        (0..self.nodes.len() as u32).map(|id| self.node(id))
    }

    /// The node with this [`Node::id`].
    ///
    /// # Panics
    /// If the tree has no such node.
    pub fn node(&self, id: u32) -> Node<'_> {
        assert!((id as usize) < self.nodes.len(), "ids are those of this tree");
        Node { tree: self, id }
    }

    /// How many entries a mapping has, as it is written.
    pub(super) fn entry_count(&self, mapping: u32) -> usize {
        self.node(mapping).children().len() / 2
    }

    /// The mappings that the merge keys of a mapping name.
    pub(super) fn merged_into(&self, mapping: u32) -> impl Iterator<Item = u32> {
        let pairs = self.node(mapping).children().chunks_exact(2);
        pairs.filter_map(|pair| self.merge_sources(pair)).flatten()
    }

    /// The mappings that an entry merges in, in order; none if it is an entry like others.
    fn merge_sources(&self, pair: &[u32]) -> Option<impl Iterator<Item = u32>> {
        if !self.node(pair[0]).is_merge_key() {
            return None;
        }
        let value = self.node(pair[1]);
        let (one, several): (Option<u32>, &[u32]) = match value.kind() {
            Kind::Mapping => (Some(value.id), &[]),
            Kind::Sequence => (None, value.children()),
            Kind::Scalar => return None,
        };
        let mappings = several.iter().copied().filter(|&id| self.node(id).kind() == Kind::Mapping);
        Some(one.into_iter().chain(mappings))
    }
}

/// A handle to a node of a tree.
///
/// An alias gives the node of its anchor, so the same node can be met in several places.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: u32,
}

impl<'t> Node<'t> {
    /// The number of the node in its tree: the same for an anchor and its aliases.
    pub fn id(self) -> u32 {
        self.id
    }

    pub fn kind(self) -> Kind {
        match self.raw().form {
            Form::Scalar(..) => Kind::Scalar,
            Form::Sequence => Kind::Sequence,
            Form::Mapping { .. } => Kind::Mapping,
        }
    }

    /// Where the node is written in the file.
    ///
    /// A quoted scalar has its quotes; a block scalar goes from its `|` or `>` to the end of its last line that is not
    /// blank. A collection goes from its first child, or bracket, to its last. A value that is not there is the empty
    /// place behind its `:`.
    pub fn span(self) -> Span {
        let raw = self.raw();
        self.tree.text.slice(raw.start as usize..raw.end as usize)
    }

    /// Where the node is written in the text that was parsed. See [`Node::span`].
    pub fn range(self) -> Range<usize> {
        let raw = self.raw();
        raw.start as usize..raw.end as usize
    }

    /// Where the node's tag is written in the text that was parsed.
    pub fn tag_range(self) -> Option<Range<usize>> {
        self.raw_tag().map(|tag| tag.start as usize..tag.end as usize)
    }

    /// Where the first line of a block scalar's content starts, after its indentation, in the text that was parsed.
    pub fn body(self) -> usize {
        self.raw().body as usize
    }

    /// The comment behind the node on its last line, with its `#`.
    pub fn comment(self) -> Option<&'t str> {
        let rest = self.tree.text.bytes().get(self.raw().end as usize..)?;
        // Looked at before the line is: a whole file may be one line.
        let comment = rest.trim_start_matches([' ', '\t']);
        let is_comment = comment.len() < rest.len() && comment.starts_with('#');
        is_comment.then(|| comment.lines().next().unwrap_or_default().trim_end())
    }

    pub fn tag(self) -> Option<Tag<'t>> {
        let tag = self.raw_tag()?;
        let range = tag.start as usize..tag.end as usize;
        Some(Tag { name: &self.tree.text.bytes()[range.clone()], span: self.tree.text.slice(range) })
    }

    /// The value of a scalar.
    pub fn str(self) -> Option<&'t str> {
        let raw = self.raw();
        let range = raw.value.0 as usize..raw.value.1 as usize;
        match raw.form {
            Form::Scalar(_, Held::Text) => Some(&self.tree.text.bytes()[range]),
            Form::Scalar(_, Held::Store) => Some(&self.tree.store[range]),
            _ => None,
        }
    }

    /// The value of a scalar with the place of each of its bytes, and with the holes of the text that was parsed.
    pub fn text(self) -> Option<Text> {
        let raw = self.raw();
        let Form::Scalar(_, held) = raw.form else { return None };
        let text = &self.tree.text;
        if held == Held::Text {
            return Some(text.part(raw.value.0 as usize..raw.value.1 as usize).within(self.span()));
        }
        let value = self.str()?;
        let mut builder = TextBuilder::default();
        match self.runs(value) {
            Some(runs) => {
                // A document in a string may be an escape for every few of its bytes.
                builder.reserve(value.len(), runs.len());
                let mut at = 0;
                for run in runs {
                    let raw = run.raw();
                    let end = at + run.len as usize;
                    if run.is_verbatim() {
                        builder.push(&text.part(raw));
                    } else {
                        builder.push_written(&value[at..end], text.slice(raw));
                    }
                    at = end;
                }
            }
            // Our own reading of the scalar is not the parser's. All of it stands for all of the value.
            None => builder.push_written(value, self.span()),
        }
        Some(builder.finish(self.span()))
    }

    /// How a scalar is written.
    pub fn style(self) -> Option<Style> {
        match self.raw().form {
            Form::Scalar(style, _) => Some(style),
            _ => None,
        }
    }

    /// The entries of a mapping as they are written, after those that its merge keys (`<<`) bring in.
    ///
    /// Of several entries with one key the last counts, so an entry of the mapping wins over a merged one, and the
    /// first of several merged mappings over the others. Duplicate keys are all there.
    pub fn entries(self) -> Entries<'t> {
        let pairs = match self.raw().form {
            Form::Mapping { merges: false } => Pairs::Written(self.children()),
            Form::Mapping { merges: true } => Pairs::Merged(self.merged().into_iter()),
            _ => Pairs::Written(&[]),
        };
        Entries { tree: self.tree, pairs }
    }

    /// The entries of a mapping as they are written, merge keys among them.
    pub fn written(self) -> Entries<'t> {
        let ids = if self.kind() == Kind::Mapping { self.children() } else { &[] };
        Entries { tree: self.tree, pairs: Pairs::Written(ids) }
    }

    /// The items of a sequence.
    pub fn items(self) -> Items<'t> {
        let ids = if self.kind() == Kind::Sequence { self.children() } else { &[] };
        Items { tree: self.tree, ids: ids.iter() }
    }

    /// The value of the last entry with a key.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The last entry with a key.
    pub fn entry(self, key: &str) -> Option<(Node<'t>, Node<'t>)> {
        self.entries().rev().find(|(it, _)| it.str() == Some(key))
    }

    /// The node and all that is written in it, each once. Like [`Tree::nodes`] this follows no aliases.
    pub fn below(self) -> impl Iterator<Item = Node<'t>> {
        let end = self.raw().end;
        let later = (self.id + 1..self.tree.nodes.len() as u32).map(move |id| Node { id, ..self });
        std::iter::once(self).chain(later.take_while(move |it| it.raw().start < end))
    }

    /// The type of a scalar; none for collections.
    pub fn resolve(self, schema: Schema) -> Option<Resolved> {
        let value = self.str()?;
        let plain = self.style() == Some(Style::Plain);
        Some(resolve::resolve(value, plain, self.raw_tag().map(|it| it.core), schema))
    }

    /// True for a value that is not there, `~` and `null`.
    pub fn is_null(self) -> bool {
        self.resolve(Schema::Yaml11) == Some(Resolved::Null)
    }

    /// Where the parts of a value were written, if it does not stand in the text byte for byte.
    pub(super) fn runs(self, value: &str) -> Option<Vec<scalar::Run>> {
        let raw = self.raw();
        let Form::Scalar(style, Held::Store) = raw.form else { return None };
        let range = raw.start as usize..raw.end as usize;
        scalar::runs(self.tree.text.bytes(), style, range, raw.body as usize, value)
    }

    /// True if the value stands in the text byte for byte.
    #[cfg(test)]
    pub(super) fn is_verbatim(self) -> bool {
        matches!(self.raw().form, Form::Scalar(_, Held::Text))
    }

    fn raw(self) -> Raw {
        self.tree.nodes[self.id as usize]
    }

    fn raw_tag(self) -> Option<&'t RawTag> {
        self.tree.tags.get(self.raw().tag as usize)
    }

    fn children(self) -> &'t [u32] {
        let raw = self.raw();
        &self.tree.children[raw.value.0 as usize..raw.value.1 as usize]
    }

    fn merges(self) -> bool {
        self.raw().form == Form::Mapping { merges: true }
    }

    fn is_merge_key(self) -> bool {
        self.style() == Some(Style::Plain)
            && self.str() == Some("<<")
            && self.raw_tag().is_none_or(|tag| tag.core == CoreTag::Merge)
    }

    /// The entries with all merge keys followed. The work is bounded, because the mapping would not be one with merge keys
    /// if they stood for too much.
    fn merged(self) -> Vec<(u32, u32)> {
        enum Step {
            Enter(u32),
            Own(u32),
        }
        let tree = self.tree;
        let mut pairs = Vec::new();
        let mut steps = vec![Step::Enter(self.id)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(id) => {
                    steps.push(Step::Own(id));
                    if !tree.node(id).merges() {
                        continue;
                    }
                    // What is pushed last comes out first. So the last merge key is pushed first, and of its mappings
                    // the first, which wins and so has to come out last.
                    for pair in tree.node(id).children().chunks_exact(2).rev() {
                        if let Some(sources) = tree.merge_sources(pair) {
                            steps.extend(sources.map(Step::Enter));
                        }
                    }
                }
                Step::Own(id) => {
                    let merges = tree.node(id).merges();
                    for pair in tree.node(id).children().chunks_exact(2) {
                        if !merges || tree.merge_sources(pair).is_none() {
                            pairs.push((pair[0], pair[1]));
                        }
                    }
                }
            }
        }
        pairs
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.span();
        write!(f, "{:?}@{}..{}", self.kind(), span.start, span.end)?;
        self.str().map_or(Ok(()), |value| write!(f, " {value:?}"))
    }
}

/// See [`Node::entries`].
pub struct Entries<'t> {
    tree: &'t Tree,
    pairs: Pairs<'t>,
}

enum Pairs<'t> {
    /// Ids of keys and values by turns.
    Written(&'t [u32]),
    Merged(std::vec::IntoIter<(u32, u32)>),
}

impl<'t> Iterator for Entries<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = match &mut self.pairs {
            Pairs::Written(ids) => {
                let [key, value, rest @ ..] = *ids else { return None };
                *ids = rest;
                (*key, *value)
            }
            Pairs::Merged(pairs) => pairs.next()?,
        };
        Some((self.tree.node(key), self.tree.node(value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = match &self.pairs {
            Pairs::Written(ids) => ids.len() / 2,
            Pairs::Merged(pairs) => pairs.len(),
        };
        (count, Some(count))
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (key, value) = match &mut self.pairs {
            Pairs::Written(ids) => {
                let [rest @ .., key, value] = *ids else { return None };
                *ids = rest;
                (*key, *value)
            }
            Pairs::Merged(pairs) => pairs.next_back()?,
        };
        Some((self.tree.node(key), self.tree.node(value)))
    }
}

impl ExactSizeIterator for Entries<'_> {}

/// See [`Node::items`].
pub struct Items<'t> {
    tree: &'t Tree,
    ids: std::slice::Iter<'t, u32>,
}

impl<'t> Iterator for Items<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        self.ids.next().map(|&id| self.tree.node(id))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ids.size_hint()
    }
}

impl DoubleEndedIterator for Items<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.ids.next_back().map(|&id| self.tree.node(id))
    }
}

impl ExactSizeIterator for Items<'_> {}

/// A range as the arena keeps it. Offsets fit, because a text is smaller than 4 GiB.
pub(super) fn narrow(range: &Range<usize>) -> (u32, u32) {
    (range.start as u32, range.end as u32)
}
