//! Work and findings are bounded by count: what two things make together, each with each, would take minutes here, and a
//! `limit` says where something was left out.

use std::path::Path;
use std::time::{Duration, Instant};

use ekslint::analysis::{self, Analysis};
use ekslint::config::{Configuration, Origin, Selection};
use ekslint::date::Date;
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::source::Source;
use ekslint::suppress::Settings;

use crate::cli::Folder;

/// Linear work takes a second or two without optimization, each with each takes minutes.
const LONGEST: Duration = Duration::from_secs(120);

const MANY: usize = 3_000;

const AWS_AUTH: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  ";

pub fn each(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

pub fn account(name: &str, role: &str) -> String {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    format!(
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: shop\n  annotations:\n    \
         eks.amazonaws.com/role-arn: {arn}\n"
    )
}

/// An account whose annotation holds no ARN, which is a finding.
pub fn wrong_account(at: usize) -> String {
    account(&format!("app-{at}"), "x").replace("arn:aws:iam::111122223333:", "arn:aws:iam::1:")
}

fn role(at: usize, properties: &str) -> String {
    format!("  R{at}:\n    Type: AWS::IAM::Role\n    Properties: {{{properties}}}\n")
}

/// The same letters in another order, so that no cheap question tells the names apart.
fn shuffled(seed: usize) -> String {
    let mut letters: Vec<char> = "abcdefghijklmnopqrst".chars().collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9).wrapping_add(12_345);
    for at in (1..letters.len()).rev() {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7FFF_FFFF;
        letters.swap(at, (state >> 8) % (at + 1));
    }
    format!("company-platform-team-{}", letters.into_iter().collect::<String>())
}

/// The properties of a role that trusts the service accounts of these subjects.
pub fn trust(subjects: &str) -> String {
    format!(
        "RoleName: one, AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Action: \
         'sts:AssumeRoleWithWebIdentity', Principal: {{Federated: \
         'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/A'}}, Condition: \
         {{StringLike: {{'oidc.eks.us-east-1.amazonaws.com/id/A:sub': [{subjects}]}}}}}}]}}"
    )
}

/// The same name but for case and separators.
fn spelt(seed: usize) -> String {
    let letters = (0..14).map(|it| ["a", "A", "a-", "A_"][seed.wrapping_mul(0x9E37_79B9) >> (2 * it) & 3]);
    format!("platform-{}", letters.collect::<String>())
}

/// A cluster with a pod identity association, an access entry, a node group and an add-on.
fn cluster(at: usize, name: &str) -> String {
    let arn = "arn:aws:iam::111122223333:role/r";
    let table = [
        ("Cluster", format!("Name: {name}, RoleArn: '{arn}'")),
        ("PodIdentityAssociation", format!("ClusterName: {name}, Namespace: n, ServiceAccount: s, RoleArn: '{arn}'")),
        ("AccessEntry", format!("ClusterName: {name}, PrincipalArn: '{arn}{at}'")),
        ("Nodegroup", format!("ClusterName: {name}, NodeRole: '{arn}n{at}'")),
        ("Addon", format!("ClusterName: {name}, AddonName: vpc-cni")),
    ];
    let resource = |(kind, properties): (&str, String)| {
        format!("  {kind}{at}:\n    Type: AWS::EKS::{kind}\n    Properties: {{{properties}}}\n")
    };
    table.into_iter().map(resource).collect()
}

/// Lints files, and gives what is found after suppressions.
fn lint(files: Vec<(String, String)>) -> Vec<Diagnostic> {
    let sources = files.into_iter().map(|(path, text)| Source::new(path, text));
    let workspace = Analysis::of(sources.collect()).snapshot(&());
    analysis::check(&workspace, &Selection::default(), &Settings::on(Date::FIRST), &()).findings
}

/// Lints in time, and gives what the rule about limits says.
pub fn limits(what: &str, files: Vec<(String, String)>) -> Vec<String> {
    let started = Instant::now();
    let found = lint(files);
    let taken = started.elapsed();
    assert!(taken < LONGEST, "{what}: {taken:?}");
    found.into_iter().filter(|it| it.rule == "limit").map(|it| it.message).collect()
}

#[test]
fn what_meets_each_other_is_bounded() {
    let one = |text: String| vec![("a.yaml".to_owned(), text)];
    let kustomization = |resources: &str, more: &str| {
        format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [{resources}]\n{more}")
    };
    let patch = |at: usize| {
        format!(
            "- target: {{kind: ServiceAccount, name: app-{at}.*}}\n  patch: '[{{op: replace, path: /metadata/name, value: x}}]'\n"
        )
    };
    // What it is, the files, and what has to be said of limits.
    type Case = (&'static str, Vec<(String, String)>, &'static [&'static str]);
    let table: Vec<Case> = vec![
        (
            "names of the same letters",
            one(format!(
                "Resources:\n{}{}",
                each(MANY, |it| role(it, &format!("RoleName: {}", shuffled(it)))),
                each(MANY, |it| account(&format!("app-{it}"), &shuffled(it + MANY)))
            )),
            &[],
        ),
        (
            "roles of one name in many folders",
            one(format!(
                "Resources:\n{}{}",
                each(MANY, |it| role(it, &format!("RoleName: same, Path: /p{it}/"))),
                each(MANY, |it| account(&format!("app-{it}"), "other/same"))
            )),
            &["more than 300 roles of one name"],
        ),
        (
            "a list that is found many times",
            one(format!(
                "Mappings: {{M: {{a: {{b: [{}]}}}}}}\nResources:\n{}",
                each(MANY, |_| "x, ".to_owned()),
                each(MANY, |it| role(it, "ManagedPolicyArns: !FindInMap [M, a, b]"))
            )),
            &["functions make more than 32 bytes of each byte of this template"],
        ),
        (
            "a parameter with many values, used many times",
            one(format!(
                "Parameters: {{P: {{Type: String, AllowedValues: [{}]}}}}\nResources:\n{}",
                each(MANY, |it| format!("x{it}, ")),
                each(MANY, |it| format!(
                    "  E{it}:\n    Type: AWS::EKS::AccessEntry\n    Properties: {{ClusterName: c, PrincipalArn: !Ref P}}\n"
                ))
            )),
            &["functions make more than 32 bytes of each byte of this template"],
        ),
        (
            "many subjects of one role, and many accounts",
            one(format!(
                "Resources:\n{}{}",
                role(0, &trust(&each(MANY, |it| format!("'system:serviceaccount:shop:other-{it}*', ")))),
                each(MANY, |it| account(&format!("app-{it}"), "one"))
            )),
            &["more than 500 principals, actions and values in a trust policy"],
        ),
        (
            "many directives for one file",
            one(format!("{}{}", "# ekslint: ignore-file[rbac]\n".repeat(MANY), each(MANY, wrong_account))),
            &["more than 100 directives for one place"],
        ),
        (
            "many directives in one comment",
            one(format!("{}\n{}", "# ekslint: ignore[rbac] ".repeat(5_001), wrong_account(0))),
            &["more than 10000 directives, and names in them, in one file"],
        ),
        (
            "many names in one directive",
            one(format!("# ekslint: ignore[{}]\n{}", each(50_000, |it| format!("irsa/x{it},")), wrong_account(0))),
            &["more than 1000 names in one directive"],
        ),
        (
            "many patches of many objects",
            vec![
                (
                    "a/kustomization.yaml".to_owned(),
                    kustomization("b.yaml", &format!("patches:\n{}", each(2 * MANY, patch))),
                ),
                ("a/b.yaml".to_owned(), each(MANY, wrong_account)),
            ],
            &["more than 10000000 changes of kustomizations to compare with objects"],
        ),
        (
            "a long row of overlays",
            (0..MANY)
                .map(|it| {
                    (format!("k{it}/kustomization.yaml"), kustomization(&format!("../k{}", it + 1), "namePrefix: x-\n"))
                })
                .chain([("z.yaml".to_owned(), account("app", "x"))])
                .collect(),
            // Each leads to the next one only.
            &[],
        ),
    ];
    for (what, files, said) in table {
        let found = limits(what, files);
        for it in said {
            assert!(found.iter().any(|message| message == it), "{what}: {found:?} lacks `{it}`");
        }
    }
}

#[test]
fn what_belongs_to_each_other_is_not_sought_among_all() {
    let one = |text: String| vec![("a.yaml".to_owned(), text)];
    type Case = (&'static str, Vec<(String, String)>, &'static [&'static str]);
    let table: Vec<Case> = vec![
        (
            "names that are one but for case and separators",
            one(format!(
                "Resources:\n{}{}",
                each(MANY, |it| role(it, &format!("RoleName: {}", spelt(it)))),
                each(MANY, |it| account(&format!("app-{it}"), &spelt(it + MANY)))
            )),
            &["too many names are too much alike to compare each with all of them"],
        ),
        (
            "clusters, and what belongs to each",
            one(format!("Resources:\n{}", each(2 * MANY, |it| cluster(it, &format!("shop-{it}"))))),
            &[],
        ),
        (
            "clusters of one name, so that nothing is certain to belong to one of them",
            one(format!("Resources:\n{}", each(2 * MANY, |it| cluster(it, "shop")))),
            &[],
        ),
        (
            "clusters and node groups whose names and roles are parameters",
            one(format!(
                "Parameters:\n{}Resources:\n{}",
                each(2 * MANY, |it| format!(
                    "  P{it}: {{Type: String}}\n  Q{it}: {{Type: String}}\n  R{it}: {{Type: String}}\n"
                )),
                each(2 * MANY, |it| format!(
                    "  C{it}:\n    Type: AWS::EKS::Cluster\n    Properties: {{Name: !Ref P{it}, RoleArn: !Ref Q{it}}}\n  \
                     N{it}:\n    Type: AWS::EKS::Nodegroup\n    Properties: {{ClusterName: !Ref P{it}, NodeRole: !Ref \
                     R{it}}}\n"
                ))
            )),
            &[],
        ),
        (
            "volumes and containers of one pod",
            one(format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: app, namespace: shop}}\nspec:\n  serviceAccountName: app\n  \
                 volumes:\n{}  containers:\n{}",
                each(2 * MANY, |it| format!(
                    "  - {{name: v{it}, projected: {{sources: [{{serviceAccountToken: {{audience: sts.amazonaws.com, path: \
                     token}}}}]}}}}\n"
                )),
                each(2 * MANY, |it| format!(
                    "  - {{name: c{it}, image: x, volumeMounts: [{{name: w{it}, mountPath: /var/run/x}}], env: [{{name: \
                     AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/x/tokem}}]}}\n"
                ))
            )),
            &[],
        ),
        (
            "access policies of one entry",
            one(format!(
                "Resources:\n  E:\n    Type: AWS::EKS::AccessEntry\n    Properties:\n      ClusterName: shop\n      PrincipalArn: \
                 arn:aws:iam::111122223333:role/app\n      AccessPolicies:\n{}",
                each(5 * MANY, |it| format!(
                    "      - {{PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/Own{it}', AccessScope: {{Type: cluster}}}}\n"
                ))
            )),
            &[],
        ),
        (
            "keys of one mapping",
            one(format!(
                "{AWS_AUTH}mapRoles: |\n    - rolearn: x\n{}",
                each(10 * MANY, |it| format!("      k{it}: v\n"))
            )),
            &[],
        ),
        (
            "users that are mapped, and others that are bound",
            one(format!(
                "{AWS_AUTH}mapUsers: |\n{}---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: \
                 b, namespace: shop}}\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}}\nsubjects:\n{}",
                each(4 * MANY, |it| format!(
                    "    - {{userarn: 'arn:aws:iam::111122223333:user/u{it}', username: n{it}}}\n"
                )),
                each(4 * MANY, |it| format!(
                    "- {{kind: User, name: 'arn:aws:iam::111122223333:user/w{it}', apiGroup: rbac.authorization.k8s.io}}\n"
                ))
            )),
            &[],
        ),
        (
            "roles of nodes, and policies that may be on any role",
            vec![
                (
                    "a.yaml".to_owned(),
                    format!(
                        "Resources:\n{}",
                        each(4 * MANY, |it| role(
                            it,
                            "AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, \
                             Action: 'sts:AssumeRole'}]}, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy']"
                        ))
                    ),
                ),
                (
                    "b.yaml".to_owned(),
                    format!(
                        "Parameters: {{R: {{Type: String}}}}\nResources:\n{}",
                        each(4 * MANY, |it| format!(
                            "  P{it}:\n    Type: AWS::IAM::Policy\n    Properties: {{PolicyName: p, Roles: [!Ref R], PolicyDocument: \
                             {{Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]}}}}\n"
                        ))
                    ),
                ),
            ],
            &[],
        ),
        (
            "service accounts and roles with audiences of their own",
            one(format!(
                "Resources:\n{}{}",
                each(2 * MANY, |it| role(
                    it,
                    &trust(&format!("'system:serviceaccount:shop:app-{it}'")).replace(
                        "StringLike: {",
                        &format!("StringLike: {{'oidc.eks.us-east-1.amazonaws.com/id/A:aud': own-{it}, ")
                    )
                )),
                each(2 * MANY, |it| account(&format!("app-{it}"), "other")
                    .replace("annotations:\n", &format!("annotations:\n    eks.amazonaws.com/audience: own-{it}\n")))
            )),
            &[],
        ),
    ];
    for (what, files, said) in table {
        let found = limits(what, files);
        for it in said {
            assert!(found.iter().any(|message| message == it), "{what}: {found:?} lacks `{it}`");
        }
    }
}

/// The least severe are left out, and what says so is as severe as the worst of them.
#[test]
fn findings_of_one_file_are_bounded() {
    const LEFT_OUT: usize = 7;
    let text = |count: usize| each(count, wrong_account);
    let found = lint(vec![("a.yaml".to_owned(), text(20_000 + LEFT_OUT)), ("b.yaml".to_owned(), text(3))]);
    let limit: Vec<_> = found.iter().filter(|it| it.rule == "limit").collect();
    let [only] = limit.as_slice() else { panic!("said once: {limit:?}") };
    assert_eq!(only.message, "more than 20000 findings in this file: 7 are left out");
    assert_eq!(only.level, Level::Error);
    assert_eq!(found.len(), 20_000 + 1 + 3, "other files have theirs");
}

/// What a hostile name makes long is cut off.
#[test]
fn messages_are_bounded() {
    let found = lint(vec![("a.yaml".to_owned(), account("app", &"{{".repeat(200_000)))]);
    assert!(!found.is_empty());
    let longest = found.iter().map(|it| it.message.len()).max();
    assert!(longest < Some(2_100), "{longest:?}");
}

#[test]
fn lists_of_the_configuration_are_bounded() {
    let read = |text: &str| {
        Configuration::defaults()
            .add(Origin::File, Source::new("ekslint.toml", text), Path::new("/r"))
            .map_err(|faults| faults.into_iter().map(|it| it.message).collect::<Vec<_>>())
    };
    let places = |count| each(count, |it| format!("[[environments]]\nname = \"e{it}\"\npaths = [\"e{it}\"]\n"));
    assert_eq!(read(&places(250)), Ok(()));
    assert_eq!(read(&places(251)), Err(vec!["the list has 251 tables, and 250 is the most that are read".to_owned()]));
    // Files are compared with all patterns, in whichever list they stand.
    let patterns = |lists, count| {
        let list = vec!["\"a*b\""; count].join(", ");
        each(lists, |it| format!("[[environments]]\nname = \"e{it}\"\npaths = [{list}]\n"))
    };
    assert_eq!(read(&patterns(4, 250)), Ok(()));
    let too_many = "more than 1000 patterns in the configuration: name folders instead";
    assert_eq!(read(&patterns(4, 251)), Err(vec![too_many.to_owned()]));
    // Braces count as what they stand for.
    let braces = |count| format!("exclude = [{}]\n", vec!["\"{a,b}{c,d}\""; count].join(", "));
    assert_eq!(read(&braces(250)), Ok(()));
    let by_braces = "more than 1000 patterns in the configuration, by their braces: name folders instead";
    assert_eq!(read(&braces(251)), Err(vec![by_braces.to_owned()]));
    let many = "{a,b}".repeat(7);
    let of_one = format!("the braces of `{many}` stand for more than 100 patterns");
    assert_eq!(read(&format!("exclude = [\"{many}\"]\n")), Err(vec![of_one]));
}

#[test]
fn mistakes_of_the_configuration_are_bounded() {
    let rules = each(5_000, |it| format!("\"irsa/x{it}\", "));
    let levels = each(5_000, |it| format!("irsa{it} = \"note\"\n"));
    let keys = each(5_000, |it| format!("selec{it} = 1\n"));
    for text in [keys, format!("select = [{rules}]\n"), format!("[levels]\n{levels}")] {
        let folder = Folder::new();
        folder.file("a.yaml", wrong_account(0)).file("ekslint.toml", text);
        let run = folder.run(["check"]);
        assert_eq!((run.code, run.stderr.lines().count()), (Some(2), 21), "{run:?}");
        assert!(run.stderr.contains("more mistakes; the first 20 are reported"), "{run:?}");
    }
}

#[test]
fn a_folder_that_is_named_often_is_walked_once() {
    let folder = Folder::new();
    folder.file("a/b.yaml", wrong_account(0));
    let names = (0..2_000).map(|it| if it % 2 == 0 { "a" } else { "./a/../a" });
    let run = folder.run(["check", "--output-format", "concise"].into_iter().chain(names));
    assert_eq!((run.code, run.stdout.lines().count()), (Some(1), 1), "{run:?}");
}

/// Somebody piped it in, and nothing of it is read.
#[test]
fn binary_data_on_standard_input_is_refused() {
    let folder = Folder::new();
    let run = folder.run_with(&["check", "-"], b"\xF5\0\x01\xFFabc\0");
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("binary data"), "{run:?}");
}

/// Suppressing a whole file may be more than was asked for, so it is said.
#[test]
fn what_is_suppressed_in_a_whole_file_is_named() {
    let folder = Folder::new();
    // The error is where the text ends, and no line of it takes a comment.
    let meta = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\n";
    let text = format!("{meta}data:\n  mapRoles: |\n    {{rolearn: [\n");
    folder.file("a.yaml", text);
    let run = folder.run(["check", "--add-ignore=known"]);
    assert!(run.stderr.contains("is suppressed in the whole file"), "{run:?}");
    assert!(std::fs::read_to_string(folder.0.join("a.yaml")).unwrap().contains("ignore-file["), "{run:?}");
}

/// One reason may hold for thousands of findings.
#[cfg(unix)]
#[test]
fn what_cannot_be_suppressed_is_named_twenty_times() {
    let folder = Folder::new();
    folder.file("real.yaml", each(30, wrong_account));
    std::os::unix::fs::symlink("real.yaml", folder.0.join("a.yaml")).unwrap();
    let run = folder.run(["check", "--add-ignore=known", "a.yaml"]);
    assert_eq!(run.stderr.matches("is not suppressed: ").count(), 20, "{run:?}");
    assert!(run.stderr.contains("ekslint: 10 more are not suppressed\n"), "{run:?}");
}
