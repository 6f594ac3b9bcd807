//! What a rule can ask for.

use crate::source::{Attribute, FileId, Reference, Span, Text};

/// A place in a file, and what a rule believes is written there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    pub(super) span: Span,
    /// The text as [`Text::shown`] gives it. A change of a place that holds something else is dropped: the text may have
    /// been put together from several places.
    pub(super) was: Option<String>,
}

impl From<&Text> for Target {
    fn from(text: &Text) -> Self {
        Self { span: text.span(), was: Some(text.shown()) }
    }
}

impl From<Span> for Target {
    fn from(span: Span) -> Self {
        Self { span, was: None }
    }
}

/// One thing that changes in one file. It says what, never how it is spelled there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change(pub(super) Kind);

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Write { at: Target, value: Value },
    Quote { at: Span },
    Remove { span: Span },
    RemoveComment { span: Span },
    AddEntry { beside: Span, side: Side, name: String, value: String },
    MakeEntry { at: Target, name: String, value: String },
    AddItem { beside: Target, value: String },
    SplitItem { item: Target, values: Vec<String> },
    CopyItem { item: Span, part: Target, value: String },
    AddValue { at: Target, value: Option<String> },
    Nest { key: Span, parent: String },
    Stringify { at: Span },
    Refer { at: Target, to: Reference },
}

/// What is written in the place of a part of a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// A string, or what was there before: a date may stay a date.
    SameType(String),
    /// A string, whatever was there before.
    Str(String),
    /// A number or boolean: what must not be in quotes if it was not before.
    Bare(String),
    /// A string with `${…}` that CloudFormation replaces.
    Pattern(String),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Before,
    After,
}

impl Change {
    /// Writes a string where another, or a part of one, stands. What YAML took for a date may stay one.
    pub fn write(at: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::Write { at: at.into(), value: Value::SameType(value.into()) })
    }

    /// Removes the whitespace around a text.
    pub fn trim(text: &Text) -> Vec<Self> {
        let trimmed = text.trim().len();
        let start = text.len() - text.bytes().trim_start().len();
        let spaces = [text.part(0..start), text.part(start + trimmed..text.len())];
        spaces.iter().filter(|it| !it.is_empty()).map(Self::delete).collect()
    }

    /// [`Change::write`], for what has to be a string even where it looks like a number or boolean.
    pub fn write_string(at: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::Write { at: at.into(), value: Value::Str(value.into()) })
    }

    /// Writes a number or boolean where another stands.
    pub fn write_bare(at: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::Write { at: at.into(), value: Value::Bare(value.into()) })
    }

    /// Writes a string in which CloudFormation replaces `${…}`; where nothing does so yet, the string gets `Fn::Sub`.
    pub fn write_pattern(at: impl Into<Target>, pattern: impl Into<String>) -> Self {
        Self(Kind::Write { at: at.into(), value: Value::Pattern(pattern.into()) })
    }

    /// Deletes a part of a string.
    pub fn delete(at: impl Into<Target>) -> Self {
        Self::write(at, "")
    }

    /// Writes a string before a part of a string.
    pub fn insert_before(text: &Text, value: impl Into<String>) -> Self {
        let start = text.span().start;
        Self::write(Span { end: start, ..text.span() }, value)
    }

    /// Writes a string after a text.
    pub fn append(text: &Text, value: impl Into<String>) -> Self {
        Self::write(text.slice(text.len()..text.len()), value)
    }

    /// Makes a mapping of a string: one entry, in the place of the string.
    pub fn make_entry(at: impl Into<Target>, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(Kind::MakeEntry { at: at.into(), name: name.into(), value: value.into() })
    }

    /// Makes what is written at a place a string of the same characters: `012` becomes `"012"`.
    pub fn quote(at: Span) -> Self {
        Self(Kind::Quote { at })
    }

    /// Removes an entry of a mapping, given from its key to its value, or an item of a list.
    pub fn remove(span: Span) -> Self {
        Self(Kind::Remove { span })
    }

    /// Removes a comment, with its line if nothing else is on it.
    pub fn remove_comment(span: Span) -> Self {
        Self(Kind::RemoveComment { span })
    }

    /// Adds an entry with a string before the entry with this key.
    pub fn add_entry_before(key: Span, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(Kind::AddEntry { beside: key, side: Side::Before, name: name.into(), value: value.into() })
    }

    /// Adds an entry with a string after the entry with this key.
    pub fn add_entry_after(key: Span, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self(Kind::AddEntry { beside: key, side: Side::After, name: name.into(), value: value.into() })
    }

    /// Adds a string to a list, after one of its items.
    pub fn add_item_after(item: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::AddItem { beside: item.into(), value: value.into() })
    }

    /// Writes several items where one stands.
    pub fn split_item(item: impl Into<Target>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self(Kind::SplitItem { item: item.into(), values })
    }

    /// Inserts a copy of an item before it, with part of the copy replaced.
    pub fn copy_item(item: Span, part: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::CopyItem { item, part: part.into(), value: value.into() })
    }

    /// Adds a string to the values at a place: after an item of a list, or making a list of the one value there.
    pub fn add_value(at: impl Into<Target>, value: impl Into<String>) -> Self {
        Self(Kind::AddValue { at: at.into(), value: Some(value.into()) })
    }

    /// Makes a list of the one value at a place.
    pub fn make_list(at: impl Into<Target>) -> Self {
        Self(Kind::AddValue { at: at.into(), value: None })
    }

    /// Puts an entry into a new mapping, which takes its place under another key.
    pub fn nest(key: Span, parent: impl Into<String>) -> Self {
        Self(Kind::Nest { key, parent: parent.into() })
    }

    /// Makes a string of a mapping or list: what is written there becomes its text.
    pub fn stringify(at: Span) -> Self {
        Self(Kind::Stringify { at })
    }

    /// Refers to the ARN of a resource where its `Ref` stands, or the other way round. `None` if neither stands there.
    pub fn swap_reference(text: &Text) -> Option<Self> {
        let Reference { resource, attribute } = text.reference()?;
        let attribute = match attribute {
            Attribute::Ref => Attribute::Arn,
            Attribute::Arn => Attribute::Ref,
            Attribute::Other(_) => return None,
        };
        Some(Self::refer(text.span(), Reference { resource: resource.clone(), attribute }))
    }

    /// Refers to a resource of the template by `Ref` or `Fn::GetAtt`, as that is written there.
    pub fn refer(at: impl Into<Target>, to: Reference) -> Self {
        Self(Kind::Refer { at: at.into(), to })
    }

    /// The same change at other places.
    pub fn moved(mut self, place: impl Fn(Span) -> Span) -> Self {
        match &mut self.0 {
            Kind::Write { at, .. }
            | Kind::MakeEntry { at, .. }
            | Kind::AddValue { at, .. }
            | Kind::Refer { at, .. } => at.span = place(at.span),
            Kind::AddItem { beside, .. } => beside.span = place(beside.span),
            Kind::SplitItem { item, .. } => item.span = place(item.span),
            Kind::CopyItem { item, part, .. } => {
                *item = place(*item);
                part.span = place(part.span);
            }
            Kind::AddEntry { beside, .. } => *beside = place(*beside),
            Kind::Nest { key, .. } => *key = place(*key),
            Kind::Quote { at } | Kind::Stringify { at } => *at = place(*at),
            Kind::Remove { span } | Kind::RemoveComment { span } => *span = place(*span),
        }
        self
    }

    /// The file that changes.
    pub fn file(&self) -> FileId {
        self.span().file
    }

    /// The place that it is about.
    pub fn span(&self) -> Span {
        match &self.0 {
            Kind::Write { at, .. }
            | Kind::MakeEntry { at, .. }
            | Kind::AddValue { at, .. }
            | Kind::Refer { at, .. } => at.span,
            Kind::AddItem { beside, .. } => beside.span,
            Kind::SplitItem { item, .. } => item.span,
            Kind::CopyItem { item, .. } => *item,
            Kind::AddEntry { beside, .. } => *beside,
            Kind::Nest { key, .. } => *key,
            Kind::Quote { at } | Kind::Stringify { at } => *at,
            Kind::Remove { span } | Kind::RemoveComment { span } => *span,
        }
    }
}

impl From<Change> for Vec<Change> {
    fn from(change: Change) -> Self {
        vec![change]
    }
}
