//! Edits put into text: their order, what overlaps, and where places are afterwards.

use std::collections::BTreeMap;

use crate::diagnostic::Edit;
use crate::source::{FileId, Span};

/// Puts a text into a file as it is: for comments, which [`settle`] verifies.
pub(crate) fn insert(file: FileId, at: u32, text: impl Into<String>) -> Edit {
    Edit::new(Span { file, start: at, end: at }, text)
}

/// A text with its edits made. They do not overlap; of several at one place the first comes first.
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

/// Edits that are to be made at once: none overlaps or touches one of another fix. What touches may have been meant for the
/// same place, and has to wait for the next round.
#[derive(Default)]
pub struct Taken {
    /// Where edits end, by file and where they begin.
    ends: BTreeMap<(FileId, u32), u32>,
}

impl Taken {
    /// Takes the edits of a fix, all of them or none.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let is_free = |edit: &Edit| {
            let mut before = self.ends.range(..=(edit.span.file, edit.span.end));
            let last = before.next_back().filter(|((file, _), _)| *file == edit.span.file);
            last.is_none_or(|(_, end)| *end < edit.span.start)
        };
        let fits = edits.iter().all(is_free);
        if fits {
            self.ends.extend(edits.iter().map(|it| ((it.span.file, it.span.start), it.span.end)));
        }
        fits
    }
}

/// How far places move when edits are made.
pub struct Shifts {
    /// Where edits end in the old text, and how many bytes more there are after each; in their order.
    after: Vec<(u32, i64)>,
}

impl Shifts {
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

    /// Where a place is once the edits are made.
    pub fn moved(&self, at: u32) -> u32 {
        let before = self.after.partition_point(|it| it.0 <= at);
        let grown = before.checked_sub(1).map_or(0, |it| self.after[it].1);
        u32::try_from(i64::from(at) + grown).expect("no edit takes away more than there was before a place")
    }
}

/// Writes what is wanted, reads it again, and gives up what did not come out as meant, until the rest holds.
///
/// `write` gives the edits for what is still wanted, `failed` says which of it the new text does not hold up to, and
/// `give_up` drops one of those or asks for it in another way. The text, if anything is left.
///
/// Each round drops or changes something, so there are at most as many rounds as `give_up` has ways to answer.
pub fn settle<W, F>(
    text: &str,
    wanted: &mut W,
    mut write: impl FnMut(&mut W) -> Vec<Edit>,
    failed: impl Fn(&W, &str, &[Edit]) -> Vec<F>,
    mut give_up: impl FnMut(&mut W, F),
) -> Option<String> {
    loop {
        let edits = write(wanted);
        if edits.is_empty() {
            return None;
        }
        let new = apply(text, &edits);
        let failed = failed(wanted, &new, &edits);
        if failed.is_empty() {
            return Some(new);
        }
        failed.into_iter().for_each(|it| give_up(wanted, it));
    }
}
