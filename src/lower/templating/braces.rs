//! What stands between braces, and the names in them.

use crate::facts::TEMPLATE_VARIABLES;

/// How many bytes a tag may have: a longer one is none, and looking for its end would take time for nothing.
const LONGEST_TAG: usize = 512;

/// The first bytes of a text, as many as a tag may have.
pub(super) fn window(text: &str) -> &str {
    let end = (0..=LONGEST_TAG.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// What stands between two tags, and how long all of it is.
pub(super) fn enclosed<'t>(text: &'t str, open: &str, close: &str) -> Option<(usize, &'t str)> {
    let rest = text.strip_prefix(open)?;
    let rest = window(rest);
    let end = memchr::memmem::find(rest.as_bytes(), close.as_bytes())?;
    Some((open.len() + end + close.len(), &rest[..end]))
}

/// What stands between braces, without spaces. More braces than were asked for belong to the tag: `{{{x}}}`.
pub(super) fn braces<'t>(text: &'t str, open: &str) -> Option<(usize, &'t str)> {
    let close = &"}}"[..open.matches('{').count()];
    let (length, inner) = enclosed(text, open, close)?;
    let more = inner.len() - inner.trim_start_matches('{').len();
    let closed = text[length..].bytes().take(more).take_while(|byte| *byte == b'}').count();
    Some((length + closed, inner.trim_start_matches('{').trim().trim_matches('-').trim()))
}

/// True for what a person would call a variable, so that a stray `$` or `@` does not swallow half a line.
pub(super) fn is_name(inner: &str) -> bool {
    !inner.is_empty()
        && inner.len() <= 200
        && inner.contains(|c: char| c.is_ascii_alphanumeric())
        && !inner.contains('\n')
}

/// True for the authenticator's own templates, and for what was meant to be one.
pub(super) fn is_authenticators(inner: &str) -> bool {
    let plain = inner.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain
        && (TEMPLATE_VARIABLES.iter().any(|name| name.eq_ignore_ascii_case(inner))
            || TEMPLATE_VARIABLES.iter().any(|name| crate::names::nearest(inner, [*name]).is_some()))
}
