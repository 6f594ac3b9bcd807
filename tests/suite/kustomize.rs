//! What kustomizations hide and what they do not: objects are compared as they are built, not as they are written.

use ekslint::Analysis;
use ekslint::diagnostic::Level;
use ekslint::source::Source;

type Files<'f> = &'f [(&'f str, &'f str)];

/// What is found above notes, and limits: `file: rule`.
fn found(files: Files<'_>) -> Vec<String> {
    let workspace = Analysis::of(files.iter().map(|(path, text)| Source::new(*path, *text)).collect()).snapshot(&());
    let found = ekslint::lint(&workspace).into_iter().filter(|it| it.level > Level::Note);
    found.map(|it| format!("{}: {}", workspace.path(it.span.file), it.rule)).collect()
}

/// Checks what is found with each kustomization of a table beside the same files.
fn expect(files: Files<'_>, finding: &str, cases: &[(&str, bool, &str)]) {
    for (kustomization, is_found, why) in cases {
        let files = [files, &[("kustomization.yaml", *kustomization)]].concat();
        let wanted: &[&str] = if *is_found { &[finding] } else { &[] };
        assert_eq!(found(&files), wanted, "{why}\n{kustomization}");
    }
}

/// A service account whose role has an account number with a digit too few.
const ACCOUNT: &str = "apiVersion: v1
kind: ServiceAccount
metadata:
  name: app
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::22223333444:role/app
";
const WRONG_ROLE: &str = "sa.yaml: irsa/role-arn-format";

fn aws_auth(metadata: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {metadata}\ndata:\n  mapRoles: |\n    - rolearn: \
         arn:aws:iam::222233334444:role/dev\n      username: dev:{{{{SessionName}}}}\n      groups: [dev]\n"
    )
}
const WRONG_NAMESPACE: &str = "aws-auth.yaml: aws-auth/namespace-name";

#[test]
fn settings_of_the_builtin_transformers_change_nothing() {
    let cases = [
        ("resources: [sa.yaml]\nconfigurations: [names.yaml]\n", true, "it says where names stand"),
        ("resources: [sa.yaml]\nconfigurations: []\nbuildMetadata: [originAnnotations]\n", true, "nothing"),
    ];
    expect(&[("sa.yaml", ACCOUNT)], WRONG_ROLE, &cases);
}

#[test]
fn only_what_builds_aws_auth_gives_it_a_namespace() {
    let map = aws_auth("{name: aws-auth, namespace: default}");
    let cases = [
        ("resources: [aws-auth.yaml]\n", true, "nothing sets it"),
        ("resources: [other.yaml]\nnamespace: kube-system\n", true, "another build"),
        ("resources: [aws-auth.yaml]\nnamespace: kube-system\n", false, "this one sets it"),
    ];
    let files: Files<'_> = &[("aws-auth.yaml", &map), ("other.yaml", ACCOUNT_IN_ORDER)];
    expect(files, WRONG_NAMESPACE, &cases);
    // It is the kustomization that one would edit.
    let cases = [("resources: [aws-auth.yaml]\nnamespace: shop\n", true, "as wrong as before")];
    expect(files, "kustomization.yaml: aws-auth/namespace-name", &cases);
}

const ACCOUNT_IN_ORDER: &str = "apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
";

/// In a thread with a stack that recursion over the chain would not fit into.
#[test]
fn a_chain_of_kustomizations_needs_no_stack() {
    const LENGTH: usize = 20_000;
    for key in ["resources", "components"] {
        let chain = (0..LENGTH).map(|at| {
            let next = if at + 1 < LENGTH { format!("../k{}", at + 1) } else { "../sa.yaml".to_owned() };
            let prefix = if at == 0 { "namePrefix: dev-\n" } else { "" };
            let key = if at + 1 < LENGTH { key } else { "resources" };
            Source::new(format!("k{at}/kustomization.yaml"), format!("{prefix}{key}:\n- {next}\n"))
        });
        let sources: Vec<Source> = chain.chain([Source::new("sa.yaml", ACCOUNT)]).collect();
        let in_thread = move || {
            let workspace = Analysis::of(sources).snapshot(&());
            let account = &workspace.facts.service_accounts[0];
            assert!(account.meta.built.is_affixed, "{key}: the first kustomization builds the account");
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(in_thread).unwrap().join().unwrap();
    }
}

/// A patch that gives what a target chooses another role.
fn patch(target: &str, more: &str) -> String {
    format!(
        "resources: [sa.yaml]\n{more}patches:\n- target: {target}\n  patch: |\n    - op: replace\n      path: \
         /metadata/annotations/eks.amazonaws.com~1role-arn\n      value: arn:aws:iam::222233334444:role/app\n"
    )
}

/// As `kubectl kustomize` of version 1.32 builds it.
#[test]
fn targets_are_patterns() {
    let account = ACCOUNT.replace("name: app", "name: app-v1");
    let cases = [
        ("{kind: ServiceAccount, name: app-v1}", "", false, "its name"),
        ("{kind: ServiceAccount, name: app.v1}", "", false, "any character"),
        ("{kind: ServiceAccount, name: app.v2}", "", true, "another name"),
        ("{kind: ServiceAccount, name: app}", "", true, "not the whole name"),
        ("{kind: ServiceAccount, name: 'app.*'}", "", false, "the start"),
        ("{kind: ServiceAccount, name: 'web.*'}", "", true, "another start"),
        ("{kind: 'Service.*', name: ''}", "", false, "empty is everything"),
        ("{kind: 'Deploy.*'}", "", true, "another kind"),
        ("{kind: ServiceAccount, name: 'web|app-v1'}", "", false, "one of two"),
        ("{name: 'dev-.*'}", "namePrefix: dev-\n", true, "the name that it gets only later"),
        ("{name: dev-web}", "namePrefix: dev-\n", true, "another name"),
    ];
    for (target, more, is_found, why) in cases {
        expect(&[("sa.yaml", &account)], WRONG_ROLE, &[(&patch(target, more), is_found, why)]);
    }
    // A patch without a target is for the name that it has itself.
    let merge = "resources: [sa.yaml]\npatches:\n- patch: |\n    apiVersion: v1\n    kind: ServiceAccount\n    metadata:\n      \
                 name: app.v1\n      annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::222233334444:role/app'}\n";
    expect(&[("sa.yaml", &account)], WRONG_ROLE, &[(merge, true, "no pattern")]);
}

#[test]
fn what_a_replacement_rejects_stays() {
    let replacement = |reject: &str| {
        format!(
            "resources: [sa.yaml]\nreplacements:\n- source: {{kind: ConfigMap, name: x}}\n  targets:\n  - select: \
             {{kind: ServiceAccount}}\n    reject: {reject}\n    fieldPaths: \
             ['metadata.annotations.[eks.amazonaws.com/role-arn]']\n"
        )
    };
    let cases = [
        ("[]", false, "nothing"),
        ("[{name: app}]", true, "its name"),
        ("[{kind: ServiceAccount, name: app}]", true, "kind and name"),
        ("[{name: web}, {kind: Role, name: app}]", false, "others"),
        ("[{name: app, namespace: web}]", false, "perhaps another namespace"),
        ("[{kind: ServiceAccount}]", true, "all of a kind"),
    ];
    for (reject, is_found, why) in cases {
        expect(&[("sa.yaml", ACCOUNT)], WRONG_ROLE, &[(&replacement(reject), is_found, why)]);
    }
}

#[test]
fn generators_change_what_is_there() {
    let map = aws_auth("{name: aws-auth, namespace: kube-system}").replace("role/dev", "role/team/dev");
    let generator = |fields: &str| format!("resources: [aws-auth.yaml]\nconfigMapGenerator:\n- {fields}\n");
    let cases = [
        ("{name: aws-auth, namespace: kube-system, behavior: merge, literals: ['mapRoles=[]']}", false, "its key"),
        ("{name: aws-auth, namespace: kube-system, behavior: merge, files: [mapRoles=x.yaml]}", false, "from a file"),
        ("{name: aws-auth, namespace: kube-system, behavior: merge, files: [data/mapRoles]}", false, "the file's name"),
        ("{name: aws-auth, namespace: kube-system, behavior: merge, envs: [x.env]}", false, "any key"),
        ("{name: aws-auth, namespace: kube-system, behavior: merge, literals: [owner=x]}", true, "another key"),
        ("{name: aws-auth, namespace: kube-system, behavior: replace, literals: [owner=x]}", false, "everything"),
        (
            "{name: other, namespace: kube-system, behavior: replace, literals: ['mapRoles=[]']}",
            true,
            "another ConfigMap",
        ),
    ];
    for (fields, is_found, why) in cases {
        expect(&[("aws-auth.yaml", &map)], "aws-auth.yaml: aws-auth/role-path", &[(&generator(fields), is_found, why)]);
    }
}

#[test]
fn a_prefix_makes_no_namespace_right() {
    let map = aws_auth("{name: aws-auth, namespace: default}");
    let cases = [
        ("resources: [aws-auth.yaml]\nnamePrefix: dev-\n", true, "a prefix"),
        ("resources: [aws-auth.yaml]\nnameSuffix: -dev\n", true, "a suffix"),
        ("resources: [aws-auth.yaml]\nnamePrefix: dev-\nnamespace: kube-system\n", true, "nor the name that it makes"),
    ];
    expect(&[("aws-auth.yaml", &map)], WRONG_NAMESPACE, &cases);
    // With the prefix it may be called `aws-auth`.
    let map = aws_auth("{name: auth, namespace: kube-system}");
    expect(
        &[("aws-auth.yaml", &map)],
        WRONG_NAMESPACE,
        &[("resources: [aws-auth.yaml]\nnamePrefix: aws-\n", false, "")],
    );
}

/// A transformer that is built into kustomize changes what its fields say, and others anything.
#[test]
fn transformers() {
    const PREFIX: &str = "apiVersion: builtin
kind: PrefixTransformer
metadata: {name: prefix}
prefix: dev-
fieldSpecs: [{path: metadata/name}]
";
    const ANNOTATIONS: &str = "apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: roles}
annotations: {eks.amazonaws.com/role-arn: x}
fieldSpecs: [{path: metadata/annotations, create: true}]
";
    const PLUGIN: &str = "apiVersion: example.com/v1
kind: RoleTransformer
metadata: {name: roles}
";
    const PATCH: &str = "apiVersion: builtin
kind: PatchTransformer
metadata: {name: patch}
target: {kind: ServiceAccount, name: NAME}
patch: |
  - {op: remove, path: /metadata/annotations}
";
    const MERGE: &str = "apiVersion: builtin
kind: PatchStrategicMergeTransformer
metadata: {name: patch}
patches: |
  apiVersion: v1
  kind: ServiceAccount
  metadata: {name: NAME, annotations: {eks.amazonaws.com/role-arn: null}}
";
    const JSON: &str = "apiVersion: builtin
kind: PatchJson6902Transformer
metadata: {name: patch}
target: {version: v1, kind: ServiceAccount, name: NAME}
jsonOp: '[{\"op\": \"remove\", \"path\": \"/metadata/annotations\"}]'
";
    const REPLACEMENT: &str = "apiVersion: builtin
kind: ReplacementTransformer
metadata: {name: replacement}
replacements:
- source: {kind: ConfigMap, name: x}
  targets: [{select: {name: NAME}, fieldPaths: ['metadata.annotations.[eks.amazonaws.com/role-arn]']}]
";
    const LABELS: &str = "apiVersion: builtin
kind: LabelTransformer
metadata: {name: labels}
labels: {team: shop}
";
    let named = |text: &str, name: &str| text.replace("NAME", name);
    let cases = [
        (PREFIX.to_owned(), true, "names only"),
        (LABELS.to_owned(), true, "labels only"),
        (ANNOTATIONS.to_owned(), false, "the annotation"),
        (ANNOTATIONS.replace("role-arn", "audience"), true, "another annotation"),
        (PLUGIN.to_owned(), false, "anything"),
        (format!("{PREFIX}---\n{PLUGIN}"), false, "one of two"),
        (format!("{PREFIX}---\n{}", PLUGIN.replace("RoleTransformer", "Roles")), false, "one of two"),
        (format!("{PREFIX}---\na: [\n"), false, "a broken one"),
        (format!("---\n{PREFIX}---\n# The end.\n"), true, "an empty one"),
        (format!("{PREFIX}---\n{LABELS}"), true, "two"),
        (named(PATCH, "app"), false, "a patch for it"),
        (named(PATCH, "web"), true, "a patch for another"),
        (named(MERGE, "app"), false, "a patch for it"),
        (named(MERGE, "web"), true, "a patch for another"),
        (named(JSON, "app"), false, "a patch for it"),
        (named(JSON, "web"), true, "a patch for another"),
        (named(REPLACEMENT, "app"), false, "a replacement for it"),
        (named(REPLACEMENT, "web"), true, "a replacement for another"),
        (PREFIX.replace("PrefixTransformer", "ValueAddTransformer"), false, "one that is not read"),
    ];
    for (text, is_found, why) in cases {
        let wanted: &[&str] = if is_found { &[WRONG_ROLE] } else { &[] };
        let inline: String = text.lines().map(|it| format!("  {it}\n")).collect();
        // Two documents in one text are read as two.
        let inline = format!("resources: [sa.yaml]\ntransformers:\n- |\n{inline}");
        assert_eq!(found(&[("sa.yaml", ACCOUNT), ("kustomization.yaml", &inline)]), wanted, "{why}\n{inline}");
        let named = "resources: [sa.yaml]\ntransformers: [transformer.yaml]\n";
        let files = [("sa.yaml", ACCOUNT), ("kustomization.yaml", named), ("transformer.yaml", &text)];
        assert_eq!(found(&files), wanted, "{why}, in a file\n{text}");
        let folder = "resources: [sa.yaml]\ntransformers: [more]\n";
        let files = [
            ("sa.yaml", ACCOUNT),
            ("kustomization.yaml", folder),
            ("more/kustomization.yaml", "resources: [transformer.yaml]\n"),
            ("more/transformer.yaml", &text),
        ];
        assert_eq!(found(&files), wanted, "{why}, in a folder\n{text}");
    }
    for path in ["missing.yaml", "https://example.com/x", "../outside"] {
        let text = format!("resources: [sa.yaml]\ntransformers: [{path}]\n");
        expect(&[("sa.yaml", ACCOUNT)], WRONG_ROLE, &[(&text, false, "not to be seen")]);
    }
    let map = aws_auth("{name: aws-auth, namespace: default}");
    let namespace = |name: &str| {
        format!(
            "resources: [aws-auth.yaml]\ntransformers:\n- |\n  apiVersion: builtin\n  kind: NamespaceTransformer\n  \
             metadata: {{name: x, namespace: {name}}}\n"
        )
    };
    let cases =
        [(&*namespace("kube-system"), false, "the right namespace"), (&*namespace("shop"), true, "another namespace")];
    expect(&[("aws-auth.yaml", &map)], WRONG_NAMESPACE, &cases);
    // The transformers of a folder, which its kustomization may change before they are used.
    let cases = [
        ("", true, "another namespace"),
        ("patches: [{patch: '[{op: replace, path: /metadata/namespace, value: kube-system}]'}]", false, "a patch"),
        ("namespace: kube-system", false, "a namespace"),
        ("components: [../more]", false, "a component"),
        ("replacements: [{path: x.yaml}]", false, "a replacement"),
        ("generators: [x.yaml]", false, "more transformers"),
        ("transformers: [x.yaml]", false, "transformers of transformers"),
    ];
    for (more, is_found, why) in cases {
        let wanted: &[&str] = if is_found { &[WRONG_NAMESPACE] } else { &[] };
        let files = [
            ("aws-auth.yaml", &*map),
            ("kustomization.yaml", "resources: [aws-auth.yaml]\ntransformers: [t]\n"),
            ("t/kustomization.yaml", &*format!("resources: [ns.yaml]\n{more}\n")),
            ("t/ns.yaml", "apiVersion: builtin\nkind: NamespaceTransformer\nmetadata: {name: x, namespace: shop}\n"),
        ];
        assert_eq!(found(&files), wanted, "{why}");
    }
}

/// Overlays over the same files are built up to a limit, which is said. Behind it what they may change is unknown.
#[test]
fn many_overlays() {
    let run = |overlays: usize, files: usize| {
        let base = (0..files).map(|at| format!("- sa{at}.yaml\n")).collect::<String>();
        let base = Source::new("base/kustomization.yaml", format!("resources:\n{base}"));
        let account = |at| ACCOUNT.replace("name: app", &format!("name: app{at}"));
        let accounts = (0..files).map(|at| Source::new(format!("base/sa{at}.yaml"), account(at)));
        let overlay = |at| {
            let text = format!("namespace: ns{at}\nnamePrefix: p{at}-\nresources:\n- ../base\n");
            Source::new(format!("o{at}/kustomization.yaml"), text)
        };
        let sources = (0..overlays).map(overlay).chain(accounts).chain([base]).collect();
        let workspace = Analysis::of(sources).snapshot(&());
        for meta in workspace.facts.service_accounts.iter().map(|it| &it.meta) {
            let is_built = meta.keeps_its_name() && meta.name.string().is_some_and(|it| it.contains("-app"));
            let is_unknown = !meta.keeps_its_name() && meta.namespace.string().is_none();
            assert!(is_built || is_unknown, "{:?} in {:?}", meta.name, meta.namespace);
        }
        (workspace.facts.service_accounts.len(), workspace.limits().count())
    };
    assert_eq!(run(20, 50), (1_000, 0));
    let (accounts, limits) = run(300, 300);
    assert!((300..30_000).contains(&accounts), "{accounts}");
    assert_eq!(limits, 1, "what is not built may be changed, and that is said");
}

/// What kustomizations change is expanded up to a limit, which is said, even where no object is compared with it.
#[test]
fn many_changes_of_others() {
    const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let cut = |sources: Vec<Source>| Analysis::of(sources).snapshot(&()).limits().count();
    let keys = |count: usize| (0..count).map(|at| format!("  k{at}: x\n")).collect::<String>();
    let transformer = |count| {
        let text = format!("apiVersion: builtin\nkind: AnnotationsTransformer\nannotations:\n{}", keys(count));
        Source::new("t.yaml", text)
    };
    let patch = |count| {
        let operation = "- {op: remove, path: /metadata/annotations/eks.amazonaws.com~1role-arn}\n";
        Source::new("p.yaml", operation.repeat(count))
    };
    let one = |key: &str, item: &str, count| {
        Source::new("kustomization.yaml", format!("{HEAD}{key}:\n{}", format!("- {item}\n").repeat(count)))
    };
    let several = |count| {
        let text = format!("{HEAD}transformers: [../t.yaml]\n");
        (0..count).map(move |at| Source::new(format!("k{at}/kustomization.yaml"), text.as_str()))
    };
    for (count, wanted) in [(50, 0), (1_500, 1)] {
        assert_eq!(cut(vec![transformer(count), one("transformers", "t.yaml", count)]), wanted, "{count} in one");
        assert_eq!(cut(several(count).chain([transformer(count)]).collect()), wanted, "{count} in several");
        assert_eq!(cut(vec![patch(count), one("patches", "path: p.yaml", count)]), wanted, "{count} patches");
    }
}

/// Each document of a kustomization leads to all documents of a folder.
#[test]
fn many_kustomizations_of_one_folder() {
    for (count, wanted) in [(100, 0), (4_000, 1)] {
        let one = "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [.]\n";
        let workspace = Analysis::of(vec![Source::new("kustomization.yaml", one.repeat(count))]).snapshot(&());
        assert_eq!(workspace.limits().count(), wanted, "{count} documents");
    }
}

/// What it costs to compare an object with a target counts: a pattern may fit in many places, and every reject is compared.
#[test]
fn targets_that_take_long() {
    const OBJECTS: usize = 600;
    const CHANGES: usize = 300;
    let name = "a".repeat(253);
    let account = format!("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}}}\n");
    let accounts = account.repeat(OBJECTS);
    let cut = |list: &str, entry: &str| {
        let text = format!("resources: [sa.yaml]\n{list}:\n{}", entry.repeat(CHANGES));
        let sources = vec![Source::new("sa.yaml", accounts.as_str()), Source::new("kustomization.yaml", text)];
        Analysis::of(sources).snapshot(&()).limits().count()
    };
    let patch = |name: &str| {
        let operation = "[{\"op\": \"remove\", \"path\": \"/metadata/annotations\"}]";
        format!("- {{target: {{name: '{name}'}}, patch: '{operation}'}}\n")
    };
    let replacement = |rejects: usize| {
        let rejects = "{name: b}, ".repeat(rejects);
        format!("- targets: [{{select: {{name: a}}, reject: [{rejects}], fieldPaths: [metadata.name]}}]\n")
    };
    assert_eq!(cut("patches", &patch("web")), 0, "names");
    assert_eq!(cut("patches", &patch("web.*")), 0, "short patterns");
    let nearly = format!("a.*{}b.*", "a".repeat(126));
    assert_eq!(cut("patches", &patch(&nearly)), 0, "a pattern that nearly fits everywhere");
    assert_eq!(cut("replacements", &replacement(2)), 0, "few rejects");
    assert_eq!(cut("replacements", &replacement(150)), 1, "many rejects");
}

/// One object with as many annotations as there are changes: neither is compared with all of the other.
#[test]
fn many_annotations_of_one_object() {
    const COUNT: usize = 50_000;
    let lines = |line: fn(usize) -> String| (0..COUNT).map(line).collect::<String>();
    let written = lines(|at| format!("    a{at}: x\n"));
    let account = format!("{ACCOUNT}{written}");
    let more = lines(|at| format!("  b{at}: x\n"));
    let text = format!("namespace: dev\nresources: [sa.yaml]\ncommonAnnotations:\n{more}  a7: y\n");
    let workspace =
        Analysis::of(vec![Source::new("sa.yaml", account), Source::new("kustomization.yaml", text)]).snapshot(&());
    let meta = &workspace.facts.service_accounts[0].meta;
    assert_eq!(meta.annotations.len(), 1 + 2 * COUNT);
    let known = meta.annotations.iter().filter(|it| it.text().is_some()).count();
    assert_eq!(known, 1 + 2 * COUNT, "all that are written, and all that are added");
    assert!(workspace.limits().next().is_none());
}
