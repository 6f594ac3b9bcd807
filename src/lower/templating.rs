//! Values that another tool fills in before AWS or Kubernetes sees the file: `${VAR}`, `{{ .Values.x }}`, `ENC[…]`.
//! What they become cannot be known, so each of them becomes a hole in its text, once, for all rules.
//!
//! [`TOOLS`] is the table of what is recognised. A tool that is missing gets a row here and a row in the test below.

use crate::facts::TEMPLATE_VARIABLES;
use crate::source::{Hole, HoleKind, Text, TextBuilder};

use super::value::Dialect;

/// The text, with a hole for each template tag.
pub fn find(text: Text, dialect: Dialect<'_>) -> Text {
    match dialect {
        Dialect::Template(_) => cut(text, |rest| tag(rest, Place::Template)),
        Dialect::Plain | Dialect::AwsAuth => cut(text, |rest| tag(rest, Place::Plain)),
        // argocd-vault-plugin takes what stands between angle brackets for the name of a secret.
        Dialect::Vault => cut(text, |rest| tag(rest, Place::Plain).or_else(|| named(rest, "<", ">"))),
    }
}

/// Like [`find`], for a text in which the authenticator replaces nothing: every `{{…}}` is another tool's.
pub fn find_all(text: Text) -> Text {
    cut(text, |rest| match braces(rest, "{{") {
        Some((length, _)) => Some(length),
        None => tag(rest, Place::Plain),
    })
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Plain,
    /// In a CloudFormation template, where `${x}` is CloudFormation's own.
    Template,
}

/// A tool that fills values in.
struct Tool {
    /// The tool, or several that share a syntax. Rows of the test name it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and by its test"))]
    name: &'static str,
    /// Where the syntax is documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and by its test"))]
    source: &'static str,
    /// The length of the tag that a text begins with.
    tag: fn(&str, Place) -> Option<usize>,
}

/// The first row that recognises a tag wins, so longer openings stand before shorter ones.
const TOOLS: &[Tool] = &[
    Tool {
        name: "SOPS, hiera-eyaml",
        source: "https://github.com/getsops/sops#encryption-protocol",
        tag: |text, _| encrypted(text),
    },
    Tool {
        name: "vals, helmfile, helm-secrets",
        source: "https://github.com/helmfile/vals#expression-syntax",
        tag: |text, _| reference_of_vals(text),
    },
    Tool {
        name: "1Password",
        source: "https://developer.1password.com/docs/cli/secret-reference-syntax",
        tag: |text, _| word_after(text, "op://"),
    },
    Tool {
        name: "Bank-Vaults",
        source: "https://bank-vaults.dev/docs/mutating-webhook/configuration",
        tag: |text, _| {
            word_after(text, "vault:").or_else(|| word_after(text, ">>vault:")).filter(|it| text[..*it].contains('#'))
        },
    },
    Tool {
        name: "Ansible Vault",
        source: "https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html",
        tag: |text, _| text.starts_with("$ANSIBLE_VAULT;").then_some(text.len()),
    },
    Tool {
        name: "argocd-vault-plugin, argocd-vault-replacer",
        source: "https://argocd-vault-plugin.readthedocs.io/en/stable/howitworks/#inline-path-placeholders",
        tag: |text, _| {
            let is_path = ["<path:", "<secret:", "<vault:"].iter().any(|open| text.starts_with(open));
            is_path.then(|| enclosed(text, "<", ">"))?.map(|it| it.0)
        },
    },
    Tool {
        name: "Harness",
        source: "https://developer.harness.io/docs/platform/variables-and-expressions/harness-variables",
        tag: |text, _| named(text, "<+", ">"),
    },
    Tool {
        name: "Replicated KOTS",
        source: "https://docs.replicated.com/reference/template-functions-about",
        tag: |text, _| {
            let open = text.strip_prefix("repl")?;
            braces(open, "{{").map(|(length, _)| length + "repl".len())
        },
    },
    Tool {
        name: "Helm, Jinja, gomplate, consul-template, cookiecutter, Mustache, Argo Workflows",
        source: "https://pkg.go.dev/text/template, https://jinja.palletsprojects.com/en/stable/templates",
        tag: |text, _| braces(text, "{{").filter(|(_, inner)| !is_authenticators(inner)).map(|it| it.0),
    },
    Tool {
        name: "Backstage, GitHub Actions, Azure Pipelines",
        source: "https://backstage.io/docs/features/software-templates/writing-templates",
        tag: |text, _| braces(text, "${{").or_else(|| braces(text, "#{{")).map(|it| it.0),
    },
    Tool {
        name: "envsubst, Terraform, Flux, Kustomize plugins, Serverless Framework",
        source: "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution",
        tag: |text, place| {
            // `$${X}` becomes `${X}`, for the next tool.
            let dollars = text.len() - text.trim_start_matches('$').len();
            let start = dollars.checked_sub(1)?;
            let (length, inner) = braces(&text[start..], "${")?;
            let is_foreign = match place {
                // There it is a hole where `Fn::Sub` reads it, and a slip elsewhere.
                Place::Template => start == 0 && is_of_serverless(inner),
                Place::Plain => (!is_policy_variable(inner) || is_of_serverless(inner)) && is_name(inner),
            };
            is_foreign.then_some(start + length)
        },
    },
    Tool {
        name: "Terraform templatefile, Puppet",
        source: "https://developer.hashicorp.com/terraform/language/expressions/strings#directives",
        tag: |text, place| (place == Place::Plain).then(|| named(text, "%{", "}"))?,
    },
    Tool {
        name: "Octopus, Azure replacetokens, .NET",
        source: "https://octopus.com/docs/projects/variables/variable-substitutions, https://github.com/qetza/replacetokens-task",
        tag: |text, _| {
            let (length, inner) = braces(text, "#{")?;
            // Azure's task ends them with the sign too.
            let length = length + usize::from(text[length..].starts_with('#'));
            is_name(inner).then_some(length)
        },
    },
    Tool {
        name: "Kapitan",
        source: "https://kapitan.dev/latest/references",
        tag: |text, _| named(text, "?{", "}"),
    },
    Tool {
        name: "Python format, Bazel rules_k8s",
        source: "https://docs.python.org/3/library/string.html#format-string-syntax",
        // `{SessionName}` was meant for the authenticator. `{x}` is what programs format, and nothing else has it.
        tag: |text, place| {
            let (length, inner) = braces(text, "{").filter(|_| place == Place::Plain)?;
            (is_word(inner) && !is_authenticators(inner)).then_some(length)
        },
    },
    Tool {
        name: "envsubst without braces, shells, Go's os.Expand",
        source: "https://www.gnu.org/software/gettext/manual/html_node/envsubst-Invocation.html",
        tag: |text, _| shell_variable(text),
    },
    Tool {
        name: "tokens between underscores: Azure DevOps, GitLab, scripts",
        source: "https://github.com/qetza/replacetokens-task",
        tag: |text, _| underscored(text),
    },
    Tool {
        name: "tokens between percent signs: batch files, TeamCity",
        source: "https://www.jetbrains.com/help/teamcity/configuring-build-parameters.html",
        tag: |text, _| between_percents(text),
    },
    Tool {
        name: "Kustomize vars, Azure Pipelines, Tekton, make",
        source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables",
        tag: |text, _| named(text, "$(", ")"),
    },
    Tool {
        name: "Azure Pipelines at runtime",
        source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/expressions",
        tag: |text, _| enclosed(text, "$[", "]").filter(|it| is_word(it.1.trim())).map(|it| it.0),
    },
    Tool {
        name: "ERB, EJS, JSP",
        source: "https://docs.ruby-lang.org/en/master/ERB.html",
        tag: |text, _| named(text, "<%", "%>"),
    },
    Tool {
        name: "Jinja statements, Liquid, Twig",
        source: "https://jinja.palletsprojects.com/en/stable/templates/#list-of-control-structures",
        tag: |text, _| named(text, "{%", "%}"),
    },
    Tool {
        name: "Template Toolkit, StringTemplate",
        source: "https://template-toolkit.org/docs/manual/Syntax.html",
        tag: |text, _| named(text, "[%", "%]"),
    },
    Tool {
        name: "ytt",
        source: "https://carvel.dev/ytt/docs/latest/yaml-primer/#text-templating",
        tag: |text, _| named(text, "(@", "@)"),
    },
    Tool {
        name: "spruce, graft, Concourse",
        source: "https://github.com/geofffranks/spruce/blob/main/doc/operators.md, https://concourse-ci.org/vars.html",
        tag: |text, _| enclosed(text, "((", "))").filter(|(_, inner)| is_expression(inner)).map(|it| it.0),
    },
    Tool {
        name: "gomplate with brackets, GitLab components, Nomad Pack",
        source: "https://docs.gomplate.ca/usage/#left-delim, https://docs.gitlab.com/ci/inputs",
        tag: |text, _| {
            let found = enclosed(text, "$[[", "]]").or_else(|| enclosed(text, "[[", "]]"))?;
            is_expression(found.1).then_some(found.0)
        },
    },
    Tool {
        name: "Maven, CMake, autoconf",
        source: "https://maven.apache.org/plugins/maven-resources-plugin/examples/filter.html",
        tag: |text, _| {
            const BETWEEN: [(&str, &str); 7] =
                [("#[", "]"), ("%(", ")s"), ("%%", "%%"), ("##", "##"), ("#", "#"), ("@@", "@@"), ("@", "@")];
            let (length, inner) = BETWEEN.into_iter().find_map(|(open, close)| enclosed(text, open, close))?;
            is_word(inner.trim_matches(['!', ' '])).then_some(length)
        },
    },
];

/// The length of the tag that the text begins with.
fn tag(text: &str, place: Place) -> Option<usize> {
    TOOLS.iter().find_map(|tool| (tool.tag)(text, place))
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

/// How many bytes a tag may have: a longer one is none, and looking for its end would take time for nothing.
const LONGEST_TAG: usize = 512;

/// The first bytes of a text, as many as a tag may have.
fn window(text: &str) -> &str {
    let end = (0..=LONGEST_TAG.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
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

/// `ENC[AES256_GCM,data:…,type:str]`, of whatever length and type.
fn encrypted(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("ENC[")?;
    let algorithm = inner.bytes().take_while(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || *it == b'_').count();
    let is_of_it = algorithm > 0 && inner[algorithm..].starts_with(',');
    let end = is_of_it.then(|| inner.find(']'))??;
    Some("ENC[".len() + end + 1)
}

/// `ref+awsssm://path#/key`, to the next space or `+`: the expression that vals has for it.
fn reference_of_vals(text: &str) -> Option<usize> {
    let rest = window(text).strip_prefix("secret").unwrap_or(window(text)).strip_prefix("ref+")?;
    let scheme = rest.find("://")?;
    if rest[..scheme].contains(['+', ':', ' ', '\n']) {
        return None;
    }
    let path = &rest[scheme + 3..];
    let end = path.find(['+', ' ', '\n', '"', ',']).unwrap_or(path.len());
    let closed = usize::from(path[end..].starts_with('+'));
    Some(window(text).len() - path.len() + end + closed)
}

/// The length of a word with this beginning.
fn word_after(text: &str, start: &str) -> Option<usize> {
    let rest = text.strip_prefix(start)?;
    let end = rest.find([' ', '\n', '"', '\'']).unwrap_or(rest.len());
    (end > 0).then_some(start.len() + end)
}

/// The length of what stands between two signs, if there is a name in it.
fn named(text: &str, open: &str, close: &str) -> Option<usize> {
    enclosed(text, open, close).filter(|(_, inner)| is_name(inner)).map(|it| it.0)
}

/// True for what begins like an expression: `grab meta.role`, `.Env.ROLE`, `!vault.account`, `concat "a" b`. Conditions and
/// sums of shells stand between such signs too.
fn is_expression(inner: &str) -> bool {
    let inner = inner.trim_start_matches('!').trim();
    is_name(inner)
        && inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '/' | '$'))
        && !["==", "!=", "=~", "<", ">", "++", "--", " -"].iter().any(|sign| inner.contains(sign))
}

/// `%ACCOUNT%`. `%20a%20` has encoded bytes, and `%IAM_ARN%` is what AWS asks people to fill in by hand
/// (`eks-connector.yaml`).
fn between_percents(text: &str) -> Option<usize> {
    let (length, inner) = enclosed(text, "%", "%")?;
    let is_of = |is_letter: fn(u8) -> bool| {
        inner.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit() || matches!(byte, b'_' | b'.' | b'-'))
    };
    let is_one = is_of(|it| it.is_ascii_uppercase()) || is_of(|it| it.is_ascii_lowercase());
    (inner.len() > 2 && inner.as_bytes()[0].is_ascii_alphabetic() && is_one && inner != "IAM_ARN").then_some(length)
}

/// `${aws:username}` is a policy variable: AWS replaces it, and it means itself.
fn is_policy_variable(inner: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || "./-_".contains(c);
    inner
        .split_once(':')
        .is_some_and(|(service, key)| service.chars().all(is_letter) && !key.starts_with(['-', '=']) && !key.contains('#'))
}

/// `${self:custom.x}`, `${env:ACCOUNT}`: what a template is given by the Serverless Framework.
fn is_of_serverless(inner: &str) -> bool {
    const SOURCES: [&str; 11] = [
        "self:",
        "env:",
        "opt:",
        "ssm:",
        "cf:",
        "param:",
        "sls:",
        "file(",
        "ssm(",
        "aws:accountId",
        "aws:region",
    ];
    SOURCES.iter().any(|source| inner.starts_with(source))
}

/// `__ACCOUNT__`, `__AccountId__`. A name in lowercase may be a part of another: `eks__prod__nodes`.
fn underscored(text: &str) -> Option<usize> {
    let (inner, after) = window(text).strip_prefix("__")?.split_once("__")?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let is_name = inner.bytes().all(is_letter) && inner.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_apart = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let begins_large = inner.starts_with(|c: char| c.is_ascii_uppercase());
    (is_name && (begins_large || is_apart)).then_some(inner.len() + 4)
}

/// `__ACCOUNT__`: capitals between two signs.
fn capitals(text: &str) -> Option<usize> {
    let (inner, _) = text.strip_prefix("__")?.split_once("__")?;
    let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    (!inner.is_empty() && inner.bytes().all(is_letter)).then_some(inner.len() + 4)
}

/// What stands between two marks, and how long all of it is.
fn enclosed<'t>(text: &'t str, open: &str, close: &str) -> Option<(usize, &'t str)> {
    let rest = text.strip_prefix(open)?;
    let rest = window(rest);
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

/// True if the comment after a value says that a tool puts another value there: ytt, kpt, Flux, or a token that YAML takes for
/// a comment.
pub fn is_filled_by(comment: &str) -> bool {
    let setter = comment.trim_start_matches('#').trim_start();
    // To YAML `#{Role}#` and `#ROLE#` are comments.
    let is_tag = tag(comment, Place::Plain).is_some_and(|length| length == comment.trim_end().len());
    comment.starts_with("#@ ")
        || is_tag
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
    ["{%", "<%", "%{", "@@", "[[ ", "[[."].iter().any(|mark| text.contains(mark))
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
    fn every_tool_is_recognised() {
        const SOPS: &str = "SOPS, hiera-eyaml";
        const VALS: &str = "vals, helmfile, helm-secrets";
        const AVP: &str = "argocd-vault-plugin, argocd-vault-replacer";
        const BRACES: &str = "Helm, Jinja, gomplate, consul-template, cookiecutter, Mustache, Argo Workflows";
        const DOLLAR: &str = "envsubst, Terraform, Flux, Kustomize plugins, Serverless Framework";
        const BRACKETS: &str = "gomplate with brackets, GitLab components, Nomad Pack";
        const SPRUCE: &str = "spruce, graft, Concourse";
        const SIGNS: &str = "Maven, CMake, autoconf";
        const PIPELINES: &str = "Backstage, GitHub Actions, Azure Pipelines";
        let long = format!("ENC[AES256_GCM,data:{},iv:7q0=,tag:2w==,type:str]", "vGm1s0z3".repeat(500));
        let cases = [
            ("ENC[AES256_GCM,data:vGm1s0z3,iv:7q0=,tag:2w==,type:str]", "", SOPS),
            ("ENC[AES256_GCM,data:vGm1s0z3,iv:7q0=,tag:2w==,type:int]", "", SOPS),
            ("ENC[AES256_GCM,data:vGm1s0z3,iv:7q0=,tag:2w==,type:bool]", "", SOPS),
            (long.as_str(), "", SOPS),
            ("ENC[PKCS7,MIIBeQYJKoZIhvcNAQ==]", "", SOPS),
            ("ref+awsssm://eks/admin-role", "", VALS),
            ("ref+vault://secret/app#/role", "", VALS),
            ("secretref+awssecrets://app/role", "", VALS),
            ("arn:aws:iam::ref+awsssm://account+:role/x", "arn:aws:iam::", VALS),
            ("op://vault/item/role", "", "1Password"),
            ("vault:secret/data/app#role", "", "Bank-Vaults"),
            ("${vault:secret/data/app#role}", "", DOLLAR),
            ("$ANSIBLE_VAULT;1.1;AES256\n6238", "", "Ansible Vault"),
            ("arn:aws:iam::<path:secret/data/aws#account-id>:role/app", "arn:aws:iam::", AVP),
            ("<path:secret/data/aws#role | base64encode>", "", AVP),
            ("<secret:/secret/data/aws~role>", "", AVP),
            ("arn:aws:iam::<+pipeline.variables.account>:role/x", "arn:aws:iam::", "Harness"),
            ("repl{{ ConfigOption \"role\" }}", "", "Replicated KOTS"),
            ("{{ .Values.arn }}", "", BRACES),
            ("{{ account_id }}x", "", BRACES),
            ("{{{account}}}", "", BRACES),
            ("{{cookiecutter.role_arn}}", "", BRACES),
            ("{{ key \"eks/role\" }}", "", BRACES),
            ("arn:aws:iam::{{ (datasource \"env\").account }}:role/x", "arn:aws:iam::", BRACES),
            ("${{ env.ACCOUNT }}", "", PIPELINES),
            ("${{ values.roleArn }}", "", PIPELINES),
            ("#{{ACCOUNT}}", "", PIPELINES),
            ("arn:aws:iam::${ACCOUNT}:role/x", "arn:aws:iam::", DOLLAR),
            ("${ACCOUNT:-222233334444}", "", DOLLAR),
            ("${replace(oidc, \"https://\", \"\")}:sub", "", DOLLAR),
            ("$${ACCOUNT}", "", DOLLAR),
            ("${self:custom.role}", "", DOLLAR),
            ("${env:ACCOUNT}", "", DOLLAR),
            ("%{ if prod }x", "", "Terraform templatefile, Puppet"),
            ("arn:aws:iam::#{Account}:role/x", "arn:aws:iam::", "Octopus, Azure replacetokens, .NET"),
            ("arn:aws:iam::#{Account}#:role/x", "arn:aws:iam::", "Octopus, Azure replacetokens, .NET"),
            ("?{gpg:targets/app/role}", "", "Kapitan"),
            ("arn:aws:iam::{account}:role/x", "arn:aws:iam::", "Python format, Bazel rules_k8s"),
            ("$NODE_ROLE", "", "envsubst without braces, shells, Go's os.Expand"),
            ("$node_role", "", "envsubst without braces, shells, Go's os.Expand"),
            (
                "arn:aws:iam::__ACCOUNT__:role/x",
                "arn:aws:iam::",
                "tokens between underscores: Azure DevOps, GitLab, scripts",
            ),
            ("__AccountId__", "", "tokens between underscores: Azure DevOps, GitLab, scripts"),
            ("__account_id__", "", "tokens between underscores: Azure DevOps, GitLab, scripts"),
            (
                "arn:aws:iam::%ACCOUNT%:role/x",
                "arn:aws:iam::",
                "tokens between percent signs: batch files, TeamCity",
            ),
            ("%env.account%", "", "tokens between percent signs: batch files, TeamCity"),
            ("arn:aws:iam::$(ACCOUNT):role/x", "arn:aws:iam::", "Kustomize vars, Azure Pipelines, Tekton, make"),
            ("$(params.account)", "", "Kustomize vars, Azure Pipelines, Tekton, make"),
            ("$[variables.account]", "", "Azure Pipelines at runtime"),
            ("<%= account %>", "", "ERB, EJS, JSP"),
            ("{% if x %}", "", "Jinja statements, Liquid, Twig"),
            ("[% account %]", "", "Template Toolkit, StringTemplate"),
            ("arn:aws:iam::(@= data.values.account @):role/x", "arn:aws:iam::", "ytt"),
            ("(( grab meta.role ))", "", SPRUCE),
            ("(( concat \"arn:aws:iam::\" meta.account \":role/x\" ))", "", SPRUCE),
            ("arn:aws:iam::((account)):role/x", "arn:aws:iam::", SPRUCE),
            ("((!vault.account))", "", SPRUCE),
            ("[[account]]", "", BRACKETS),
            ("[[ .Env.ROLE ]]", "", BRACKETS),
            ("$[[ inputs.account ]]", "", BRACKETS),
            ("@@ACCOUNT@@", "", SIGNS),
            ("@account.id@", "", SIGNS),
            ("arn:aws:iam::%(account)s:role/x", "arn:aws:iam::", SIGNS),
            ("%%ACCOUNT%%", "", SIGNS),
            ("##ACCOUNT##", "", SIGNS),
            ("#ACCOUNT#", "", SIGNS),
        ];
        for (value, before, name) in cases {
            let text = find(Text::of_file(FileId(0), value.into()), Dialect::Plain);
            assert!(text.has_holes(), "{value}: {name}");
            assert_eq!(text.starts_with(before), Some(true), "{value}: {name}");
            assert_eq!(text.shown(), value);
            assert_eq!(text.pieces().filter(|it| matches!(it, Piece::Hole(_))).count(), 1, "{value}: {name}");
            let tool = TOOLS.iter().find(|it| (it.tag)(&value[before.len()..], Place::Plain).is_some());
            assert_eq!(tool.map(|it| it.name), Some(name), "{value}");
        }
        for tool in TOOLS {
            assert!(cases.iter().any(|(_, _, name)| *name == tool.name), "no example of {}", tool.name);
            assert!(tool.source.starts_with("https://"), "{}", tool.name);
        }
    }

    #[test]
    fn the_vault_plugin_fills_in_angle_brackets_where_it_is_asked_to() {
        for (value, dialect, wanted) in [("<role-arn>", Dialect::Vault, true), ("<role-arn>", Dialect::Plain, false)] {
            assert_eq!(find(Text::of_file(FileId(0), value.into()), dialect).has_holes(), wanted, "{value}");
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
            ("arn:aws:iam::222233334444:role/eks__prod__nodes", "a part of a name"),
            ("%E4%BD%A0", "encoded bytes"),
            ("ENC[a]", "a word and a list"),
            ("prefer+this", "a part of a word"),
            ("[[ -f /etc/eks ]]", "a condition of a shell"),
            ("((i < 10))", "a sum of a shell"),
            ("vault: none", "a text"),
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
            ("#{RoleArn}#", true, "Azure, which YAML takes for a comment"),
            ("#{RoleArn}", true, "Octopus, likewise"),
            ("#ROLE_ARN#", true, "a script, likewise"),
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
