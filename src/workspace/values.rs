//! What values stand for: parameters for their defaults, imports for what another stack exports.

use crate::facts::{Field, Origin};
use crate::source::{HoleKind, ResourceId, Span, Text};

use super::Workspace;
use super::across::Across;

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
        let is_always = origin.branch.is_always();
        field.known_under().flat_map(
            move |(text, under)| {
                if is_always && under.is_always() { self.values_of(text) } else { vec![text] }
            },
        )
    }

    /// The text, or what the parameter that it is can be. See [`Workspace::values`].
    pub fn values_of<'a>(&'a self, text: &'a Text) -> Vec<&'a Text> {
        let parameter = match text.only_hole().map(|hole| &hole.kind) {
            Some(HoleKind::Parameter(id)) => self.index.parameters.get(id).map(|at| &self.facts.parameters[*at]),
            _ => return vec![text],
        };
        let Some(parameter) = parameter else { return Vec::new() };
        let is_default = |it: &&Text| parameter.default.as_ref().is_some_and(|default| default.bytes() == it.bytes());
        parameter.default.iter().chain(parameter.allowed.iter().filter(|it| !is_default(it))).collect()
    }

    /// The parameter whose default or allowed values hold this place, if one does.
    pub fn parameter_at(&self, span: Span) -> Option<&ResourceId> {
        let values = self.index.parameter_values.get(&span.file)?;
        let after = values.partition_point(|(place, _)| place.start <= span.start);
        let (place, id) = values[..after].last()?;
        place.contains(span).then_some(id)
    }

    /// What an import stands for, where the run holds exactly one export of its name, and nothing says that the two stacks
    /// are of two deployments. Any other text stands for itself.
    pub fn followed<'w>(&'w self, text: &'w Text) -> &'w Text {
        let Some(HoleKind::Import(name)) = text.only_hole().map(|it| &it.kind) else { return text };
        let Some([only]) = self.across.exports.get(&**name).map(Vec::as_slice) else { return text };
        let value = &self.facts.outputs[*only].value;
        let here = text.span().file;
        let is_together = |it: &&Text| {
            let there = it.span().file;
            self.environments().are_alike(here, there) && Across::may_be_together(&self.files, here, there)
        };
        value.only().filter(is_together).unwrap_or(text)
    }
}
