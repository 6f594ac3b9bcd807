//! Values that another tool fills in before AWS or Kubernetes sees the file: `${VAR}`, `{{ .Values.x }}`, `ENC[…]`.
//! What they become cannot be known, so each of them becomes a hole in its text, once, for all rules.
//!
//! [`tools::TOOLS`] is the table of what is recognised. A tool that is missing gets a row here and a row in the test.

use crate::source::{Hole, HoleKind, Text, TextBuilder};

mod braces;
mod tools;

#[cfg(test)]
mod tests;

use braces::{braces, is_authenticators, is_name, window};
use tools::{Place, named, tag};

/// Which tags are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tags {
    /// Those of manifests and policy documents.
    Plain,
    /// Those besides what argocd-vault-plugin fills in: `<name>` stands for a secret.
    Vault,
    /// In the text of `mapRoles`, where `{{SessionName}}` and its like mean themselves.
    AwsAuth,
    /// Those of templates of CloudFormation.
    Template,
}

/// The text, with a hole for each template tag.
pub fn find(text: Text, tags: Tags) -> Text {
    if text.as_str().is_some_and(tools::says_so) {
        return Text::hole(HoleKind::Unknown, &text.shown(), text.span());
    }
    match tags {
        Tags::Template => cut(text, |rest| tag(rest, Place::Template)),
        Tags::Plain | Tags::AwsAuth => cut(text, |rest| tag(rest, Place::Plain)),
        // argocd-vault-plugin takes what stands between angle brackets for the name of a secret.
        Tags::Vault => cut(text, |rest| tag(rest, Place::Plain).or_else(|| named(rest, "<", ">"))),
    }
}

/// Like [`find`], for a text in which the authenticator replaces nothing: every `{{…}}` is another tool's.
pub fn find_all(text: Text) -> Text {
    cut(text, |rest| match braces(rest, "{{") {
        Some((length, _)) => Some(length),
        None => tag(rest, Place::Plain),
    })
}

/// What a tag may begin with: every value of every file is searched for them, so a byte is looked up, not compared.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let bytes = b"${<@#([%_?>";
    let mut at = 0;
    while at < bytes.len() {
        first[bytes[at] as usize] = true;
        at += 1;
    }
    first
};

/// The tags that begin with a letter. They are compared only where their first letter stands.
const FIRST_WORDS: [&str; 6] = ["ENC[", "ref+", "secretref+", "op://", "vault:", "repl{{"];

/// The place of the next byte that a tag may begin with. It is ASCII, so it is the border of a character.
fn next_first(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_word = |at: usize| {
        matches!(bytes[at], b'E' | b'r' | b's' | b'o' | b'v')
            && FIRST_WORDS.iter().any(|it| bytes[at..].starts_with(it.as_bytes()))
    };
    (0..bytes.len()).find(|&at| FIRST[usize::from(bytes[at])] || is_word(at))
}

/// The text, with a hole wherever `tag` finds that one begins and how long it is.
fn cut(text: Text, tag: impl Fn(&str) -> Option<usize>) -> Text {
    let bytes = text.bytes();
    let mut builder = TextBuilder::default();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = next_first(&bytes[at..]) {
        at += next;
        match tag(&bytes[at..]) {
            Some(length) => {
                builder.push(&text.part(done..at));
                // What another hole is written as is a part of this one.
                let inner = text.part(at..at + length);
                builder.push_hole(Hole { kind: HoleKind::Unknown, written: inner.shown().into() }, inner.span());
                at += length;
                done = at;
            }
            None => at += 1,
        }
    }
    if done == 0 {
        return text;
    }
    builder.push(&text.part(done..bytes.len()));
    builder.finish(text.whole())
}

/// `__ACCOUNT__`: capitals between two signs.
fn capitals(text: &str) -> Option<usize> {
    let (inner, _) = text.strip_prefix("__")?.split_once("__")?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!inner.is_empty() && inner.bytes().all(is_letter)).then_some(inner.len() + 4)
}

/// True if the comment after a value says that a tool puts another value there: ytt, kpt, Flux, or a token that YAML takes for
/// a comment.
pub fn is_filled_by(comment: &str, has_value: bool) -> bool {
    let setter = comment.trim_start_matches('#').trim_start();
    // To YAML `#{Role}#` and `#ROLE#` are comments. After a value they may be just that.
    let is_tag = !has_value && tag(comment, Place::Plain).is_some_and(|length| length == comment.trim_end().len());
    comment.starts_with("#@ ")
        || is_tag
        || setter.starts_with("kpt-set:")
        || ["{\"$kpt-set\"", "{\"$openapi\"", "{\"$imagepolicy\""].iter().any(|start| setter.starts_with(start))
}

/// Whether a file shows tags of a template engine: why it may not be YAML as it stands.
///
/// What CloudFormation and the authenticator replace are no such tags: they stand in good YAML. `${x}` stands in good
/// YAML too, unless it is a line of its own, where Terraform puts several lines, and so does a script for `__X__`.
pub fn has_template_tag(text: &str) -> bool {
    let foreign_braces = |(at, _): (usize, &str)| {
        let inner = window(&text[at + 2..]).split("}}").next().unwrap_or_default().trim();
        !inner.starts_with("resolve:") && !is_authenticators(inner)
    };
    let alone = |line: &str| {
        let line = line.trim();
        line.starts_with("${") && line.ends_with('}') || capitals(line) == Some(line.len())
    };
    ["{%", "<%", "%{", "@@", "[[ ", "[[."].iter().any(|tag| text.contains(tag))
        || text.match_indices("{{").any(foreign_braces)
        || text.lines().any(alone)
        || has_percent_mark(text)
}

/// Whether a line that cannot be read has a tag that a script replaces: `[${ZONES}]`, `{REGION}"a"`, `"port": ${PORT}`.
///
/// In a template of CloudFormation `${x}` is its own, and stands in good YAML: there the line is broken for another reason.
pub fn is_filled_in_at(text: &str, place: usize) -> bool {
    let start = text.get(..place).and_then(|it| it.rfind('\n')).map_or(0, |at| at + 1);
    let Some(line) = text.get(start..).and_then(|it| it.lines().next()) else { return false };
    let is_mark = |(at, _): (usize, &str)| {
        let inner = line[at + 1..].split('}').next().unwrap_or_default();
        let in_capitals = |it: &str| it.len() > 2 && it.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        line[at..].contains('}') && (line[..at].ends_with('$') && is_name(inner) || in_capitals(inner))
    };
    !text.contains("AWS::") && line.match_indices('{').any(is_mark) || is_filled_in_line(text, start)
}

/// Whether a line, or the one before it, is nothing but what a script replaces: `GEN3_DATE_LABEL`, `@LABELS@`. Such a line
/// often is read as a part of the value before it, and then the next one cannot be read.
fn is_filled_in_line(text: &str, start: usize) -> bool {
    let says_something = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let at = text[start..].lines().next();
    let before = text[..start].lines().rev().find(says_something);
    at.filter(says_something).into_iter().chain(before).any(tools::is_line)
}

/// `%NAME%`, as the console writes it into the manifests of the EKS connector.
fn has_percent_mark(text: &str) -> bool {
    let mut parts = text.split('%').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_name = part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        if is_name && parts.peek().is_some() {
            return true;
        }
    }
    false
}
