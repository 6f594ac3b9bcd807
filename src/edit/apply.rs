//! Edits put into text: their order, what overlaps, and where places are afterwards.

use std::collections::BTreeMap;

use crate::collections::HashMap;
use crate::diagnostic::Edit;
use crate::source::{FileId, Span};

/// Puts a text into a file as it is: for comments, which [`settle`] verifies.
pub(crate) fn insert(file: FileId, at: u32, text: impl Into<String>) -> Edit {
    Edit::new(Span { file, start: at, end: at }, text)
}

/// Returns the text with the edits applied. Edits must not overlap; those at the same offset keep their order.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut edits: Vec<_> = edits.into_iter().collect();
    edits.sort_by_key(|it| (it.span.start, it.span.end));
    let added = edits.iter().map(|it| it.replacement.len()).sum::<usize>();
    let mut out = String::with_capacity(text.len() + added);
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
    out
}

/// The edits of several fixes that can be applied at once. A fix that overlaps or touches another one may have been meant
/// for the same place, and has to wait for the next round.
#[derive(Default)]
pub struct EditSet {
    /// Where edits end, for each file by where they begin.
    ends: HashMap<FileId, BTreeMap<u32, u32>>,
}

impl EditSet {
    /// Adds the edits of a fix. Returns false, and adds none, if one of them overlaps or touches an edit of another fix.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let is_free = |edit: &Edit| {
            let last = self.ends.get(&edit.span.file).and_then(|it| it.range(..=edit.span.end).next_back());
            last.is_none_or(|(_, end)| *end < edit.span.start)
        };
        let fits = edits.iter().all(is_free);
        if fits {
            for edit in edits {
                self.ends.entry(edit.span.file).or_default().insert(edit.span.start, edit.span.end);
            }
        }
        fits
    }
}

/// Maps offsets in the old text to offsets in the new one.
pub struct OffsetMap {
    /// Where edits end in the old text, and how many bytes more there are after each; in their order.
    after: Vec<(u32, i64)>,
}

impl OffsetMap {
    pub fn new<'e>(edits: impl IntoIterator<Item = &'e Edit>) -> Self {
        let grows = |it: &Edit| it.replacement.len() as i64 - i64::from(it.span.end - it.span.start);
        let mut after: Vec<_> = edits.into_iter().map(|it| (it.span.end, grows(it))).collect();
        after.sort_unstable();
        let mut sum = 0;
        for (_, grown) in &mut after {
            sum += *grown;
            *grown = sum;
        }
        Self { after }
    }

    /// The offset in the new text.
    pub fn moved(&self, at: u32) -> u32 {
        let before = self.after.partition_point(|it| it.0 <= at);
        let grown = before.checked_sub(1).map_or(0, |it| self.after[it].1);
        u32::try_from(i64::from(at) + grown).expect("no edit takes away more than there was before a place")
    }
}

/// Changes that are applied, read again, and dropped where they do not hold.
pub trait Attempt {
    /// What does not hold, for example the index of a finding.
    type Failure;

    /// The edits for what is still wanted.
    fn edits(&mut self) -> Vec<Edit>;

    /// What the text after the edits does not hold up to.
    fn failures(&self, new: &str, edits: &[Edit]) -> Vec<Self::Failure>;

    /// Drops something that failed, or asks for it in another way.
    fn give_up(&mut self, failure: Self::Failure);
}

/// Applies the wanted changes, reads the result, and drops those that fail, until all of the rest pass. Returns the new
/// text, or `None` if nothing is left.
///
/// Each round drops or changes something, so there are at most as many rounds as the attempt has ways to give up.
pub fn settle(text: &str, attempt: &mut impl Attempt) -> Option<String> {
    loop {
        let edits = attempt.edits();
        if edits.is_empty() {
            return None;
        }
        let new = apply(text, &edits);
        let failures = attempt.failures(&new, &edits);
        if failures.is_empty() {
            return Some(new);
        }
        failures.into_iter().for_each(|it| attempt.give_up(it));
    }
}
