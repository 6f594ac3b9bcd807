//! Marks that another tool replaces before AWS or Kubernetes sees the file: `${VAR}`, `$(VAR)`, `{{ .Values.x }}`,
//! `{{resolve:ssm:/x}}`. What they become cannot be known, so they are holes.

use crate::source::{Hole, HoleKind, Span, Text, TextBuilder};

use super::value::Dialect;

/// What the authenticator replaces in user names and groups (aws-iam-authenticator `pkg/server/server.go`).
const AUTHENTICATOR: &[&str] = &["EC2PrivateDNSName", "AccountID", "SessionName", "SessionNameRaw", "AccessKeyID"];

/// The text, with a hole for each mark of another tool.
pub fn find(text: Text, dialect: Dialect<'_>) -> Text {
    let bytes = text.bytes();
    if !bytes.contains(['$', '{', '%', '@', '<']) {
        return text;
    }
    let in_template = matches!(dialect, Dialect::Template(_));
    let mut builder = TextBuilder::default();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = bytes[at..].find(['$', '{', '<', '@']) {
        at += next;
        match mark(&bytes[at..], in_template) {
            Some(length) => {
                builder.push(&text.part(done..at));
                let written = bytes[at..at + length].into();
                builder.push_hole(Hole { kind: HoleKind::Unknown, written }, text.slice(at..at + length));
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

/// The length of the mark that the text begins with.
fn mark(text: &str, in_template: bool) -> Option<usize> {
    let enclosed = |open: &str, close: &str| -> Option<(usize, String)> {
        let rest = text.strip_prefix(open)?;
        let end = rest.find(close)?;
        Some((open.len() + end + close.len(), rest[..end].to_owned()))
    };
    if let Some((length, inner)) = enclosed("{{", "}}") {
        let inner = inner.trim().trim_matches('-').trim();
        if in_template {
            return inner.starts_with("resolve:").then_some(length);
        }
        return (!is_authenticators(inner)).then_some(length);
    }
    if in_template {
        return None;
    }
    if let Some((length, inner)) = enclosed("${", "}") {
        // `${aws:username}` is a policy variable: AWS replaces it, and it means itself.
        let is_policy_variable = inner.contains(':') && !inner.contains(":-") && !inner.contains(":=");
        return (!is_policy_variable && is_name(&inner)).then_some(length);
    }
    if let Some(length) = shell_variable(text) {
        return Some(length);
    }
    let (length, inner) =
        enclosed("$(", ")").or_else(|| enclosed("<%", "%>")).or_else(|| enclosed("@@", "@@")).or_else(|| {
            let (length, inner) = enclosed("@", "@")?;
            (length == inner.len() + 2).then_some((length, inner))
        })?;
    is_name(&inner).then_some(length)
}

/// The length of `$NAME`, as `envsubst` and shells replace it: upper case, so that prices and patterns stay.
fn shell_variable(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    let length = name.bytes().take_while(|byte| is_letter(byte)).count();
    (length >= 2 && !name.as_bytes()[0].is_ascii_digit()).then_some(length + 1)
}

/// True for what a person would call a variable, so that a stray `$` or `@` does not swallow half a line.
fn is_name(inner: &str) -> bool {
    !inner.is_empty()
        && inner.len() <= 200
        && inner.contains(|c: char| c.is_ascii_alphanumeric())
        && !inner.contains('\n')
}

/// True for the authenticator's own templates, and for what was meant to be one.
fn is_authenticators(inner: &str) -> bool {
    let plain = inner.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain
        && AUTHENTICATOR
            .iter()
            .any(|name| name.eq_ignore_ascii_case(inner) || crate::names::nearest(inner, [*name]).is_some())
}

/// The place of the first mark of a template engine in a file, if there is one: why it may not be YAML.
pub fn engine_mark(text: &str, file: crate::source::FileId) -> Option<Span> {
    let marks = ["{{", "{%", "<%", "${", "%{", "@@"].iter().filter_map(|mark| text.find(mark));
    let at = marks.chain(percent_mark(text)).min()?;
    Some(Span { file, start: at as u32, end: at as u32 + 2 })
}

/// `%NAME%`, as the console writes it into the manifests of the EKS connector.
fn percent_mark(text: &str) -> Option<usize> {
    let mut parts = text.split('%');
    let mut at = parts.next()?.len();
    for part in parts {
        if part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') {
            return Some(at);
        }
        at += 1 + part.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn marks_become_holes() {
        let cases = [
            ("arn:aws:iam::${ACCOUNT}:role/x", "arn:aws:iam::", "envsubst"),
            ("arn:aws:iam::$(ACCOUNT):role/x", "arn:aws:iam::", "kustomize"),
            ("{{ .Values.arn }}", "", "Helm"),
            ("{{ account_id }}x", "", "Jinja"),
            ("$NODE_ROLE", "", "a shell"),
            ("@@ACCOUNT@@", "", "filters of Maven and others"),
        ];
        for (value, before, why) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(text.has_holes(), "{value}: {why}");
            assert_eq!(text.starts_with(before), Some(true), "{value}: {why}");
            assert_eq!(text.shown(), value);
        }
    }

    #[test]
    fn what_means_itself_stays() {
        let cases = [
            ("system:node:{{EC2PrivateDNSName}}", "the authenticator replaces it"),
            ("admin:{{sessionName}}", "meant to be the authenticator's"),
            ("${aws:username}", "a policy variable"),
            ("a@b.example", "an address"),
            ("<your-role>", "a slot for a person to fill"),
            ("costs $5", "a price"),
        ];
        for (value, why) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(!text.has_holes(), "{value}: {why}");
        }
    }
}
