//! User names of access entries: prefixes that are reserved, and the template that stands for the session.
//!
//! The rules are those of the EKS user guide, "Create access entries".

use std::ops::Range;

use crate::source::{HoleKind, Piece, Text};

const RESERVED: &[&str] = &["system:", "eks:", "aws:", "amazon:", "iam:"];

/// How a user name begins that cannot begin so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reserved {
    pub prefix: &'static str,
    /// The documentation forbids exactly this word.
    pub is_documented: bool,
}

/// The reserved prefix that a user name certainly begins with.
pub fn reserved_prefix(name: &Text) -> Option<Reserved> {
    let begins = |prefix: &str| {
        let known = name.bytes().get(..prefix.len());
        known.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let exact = RESERVED.iter().find(|it| name.starts_with(it) == Some(true));
    if let Some(prefix) = exact {
        return Some(Reserved { prefix, is_documented: true });
    }
    // `session` is refused too, as terraform-aws-modules/terraform-aws-eks#3286 quotes the API; it is not documented.
    let other = RESERVED.iter().chain(&["session"]).find(|it| begins(it))?;
    Some(Reserved { prefix: other, is_documented: false })
}

/// The templates that EKS replaces in user names.
const TEMPLATES: &[&str] = &["SessionName", "SessionNameRaw"];

/// What stands in a user name for the name of the session, or was meant to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionTemplate {
    /// Its bytes in the user name.
    pub range: Range<usize>,
    /// `{{SessionName}}`: the spelling that EKS replaces.
    pub right: String,
    /// True if it is spelled so.
    pub is_right: bool,
}

/// The first template of a user name, well spelled or not. A well spelled one comes first.
pub fn session_template(name: &Text) -> Option<SessionTemplate> {
    let all = templates(name.bytes());
    all.iter().find(|it| it.is_right).or(all.first()).cloned()
}

/// Whether a user name tells sessions apart. `None`: what fills a hole may.
pub fn written_session_template(name: &Text) -> Option<bool> {
    match session_template(name) {
        Some(_) => Some(true),
        None if name.pieces().any(|piece| matches!(piece, Piece::Hole(_))) => None,
        None => Some(false),
    }
}

/// True if the template of a user name certainly has no colon before it.
///
/// An account id, a region and a partition hold no colon; any other hole may.
pub fn lacks_colon(name: &Text) -> bool {
    let Some(template) = session_template(name) else { return false };
    !name.part(0..template.range.start).pieces().any(|piece| match piece {
        Piece::Known(known) => known.contains(':'),
        Piece::Hole(hole) => !matches!(hole.kind, HoleKind::AccountId | HoleKind::Region | HoleKind::Partition),
    })
}

fn templates(name: &str) -> Vec<SessionTemplate> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = name[at..].find('{') {
        let open = at + open;
        let braces = name[open..].bytes().take_while(|byte| *byte == b'{').count();
        let inner = open + braces;
        let Some(close) = name[inner..].find('}') else { break };
        let close = inner + close;
        let closing = name[close..].bytes().take_while(|byte| *byte == b'}').count().min(braces.max(2));
        at = close + closing;
        let written = &name[inner..close];
        let right = match TEMPLATES.iter().find(|it| **it == written) {
            Some(right) => *right,
            None => match crate::names::nearest(written.trim(), TEMPLATES.iter().copied()) {
                Some(right) => right,
                None => match TEMPLATES.iter().find(|it| **it == written.trim()) {
                    Some(right) => *right,
                    None => continue,
                },
            },
        };
        let start = name[..open].trim_end_matches('$').len();
        let is_right = written == right && braces == 2 && closing == 2 && start == open;
        found.push(SessionTemplate { range: start..at, right: format!("{{{{{right}}}}}"), is_right });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn text(value: &str) -> Text {
        Text::of_file(FileId::new(0), value.into())
    }

    #[test]
    fn templates_are_found_however_they_are_spelled() {
        let cases = [
            ("dev:{{SessionName}}", Some((4..19, true)), "the documented spelling"),
            ("dev:{{SessionNameRaw}}", Some((4..22, true)), "the session's name as it is"),
            ("dev:{{sessionName}}", Some((4..19, false)), "case"),
            ("dev:{{ SessionName }}", Some((4..21, false)), "spaces"),
            ("dev:{SessionName}", Some((4..17, false)), "one brace"),
            ("dev:${SessionName}", Some((4..18, false)), "a variable of a shell"),
            ("dev:{{session_name}}", Some((4..20, false)), "another convention"),
            ("dev:{{.SessionName}}", Some((4..20, false)), "a Go template"),
            ("dev:{{SessionName}", Some((4..18, false)), "a brace lost"),
            ("dev:{{{SessionName}}}", Some((4..21, false)), "three braces"),
            ("dev:{{SessionName}}}", Some((4..19, true)), "a brace after it"),
            ("dev:$${SessionName}", Some((4..19, false)), "an escaped variable of a shell"),
            ("dev:${{SessionName}}", Some((4..20, false)), "a sign before it"),
            ("dev:{{AccountID}}", None, "something else"),
            ("dev:{", None, "an open brace"),
            ("{{sessionname}}:{{SessionName}}", Some((16..31, true)), "the right one wins"),
        ];
        for (name, wanted, why) in cases {
            let found = session_template(&text(name)).map(|it| (it.range, it.is_right));
            assert_eq!(found, wanted, "{name}: {why}");
        }
    }

    #[test]
    fn prefixes() {
        let cases = [
            ("system:node:a", Some(("system:", true))),
            ("System:a", Some(("system:", false))),
            ("sessions", Some(("session", false))),
            ("my-system:a", None),
            ("iam", None),
        ];
        for (name, wanted) in cases {
            let found = reserved_prefix(&text(name)).map(|it| (it.prefix, it.is_documented));
            assert_eq!(found, wanted, "{name}");
        }
    }
}
