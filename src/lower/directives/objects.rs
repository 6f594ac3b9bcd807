//! Directives in the data itself, for files that have no comments: `Metadata` of a CloudFormation template or resource,
//! and an annotation of a Kubernetes object.
//!
//! The key of the annotation is `ekslint/ignore`: what stands before the `/` has to be a DNS subdomain (apimachinery
//! `validation.go`, `IsQualifiedName`), and a single label is one. No domain has to be anybody's.

use std::ops::ControlFlow;

use super::grammar::{self, MOST_NAMES, Recognised, WORD, directive};
use crate::facts::{Directive, Form};
use crate::names::nearest;
use crate::source::Span;
use crate::syntax::{Kind, Node, Tree};

/// The annotation.
pub const ANNOTATION: &str = "ekslint/ignore";
/// How an item of `Metadata` has to look.
const ITEM: &str = "{ rule: RULE, reason: WHY, until: YYYY-MM-DD }";

/// Takes the next directive, until no more are wanted.
type Take<'a> = dyn FnMut(Directive) -> ControlFlow<()> + 'a;

/// Hands over the directives of a document one by one: there may be very many.
pub fn gather(tree: &Tree, take: &mut Take<'_>) -> ControlFlow<()> {
    let root = tree.root();
    of_holder(root, root.span(), take)?;
    for node in tree.nodes() {
        for (key, value) in node.written() {
            of_holder(value, key.span().to(value.span()), take)?;
        }
        for item in node.items() {
            of_holder(item, item.span(), take)?;
        }
    }
    ControlFlow::Continue(())
}

/// The last value of a key that is written in a mapping itself.
fn own<'t>(node: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    node.written().rev().find(|(key, _)| key.str() == Some(name))
}

/// Takes the directives of a resource, a template or an object. `whole` is all of it, with its key.
fn of_holder(holder: Node<'_>, whole: Span, take: &mut Take<'_>) -> ControlFlow<()> {
    if let Some((_, value)) = own(holder, "Metadata").and_then(|(_, it)| own(it, WORD)) {
        metadata(value, whole, take)?;
    }
    let annotations = own(holder, "metadata").and_then(|(_, it)| own(it, "annotations"));
    for (key, value) in annotations.into_iter().flat_map(|(_, it)| it.written()) {
        let Some(name) = key.str().and_then(|it| it.strip_prefix("ekslint/")) else { continue };
        let mut take = |recognised| take(directive(value, Form::Annotation, whole, recognised));
        match value.text() {
            Some(text) if name == "ignore" => grammar::short(&text).try_for_each(take)?,
            _ if name == "ignore" => {
                let help = "write `RULE, RULE: REASON`";
                take(Recognised::error(value.span(), "the value of an annotation is a string", help))?;
            }
            _ => {
                let message = format!("`ekslint/{name}` is not an annotation of ekslint: there is `{ANNOTATION}`");
                take(Recognised::error(key.span(), message, format!("write `{ANNOTATION}: \"RULE: REASON\"`")))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Takes what stands below `ekslint` in `Metadata`.
fn metadata(node: Node<'_>, whole: Span, take: &mut Take<'_>) -> ControlFlow<()> {
    let wrong = |place: Span, message: String| {
        Recognised::error(place, message, format!("write `ekslint: {{ ignore: [{ITEM}] }}`"))
    };
    let mut take = |node, recognised| take(directive(node, Form::Metadata, whole, recognised));
    if node.kind() != Kind::Mapping || node.written().len() == 0 {
        return take(node, wrong(node.span(), "this holds no `ignore`".to_owned()));
    }
    for (key, value) in node.written() {
        match (key.str(), value.kind()) {
            (Some("ignore"), Kind::Mapping) => take(value, item(value))?,
            (Some("ignore"), Kind::Scalar) => {
                let text = value.text();
                text.iter().flat_map(grammar::short).try_for_each(|it| take(value, it))?;
            }
            (Some("ignore"), Kind::Sequence) => {
                for entry in value.items() {
                    match entry.text() {
                        Some(text) => grammar::short(&text).try_for_each(|it| take(entry, it))?,
                        None => take(entry, item(entry))?,
                    }
                }
            }
            (name, _) => {
                let name = name.unwrap_or("a key that is no string");
                take(node, wrong(key.span(), format!("`{name}` is not known here: there is `ignore`")))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// `{rule: …, reason: …, until: …}`.
fn item(node: Node<'_>) -> Recognised {
    let mut recognised = Recognised::default();
    if node.kind() != Kind::Mapping {
        return Recognised::error(node.span(), "this is a list in a list", format!("write `{ITEM}`"));
    }
    let mut error = None;
    for (key, value) in node.written() {
        match (key.str().unwrap_or_default(), value.text()) {
            ("rule" | "rules", Some(text)) => recognised.names.extend(grammar::listed(&text)),
            ("rule" | "rules", None) => {
                recognised.names.extend(value.items().filter_map(Node::text).take(MOST_NAMES + 1))
            }
            ("reason", Some(text)) => recognised.reason = text.bytes().trim().to_owned(),
            ("until", Some(text)) => recognised.until(&text),
            (known @ ("reason" | "until"), None) => {
                error =
                    Recognised::error(value.span(), format!("`{known}` is a string"), format!("write `{ITEM}`")).error;
            }
            (name, _) => {
                let message = match nearest(name, ["rule", "reason", "until"]) {
                    Some(meant) => format!("`{name}` is not known here: did you mean `{meant}`?"),
                    None => format!("`{name}` is not known here: there are `rule`, `reason` and `until`"),
                };
                error = Recognised::error(key.span(), message, format!("write `{ITEM}`")).error;
            }
        }
    }
    recognised.error = recognised.error.or(error);
    recognised.named(node.span(), ITEM)
}
