//! Several Git repositories below the linted folder: each is linted as if it were alone.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ekslint::config::{Configuration, Origin};
use ekslint::date::Date;
use ekslint::lookup::{Answers, Search, Token, Unsearched, reading};
use ekslint::report::full;
use ekslint::source::Source;
use ekslint::suppress::Settings;
use ekslint::{Analysis, Outcome};

use crate::pages::is_linted;

/// The root of a repository, and its files.
type Repository = (String, Vec<(String, String)>);

/// Every example of all pages, each in a repository of its own.
fn examples() -> Vec<Repository> {
    let pages = crate::pages::pages();
    let examples = pages.flat_map(|(_, page)| page.fails.into_iter().chain(page.passes).map(|it| it.files));
    (0..).zip(examples).map(|(at, files): (usize, _)| (format!("r{at:04}"), files)).collect()
}

fn place(root: &str, path: &str) -> Arc<Path> {
    Path::new("/all").join(root).join(path).into()
}

fn repository(root: &str) -> PathBuf {
    Path::new("/all").join(root)
}

/// What a run over some repositories says of each of them, with everything that a user sees: places, fixes, what is suppressed,
/// what directives did.
fn lint(repositories: &[Repository]) -> Vec<String> {
    let all = || repositories.iter().flat_map(|(root, files)| files.iter().map(move |it| (root, &it.0, &it.1)));
    let source = |(root, path, text): (&String, &String, &String)| Source {
        place: place(root, path),
        repository: Some(repository(root).into()),
        ..Source::new(format!("{root}/{path}"), text.as_str())
    };
    let analysis = Analysis::of(all().filter(|it| is_linted(it.1)).map(source).collect());
    let search = |tokens: &[Token]| {
        let search = Search::new(tokens);
        let find = |(root, path, text): (&String, &String, &String)| {
            let found = reading(path)
                .map(|it| search.find(&place(root, path), Some(&repository(root).into()), it, text.as_bytes()));
            found.unwrap_or_default().tokens
        };
        let found: BTreeSet<usize> = all().flat_map(find).collect();
        Ok::<_, Infallible>(Some(Answers::new(tokens, &found, Unsearched::default())))
    };
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    let (inventory, Outcome { findings, suppressed, verdicts, left_out, .. }) =
        analysis.run(&settings, search, &()).unwrap();
    assert_eq!(left_out, None);
    let said = |(root, _): &Repository| {
        let is_own = |file| inventory.path(file).starts_with(root.as_str());
        let findings: Vec<_> = findings.iter().filter(|it| is_own(it.span.file)).cloned().collect();
        let mut said = full::plain(&inventory, &findings);
        for it in findings.iter().chain(suppressed.iter().map(|it| &it.finding)).filter(|it| is_own(it.span.file)) {
            let fixes: Vec<_> = it.fixes.iter().flat_map(|it| it.edits.iter().map(|it| &it.replacement)).collect();
            said += &format!("{} {:?} {:?} {fixes:?}\n", it.rule, it.level, it.certainty);
        }
        for (directive, verdict) in verdicts.judged(&inventory.facts).filter(|it| is_own(it.0.span.file)) {
            said += &format!("{} {verdict:?}\n", directive.span.start).replace(|it: char| it.is_ascii_digit(), "");
        }
        said
    };
    repositories.iter().map(said).collect()
}

#[test]
fn each_repository_is_linted_as_if_it_were_alone() {
    let repositories = examples();
    let alone = repositories.iter().flat_map(|it| lint(std::slice::from_ref(it)));
    let together = lint(&repositories);
    for ((alone, together), (_, files)) in alone.zip(together).zip(&repositories) {
        assert_eq!(together, alone, "{files:?}");
    }
}

/// A cluster that reads no access entries, an entry for it, and a script.
const CLUSTER: &str = "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: shop\n      RoleArn: \
    arn:aws:iam::111122223333:role/cluster\n      AccessConfig: {AuthenticationMode: CONFIG_MAP}\n      ResourcesVpcConfig: {SubnetIds: \
    [subnet-1, subnet-2]}\n";
const ENTRY: &str = "Resources:\n  Entry:\n    Type: AWS::EKS::AccessEntry\n    Properties:\n      ClusterName: shop\n      PrincipalArn: \
    arn:aws:iam::111122223333:role/people\n";

/// Whether an entry is found to be for the cluster, where the two files are in these repositories.
fn are_linked(cluster: Option<&str>, entry: Option<&str>, configuration: &str) -> bool {
    let source = |path: &str, text: &str, root: Option<&str>| Source {
        place: place("", path),
        repository: root.map(|it| repository(it).into()),
        ..Source::new(path, text)
    };
    // Where the configuration says how the cluster is entered, the template leaves it open.
    let is_said = configuration.contains("authentication-mode");
    let template = if is_said { CLUSTER.replace("CONFIG_MAP", "!Ref Mode") } else { CLUSTER.to_owned() };
    let files = [source("infra/eks.yaml", &template, cluster), source("infra/access/e.yaml", ENTRY, entry)];
    let other = source("other/sa.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n", Some("other"));
    let mut read = Configuration::defaults();
    read.add(Origin::File, Source::new("/all/ekslint.toml", configuration), Path::new("/all")).unwrap();
    let mut analysis = Analysis::new(read);
    analysis.read(files.into_iter().chain([other]).collect(), &());
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    let (inventory, outcome) = analysis.run(&settings, |_| Ok::<_, Infallible>(None), &()).unwrap();
    let found = outcome.findings.iter().find(|it| it.rule == "auth-mode/access-entry-needs-api");
    let shown = full::plain(&inventory, &outcome.findings);
    assert_eq!(shown.contains("authentication-mode ="), found.is_some() && is_said, "{shown}");
    found.is_some()
}

#[test]
fn what_is_one_project() {
    let table = [
        (Some("infra"), Some("infra"), "", true, "one repository"),
        (Some("infra"), Some("infra/access"), "", false, "a submodule"),
        (Some("infra/eks"), Some("infra/access"), "", false, "two repositories"),
        (None, None, "", true, "in no repository"),
        (Some("infra/eks"), None, "", false, "in a repository and in none"),
        (
            Some("infra/eks"),
            Some("infra/access"),
            "[[clusters]]\nname = \"shop\"\npaths = [\"infra/**\"]\n",
            true,
            "the configuration says that both are of one cluster",
        ),
        (Some("infra/eks"), Some("infra/access"), "[[clusters]]\nname = \"shop\"\n", true, "and so without paths"),
        (
            Some("infra/eks"),
            Some("infra/access"),
            "[[clusters]]\nname = \"shop\"\npaths = [\"infra/**\"]\nauthentication-mode = \"CONFIG_MAP\"\n",
            true,
            "and the finding shows where",
        ),
    ];
    for (cluster, entry, configuration, wanted, why) in table {
        assert_eq!(are_linked(cluster, entry, configuration), wanted, "{why}");
    }
}

const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: app\n  annotations:\n    \
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app\n";
const ROLE: &str = "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n      \
    AssumeRolePolicyDocument:\n        Statement:\n        - Effect: Allow\n          Principal: {Federated: \
    'arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'}\n          \
    Action: sts:AssumeRoleWithWebIdentity\n          Condition:\n            StringEquals:\n              \
    'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:sub': system:serviceaccount:other:app\n";

/// The files in which a role refuses its service account, of files in the repositories that their folders are.
fn refused(files: &[(&str, &str)], configuration: &str) -> Vec<String> {
    let mut read = Configuration::defaults();
    read.add(Origin::File, Source::new("/all/ekslint.toml", configuration), Path::new("/all")).unwrap();
    let mut analysis = Analysis::new(read);
    let source = |(path, text): &(&str, &str)| Source {
        place: place("", path),
        repository: path.split_once('/').map(|it| repository(it.0).into()),
        ..Source::new(*path, *text)
    };
    analysis.read(files.iter().map(source).collect(), &());
    let settings = Settings::on(Date::parse("2026-01-01").unwrap());
    let (inventory, outcome) = analysis.run(&settings, |_| Ok::<_, Infallible>(None), &()).unwrap();
    let found = outcome.findings.iter().filter(|it| it.rule == "irsa/trust-mismatch");
    found.map(|it| inventory.path(it.span.file).to_owned()).collect()
}

/// An environment of which two repositories have files does not make the names in all other files of theirs ambiguous.
#[test]
fn repositories_of_one_project_are_apart_still() {
    let files = [("a/sa.yaml", ACCOUNT), ("a/role.yaml", ROLE), ("b/sa.yaml", ACCOUNT), ("b/role.yaml", ROLE)];
    let other = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: other}\n";
    let all: Vec<_> = files.into_iter().chain([("a/prod/x.yaml", other), ("b/prod/x.yaml", other)]).collect();
    let configuration = "[[environments]]\nname = \"prod\"\npaths = [\"**/prod/**\"]\n";
    for configuration in ["", configuration] {
        assert_eq!(refused(&all, configuration), ["a/sa.yaml", "b/sa.yaml"], "{configuration}");
    }
}

/// What a kustomization of another repository builds may be put into another namespace there.
#[test]
fn a_kustomization_reaches_into_another_repository() {
    let kustomization =
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: other\nresources: [../b/base]\n";
    let base = [("b/base/sa.yaml", ACCOUNT), ("b/base/role.yaml", ROLE)];
    assert_eq!(refused(&base, ""), ["b/base/sa.yaml"]);
    let built: Vec<_> = base.into_iter().chain([("a/kustomization.yaml", kustomization)]).collect();
    assert_eq!(refused(&built, ""), [] as [&str; 0]);
    let elsewhere = kustomization.replace("../b/base", "../c/base");
    let built: Vec<_> = base.into_iter().chain([("a/kustomization.yaml", elsewhere.as_str())]).collect();
    assert_eq!(refused(&built, ""), ["b/base/sa.yaml"]);
}
