//! ARNs, and the questions that a string with holes answers with yes, no, or cannot know.

use std::str;

use ekslint::iam::{Arn, PrincipalArn, RoleArn, placeholder};
use ekslint::source::{FileId, Hole, HoleKind, Span, Text, TextBuilder};

use super::places;

/// What stands for a hole, its kind, and values that a deploy may put there.
const HOLES: [(&str, HoleKind, &[&str]); 5] = [
    ("${P}", HoleKind::Partition, &["aws", "aws-cn", "aws-us-gov", "aws-iso-b"]),
    ("${R}", HoleKind::Region, &["eu-west-1", "us-gov-east-1", "cn-north-1"]),
    ("${A}", HoleKind::AccountId, &["111122223333", "000000000000"]),
    ("${U}", HoleKind::UrlSuffix, &["amazonaws.com", "amazonaws.com.cn"]),
    ("${X}", HoleKind::Unknown, &["", "a", ":", "/", "*", "role/x", "arn:aws:iam::1:", "system:", "aws"]),
];

/// The first line is a string, perhaps with holes; the second is what it is compared with.
pub fn check(data: &[u8]) {
    let Ok(input) = str::from_utf8(data) else { return };
    let (source, other) = input.split_once('\n').unwrap_or((input, "arn:aws:iam::111122223333:role/app"));
    let text = with_holes(source);
    assert_eq!(text.shown(), source);
    fields(source, &text);
    violations(source, &text);
    answers(source, &text, other);
}

/// A string with a hole for each of the marks.
fn with_holes(source: &str) -> Text {
    let whole = Text::of_file(FileId::new(0), source.into());
    let mut builder = TextBuilder::default();
    let (mut done, mut at) = (0, 0);
    while let Some(open) = source[at..].find("${").map(|it| at + it) {
        let Some((mark, kind, _)) = HOLES.into_iter().find(|(mark, ..)| source[open..].starts_with(mark)) else {
            at = open + 2;
            continue;
        };
        builder.push(&whole.part(done..open));
        at = open + mark.len();
        builder.push_hole(Hole { kind, written: mark.into() }, whole.slice(open..at));
        done = at;
    }
    builder.push(&whole.part(done..source.len()));
    builder.finish(whole.whole())
}

/// The parts of an ARN are the ARN, and each stands where it is.
fn fields(source: &str, text: &Text) {
    let Some(arn) = Arn::parse(text) else { return };
    let parts = [arn.partition(), arn.service(), arn.region(), arn.account(), arn.resource()];
    let joined: Vec<String> = parts.iter().map(|it| it.shown()).collect();
    assert_eq!(format!("arn:{}", joined.join(":")), source);
    for part in parts {
        if !part.is_empty() {
            assert_eq!(places::at(source, part.span()), part.shown());
        }
    }
    let resource = arn.resource().shown();
    let Some(kind) = arn.kind() else { return };
    let name = arn.name().expect("a resource with a kind has a name");
    let path = arn.path().map(|it| it.shown()).unwrap_or_default();
    let separator = &resource[kind.len()..kind.len() + 1];
    assert_eq!(format!("{kind}{separator}{path}{}", name.shown()), resource);
    assert!(matches!(separator, "/" | ":") && !name.bytes().contains('/'));
}

/// What is to be underlined lies in the text.
fn violations(source: &str, text: &Text) {
    let place = |span: Span| {
        places::at(source, span);
    };
    if let Some(found) = placeholder(text) {
        assert_eq!(places::at(source, found.span), found.text);
    }
    match RoleArn::check(text) {
        RoleArn::No(violation) => place(violation.span),
        RoleArn::Yes(arn) => {
            let is_iam = arn.service_str().is_none_or(|it| it == "iam");
            assert!(is_iam && arn.kind() == Some("role"), "{source:?}");
        }
        RoleArn::Unknown => {}
    }
    match PrincipalArn::check(text) {
        PrincipalArn::Other { span, .. } | PrincipalArn::Wildcard(span) => place(span),
        PrincipalArn::Malformed(violation) => place(violation.span),
        _ => {}
    }
}

/// An answer that is given holds for whatever a deploy puts into the holes.
fn answers(source: &str, text: &Text, other: &str) {
    let is = text.is(other);
    let starts = text.starts_with(other);
    let ends = text.ends_with(other);
    let contains = text.contains(other);
    let other_text = Text::of_file(FileId::new(0), other.into());
    let same = text.same(&other_text);
    assert_eq!(same, text.is(other), "a known text is a string");
    assert_eq!(other_text.same(text), same, "being the same goes both ways");
    // Each hole is filled in turn from the values of its kind, starting somewhere else each time.
    for turn in 0..9 {
        let filled = filled(source, turn);
        let check = |question: &str, answer: Option<bool>, truth: bool| {
            assert!(answer.is_none_or(|it| it == truth), "{source:?} {question} {other:?}: {answer:?}, but {filled:?}");
        };
        check("is", is, filled == other);
        check("starts with", starts, filled.starts_with(other));
        check("ends with", ends, filled.ends_with(other));
        check("contains", contains, filled.contains(other));
    }
    if !text.has_holes() {
        assert!(
            is.is_some() && starts.is_some() && ends.is_some() && contains.is_some(),
            "{source:?}: nothing is unknown"
        );
    }
}

fn filled(source: &str, turn: usize) -> String {
    let mut out = String::new();
    let mut rest = source;
    let mut count = turn;
    while let Some(open) = rest.find("${") {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        match HOLES.iter().find(|(mark, ..)| rest.starts_with(mark)) {
            Some((mark, kind, values)) => {
                // What stands for one of the pseudo parameters is the same wherever it stands in a stack.
                let at = if *kind == HoleKind::Unknown { count } else { turn };
                out.push_str(values[at % values.len()]);
                count += 1;
                rest = &rest[mark.len()..];
            }
            None => {
                out.push_str("${");
                rest = &rest[2..];
            }
        }
    }
    out + rest
}
