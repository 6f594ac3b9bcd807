//! What is one thing in two units: clusters named alike in two templates, and what one stack exports and another imports.

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
