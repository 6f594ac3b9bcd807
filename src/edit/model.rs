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

/// A node and the collection that it is in.
#[derive(Clone, Copy)]
struct Child<'t> {
    around: Node<'t>,
    node: Node<'t>,
}

impl<'t> Child<'t> {
    /// The key and the value of an entry.
    fn pair(around: Node<'t>, (key, value): (Node<'t>, Node<'t>)) -> [Self; 2] {
        [key, value].map(|node| Self { around, node })
    }

    /// True for what is written elsewhere.
    fn is_alias(self) -> bool {
        let (around, range) = (self.around.range(), self.node.range());
        range.start < around.start || around.end < range.end
    }

    fn is(self, model: &Model) -> bool {
        model.is(&if self.is_alias() { Model::Alias } else { Model::of(self.node) })
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

    /// Whether a node becomes another one: `self.read(old).is(&Model::of(new))` without copies of both. All fixes of a file are
    /// verified together, and its tree may be large.
    fn expects(&self, old: Node<'_>, new: Node<'_>) -> bool {
        let effects = self.effects(old);
        if let Some(Effect::Becomes(model)) = effects.iter().find(|it| matches!(it, Effect::Becomes(_))) {
            return model.is(&Model::of(new));
        }
        if old.tag().map(|it| it.name) != new.tag().map(|it| it.name) {
            return false;
        }
        match (old.kind(), new.kind()) {
            (Kind::Scalar, Kind::Scalar) if effects.is_empty() => {
                let kind = |it: Node<'_>| it.resolve(Schema::Yaml11).map(|it| discriminant(&it));
                old.str() == new.str() && kind(old) == kind(new)
            }
            (Kind::Scalar, Kind::Scalar) => self.read(old).is(&Model::of(new)),
            (Kind::Sequence, Kind::Sequence) => self.expects_items(old, new),
            (Kind::Mapping, Kind::Mapping) => self.expects_entries(old, new),
            _ => false,
        }
    }

    /// [`Reader::expects`] for children of two collections. Aliases stand for each other.
    fn expects_child(&self, old: Child<'_>, new: Child<'_>) -> bool {
        if old.is_alias() || new.is_alias() {
            return old.is_alias() && new.is_alias();
        }
        self.expects(old.node, new.node)
    }

    fn expects_items(&self, old: Node<'_>, new: Node<'_>) -> bool {
        let mut found = new.items().map(|node| Child { around: new, node });
        for node in old.items() {
            let effects = self.effects(node);
            let added = |wanted: bool| {
                let items = effects.iter().filter_map(move |it| match it {
                    Effect::Items { before, items } if *before == wanted => Some(items),
                    _ => None,
                });
                items.flatten()
            };
            let is_gone = effects.iter().any(|it| matches!(it, Effect::Gone));
            let is_there = added(true).all(|it| found.next().is_some_and(|found| found.is(it)))
                && (is_gone
                    || found.next().is_some_and(|found| self.expects_child(Child { around: old, node }, found)))
                && added(false).all(|it| found.next().is_some_and(|found| found.is(it)));
            if !is_there {
                return false;
            }
        }
        found.next().is_none()
    }

    fn expects_entries(&self, old: Node<'_>, new: Node<'_>) -> bool {
        let is_text = |texts: [&str; 2], found: [Child<'_>; 2]| {
            found.into_iter().zip(texts).all(|(it, text)| it.is(&Model::string(text)))
        };
        let mut found = new.written().map(|it| Child::pair(new, it));
        for entry in old.written() {
            let effects = self.effects(entry.0);
            let added = |wanted: bool| {
                effects.iter().filter_map(move |it| match it {
                    Effect::Entry { before, key, value } if *before == wanted => Some([key.as_str(), value]),
                    _ => None,
                })
            };
            let is_same = |found: [Child<'_>; 2]| {
                let mut both = Child::pair(old, entry).into_iter().zip(found);
                both.all(|(old, new)| self.expects_child(old, new))
            };
            let is_gone = effects.iter().any(|it| matches!(it, Effect::Gone));
            let nested =
                effects.iter().find_map(|it| if let Effect::Nested(parent) = it { Some(parent) } else { None });
            let is_kept = |found: [Child<'_>; 2]| match nested {
                Some(parent) => {
                    let [key, value] = found;
                    let mut inner = value.node.written();
                    let is_mapping = !value.is_alias() && value.node.tag().is_none() && inner.len() == 1;
                    key.is(&Model::string(parent))
                        && is_mapping
                        && inner.next().is_some_and(|it| is_same(Child::pair(value.node, it)))
                }
                None => is_same(found),
            };
            let is_there = added(true).all(|it| found.next().is_some_and(|found| is_text(it, found)))
                && (is_gone || found.next().is_some_and(is_kept))
                && added(false).all(|it| found.next().is_some_and(|found| is_text(it, found)));
            if !is_there {
                return false;
            }
        }
        found.next().is_none()
    }

    fn read(&self, node: Node<'_>) -> Model {
        let effects = self.effects(node);
        if let Some(Effect::Becomes(model)) = effects.iter().find(|it| matches!(it, Effect::Becomes(_))) {
            return model.clone();
        }
        let tag = node.tag().map(|it| it.name.to_owned());
        let is_alias = |it: Node<'_>| Child { around: node, node: it }.is_alias();
        let child = |it: Node<'_>| if is_alias(it) { Model::Alias } else { self.read(it) };
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
    let new = layer.parse(spliced(layer.bytes(), splices));
    if !old.errors.is_empty() {
        // What cannot be read has no tree to compare: it may only get better.
        return new.errors.len() < old.errors.len();
    }
    new.errors.is_empty() && old.is_json == new.is_json && is_expected(old, &new, effects)
}

fn is_expected(old: &Parsed, new: &Parsed, effects: &Effects) -> bool {
    let is_same = |(tree, (old, new)): (usize, (&crate::syntax::Tree, &crate::syntax::Tree))| {
        Reader { effects, tree: tree as u32 }.expects(old.root(), new.root())
    };
    old.documents.len() == new.documents.len() && old.documents.iter().zip(&new.documents).enumerate().all(is_same)
}
