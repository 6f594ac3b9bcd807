//! Values of a type that their properties do not take.

use crate::source::{Span, Text};

/// What a property takes, or what is written for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    String,
    List,
    Mapping,
    /// A string, or a list of strings.
    StringOrList,
    /// A mapping, or a list of mappings.
    MappingOrList,
}

impl Type {
    /// In words, with an article.
    pub fn shown(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::List => "a list",
            Self::Mapping => "a mapping",
            Self::StringOrList => "a string or a list of strings",
            Self::MappingOrList => "a mapping or a list of mappings",
        }
    }

    /// Whether a property of this type takes a value of another one.
    pub fn takes(self, found: Self) -> bool {
        match self {
            Self::StringOrList => matches!(found, Self::String | Self::List),
            Self::MappingOrList => matches!(found, Self::Mapping | Self::List),
            _ => self == found,
        }
    }
}

/// A value of a type that its property does not take. For all other questions it is unknown.
#[derive(Clone, Debug)]
pub struct WrongType {
    /// The property, as it is written.
    pub property: Box<str>,
    /// What to point at: the value, or the key of a long one.
    pub span: Span,
    pub wanted: Type,
    pub found: Type,
    /// The string, or the only one in a list.
    pub text: Option<Box<Text>>,
}
