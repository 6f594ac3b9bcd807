//! Values of a type that their properties do not take: a list where a string belongs, a string where a list belongs.
//!
//! Only the properties that facts are made of are asked, because such a value is unknown to all rules. Schemas are checked by others.

use crate::facts::{Facts, Type, WrongType};
use crate::source::Text;
use crate::syntax::{Kind, Node};

use super::value::{Dialect, Shape, Value};

/// A property, by its keys from the one that is asked, and what it takes: `AccessPolicies[].PolicyArn`.
pub type Row = (&'static str, Type);

/// Adds the values that a table finds in something.
pub fn check(value: &Value<'_>, table: &[Row], wrong: &mut Vec<WrongType>) {
    if matches!(value.dialect, Dialect::Template(template) if template.is_rewritten()) {
        return;
    }
    table.iter().for_each(|(path, wanted)| at(value, path, *wanted, wrong));
}

/// [`check`], for the facts of a file.
pub fn add(value: &Value<'_>, table: &[Row], facts: &mut Facts) {
    let mut wrong = Vec::new();
    check(value, table, &mut wrong);
    if !wrong.is_empty() {
        facts.wrong_types.extend(wrong);
    }
}

fn at(value: &Value<'_>, path: &str, wanted: Type, wrong: &mut Vec<WrongType>) {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let key = step.trim_end_matches("[]");
    // What a function makes has no type of its own here, and each text that it makes is counted.
    let is_made =
        |shape: &Shape<'_>| matches!(shape, Shape::Collection(it) if it.get(key).is_some_and(|it| !is_plain(it)));
    if value.cases.iter().any(|(shape, _)| is_made(shape)) {
        return;
    }
    let found = value.get(key);
    let mut one = |found: &Value<'_>| match rest {
        Some(rest) => at(found, rest, wanted, wrong),
        None => judge(key, found, wanted, wrong),
    };
    match key.len() < step.len() {
        true => found.items().items.iter().for_each(|it| one(&it.value)),
        false => one(&found),
    }
}

/// Adds a value, if it is of a type that its property does not take.
pub fn judge(property: &str, value: &Value<'_>, wanted: Type, wrong: &mut Vec<WrongType>) {
    for (shape, _) in &value.cases {
        let (found, span) = match shape {
            Shape::Collection(node) if is_plain(*node) => {
                let found = if node.kind() == Kind::Mapping { Type::Mapping } else { Type::List };
                (found, value.key.unwrap_or(node.span()))
            }
            Shape::Text(text, Some(node)) if is_plain(*node) && is_known(text) => (Type::String, text.span()),
            _ => continue,
        };
        if !wanted.takes(found) {
            wrong.push(WrongType {
                property: property.into(),
                span,
                wanted,
                found,
                text: only_text(shape).map(Box::new),
            });
        }
    }
}

/// True for what no function and no other tool makes something else of.
fn is_plain(node: Node<'_>) -> bool {
    let is_function = |key: &str| key == "Ref" || key.contains("::") || key.contains(['{', '<', '$', '(']);
    node.tag().is_none_or(|it| it.name.starts_with("!!"))
        && node.entries().all(|(key, _)| key.str().is_some_and(|it| !is_function(it)))
}

/// True for a text that stands for itself.
fn is_known(text: &Text) -> bool {
    let may_be_filled = || text.bytes().contains(['{', '<', '$', '(', '%', '@', '[', '#']);
    text.as_str().is_some()
        && !text.is_empty()
        && !text.is_unfilled()
        && !crate::iam::is_variable(text)
        && !may_be_filled()
}

fn only_text(shape: &Shape<'_>) -> Option<Text> {
    match shape {
        Shape::Text(text, _) => Some(text.clone()),
        Shape::Collection(node) if node.kind() == Kind::Sequence => {
            let mut items = node.items();
            items.next().filter(|_| items.next().is_none())?.text()
        }
        _ => None,
    }
}
