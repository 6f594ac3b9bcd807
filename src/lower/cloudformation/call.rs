//! Calls of CloudFormation's functions, in their short and their long form.

use crate::syntax::{Kind, Node};

/// A call of a function: `!Ref x` or `{"Ref": "x"}`.
pub struct Function<'t> {
    /// The long name: `Ref`, `Fn::Sub`, `Condition`.
    pub name: &'static str,
    pub argument: Node<'t>,
}

impl<'t> Function<'t> {
    /// The call that a node is, if it is one.
    pub fn of(node: Node<'t>) -> Option<Self> {
        if let Some(tag) = node.tag() {
            let short = tag.name.strip_prefix('!').filter(|it| !it.starts_with('!'))?;
            let name = FUNCTIONS.iter().find(|name| name.strip_prefix("Fn::").unwrap_or(name) == short);
            // A tag that CloudFormation does not know is a preprocessor's: its value cannot be known.
            return Some(Self { name: name.copied().unwrap_or("unknown"), argument: node });
        }
        Self::below_tag(node)
    }

    /// The call in its long form that a node is, whatever tag it has.
    pub fn below_tag(node: Node<'t>) -> Option<Self> {
        if node.kind() != Kind::Mapping {
            return None;
        }
        let mut entries = node.entries();
        let (key, argument) = entries.next()?;
        if entries.next().is_some() {
            return None;
        }
        let name = FUNCTIONS.iter().find(|name| Some(**name) == key.str())?;
        (*name != "Condition").then_some(Self { name, argument })
    }

    /// The call in the user's words, as short as it can be said.
    pub fn written(&self) -> String {
        let argument = match self.argument.kind() {
            Kind::Scalar => self.argument.str().unwrap_or_default().to_owned(),
            _ => {
                let parts: Option<Vec<_>> = self.argument.items().map(Node::str).collect();
                parts.map(|parts| parts.join(".")).unwrap_or_default()
            }
        };
        let name = self.name.strip_prefix("Fn::").unwrap_or(self.name);
        if argument.is_empty() || argument.len() > 60 { format!("!{name} …") } else { format!("!{name} {argument}") }
    }
}

const FUNCTIONS: &[&str] = &[
    "Ref",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::Join",
    "Fn::If",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::ImportValue",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::GetAZs",
    "Fn::Transform",
    "Fn::ToJsonString",
    "Fn::Length",
    "Fn::Contains",
    "Fn::And",
    "Fn::Equals",
    "Fn::Not",
    "Fn::Or",
    "Fn::GetStackOutput",
    "Condition",
];

/// `X.Arn`, or `[X, Arn]`.
pub fn attribute_path(argument: Node<'_>) -> Option<(String, String)> {
    match argument.kind() {
        Kind::Scalar => {
            let (name, attribute) = argument.str()?.split_once('.')?;
            Some((name.to_owned(), attribute.to_owned()))
        }
        Kind::Sequence => {
            let parts: Option<Vec<&str>> = argument.items().map(Node::str).collect();
            let parts = parts?;
            let (name, rest) = parts.split_first()?;
            (!rest.is_empty()).then(|| ((*name).to_owned(), rest.join(".")))
        }
        Kind::Mapping => None,
    }
}
