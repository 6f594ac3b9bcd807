//! Marks that another tool replaces before AWS or Kubernetes sees the file: `${VAR}`, `$(VAR)`, `{{ .Values.x }}`,
//! `{{resolve:ssm:/x}}`. What they become cannot be known, so they are holes.

use crate::facts::TEMPLATE_VARIABLES;
use crate::source::{Hole, HoleKind, Text, TextBuilder};

use super::value::Dialect;

/// The text, with a hole for each mark of another tool.
pub fn find(text: Text, dialect: Dialect<'_>) -> Text {
    let in_template = matches!(dialect, Dialect::Template(_));
    cut(text, |rest| mark(rest, in_template))
}

/// Like [`find`], for a text in which the authenticator replaces nothing: every `{{…}}` is another tool's.
pub fn find_all(text: Text) -> Text {
    cut(text, |rest| match rest.strip_prefix("{{").and_then(|inner| inner.find("}}")) {
        Some(length) => Some(length + "{{}}".len()),
        None => mark(rest, false),
    })
}

/// What a mark may begin with.
const STARTS: [char; 8] = ['$', '{', '<', '@', '#', '[', '(', '_'];

/// The text, with a hole wherever `mark` finds that one begins and how long it is.
fn cut(text: Text, mark: impl Fn(&str) -> Option<usize>) -> Text {
    let bytes = text.bytes();
    if !bytes.contains(STARTS) {
        return text;
    }
    let mut builder = TextBuilder::default();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = bytes[at..].find(STARTS) {
        at += next;
        match mark(&bytes[at..]) {
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
        return (!is_authenticators(inner) || in_template && inner.starts_with("resolve:")).then_some(length);
    }
    if let Some((length, inner)) = enclosed("${", "}") {
        // In a template it means the template's own things, but for what the Serverless Framework reads before.
        let is_other = if in_template { is_of_serverless(&inner) } else { !is_policy_variable(&inner) };
        return (is_other && is_name(&inner)).then_some(length);
    }
    if let Some(length) = shell_variable(text) {
        return Some(length);
    }
    let word = |open: &str, close: &str| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
        enclosed(open, close).filter(|(_, inner)| inner.chars().all(is_letter))
    };
    let word = word("[[", "]]").or_else(|| word("((", "))")).or_else(|| capitals("__", text));
    let engine = || {
        let long = enclosed("<%", "%>").or_else(|| enclosed("#{", "}")).or_else(|| enclosed("@@", "@@"));
        long.or_else(|| if in_template { None } else { enclosed("$(", ")") })
    };
    let (length, inner) = word.or_else(engine).or_else(|| {
        let (length, inner) = enclosed("@", "@").filter(|_| !in_template)?;
        (length == inner.len() + 2).then_some((length, inner))
    })?;
    is_name(&inner).then_some(length)
}

/// `__ACCOUNT__`, as pipelines replace it: capitals between two signs.
fn capitals(sign: &str, text: &str) -> Option<(usize, String)> {
    let (inner, _) = text.strip_prefix(sign)?.split_once(sign)?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    inner.bytes().all(is_letter).then(|| (inner.len() + 2 * sign.len(), inner.to_owned()))
}

/// `${aws:username}` is a policy variable: AWS replaces it, and it means itself.
fn is_policy_variable(inner: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "./-_".contains(c);
    inner
        .split_once(':')
        .is_some_and(|(service, key)| service.chars().all(is_letter) && !key.starts_with('-') && !key.starts_with('='))
}

/// `${self:custom.x}`, `${env:ACCOUNT}`: what a template is given by the Serverless Framework.
fn is_of_serverless(inner: &str) -> bool {
    const SOURCES: [&str; 9] = ["self:", "env:", "opt:", "ssm:", "cf:", "param:", "sls:", "file(", "ssm("];
    SOURCES.iter().any(|source| inner.starts_with(source))
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
        && TEMPLATE_VARIABLES
            .iter()
            .any(|name| name.eq_ignore_ascii_case(inner) || crate::names::nearest(inner, [*name]).is_some())
}

/// Whether a file shows marks of a template engine: why it may not be YAML as it stands.
///
/// What CloudFormation and the authenticator replace are no such marks: they stand in good YAML. `${x}` stands in good
/// YAML too, unless it is a line of its own, where Terraform puts several lines.
pub fn has_engine_mark(text: &str) -> bool {
    let foreign_braces = |(at, _): (usize, &str)| {
        let inner = text[at + 2..].split("}}").next().unwrap_or_default().trim();
        !inner.starts_with("resolve:") && !is_authenticators(inner)
    };
    let alone = |line: &str| {
        let line = line.trim();
        line.starts_with("${") && line.ends_with('}')
    };
    ["{%", "<%", "%{", "@@"].iter().any(|mark| text.contains(mark))
        || text.match_indices("{{").any(foreign_braces)
        || text.lines().any(alone)
        || has_percent_mark(text)
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
            ("arn:aws:iam::#{Account}:role/x", "arn:aws:iam::", "Octopus"),
            ("arn:aws:iam::[[ account ]]:role/x", "arn:aws:iam::", "Go with other delimiters"),
            ("arn:aws:iam::((account)):role/x", "arn:aws:iam::", "Concourse"),
            ("arn:aws:iam::__ACCOUNT__:role/x", "arn:aws:iam::", "pipelines"),
            ("${replace(oidc, \"https://\", \"\")}:sub", "", "Terraform"),
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
            ("role/a__b__c", "a name"),
        ];
        for (value, why) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(!text.has_holes(), "{value}: {why}");
        }
    }

    #[test]
    fn marks_of_engines() {
        let cases = [
            ("{{- if .Values.enabled }}", true, "Helm"),
            ("{% for x in y %}", true, "Jinja"),
            ("%{ if ipv6 ~}", true, "Terraform"),
            ("a:\n  ${indent(2, x)}\n", true, "Terraform, a line of its own"),
            ("role: %IAM_ARN%", true, "the connector's manifest"),
            ("username: system:node:{{EC2PrivateDNSName}}", false, "the authenticator's"),
            ("key: '{{resolve:ssm:/x}}'", false, "CloudFormation's"),
            ("Role: !Sub arn:${AWS::Partition}:iam", false, "CloudFormation's too"),
            ("cpu: 50% of 100%", false, "shares"),
        ];
        for (text, wanted, why) in cases {
            assert_eq!(has_engine_mark(text), wanted, "{text}: {why}");
        }
    }
}
