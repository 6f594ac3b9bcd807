//! The documents around a place: those of the file, and those in its strings.
//!
//! Each layer is parsed as a text of its own, so that its nodes stand at offsets of that text; [`Layer::text`] says where
//! those offsets are in the file.

use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use super::children::Children;
use super::strings::Context;
use crate::collections::{HashMap, HashSet};
use crate::facts;
use crate::lower;
use crate::source::{FileId, Source, Span, Text};
use crate::syntax::{self, Hint, Kind, Node, Parsed, Style};

/// A file with the documents in it.
pub(super) struct Reading {
    /// In the order of their places, a document before those in its strings.
    layers: Vec<Layer>,
}

/// A document of the file's stream, or one in a string.
pub(super) struct Layer {
    /// The document's text, with the place of each byte in the file.
    pub text: Text,
    hint: Hint,
    /// Where the text was written, with its quotes.
    extent: Span,
    /// The layer around this one.
    pub outer: Option<usize>,
    /// How many layers are around this one.
    pub depth: usize,
    /// Large, and most documents of a stream are not asked.
    parsed: OnceCell<Box<Tables>>,
}

/// A layer's trees, and what is asked of them more than once.
struct Tables {
    parsed: Parsed,
    /// The nodes in the order of where they begin, parents before their children.
    nodes: Vec<NodeId>,
    /// The scalars among them.
    scalars: Vec<NodeId>,
    /// The collection around each node, where it is written.
    parents: Vec<Vec<Option<u32>>>,
    /// The nodes that aliases name: what changes there changes in several places.
    aliased: HashSet<NodeId>,
    /// The keys of mappings.
    keys: HashSet<NodeId>,
    /// The key of each value, where it is written.
    names: HashMap<NodeId, u32>,
    /// Where lines begin.
    lines: Vec<usize>,
    /// Where words stand in values, once that was asked for.
    mentions: OnceCell<HashMap<String, Vec<usize>>>,
    /// Collections that were asked for.
    children: RefCell<HashMap<NodeId, Option<Rc<Children>>>>,
    /// Texts of scalars that were asked for, at offsets of the layer.
    texts: RefCell<HashMap<NodeId, Text>>,
}

/// A node of a layer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct NodeId {
    pub tree: u32,
    pub node: u32,
}

/// The texts in the strings of a file that were read as documents, with how they were read.
pub(super) fn strings(facts: &facts::Tables) -> impl Iterator<Item = (&Text, Hint)> {
    let manifests = facts.embedded.iter().map(|it| (it, Hint::Yaml));
    manifests.chain(facts.policy_texts.iter().map(|it| (it, Hint::Json)))
}

impl Reading {
    pub fn new<'t>(source: &Source, file: FileId, strings: impl Iterator<Item = (&'t Text, Hint)>) -> Self {
        let whole = Text::of_file(file, source.text.clone());
        let hint = lower::hint(source);
        let documents = lower::stream::documents(&whole, holds_something).into_iter().map(|(_, text)| (text, hint));
        let mut layers: Vec<Layer> = documents.map(|(text, hint)| Layer::new(text.span(), text, hint)).collect();
        let inner = strings.filter(|(text, _)| text.whole().file == file && !text.is_empty());
        layers.extend(inner.map(|(text, hint)| Layer::new(text.whole(), text.clone(), hint)));
        // A document of the file comes before a string that fills it, because the sort is stable.
        layers.sort_by_key(|it| (it.extent.start, std::cmp::Reverse(it.extent.end)));
        layers.dedup_by(|b, a| a.extent == b.extent && a.text.bytes() == b.text.bytes());
        let mut around: Vec<usize> = Vec::new();
        for at in 0..layers.len() {
            while around.last().is_some_and(|outer| !layers[*outer].extent.contains(layers[at].extent)) {
                around.pop();
            }
            layers[at].outer = around.last().copied();
            layers[at].depth = around.len();
            around.push(at);
        }
        Self { layers }
    }

    /// How many bytes the documents of the file have.
    pub fn len(&self) -> usize {
        self.layers.iter().filter(|it| it.depth == 0).map(|it| it.text.len()).sum()
    }

    pub fn layer(&self, at: usize) -> &Layer {
        &self.layers[at]
    }

    /// The layers around a place, innermost first, each with the place in its text.
    pub fn around(&self, span: Span) -> impl Iterator<Item = (usize, Range<usize>)> {
        let last = self.layers.partition_point(|it| it.extent.start <= span.start);
        let mut next = last.checked_sub(1);
        std::iter::from_fn(move || {
            let at = next?;
            next = self.layers[at].outer;
            Some(at)
        })
        .filter(move |at| self.layers[*at].extent.contains(span))
        .filter_map(move |at| Some((at, self.layers[at].text.locate(span)?)))
    }

    /// The innermost scalar that holds a place, and where in its value the place is. A place that is the whole scalar, with
    /// its quotes, is the whole of its value. What spans several values of a document is in none of them, and not in the
    /// string that holds the document either.
    pub fn scalar_at(&self, span: Span) -> Option<(usize, NodeId, Range<usize>)> {
        for (layer, range) in self.around(span) {
            let is_all = range == (0..self.layers[layer].text.len());
            if let Some((node, value)) = self.layers[layer].scalar_at(range) {
                return Some((layer, node, value));
            }
            if !is_all {
                return None;
            }
        }
        None
    }

    /// Where a range of a layer's text is in the value of a scalar of the layer around it.
    pub fn outward(&self, layer: usize, range: Range<usize>) -> Option<(usize, NodeId, Range<usize>)> {
        let inner = &self.layers[layer].text;
        let outer = self.layers[layer].outer?;
        let span = inner.slice(range.clone());
        let place = self.layers[outer].text.locate(span)?;
        let (node, value) = self.layers[outer].scalar_at(place)?;
        // A range may begin or end inside what was written as one, such as an escape. What only a deploy knows is a
        // hole in the inner text, and perhaps in the outer one.
        let text = self.layers[outer].value(node);
        let (part, held) = (inner.part(range), text.bytes().get(value.clone())?);
        (held == part.bytes() || held == part.shown()).then_some((outer, node, value))
    }

    /// What stands around a node.
    pub fn context(&self, layer: usize, id: NodeId) -> Context {
        let it = &self.layers[layer];
        let parent = it.parent(id);
        let json = it.parsed().is_json;
        let key = it.tables().keys.contains(&id);
        let flow = json || parent.is_some_and(|parent| it.is_flow(parent));
        Context { json, flow, key, in_quotes: self.is_in_quotes(layer) }
    }

    /// True if the string that holds a layer is in double quotes.
    fn is_in_quotes(&self, layer: usize) -> bool {
        let Some(outer) = self.layers[layer].outer else { return false };
        let start = self.layers[layer].text.slice(0..0);
        let place = self.layers[outer].text.locate(start);
        let scalar = place.and_then(|it| self.layers[outer].scalar_at(it));
        scalar.is_some_and(|(id, _)| self.layers[outer].node(id).style() == Some(Style::DoubleQuoted))
    }
}

impl Layer {
    fn new(extent: Span, text: Text, hint: Hint) -> Self {
        // The line break at the end of a block scalar is not part of what is shown of it.
        let extent = extent.to(text.span());
        Self { text, hint, extent, outer: None, depth: 0, parsed: OnceCell::new() }
    }

    pub fn bytes(&self) -> &str {
        self.text.bytes()
    }

    pub fn parsed(&self) -> &Parsed {
        &self.tables().parsed
    }

    /// Parses another text as this one was parsed.
    pub fn parse(&self, text: String) -> Parsed {
        // Texts may be large: the string is gone before its tree is made.
        syntax::parse(&Text::of_file(FileId::new(0), text.into()), self.hint)
    }

    pub fn node(&self, id: NodeId) -> Node<'_> {
        self.parsed().documents[id.tree as usize].node(id.node)
    }

    /// The value of a scalar, at offsets of the layer.
    pub fn value(&self, id: NodeId) -> Text {
        let mut texts = self.tables().texts.borrow_mut();
        let text = texts.entry(id).or_insert_with(|| self.node(id).text().expect("only scalars are asked for a value"));
        text.clone()
    }

    /// Where the line of a place begins.
    pub fn line_start(&self, at: usize) -> usize {
        let lines = &self.tables().lines;
        lines[..lines.partition_point(|it| *it <= at)].last().copied().unwrap_or_default()
    }

    /// How the lines of the text end: as the line does that ends at a place, or as the first does.
    pub fn line_ending(&self, start: usize) -> &'static str {
        // Where the first line ends is known: a file may be one line, and many places of it may be asked.
        let end = if start == 0 { self.tables().lines.get(1).copied().unwrap_or_default() } else { start };
        if self.bytes()[..end].ends_with("\r\n") { "\r\n" } else { "\n" }
    }

    /// What stands before a place on its line.
    pub fn line_before(&self, at: usize) -> &str {
        &self.bytes()[self.line_start(at)..at]
    }

    /// What is in a collection, if its children stand where they can be known.
    pub fn children(&self, id: NodeId) -> Option<Rc<Children>> {
        let mut known = self.tables().children.borrow_mut();
        known.entry(id).or_insert_with(|| Children::of(self.bytes(), self.node(id)).map(Rc::new)).clone()
    }

    /// True if a word stands in a value that is not in this range.
    pub fn is_mentioned(&self, word: &str, except: &Range<usize>) -> bool {
        let mentions = self.tables().mentions.get_or_init(|| {
            let mut mentions: HashMap<String, Vec<usize>> = HashMap::default();
            let values = self.tables().scalars.iter().filter(|id| !self.tables().keys.contains(id));
            for node in values.map(|id| self.node(*id)) {
                for word in node.str().unwrap_or_default().split(|c: char| !c.is_ascii_alphanumeric()) {
                    mentions.entry(word.to_owned()).or_default().push(node.range().start);
                }
            }
            mentions
        });
        let places = mentions.get(word).into_iter().flatten();
        places.into_iter().any(|at| !except.contains(at))
    }

    /// True if an alias names a node or a collection around it.
    pub fn is_aliased(&self, id: NodeId) -> bool {
        let aliased = &self.tables().aliased;
        if aliased.is_empty() {
            return false;
        }
        let mut next = Some(id);
        while let Some(id) = next {
            if aliased.contains(&id) {
                return true;
            }
            next = self.parent(id).map(|it| NodeId { node: it.id(), ..id });
        }
        false
    }

    /// The collection that a node is written in.
    pub fn parent(&self, id: NodeId) -> Option<Node<'_>> {
        let parent = self.tables().parents[id.tree as usize][id.node as usize]?;
        Some(self.node(NodeId { node: parent, ..id }))
    }

    /// The node of the key that a value is written for.
    pub fn key_id(&self, id: NodeId) -> Option<NodeId> {
        self.tables().names.get(&id).map(|key| NodeId { node: *key, ..id })
    }

    /// The key that a value is written for.
    pub fn key_of(&self, id: NodeId) -> Option<&str> {
        self.node(self.key_id(id)?).str()
    }

    /// True for a list of values. The arguments of a function are written as a list, and are none.
    pub fn is_list(&self, tree: u32, node: Node<'_>) -> bool {
        let is_call = |tag: &str| tag.starts_with('!') && !tag.starts_with("!!");
        if node.kind() != Kind::Sequence || node.tag().is_some_and(|it| is_call(it.name)) {
            return false;
        }
        let mut id = NodeId { tree, node: node.id() };
        // The list that `Fn::Join` puts together is an argument inside its arguments.
        while let Some(around) = self.parent(id) {
            if around.tag().is_some_and(|it| is_call(it.name)) {
                return false;
            }
            if around.kind() == Kind::Mapping {
                return !self.key_of(id).is_some_and(|it| it.starts_with("Fn::"));
            }
            id.node = around.id();
        }
        true
    }

    /// True for a collection in brackets or braces.
    pub fn is_flow(&self, collection: Node<'_>) -> bool {
        let first = match collection.kind() {
            Kind::Scalar => return false,
            Kind::Mapping => collection.written().next().map(|(key, _)| key),
            Kind::Sequence => collection.items().next(),
        };
        let start = collection.range().start;
        // A block of entries begins where its first key does, which may be a bracket.
        let is_first = first.is_some_and(|it| it.range().start == start);
        !is_first && matches!(self.bytes().as_bytes().get(start), Some(b'{' | b'['))
    }

    /// The scalar that holds a range, and where in its value that is.
    fn scalar_at(&self, range: Range<usize>) -> Option<(NodeId, Range<usize>)> {
        let scalars = &self.tables().scalars;
        let after = scalars.partition_point(|id| self.node(*id).range().start <= range.start);
        let near = scalars[..after].iter().rev().take(2);
        let id = near.copied().find(|id| range.end <= self.end(*id))?;
        let written = self.node(id).range();
        let value = self.value(id);
        let is_whole = (value.is_empty() || !range.is_empty()) && written == range;
        if is_whole {
            return Some((id, 0..value.len()));
        }
        let place = Span { file: FileId::new(0), start: range.start as u32, end: range.end as u32 };
        Some((id, value.locate(place)?))
    }

    /// Where a scalar ends. The value of a block scalar may have line breaks after what is shown of it.
    fn end(&self, id: NodeId) -> usize {
        let node = self.node(id);
        let end = node.range().end;
        match node.style() {
            Some(Style::Literal | Style::Folded) => {
                let value = self.value(id);
                end.max(value.slice(value.len()..value.len()).range().end)
            }
            _ => end,
        }
    }

    /// The node that is written exactly here. Of several the outermost.
    pub fn node_at(&self, range: &Range<usize>) -> Option<NodeId> {
        self.nodes_from(range.start).find(|id| self.node(*id).range() == *range)
    }

    /// The nodes that begin at an offset, parents before their children.
    pub fn nodes_from(&self, start: usize) -> impl Iterator<Item = NodeId> {
        let nodes = &self.tables().nodes;
        let from = nodes.partition_point(|id| self.node(*id).range().start < start);
        nodes[from..].iter().copied().take_while(move |id| self.node(*id).range().start == start)
    }

    fn tables(&self) -> &Tables {
        let parsed = || syntax::parse(&self.text.alone(), self.hint);
        self.parsed.get_or_init(|| Box::new(Tables::new(parsed(), self.bytes())))
    }
}

impl Tables {
    fn new(parsed: Parsed, bytes: &str) -> Self {
        let mut nodes = Vec::new();
        let (mut aliased, mut keys, mut names) = (HashSet::default(), HashSet::default(), HashMap::default());
        let mut parents = Vec::new();
        for (tree, document) in parsed.documents.iter().enumerate() {
            let id = |it: Node<'_>| NodeId { tree: tree as u32, node: it.id() };
            let mut parent = vec![None; document.nodes().len()];
            let mut met = vec![false; document.nodes().len()];
            for node in document.nodes() {
                nodes.push(id(node));
                let range = node.range();
                for (key, value) in node.written() {
                    keys.insert(id(key));
                    names.entry(id(value)).or_insert(key.id());
                }
                for child in node.items().chain(node.written().flat_map(|(key, value)| [key, value])) {
                    // What stands in two places is written in one, and an alias names it in the other.
                    if std::mem::replace(&mut met[child.id() as usize], true) {
                        aliased.insert(id(child));
                    }
                    // Of two collections around a node the inner one, which comes later, holds it.
                    if range.start <= child.range().start && child.range().end <= range.end {
                        parent[child.id() as usize] = Some(node.id());
                    }
                }
            }
            parents.push(parent);
        }
        let node = |id: &NodeId| parsed.documents[id.tree as usize].node(id.node);
        nodes.sort_by_key(|id| node(id).range().start);
        let scalars = nodes.iter().copied().filter(|id| node(id).kind() == Kind::Scalar).collect();
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes.as_bytes()).map(|it| it + 1)).collect();
        let (texts, children, mentions) = (RefCell::default(), RefCell::default(), OnceCell::new());
        Self { nodes, scalars, parents, aliased, keys, names, lines, mentions, texts, children, parsed }
    }
}

/// Whether a document of a stream is more than its marker.
fn holds_something(part: &[u8]) -> bool {
    !matches!(part.trim_ascii(), b"" | b"---")
}
