//! Whether custom resources are made in one place: a region of an account.

use crate::facts::Made;
use crate::source::Span;

use super::Workspace;

impl Workspace {
    /// Where the custom resource is made in which something is written.
    fn made(&self, place: Span) -> Option<&Made> {
        self.index.made.around(place).map(|at| &self.facts.made[at])
    }

    /// Whether what is written in two places is made in one account. True for what is no custom resource.
    pub fn are_in_one_account(&self, a: Span, b: Span) -> Option<bool> {
        match (self.made(a), self.made(b)) {
            (Some(a), Some(b)) if a.whole != b.whole => a.is_in_account_of(b),
            _ => Some(true),
        }
    }

    /// Whether what is written in two places is made in one region of one account. True for what is no custom resource.
    pub fn are_made_together(&self, a: Span, b: Span) -> Option<bool> {
        match (self.made(a), self.made(b)) {
            (Some(a), Some(b)) if a.whole != b.whole => match a.is_in_region_of(b) {
                Some(true) => a.is_in_account_of(b),
                answer => answer,
            },
            _ => Some(true),
        }
    }

    /// What two places have in common if they are [made together](Self::are_made_together). Nothing for a place that is certainly
    /// made together with no other.
    pub(super) fn place_key(&self, place: Span) -> Option<String> {
        let Some(made) = self.made(place) else { return Some(String::new()) };
        let region = match made.region.is_absent() {
            true => String::new(),
            false => made.region.only()?.key()?.into_owned(),
        };
        // Resources of a composition go with those that are in none, so compositions have no part in it.
        Some(format!("{region} {}", made.credentials.as_ref()?))
    }
}
