//! Generated custom resources of controllers, node classes and configurations of eksctl. See [`super::dense`].

use super::dense::{ACCOUNT, Files, arn, each};

/// A trust policy in a string.
fn trust(service: &str) -> String {
    format!(
        r#"'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole"}}]}}'"#
    )
}

/// A custom resource of a controller, in flow style.
fn custom(api: &str, kind: &str, name: &str, spec: &str) -> String {
    format!("---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n")
}

/// One stream with as many node classes that name a role where a profile belongs, with the roles and their profiles.
pub fn node_classes(count: usize) -> Files {
    const IAM: &str = "iam.aws.upbound.io/v1beta1";
    let one = |at: usize| {
        custom(
            IAM,
            "Role",
            &format!("r{at}"),
            &format!("forProvider: {{assumeRolePolicy: {}}}", trust("ec2.amazonaws.com")),
        ) + &custom(IAM, "InstanceProfile", &format!("p{at}"), &format!("forProvider: {{role: r{at}}}"))
            + &custom("karpenter.k8s.aws/v1", "EC2NodeClass", &format!("c{at}"), &format!("instanceProfile: r{at}"))
    };
    vec![("nodes.yaml".to_owned(), each(count, one))]
}

/// One stream with as many clusters of ACK, each in a namespace of its own with a role, an entry and an association.
pub fn ack(count: usize) -> Files {
    let one = |at: usize| {
        let object = |service: &str, kind: &str, name: &str, spec: &str| {
            let name = format!("{name}, namespace: team-{at}");
            custom(&format!("{service}.services.k8s.aws/v1alpha1"), kind, &name, spec)
        };
        let role = format!("name: r{at}, assumeRolePolicyDocument: {}", trust("lambda.amazonaws.com"));
        let association =
            "clusterRef: {from: {name: app}}, namespace: a, serviceAccount: b, roleRef: {from: {name: app}}";
        let entry = format!("clusterName: shop-{at}, principalARN: '{}'", arn(ACCOUNT, &format!("r{at}")));
        object("iam", "Role", "app", &role)
            + &object("eks", "Cluster", "app", &format!("name: shop-{at}, accessConfig: {{authenticationMode: API}}"))
            + &object("eks", "PodIdentityAssociation", "app", association)
            + &object("eks", "AccessEntry", "app", &entry)
    };
    vec![("ack.yaml".to_owned(), each(count, one))]
}

/// One stream with the same association in as many regions.
pub fn crossplane(count: usize) -> Files {
    let one = |at: usize| {
        let spec = format!(
            "providerConfigRef: {{name: dev}}, forProvider: {{region: region-{at}, clusterName: app, namespace: shop, serviceAccount: \
             app, roleArn: '{}'}}",
            arn(ACCOUNT, "app")
        );
        custom("eks.aws.upbound.io/v1beta1", "PodIdentityAssociation", &format!("a{at}"), &spec)
    };
    vec![("crossplane.yaml".to_owned(), each(count, one))]
}

/// One composition with as many resources, which a second step patches.
pub fn composition(count: usize) -> Files {
    let base = |at: usize| {
        format!(
            "      - name: r{at}\n        base: {{apiVersion: eks.aws.upbound.io/v1beta1, kind: AccessEntry, spec: {{forProvider: \
             {{clusterName: app, region: eu-west-1, principalArn: '{}'}}}}}}\n",
            arn(ACCOUNT, &format!("r{at}"))
        )
    };
    let patch = |at: usize| {
        format!(
            "      - {{name: r{at}, patches: [{{fromFieldPath: spec.type, toFieldPath: spec.forProvider.type}}]}}\n"
        )
    };
    let step = |name: &str, resources: String| {
        format!(
            "  - step: {name}\n    functionRef: {{name: function-patch-and-transform}}\n    input:\n      kind: Resources\n      \
             resources:\n{resources}"
        )
    };
    let text = format!(
        "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {{name: x}}\nspec:\n  pipeline:\n{}{}",
        step("make", each(count, base)),
        step("patch", each(count, patch))
    );
    vec![("composition.yaml".to_owned(), text)]
}

/// One stream with as many control planes of Cluster API, all with one role.
pub fn cluster_api(count: usize) -> Files {
    let one = |at: usize| {
        let spec = format!(
            "eksClusterName: k{at}, roleName: app, accessEntries: [{{principalARN: '{0}', type: ec2_linux}}], addons: [{{name: vpc-cni, \
             serviceAccountRoleARN: '{0}'}}]",
            arn(ACCOUNT, &format!("r{at}"))
        );
        custom("controlplane.cluster.x-k8s.io/v1beta2", "AWSManagedControlPlane", &format!("k{at}"), &spec)
    };
    vec![("clusters.yaml".to_owned(), each(count, one))]
}

/// One configuration of eksctl with as many service accounts, associations, node groups and mappings.
pub fn eksctl(count: usize) -> Files {
    let role = |at: usize| arn(ACCOUNT, &format!("r{at}"));
    let account = |at: usize| {
        format!("  - {{metadata: {{name: a{at}, namespace: b}}, roleNam: x, attachRoleARN: '{}'}}\n", role(at))
    };
    let association = |at: usize| format!("  - {{serviceAccountName: p{at}, namespace: b, roleARN: '{}'}}\n", role(at));
    let group = |at: usize| format!("- {{name: g{at}, iam: {{instanceRoleARN: '{}'}}}}\n", role(at));
    let mapping = |at: usize| format!("- {{arn: '{}', username: u{at}, groups: [team-{at}]}}\n", role(at));
    let text = format!(
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {{name: app, region: eu-west-1}}\niam:\n  withOIDC: \
         true\n  serviceAccounts:\n{}  podIdentityAssociations:\n{}managedNodeGroups:\n{}iamIdentityMappings:\n{}",
        each(count, account),
        each(count, association),
        each(count, group),
        each(count, mapping)
    );
    vec![("cluster.yaml".to_owned(), text)]
}
