//! A service account with a name, or in a namespace, that Kubernetes refuses.

use crate::iam::{is_plain_part, is_variable};
use crate::names::{is_dns_label, is_dns_subdomain};
use crate::prelude::*;
use crate::source::Piece;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let built = workspace.built();
    for account in &workspace.facts.service_accounts {
        let meta = &account.meta;
        // What says nothing at all is a sketch, and without a version too it is a part of something else.
        let says_more = !meta.annotations.is_empty() || !meta.labels.is_empty() || meta.namespace.is_written();
        let is_whole = account.is_manifest && says_more && !meta.version.value.is_absent();
        // A patch of kustomize may leave it to its target.
        if is_whole && meta.name.is_absent() && !built.holds(meta.whole) {
            let at = meta.kind.span();
            let found = findings.at(at, "the service account has no name");
            found.why("the API server refuses an object without a name").help("write `name` under `metadata`");
            // What `kubectl patch` is given needs neither.
            if meta.namespace.is_absent() {
                found.possible();
            }
        }
        for text in account.meta.name.known() {
            let Some(name) = judged(text).filter(|it| !is_dns_subdomain(it)) else { continue };
            // Kustomize puts something before or after it, or another name in its place.
            let is_wrong_inside = || name.len() > 253 || name.chars().any(|c| !is_letter_of_names(c));
            if meta.built.is_renamed || meta.built.is_affixed && !is_wrong_inside() {
                continue;
            }
            findings.at(text.span(), format!("`{name}` cannot be the name of a service account")).why(reason(
                name,
                253,
                "letters a to z, digits, `-` and `.`",
            ));
        }
        let in_part = |text: &Text| (!meta.built.is_renamed).then(|| wrong_part(text))?;
        for (text, part) in account.meta.name.known().filter_map(|it| Some((it, in_part(it)?))) {
            findings
                .at(part, format!("`{}` cannot be the name of a service account", text.shown()))
                .why("the API server takes letters a to z, digits, `-` and `.` only, whatever is filled in");
        }
        for text in account.meta.namespace.known() {
            let Some(name) = judged(text).filter(|it| !is_dns_label(it)) else { continue };
            findings.at(text.span(), format!("`{name}` cannot be the name of a namespace")).why(reason(
                name,
                63,
                "letters a to z, digits and `-`",
            ));
        }
    }
}

/// The name, unless another tool or a person is to put something else there.
fn judged(text: &Text) -> Option<&str> {
    let name = text.as_str()?;
    let is_unfilled = text.is_unfilled() || is_variable(text);
    (!is_unfilled && !name.contains(['$', '<', '{', '[', '%', '#'])).then_some(name)
}

/// A letter of a name that is wrong whatever is filled in for the rest of it: uppercase, or an underscore between letters. At the
/// edge of a known part it may belong to the token.
fn wrong_part(text: &Text) -> Option<Span> {
    if !text.has_holes()
        || text.is_unfilled()
        || !text.pieces().all(|it| matches!(it, Piece::Hole(_)) || is_plain_part(it))
    {
        return None;
    }
    text.pieces_at().find_map(|(at, piece)| {
        let Piece::Known(known) = piece else { return None };
        let inside = known.trim_matches('_');
        let offset = known.len() - known.trim_start_matches('_').len();
        let wrong = inside.find(|c: char| c.is_ascii_uppercase() || c == '_')?;
        Some(text.slice(at + offset + wrong..at + offset + wrong + 1))
    })
}

fn reason(name: &str, most: usize, letters: &str) -> String {
    if name.is_empty() {
        "the API server asks for a name".to_owned()
    } else if name.len() > most {
        format!("{} letters, and the API server takes {most} at most", name.len())
    } else if name.chars().all(is_letter_of_names) {
        "the API server asks for a letter or digit at the start and end of each part".to_owned()
    } else {
        format!("the API server takes {letters} only")
    }
}

fn is_letter_of_names(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.')
}
