//! `Ref`, `Fn::GetAtt` and `Fn::Sub`, as they are written at a place.

use std::ops::Range;

use super::collections::{Collection, LayerEdit};
use super::layers::{Layer, NodeId};
use super::model::{Effect, Model};
use super::strings::Context;
use super::strings::{self, Splice};
use crate::source::{Attribute, Reference};
use crate::syntax::{Kind, Node};

/// A function's name in both forms, and its arguments.
struct Call<'r> {
    tag: &'static str,
    long: &'static str,
    arguments: Vec<&'r str>,
}

impl<'r> Call<'r> {
    fn of(reference: &'r Reference) -> Option<Self> {
        let name = &*reference.resource.name;
        Some(match &reference.attribute {
            Attribute::Ref => Self { tag: "!Ref", long: "Ref", arguments: vec![name] },
            Attribute::Arn => Self { tag: "!GetAtt", long: "Fn::GetAtt", arguments: vec![name, "Arn"] },
            Attribute::Other(_) => return None,
        })
    }

    fn short(&self) -> (String, Model) {
        let argument = self.arguments.join(".");
        (format!("{} {argument}", self.tag), Model::tagged(argument, self.tag))
    }

    fn long(&self, flow: bool, context: Context) -> (String, Model) {
        let model = match self.arguments.as_slice() {
            [one] => Model::string(*one),
            several => Model::sequence(several.iter().copied().map(Model::string)),
        };
        let written: Vec<_> = self.arguments.iter().map(|it| strings::scalar(it, context)).collect();
        let argument = if written.len() == 1 { written[0].clone() } else { format!("[{}]", written.join(", ")) };
        let text = match (context.json, flow) {
            (true, _) => format!("{{ \"{}\": {argument} }}", self.long),
            (false, true) => format!("{{ {}: {argument} }}", self.long),
            (false, false) => format!("{}: {argument}", self.long),
        };
        (text, Model::entry(self.long, model))
    }
}

/// The reference as it is written inside `Fn::Sub`.
pub(super) fn in_pattern(reference: &Reference) -> Option<String> {
    let call = Call::of(reference)?;
    Some(format!("${{{}}}", call.arguments.join(".")))
}

/// Writes a reference where another, or a string, stands: the whole value there changes.
pub(super) fn refer(layer: &Layer, id: NodeId, context: Context, reference: &Reference) -> Option<LayerEdit> {
    let node = layer.node(id);
    // Manifests refer to one another in words of their own.
    if !takes_functions(layer, node) {
        return None;
    }
    let call = Call::of(reference)?;
    let flow = Context { flow: true, ..context };
    let (range, (text, model)) = match node.kind() {
        // `{"Ref": "X"}`, or `Ref: X` on a line of its own.
        Kind::Mapping => (node.range(), call.long(layer.is_flow(node), flow)),
        Kind::Scalar if context.json => (node.range(), call.long(true, flow)),
        Kind::Scalar => (with_tag(layer, node)?, call.short()),
        Kind::Sequence => (with_tag(layer, node)?, call.short()),
    };
    Some(LayerEdit { splices: vec![Splice::new(range, text)], effects: vec![(id, Effect::Becomes(model))] })
}

/// A node with the tag before it. `None` if something else, such as an anchor, stands between the two.
pub(super) fn with_tag(layer: &Layer, node: Node<'_>) -> Option<Range<usize>> {
    let Some(tag) = node.tag_range() else { return Some(node.range()) };
    let between = layer.bytes().get(tag.end..node.range().start)?;
    between.trim().is_empty().then(|| tag.start..node.range().end)
}

/// What keeps the variables of IAM in a string, such as `${aws:username}`, as they are once `Fn::Sub` reads it: `${!aws:username}`.
/// `None` if it holds another `${`: whether that was meant as text or as a reference nobody can tell.
pub(super) fn escapes(value: &str) -> Option<Vec<Splice>> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let mut parts = value.split("${");
    let mut start = parts.next()?.len();
    let mut escapes = Vec::new();
    for part in parts {
        start += "${".len();
        let (variable, _) = part.split_once('}')?;
        let (service, key) = variable.split_once(':')?;
        if service.is_empty() || !service.chars().all(is_letter) || key.starts_with(':') {
            return None;
        }
        escapes.push(Splice::new(start..start, "!"));
        start += part.len();
    }
    Some(escapes)
}

/// Makes a string a pattern of `Fn::Sub`. `splices` are its own, already spelled, and `values` the same in its value.
pub(super) fn substitute(
    layer: &Layer,
    id: NodeId,
    context: Context,
    splices: Vec<Splice>,
    values: &[Splice],
) -> Option<LayerEdit> {
    let node = layer.node(id);
    if context.key || node.tag().is_some() || !takes_functions(layer, node) {
        return None;
    }
    let range = node.range();
    let model = Model::of(node).with(values);
    let (open, close, model) = match context.json {
        true => ("{ \"Fn::Sub\": ", " }", Model::entry("Fn::Sub", model)),
        false => match model {
            Model::Scalar { value, .. } => ("!Sub ", "", Model::tagged(value, "!Sub")),
            _ => return None,
        },
    };
    // The scalar may be written anew as a whole.
    let mut all = vec![Splice::new(range.start..range.start, open)];
    all.extend(splices);
    if !close.is_empty() {
        all.push(Splice::new(range.end..range.end, close));
    }
    Some(LayerEdit { splices: all, effects: vec![(id, Effect::Becomes(model))] })
}

/// True for a value of a template below what may hold functions.
fn takes_functions(layer: &Layer, node: Node<'_>) -> bool {
    const PARTS: [&str; 2] = ["Resources", "Outputs"];
    let root = layer
        .parsed()
        .documents
        .iter()
        .map(|it| it.root())
        .find(|root| root.range().start <= node.range().start && node.range().end <= root.range().end);
    let at = node.range().start;
    root.is_some_and(|root| {
        PARTS.iter().filter_map(|it| root.get(it)).any(|it| it.range().start <= at && at < it.range().end)
    })
}

/// The logical id of a resource that is to be removed, if something else in the template names it.
pub(super) fn used_resource(
    layer: &Layer,
    resources: &Collection<'_>,
    key: NodeId,
    removed: &Range<usize>,
) -> Option<String> {
    if layer.key_of(resources.id()) != Some("Resources") {
        return None;
    }
    let name = layer.node(key).str()?;
    layer.is_mentioned(name, removed).then(|| name.to_owned())
}

/// True if CloudFormation replaces `${…}` in a scalar.
pub(super) fn is_pattern(layer: &Layer, id: NodeId) -> bool {
    let node = layer.node(id);
    if let Some(tag) = node.tag() {
        return tag.name == "!Sub";
    }
    let Some(parent) = layer.parent(id) else { return false };
    match parent.kind() {
        Kind::Mapping => layer.key_of(id) == Some("Fn::Sub"),
        // The first of two arguments.
        Kind::Sequence => {
            let is_first = parent.items().next().is_some_and(|it| it.id() == id.node);
            let is_sub = parent.tag().is_some_and(|it| it.name == "!Sub");
            is_first && (is_sub || layer.key_of(NodeId { node: parent.id(), ..id }) == Some("Fn::Sub"))
        }
        Kind::Scalar => false,
    }
}
