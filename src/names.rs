//! How near two names are: the near misses that people type.

mod candidates;
mod slips;

pub use candidates::Candidates;
pub use slips::{is_letter_lost, is_long_word_misspelt, is_slip, is_spelling};

/// How many letters have to be added, removed, replaced or swapped with their neighbor to get from one to the other.
///
/// `None` above `limit`. The work grows with the length of the names times `limit`, not with the product of their lengths:
/// only cells of the table that are at most `limit` from its diagonal can matter.
pub fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    // What both begin and end with takes no changes. Most names differ soon.
    let start = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let start = (0..=start).rev().find(|at| a.is_char_boundary(*at) && b.is_char_boundary(*at)).unwrap_or(0);
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    let is_boundary = |at: &usize| a.is_char_boundary(a.len() - at) && b.is_char_boundary(b.len() - at);
    let end = (0..=end).rev().find(is_boundary).unwrap_or(0);
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    // A character has four bytes at most.
    if a.len().abs_diff(b.len()) > limit * 4 {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let far = limit + 1;
    let row = |i: usize| (i.saturating_sub(limit), (i + limit).min(b.len()));
    let mut before = vec![far; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).map(|it| it.min(far)).collect();
    let mut now = vec![far; b.len() + 1];
    for i in 1..=a.len() {
        let (first, end) = row(i);
        let mut least = far;
        for j in first..=end {
            let mut best = if j == 0 { i } else { far };
            if j > 0 {
                best = best.min(last[j - 1] + usize::from(a[i - 1] != b[j - 1]));
                best = best.min(if j > first { now[j - 1] + 1 } else { far });
            }
            best = best.min(if j < i + limit { last[j] + 1 } else { far });
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            now[j] = best.min(far);
            least = least.min(now[j]);
        }
        if least > limit {
            return None;
        }
        // The cells beside the band belong to rows before.
        if first > 0 {
            now[first - 1] = far;
        }
        if end < b.len() {
            now[end + 1] = far;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut now);
    }
    last.last().copied().filter(|&it| it <= limit)
}

/// A name without its case, spaces, `-` and `_`.
pub fn folded(name: &str) -> String {
    if name.is_ascii() {
        // Nearly all are, and this is asked of every key.
        return kept(name).map(|it| it.to_ascii_lowercase()).collect();
    }
    kept(name).flat_map(char::to_lowercase).collect()
}

/// The letters of a name that [`folded`] keeps.
fn kept(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.'))
}

/// The candidate that `name` was surely meant to be: the same but for case and separators, or at most two letters off.
///
/// Short names must be nearer. `None` if there is no such candidate, or if `name` is one itself.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = slips(name);
    let mut own: Option<String> = None;
    let length = kept(name).count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == name {
            return None;
        }
        // Most of a long list are of another length: nothing is made of them.
        if kept(candidate).count().abs_diff(length) > limit {
            continue;
        }
        let own = own.get_or_insert_with(|| folded(name));
        let other = folded(candidate);
        let found = if other == *own {
            0
        } else {
            match distance(own, &other, limit) {
                Some(distance) => distance.max(1),
                None => continue,
            }
        };
        if best.is_none_or(|(least, other)| (found, candidate) < (least, other)) {
            best = Some((found, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters of a name may be slips.
fn slips(name: &str) -> usize {
    match name.chars().take(8).count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Words in backquotes, one after the other: `` `a`, `b` ``.
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, ", ")
}

/// Words in backquotes with something between them.
pub fn joined<'a>(words: impl IntoIterator<Item = &'a str>, between: &str) -> String {
    words.into_iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(between)
}

/// What Kubernetes takes for the name of a namespace: a DNS label (RFC 1123).
pub fn is_dns_label(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 63
        && name.bytes().all(|byte| is_letter(byte) || byte == b'-')
        && name.bytes().next().is_some_and(is_letter)
        && name.bytes().next_back().is_some_and(is_letter)
}

/// What Kubernetes takes for the name of most objects: labels with dots between them, without their limit of length
/// (apimachinery `validation.go`).
pub fn is_dns_subdomain(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_label = |part: &str| {
        part.bytes().all(|byte| is_letter(byte) || byte == b'-')
            && part.bytes().next().is_some_and(is_letter)
            && part.bytes().next_back().is_some_and(is_letter)
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let cases = [
            ("kitten", "sitting", 3, Some(3), "the textbook"),
            ("abcd", "abdc", 2, Some(1), "neighbours swapped"),
            ("abc", "xyz", 2, None, "too far"),
            ("", "ab", 2, Some(2), "from nothing"),
            ("ab", "", 1, None, "to nothing"),
            ("xabcy", "xbcay", 2, Some(2), "a letter moved"),
            ("aéb", "aèb", 1, Some(1), "characters that share a byte"),
        ];
        for (a, b, limit, wanted, why) in cases {
            assert_eq!(distance(a, b, limit), wanted, "{a} {b}: {why}");
        }
    }

    /// The whole table, as the textbook has it.
    fn slow_distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = match (i, j) {
                    (0, it) | (it, 0) => it,
                    _ => {
                        let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            best = best.min(table[i - 2][j - 2] + 1);
                        }
                        best
                    }
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn the_band_loses_nothing() {
        crate::random::holds(300, |random| {
            let word = |random: &mut arbtest::arbitrary::Unstructured<'_>| {
                let length = random.int_in_range(0..=9)?;
                (0..length)
                    .map(|_| Ok(*random.choose(&['a', 'b', 'é'])?))
                    .collect::<arbtest::arbitrary::Result<String>>()
            };
            let (a, b) = (word(random)?, word(random)?);
            let exact = slow_distance(&a, &b);
            for limit in 0..4 {
                assert_eq!(distance(&a, &b, limit), Some(exact).filter(|it| *it <= limit), "{a} {b} {limit}");
            }
            Ok(())
        });
    }

    #[test]
    fn long_names_are_compared_in_time() {
        let (a, b) = ("ab".repeat(500_000), "ba".repeat(500_000));
        assert_eq!(distance(&a, &b, 2), Some(2), "a letter from the start to the end");
    }

    #[test]
    fn near_misses() {
        let known = ["EC2_LINUX", "EC2_WINDOWS", "STANDARD", "EC2"];
        let cases = [
            ("EC2_Linux", Some("EC2_LINUX"), "case"),
            ("EC2 Windows", Some("EC2_WINDOWS"), "a space"),
            ("STANDRAD", Some("STANDARD"), "swapped letters"),
            ("EC3", None, "too short to guess"),
            ("STANDARD", None, "right as it is"),
            ("OTHER", None, "nothing like it"),
        ];
        for (name, wanted, why) in cases {
            assert_eq!(nearest(name, known), wanted, "{name}: {why}");
        }
        let readers: Candidates<'_> = ["reader-2", "raeder-1", "writer-1"].into_iter().collect();
        assert_eq!(readers.nearest("reader-1"), Some("raeder-1"), "misspelt, not counted up");
        assert_eq!(readers.nearest("Reader_2"), Some("reader-2"), "case and separator");
        // Each question finds all of them, and each is compared.
        let alike: Vec<String> = (0..2_000).map(|it| format!("{}{}", "-".repeat(it), "reader")).collect();
        let alike: Candidates<'_> = alike.iter().map(String::as_str).collect();
        let asked = (0..).take_while(|_| !alike.is_exhausted()).inspect(|_| drop(alike.near("READER"))).count();
        assert!((10..200).contains(&asked), "{asked}");
    }

    #[test]
    fn names_of_kubernetes() {
        let long = "a".repeat(64);
        let cases = [
            ("shop", true, true, "plain"),
            ("my.app", false, true, "a dot"),
            ("-a", false, false, "a hyphen first"),
            ("App", false, false, "upper case"),
            ("a_b", false, false, "an underscore"),
            ("a..b", false, false, "an empty label"),
            ("", false, false, "nothing"),
            (long.as_str(), false, true, "a label has 63 letters at most"),
        ];
        for (name, label, subdomain, why) in cases {
            assert_eq!((is_dns_label(name), is_dns_subdomain(name)), (label, subdomain), "{name}: {why}");
        }
    }
}
