//! What values stand for: parameters for their defaults, imports for what another stack exports.

use crate::collections::HashSet;
use crate::diagnostic::Certainty;
use crate::facts::{Branch, Field, Item, Limit, Origin, Parameter};
use crate::source::{HoleKind, ResourceId, Span, Text};

use super::Workspace;

/// Of more allowed values of one parameter than this the others are not compared with the names of roles.
const MOST_COMPARED: usize = 20;

/// A value, and what it is where nobody overrides the parameter that it may be.
///
/// What is equal to the default of a parameter is likely the same. What differs from it proves nothing: a deploy may choose
/// another value, and no rule reports that something is missing because a default is another.
#[derive(Clone, Copy)]
pub struct Shipped<'w> {
    /// As it is written: perhaps a parameter.
    pub text: &'w Text,
    /// The parameter's default, where it is written; else the text. Under a condition the parameter itself may be what is
    /// asked about, and its default what is not meant: then it is the text, too.
    pub value: &'w Text,
    /// False under a condition.
    is_always: bool,
}

impl<'w> Shipped<'w> {
    /// The places of two values that are the same by a question: as they are written, or else, if neither is under a condition,
    /// as they are shipped.
    pub fn same(self, other: Self, question: impl Fn(&Text, &Text) -> Option<bool>) -> Option<(&'w Text, &'w Text)> {
        let written = Some((self.text, other.text));
        let shipped = Some((self.value, other.value)).filter(|_| self.is_always && other.is_always);
        written.into_iter().chain(shipped).find(|(a, b)| question(a, b) == Some(true))
    }
}

impl Workspace {
    /// A property's strings; where one is a parameter, what its template says it can be: its default and its allowed
    /// values. What is found there is a warning at most, because a deploy may choose another.
    ///
    /// Under a condition the parameter itself may be what is asked about, and its default what is not meant: not asked.
    pub fn values<'a>(&'a self, field: &'a Field<Text>) -> impl Iterator<Item = &'a Text> {
        field.known_under().flat_map(
            move |(text, under)| {
                if under.is_always() { self.values_of(text) } else { vec![text] }
            },
        )
    }

    /// [`Workspace::values`] of a property of something that may itself stand under a condition.
    pub fn values_in<'a>(&'a self, origin: &'a Origin, field: &'a Field<Text>) -> impl Iterator<Item = &'a Text> {
        self.values_under(origin, field).map(|(text, _)| text)
    }

    /// [`Workspace::values_in`], with the branch that each is under.
    pub fn values_under<'a>(
        &'a self,
        origin: &'a Origin,
        field: &'a Field<Text>,
    ) -> impl Iterator<Item = (&'a Text, &'a Branch)> {
        let is_always = origin.branch.is_always();
        field.known_under().flat_map(move |(text, under)| {
            let values = if is_always && under.is_always() { self.values_of(text) } else { vec![text] };
            values.into_iter().map(move |it| (it, under))
        })
    }

    /// [`Workspace::values_in`] of an item of a list.
    pub fn values_of_item<'a>(&'a self, origin: &Origin, item: &'a Item<Text>) -> Vec<&'a Text> {
        let is_always = origin.branch.is_always() && item.branch.is_always();
        if is_always { self.values_of(&item.value) } else { vec![&item.value] }
    }

    /// The text, or what the parameter that it is can be. See [`Workspace::values`].
    pub fn values_of<'a>(&'a self, text: &'a Text) -> Vec<&'a Text> {
        if !is_parameter(text) {
            return vec![text];
        }
        self.parameter(text).into_iter().flat_map(values_of).collect()
    }

    /// What the parameters that some of the texts are can be, each parameter once, without what says that there is no value yet.
    pub fn values_of_parameters<'a>(&'a self, texts: impl Iterator<Item = &'a Text>) -> impl Iterator<Item = &'a Text> {
        let mut seen = HashSet::default();
        let texts = texts.filter(move |it| self.parameter(it).is_some_and(|it| seen.insert(&it.id)));
        texts.flat_map(|it| self.values_of(it)).filter(|it| it.is_value())
    }

    /// The first values that the parameter that a text is can be, without what says that there is no value yet; and the place
    /// of the next one, if there are more than are compared with other values. Nothing for any other text.
    pub(super) fn compared_values<'a>(&'a self, text: &Text) -> (Vec<&'a Text>, Option<Span>) {
        let Some(parameter) = self.parameter(text) else { return Default::default() };
        let mut values = values_of(parameter).filter(|it| it.is_value());
        let compared = values.by_ref().take(MOST_COMPARED).collect();
        (compared, values.next().map(Text::span))
    }

    /// The limit that [`Workspace::compared_values`] reached first.
    pub(super) fn compared_limit(place: Span) -> Limit {
        Limit::part(place, format!("more than {MOST_COMPARED} values of a parameter to compare with names of roles"))
    }

    /// The one value of a property of something, with what it is where nobody overrides its parameter.
    pub fn shipped<'a>(&'a self, origin: &Origin, field: &'a Field<Text>) -> Option<Shipped<'a>> {
        self.shipped_under(&origin.branch, field)
    }

    /// [`Workspace::shipped`] of a property that there is under a branch.
    pub fn shipped_under<'a>(&'a self, branch: &Branch, field: &'a Field<Text>) -> Option<Shipped<'a>> {
        Some(self.shipped_value(branch, field.only()?))
    }

    /// [`Workspace::shipped`] of a text that there is under a branch.
    pub fn shipped_value<'a>(&'a self, branch: &Branch, text: &'a Text) -> Shipped<'a> {
        let is_always = branch.is_always();
        Shipped { text, value: if is_always { self.shipped_text(text) } else { text }, is_always }
    }

    /// What a text that stands under no condition is where nobody overrides its parameter.
    pub fn shipped_text<'a>(&'a self, text: &'a Text) -> &'a Text {
        self.default_of(text).filter(|it| it.is_value()).unwrap_or(text)
    }

    /// The default of the parameter that a text is, whatever it says.
    pub(super) fn default_of(&self, text: &Text) -> Option<&Text> {
        self.parameter(text)?.default.as_ref()
    }

    /// How sure a value is: likely if it is one that a parameter may have, because a deploy may choose another.
    pub fn certainty_of(&self, value: &Text) -> Certainty {
        if self.parameter_at(value.span()).is_some() { Certainty::Likely } else { Certainty::Certain }
    }

    /// The parameter that a text is.
    fn parameter(&self, text: &Text) -> Option<&Parameter> {
        match &text.only_hole()?.kind {
            HoleKind::Parameter(id) => self.index.parameters.get(id).map(|at| &self.facts.parameters[*at]),
            _ => None,
        }
    }

    /// The parameter whose default or allowed values hold this place, if one does.
    pub fn parameter_at(&self, span: Span) -> Option<&ResourceId> {
        let values = self.index.parameter_values.get(&span.file)?;
        let after = values.partition_point(|(place, _)| place.start <= span.start);
        let (place, id) = values[..after].last()?;
        place.contains(span).then_some(id)
    }

    /// Whether a place in a parameter is in its default, and not in another value that it may have.
    pub fn is_default(&self, span: Span) -> bool {
        let parameter = self.parameter_at(span).and_then(|it| self.index.parameters.get(it));
        let default = parameter.and_then(|at| self.facts.parameters[*at].default.as_ref());
        default.is_some_and(|it| it.span().contains(span))
    }

    /// What an import stands for, where exactly one export has its name, and nothing says that the two stacks are of two
    /// deployments. Any other text stands for itself.
    pub fn followed<'w>(&'w self, text: &'w Text) -> &'w Text {
        let Some(HoleKind::Import(name)) = text.only_hole().map(|it| &it.kind) else { return text };
        let here = text.span().file;
        let Some(only) = self.across.exported(name) else { return text };
        let value = &self.facts.outputs[only].value;
        let is_together = |it: &&Text| {
            let there = it.span().file;
            self.environments().are_alike(here, there) && !self.layouts.are_of_two(&self.files, here, there, true)
        };
        value.only().filter(is_together).unwrap_or(text)
    }
}

fn is_parameter(text: &Text) -> bool {
    matches!(text.only_hole().map(|it| &it.kind), Some(HoleKind::Parameter(_)))
}

/// What a parameter can be: its default, then its other allowed values.
fn values_of(parameter: &Parameter) -> impl Iterator<Item = &Text> {
    let default = parameter.default.as_ref();
    let is_default = move |it: &&Text| default.is_some_and(|default| default.bytes() == it.bytes());
    default.into_iter().chain(parameter.allowed.iter().filter(move |it| !is_default(it)))
}
