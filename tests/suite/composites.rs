//! Units that are written in several files, with a kind of unit that nobody uses: a template that is cut into files.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ekslint::analysis::{Analysis, Outcome, lint};
use ekslint::config::{Configuration, Origin};
use ekslint::facts::{Deployment, Facts, Unit, UnitKind};
use ekslint::lower::composite::{Composite, Composites, Parts};
use ekslint::lower::{self};
use ekslint::source::{FileId, Source, Span, Text, TextBuilder, UnitId};
use ekslint::suppress::Settings;
use ekslint::syntax::{self, Hint};
use ekslint::workspace::Workspace;

use crate::pages::{is_linted, pages};
use crate::random;

/// All files `*.part` of a folder are one template, in the order of their names. A line `#+ PATH` stands for another file.
struct Cut;

/// The text of a part, and the files that it names, each with the place in the text where the file's own text belongs.
struct Piece {
    text: Text,
    names: Vec<(usize, String)>,
}

const NAMES: &str = "#+ ";

impl Composite for Cut {
    type Part = Piece;

    fn claims(&self, path: &Path) -> bool {
        path.extension().is_some_and(|it| it == "part")
    }

    fn references(&self, source: &Source) -> Vec<String> {
        source.text.lines().filter_map(|it| it.strip_prefix(NAMES)).map(str::to_owned).collect()
    }

    fn read(&self, source: &Source, file: FileId) -> (Facts, Piece) {
        let directives = lower::lower(source, file, &()).directives;
        let mut names = Vec::new();
        let mut at = 0;
        for line in source.text.split_inclusive('\n') {
            at += line.len();
            names.extend(line.strip_prefix(NAMES).map(|it| (at, it.trim_end().to_owned())));
        }
        let text = Text::of_file(file, source.text.clone());
        (Facts { directives, ..Facts::default() }, Piece { text, names })
    }

    fn assemble(&self, parts: &Parts<'_, Piece>) -> Vec<Facts> {
        let mut folders: BTreeMap<&Path, Vec<_>> = BTreeMap::new();
        for part in parts.iter() {
            folders.entry(part.source.place.parent().unwrap_or(Path::new(""))).or_default().push(part);
        }
        folders.into_values().map(|it| template(parts, &it)).collect()
    }
}

/// The facts of the template that is written in some parts, and in what they name.
fn template(parts: &Parts<'_, Piece>, own: &[&lower::composite::Part<'_, Piece>]) -> Facts {
    let mut whole = TextBuilder::default();
    let mut places = Vec::new();
    for part in own {
        let Piece { text, names } = part.read;
        places.push(text.whole());
        let mut from = 0;
        for (at, name) in names {
            whole.push(&text.part(from..*at));
            from = *at;
            if let Some(it) = parts.referred(part.source, name) {
                let text = Text::of_file(it.file, it.source.text.clone());
                places.push(text.whole());
                whole.push(&text);
            }
        }
        whole.push(&text.part(from..text.len()));
    }
    let text = whole.finish(places[0]);
    let mut facts = Facts::default();
    let id = UnitId { file: places[0].file, document: 0 };
    for tree in syntax::parse(&text, Hint::Yaml).documents {
        lower::lower_document(tree.root(), id, &mut facts);
    }
    facts.units = Default::default();
    facts.units.push(Unit { id, kind: UnitKind::CloudFormation, whole: places[0], others: places[1..].to_vec() });
    facts
}

fn cut() -> Analysis {
    Analysis::default().with_composites(Composites::default().with(Cut))
}

fn workspace(files: &[(String, String)]) -> Workspace {
    let mut analysis = cut();
    files.iter().for_each(|(path, text)| analysis.set(Source::new(path.as_str(), text.as_str())));
    analysis.snapshot(&())
}

/// What is found in a template: the rule, the level, the message, and each place as one in the whole template.
fn found(workspace: &Workspace, place: impl Fn(Span) -> (String, u32, u32)) -> Vec<String> {
    let label = |it: &ekslint::diagnostic::Label| format!("{:?} {}", place(it.span), it.message);
    let mut found: Vec<String> = lint(workspace)
        .iter()
        .map(|it| {
            let labels: Vec<String> = it.labels.iter().map(label).collect();
            format!("{} {:?} {:?} {} {:?} {labels:?}", it.rule, it.level, it.certainty, it.message, place(it.span))
        })
        .collect();
    found.sort();
    found
}

/// The template in two files, cut before one of its resources.
fn halves(text: &str, at: usize) -> [(String, String); 2] {
    [("stack/0.part".to_owned(), text[..at].to_owned()), ("stack/1.part".to_owned(), text[at..].to_owned())]
}

/// Where the lines of all resources of a template in YAML begin, but for the first.
fn cuts(text: &str) -> Vec<usize> {
    let parsed = syntax::parse(&Text::of_file(FileId::new(0), text.into()), Hint::Yaml);
    let [tree] = parsed.documents.as_slice() else { return Vec::new() };
    let resources = tree.root().get("Resources").into_iter().flat_map(|it| it.entries());
    let starts = resources.map(|(name, _)| name.span().start as usize).skip(1);
    let of_line =
        |at: usize| text[..at].rfind('\n').map(|it| it + 1).filter(|start| text[*start..at].trim().is_empty());
    starts.filter_map(of_line).collect()
}

/// Whatever rule looks for what stands in one template finds it in a template of several files.
#[test]
fn a_template_of_two_files_is_one_template() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in page.fails.iter().chain(&page.passes) {
            for (path, text) in &example.files {
                for at in cuts(text) {
                    // Under another name it may belong to another environment.
                    let others = example.files.iter().filter(|(it, _)| it != path && is_linted(it));
                    let mut one: Vec<_> = others.cloned().collect();
                    let mut two = one.clone();
                    one.push(("stack/0.part".to_owned(), text.clone()));
                    two.extend(halves(text, at));
                    let (one, two) = (workspace(&one), workspace(&two));
                    let of_one = |span: Span| (one.path(span.file).to_owned(), span.start, span.end);
                    let of_two = |span: Span| match two.path(span.file) {
                        "stack/1.part" => ("stack/0.part".to_owned(), span.start + at as u32, span.end + at as u32),
                        path => (path.to_owned(), span.start, span.end),
                    };
                    let (wanted, seen) = (found(&one, of_one), found(&two, of_two));
                    compared += wanted.len();
                    if wanted != seen {
                        let (name, less, more) = (&example.name, missing(&wanted, &seen), missing(&seen, &wanted));
                        wrong.push(format!("{}, `{name}`, cut at {at}:\n  less {less:#?}\n  more {more:#?}", rule.id));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    assert!(compared > 100, "{compared} findings were compared");
}

fn missing<'a>(all: &'a [String], others: &[String]) -> Vec<&'a String> {
    all.iter().filter(|it| !others.contains(it)).collect()
}

const CLUSTER: &str = "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: shop\n      RoleArn: !GetAtt \
    ClusterRole.Arn\n      ResourcesVpcConfig: {SubnetIds: [a, b]}\n      AccessConfig: {AuthenticationMode: CONFIG_MAP}\n";

const ENTRY: &str = "  Entry:\n    Type: AWS::EKS::AccessEntry\n    Properties:\n      ClusterName: shop\n      PrincipalArn: \
    arn:aws:iam::111122223333:role/dev\n";

fn rules(workspace: &Workspace) -> Vec<&'static str> {
    lint(workspace).iter().map(|it| it.rule).filter(|it| it.starts_with("auth-mode/")).collect()
}

fn own(files: &[(&str, &str)]) -> Workspace {
    workspace(&files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect::<Vec<_>>())
}

#[test]
fn what_is_together() {
    let needs_api = ["auth-mode/access-entry-needs-api"];
    assert_eq!(rules(&own(&[("a/0.part", CLUSTER), ("a/1.part", ENTRY)])), needs_api, "one folder");
    assert!(rules(&own(&[("a/0.part", CLUSTER), ("b/1.part", ENTRY)])).is_empty(), "two folders");
    let named = format!("{CLUSTER}{NAMES}../more/entry.txt\n");
    assert_eq!(rules(&own(&[("a/0.part", &named), ("more/entry.txt", ENTRY)])), needs_api, "by reference");
    assert!(rules(&own(&[("a/0.part", &named)])).is_empty(), "what is referred to is not in the run");
}

/// A file that two units are made of is together with both, and they are not together for that.
#[test]
fn a_file_of_two_units() {
    let cluster = format!("{CLUSTER}{NAMES}../more/entry.txt\n");
    let other =
        format!("Resources:\n  Other:\n    Type: AWS::EKS::Addon\n    Properties: {{}}\n{NAMES}../more/entry.txt\n");
    let workspace = own(&[("a/0.part", &cluster), ("b/0.part", &other), ("more/entry.txt", ENTRY)]);
    let ids: Vec<FileId> = workspace.files.ids().collect();
    let [a, b, shared] = ids.as_slice() else { panic!("{ids:?}") };
    assert!(workspace.are_together(*a, *shared) && workspace.are_together(*shared, *b));
    assert!(!workspace.are_together(*a, *b));
    assert_eq!(workspace.deployment(*shared), None);
    assert_eq!(workspace.deployment(*a).map(Deployment::file), Some(*a));
    assert_eq!(rules(&workspace), ["auth-mode/access-entry-needs-api"], "found once, though two units hold the entry");
}

const ROLE: &str = "  ClusterRole:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: shop-cluster\n      \
    AssumeRolePolicyDocument:\n        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: \
    sts:AssumeRole}]\n";

/// What a unit refers to may be YAML that is read by itself: it is there once, as what the unit makes of it.
#[test]
fn what_a_unit_refers_to_is_there_once() {
    let template = format!("Resources:\n{ROLE}");
    let whole = format!("{CLUSTER}{NAMES}role.yaml\n");
    let parts = own(&[("a/0.part", &whole), ("a/role.yaml", ROLE)]);
    assert_eq!(parts.facts.roles.len(), 1);
    assert!(lint(&parts).iter().any(|it| it.rule == "cluster-role/trust"), "the cluster's role lets machines in");
    // A template of its own that a unit takes over.
    let header = format!("{NAMES}role.yaml\n{}", CLUSTER.replace("Resources:\n", ""));
    let taken = own(&[("a/0.part", &header), ("a/role.yaml", &template)]);
    assert_eq!((taken.facts.roles.len(), taken.facts.clusters.len(), taken.recognised), (1, 1, 2));
    let alone = own(&[("a/role.yaml", &template)]);
    assert_eq!(alone.facts.roles.len(), 1);
}

/// Two calls of one module: each has resources of its own, though they stand at the same places.
struct Calls;

impl Composite for Calls {
    type Part = Text;

    fn claims(&self, path: &Path) -> bool {
        path.extension().is_some_and(|it| it == "part")
    }

    fn references(&self, _: &Source) -> Vec<String> {
        Vec::new()
    }

    fn read(&self, source: &Source, file: FileId) -> (Facts, Text) {
        (Facts::default(), Text::of_file(file, source.text.clone()))
    }

    /// `module.part` is called by each other file.
    fn assemble(&self, parts: &Parts<'_, Text>) -> Vec<Facts> {
        let is_module = |path: &str| path.ends_with("module.part");
        let module = parts.iter().find(|it| is_module(&it.source.path));
        let callers = parts.iter().filter(|it| !is_module(&it.source.path));
        let call = |(document, caller): (u32, &lower::composite::Part<'_, Text>)| {
            let module = module?;
            let mut whole = TextBuilder::default();
            whole.push(module.read);
            whole.push(caller.read);
            // The module comes first among the files: only the number tells the calls apart.
            let id = UnitId { file: module.file, document };
            let mut facts = Facts::default();
            for tree in syntax::parse(&whole.finish(module.read.whole()), Hint::Yaml).documents {
                lower::lower_document(tree.root(), id, &mut facts);
            }
            facts.units = Default::default();
            let others = vec![caller.read.whole()];
            facts.units.push(Unit { id, kind: UnitKind::CloudFormation, whole: module.read.whole(), others });
            Some(facts)
        };
        (0..).zip(callers).filter_map(call).collect()
    }
}

#[test]
fn two_units_of_one_file() {
    let module = format!("Resources:\n{ROLE}");
    let cluster = CLUSTER.replace("Resources:\n", "");
    let profile = "  Profile:\n    Type: AWS::IAM::InstanceProfile\n    Properties: {Roles: [!Ref ClusterRole]}\n";
    let workspace = two_calls(&module, &cluster, profile);
    let [first, second] = [0, 1].map(|at| &workspace.facts.roles[at]);
    assert!(!first.origin.is(&second.origin), "each call has a role of its own");
    let uses = |role| workspace.roles().links(role).certain_uses().map(|it| format!("{:?}", it.purpose)).collect();
    let [first, second]: [Vec<String>; 2] = [uses(first), uses(second)];
    assert_eq!(first, ["Cluster"], "what the first call says of its role");
    assert!(!second.contains(&"Cluster".to_owned()), "the second call has no cluster: {second:?}");
    let ids: Vec<FileId> = workspace.files.ids().collect();
    assert!(!workspace.are_together(ids[1], ids[2]), "two calls are two deployments");
    assert!(ids[1..].iter().all(|it| workspace.are_together(ids[0], *it)), "the module is part of both");
}

/// Two calls of one module, each with resources of its own besides.
fn two_calls(module: &str, first: &str, second: &str) -> Workspace {
    let mut analysis = Analysis::default().with_composites(Composites::default().with(Calls));
    for (path, text) in [("a/module.part", module), ("b/call.part", first), ("c/call.part", second)] {
        analysis.set(Source::new(path, text));
    }
    analysis.snapshot(&())
}

/// What stands in a module and is there twice belongs to two deployments, once to each.
#[test]
fn names_of_a_module_mean_what_is_in_the_same_call() {
    let group = "  Nodes:\n    Type: AWS::EKS::Nodegroup\n    Properties: {ClusterName: shop, NodeRole: \
        'arn:aws:iam::111122223333:role/nodes', Subnets: [a]}\n";
    let workspace = two_calls(CLUSTER, &format!("{ENTRY}{group}"), ENTRY);
    let units = |at: usize| {
        let entry = &workspace.facts.access_entries[at];
        let cluster = workspace.clusters().of(&entry.cluster).unwrap();
        (entry.origin.resource.as_ref().unwrap().unit, cluster.origin.resource.as_ref().unwrap().unit)
    };
    let [(first, of_first), (second, of_second)] = [units(0), units(1)];
    assert_ne!(first, second, "each call is a unit");
    assert_eq!((of_first, of_second), (first, second), "the cluster of the same call");
    assert!(rules(&workspace).contains(&"auth-mode/access-entry-needs-api"), "{:?}", rules(&workspace));
    let groups: Vec<usize> =
        workspace.facts.clusters.iter().map(|it| workspace.clusters().node_groups_of(it).count()).collect();
    assert_eq!(groups, [1, 0], "the first call has nodes");
    // What stands in the module alone names one of two clusters, and nothing says which.
    let workspace = two_calls(&format!("{CLUSTER}{ENTRY}"), "", group);
    assert!(workspace.clusters().of(&workspace.facts.access_entries[0].cluster).is_none());
}

/// What one call leaves open says nothing of the other.
#[test]
fn a_call_with_a_loose_policy() {
    let policy = "  Policy:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: x\n      Roles: [!Ref R]\n      \
        PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}\n";
    let profile = "  Profile:\n    Type: AWS::IAM::InstanceProfile\n    Properties: {Roles: [!Ref ClusterRole]}\n";
    let workspace = two_calls(&format!("Parameters: {{R: {{Type: String}}}}\nResources:\n{ROLE}"), policy, profile);
    let are_known = workspace.facts.roles.iter().map(|it| workspace.roles().links(it).attachments_known);
    assert_eq!(are_known.collect::<Vec<_>>(), [false, true]);
}

/// The pods of a call run as an account of its own module.
#[test]
fn an_account_of_a_module() {
    let pods = "  Pods:\n    Type: Custom::KubeManifest\n    Properties:\n      Manifest: {apiVersion: v1, kind: Pod, metadata: \
        {name: app}, spec: {serviceAccountName: app, containers: [{name: a, image: b}]}}\n";
    let workspace = two_calls(MANIFEST, pods, ENTRY);
    assert_eq!(workspace.facts.service_accounts.len(), 2);
    let workload = workspace.facts.workloads.first().expect("there is a pod");
    let account = workspace.service_accounts().of(workload).expect("there is one in its call");
    assert_eq!(account.meta.name.string(), Some("app"));
}

/// A template with a manifest that says no namespace.
const MANIFEST: &str = "Resources:\n  Manifest:\n    Type: Custom::KubeManifest\n    Properties:\n      Manifest: {apiVersion: v1, \
    kind: ServiceAccount, metadata: {name: app}}\n";

/// A configuration with a default namespace.
fn in_namespace_shop() -> Configuration {
    let mut configuration = Configuration::defaults();
    let text = Source::new("ekslint.toml", "default-namespace = 'shop'\n");
    configuration.add(Origin::File, text, Path::new("")).unwrap();
    configuration
}

/// The default namespace of the configuration is that of the objects of units, too.
#[test]
fn objects_of_units_have_the_default_namespace() {
    let mut analysis = Analysis::new(in_namespace_shop()).with_composites(Composites::default().with(Cut));
    for (path, text) in [("a/0.part", MANIFEST), ("a/1.part", ENTRY)] {
        analysis.set(Source::new(path, text));
    }
    let workspace = analysis.snapshot(&());
    let namespaces: Vec<_> = workspace.facts.service_accounts.iter().map(|it| it.meta.namespace.string()).collect();
    assert_eq!(namespaces, [Some("shop")]);
}

/// Files come, change and go in any order, and what is found is what a fresh run finds.
#[test]
fn parts_may_come_change_and_go() {
    const TEXTS: [&str; 5] = [
        CLUSTER,
        ENTRY,
        "#+ ../b/x.txt\n",
        "  Broken: [\n",
        "Resources:\n  R: {Type: 'AWS::IAM::Role', Properties: {}}\n",
    ];
    const PATHS: [&str; 6] = ["a/0.part", "a/1.part", "b/0.part", "b/x.txt", "c.yaml", "a/2.part"];
    random::holds(300, |random| {
        let mut analysis = cut();
        let mut files: BTreeMap<&str, &str> = BTreeMap::new();
        for _ in 0..random.int_in_range(1..=12)? {
            let path = PATHS[random.choose_index(PATHS.len())?];
            let text = TEXTS[random.choose_index(TEXTS.len())?];
            match random.int_in_range(0..=3)? {
                0 => {
                    analysis.remove(path, Path::new(path));
                    files.remove(path);
                }
                1 => {
                    files.insert(path, text);
                    analysis.update(files.iter().map(|(path, text)| Source::new(*path, *text)).collect(), &());
                }
                _ => {
                    analysis.set(Source::new(path, text));
                    files.insert(path, text);
                }
            }
        }
        let mut fresh = cut();
        files.iter().for_each(|(path, text)| fresh.set(Source::new(*path, *text)));
        let outcome = |it: &Analysis| {
            let settings = Settings::on(ekslint::date::Date::parse("2026-01-01").unwrap());
            let (workspace, outcome) = it.run(&settings, |_| Ok::<_, ()>(None), &()).unwrap();
            let Outcome { findings, .. } = outcome;
            let place = |span: Span| (workspace.path(span.file).to_owned(), span.start, span.end);
            let all: Vec<_> = findings.iter().map(|it| (it.rule, it.message.clone(), place(it.span))).collect();
            format!("{all:?}")
        };
        assert_eq!(outcome(&analysis), outcome(&fresh), "{files:?}");
        Ok(())
    });
}

/// A kind of unit that fails costs its own files only, and units of other kinds lack nothing.
#[test]
fn a_kind_that_panics() {
    struct Panics;
    impl Composite for Panics {
        type Part = ();

        fn claims(&self, path: &Path) -> bool {
            path.extension().is_some_and(|it| it == "bad")
        }

        fn references(&self, _: &Source) -> Vec<String> {
            Vec::new()
        }

        fn read(&self, _: &Source, _: FileId) -> (Facts, ()) {
            Default::default()
        }

        fn assemble(&self, _: &Parts<'_, ()>) -> Vec<Facts> {
            panic!("a kind of unit of a test")
        }
    }
    let composites = Composites::default().with(Panics).with(Cut);
    let mut analysis = Analysis::new(in_namespace_shop()).with_composites(composites);
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  annotations: {eks.amazonaws.com/role-arn: x}\n";
    analysis.set(Source::new("a.bad", ""));
    analysis.set(Source::new("b.yaml", account));
    analysis.set(Source::new("c/0.part", MANIFEST));
    let workspace = analysis.snapshot(&());
    let found: Vec<_> = lint(&workspace).into_iter().map(|it| it.rule).collect();
    assert_eq!(found, [ekslint::INTERNAL_ERROR, "irsa/role-arn-format"]);
    let namespaces: Vec<_> = workspace.facts.service_accounts.iter().map(|it| it.meta.namespace.string()).collect();
    assert_eq!(
        namespaces,
        [Some("shop"), Some("shop")],
        "of the manifest, and of the unit that follows the failed one"
    );
}

/// A kind of unit that lists other files takes what was read of them, and a file that stays as it was is read once.
#[test]
fn what_is_referred_to_is_read_once() {
    type Seen = Arc<Mutex<Vec<Arc<Facts>>>>;

    /// A unit of all files that a list names, and the facts that it was handed of them.
    struct Lists(Seen);

    impl Composite for Lists {
        type Part = Vec<String>;

        fn claims(&self, path: &Path) -> bool {
            path.extension().is_some_and(|it| it == "list")
        }

        fn references(&self, source: &Source) -> Vec<String> {
            source.text.lines().map(str::to_owned).collect()
        }

        fn read(&self, source: &Source, _: FileId) -> (Facts, Vec<String>) {
            (Facts::default(), self.references(source))
        }

        fn assemble(&self, parts: &Parts<'_, Vec<String>>) -> Vec<Facts> {
            let unit = |part: &lower::composite::Part<'_, Vec<String>>| {
                let named: Vec<_> = part.read.iter().filter_map(|it| parts.referred(part.source, it)).collect();
                self.0.lock().unwrap().extend(named.iter().map(|it| Arc::clone(it.facts)));
                let whole = |file| Span { file, start: 0, end: 0 };
                let id = UnitId { file: part.file, document: 0 };
                let others = named.iter().map(|it| whole(it.file)).collect();
                let mut facts = Facts::default();
                for account in named.iter().flat_map(|it| it.facts.service_accounts.iter()) {
                    facts.service_accounts.push(account.clone());
                }
                facts.units.push(Unit { id, kind: UnitKind::Kubernetes, whole: whole(part.file), others });
                facts
            };
            parts.iter().map(unit).collect()
        }
    }

    let account =
        |name: &str| format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: shop}}\n");
    let seen = Seen::default();
    let mut analysis = Analysis::default().with_composites(Composites::default().with(Lists(Arc::clone(&seen))));
    let set = |analysis: &mut Analysis, second: &str| {
        let files = [("a.list", "b.yaml\nc.yaml\n".to_owned()), ("b.yaml", account("b")), ("c.yaml", account(second))];
        analysis.update(files.into_iter().map(|(path, text)| Source::new(path, text)).collect(), &());
        let workspace = analysis.snapshot(&());
        let accounts =
            workspace.facts.service_accounts.iter().filter_map(|it| it.meta.name.string().map(str::to_owned));
        (accounts.collect::<Vec<_>>(), std::mem::take(&mut *seen.lock().unwrap()))
    };
    let (names, first) = set(&mut analysis, "c");
    assert_eq!(names, ["b", "c"], "each once, as what the unit makes of it");
    let (names, second) = set(&mut analysis, "changed");
    assert_eq!(names, ["b", "changed"]);
    let [b, c] = [0, 1].map(|at| Arc::ptr_eq(&first[at], &second[at]));
    assert!(b, "a file that stays as it was is not read again");
    assert!(!c, "a file that changed is read again");
}

/// `--show-files` says of each file what it is part of.
#[test]
fn contents() {
    let mut analysis = cut();
    for (path, text) in
        [("a/0.part", CLUSTER), ("a/1.part", ENTRY), ("b.yaml", "Resources: {A: {Type: 'AWS::IAM::Role'}}\n")]
    {
        analysis.set(Source::new(path, text));
    }
    let contents = analysis.contents();
    let kinds: Vec<_> = contents.iter().map(|(source, it)| (&*source.path, it.kinds.as_slice())).collect();
    const TEMPLATE: &[&str] = &["CloudFormation template"];
    assert_eq!(kinds, [("a/0.part", TEMPLATE), ("a/1.part", TEMPLATE), ("b.yaml", TEMPLATE)]);
}
