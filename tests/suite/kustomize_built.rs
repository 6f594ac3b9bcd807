//! What kustomizations build, as facts: names, namespaces, roles, and what refers to them. `kustomize_kubectl` compares the same with
//! kubectl.

use std::collections::BTreeSet;

use ekslint::Analysis;
use ekslint::facts::{Field, ObjectMeta};
use ekslint::source::{FileId, Source, Text};
use ekslint::workspace::Workspace;

/// What is compared of an object, as a line. What is unknown is `?`.
pub fn lines(workspace: &Workspace, is_one: impl Fn(FileId) -> bool) -> BTreeSet<String> {
    let shown = |it: &Field<Text>| match it.is_absent() {
        true => String::new(),
        false => it.string().map_or("?".to_owned(), str::to_owned),
    };
    let head = |it: &ObjectMeta| {
        let kept = it.keeps_its_name() && it.built.namespace_by.is_none();
        let name = if kept { shown(&it.name) } else { "?".to_owned() };
        format!("{} {}/{name}", it.kind.shown(), if kept { shown(&it.namespace) } else { "?".to_owned() })
    };
    let facts = &workspace.facts;
    let mut lines = BTreeSet::new();
    for it in facts.service_accounts.iter().filter(|it| it.is_manifest && is_one(it.meta.whole.file)) {
        let role = it.meta.annotation("eks.amazonaws.com/role-arn");
        let role = role.map(|it| it.text().and_then(Text::as_str).unwrap_or("?").to_owned());
        lines.insert(format!("{} role={}", head(&it.meta), role.unwrap_or_default()));
    }
    for it in facts.workloads.iter().filter(|it| is_one(it.meta.whole.file) && !it.service_account.is_absent()) {
        lines.insert(format!("{} account={}", head(&it.meta), shown(&it.service_account)));
    }
    for it in facts.role_bindings.iter().filter(|it| is_one(it.meta.whole.file)) {
        let subjects = it.subjects.iter();
        let subjects: Vec<String> =
            subjects.map(|it| format!("{}/{}", shown(&it.namespace), shown(&it.name))).collect();
        lines.insert(format!("{} role={} subjects={}", head(&it.meta), shown(&it.role.name), subjects.join(",")));
    }
    for it in facts.aws_auths.iter().filter(|it| is_one(it.meta.whole.file)) {
        let mappings = it.mappings().map(|it| format!("{}={}", shown(&it.arn), shown(&it.username)));
        lines.insert(format!("{} mappings={}", head(&it.meta), mappings.collect::<Vec<_>>().join(",")));
    }
    lines
}

type Files<'f> = &'f [(&'f str, &'f str)];

fn workspace(files: Files<'_>) -> Workspace {
    Analysis::of(files.iter().map(|(path, text)| Source::new(*path, *text)).collect()).snapshot(&())
}

/// Checks what is there in the end, builds and files alike.
fn expect(files: Files<'_>, wanted: &[&str]) {
    let found = lines(&workspace(files), |_| true);
    let wanted: BTreeSet<String> = wanted.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(found, wanted, "{files:#?}");
}

/// A base with an account, its pods, and what binds them.
const BASE: Files<'_> = &[
    ("base/kustomization.yaml", "resources: [all.yaml]\n"),
    (
        "base/all.yaml",
        "apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:role/base
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, labels: {tier: web}}
spec: {template: {spec: {serviceAccountName: app, containers: [{name: app}]}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: app}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: app}
subjects: [{kind: ServiceAccount, name: app}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: app}
rules: []
",
    ),
];

/// Checks what an overlay makes of the base.
fn overlay(text: &str, wanted: &[&str]) {
    expect(&[BASE, &[("prod/kustomization.yaml", text)]].concat(), wanted);
}

#[test]
fn names_and_namespaces_and_what_refers_to_them() {
    overlay(
        "resources: [../base]\nnamespace: shop\nnamePrefix: dev-\nnameSuffix: -1\n",
        &[
            "ServiceAccount shop/dev-app-1 role=arn:aws:iam::222233334444:role/base",
            "Deployment shop/dev-app-1 account=dev-app-1",
            "RoleBinding shop/dev-app-1 role=dev-app-1 subjects=shop/dev-app-1",
        ],
    );
    // Nothing refers to what another layer calls alike.
    let files: Files<'_> = &[
        ("a/kustomization.yaml", "resources: [../base]\nnamePrefix: a-\n"),
        ("b/kustomization.yaml", "resources: [../base]\nnamePrefix: b-\n"),
        ("all/kustomization.yaml", "resources: [../a, ../b]\nnamespace: shop\n"),
    ];
    expect(
        &[BASE, files].concat(),
        &[
            "ServiceAccount shop/a-app role=arn:aws:iam::222233334444:role/base",
            "Deployment shop/a-app account=a-app",
            "RoleBinding shop/a-app role=a-app subjects=shop/a-app",
            "ServiceAccount shop/b-app role=arn:aws:iam::222233334444:role/base",
            "Deployment shop/b-app account=b-app",
            "RoleBinding shop/b-app role=b-app subjects=shop/b-app",
        ],
    );
}

#[test]
fn patches() {
    let deployment = "Deployment /app account=app";
    let binding = "RoleBinding /app role=app subjects=/app";
    let account = |role: &str| format!("ServiceAccount /app role={role}");
    let patch = |head: &str, patch: &str| {
        let patch: String = patch.lines().map(|it| format!("    {it}\n")).collect();
        format!("resources: [../base]\npatches:\n- {head}\n  patch: |\n{patch}")
    };
    let merge = |name: &str, annotations: &str| {
        format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, annotations: {annotations}}}\n")
    };
    let other = "{eks.amazonaws.com/role-arn: 'arn:aws:iam::222233334444:role/prod'}";
    let json =
        |operation: &str| format!("- {{path: /metadata/annotations/eks.amazonaws.com~1role-arn, {operation}}}\n");
    let (was, now) = (account("arn:aws:iam::222233334444:role/base"), account("arn:aws:iam::222233334444:role/prod"));
    let of_kind = "target: {kind: ServiceAccount}";
    let cases: [(String, &str, &str); 10] = [
        (patch("options: {}", &merge("app", other)), &now, "its name"),
        (patch("options: {}", &merge("web", other)), &was, "another name"),
        (patch(of_kind, &merge("ignored", other)), &now, "a target, which is what counts"),
        (patch("target: {labelSelector: tier=web}", &merge("app", other)), &was, "another label"),
        (patch("options: {}", &merge("app", "{eks.amazonaws.com/role-arn: null}")), &account(""), "null deletes"),
        (patch(of_kind, &json("op: replace, value: 'arn:aws:iam::222233334444:role/prod'")), &now, "an operation"),
        (patch(of_kind, &json("op: remove")), &account(""), "another one"),
        (patch("target: {name: 'a.p', kind: 'Service.*'}", &json("op: remove")), &account(""), "patterns"),
        (patch("target: {name: 'a', kind: 'Service.*'}", &json("op: remove")), &was, "for the whole name"),
        (patch("target: {kind: ServiceAccount, name: 'web|app'}", &merge("x", other)), &now, "alternatives"),
    ];
    for (text, wanted, why) in &cases {
        let found = lines(&workspace(&[BASE, &[("prod/kustomization.yaml", text)]].concat()), |_| true);
        assert_eq!(found, BTreeSet::from([*wanted, deployment, binding].map(str::to_owned)), "{why}");
    }
    let deleted = "$patch: delete\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app}\n";
    overlay(&patch("options: {}", deleted), &[deployment, binding]);
    let renamed = "- {op: replace, path: /metadata/name, value: web}\n";
    overlay(
        &patch(of_kind, renamed),
        &[
            "ServiceAccount /web role=arn:aws:iam::222233334444:role/base",
            "Deployment /app account=web",
            "RoleBinding /app role=app subjects=/web",
        ],
    );
}

#[test]
fn replacements_and_variables() {
    let replacement = "resources: [../base]
replacements:
- source: {kind: Deployment, name: app, fieldPath: metadata.labels.tier}
  targets:
  - select: {kind: ServiceAccount}
    fieldPaths: ['metadata.annotations.[eks.amazonaws.com/role-arn]']
    options: {delimiter: /, index: 1}
";
    let others = ["Deployment /app account=app", "RoleBinding /app role=app subjects=/app"];
    overlay(replacement, &["ServiceAccount /app role=arn:aws:iam::222233334444:role/web", others[0], others[1]]);
    // The source is missing, so the value may be anything.
    let unknown = replacement.replace("kind: Deployment", "kind: ConfigMap");
    overlay(&unknown, &["ServiceAccount /app role=?", others[0], others[1]]);
}

#[test]
fn generated_maps() {
    let roles = "- rolearn: arn:aws:iam::222233334444:role/dev\n  username: dev\n";
    let generator = |more: &str| {
        format!(
            "configMapGenerator:\n- name: aws-auth\n  namespace: kube-system\n  files: [mapRoles=roles.yaml]\n{more}"
        )
    };
    let made = |text: &str, more: Files<'_>| {
        let files: Files<'_> = &[("kustomization.yaml", text), ("roles.yaml", roles)];
        let map = &workspace(&[files, more].concat()).facts.aws_auths;
        let shown = |it: &Text| it.shown();
        map.iter().flat_map(|it| it.meta.name.known().map(shown)).collect::<Vec<_>>()
    };
    assert_eq!(made(&generator(""), &[]), ["aws-auth-<hash>"]);
    assert_eq!(made(&generator("  options: {disableNameSuffixHash: true}\n"), &[]), ["aws-auth"]);
    let off = format!("generatorOptions: {{disableNameSuffixHash: true}}\n{}", generator(""));
    assert_eq!(made(&off, &[]), ["aws-auth"]);
    // One that is merged replaces each key whole.
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n    - rolearn: \
               arn:aws:iam::222233334444:role/base\n      username: base\n";
    let text = format!("resources: [map.yaml]\n{}", generator("  behavior: merge\n"));
    let files = [("kustomization.yaml", &*text), ("roles.yaml", roles), ("map.yaml", map)];
    expect(&files, &["ConfigMap kube-system/aws-auth mappings=arn:aws:iam::222233334444:role/dev=dev"]);
}

/// A component changes what the kustomization builds that names it, before that one does.
#[test]
fn components() {
    let component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: c-\nnamespace: inner\n";
    let text = "resources: [../base]\ncomponents: [../component]\nnamePrefix: o-\n";
    let files: Files<'_> = &[("prod/kustomization.yaml", text), ("component/kustomization.yaml", component)];
    expect(
        &[BASE, files].concat(),
        &[
            "ServiceAccount inner/o-c-app role=arn:aws:iam::222233334444:role/base",
            "Deployment inner/o-c-app account=o-c-app",
            "RoleBinding inner/o-c-app role=o-c-app subjects=inner/o-c-app",
        ],
    );
}

#[test]
fn flux_fills_in() {
    let flux = |name: &str, more: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}}}\nspec:\n  path: ./apps\n  \
             targetNamespace: {name}\n  postBuild:\n    substitute: {{env: {name}}}\n{more}"
        )
    };
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  annotations:\n    \
                   eks.amazonaws.com/role-arn: arn:aws:iam::${account:=222233334444}:role/${env}-app\n";
    let (dev, prod) = (flux("dev", ""), flux("prod", "  sourceRef: {kind: GitRepository, name: flux-system}\n"));
    let files = [("apps/sa.yaml", account), ("clusters/dev.yaml", &*dev), ("clusters/prod.yaml", &*prod)];
    expect(
        &files,
        &[
            "ServiceAccount dev/app role=arn:aws:iam::222233334444:role/dev-app",
            "ServiceAccount prod/app role=arn:aws:iam::222233334444:role/prod-app",
        ],
    );
    // ConfigMaps of the cluster may say it.
    let from = flux("dev", "    substituteFrom: [{kind: ConfigMap, name: vars}]\n");
    let files = [("apps/sa.yaml", account), ("clusters/dev.yaml", &*from)];
    expect(&files, &["ServiceAccount dev/app role=?"]);
    // The path is one of another repository.
    let other = flux("dev", "  sourceRef: {kind: GitRepository, name: apps}\n");
    let files = [("apps/sa.yaml", account), ("clusters/dev.yaml", &*other)];
    expect(&files, &["ServiceAccount ?/? role=?"]);
}

/// One slip in a base is one finding, however many overlays build it, and what an overlay sets is reported there.
#[test]
fn findings_of_several_overlays() {
    let found = |files: Files<'_>| -> Vec<String> {
        let workspace = workspace(&[BASE, files].concat());
        let found = ekslint::lint(&workspace).into_iter().filter(|it| it.level > ekslint::diagnostic::Level::Note);
        let shown = found.map(|it| {
            let labels = it.labels.iter().map(|it| format!(" {}", workspace.path(it.span.file)));
            format!("{}: {}:{}", it.rule, workspace.path(it.span.file), labels.collect::<String>())
        });
        shown.collect()
    };
    let patch = |role: &str| {
        format!(
            "resources: [../base]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {{name: app, \
             annotations: {{eks.amazonaws.com/role-arn: '{role}'}}}}\n"
        )
    };
    let wrong = patch("arn:aws:iam::22223333444:role/app");
    let right = patch("arn:aws:iam::222233334444:role/app");
    let slip = "irsa/role-arn-format: prod/kustomization.yaml: prod/kustomization.yaml";
    assert_eq!(found(&[("prod/kustomization.yaml", &wrong), ("dev/kustomization.yaml", &right)]), [slip]);
    // A base with the slip in it.
    let base = BASE[1].1.replace("222233334444:role/base", "22223333444:role/base");
    let plain = "resources: [../base]\nnamespace: shop\n";
    let of_base = |overlays: Files<'_>| found(&[&[("base/all.yaml", &*base)], overlays].concat());
    let (a, b) = (("a/kustomization.yaml", plain), ("b/kustomization.yaml", plain));
    assert_eq!(of_base(&[a, b]), ["irsa/role-arn-format: base/all.yaml: base/all.yaml"]);
    // One overlay mends it.
    let right = ("c/kustomization.yaml", &*right);
    assert_eq!(of_base(&[a, right]), ["irsa/role-arn-format: base/all.yaml: base/all.yaml a/kustomization.yaml"]);
    assert_eq!(of_base(&[right]), Vec::<String>::new());
}

/// What a small kustomization can make very large, or very deep, is built up to a limit.
#[test]
fn what_is_made_has_a_limit() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app, namespace: shop, annotations: {eks.amazonaws.com/role-arn: \
                   'x-y'}}\n";
    let build = |kustomization: String, more: Vec<(String, String)>| {
        let files = [("sa.yaml".to_owned(), account.to_owned()), ("kustomization.yaml".to_owned(), kustomization)];
        let files = files.into_iter().chain(more);
        let workspace = Analysis::of(files.map(|(path, text)| Source::new(path, text)).collect()).snapshot(&());
        workspace.limits().count()
    };
    let patch = |operations: String| {
        format!("resources: [sa.yaml]\npatches:\n- target: {{kind: ServiceAccount}}\n  patch: |\n{operations}")
    };
    // Each copies all that the ones before it have made.
    let copies = (0..40).map(|at| format!("    - {{op: copy, from: /metadata, path: /metadata/annotations/x{at}}}\n"));
    assert_eq!(build(patch(copies.collect()), Vec::new()), 1, "copies");
    let inner = "    - {op: copy, from: /metadata, path: /metadata/annotations/x}\n".repeat(2_000);
    assert_eq!(build(patch(inner), Vec::new()), 0, "deeper than an object can be, and so unknown");
    let replacement = |path: &str, options: &str| {
        let source = "source: {kind: ServiceAccount, fieldPath: 'metadata.annotations.[eks.amazonaws.com/role-arn]'";
        format!(
            "- {source}}}\n  targets: [{{select: {{kind: ServiceAccount}}, fieldPaths: ['{path}'], options: {options}}}]\n"
        )
    };
    let deep = replacement(&format!("data{}", ".z".repeat(30_000)), "{create: true}");
    assert_eq!(build(format!("resources: [sa.yaml]\nreplacements:\n{deep}"), Vec::new()), 0, "a long path");
    let doubled =
        replacement("metadata.annotations.[eks.amazonaws.com/role-arn]", "{delimiter: '-', index: 0}").repeat(60);
    assert_eq!(build(format!("resources: [sa.yaml]\nreplacements:\n{doubled}"), Vec::new()), 1, "a text in itself");
    // Two prefixes at each level, of all that is below.
    let level = |at: usize| {
        let below = if at == 0 { "../sa.yaml".to_owned() } else { format!("../l{}", at - 1) };
        let side = |side: &str| {
            let text = format!("resources: [{below}]\nnamePrefix: {side}-\n");
            (format!("{side}{at}/kustomization.yaml"), text)
        };
        [side("a"), side("b"), (format!("l{at}/kustomization.yaml"), format!("resources: [../a{at}, ../b{at}]\n"))]
    };
    assert_eq!(build("resources: [l24]\n".to_owned(), (0..25).flat_map(level).collect()), 1, "pairs of pairs");
}
