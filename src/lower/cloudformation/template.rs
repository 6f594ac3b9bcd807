//! A template, as far as its functions need to know it.

use std::cell::{Cell, RefCell};

use crate::collections::HashMap;
use crate::facts::{Branch, Limit};
use crate::lower::value::{Cases, Functions};
use crate::source::{ConditionId, ResourceId, UnitId};
use crate::syntax::{Kind, Node};

/// How many bytes the functions of a template may read and split for each byte of it, and besides. What would take more is
/// unknown.
pub(super) const MADE_OF_BYTE: usize = 32;
const MADE_OF_ANY: usize = 16 << 10;

/// How many bytes of text its functions may put together for each byte of it, and besides. A variable inside a variable may stand
/// for any number of them, and the texts are kept.
pub(super) const TEXT_OF_BYTE: usize = 4;
const TEXT_OF_ANY: usize = 4 << 10;

/// A template, as far as its functions need to know it.
pub struct Template<'t> {
    pub(super) unit: UnitId,
    pub(super) resources: HashMap<&'t str, ()>,
    pub(super) parameters: HashMap<&'t str, Declared<'t>>,
    pub(super) mappings: Option<Node<'t>>,
    /// A macro may have rewritten the template: what is not written may be there all the same.
    pub is_rewritten: bool,
    /// The limits that were reached while values were read, each once.
    pub(super) limits: RefCell<Vec<Limit>>,
    /// How many bytes its functions may still read and split.
    pub(super) left: Cell<usize>,
    /// How many bytes of text its functions may still put together.
    pub(super) text_left: Cell<usize>,
}

/// What a value that a parameter may have counts as for each use of it, besides the bytes of its string.
const BYTES_OF_VALUE: usize = 128;

/// A parameter.
pub(super) struct Declared<'t> {
    /// Its type, if one is written.
    pub(super) kind: Option<&'t str>,
    /// What its default and its allowed values count as among the bytes that functions make.
    pub(super) size: usize,
}

impl<'t> Template<'t> {
    pub fn new(root: Node<'t>, unit: UnitId) -> Self {
        let entries = |section: &str| {
            let entries = root.get(section).into_iter().flat_map(Node::entries);
            entries.filter_map(|(name, node)| Some((name.str()?, node)))
        };
        Self {
            unit,
            resources: entries("Resources").map(|(name, _)| (name, ())).collect(),
            parameters: entries("Parameters")
                .map(|(name, node)| {
                    let values = ["Default", "AllowedValues"].into_iter().filter_map(|it| node.get(it));
                    let size = values.map(|it| size_of(it, BYTES_OF_VALUE)).sum();
                    (name, Declared { kind: node.get("Type").and_then(Node::str), size })
                })
                .collect(),
            mappings: root.get("Mappings"),
            is_rewritten: has_foreign_macro(root),
            left: Cell::new(root.span().range().len() * MADE_OF_BYTE + MADE_OF_ANY),
            text_left: Cell::new(root.span().range().len() * TEXT_OF_BYTE + TEXT_OF_ANY),
            limits: RefCell::default(),
        }
    }

    pub fn condition(&self, name: &str) -> ConditionId {
        ConditionId { unit: self.unit, name: name.into() }
    }

    pub fn id(&self, name: &str) -> ResourceId {
        ResourceId::new(self.unit, name)
    }
}

impl<'t> Functions<'t> for Template<'t> {
    fn resolve(&'t self, node: Node<'t>, branch: &Branch, depth: usize) -> Cases<'t> {
        self.made_of(node, branch, depth)
    }

    fn reached(&self, limit: Limit) {
        let mut limits = self.limits.borrow_mut();
        match limits.iter_mut().find(|it| it.message == limit.message) {
            Some(known) if limit.span.bounds() < known.span.bounds() => *known = limit,
            Some(_) => {}
            None => limits.push(limit),
        }
    }

    /// True for `CommaDelimitedList`, `List<Number>`, `AWS::SSM::Parameter::Value<List<String>>`.
    fn may_be_list(&self, name: &str) -> bool {
        let kind = self.parameters.get(name).and_then(|it| it.kind);
        kind.is_none_or(|kind| kind.contains("List"))
    }

    fn is_rewritten(&self) -> bool {
        self.is_rewritten
    }

    /// Where a macro may fill something in, the answer is no.
    fn lacks_sub(&self, text: &str) -> bool {
        let names = text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim()));
        let is_declared = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            name.starts_with("AWS::") || self.resources.contains_key(name) || self.parameters.contains_key(name)
        };
        let mut names = names.peekable();
        !self.is_rewritten && names.peek().is_some() && names.all(is_declared)
    }
}

/// Transforms of AWS add resources or loops, and change nothing else; any other macro may do as it likes.
fn has_foreign_macro(root: Node<'_>) -> bool {
    let Some(transform) = root.get("Transform") else { return false };
    let foreign = |node: Node<'_>| match node.kind() {
        Kind::Scalar => !node.str().is_some_and(|name| name.starts_with("AWS::") && name != "AWS::Include"),
        _ => true,
    };
    match transform.kind() {
        Kind::Sequence => transform.items().any(foreign),
        _ => foreign(transform),
    }
}

/// How many bytes a string, or a list of strings, has that stands in one place for many. `of_item` counts for each item.
pub fn size_of(node: Node<'_>, of_item: usize) -> usize {
    let bytes = |it: Node<'_>| it.str().map_or(0, str::len);
    match node.kind() {
        Kind::Sequence => node.items().map(|it| of_item + bytes(it)).sum(),
        _ => bytes(node),
    }
}
