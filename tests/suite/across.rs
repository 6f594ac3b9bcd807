//! What is one thing in two units: clusters named alike in two templates, and what one stack exports and another imports.

use std::path::PathBuf;

use ekslint::Analysis;
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::source::Source;

/// A cluster that reads no access entries.
const CLUSTER: &str = "\
Parameters:
  Name: {Type: String, Default: shop}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: shop
      RoleArn: arn:aws:iam::111122223333:role/cluster
      Version: '1.33'
      AccessConfig: {AuthenticationMode: CONFIG_MAP}
      ResourcesVpcConfig: {SubnetIds: [subnet-1, subnet-2]}
Outputs:
  Cluster:
    Value: !Ref Cluster
    Export: {Name: shop-cluster}
";

/// An access entry for it.
const ENTRY: &str = "\
Parameters:
  Name: {Type: String, Default: shop}
Resources:
  Entry:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: shop
      PrincipalArn: arn:aws:iam::111122223333:role/people
";

const RULE: &str = "auth-mode/access-entry-needs-api";

fn found(files: &[(&str, String)]) -> Vec<Diagnostic> {
    linked(files, |it| Source::new(it.0, it.1.as_str()))
}

fn linked(files: &[(&str, String)], source: impl Fn(&(&str, String)) -> Source) -> Vec<Diagnostic> {
    let found = ekslint::lint(&Analysis::of(files.iter().map(source).collect()).snapshot(&()));
    found.into_iter().filter(|it| it.rule == RULE).collect()
}

fn rests_on_its_name(found: &Diagnostic) -> bool {
    found.labels.iter().any(|it| it.message == "only this name says that the cluster of the other template is meant")
}

#[test]
fn clusters_named_alike_in_two_templates() {
    let (cluster, entry) = (CLUSTER.to_owned(), ENTRY.to_owned());
    let parameter = |text: &str| text.replace("Name: shop\n", "Name: !Ref Name\n");
    let branches = |text: &str, other: &str| text.replace("Name: shop\n", &format!("Name: !If [C, shop, {other}]\n"));
    let allowed = |text: &str| parameter(text).replace("Default: shop", "Default: shop, AllowedValues: [shop, other]");
    let table = [
        (("cluster.yaml", cluster.clone()), ("entries.yaml", entry.clone()), 1, "beside each other"),
        (("eks/cluster.yaml", cluster.clone()), ("access/entries.yaml", entry.clone()), 1, "in two folders"),
        (("dev/cluster.yaml", cluster.clone()), ("dev/entries.yaml", entry.clone()), 1, "in one environment"),
        (("dev/cluster.yaml", cluster.clone()), ("prod/entries.yaml", entry.clone()), 0, "in two environments"),
        (("cluster.yaml", cluster.clone()), ("prod/entries.yaml", entry.clone()), 0, "in an environment, and above it"),
        (("eu-west-1/cluster.yaml", cluster.clone()), ("entries.yaml", entry.clone()), 0, "in a region"),
        (
            ("cluster.yaml", parameter(&cluster)),
            ("entries.yaml", parameter(&entry)),
            1,
            "by the default of a parameter",
        ),
        (
            ("cluster.yaml", parameter(&cluster)),
            ("entries.yaml", allowed(&entry)),
            0,
            "by a parameter that may be another one",
        ),
        (
            ("cluster.yaml", cluster.clone()),
            ("entries.yaml", entry.replace(": shop", ": other")),
            0,
            "with another name",
        ),
        (("team-a/c.yaml", cluster.clone()), ("team-b/e.yaml", entry.clone()), 0, "in folders of two deployments"),
        (("v1/c.yaml", cluster.clone()), ("v2/e.yaml", entry.clone()), 0, "in two versions"),
        (("cluster-dev.yaml", cluster.clone()), ("access-prod.yaml", entry.clone()), 0, "in files of two environments"),
        (("clusterProd.yaml", cluster.clone()), ("accessDev.yaml", entry.clone()), 0, "in files named in humps"),
        (
            ("cluster.yaml", branches(&cluster, "shop")),
            ("entries.yaml", entry.clone()),
            1,
            "by a name that both branches have",
        ),
        (
            ("cluster.yaml", branches(&cluster, "other")),
            ("entries.yaml", entry.clone()),
            0,
            "by a name that one branch has",
        ),
        (("cluster-euw1.yaml", cluster.clone()), ("access-use1.yaml", entry.clone()), 0, "in files of two regions"),
        (("cluster-euw1.yaml", cluster.clone()), ("access-euw1.yaml", entry.clone()), 1, "in files of one region"),
        (("cluster.yaml", cluster.clone()), ("access-v2.yaml", entry.clone()), 0, "in files of two versions"),
        (("team-a.yaml", cluster.clone()), ("team-b.yaml", entry.clone()), 0, "in files of two teams"),
        (("EKSDev.yaml", cluster.clone()), ("EKSProdAccess.yaml", entry.clone()), 0, "behind an abbreviation"),
        (
            ("cluster.yaml", parameter(&cluster).replace("Default: shop", "Default: changeme")),
            ("entries.yaml", parameter(&entry).replace("Default: shop", "Default: changeme")),
            0,
            "by a default that is no name",
        ),
        (("cluster.yaml", cluster.clone()), ("access-old.yaml", entry.clone()), 0, "in a file that is left over"),
        (
            ("eks/cluster.yaml", parameter(&cluster)),
            ("iam/entries.yaml", parameter(&entry)),
            0,
            "by defaults in two folders",
        ),
        (
            ("cluster.yaml", cluster.replace("shop", "my-cluster")),
            ("entries.yaml", entry.replace("shop", "my-cluster")),
            0,
            "by a name that examples have",
        ),
    ];
    for (cluster, entry, wanted, why) in table {
        let found = found(&[cluster, entry]);
        assert_eq!(found.len(), wanted, "{why}: {found:?}");
        assert!(found.iter().all(|it| it.level == Level::Warning), "another cluster may be meant, {why}: {found:?}");
        assert!(
            found.iter().all(rests_on_its_name),
            "the finding says that only the name links them, {why}: {found:?}"
        );
    }
}

#[test]
fn a_name_that_several_clusters_have_means_none() {
    let (cluster, entry) = (("cluster.yaml", CLUSTER.to_owned()), ("entries.yaml", ENTRY.to_owned()));
    let other = |path| (path, CLUSTER.to_owned());
    assert_eq!(found(&[cluster.clone(), entry.clone(), other("b.yaml")]).len(), 0, "two templates declare it");
    let named = ("access/entries.yaml", ENTRY.to_owned());
    let beside = |path| (path, CLUSTER.replace("shop", "other"));
    assert_eq!(found(&[cluster.clone(), named.clone(), beside("b.yaml")]).len(), 1, "another cluster above both");
    assert_eq!(found(&[cluster.clone(), named, beside("access/b.yaml")]).len(), 0, "another cluster beside the entry");
    let own = (
        "entries.yaml",
        format!(
            "{ENTRY}  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: shop\n      AccessConfig: {{AuthenticationMode: API}}\n"
        ),
    );
    assert_eq!(found(&[cluster, own]).len(), 0, "the template has a cluster of its own");
}

#[test]
fn what_a_stack_exports_is_what_another_imports() {
    let import = |name: &str| ENTRY.replace("ClusterName: shop", &format!("ClusterName: {name}"));
    let cluster = || ("eks/cluster.yaml", CLUSTER.replace("Name: shop\n", "Name: !Sub '${AWS::StackName}-eks'\n"));
    let table = [
        ("!ImportValue shop-cluster", 1, "by its name"),
        ("{'Fn::ImportValue': shop-cluster}", 1, "in the long form"),
        ("{'Fn::ImportValue': !Sub 'shop-cluster'}", 1, "by a name that is put together"),
        ("!ImportValue other-cluster", 0, "what nobody exports"),
        ("{'Fn::ImportValue': !Sub '${Name}-cluster'}", 0, "by a name that only a deploy knows"),
    ];
    for (name, wanted, why) in table {
        let found = found(&[cluster(), ("access/entries.yaml", import(name))]);
        assert_eq!(found.len(), wanted, "{why}: {found:?}");
        assert!(found.iter().all(|it| it.level == Level::Error), "an export is the only one of its name: {found:?}");
        assert!(!found.iter().any(rests_on_its_name), "an export is more than a name: {found:?}");
    }
    let branches = cluster().1.replace("Name: shop-cluster", "Name: !If [C, shop-cluster, shop-cluster]");
    let branches = [("eks/cluster.yaml", branches), ("access/entries.yaml", import("!ImportValue shop-cluster"))];
    assert_eq!(found(&branches).len(), 1, "one output that has this name in both branches");
    let apart = [("prod/cluster.yaml", cluster().1), ("dev/entries.yaml", import("!ImportValue shop-cluster"))];
    assert_eq!(found(&apart).len(), 0, "of another environment");
    let twice = [cluster(), ("iam/cluster.yaml", CLUSTER.to_owned()), ("a.yaml", import("!ImportValue shop-cluster"))];
    assert_eq!(found(&twice).len(), 0, "two stacks export it");
}

/// What a rule finds in the files of the first of two folders: alone, beside the other folder in one repository, and
/// beside it where each is a repository.
fn in_repositories(rule: &str, own: &[(&str, String)], other: &[(&str, String)]) -> [Vec<String>; 3] {
    let source = |(path, text): &(&str, String), is_apart: bool| Source {
        repository: Some(
            PathBuf::from(if is_apart { format!("/all/{}", &path[..1]) } else { "/all".to_owned() }).into(),
        ),
        ..Source::new(*path, text.as_str())
    };
    let both: Vec<_> = own.iter().chain(other).collect();
    let has = |files: &[&(&str, String)], is_apart| {
        let analysis = Analysis::of(files.iter().map(|it| source(it, is_apart)).collect());
        let workspace = analysis.snapshot(&());
        let found = ekslint::lint(&workspace);
        let own = found.iter().filter(|it| it.rule == rule && workspace.path(it.span.file).starts_with("a/"));
        own.map(|it| format!("{:?} {}", it.level, it.message)).collect()
    };
    [has(&own.iter().collect::<Vec<_>>(), true), has(&both, false), has(&both, true)]
}

/// What a repository says is not less because another one stands beside it.
#[test]
fn repositories_do_not_make_each_other_unknown() {
    let import = || ENTRY.replace("ClusterName: shop", "ClusterName: !ImportValue shop-cluster");
    let api = || CLUSTER.replace("CONFIG_MAP", "API");
    let aws_auth = || {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n    - rolearn: \
         arn:aws:iam::111122223333:role/people\n      username: people\n      groups: [readers]\n"
            .to_owned()
    };
    let node_role = |name: &str| {
        format!(
            "Parameters: {{N: {{Type: String, Default: nodes}}}}\nResources:\n  NodeRole:\n    Type: AWS::IAM::Role\n    Properties:\n      \
             {name}AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: \
             'sts:AssumeRole'}}]}}\n      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy']\n"
        )
    };
    let node_group = "Resources:\n  Nodes:\n    Type: AWS::EKS::Nodegroup\n    Properties: {ClusterName: shop, NodeRole: \
        'arn:aws:iam::111122223333:role/nodes', Subnets: [a]}\n";
    let loose_policy = "Parameters: {R: {Type: String}}\nResources:\n  Policy:\n    Type: AWS::IAM::Policy\n    Properties:\n      \
        PolicyName: x\n      Roles: [!Ref R]\n      PolicyDocument: {Statement: [{Effect: Allow, Action: 'ecr:*', Resource: '*'}]}\n";
    let binding = |kind: &str, name: &str, role: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b}}\nroleRef: {{apiGroup: \
             rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\nsubjects:\n- {{kind: {kind}, name: '{name}', apiGroup: \
             rbac.authorization.k8s.io}}\n"
        )
    };
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: reading}\nrules: []\n"
        .to_owned();
    let user = "arn:aws:iam::111122223333:role/people";
    let entry_of_user = ENTRY.replace("PrincipalArn", &format!("Username: '{user}'\n      PrincipalArn"));
    let nameless = aws_auth().replace("      groups: [readers]\n", "");
    let account = |kind: &str, more: &str| {
        format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: reader, namespace: shop}}\n{more}")
    };
    let own_role = account("Role", "rules: []\n").replace("v1\n", "rbac.authorization.k8s.io/v1\n");
    let of_account = binding("ServiceAccount", "reader", "view")
        .replace(", apiGroup: rbac.authorization.k8s.io}\n", ", namespace: shop}\n");
    type Files = Vec<(&'static str, String)>;
    let table: Vec<(&str, &str, Files, Files)> = vec![
        (
            "an export",
            RULE,
            vec![("a/c.yaml", CLUSTER.to_owned()), ("a/e.yaml", import())],
            vec![("b/c.yaml", CLUSTER.to_owned())],
        ),
        (
            "a cluster by its name",
            RULE,
            vec![("a/cluster.yaml", CLUSTER.to_owned()), ("a/entries.yaml", ENTRY.to_owned())],
            vec![("b/c.yaml", CLUSTER.to_owned())],
        ),
        (
            "the cluster of an `aws-auth`",
            "auth-mode/aws-auth-ignored",
            vec![("a/c.yaml", api()), ("a/m.yaml", aws_auth())],
            vec![("b/c.yaml", CLUSTER.to_owned())],
        ),
        (
            "a policy that may be on any role",
            "node-role/missing-ecr-pull",
            vec![("a/r.yaml", node_role(""))],
            vec![("b/p.yaml", loose_policy.to_owned())],
        ),
        (
            "a role by the default of its name",
            "node-role/missing-ecr-pull",
            vec![
                (
                    "a/r.yaml",
                    node_role("RoleName: !Ref N\n      ")
                        .replace("policy/AmazonEKSWorkerNodePolicy", "policy/AWSBackupFullAccess"),
                ),
                ("a/n.yaml", node_group.to_owned()),
            ],
            vec![("b/r.yaml", node_role("RoleName: nodes\n      "))],
        ),
        (
            "groups that are bound",
            "rbac/group-unbound",
            vec![("a/m.yaml", aws_auth())],
            vec![("b/b.yaml", binding("Group", "readers", "view"))],
        ),
        (
            "groups that are given",
            "rbac/group-unmapped",
            vec![("a/m.yaml", aws_auth()), ("a/b.yaml", binding("Group", "writers", "view"))],
            vec![("b/m.yaml", aws_auth().replace("readers", "writers"))],
        ),
        (
            "users that are named",
            "rbac/user-subject-unmatched",
            vec![("a/b.yaml", binding("User", user, "view"))],
            vec![("b/e.yaml", entry_of_user)],
        ),
        (
            "users that are bound",
            "aws-auth/no-identity",
            vec![("a/m.yaml", nameless)],
            vec![("b/b.yaml", binding("User", "people", "view"))],
        ),
        (
            "roles that are bound",
            "rbac/dangling-roleref",
            vec![("a/b.yaml", binding("Group", "readers", "reading"))],
            vec![("b/r.yaml", role.clone())],
        ),
        (
            "bindings of a role with a slip",
            "rbac/dangling-roleref",
            vec![("a/b.yaml", binding("Group", "readers", "readinh")), ("a/r.yaml", role)],
            vec![("b/b.yaml", binding("Group", "readers", "reading"))],
        ),
        (
            "bindings of an account",
            "rbac/serviceaccount-unbound",
            vec![("a/a.yaml", account("ServiceAccount", "")), ("a/r.yaml", own_role)],
            vec![("b/b.yaml", of_account)],
        ),
    ];
    for (what, rule, own, other) in table {
        let [alone, together, apart] = in_repositories(rule, &own, &other);
        assert!(!alone.is_empty(), "{what}: {rule} is found in the repository by itself");
        assert_eq!(apart, alone, "{what}: what {rule} finds beside another repository");
        assert_ne!(together, alone, "{what}: in one repository the other file counts");
    }
}

#[test]
fn repositories_are_environments() {
    let files = [("eks/cluster.yaml", CLUSTER.to_owned()), ("iam/entries.yaml", ENTRY.to_owned())];
    let within = |repository: fn(&str) -> Option<PathBuf>| {
        linked(&files, |(path, text)| Source {
            repository: repository(path).map(Into::into),
            ..Source::new(*path, text.as_str())
        })
    };
    assert_eq!(within(|_| Some("/all".into())).len(), 1, "one repository");
    assert_eq!(within(|it| Some(PathBuf::from("/all").join(&it[..1]))).len(), 0, "two repositories");
    // The role of one repository is not that of the other, though both have the same name.
    let role = |account: &str| {
        format!(
            "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n      AssumeRolePolicyDocument:\n        \
             Statement:\n        - Effect: Allow\n          Principal: {{Federated: 'arn:aws:iam::{account}:oidc-provider/x'}}\n          \
             Action: sts:AssumeRoleWithWebIdentity\n"
        )
    };
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: app\n  annotations:\n    \
        eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/app\n";
    let files = [
        ("a/role.yaml", role("111122223333")),
        ("a/app.yaml", account.to_owned()),
        ("b/role.yaml", role("111122223333")),
    ];
    let source = |(path, text): &(&str, String), apart: bool| Source {
        repository: apart.then(|| PathBuf::from("/all").join(&path[..1]).into()),
        ..Source::new(*path, text.as_str())
    };
    let role_of = |apart: bool| {
        let workspace = Analysis::of(files.iter().map(|it| source(it, apart)).collect()).snapshot(&());
        let account = workspace.facts.service_accounts.first().unwrap();
        let arn = account.meta.annotation("eks.amazonaws.com/role-arn").and_then(|it| it.text()).unwrap();
        workspace.roles().named(arn).map(|it| workspace.path(it.origin.name.file).to_owned())
    };
    assert_eq!(role_of(true).as_deref(), Some("a/role.yaml"), "two repositories have a role of this name each");
    assert_eq!(role_of(false), None, "in one repository it may be either");
}

/// The rules that speak of files, by their ids.
fn rules(files: &[(&str, String)]) -> Vec<&'static str> {
    let sources = files.iter().map(|it| Source::new(it.0, it.1.as_str())).collect();
    ekslint::lint(&Analysis::of(sources).snapshot(&())).into_iter().map(|it| it.rule).collect()
}

#[test]
fn the_only_aws_auth_and_the_only_cluster() {
    let cluster = CLUSTER.replace("CONFIG_MAP", "API");
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: aws-auth, namespace: kube-system}\ndata:\n  mapRoles: |\n    \
               - rolearn: arn:aws:iam::111122223333:role/people\n      username: people\n      groups: [people]\n";
    let table = [
        ("infra/eks.yaml", "k8s/aws-auth.yaml", 1),
        ("eks.yaml", "aws-auth.yaml", 1),
        ("dev/eks.yaml", "prod/aws-auth.yaml", 0),
        ("eks-dev.yaml", "aws-auth-prod.yaml", 0),
        ("team-a/eks.yaml", "team-b/aws-auth.yaml", 0),
        ("clusters/staging/eks.yaml", "clusters/prod/aws-auth.yaml", 0),
        ("samples/eks.yaml", "k8s/aws-auth.yaml", 0),
        ("customer1/eks.yaml", "customer2/aws-auth.yaml", 0),
        ("eks.yaml", "overlays/prod/aws-auth.yaml", 1),
        ("live/prod-euw1/eks.yaml", "k8s/prod/aws-auth.yaml", 1),
        ("live/prod-euw1/eks.yaml", "live/prod-use1/aws-auth.yaml", 0),
        ("customer1/eks.yaml", "customer1/k8s/aws-auth.yaml", 1),
    ];
    for (there, here, count) in table {
        let found = rules(&[(there, cluster.clone()), (here, map.to_owned())]);
        let found = found.iter().filter(|it| **it == "auth-mode/aws-auth-ignored").count();
        assert_eq!(found, count, "{there} {here}");
    }
}

#[test]
fn roles_of_one_name_in_folders_of_two_environments() {
    let role = |service: &str| {
        format!(
            "Resources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: web\n      AssumeRolePolicyDocument:\n        \
             Statement: [{{Effect: Allow, Principal: {{Service: {service}}}, Action: ['sts:AssumeRole', 'sts:TagSession']}}]\n"
        )
    };
    let association = "Resources:\n  Pods:\n    Type: AWS::EKS::PodIdentityAssociation\n    Properties:\n      ClusterName: shop\n      \
                       Namespace: web\n      ServiceAccount: web\n      RoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/web\n";
    let association = |path| (path, association.to_owned());
    let wrong = ("dev/iam.yaml", role("ec2.amazonaws.com"));
    let places = [
        ("infra/prod/iam.yaml", "k8s/prod/pods.yaml", 1, "one environment in two trees"),
        ("roles.yaml", "prod/pods.yaml", 1, "roles that are for all"),
        ("global/iam.yaml", "eu-west-1/pods.yaml", 1, "IAM has no regions"),
        ("us-east-1/iam.yaml", "us-west-2/pods.yaml", 1, "nor have its roles"),
        ("backup-role.yaml", "velero-pods.yaml", 1, "a word that is an environment elsewhere"),
        ("shop-iac/iam.yaml", "shop-deploy/pods.yaml", 1, "the parts of one deployment"),
        ("step1-iam/iam.yaml", "step2-app/pods.yaml", 1, "its steps"),
        ("clusters/a/iam.yaml", "clusters/b/pods.yaml", 0, "two clusters"),
        ("tenants/acme/iam.yaml", "tenants/globex/pods.yaml", 0, "two tenants"),
        ("team-a-iam.yaml", "team-b-pods.yaml", 0, "files of two teams"),
    ];
    for (there, here, count, why) in places {
        let files = [(there, role("ec2.amazonaws.com")), (here, association(here).1)];
        assert_eq!(rules(&files).iter().filter(|it| **it == "pod-identity/trust").count(), count, "{why}");
    }
    let right = ("prod/iam.yaml", role("pods.eks.amazonaws.com"));
    let count = |files: &[(&str, String)]| rules(files).iter().filter(|it| **it == "pod-identity/trust").count();
    assert_eq!(count(&[wrong.clone(), association("dev/pods.yaml")]), 1, "in one environment");
    assert_eq!(count(&[wrong.clone(), association("prod/pods.yaml")]), 0, "the role of another environment");
    let all = [wrong, association("dev/pods.yaml"), right, association("prod/pods.yaml")];
    assert_eq!(count(&all), 1, "a correct one hides no other");
}

#[test]
fn the_cluster_of_two_entries_hides_neither() {
    let entries = format!("{ENTRY}{}", ENTRY[ENTRY.find("  Entry:").unwrap()..].replace("Entry:", "Second:"));
    let alone = [("access.yaml", entries.clone())];
    let count =
        |files: &[(&str, String)]| rules(files).iter().filter(|it| **it == "access-entry/duplicate-principal").count();
    assert_eq!(count(&alone), 1);
    let cluster = || ("eks.yaml", CLUSTER.replace("CONFIG_MAP", "API"));
    assert_eq!(count(&[("access.yaml", entries.clone()), cluster()]), 1);
    // Two parameters with one default may be two clusters.
    let parameters = entries.replacen("ClusterName: shop", "ClusterName: !Ref Name", 1);
    let parameters = parameters.replace("ClusterName: shop", "ClusterName: !Ref Other");
    let parameters = parameters.replace("Resources:", "  Other: {Type: String, Default: shop}\nResources:");
    assert_eq!(count(&[("access.yaml", parameters), cluster()]), 0);
}

#[test]
fn policies_of_another_environment_may_be_attached() {
    let nodes = "Resources:\n  NodeRole:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: shop-nodes\n      \
                 AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{Effect: Allow, Principal: {Service: \
                 ec2.amazonaws.com}, Action: sts:AssumeRole}]\n  Nodes:\n    Type: AWS::EKS::Nodegroup\n    Properties: {ClusterName: \
                 shop, NodeRole: !GetAtt NodeRole.Arn, Subnets: [subnet-1]}\n";
    let policy = "Resources:\n  Policy:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [shop-nodes]\n      \
                  PolicyDocument:\n        Version: '2012-10-17'\n        Statement: [{Effect: Allow, Action: ['ec2:*', 'ecr:*', 'eks:*'], \
                  Resource: '*'}]\n";
    let count =
        |files: &[(&str, String)]| rules(files).iter().filter(|it| it.starts_with("node-role/missing-")).count();
    assert!(count(&[("nodes.yaml", nodes.to_owned())]) > 0);
    for (there, here) in
        [("nodes.yaml", "prod/p.yaml"), ("dev/nodes.yaml", "prod/p.yaml"), ("team-a/n.yaml", "team-b/p.yaml")]
    {
        assert_eq!(count(&[(there, nodes.to_owned()), (here, policy.to_owned())]), 0, "{there} {here}");
    }
}

/// An ARN with its account means one role, whatever repository it is in: what is not missing because another one declares it, and
/// what is the same because both name it.
const BY_ACCOUNT: [(&str, &str); 2] = [
    ("irsa/role-not-found", "irsa/role-not-found"),
    ("node-role/same-as-fargate-role", "node-role/same-as-cluster-role"),
];

/// Every failing example of all pages is found as if it were alone, whatever stands in the repositories beside it.
#[test]
fn each_repository_is_linted_as_if_it_were_alone() {
    let examples = crate::pages::pages().flat_map(|(rule, page)| page.fails.into_iter().map(move |it| (rule.id, it)));
    let repositories: Vec<(String, Vec<Source>)> = examples
        .enumerate()
        .map(|(at, (id, example))| {
            let root = format!("r{at:04}");
            let source = |(path, text): &(String, String)| {
                let mut source = Source::new(format!("{root}/{path}"), text.as_str());
                source.place = PathBuf::from(format!("/all/{root}/{path}"));
                source.repository = Some(PathBuf::from(format!("/all/{root}")).into());
                source
            };
            let files = example.files.iter().filter(|it| crate::pages::is_linted(&it.0)).map(source).collect();
            (format!("{id} {}", example.name), files)
        })
        .collect();
    let lint = |files: Vec<Source>| {
        let workspace = Analysis::of(files).snapshot(&());
        let shown = |it: Diagnostic| (workspace.path(it.span.file).to_owned(), format!("{}: {}", it.rule, it.message));
        let mut found: Vec<(String, String)> = ekslint::lint(&workspace).into_iter().map(shown).collect();
        found.sort();
        found
    };
    let alone: Vec<_> = repositories.iter().map(|it| lint(it.1.clone())).collect();
    let together = lint(repositories.iter().flat_map(|it| it.1.clone()).collect());
    let mut differences = Vec::new();
    for (at, ((what, _), alone)) in repositories.iter().zip(alone).enumerate() {
        let root = format!("r{at:04}/");
        let beside: Vec<_> = together.iter().filter(|it| it.0.starts_with(&root)).cloned().collect();
        let is_by_account = |(_, found): &&(String, String)| {
            BY_ACCOUNT.iter().any(|(page, rule)| what.starts_with(page) && found.starts_with(rule))
        };
        if beside.iter().filter(|it| !is_by_account(it)).ne(alone.iter().filter(|it| !is_by_account(it))) {
            let lost: Vec<_> = alone.iter().filter(|it| !beside.contains(it)).collect();
            let new: Vec<_> = beside.iter().filter(|it| !alone.contains(it)).collect();
            differences.push(format!("{what}: lost {lost:?}, new {new:?}"));
        }
    }
    assert!(differences.is_empty(), "{}:\n{}", differences.len(), differences.join("\n"));
}
