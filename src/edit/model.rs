//! What a document has to be after a change: the tree of before, with what was asked for. A change whose text does not give
//! this tree is dropped.

use std::collections::BTreeMap;
use std::mem::{Discriminant, discriminant};

use super::layers::{Layer, NodeId};
use super::strings::{Splice, spliced};
use crate::syntax::{Kind, Node, Parsed, Resolved, Schema};

/// A tree without places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Model {
    Scalar {
        value: String,
        tag: Option<String>,
        /// The type by YAML 1.1, unless a number may become another kind of value.
        kind: Option<Discriminant<Resolved>>,
    },
    Sequence {
        items: Vec<Model>,
        tag: Option<String>,
    },
    Mapping {
        entries: Vec<(Model, Model)>,
        tag: Option<String>,
    },
    /// Stands for what is written, and compared, elsewhere.
    Alias,
}

/// What happens to a node.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// Parts of its value are replaced. `is_string`: it has to be a string then; else it may be anything.
    Value { splices: Vec<Splice>, is_string: Option<bool> },
    /// The item, or the entry with this key, is removed.
    Gone,
    /// Items come before or after it.
    Items { before: bool, items: Vec<Model> },
    /// An entry comes before or after the one whose key it is.
    Entry { before: bool, key: String, value: String },
    /// Something else takes its place.
    Becomes(Model),
    /// The entry whose key it is goes into a new mapping, under this key.
    Nested(String),
}

/// What happens to the nodes of a layer.
pub(super) type Effects = BTreeMap<NodeId, Vec<Effect>>;

impl Model {
    pub fn string(value: impl Into<String>) -> Self {
        Self::Scalar { value: value.into(), tag: None, kind: Some(discriminant(&Resolved::String)) }
    }

    pub fn tagged(value: impl Into<String>, tag: &str) -> Self {
        let kind = Some(discriminant(&Resolved::String));
        Self::Scalar { value: value.into(), tag: Some(tag.to_owned()), kind }
    }

    pub fn sequence(items: impl IntoIterator<Item = Model>) -> Self {
        Self::Sequence { items: items.into_iter().collect(), tag: None }
    }

    pub fn entry(key: &str, value: Model) -> Self {
        Self::Mapping { entries: vec![(Self::string(key), value)], tag: None }
    }

    /// The tree below a node.
    pub fn of(node: Node<'_>) -> Self {
        Reader { effects: &BTreeMap::new(), tree: 0 }.read(node)
    }

    /// The tree below a node of the tree with this number, after some effects.
    pub fn with_effects(node: Node<'_>, tree: u32, effects: &Effects) -> Self {
        Reader { effects, tree }.read(node)
    }

    /// This tree with other values in the place of parts of a scalar.
    pub fn with(self, splices: &[Splice]) -> Self {
        match self {
            Self::Scalar { value, tag, kind } => Self::Scalar { value: spliced(&value, splices), tag, kind },
            other => other,
        }
    }

    fn is(&self, found: &Self) -> bool {
        match (self, found) {
            (Self::Scalar { value, tag, kind }, Self::Scalar { value: other, tag: other_tag, kind: found }) => {
                value == other && tag == other_tag && kind.is_none_or(|kind| Some(kind) == *found)
            }
            (Self::Sequence { items, tag }, Self::Sequence { items: others, tag: other_tag }) => {
                let same = items.iter().zip(others).all(|(a, b)| a.is(b));
                tag == other_tag && items.len() == others.len() && same
            }
            (Self::Mapping { entries, tag }, Self::Mapping { entries: others, tag: other_tag }) => {
                let same = entries.iter().zip(others).all(|(a, b)| a.0.is(&b.0) && a.1.is(&b.1));
                tag == other_tag && entries.len() == others.len() && same
            }
            (Self::Alias, Self::Alias) => true,
            _ => false,
        }
    }
}

struct Reader<'e> {
    effects: &'e Effects,
    tree: u32,
}

impl Reader<'_> {
    fn effects(&self, node: Node<'_>) -> &[Effect] {
        self.effects.get(&NodeId { tree: self.tree, node: node.id() }).map_or(&[], Vec::as_slice)
    }

    fn read(&self, node: Node<'_>) -> Model {
        let effects = self.effects(node);
        if let Some(Effect::Becomes(model)) = effects.iter().find(|it| matches!(it, Effect::Becomes(_))) {
            return model.clone();
        }
        let tag = node.tag().map(|it| it.name.to_owned());
        let range = node.range();
        let is_here = |it: Node<'_>| range.start <= it.range().start && it.range().end <= range.end;
        let child = |it: Node<'_>| if is_here(it) { self.read(it) } else { Model::Alias };
        match node.kind() {
            Kind::Scalar => self.scalar(node, tag),
            Kind::Sequence => {
                let mut items = Vec::new();
                for item in node.items() {
                    self.item(item, child(item), &mut items);
                }
                Model::Sequence { items, tag }
            }
            Kind::Mapping => {
                let mut entries = Vec::new();
                for (key, value) in node.written() {
                    self.entry(key, (child(key), child(value)), &mut entries);
                }
                Model::Mapping { entries, tag }
            }
        }
    }

    fn scalar(&self, node: Node<'_>, tag: Option<String>) -> Model {
        let mut value = node.str().unwrap_or_default().to_owned();
        let mut kind = node.resolve(Schema::Yaml11).map(|it| discriminant(&it));
        let mut splices = Vec::new();
        for effect in self.effects(node) {
            let Effect::Value { splices: these, is_string } = effect else { continue };
            splices.extend(these.iter().cloned());
            kind = match is_string {
                Some(true) => Some(discriminant(&Resolved::String)),
                Some(false) => None,
                // What was a date may stay one.
                None => kind.filter(|it| *it == discriminant(&Resolved::String)),
            };
        }
        splices.sort_by_key(|it: &Splice| (it.range.start, it.range.end));
        if !splices.is_empty() {
            value = spliced(&value, &splices);
        }
        Model::Scalar { value, tag, kind }
    }

    fn item(&self, node: Node<'_>, model: Model, items: &mut Vec<Model>) {
        let effects = self.effects(node);
        let added = |wanted: bool| {
            effects.iter().filter_map(move |it| match it {
                Effect::Items { before, items } if *before == wanted => Some(items.iter().cloned()),
                _ => None,
            })
        };
        items.extend(added(true).flatten());
        if !effects.iter().any(|it| matches!(it, Effect::Gone)) {
            items.push(model);
        }
        items.extend(added(false).flatten());
    }

    fn entry(&self, key: Node<'_>, entry: (Model, Model), entries: &mut Vec<(Model, Model)>) {
        let effects = self.effects(key);
        let added = |wanted: bool| {
            effects.iter().filter_map(move |it| match it {
                Effect::Entry { before, key, value } if *before == wanted => {
                    Some((Model::string(key), Model::string(value)))
                }
                _ => None,
            })
        };
        let nested = effects.iter().find_map(|it| if let Effect::Nested(parent) = it { Some(parent) } else { None });
        entries.extend(added(true));
        match nested {
            _ if effects.iter().any(|it| matches!(it, Effect::Gone)) => {}
            Some(parent) => {
                entries.push((Model::string(parent), Model::Mapping { entries: vec![entry], tag: None }));
            }
            None => entries.push(entry),
        }
        entries.extend(added(false));
    }
}

/// True if a layer's text with some splices is read as its tree with some effects. The splices are in order.
pub(super) fn holds(layer: &Layer, splices: &[Splice], effects: &Effects) -> bool {
    let old = layer.parsed();
    let new = layer.parse(&spliced(layer.bytes(), splices));
    if !old.errors.is_empty() {
        // What cannot be read has no tree to compare: it may only get better.
        return new.errors.len() < old.errors.len();
    }
    new.errors.is_empty() && old.is_json == new.is_json && is_expected(old, &new, effects)
}

fn is_expected(old: &Parsed, new: &Parsed, effects: &Effects) -> bool {
    let is_same = |(tree, (old, new)): (usize, (&crate::syntax::Tree, &crate::syntax::Tree))| {
        let expected = Reader { effects, tree: tree as u32 }.read(old.root());
        expected.is(&Model::of(new.root()))
    };
    old.documents.len() == new.documents.len() && old.documents.iter().zip(&new.documents).enumerate().all(is_same)
}
