//! How near two names are: the near misses that people type.

/// How many letters have to be added, removed, replaced or swapped with their neighbour to get from one to the other.
///
/// Gives up above `limit` and says `None`.
pub fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.chars().count().abs_diff(b.chars().count()) > limit {
        return None;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        if row.iter().all(|&it| it > limit) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&it| it <= limit)
}

/// A name without its case, blanks, `-` and `_`.
pub fn folded(name: &str) -> String {
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
    let limit = match name.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let own = folded(name);
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
        let other = folded(candidate);
        let found = if other == own {
            0
        } else {
            match distance(&own, &other, limit) {
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

/// Names that another name may have been meant to be, made ready to be asked many times.
///
/// Like [`nearest`], but for names that people count up: `reader-1` and `reader-2` are two names, not one misspelt.
pub struct Candidates<'a>(Vec<Candidate<'a>>);

struct Candidate<'a> {
    name: &'a str,
    digits: String,
    /// One bit for each letter that is in the name, whatever its case.
    letters: u32,
}

impl<'a> Candidate<'a> {
    fn new(name: &'a str) -> Self {
        let letters = name.bytes().filter(u8::is_ascii_alphabetic);
        Self {
            name,
            digits: name.chars().filter(char::is_ascii_digit).collect(),
            letters: letters.fold(0, |bits, letter| bits | 1 << (letter.to_ascii_lowercase() - b'a')),
        }
    }
}

impl<'a> Candidates<'a> {
    /// The candidate that `name` was surely meant to be.
    pub fn nearest(&self, name: &str) -> Option<&'a str> {
        let own = Candidate::new(name);
        // Each of two letters that differ changes two bits at most.
        let may_be_near = |it: &&Candidate<'a>| (it.letters ^ own.letters).count_ones() <= 4 && it.digits == own.digits;
        nearest(name, self.0.iter().filter(may_be_near).map(|it| it.name))
    }
}

impl<'a> FromIterator<&'a str> for Candidates<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Self(names.into_iter().map(Candidate::new).collect())
    }
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
        ];
        for (a, b, limit, wanted, why) in cases {
            assert_eq!(distance(a, b, limit), wanted, "{a} {b}: {why}");
        }
    }

    #[test]
    fn near_misses() {
        let known = ["EC2_LINUX", "EC2_WINDOWS", "STANDARD", "EC2"];
        let cases = [
            ("EC2_Linux", Some("EC2_LINUX"), "case"),
            ("EC2 Windows", Some("EC2_WINDOWS"), "a blank"),
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
