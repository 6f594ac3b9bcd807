//! Which objects a patch or replacement is for.

use crate::facts::{ChangeTarget, ObjectMeta};

/// How long names may be that are compared with patterns: the API server accepts no longer ones.
const LONGEST: usize = 253;

/// How many steps it is to compare an object with a target, at least 1. A step looks at some hundred bytes at most.
pub(super) fn steps(target: &ChangeTarget) -> usize {
    let of_text = |it: &String| {
        let is_searched = target.is_pattern && it.len() <= LONGEST && it.contains(".*");
        if is_searched { it.len() } else { it.len() / 64 }
    };
    let own: usize = [&target.kind, &target.name].into_iter().flatten().map(of_text).sum();
    target.except.iter().map(steps).sum::<usize>() + 1 + own
}

/// Whether a patch or replacement may be for an object.
pub(super) fn chooses(target: Option<&ChangeTarget>, meta: &ObjectMeta, is_affixed: bool) -> bool {
    may_choose(target, meta.kind.as_str(), meta.name.string(), is_affixed)
}

/// [`chooses`], of an object with a kind and a name. `None`: they may be any.
pub(super) fn may_choose(
    target: Option<&ChangeTarget>,
    kind: Option<&str>,
    name: Option<&str>,
    is_affixed: bool,
) -> bool {
    let Some(target) = target else { return true };
    let may_be = |wanted: &Option<String>, written: Option<&str>| match (wanted, written) {
        (Some(wanted), Some(written)) if target.is_pattern => may_match(wanted, written),
        (Some(wanted), Some(written)) => wanted == written,
        _ => true,
    };
    // The name that it has by then. Patterns are not compared with a part of it.
    let is_pattern = |wanted: &str| target.is_pattern && (wanted.contains('.') || !is_plain(wanted));
    let is_longer = |wanted: &str| name.is_some_and(|it| wanted.contains(it)) || is_pattern(wanted);
    let may_be_longer = || is_affixed && target.name.as_deref().is_some_and(is_longer);
    let is_rejected = |it: &ChangeTarget| {
        let is = |wanted: &Option<String>, written: Option<&str>| wanted.is_none() || wanted.as_deref() == written;
        is(&it.kind, kind) && is(&it.name, name)
    };
    may_be(&target.kind, kind)
        && (may_be(&target.name, name) || may_be_longer())
        && !target.except.iter().any(is_rejected)
}

/// True for a pattern without anything that means more than itself, but for the dot that names have.
fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['*', '+', '?', '(', ')', '[', ']', '|', '\\', '{', '}', '^', '$'])
}

/// Whether a pattern of a target may match. Kustomize takes a regular expression for the whole text; what stands in it besides
/// `.` and `.*` is not read, and may match. Looks at no more than [`LONGEST`] bytes for each of the pattern.
fn may_match(pattern: &str, text: &str) -> bool {
    if pattern.len().max(text.len()) > LONGEST {
        return true;
    }
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let parts: Vec<&str> = pattern.split(".*").collect();
    if !parts.iter().all(|it| is_plain(it)) || !text.is_ascii() {
        return true;
    }
    let begins = |text: &[u8], part: &str| {
        part.len() <= text.len() && part.bytes().zip(text).all(|(wanted, byte)| wanted == b'.' || wanted == *byte)
    };
    let [first, middle @ .., last] = parts.as_slice() else {
        return pattern.len() == text.len() && begins(text.as_bytes(), pattern);
    };
    if !begins(text.as_bytes(), first) {
        return false;
    }
    let mut rest = &text.as_bytes()[first.len()..];
    for part in middle {
        let Some(at) = (0..=rest.len()).find(|at| begins(&rest[*at..], part)) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.len().checked_sub(last.len()).is_some_and(|at| begins(&rest[at..], last))
}

#[cfg(test)]
mod tests {
    use super::may_match;

    /// Compared with kustomize 5.5.
    #[test]
    fn patterns_of_targets() {
        let cases = [
            ("app", "app", true, "itself"),
            ("app", "app-1", false, "the whole name"),
            ("app.v1", "app-v1", true, "any character"),
            ("app.v1", "app", false, "one that is there"),
            ("app.*", "app", true, "anything"),
            ("app.*", "web", false, "another name"),
            (".*-app", "dev-app", true, "the end"),
            (".*-app", "dev-app-1", false, "not the end"),
            ("a.*b.*c", "a1b2c", true, "several"),
            ("a.*b.*c", "a1c", false, "one is missing"),
            ("ab.*ba", "aba", false, "they do not overlap"),
            ("^app$", "app", true, "anchors"),
            ("web|app", "other", true, "not read"),
            ("[a-z]+", "x1", true, "not read"),
            (r"app\.v1", "x", true, "not read"),
            (&"a".repeat(254), "x", true, "not read"),
        ];
        for (pattern, text, wanted, why) in cases {
            assert_eq!(may_match(pattern, text), wanted, "{pattern} {text}: {why}");
        }
    }
}
