//! The hash by which GitHub tells an alert from others when the lines above it have changed.
//!
//! It is that of `src/fingerprints.ts` in `github/codeql-action` (2025). For each line it is a polynomial in 37, modulo
//! 2⁶⁴, of the next hundred UTF-16 units from the start of the line on, without spaces and tabs, with each line break as
//! one line feed. Behind the text there is one unit 65535, then zeros. Equal hashes of a file are counted.

use std::collections::VecDeque;

use crate::collections::HashMap;

/// Units that a hash is made of.
const WINDOW: usize = 100;
const BASE: u64 = 37;
const END: u16 = 65535;

/// The hash of each line of a text, as it is written into `primaryLocationLineHash`.
pub fn line_hashes(text: &str) -> Vec<String> {
    let mut power: u64 = 1;
    for _ in 0..WINDOW {
        power = power.wrapping_mul(BASE);
    }
    let mut hashes = Vec::new();
    let mut counts: HashMap<u64, usize> = HashMap::default();
    // For lines whose window is not full yet: where it ends, and the polynomial of all that comes before the line.
    let mut open: VecDeque<(usize, u64)> = VecDeque::new();
    let (mut whole, mut length): (u64, usize) = (0, 0);
    let mut take = |unit: u16, starts_line: bool| {
        if starts_line {
            open.push_back((length + WINDOW, whole));
        }
        whole = whole.wrapping_mul(BASE).wrapping_add(u64::from(unit));
        length += 1;
        while open.front().is_some_and(|it| it.0 == length) {
            let Some((_, before)) = open.pop_front() else { break };
            let hash = whole.wrapping_sub(before.wrapping_mul(power));
            let count = counts.entry(hash).or_default();
            *count += 1;
            hashes.push(format!("{hash:x}:{count}"));
        }
    };
    let (mut starts_line, mut after_return) = (true, false);
    for unit in text.encode_utf16().chain([END]) {
        let is_second = after_return && unit == u16::from(b'\n');
        after_return = unit == u16::from(b'\r');
        if is_second || unit == u16::from(b' ') || unit == u16::from(b'\t') {
            continue;
        }
        let unit = if after_return { u16::from(b'\n') } else { unit };
        take(unit, starts_line);
        starts_line = unit == u16::from(b'\n');
    }
    for _ in 0..WINDOW {
        take(0, false);
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_github() {
        let long = format!("{}\nend\n", "x y\t".repeat(200));
        let table: [(&str, &[&str], &str); 6] = [
            ("", &["c129715d7a2bc9a3:1"], "an empty text"),
            ("a: 1\nb: 2\n", &["132b7ee912c57691:1", "5d56533273a3bbdb:1", "c129715d7a2bc9a3:1"], "two lines"),
            (
                "a: 1\r\nb: 2\r\n",
                &["132b7ee912c57691:1", "5d56533273a3bbdb:1", "c129715d7a2bc9a3:1"],
                "other line breaks are the same",
            ),
            (
                "\u{3c0}: \u{1F600}\n\u{3c0}: \u{1F600}\n",
                &["7c2f392b9a4fb841:1", "dd9a2d10b2488594:1", "c129715d7a2bc9a3:1"],
                "units of UTF-16",
            ),
            (
                "x\n\r\r\n x \n",
                &[
                    "f06c98cd1326e5cb:1",
                    "64db083eef645851:1",
                    "9b880b129a60314b:1",
                    "828973aa50c68d6d:1",
                    "c129715d7a2bc9a3:1",
                ],
                "empty lines, and equal ones",
            ),
            (
                &long,
                &["4865974e7663c46a:1", "fe2be582c6296f40:1", "c129715d7a2bc9a3:1"],
                "lines that are longer than the window",
            ),
        ];
        for (text, expected, reason) in table {
            assert_eq!(line_hashes(text), expected, "{reason}");
        }
    }
}
