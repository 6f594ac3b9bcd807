//! What is recognised as another tool's, and what is not.

use super::tools::{Place, TOOLS};
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
        ("arn:aws:iam::%ACCOUNT%:role/x", "arn:aws:iam::", "tokens between percent signs: batch files, TeamCity"),
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
        let text = find(Text::of_file(FileId::new(0), value.into()), Tags::Plain);
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
    for (value, dialect, wanted) in [("<role-arn>", Tags::Vault, true), ("<role-arn>", Tags::Plain, false)] {
        assert_eq!(find(Text::of_file(FileId::new(0), value.into()), dialect).has_holes(), wanted, "{value}");
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
        ("%20a%20", "a space in a URL"),
        ("%IAM_ARN%", "a placeholder for a person to fill in"),
        ("a@b.example", "an address"),
        ("<your-role>", "a placeholder for a person to fill in"),
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
        let text = find(Text::of_file(FileId::new(0), value.into()), Tags::Plain);
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
        assert_eq!(is_filled_by(comment, false), wanted, "{comment}: {why}");
    }
    assert!(!is_filled_by("#TODO#", true), "a comment after a value is for people");
    assert!(is_filled_by("#@ data.values.role", true), "ytt replaces the value before it");
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
        ("name: app\nGEN3_DATE_LABEL", true, "a line of its own, by Gen3"),
        ("name: app\n  GEN3_COVID19-BAYES_IMAGE\n\nports:", true, "the line before"),
        ("- GEN3_REGION|-value: \"eu-west-1\"-| # the default", true, "an item with a default"),
        ("name: app\n@LABELS@", true, "by Maven"),
        ("name: app\n$LABELS", true, "by envsubst"),
        ("a: b: GEN3_DATE_LABEL", false, "a value"),
        ("a: b\nDATE_LABEL: x: y", false, "a key"),
        ("a: b\nEOF", false, "the end of a shell's text"),
        ("a: b\nNAMESPACE", false, "a word"),
        ("a: b\nDATE_LABEL blue", false, "a colon is missing"),
        ("a: b\n# DATE_LABEL\nc d", false, "a comment"),
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
        assert_eq!(has_template_tag(text), wanted, "{text}: {why}");
    }
}

#[test]
fn texts_that_say_that_a_tool_replaces_them() {
    let cases = [
        ("replaced by kustomization", true, "a base"),
        ("will be patched by Flux", true, "in the future"),
        ("to be overridden in the overlay", true, "where"),
        ("replaced-by-kustomization", false, "a name"),
        ("replace me", false, "a person has to"),
        ("the role was replaced by another one", false, "a description"),
    ];
    for (text, wanted, why) in cases {
        let found = find(Text::of_file(FileId::new(0), text.into()), Tags::Plain);
        assert_eq!(found.only_hole().is_some(), wanted, "{text}: {why}");
    }
}

/// The end of each tag is looked for nearby: with a search to the end of the file for each, this would not end.
#[test]
fn many_tags_without_an_end() {
    assert!(!has_template_tag(&"{{resolve:x ".repeat(1 << 18)));
}
