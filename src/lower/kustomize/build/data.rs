//! A YAML tree that can be changed, whose keys and scalars keep the places where they were written.

use std::sync::Arc;

use crate::collections::HashMap;
use crate::lower::value::{Dialect, Shape, Value};
use crate::source::{FileId, Hole, HoleKind, Piece, Span, Text, TextBuilder};
use crate::syntax::{Kind, Node, Resolved, Schema, Style};

/// A mapping, a list, or a scalar.
#[derive(Clone)]
pub enum Data {
    Mapping(Mapping),
    List(List),
    Scalar(Scalar),
}

#[derive(Clone)]
pub struct Mapping {
    /// The entries, each key once, and in a small mapping in the order in which they are written.
    entries: Vec<(Text, Data)>,
    /// Where each key is, if there are many.
    places: Option<Box<HashMap<Box<str>, usize>>>,
    pub span: Span,
}

/// A mapping with more entries than this finds them by an index.
const SMALL: usize = 32;

#[derive(Clone)]
pub struct List {
    pub items: Vec<Data>,
    pub span: Span,
}

#[derive(Clone)]
pub struct Scalar {
    pub text: Text,
    /// What it is if it is written without quotes.
    pub kind: ScalarKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    String,
    /// A number or a boolean.
    Bare,
    Null,
}

impl Data {
    /// What a node holds, with its aliases and merge keys followed. `left` counts the values that may still be read; nothing if
    /// there are too many.
    pub fn read(node: Node<'_>, left: &mut usize) -> Option<Self> {
        *left = left.checked_sub(1)?;
        let value = Value::new(node, Dialect::Plain);
        let shape = value.cases.into_iter().next().map(|(shape, _)| shape);
        Some(match shape {
            Some(Shape::Collection(node)) if node.kind() == Kind::Mapping => {
                let mut mapping = Mapping::new(node.span());
                for (key, value) in node.entries() {
                    let Some(key) = key.text() else { continue };
                    let value = Self::read(value, left)?;
                    // Merge keys bring keys in that are written besides.
                    mapping.set(key, value);
                }
                Self::Mapping(mapping)
            }
            Some(Shape::Collection(node)) => {
                let items = node.items().map(|it| Self::read(it, left)).collect::<Option<_>>()?;
                Self::List(List { items, span: node.span() })
            }
            Some(Shape::Text(text, node)) => {
                let is_bare = node.is_some_and(|it| {
                    it.style() == Some(Style::Plain)
                        && matches!(it.resolve(Schema::Yaml11), Some(Resolved::Bool(_) | Resolved::Number))
                });
                Self::Scalar(Scalar { text, kind: if is_bare { ScalarKind::Bare } else { ScalarKind::String } })
            }
            Some(Shape::Null(span)) => Self::null(span),
            _ => Self::unknown(node.span()),
        })
    }

    /// A string.
    pub fn string(text: Text) -> Self {
        Self::Scalar(Scalar { text, kind: ScalarKind::String })
    }

    fn null(span: Span) -> Self {
        Self::Scalar(Scalar { text: Text::written("", span), kind: ScalarKind::Null })
    }

    /// A value of which nothing is known.
    pub fn unknown(span: Span) -> Self {
        Self::string(Text::hole(HoleKind::Unknown, "", span))
    }

    pub fn span(&self) -> Span {
        match self {
            Self::Mapping(it) => it.span,
            Self::List(it) => it.span,
            Self::Scalar(it) => it.text.whole(),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(it) if it.kind == ScalarKind::Null)
    }

    /// True for a number or a boolean.
    pub fn is_bare(&self) -> bool {
        matches!(self, Self::Scalar(it) if it.kind == ScalarKind::Bare)
    }

    pub fn mapping(&self) -> Option<&Mapping> {
        match self {
            Self::Mapping(it) => Some(it),
            _ => None,
        }
    }

    pub fn mapping_mut(&mut self) -> Option<&mut Mapping> {
        match self {
            Self::Mapping(it) => Some(it),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&List> {
        match self {
            Self::List(it) => Some(it),
            _ => None,
        }
    }

    /// The text of a scalar that is there.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Scalar(it) if it.kind != ScalarKind::Null => Some(&it.text),
            _ => None,
        }
    }

    /// The text of a scalar, if all of it is known.
    pub fn str(&self) -> Option<&str> {
        self.text()?.as_str()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.mapping()?.get(key)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        self.mapping_mut()?.get_mut(key)
    }

    /// What several keys lead to, one in the other.
    pub fn at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |data, key| data.get(key))
    }

    /// The mapping that several keys lead to, created if it is missing.
    pub fn mapping_at(&mut self, keys: &[&str]) -> Option<&mut Mapping> {
        let mut mapping = self.mapping_mut()?;
        for key in keys {
            let is_there = mapping.get(key).is_some_and(|it| !it.is_null());
            if !is_there {
                let span = Span { end: mapping.span.start, ..mapping.span };
                let empty = Self::Mapping(Mapping::new(span));
                mapping.set(Text::written(key, span), empty);
            }
            mapping = mapping.get_mut(key)?.mapping_mut()?;
        }
        Some(mapping)
    }

    /// Changes each text that stands in a value. Keys stay.
    pub fn each_text(&mut self, change: &mut impl FnMut(&Text) -> Option<Text>) {
        match self {
            Self::Mapping(it) => it.values_mut().for_each(|it| it.each_text(change)),
            Self::List(it) => it.items.iter_mut().for_each(|it| it.each_text(change)),
            Self::Scalar(it) => {
                if let Some(text) = change(&it.text) {
                    it.text = text;
                }
            }
        }
    }

    /// Shows each text that stands in a value, without keys.
    pub fn texts(&self, see: &mut impl FnMut(&Text)) {
        match self {
            Self::Mapping(it) => it.entries.iter().for_each(|(_, value)| value.texts(see)),
            Self::List(it) => it.items.iter().for_each(|it| it.texts(see)),
            Self::Scalar(it) => see(&it.text),
        }
    }

    /// How much there is: values, and for each some bytes of text.
    pub fn size(&self) -> usize {
        1 + match self {
            Self::Mapping(it) => it.entries.iter().map(|(key, value)| bytes(key) + value.size()).sum(),
            Self::List(it) => it.items.iter().map(Self::size).sum(),
            Self::Scalar(it) => bytes(&it.text),
        }
    }

    /// How deep collections stand in one another, at most.
    pub fn depth(&self) -> usize {
        1 + match self {
            Self::Mapping(it) => it.entries.iter().map(|(_, value)| value.depth()).max().unwrap_or_default(),
            Self::List(it) => it.items.iter().map(Self::depth).max().unwrap_or_default(),
            Self::Scalar(_) => 0,
        }
    }
}

/// What a text counts besides its value.
fn bytes(text: &Text) -> usize {
    text.len() / 16
}

impl Mapping {
    /// Without entries.
    pub fn new(span: Span) -> Self {
        Self { entries: Vec::new(), places: None, span }
    }

    pub fn entries(&self) -> impl ExactSizeIterator<Item = &(Text, Data)> {
        self.entries.iter()
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Data> {
        self.entries.iter_mut().map(|it| &mut it.1)
    }

    /// The key of the only entry.
    pub fn only_key(&self) -> Option<&Text> {
        let [(key, _)] = self.entries.as_slice() else { return None };
        Some(key)
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.places {
            Some(places) => places.get(key).copied(),
            None => self.entries.iter().position(|(it, _)| it.bytes() == key),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Data> {
        self.place(key).map(|at| &self.entries[at].1)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Data> {
        self.place(key).map(|at| &mut self.entries[at].1)
    }

    /// A key, as it is written, and its text.
    pub fn text(&self, key: &str) -> Option<(&Text, &Text)> {
        let (key, value) = &self.entries[self.place(key)?];
        Some((key, value.text()?))
    }

    /// Gives a key a value. Who says the value says the key too, so that both have one place.
    pub fn set(&mut self, key: Text, value: Data) {
        match self.place(key.bytes()) {
            Some(at) => self.entries[at] = (key, value),
            None => {
                if let Some(places) = &mut self.places {
                    places.insert(key.bytes().into(), self.entries.len());
                }
                self.entries.push((key, value));
            }
        }
        if self.places.is_none() && self.entries.len() > SMALL {
            let places = self.entries.iter().enumerate().map(|(at, (key, _))| (key.bytes().into(), at));
            self.places = Some(Box::new(places.collect()));
        }
    }

    pub fn remove(&mut self, key: &str) -> Option<Data> {
        let at = self.place(key)?;
        let Some(places) = &mut self.places else { return Some(self.entries.remove(at).1) };
        places.remove(key);
        let (_, removed) = self.entries.swap_remove(at);
        if let Some((moved, _)) = self.entries.get(at) {
            places.insert(moved.bytes().into(), at);
        }
        Some(removed)
    }
}

/// An object as text, in which each byte knows where it was written. `file` says which file that is to be.
///
/// Brackets, commas and quotes stand for nothing that was written: they are empty places.
pub fn render(object: &Data, file: impl Fn(FileId) -> FileId) -> Text {
    let mut writer = Writer { builder: TextBuilder::default(), at: object.span() };
    writer.write(object);
    writer.builder.finish_in(object.span(), file)
}

struct Writer {
    builder: TextBuilder,
    /// The last place that was written.
    at: Span,
}

impl Writer {
    fn write(&mut self, data: &Data) {
        match data {
            Data::Mapping(mapping) => {
                self.mark("{", start(mapping.span));
                for (at, (key, value)) in mapping.entries.iter().enumerate() {
                    if at > 0 {
                        self.mark(", ", self.at);
                    }
                    self.string(key);
                    self.mark(": ", self.at);
                    self.write(value);
                }
                self.mark("}", self.end(mapping.span));
            }
            Data::List(list) => {
                self.mark("[", start(list.span));
                for (at, item) in list.items.iter().enumerate() {
                    if at > 0 {
                        self.mark(", ", self.at);
                    }
                    self.write(item);
                }
                self.mark("]", self.end(list.span));
            }
            Data::Scalar(Scalar { text, kind: ScalarKind::String }) => self.string(text),
            Data::Scalar(Scalar { text, kind: ScalarKind::Bare }) => {
                self.builder.push(text);
                self.at = end(text.whole());
            }
            Data::Scalar(Scalar { text, kind: ScalarKind::Null }) => {
                self.builder.push_written("null", text.whole());
                self.at = end(text.whole());
            }
        }
    }

    /// Where a collection ends. One that was made, or whose last part stands elsewhere, ends there.
    fn end(&self, span: Span) -> Span {
        if self.at.file == span.file && self.at.end <= span.end { end(span) } else { self.at }
    }

    /// Writes what stands nowhere.
    fn mark(&mut self, mark: &str, at: Span) {
        self.builder.push_written(mark, at);
        self.at = at;
    }

    fn string(&mut self, text: &Text) {
        self.mark("\"", start(text.whole()));
        let mut done = 0;
        for (from, piece) in text.pieces_at() {
            let Piece::Known(known) = piece else { continue };
            for (at, c) in known.char_indices().filter(|(_, c)| matches!(c, '"' | '\\') || c.is_control()) {
                self.builder.push(&text.part(done..from + at));
                done = from + at + c.len_utf8();
                let place = text.slice(from + at..done);
                match c {
                    '\n' => self.builder.push_written("\\n", place),
                    '"' | '\\' => self.builder.push_written(&format!("\\{c}"), place),
                    _ => self.builder.push_written(&format!("\\u{:04x}", u32::from(c)), place),
                }
            }
        }
        self.builder.push(&text.part(done..text.len()));
        self.mark("\"", end(text.whole()));
    }
}

fn start(span: Span) -> Span {
    Span { end: span.start, ..span }
}

fn end(span: Span) -> Span {
    Span { start: span.end, ..span }
}

/// Puts texts together: what is put before or after another one stands where that one does.
pub fn affixed(prefix: &str, text: &Text, suffix: &str) -> Text {
    let mut builder = TextBuilder::default();
    builder.push_written(prefix, start(text.span()));
    builder.push(text);
    builder.push_written(suffix, end(text.span()));
    builder.finish(text.whole())
}

/// A name with the hash of a generated ConfigMap after it, which is not computed here.
pub fn with_hash(text: &Text) -> Text {
    let mut builder = TextBuilder::default();
    builder.push(text);
    builder.push_written("-", end(text.span()));
    builder.push_hole(Hole { kind: HoleKind::Unknown, written: Arc::from("<hash>") }, end(text.span()));
    builder.finish(text.whole())
}
