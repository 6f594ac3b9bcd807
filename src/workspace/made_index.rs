//! Where to find the custom resource that holds a place.

use crate::facts::Tables;
use crate::source::Span;

/// Custom resources by their places in the files, which do not overlap.
#[derive(Default)]
pub(super) struct MadeIndex(Vec<(Span, u32)>);

impl MadeIndex {
    pub(super) fn new(facts: &Tables) -> Self {
        let mut all: Vec<(Span, u32)> = (0..).zip(&facts.made).map(|(at, it)| (it.whole, at)).collect();
        all.sort_by_key(|(span, _)| (span.file.number(), span.bounds()));
        Self(all)
    }

    /// The custom resource that holds a place.
    pub(super) fn around(&self, place: Span) -> Option<usize> {
        let key = (place.file.number(), place.start);
        let after = self.0.partition_point(|(it, _)| (it.file.number(), it.start) <= key);
        let (span, at) = self.0[..after].last()?;
        span.contains(place).then_some(*at as usize)
    }
}
