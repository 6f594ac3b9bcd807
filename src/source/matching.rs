//! Questions about a [`Text`] whose holes make the answer yes, no, or *cannot know*.

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
        let found = self.pieces().any(|piece| matches!(piece, Piece::Known(known) if known.contains(needle)));
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

/// Whether values for the holes exist that make the pieces into `wanted` (or, with [`Rest::Anything`], into a string
/// that begins with it).
fn can_match(pieces: &[Piece<'_>], wanted: &str, rest: Rest) -> bool {
    let Some((first, others)) = pieces.split_first() else { return wanted.is_empty() };
    if wanted.is_empty() && rest == Rest::Anything {
        return true;
    }
    match first {
        Piece::Known(known) => match wanted.strip_prefix(known) {
            Some(wanted) => can_match(others, wanted, rest),
            None => rest == Rest::Anything && known.starts_with(wanted),
        },
        Piece::Hole(hole) => {
            if rest == Rest::Anything && may_begin_with(hole, wanted) {
                return true;
            }
            let ends = wanted.char_indices().map(|(at, _)| at).chain([wanted.len()]);
            ends.filter(|&end| may_be(hole, &wanted[..end])).any(|end| can_match(others, &wanted[end..], rest))
        }
    }
}

/// Whether the value of a hole can be this string.
fn may_be(hole: &Hole, value: &str) -> bool {
    match hole.kind {
        HoleKind::Partition => {
            value == "aws"
                || value
                    .strip_prefix("aws-")
                    .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        }
        HoleKind::Region => {
            value.contains('-') && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        }
        HoleKind::AccountId => is_account_id(value),
        HoleKind::UrlSuffix => URL_SUFFIXES.contains(&value),
        HoleKind::Resource(_) | HoleKind::Parameter(_) | HoleKind::Unknown => true,
    }
}

/// Whether the value of a hole can be longer than this string and begin with it.
fn may_begin_with(hole: &Hole, value: &str) -> bool {
    match hole.kind {
        HoleKind::Partition => "aws-".starts_with(value) || may_be(hole, value),
        HoleKind::Region => value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
        HoleKind::AccountId => value.len() <= 12 && value.bytes().all(|b| b.is_ascii_digit()),
        HoleKind::UrlSuffix => URL_SUFFIXES.iter().any(|suffix| suffix.starts_with(value)),
        HoleKind::Resource(_) | HoleKind::Parameter(_) | HoleKind::Unknown => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{FileId, Span, TextBuilder};
    use super::*;

    const PLACE: Span = Span { file: FileId(0), start: 0, end: 1 };

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
        ];
        for (pattern, wanted, answer, why) in cases {
            assert_eq!(text(pattern).is(wanted), answer, "{pattern} is {wanted}: {why}");
        }
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
