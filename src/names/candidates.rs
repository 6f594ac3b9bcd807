//! Many names at once: which of them is near another one, without comparing each with each.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::collections::HashSet;

use super::{folded, slips};

/// How many steps the questions to some names may take, for each of these names and besides. A step is a letter of a name,
/// or of the beginning that several names share, compared with a few letters of another.
const STEPS_OF_NAME: usize = 1_000;
const STEPS_BESIDES: usize = 5_000_000;

/// What a candidate that is found counts: who asked looks at it too.
const STEPS_OF_FOUND: usize = 50;

/// The most letters that may be slips, in any name.
const MOST_SLIPS: usize = 2;

/// Names that another name may have been meant to be, made ready to be asked many times.
///
/// They are sorted, so that names with the same beginning are compared with it once, and not at all once the beginning
/// differs in too many letters.
pub struct Candidates<'a> {
    names: HashSet<&'a str>,
    /// In the order of their folded names.
    sorted: Vec<Candidate<'a>>,
    /// How many steps are left.
    left: AtomicUsize,
}

struct Candidate<'a> {
    name: &'a str,
    folded: String,
}

/// How many changes lead from the first letters of one name to those of another. Cell `k` is for as many letters of the
/// asked name as there are of the candidate, and `k - MOST_SLIPS` more: others are too far.
type Row = [u8; 2 * MOST_SLIPS + 1];

const FAR: u8 = MOST_SLIPS as u8 + 1;

/// Candidates that begin alike.
struct Group {
    range: Range<usize>,
    /// How many bytes and letters of them are compared.
    bytes: usize,
    letters: usize,
    last: char,
    row: Row,
    before: Row,
}

impl<'a> Candidates<'a> {
    /// The same, for a list that no input makes longer: questions are not counted.
    pub fn uncounted(mut self) -> Self {
        self.left = AtomicUsize::new(usize::MAX);
        self
    }

    /// The candidate that `name` was surely meant to be.
    ///
    /// Like [`super::nearest`], but for names that people count up: `reader-1` and `reader-2` are two names, not one
    /// misspelt.
    pub fn nearest(&self, name: &str) -> Option<&'a str> {
        self.nearest_where(name, |it| digits(it).eq(digits(name)))
    }

    /// The nearest of those candidates that `is_meant` takes.
    pub fn nearest_where(&self, name: &str, is_meant: impl Fn(&str) -> bool) -> Option<&'a str> {
        self.about(name, slips(name)).into_iter().filter(|(_, it)| is_meant(it)).min().map(|(_, it)| it)
    }

    /// The same as [`Candidates::nearest`], but with one slip at most.
    pub fn nearest_by_one(&self, name: &str) -> Option<&'a str> {
        let near = self.about(name, slips(name).min(1)).into_iter();
        near.filter(|(_, it)| digits(it).eq(digits(name))).min().map(|(_, it)| it)
    }

    /// Every candidate that `name` may be a misspelling of, in no order. None if it is a candidate itself.
    pub fn near(&self, name: &str) -> Vec<&'a str> {
        self.about(name, slips(name)).into_iter().map(|(_, it)| it).collect()
    }

    /// Whether there were too many questions about names that are too much alike: later answers lack candidates.
    pub fn is_exhausted(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// The candidates that are at most `limit` slips away, with how far they are.
    fn about(&self, name: &str, limit: usize) -> Vec<(usize, &'a str)> {
        let mut found = Vec::new();
        if self.names.contains(name) || self.is_exhausted() {
            return found;
        }
        let own: Vec<char> = folded(name).chars().collect();
        let row: Row = std::array::from_fn(|cell| match cell.checked_sub(MOST_SLIPS) {
            Some(letters) if letters <= limit => letters as u8,
            _ => FAR,
        });
        let all = 0..self.sorted.len();
        let mut open =
            vec![Group { range: all, bytes: 0, letters: 0, last: '\0', row, before: [FAR; 2 * MOST_SLIPS + 1] }];
        let mut steps = 0;
        let left = self.left.load(Ordering::Relaxed);
        while let Some(mut group) = open.pop() {
            let group_of = &self.sorted[group.range.clone()];
            // Those that end here come first.
            let ended = group_of.iter().take_while(|it| it.folded.len() == group.bytes).count();
            let distance = cell(&group.row, own.len(), group.letters);
            if usize::from(distance) <= limit {
                found.extend(group_of[..ended].iter().map(|it| (usize::from(distance), it.name)));
                steps += STEPS_OF_FOUND * ended;
            }
            steps += 1 + ended;
            group.range.start += ended;
            while !group.range.is_empty() {
                steps += 1;
                if steps >= left {
                    self.left.store(0, Ordering::Relaxed);
                    return found;
                }
                let rest = &self.sorted[group.range.clone()];
                let Some(letter) = rest[0].folded[group.bytes..].chars().next() else { break };
                let alike = alike(rest, group.bytes, letter);
                let range = group.range.start..group.range.start + alike;
                group.range.start = range.end;
                let row = group.next(&own, letter, limit);
                if row.iter().any(|it| usize::from(*it) <= limit) {
                    open.push(Group {
                        range,
                        bytes: group.bytes + letter.len_utf8(),
                        letters: group.letters + 1,
                        last: letter,
                        row,
                        before: group.row,
                    });
                }
            }
        }
        if left != usize::MAX {
            self.left.store(left.saturating_sub(steps), Ordering::Relaxed);
        }
        found
    }
}

impl Group {
    /// The row of the candidates whose next letter is this.
    fn next(&self, own: &[char], letter: char, limit: usize) -> Row {
        let mut next = [FAR; 2 * MOST_SLIPS + 1];
        let letters = self.letters + 1;
        for at in MOST_SLIPS - limit..=MOST_SLIPS + limit {
            let Some(own_letters) = (letters + at).checked_sub(MOST_SLIPS).filter(|it| *it <= own.len()) else {
                continue;
            };
            let added = self.row.get(at + 1).map_or(FAR, |it| it + 1);
            let mut best = added;
            if own_letters > 0 {
                let own_letter = own[own_letters - 1];
                let removed = at.checked_sub(1).map_or(FAR, |it| next[it] + 1);
                best = best.min(self.row[at] + u8::from(own_letter != letter)).min(removed);
                let is_swapped =
                    letters > 1 && own_letters > 1 && own_letter == self.last && own[own_letters - 2] == letter;
                if is_swapped {
                    best = best.min(self.before[at] + 1);
                }
            }
            next[at] = best.min(FAR);
        }
        next
    }
}

/// The cell of a row for so many letters of the asked name, if it has one.
fn cell(row: &Row, own: usize, letters: usize) -> u8 {
    (own + MOST_SLIPS).checked_sub(letters).and_then(|at| row.get(at)).copied().unwrap_or(FAR)
}

/// How many of the first names have this letter at an offset: all have the same ones before it.
fn alike(names: &[Candidate<'_>], at: usize, letter: char) -> usize {
    let is_alike = |it: &Candidate<'_>| it.folded[at..].starts_with(letter);
    // Nearly always they are few: doubled steps first, then the half.
    let mut most = 1;
    while most < names.len() && is_alike(&names[most]) {
        most *= 2;
    }
    let most = most.min(names.len());
    most / 2 + names[most / 2..most].partition_point(is_alike)
}

fn digits(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_digit)
}

impl<'a> FromIterator<&'a str> for Candidates<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let names: HashSet<&str> = names.into_iter().collect();
        let mut sorted: Vec<_> = names.iter().map(|name| Candidate { name, folded: folded(name) }).collect();
        sorted.sort_unstable_by(|a, b| (&a.folded, a.name).cmp(&(&b.folded, b.name)));
        let left = AtomicUsize::new(STEPS_BESIDES.saturating_add(STEPS_OF_NAME.saturating_mul(names.len())));
        Self { names, sorted, left }
    }
}
