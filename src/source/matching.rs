//! Questions about a [`Text`] whose holes make the answer yes, no, or *cannot know*.

use std::borrow::Cow;

use super::text::{Piece, Text};
use super::{Hole, HoleKind};
use crate::iam::{URL_SUFFIXES, is_account_id};

impl Text {
    /// Whether the text is `other`. `None`: only a deploy can know.
    pub fn is(&self, other: &str) -> Option<bool> {
        match self.as_str() {
            Some(known) => Some(known == other),
            None if can_match(&self.pieces().collect::<Vec<_>>(), other, Rest::Nothing) => None,
            None => Some(false),
        }
    }

    /// Whether the text is one of `others`.
    pub fn is_one_of(&self, others: &[&str]) -> Option<bool> {
        let answers: Vec<_> = others.iter().map(|other| self.is(other)).collect();
        if answers.contains(&Some(true)) {
            Some(true)
        } else if answers.contains(&None) {
            None
        } else {
            Some(false)
        }
    }

    /// Whether the text begins with `prefix`.
    pub fn starts_with(&self, prefix: &str) -> Option<bool> {
        let pieces: Vec<_> = self.pieces().collect();
        match pieces.first() {
            _ if prefix.is_empty() => Some(true),
            Some(Piece::Known(known)) if known.len() >= prefix.len() => Some(known.starts_with(prefix)),
            _ if pieces.iter().all(|piece| matches!(piece, Piece::Known(_))) => Some(false),
            _ if can_begin(&pieces, prefix) => None,
            _ => Some(false),
        }
    }

    /// Whether the text holds `needle`.
    pub fn contains(&self, needle: &str) -> Option<bool> {
        let is_found = |piece| matches!(piece, Piece::Known(known) if known.contains(needle));
        let found = needle.is_empty() || self.pieces().any(is_found);
        match found {
            true => Some(true),
            false if self.has_holes() => None,
            false => Some(false),
        }
    }

    /// Whether two texts are the same string.
    ///
    /// Two holes of the same kind hold the same value only within one template, which is why a hole that names a
    /// resource or a parameter names its document too, and why the pseudo parameters count as equal: a stack has one
    /// account, one region and one partition, and texts of two stacks are compared by [`Text::same_anywhere`].
    pub fn same(&self, other: &Text) -> Option<bool> {
        let (mine, theirs): (Vec<_>, Vec<_>) = (self.pieces().collect(), other.pieces().collect());
        if mine == theirs
            && !mine.iter().any(|piece| matches!(piece, Piece::Hole(hole) if hole.kind == HoleKind::Unknown))
        {
            return Some(true);
        }
        match (self.as_str(), other.as_str()) {
            (Some(_), Some(_)) => Some(false),
            (Some(known), None) => other.is(known),
            (None, Some(known)) => self.is(known),
            (None, None) => None,
        }
    }

    /// What two texts have in common if they are certainly [the same](Text::same): only those of one key need be compared.
    /// Nothing for a text that is certainly the same as none.
    pub fn key(&self) -> Option<Cow<'_, str>> {
        if let Some(known) = self.as_str() {
            return Some(Cow::Borrowed(known));
        }
        let is_unknown = |piece: Piece<'_>| matches!(piece, Piece::Hole(hole) if hole.kind == HoleKind::Unknown);
        (!self.pieces().any(is_unknown)).then(|| Cow::Owned(self.shown()))
    }

    /// Whether two texts that may belong to two stacks are the same string: pseudo parameters are then unknown.
    pub fn same_anywhere(&self, other: &Text) -> Option<bool> {
        let of_a_stack = |piece: &Piece<'_>| match piece {
            Piece::Hole(hole) => !matches!(hole.kind, HoleKind::Resource(_) | HoleKind::Parameter(_)),
            Piece::Known(_) => false,
        };
        match self.same(other) {
            Some(true) if self.pieces().any(|piece| of_a_stack(&piece)) => None,
            answer => answer,
        }
    }
}

/// What may follow after the pieces have been used up.
#[derive(Clone, Copy, PartialEq)]
enum Rest {
    Nothing,
    /// The pieces need only cover a prefix of what they are, not all of it.
    Anything,
}

fn can_begin(pieces: &[Piece<'_>], prefix: &str) -> bool {
    can_match(pieces, prefix, Rest::Anything)
}

/// How many steps a comparison may take. What would take more only a deploy can know.
const MAX_STEPS: usize = 1_000_000;

/// Whether values for the holes exist that make the pieces into `wanted` (or, with [`Rest::Anything`], into a string
/// that begins with it).
///
/// Each piece moves a set of places in `wanted`, so that many holes cost no more than their number.
fn can_match(pieces: &[Piece<'_>], wanted: &str, rest: Rest) -> bool {
    let lengths = pieces.iter().map(|piece| match piece {
        Piece::Known(known) => known.len(),
        Piece::Hole(_) => 1,
    });
    if lengths.sum::<usize>().saturating_mul(wanted.len() + 1) > MAX_STEPS {
        return true;
    }
    // The places in `wanted` where the pieces so far can end.
    let mut places = vec![false; wanted.len() + 1];
    places[0] = true;
    for piece in pieces {
        if rest == Rest::Anything && places[wanted.len()] {
            return true;
        }
        let starts = places.iter().enumerate().filter(|(_, is_one)| **is_one).map(|(at, _)| at);
        let mut ends = vec![false; places.len()];
        match piece {
            Piece::Known(known) => {
                for at in starts {
                    if wanted[at..].starts_with(known) {
                        ends[at + known.len()] = true;
                    } else if rest == Rest::Anything && known.starts_with(&wanted[at..]) {
                        return true;
                    }
                }
            }
            Piece::Hole(hole) => {
                if rest == Rest::Anything && starts.clone().any(|at| may_begin_with(hole, &wanted[at..])) {
                    return true;
                }
                mark_ends(hole, wanted, starts, &mut ends);
            }
        }
        if !ends.contains(&true) {
            return false;
        }
        places = ends;
    }
    places[wanted.len()]
}

/// Marks the places where the value of a hole can end that starts at one of the others, which are in order.
fn mark_ends(hole: &Hole, wanted: &str, starts: impl Iterator<Item = usize>, ends: &mut [bool]) {
    let bytes = wanted.as_bytes();
    let run =
        |from: usize, is_letter: fn(&u8) -> bool| from + bytes[from..].iter().take_while(|it| is_letter(it)).count();
    // What starts inside a run of letters ends where something that starts before it can end too.
    let mut done = 0;
    for at in starts {
        if at < done {
            continue;
        }
        match hole.kind {
            HoleKind::Partition => {
                if !bytes[at..].starts_with(b"aws") {
                    continue;
                }
                ends[at + 3] = true;
                if bytes.get(at + 3) == Some(&b'-') {
                    done = run(at + 4, |it| it.is_ascii_lowercase() || *it == b'-');
                    ends[at + 4..=done].fill(true);
                }
            }
            HoleKind::Region => {
                done = run(at, is_region_letter);
                if let Some(dash) = memchr::memchr(b'-', &bytes[at..done]) {
                    ends[at + dash + 1..=done].fill(true);
                }
            }
            HoleKind::AccountId => {
                if wanted.get(at..at + 12).is_some_and(is_account_id) {
                    ends[at + 12] = true;
                }
            }
            HoleKind::UrlSuffix => {
                for suffix in URL_SUFFIXES.iter().filter(|it| wanted[at..].starts_with(**it)) {
                    ends[at + suffix.len()] = true;
                }
            }
            HoleKind::Resource(_) | HoleKind::Parameter(_) | HoleKind::Import(_) | HoleKind::Unknown => {
                let borders = (at..ends.len()).filter(|it| wanted.is_char_boundary(*it));
                borders.for_each(|it| ends[it] = true);
                return;
            }
        }
    }
}

/// Whether the value of a hole can be longer than this string and begin with it.
fn may_begin_with(hole: &Hole, value: &str) -> bool {
    match hole.kind {
        HoleKind::Partition => {
            let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
            "aws-".starts_with(value) || value.strip_prefix("aws-").is_some_and(|rest| rest.bytes().all(is_letter))
        }
        HoleKind::Region => value.as_bytes().iter().all(is_region_letter),
        HoleKind::AccountId => value.len() <= 12 && value.bytes().all(|b| b.is_ascii_digit()),
        HoleKind::UrlSuffix => URL_SUFFIXES.iter().any(|suffix| suffix.starts_with(value)),
        HoleKind::Resource(_) | HoleKind::Parameter(_) | HoleKind::Import(_) | HoleKind::Unknown => true,
    }
}

fn is_region_letter(byte: &u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-'
}

#[cfg(test)]
mod tests {
    use super::super::{FileId, Span, TextBuilder};
    use super::*;

    const PLACE: Span = Span { file: FileId::new(0), start: 0, end: 1 };

    /// Builds a text from a pattern: `P`, `R`, `A`, `U` and `?` in braces are holes.
    fn text(pattern: &str) -> Text {
        let mut builder = TextBuilder::default();
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            builder.push_written(&rest[..open], PLACE);
            let kind = match &rest[open + 1..open + 2] {
                "P" => HoleKind::Partition,
                "R" => HoleKind::Region,
                "A" => HoleKind::AccountId,
                "U" => HoleKind::UrlSuffix,
                _ => HoleKind::Unknown,
            };
            builder.push_hole(Hole { kind, written: "…".into() }, PLACE);
            rest = &rest[open + 3..];
        }
        builder.push_written(rest, PLACE);
        builder.finish(PLACE)
    }

    #[test]
    fn questions_have_three_answers() {
        let cases = [
            // pattern, question, answer, why
            ("API", "API", Some(true), "all known"),
            ("API", "API_AND_CONFIG_MAP", Some(false), "all known"),
            ("{?}", "API", None, "a parameter can be anything"),
            ("ec2.{U}", "ec2.amazonaws.com", None, "the commercial suffix is one of them"),
            ("ec2.{U}", "eks.amazonaws.com", Some(false), "the name before the suffix differs"),
            ("{A}", "12345", Some(false), "an account id has twelve digits"),
            ("{P}", "aws-cn", None, "a partition"),
            ("x{?}y", "xy", None, "a hole can be empty"),
            ("x{?}y", "xz", Some(false), "the end differs"),
            ("{?}b{?}d", "abcd", None, "each hole has a part of its own"),
            ("{?}b{?}d", "abce", Some(false), "the end differs behind the last hole"),
            ("{?}{R}.{U}", "oidc.eu-west-1.amazonaws.com.cn", None, "a region behind anything"),
            ("{P}{A}", "aws-cn111122223333", None, "two holes side by side"),
            ("{P}{P}", "awsaws-", None, "a partition may end with a hyphen, as far as is known"),
        ];
        for (pattern, wanted, answer, why) in cases {
            assert_eq!(text(pattern).is(wanted), answer, "{pattern} is {wanted}: {why}");
        }
    }

    /// Each hole could be a part of each other: the time must not grow with the ways to share the string out.
    #[test]
    fn many_holes_are_compared_in_time() {
        let holes = "{?}a".repeat(40);
        assert_eq!(text(&format!("{holes}b")).is(&"a".repeat(200)), Some(false));
        assert_eq!(text(&holes).is(&"a".repeat(200)), None);
        let regions = "{R}-".repeat(100);
        assert_eq!(text(&format!("{regions}!")).is(&"a-".repeat(200)), Some(false));
        // So many that no stack could hold a step for each; where it would take too long, nobody knows.
        assert_eq!(text(&"{?}".repeat(200_000)).is("abc"), None);
        assert_eq!(text(&"{?}x".repeat(20_000)).is(&"y".repeat(20_000)), None);
    }

    #[test]
    fn prefixes_have_three_answers() {
        let cases = [
            ("system:node", "system:", Some(true), "all known"),
            ("sys", "system:", Some(false), "too short"),
            ("{?}:x", "system:", None, "the hole may hold the prefix"),
            ("arn:{P}:iam", "arn:aws:", None, "the partition may be aws"),
            ("arn:{P}:iam", "arn:", Some(true), "known before the hole"),
            ("arn:{P}:iam", "x", Some(false), "known to differ"),
            ("{A}/x", "abc", Some(false), "an account id has no letters"),
        ];
        for (pattern, prefix, answer, why) in cases {
            assert_eq!(text(pattern).starts_with(prefix), answer, "{pattern} starts with {prefix}: {why}");
        }
    }

    #[test]
    fn equal_texts_are_known_to_be_equal_in_one_stack_only() {
        assert_eq!(text("{A}/x").same(&text("{A}/x")), Some(true));
        assert_eq!(text("{A}/x").same_anywhere(&text("{A}/x")), None);
        assert_eq!(text("{?}").same(&text("{?}")), None);
        assert_eq!(text("a").same(&text("b")), Some(false));
    }
}
