//! What the configuration says of clusters and environments, and what rules can say for it.

use std::path::Path;

use ekslint::Analysis;
use ekslint::config::{Configuration, Origin};
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::source::Source;

/// What is found above notes: the rule, the file it stands in, and what its labels underline.
fn found(files: &[(&str, &str)], configuration: &str) -> Vec<(Diagnostic, String, Vec<String>)> {
    all(files, configuration).into_iter().filter(|it| it.0.level > Level::Note).collect()
}

fn all(files: &[(&str, &str)], configuration: &str) -> Vec<(Diagnostic, String, Vec<String>)> {
    let mut read = Configuration::defaults();
    read.add(Origin::File, Source::new("ekslint.toml", configuration), Path::new("")).unwrap();
    let mut analysis = Analysis::new(read);
    analysis.read(files.iter().map(|(path, text)| Source::new(*path, *text)).collect(), &());
    let workspace = analysis.snapshot(&());
    let shown = |it: &Diagnostic| {
        let labels = it.labels.iter().map(|it| {
            let source = workspace.source(it.span.file);
            format!("{}: {}", source.path, &source.text[it.span.range()])
        });
        (it.clone(), workspace.path(it.span.file).to_owned(), labels.collect())
    };
    ekslint::lint(&workspace).iter().map(shown).collect()
}

/// Without the configuration nothing may be said, and with it one thing: by a rule, in a file, with a label.
fn speaks(files: &[(&str, &str)], configuration: &str, rule: &str, file: &str, label: &str) {
    let before = found(files, "");
    assert!(before.is_empty(), "said without a configuration: {before:?}");
    let after = found(files, configuration);
    let [(diagnostic, path, labels)] = after.as_slice() else { panic!("{configuration}\n{after:?}") };
    assert_eq!((diagnostic.rule, path.as_str()), (rule, file), "{labels:?}");
    assert!(labels.iter().any(|it| it == label), "{labels:?}");
    let edits = diagnostic.fixes.iter().flat_map(|it| &it.edits);
    // The one text of the configuration comes first.
    assert!(edits.into_iter().all(|it| it.span.file.number() > 0), "a fix changes the configuration");
}

const AWS_AUTH: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: arn:aws:iam::222233334444:role/nodes
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:bootstrappers, system:nodes]
";

const ENTRY: &str = "Resources:
  Team:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: prod
      PrincipalArn: arn:aws:iam::222233334444:role/team
      AccessPolicies:
        - PolicyArn: arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy
          AccessScope: {Type: cluster}
";

/// A role for the service account `shop/app`, by a provider whose account is written out or the stack's.
pub fn role(account: &str, subject: &str) -> String {
    let issuer = "oidc.eks.eu-west-1.amazonaws.com/id/8A6E78112D7F1C4DC352B1B511DD13CF";
    format!(
        "Parameters:
  Account: {{Type: String}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal:
              Federated: !Sub arn:aws:iam::{account}:oidc-provider/{issuer}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                {issuer}:sub: system:serviceaccount:shop:{subject}
                {issuer}:aud: sts.amazonaws.com
"
    )
}

pub fn service_account(account: &str, name: &str) -> String {
    format!(
        "apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: shop
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::{account}:role/app
"
    )
}

#[test]
fn the_mode_of_a_cluster_that_is_not_in_the_files() {
    let cluster = "[[clusters]]\nname = \"prod\"\npaths = [\"envs/prod\"]\nauthentication-mode = ";
    speaks(
        &[("envs/prod/aws-auth.yaml", AWS_AUTH)],
        &format!("{cluster}\"API\""),
        "auth-mode/aws-auth-ignored",
        "envs/prod/aws-auth.yaml",
        "ekslint.toml: API",
    );
    speaks(
        &[("envs/prod/entries.yaml", ENTRY)],
        &format!("{cluster}\"CONFIG_MAP\""),
        "auth-mode/access-entry-needs-api",
        "envs/prod/entries.yaml",
        "ekslint.toml: CONFIG_MAP",
    );
    // What is not in its folders is not known to be of it, and neither are entries for a cluster of another name.
    assert_eq!(found(&[("aws-auth.yaml", AWS_AUTH)], &format!("{cluster}\"API\"")), []);
    let other = ENTRY.replace("ClusterName: prod", "ClusterName: dev");
    assert_eq!(found(&[("envs/prod/entries.yaml", &other)], &format!("{cluster}\"CONFIG_MAP\"")), []);
}

#[test]
fn the_mode_that_a_template_leaves_open() {
    let cluster = "Parameters:
  Mode: {Type: String}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: prod
      RoleArn: arn:aws:iam::222233334444:role/cluster
      ResourcesVpcConfig: {SubnetIds: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]}
      AccessConfig: {AuthenticationMode: MODE}
";
    let open = cluster.replace("MODE", "!Ref Mode");
    let configuration = "[[clusters]]\nname = \"prod\"\nauthentication-mode = \"API\"";
    speaks(
        &[("aws-auth.yaml", AWS_AUTH), ("cluster.yaml", &open)],
        configuration,
        "auth-mode/aws-auth-ignored",
        "aws-auth.yaml",
        "ekslint.toml: API",
    );
    // What a template says counts more than what is said of it.
    let written = cluster.replace("MODE", "API_AND_CONFIG_MAP");
    assert_eq!(found(&[("aws-auth.yaml", AWS_AUTH), ("cluster.yaml", &written)], configuration), []);
}

#[test]
fn the_version_of_a_cluster() {
    let files = [("entries.yaml", ENTRY)];
    let said = |configuration: &str| -> Vec<_> {
        let all = all(&files, configuration).into_iter();
        all.filter(|it| it.0.rule == "auth-mode/version-too-old").map(|it| (it.1, it.2)).collect()
    };
    let cluster = "[[clusters]]\nname = \"prod\"\nauthentication-mode = \"API\"\n";
    assert_eq!(said(cluster), []);
    let label = vec!["ekslint.toml: 1.22".to_owned(), "entries.yaml: Team".to_owned()];
    assert_eq!(said(&format!("{cluster}version = \"1.22\"")), [("entries.yaml".to_owned(), label)]);
    assert_eq!(said(&format!("{cluster}version = \"1.31\"")), []);
}

#[test]
fn the_account_of_a_cluster() {
    let nodes =
        ENTRY.replace("role/team", "role/nodes").replace("      AccessPolicies:", "      Type: EC2_LINUX\n      #");
    let nodes: String = nodes.lines().filter(|it| !it.starts_with("        ")).map(|it| format!("{it}\n")).collect();
    speaks(
        &[("prod/entries.yaml", &nodes)],
        "[[clusters]]\nname = \"prod\"\naccount = \"333344445555\"",
        "access-entry/cross-account-node",
        "prod/entries.yaml",
        "ekslint.toml: 333344445555",
    );
    speaks(
        &[("prod/role.yaml", &role("222233334444", "app"))],
        "[[environments]]\nname = \"prod\"\npaths = [\"prod\"]\naccount = \"333344445555\"",
        "irsa/federated-principal",
        "prod/role.yaml",
        "ekslint.toml: 333344445555",
    );
}

#[test]
fn roles_of_one_name_in_two_environments() {
    let (dev, prod) = (role("${Account}", "app"), role("${Account}", "api"));
    let (dev_account, prod_account) = (service_account("222233334444", "app"), service_account("333344445555", "app"));
    let files = [
        ("dev/account.yaml", dev_account.as_str()),
        ("dev/role.yaml", dev.as_str()),
        ("prod/account.yaml", prod_account.as_str()),
        ("prod/role.yaml", prod.as_str()),
    ];
    let folders = |dev: &str, prod: &str| {
        format!(
            "[[environments]]\nname = \"dev\"\npaths = [\"dev\"]\n{dev}\n[[environments]]\nname = \"prod\"\npaths = [\"prod\"]\n{prod}"
        )
    };
    let label = "prod/role.yaml: system:serviceaccount:shop:api";
    let accounts = folders("account = \"222233334444\"", "account = \"333344445555\"");
    speaks(&files, &accounts, "irsa/trust-mismatch", "prod/account.yaml", label);
    // The folders alone are enough.
    speaks(&files, &folders("", ""), "irsa/trust-mismatch", "prod/account.yaml", label);
}

#[test]
fn equal_names_of_two_clusters_are_two_things() {
    // The only role of the name is of another environment, as the names of the folders or the configuration say.
    let (role, account) = (role("${Account}", "api"), service_account("333344445555", "app"));
    let files = [("dev/role.yaml", role.as_str()), ("prod/account.yaml", account.as_str())];
    let rules = |configuration: &str| found(&files, configuration).iter().map(|it| it.0.rule).collect::<Vec<_>>();
    assert_eq!(rules(""), [""; 0]);
    let parts = [("infra/role.yaml", role.as_str()), ("apps/account.yaml", account.as_str())];
    let of_parts = found(&parts, "").iter().map(|it| it.0.rule).collect::<Vec<_>>();
    assert_eq!(of_parts, ["irsa/trust-mismatch"], "nothing says that they are of two environments");
    let clusters = "[[clusters]]\nname = \"a\"\npaths = [\"dev\"]\n[[clusters]]\nname = \"b\"\npaths = [\"prod\"]\n";
    assert_eq!(rules(clusters), [""; 0]);
    // An account makes the same ARN the same role, wherever it is declared.
    let one_account = clusters.replace("paths", "account = \"333344445555\"\npaths");
    assert_eq!(rules(&one_account), ["irsa/trust-mismatch"]);
    // Files that both clusters have are not apart from either.
    assert_eq!(rules(&clusters.replace("[\"dev\"]", "[\"dev\", \"prod\"]")), ["irsa/trust-mismatch"]);
}

#[test]
fn the_region_and_the_partition_of_a_file() {
    let policy = "Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Action: eks:DescribeCluster
            Resource: !Sub arn:aws:eks:${AWS::Region}:${AWS::AccountId}:cluster/prod
";
    for (key, label) in [("region = \"cn-north-1\"", "cn-north-1"), ("partition = \"aws-cn\"", "aws-cn")] {
        speaks(
            &[("china/policy.yaml", policy)],
            &format!("[[environments]]\nname = \"china\"\npaths = [\"china/**\"]\n{key}"),
            "iam/hard-coded-partition",
            "china/policy.yaml",
            &format!("ekslint.toml: {label}"),
        );
    }
}

#[test]
fn one_cluster_in_two_files() {
    let files = [("prod/a.yaml", ENTRY), ("prod/b.yaml", ENTRY)];
    speaks(
        &files,
        "[[clusters]]\nname = \"prod\"\npaths = [\"prod\"]",
        "access-entry/duplicate-principal",
        "prod/b.yaml",
        "prod/a.yaml: arn:aws:iam::222233334444:role/team",
    );
}

#[test]
fn the_namespace_that_is_not_written() {
    let (role, account) = (role("222233334444", "api"), service_account("222233334444", "app"));
    let account = account.replace("  namespace: shop\n", "");
    let files = [("k8s/account.yaml", account.as_str()), ("role.yaml", role.as_str())];
    let label = "role.yaml: system:serviceaccount:shop:api";
    for configuration in [
        "default-namespace = \"shop\"",
        "default-namespace = \"web\"\n[[environments]]\nname = \"a\"\npaths = [\"k8s\"]\ndefault-namespace = \"shop\"",
        "[[clusters]]\nname = \"a\"\npaths = [\"k8s\"]\ndefault-namespace = \"shop\"",
    ] {
        speaks(&files, configuration, "irsa/trust-mismatch", "k8s/account.yaml", label);
    }
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: web\n";
    let with = [files[0], ("k8s/kustomization.yaml", kustomization), files[1]];
    assert_eq!(found(&with, "default-namespace = \"shop\""), [], "the kustomization beside it says another");
}

#[test]
fn a_file_of_two_clusters_has_what_both_have() {
    let clusters = |first: &str, second: &str| {
        format!(
            "[[clusters]]\nname = \"a\"\npaths = [\"base\", \"a\"]\naccount = \"{first}\"\n[[clusters]]\nname = \"b\"\npaths = [\"base\", \"b\"]\naccount = \"{second}\""
        )
    };
    let role = role("222233334444", "app");
    let files = [("base/role.yaml", role.as_str())];
    assert_eq!(found(&files, &clusters("333344445555", "222233334444")), []);
    assert_eq!(found(&files, &clusters("333344445555", "333344445555")).len(), 1);
}

#[test]
fn a_cluster_without_paths_has_the_rest() {
    let configuration = "[[clusters]]\nname = \"main\"\nauthentication-mode = \"API\"\n[[clusters]]\nname = \"edge\"\npaths = [\"edge\"]";
    let rules = |path: &str| found(&[(path, AWS_AUTH)], configuration).len();
    assert_eq!(rules("k8s/aws-auth.yaml"), 1);
    assert_eq!(rules("edge/aws-auth.yaml"), 0, "of a cluster whose mode is not known");
}
