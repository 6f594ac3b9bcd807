//! Marks that another tool replaces before AWS or Kubernetes sees the file: `${VAR}`, `$(VAR)`, `{{ .Values.x }}`,
//! `#{VAR}`, `((var))`, `{{resolve:ssm:/x}}`. What they become cannot be known, so they are holes.

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
    cut(text, |rest| match braces(rest, "{{") {
        Some((length, _)) => Some(length),
        None => mark(rest, false),
    })
}

/// What a mark may begin with: every value of every file is searched for them, so a byte is looked up, not compared.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let bytes = b"${<@#([%_";
    let mut at = 0;
    while at < bytes.len() {
        first[bytes[at] as usize] = true;
        at += 1;
    }
    first
};

/// The place of the next byte that a mark may begin with. It is ASCII, so it is the border of a character.
fn next_first(text: &str) -> Option<usize> {
    text.bytes().position(|byte| FIRST[usize::from(byte)])
}

/// How many bytes a mark may have.
const LONGEST_MARK: usize = 512;

/// The border of a character at or before an offset.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&it| text.is_char_boundary(it)).unwrap_or(0)
}

/// The text, with a hole wherever `mark` finds that one begins and how long it is.
fn cut(text: Text, mark: impl Fn(&str) -> Option<usize>) -> Text {
    let bytes = text.bytes();
    let mut builder = TextBuilder::default();
    let mut done = 0;
    let mut at = 0;
    while let Some(next) = next_first(&bytes[at..]) {
        at += next;
        // A mark that is longer than any name is none, and looking on for its end would take time for nothing.
        let window = floor(bytes, at + LONGEST_MARK);
        match mark(&bytes[at..window]) {
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

/// The length of the mark that the text begins with.
fn mark(text: &str, in_template: bool) -> Option<usize> {
    if let Some((length, inner)) = braces(text, "{{") {
        return (!is_authenticators(inner)).then_some(length);
    }
    // `${{ x }}` is that of a pipeline, `#{{X}}` one with a sigil; `$${X}` becomes `${X}`, for the next tool.
    if let Some((length, _)) = braces(text, "${{").or_else(|| braces(text, "#{{")) {
        return Some(length);
    }
    // `${X}` is CloudFormation's own: a hole where `Fn::Sub` reads it, and a slip elsewhere.
    if in_template && text.starts_with(['{', '$']) && text.trim_start_matches('$').starts_with('{') {
        return braces(text, "${").filter(|(_, inner)| is_of_serverless(inner)).map(|(length, _)| length);
    }
    if let Some((length, inner)) = braces(text, "${") {
        return (!is_policy_variable(inner) && is_name(inner)).then_some(length);
    }
    if let Some(rest) = text.strip_prefix('$').filter(|rest| rest.starts_with("${")) {
        return mark(rest, false).map(|length| length + 1);
    }
    if let Some((length, inner)) = braces(text, "#{") {
        // Azure's replacement of tokens ends them with the sigil too.
        let length = length + usize::from(text[length..].starts_with('#'));
        return is_name(inner).then_some(length);
    }
    if let Some((length, inner)) = braces(text, "{") {
        // `{SessionName}` was meant for the authenticator. `{x}` is what programs format, and nothing else has it.
        return (is_word(inner) && !is_authenticators(inner)).then_some(length);
    }
    if let Some(length) = shell_variable(text).or_else(|| capitals(text)) {
        return Some(length);
    }
    const LOOSE: [(&str, &str); 3] = [("$(", ")"), ("<%", "%>"), ("{%", "%}")];
    const STRICT: [(&str, &str); 10] = [
        ("((", "))"),
        ("$[[", "]]"),
        ("[[", "]]"),
        ("#[", "]"),
        ("%(", ")s"),
        ("%%", "%%"),
        ("##", "##"),
        ("#", "#"),
        ("@@", "@@"),
        ("@", "@"),
    ];
    let loose = LOOSE.into_iter().find_map(|(open, close)| enclosed(text, open, close));
    if let Some((length, inner)) = loose {
        return is_name(inner).then_some(length);
    }
    let (length, inner) = STRICT.into_iter().find_map(|(open, close)| enclosed(text, open, close))?;
    is_word(inner.trim_matches(['!', ' '])).then_some(length)
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

/// `__ACCOUNT__`, as pipelines replace it: capitals between two signs.
fn capitals(text: &str) -> Option<usize> {
    let (inner, _) = text.strip_prefix("__")?.split_once("__")?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!inner.is_empty() && inner.bytes().all(is_letter)).then_some(inner.len() + 4)
}

/// What stands between two marks, and how long all of it is.
fn enclosed<'t>(text: &'t str, open: &str, close: &str) -> Option<(usize, &'t str)> {
    let rest = text.strip_prefix(open)?;
    let end = rest.find(close)?;
    Some((open.len() + end + close.len(), &rest[..end]))
}

/// What stands between braces, without blanks. More braces than were asked for belong to the mark: `{{{x}}}`.
fn braces<'t>(text: &'t str, open: &str) -> Option<(usize, &'t str)> {
    let close = &"}}"[..open.matches('{').count()];
    let (length, inner) = enclosed(text, open, close)?;
    let more = inner.len() - inner.trim_start_matches('{').len();
    let closed = text[length..].bytes().take(more).take_while(|byte| *byte == b'}').count();
    Some((length + closed, inner.trim_start_matches('{').trim().trim_matches('-').trim()))
}

/// The length of `$NAME`, as `envsubst` and shells replace it. Prices stay, and so does the end of a pattern.
fn shell_variable(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = name.bytes().take_while(is_letter).count();
    (length >= 2 && !name.as_bytes()[0].is_ascii_digit()).then_some(length + 1)
}

/// True for what a person would call a variable, so that a stray `$` or `@` does not swallow half a line.
fn is_name(inner: &str) -> bool {
    !inner.is_empty()
        && inner.len() <= 200
        && inner.contains(|c: char| c.is_ascii_alphanumeric())
        && !inner.contains('\n')
}

/// True for the name of a variable and nothing else, where the marks around it stand in other texts too.
fn is_word(inner: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '/'))
        && inner.len() <= 100
        && inner.bytes().all(is_letter)
}

/// True for the authenticator's own templates, and for what was meant to be one.
fn is_authenticators(inner: &str) -> bool {
    let plain = inner.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain
        && (TEMPLATE_VARIABLES.iter().any(|name| name.eq_ignore_ascii_case(inner))
            || TEMPLATE_VARIABLES.iter().any(|name| crate::names::nearest(inner, [*name]).is_some()))
}

/// Whether the comment behind a value says which tool puts another there: ytt, kpt, or Flux.
pub fn is_filled_by(comment: &str) -> bool {
    let setter = comment.trim_start_matches('#').trim_start();
    comment.starts_with("#@ ")
        || setter.starts_with("kpt-set:")
        || ["{\"$kpt-set\"", "{\"$openapi\"", "{\"$imagepolicy\""].iter().any(|start| setter.starts_with(start))
}

/// Whether a file shows marks of a template engine: why it may not be YAML as it stands.
///
/// What CloudFormation and the authenticator replace are no such marks: they stand in good YAML. `${x}` stands in good
/// YAML too, unless it is a line of its own, where Terraform puts several lines, and so does a script for `__X__`.
pub fn has_engine_mark(text: &str) -> bool {
    let foreign_braces = |(at, _): (usize, &str)| {
        let inner = text[at + 2..].split("}}").next().unwrap_or_default().trim();
        !inner.starts_with("resolve:") && !is_authenticators(inner)
    };
    let alone = |line: &str| {
        let line = line.trim();
        line.starts_with("${") && line.ends_with('}') || capitals(line) == Some(line.len())
    };
    ["{%", "<%", "%{", "@@"].iter().any(|mark| text.contains(mark))
        || text.match_indices("{{").any(foreign_braces)
        || text.lines().any(alone)
        || has_percent_mark(text)
}

/// Whether a line that cannot be read has a mark that a script replaces: `[${ZONES}]`, `{REGION}"a"`, `"port": ${PORT}`.
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
    !text.contains("AWS::") && line.match_indices('{').any(is_mark)
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
    use crate::source::{FileId, Piece};

    #[test]
    fn marks_become_holes() {
        let cases = [
            ("arn:aws:iam::${ACCOUNT}:role/x", "arn:aws:iam::", "envsubst"),
            ("arn:aws:iam::$(ACCOUNT):role/x", "arn:aws:iam::", "kustomize"),
            ("{{ .Values.arn }}", "", "Helm"),
            ("{{ account_id }}x", "", "Jinja"),
            ("$NODE_ROLE", "", "a shell"),
            ("$node_role", "", "a shell, in small letters"),
            ("@@ACCOUNT@@", "", "filters of Maven and others"),
            ("@account.id@", "", "the same, with one"),
            ("arn:aws:iam::#{Account}:role/x", "arn:aws:iam::", "Octopus"),
            ("arn:aws:iam::#{Account}#:role/x", "arn:aws:iam::", "replacement of tokens in Azure"),
            ("arn:aws:iam::((account)):role/x", "arn:aws:iam::", "Concourse"),
            ("arn:aws:iam::__ACCOUNT__:role/x", "arn:aws:iam::", "pipelines"),
            ("${replace(oidc, \"https://\", \"\")}:sub", "", "Terraform"),
            ("((!vault.account))", "", "Concourse, which must not escape it"),
            ("arn:aws:iam::%(account)s:role/x", "arn:aws:iam::", "Python"),
            ("arn:aws:iam::{account}:role/x", "arn:aws:iam::", "Python's format"),
            ("[[account]]", "", "brackets"),
            ("$[[ inputs.account ]]", "", "GitLab"),
            ("${{ env.ACCOUNT }}", "", "GitHub"),
            ("{{{account}}}", "", "Mustache, which must not escape it"),
            ("$${ACCOUNT}", "", "what Terraform leaves for the next tool"),
            ("%%ACCOUNT%%", "", "a script"),
            ("##ACCOUNT##", "", "a script"),
            ("#ACCOUNT#", "", "a script"),
            ("<%= account %>", "", "ERB"),
            ("${ACCOUNT:-222233334444}", "", "a shell, with a default"),
        ];
        for (value, before, why) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(text.has_holes(), "{value}: {why}");
            assert_eq!(text.starts_with(before), Some(true), "{value}: {why}");
            assert_eq!(text.shown(), value);
            assert_eq!(text.pieces().filter(|it| matches!(it, Piece::Hole(_))).count(), 1, "{value}: {why}");
        }
    }

    #[test]
    fn what_means_itself_stays() {
        let cases = [
            ("system:node:{{EC2PrivateDNSName}}", "the authenticator replaces it"),
            ("admin:{{sessionName}}", "meant to be the authenticator's"),
            ("${aws:username}", "a policy variable"),
            ("admin:{SessionName}", "meant to be the authenticator's, with too few braces"),
            ("https://accounts.example#1234#5", "the users of an OIDC provider"),
            ("a@b.example, c@d.example", "addresses"),
            ("[a]", "a list in a text"),
            ("(a)", "an aside"),
            ("%20a%20", "a blank in a URL"),
            ("%IAM_ARN%", "a slot for a person to fill"),
            ("a@b.example", "an address"),
            ("<your-role>", "a slot for a person to fill"),
            ("costs $5", "a price"),
        ];
        for (value, why) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(!text.has_holes(), "{value}: {why}");
        }
    }

    #[test]
    fn comments_that_fill_in() {
        let cases = [
            ("#@ data.values.role", true, "ytt"),
            ("# kpt-set: ${role}", true, "kpt"),
            (r#"# {"$kpt-set": "role"}"#, true, "kpt, as it was before"),
            (r#"# {"$imagepolicy": "flux-system:app"}"#, true, "Flux"),
            ("#@overlay/match missing_ok=True", false, "says nothing about the value"),
            ("# TODO", false, "for people"),
        ];
        for (comment, wanted, why) in cases {
            assert_eq!(is_filled_by(comment), wanted, "{comment}: {why}");
        }
    }

    #[test]
    fn lines_that_a_script_fills_in() {
        let cases = [
            ("zones: [${ZONES}]", true, "a list, by envsubst"),
            ("zones: [{REGION}\"a\"]", true, "by a script"),
            ("\"port\": ${ACCEL::PORT:A}", true, "a bare value in JSON"),
            ("Type: AWS::IAM::Role\nName: !Sub ${Name}: x", false, "CloudFormation's own"),
            ("key: {a: b}: c", false, "a mapping, and broken"),
            ("key: {{EC2PrivateDNSName}}", false, "the authenticator's"),
        ];
        for (text, wanted, why) in cases {
            assert_eq!(is_filled_in_at(text, text.len() - 1), wanted, "{text}: {why}");
        }
    }

    #[test]
    fn marks_of_engines() {
        let cases = [
            ("{{- if .Values.enabled }}", true, "Helm"),
            ("{% for x in y %}", true, "Jinja"),
            ("%{ if ipv6 ~}", true, "Terraform"),
            ("a:\n  ${indent(2, x)}\n", true, "Terraform, a line of its own"),
            ("a:\n__ITEMS__\n", true, "a script, a line of its own"),
            ("a: __NAME__\n", false, "a script, in good YAML"),
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
