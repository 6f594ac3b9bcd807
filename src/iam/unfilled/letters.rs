//! A value cut into words, and which kinds of letters a word has.

use std::iter;
use std::ops::Range;

pub(super) const UPPER: u8 = 1;
pub(super) const LOWER: u8 = 1 << 1;
pub(super) const DIGIT: u8 = 1 << 2;
pub(super) const HYPHEN: u8 = 1 << 3;
pub(super) const UNDERSCORE: u8 = 1 << 4;
/// `x` and `X`, with which numbers are crossed out.
pub(super) const CROSS: u8 = 1 << 5;

/// What each byte is in a word; 0 for what stands between words. Every value is searched, by several rules: which letters a word
/// has says what it cannot be.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        letters[at] = match byte {
            b'x' => LOWER | CROSS,
            b'X' => UPPER | CROSS,
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' => LOWER,
            b'0'..=b'9' => DIGIT,
            b'-' => HYPHEN,
            b'_' => UNDERSCORE,
            _ => 0,
        };
        at += 1;
    }
    letters
};

/// The words of a value that are long enough to be placeholders, each with the kinds of letters in it.
pub(super) fn words(known: &str) -> impl Iterator<Item = (Range<usize>, u8)> {
    let bytes = known.as_bytes();
    let mut at = 0;
    iter::from_fn(move || {
        while at < bytes.len() {
            let (start, mut letters) = (at, 0);
            while let Some(letter) = bytes.get(at).map(|it| LETTERS[usize::from(*it)]).filter(|it| *it != 0) {
                letters |= letter;
                at += 1;
            }
            let range = start..at;
            at += 1;
            if range.len() >= SHORTEST_WORD {
                return Some((range, letters));
            }
        }
        None
    })
}

/// `TBD`.
const SHORTEST_WORD: usize = 3;
