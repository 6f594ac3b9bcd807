//! The table of the tools that fill values in, and how their tags are told.

use super::braces::{braces, enclosed, is_authenticators, is_name, window};

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Plain,
    /// In a CloudFormation template, where `${x}` is CloudFormation's own.
    Template,
}

/// A tool that fills values in.
pub(super) struct Tool {
    /// The tool, or several that share a syntax. Rows of the test name it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and by its test"))]
    pub(super) name: &'static str,
    /// Where the syntax is documented.
    #[cfg_attr(not(test), expect(dead_code, reason = "the table is read by people and by its test"))]
    pub(super) source: &'static str,
    /// The letters with which its tags begin.
    first: &'static str,
    /// The length of the tag that a text begins with.
    pub(super) tag: fn(&str, Place) -> Option<usize>,
}

/// The first row that recognises a tag wins, so longer openings stand before shorter ones.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "SOPS, hiera-eyaml",
        source: "https://github.com/getsops/sops#encryption-protocol",
        first: "E",
        tag: |text, _| encrypted(text),
    },
    Tool {
        name: "vals, helmfile, helm-secrets",
        source: "https://github.com/helmfile/vals#expression-syntax",
        first: "rs",
        tag: |text, _| reference_of_vals(text),
    },
    Tool {
        name: "1Password",
        source: "https://developer.1password.com/docs/cli/secret-reference-syntax",
        first: "o",
        tag: |text, _| word_after(text, "op://"),
    },
    Tool {
        name: "Bank-Vaults",
        source: "https://bank-vaults.dev/docs/mutating-webhook/configuration",
        first: "v>",
        tag: |text, _| {
            word_after(text, "vault:").or_else(|| word_after(text, ">>vault:")).filter(|it| text[..*it].contains('#'))
        },
    },
    Tool {
        name: "Ansible Vault",
        source: "https://docs.ansible.com/ansible/latest/vault_guide/vault_using_encrypted_content.html",
        first: "$",
        tag: |text, _| text.starts_with("$ANSIBLE_VAULT;").then_some(text.len()),
    },
    Tool {
        name: "argocd-vault-plugin, argocd-vault-replacer",
        source: "https://argocd-vault-plugin.readthedocs.io/en/stable/howitworks/#inline-path-placeholders",
        first: "<",
        tag: |text, _| {
            let is_path = ["<path:", "<secret:", "<vault:"].iter().any(|open| text.starts_with(open));
            is_path.then(|| enclosed(text, "<", ">"))?.map(|it| it.0)
        },
    },
    Tool {
        name: "Harness",
        source: "https://developer.harness.io/docs/platform/variables-and-expressions/harness-variables",
        first: "<",
        tag: |text, _| named(text, "<+", ">"),
    },
    Tool {
        name: "Replicated KOTS",
        source: "https://docs.replicated.com/reference/template-functions-about",
        first: "r",
        tag: |text, _| {
            let open = text.strip_prefix("repl")?;
            braces(open, "{{").map(|(length, _)| length + "repl".len())
        },
    },
    Tool {
        name: "Helm, Jinja, gomplate, consul-template, cookiecutter, Mustache, Argo Workflows",
        source: "https://pkg.go.dev/text/template, https://jinja.palletsprojects.com/en/stable/templates",
        first: "{",
        tag: |text, _| braces(text, "{{").filter(|(_, inner)| !is_authenticators(inner)).map(|it| it.0),
    },
    Tool {
        name: "Backstage, GitHub Actions, Azure Pipelines",
        source: "https://backstage.io/docs/features/software-templates/writing-templates",
        first: "$#",
        tag: |text, _| braces(text, "${{").or_else(|| braces(text, "#{{")).map(|it| it.0),
    },
    Tool {
        name: "envsubst, Terraform, Flux, Kustomize plugins, Serverless Framework",
        source: "https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution",
        first: "$",
        tag: |text, place| {
            // `$${X}` becomes `${X}`, for the next tool.
            let dollars = text.bytes().take(8).take_while(|it| *it == b'$').count();
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
        first: "%",
        tag: |text, place| (place == Place::Plain).then(|| named(text, "%{", "}"))?,
    },
    Tool {
        name: "Octopus, Azure replacetokens, .NET",
        source: "https://octopus.com/docs/projects/variables/variable-substitutions, https://github.com/qetza/replacetokens-task",
        first: "#",
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
        first: "?",
        tag: |text, _| named(text, "?{", "}"),
    },
    Tool {
        name: "Python format, Bazel rules_k8s",
        source: "https://docs.python.org/3/library/string.html#format-string-syntax",
        // `{SessionName}` was meant for the authenticator. `{x}` is what programs format, and nothing else has it.
        first: "{",
        tag: |text, place| {
            let (length, inner) = braces(text, "{").filter(|_| place == Place::Plain)?;
            (is_word(inner) && !is_authenticators(inner)).then_some(length)
        },
    },
    Tool {
        name: "envsubst without braces, shells, Go's os.Expand",
        source: "https://www.gnu.org/software/gettext/manual/html_node/envsubst-Invocation.html",
        first: "$",
        tag: |text, _| shell_variable(text),
    },
    Tool {
        name: "tokens between underscores: Azure DevOps, GitLab, scripts",
        source: "https://github.com/qetza/replacetokens-task",
        first: "_",
        tag: |text, _| underscored(text),
    },
    Tool {
        name: "tokens between percent signs: batch files, TeamCity",
        source: "https://www.jetbrains.com/help/teamcity/configuring-build-parameters.html",
        first: "%",
        tag: |text, _| between_percents(text),
    },
    Tool {
        name: "Kustomize vars, Azure Pipelines, Tekton, make",
        source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/variables",
        first: "$",
        tag: |text, _| named(text, "$(", ")"),
    },
    Tool {
        name: "Azure Pipelines at runtime",
        source: "https://learn.microsoft.com/en-us/azure/devops/pipelines/process/expressions",
        first: "$",
        tag: |text, _| enclosed(text, "$[", "]").filter(|it| is_word(it.1.trim())).map(|it| it.0),
    },
    Tool {
        name: "ERB, EJS, JSP",
        source: "https://docs.ruby-lang.org/en/master/ERB.html",
        first: "<",
        tag: |text, _| named(text, "<%", "%>"),
    },
    Tool {
        name: "Jinja statements, Liquid, Twig",
        source: "https://jinja.palletsprojects.com/en/stable/templates/#list-of-control-structures",
        first: "{",
        tag: |text, _| named(text, "{%", "%}"),
    },
    Tool {
        name: "Template Toolkit, StringTemplate",
        source: "https://template-toolkit.org/docs/manual/Syntax.html",
        first: "[",
        tag: |text, _| named(text, "[%", "%]"),
    },
    Tool {
        name: "ytt",
        source: "https://carvel.dev/ytt/docs/latest/yaml-primer/#text-templating",
        first: "(",
        tag: |text, _| named(text, "(@", "@)"),
    },
    Tool {
        name: "spruce, graft, Concourse",
        source: "https://github.com/geofffranks/spruce/blob/main/doc/operators.md, https://concourse-ci.org/vars.html",
        first: "(",
        tag: |text, _| enclosed(text, "((", "))").filter(|(_, inner)| is_expression(inner)).map(|it| it.0),
    },
    Tool {
        name: "gomplate with brackets, GitLab components, Nomad Pack",
        source: "https://docs.gomplate.ca/usage/#left-delim, https://docs.gitlab.com/ci/inputs",
        first: "$[",
        tag: |text, _| {
            let found = enclosed(text, "$[[", "]]").or_else(|| enclosed(text, "[[", "]]"))?;
            is_expression(found.1).then_some(found.0)
        },
    },
    Tool {
        name: "Maven, CMake, autoconf",
        source: "https://maven.apache.org/plugins/maven-resources-plugin/examples/filter.html",
        first: "#%@",
        tag: |text, _| {
            const BETWEEN: [(&str, &str); 7] =
                [("#[", "]"), ("%(", ")s"), ("%%", "%%"), ("##", "##"), ("#", "#"), ("@@", "@@"), ("@", "@")];
            let (length, inner) = BETWEEN.into_iter().find_map(|(open, close)| enclosed(text, open, close))?;
            is_word(inner.trim_matches(['!', ' '])).then_some(length)
        },
    },
];

/// True for a line that a tool replaces as a whole: one tag of [`TOOLS`], or a word in capitals where `key: value` belongs,
/// perhaps with a default as Gen3 has it (`GEN3_DEBUG|-value: "no"-|`,
/// <https://github.com/uc-cdis/cloud-automation/blob/master/gen3/lib/g3k_manifest.sh>).
///
/// Kubernetes and CloudFormation have no keys in capitals with underscores, and a key whose colon was forgotten has its
/// value behind it.
pub(super) fn is_line(line: &str) -> bool {
    let line = line.trim();
    let line = line.strip_prefix("- ").unwrap_or(line).trim_start();
    let line = line.split_once(" #").map_or(line, |(line, _)| line).trim_end();
    let is_letter = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    let length = line.bytes().take_while(|byte| is_letter(byte)).count();
    let (word, rest) = line.split_at(length);
    let has_default = || rest.len() > 3 && rest.starts_with("|-") && rest.ends_with("-|");
    let is_token = word.starts_with(|c: char| c.is_ascii_uppercase()) && word.contains('_') && !word.ends_with('_');
    is_token && (rest.is_empty() || has_default()) || tag(line, Place::Plain) == Some(line.len())
}

/// True for a text that says itself that a tool replaces it, as in a base that other repositories patch: `replaced by
/// kustomization`.
pub(super) fn says_so(text: &str) -> bool {
    let text = text.trim();
    let text = ["will be ", "to be ", "is ", "gets "].iter().find_map(|it| text.strip_prefix(it)).unwrap_or(text);
    ["replaced ", "patched ", "overridden ", "overwritten ", "substituted ", "injected "].iter().any(|it| {
        let rest = text.strip_prefix(it);
        rest.is_some_and(|rest| ["by ", "with ", "in ", "via "].iter().any(|it| rest.starts_with(it)))
    })
}

/// The length of the tag that the text begins with.
pub(super) fn tag(text: &str, place: Place) -> Option<usize> {
    // A text may be nothing but beginnings of tags.
    let mut left = BY_FIRST[usize::from(*text.as_bytes().first()?)];
    while left != 0 {
        let tool = &TOOLS[left.trailing_zeros() as usize];
        if let Some(length) = (tool.tag)(text, place) {
            return Some(length);
        }
        left &= left - 1;
    }
    None
}

/// The tools whose tags begin with a byte: a bit for each, by its place in [`TOOLS`].
const BY_FIRST: [u32; 256] = {
    let mut tools = [0; 256];
    let mut at = 0;
    while at < TOOLS.len() {
        let first = TOOLS[at].first.as_bytes();
        let mut letter = 0;
        while letter < first.len() {
            tools[first[letter] as usize] |= 1 << at;
            letter += 1;
        }
        at += 1;
    }
    tools
};

/// `ENC[AES256_GCM,data:…,type:str]`, of whatever length and type.
fn encrypted(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("ENC[")?;
    let algorithm =
        inner.bytes().take_while(|it| it.is_ascii_uppercase() || it.is_ascii_digit() || *it == b'_').count();
    let is_of_it = algorithm > 0 && inner[algorithm..].starts_with(',');
    // Such a text may be long, and has no bracket inside.
    let end = is_of_it.then(|| inner.find(['[', ']', '\n']))??;
    inner[end..].starts_with(']').then_some("ENC[".len() + end + 1)
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
    let rest = window(text.strip_prefix(start)?);
    let end = rest.find([' ', '\n', '"', '\'']).unwrap_or(rest.len());
    (end > 0).then_some(start.len() + end)
}

/// The length of what stands between two signs, if there is a name in it.
pub(super) fn named(text: &str, open: &str, close: &str) -> Option<usize> {
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
    inner.split_once(':').is_some_and(|(service, key)| {
        service.chars().all(is_letter) && !key.starts_with(['-', '=']) && !key.contains('#')
    })
}

/// `${self:custom.x}`, `${env:ACCOUNT}`: what a template is given by the Serverless Framework.
fn is_of_serverless(inner: &str) -> bool {
    const SOURCES: [&str; 11] =
        ["self:", "env:", "opt:", "ssm:", "cf:", "param:", "sls:", "file(", "ssm(", "aws:accountId", "aws:region"];
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

/// The length of `$NAME`, as `envsubst` and shells replace it. Prices stay, and so does the end of a pattern.
fn shell_variable(text: &str) -> Option<usize> {
    let name = text.strip_prefix('$')?;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = name.bytes().take_while(is_letter).count();
    // What a patch says to `kubectl` and kustomize about its own keys.
    let is_directive =
        || ["patch", "retainKeys", "setElementOrder", "deleteFromPrimitiveList"].contains(&&name[..length]);
    (length >= 2 && !name.as_bytes()[0].is_ascii_digit() && !is_directive()).then_some(length + 1)
}

/// True for the name of a variable and nothing else, where the tags around it stand in other texts too.
fn is_word(inner: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
    inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '.' | '/'))
        && inner.len() <= 100
        && inner.bytes().all(is_letter)
}
