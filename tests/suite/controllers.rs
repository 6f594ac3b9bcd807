//! Custom resources of controllers that call AWS, and node classes: what refers to what, and what cannot be known.

use ekslint::Analysis;
use ekslint::diagnostic::Level;
use ekslint::source::Source;

/// What is found above notes: `file: rule`.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let workspace = Analysis::of(files.iter().map(|(path, text)| Source::new(*path, *text)).collect()).snapshot(&());
    let found = ekslint::lint(&workspace).into_iter().filter(|it| it.level > Level::Note);
    found.map(|it| format!("{}: {}", workspace.path(it.span.file), it.rule)).collect()
}

fn expect(text: &str, wanted: &[&str], why: &str) {
    let wanted: Vec<_> = wanted.iter().map(|it| format!("a.yaml: {it}")).collect();
    assert_eq!(found(&[("a.yaml", text)]), wanted, "{why}\n{text}");
}

/// A trust policy that lets no pods in.
const TRUST: &str = r#"'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Principal": {"Service": "eks.amazonaws.com"}}]}'"#;

fn ack(reference: &str, role: &str) -> String {
    format!(
        "apiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {{name: app, namespace: \
         infra}}\nspec:\n  clusterName: shop\n  namespace: apps\n  serviceAccount: app\n  {reference}\n---\n\
         apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata: {role}\nspec:\n  name: shop-app\n  \
         assumeRolePolicyDocument: {TRUST}\n"
    )
}

fn crossplane(family: &str, reference: &str) -> String {
    format!(
        "apiVersion: eks.{family}/v1beta1\nkind: PodIdentityAssociation\nmetadata: {{name: app}}\nspec:\n  forProvider:\n    \
         clusterName: shop\n    namespace: apps\n    serviceAccount: app\n    {reference}\n---\napiVersion: \
         iam.aws.upbound.io/v1beta1\nkind: Role\nmetadata: {{name: app}}\nspec:\n  forProvider:\n    assumeRolePolicy: \
         {TRUST}\n"
    )
}

const RULE: &str = "pod-identity/trust";

#[test]
fn references_of_ack_are_by_the_names_of_objects() {
    let here = "{name: app, namespace: infra}";
    expect(&ack("roleRef: {from: {name: app}}", here), &[RULE], "the role of this name");
    expect(&ack("roleRef: {from: {name: app, namespace: infra}}", here), &[RULE], "in this namespace");
    expect(&ack("roleRef: {from: {name: app, namespace: other}}", here), &[], "in another namespace");
    expect(&ack("roleRef: {from: {name: other}}", here), &[], "another role");
    expect(&ack("roleARN: arn:aws:iam::222233334444:role/shop-app", here), &[RULE], "by its ARN");
    expect(&ack("roleARN: arn:aws:iam::222233334444:role/app", here), &[], "the object is called so, not the role");
    let read_only = "{name: app, namespace: infra, annotations: {services.k8s.aws/read-only: 'true'}}";
    expect(&ack("roleRef: {from: {name: app}}", read_only), &[], "what ACK does not make is as it was found");
}

#[test]
fn references_of_crossplane_hold_within_a_family() {
    expect(&crossplane("aws.upbound.io", "roleArnRef: {name: app}"), &[RULE], "the role of this name");
    expect(&crossplane("aws.upbound.io", "roleArnSelector: {matchLabels: {a: b}}"), &[], "a selector");
    expect(&crossplane("aws.crossplane.io", "roleArnRef: {name: app}"), &[], "a role of another provider");
    expect(&crossplane("aws.upbound.io", "roleArn: arn:aws:iam::222233334444:role/app"), &[RULE], "by its ARN");
    let renamed = crossplane("aws.upbound.io", "roleArn: arn:aws:iam::222233334444:role/app").replace(
        "kind: Role\nmetadata: {name: app}",
        "kind: Role\nmetadata: {name: app, annotations: {crossplane.io/external-name: shop}}",
    );
    expect(&renamed, &[], "the role is called otherwise at AWS");
    let observed = crossplane("aws.upbound.io", "roleArnRef: {name: app}").replace(
        "  forProvider:\n    assumeRolePolicy",
        "  managementPolicies: [Observe]\n  forProvider:\n    assumeRolePolicy",
    );
    expect(&observed, &[], "Crossplane only reads the role");
    let initial = crossplane("aws.upbound.io", "roleArnRef: {name: app}")
        .replace("  forProvider:\n    assumeRolePolicy", "  initProvider:\n    assumeRolePolicy");
    expect(&initial, &[RULE], "what it is made with");
}

#[test]
fn what_is_not_written_is_filled_in() {
    let cluster = |mode: &str| {
        format!(
            "apiVersion: eks.services.k8s.aws/v1alpha1\nkind: Cluster\nmetadata: {{name: shop}}\nspec:\n  name: shop\n  roleARN: \
             arn:aws:iam::222233334444:role/cluster\n  {mode}\n---\napiVersion: eks.services.k8s.aws/v1alpha1\nkind: \
             AccessEntry\nmetadata: {{name: admins}}\nspec:\n  clusterRef: {{from: {{name: shop}}}}\n  principalARN: \
             arn:aws:iam::222233334444:role/admins\n  kubernetesGroups: [admins]\n"
        )
    };
    let rule = ["auth-mode/access-entry-needs-api"];
    expect(&cluster("accessConfig: {authenticationMode: CONFIG_MAP}"), &rule, "it reads no entries");
    expect(&cluster("accessConfig: {authenticationMode: API}"), &[], "it does");
    expect(&cluster(""), &[], "the mode of the cluster that there is");
}

fn node_class(role: &str) -> String {
    format!(
        "apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\nmetadata: {{name: shop}}\nspec:\n  {role}\n  \
         subnetSelectorTerms: [{{tags: {{Name: shop}}}}]\n  securityGroupSelectorTerms: [{{tags: {{Name: shop}}}}]\n"
    )
}

#[test]
fn roles_of_node_classes() {
    let arn = node_class("role: arn:aws:iam::222233334444:role/nodes");
    expect(&arn, &["cfn/role-name-vs-arn"], "an ARN");
    expect(&arn.replace("eks.amazonaws.com/v1", "eks.amazonaws.com/v2"), &[], "an API that is not known");
    expect(&arn.replace("eks.amazonaws.com/v1", "karpenter.azure.com/v1"), &[], "the node class of somebody else");
    expect(&node_class("role: '{{ .Values.role }}'"), &[], "Helm fills it in");
    expect(&node_class("role: nodes\n  instanceProfile: '${profile}'"), &["node-role/instance-profile"], "both");
    expect(&node_class("role: nodes"), &[], "a name");
}

#[test]
fn what_a_kustomization_sets_is_unknown() {
    let class = node_class("role: arn:aws:iam::222233334444:role/nodes");
    let rule = "a.yaml: cfn/role-name-vs-arn";
    let with = |kustomization: &str| found(&[("a.yaml", &class), ("kustomization.yaml", kustomization)]);
    let patch = |kind: &str, path: &str| {
        format!(
            "resources: [a.yaml]\npatches:\n- target: {{kind: {kind}}}\n  patch: |\n    - {{op: replace, path: {path}, value: x}}\n"
        )
    };
    assert_eq!(with("resources: [a.yaml]\n"), [rule]);
    assert_eq!(with(&patch("NodeClass", "/spec/role")), Vec::<String>::new());
    assert_eq!(with(&patch("Deployment", "/spec/role")), [rule]);
    assert_eq!(with(&patch("NodeClass", "/metadata/labels/a")), [rule]);
    let merge = "resources: [a.yaml]\npatches:\n- patch: |\n    apiVersion: eks.amazonaws.com/v1\n    kind: NodeClass\n    \
                 metadata: {name: shop}\n    spec: {role: nodes}\n";
    assert_eq!(with(merge), Vec::<String>::new());

    let association = crossplane("aws.upbound.io", "roleArnRef: {name: app}");
    let with = |kustomization: &str| found(&[("a.yaml", &association), ("kustomization.yaml", kustomization)]);
    assert_eq!(with("resources: [a.yaml]\n"), ["a.yaml: pod-identity/trust"]);
    assert_eq!(with(&patch("Role", "/spec/forProvider/assumeRolePolicy")), Vec::<String>::new());
}

#[test]
fn words_of_cluster_api_are_in_lowercase() {
    let plane = |mode: &str, entry: &str| {
        format!(
            "apiVersion: controlplane.cluster.x-k8s.io/v1beta2\nkind: AWSManagedControlPlane\nmetadata: {{name: shop}}\nspec:\n  \
             accessConfig: {{authenticationMode: {mode}}}\n  accessEntries:\n  - principalARN: \
             arn:aws:iam::222233334444:role/nodes\n    {entry}\n"
        )
    };
    expect(&plane("api", "type: ec2_linux"), &[], "as the API knows it");
    expect(
        &plane("api", "type: ec2_linux\n    kubernetesGroups: [a]"),
        &["access-entry/groups-on-node-type"],
        "groups",
    );
    expect(&plane("config_map", "kubernetesGroups: [a]"), &["auth-mode/access-entry-needs-api"], "no entries");
}

#[test]
fn what_patches_of_a_composition_set_is_unknown() {
    let composition = |patch: &str| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {{name: shop}}\nspec:\n  mode: Pipeline\n  \
             pipeline:\n  - step: make\n    functionRef: {{name: function-patch-and-transform}}\n    input:\n      kind: \
             Resources\n      patchSets:\n      - name: groups\n        patches: [{{toFieldPath: \
             'spec.forProvider.kubernetesGroups[0]', fromFieldPath: spec.group}}]\n      resources:\n      - name: entry\n        \
             base:\n          apiVersion: eks.aws.upbound.io/v1beta1\n          kind: AccessEntry\n          spec:\n            \
             forProvider: {{clusterName: shop, principalArn: 'arn:aws:iam::222233334444:role/admins', kubernetesGroups: \
             ['system:masters']}}\n        patches: [{patch}]\n"
        )
    };
    let rule = ["access-entry/group-reserved"];
    expect(&composition(""), &rule, "nothing sets them");
    expect(&composition("{fromFieldPath: spec.a, toFieldPath: spec.forProvider.clusterName}"), &rule, "something else");
    expect(&composition("{fromFieldPath: spec.a, toFieldPath: spec.forProvider.kubernetesGroups}"), &[], "the groups");
    expect(&composition("{fromFieldPath: spec.a, toFieldPath: spec.forProvider}"), &[], "all of it");
    expect(&composition("{fromFieldPath: spec.forProvider.kubernetesGroups}"), &[], "from a field of the same name");
    expect(&composition("{type: PatchSet, patchSetName: groups}"), &[], "an item, by a set");
    expect(&composition("{type: PatchSet, patchSetName: other}"), &[], "a set that is not here");
    let back = "{type: ToCompositeFieldPath, fromFieldPath: spec.forProvider.kubernetesGroups, toFieldPath: status.a}";
    expect(&composition(back), &rule, "it is read only");
    let other = composition("").replace("kind: Resources", "kind: GoTemplate");
    expect(&other, &[], "another function");
}

#[test]
fn sets_of_patches_have_a_limit() {
    let patches: String = (0..1_000).map(|it| format!("  - {{toFieldPath: spec.a{it}}}\n")).collect();
    let resources = |count: usize| {
        "  - {base: {apiVersion: iam.aws.upbound.io/v1beta1, kind: Role}, patches: [{type: PatchSet, patchSetName: all}]}\n"
            .repeat(count)
    };
    let composition = |count: usize| {
        format!(
            "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {{name: a}}\nspec:\n  patchSets:\n  - \
             name: all\n    patches:\n{}  resources:\n{}",
            patches.replace("  -", "    -"),
            resources(count)
        )
    };
    expect(&composition(50), &[], "as many as are taken");
    expect(&composition(51), &["limit"], "more");
}

/// Two objects with the same association. `first` and `second`: what else they say, below `metadata` and `spec`.
fn two_associations(first: (&str, &str), second: (&str, &str)) -> String {
    let one = |name: &str, (metadata, spec): (&str, &str)| {
        format!(
            "---\napiVersion: eks.services.k8s.aws/v1alpha1\nkind: PodIdentityAssociation\nmetadata: {{name: {name}{metadata}}}\nspec: \
             {{clusterName: shop, namespace: apps, serviceAccount: app, roleARN: \"arn:aws:iam::222233334444:role/app\"{spec}}}\n"
        )
    };
    one("a", first) + &one("b", second)
}

/// The same of Crossplane.
fn two_of_crossplane(first: &str, second: &str) -> String {
    let one = |name: &str, spec: &str| {
        format!(
            "---\napiVersion: eks.aws.upbound.io/v1beta1\nkind: PodIdentityAssociation\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n    \
             clusterName: shop\n    namespace: apps\n    serviceAccount: app\n    roleArn: arn:aws:iam::222233334444:role/app\n"
        )
    };
    one("a", first) + &one("b", second)
}

const DUPLICATE: &str = "pod-identity/duplicate";

#[test]
fn what_is_made_in_another_region_or_account_is_another_cluster() {
    let region = |it: &str| format!(", annotations: {{services.k8s.aws/region: {it}}}");
    let (here, there) = (region("us-east-1"), region("eu-west-1"));
    let ack = |first: &str, second: &str| two_associations((first, ""), (second, ""));
    expect(&ack("", ""), &[DUPLICATE], "nothing says otherwise");
    expect(&ack(&here, &here), &[DUPLICATE], "one region");
    expect(&ack(&here, &there), &[], "two regions");
    expect(&ack(&here, ""), &[], "the region of the controller, which may be another one");
    expect(&ack(", namespace: a", ", namespace: a"), &[DUPLICATE], "one namespace");
    expect(&ack(", namespace: a", ", namespace: b"), &[], "namespaces may be of two accounts");
    let one_object = two_associations(("", ""), ("", "")).replace("name: b", "name: a");
    expect(&one_object, &[], "what is applied later changes the same object");
    let in_region = |it: &str| format!("forProvider:\n    region: {it}");
    let by = |it: &str| format!("providerConfigRef: {{name: {it}}}\n  {}", in_region("us-east-1"));
    let (here, there) = (in_region("us-east-1"), in_region("eu-west-1"));
    expect(&two_of_crossplane(&here, &here), &[DUPLICATE], "one region");
    expect(&two_of_crossplane(&here, &there), &[], "two regions");
    expect(&two_of_crossplane(&here, &in_region("'{{ .Values.region }}'")), &[], "a region that is not known");
    expect(&two_of_crossplane(&by("dev"), &by("dev")), &[DUPLICATE], "one provider configuration");
    expect(&two_of_crossplane(&by("dev"), &by("prod")), &[], "two of them");
    expect(&two_of_crossplane(&by("default"), &here), &[DUPLICATE], "the one that is the default");
    let observed = two_of_crossplane(&here, &format!("managementPolicies: [Observe, LateInitialize]\n  {here}"));
    expect(&observed, &[], "what Crossplane only reads it does not make");
}

#[test]
fn an_object_is_identified_by_namespace_kind_and_name() {
    let role = |kind: &str, name: &str, settings: &str| {
        format!(
            "---\napiVersion: iam.aws.upbound.io/v1beta1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {{forProvider: {{{settings}}}}}\n"
        )
    };
    let nodes = role("Role", "nodes", "assumeRolePolicy: '{}', managedPolicyArns: ['${policies}']")
        + &role("InstanceProfile", "nodes", "roleRef: {name: nodes}");
    let group = "---\napiVersion: eks.aws.upbound.io/v1beta1\nkind: NodeGroup\nmetadata: {name: nodes}\nspec: {forProvider: \
                 {region: us-east-1, clusterName: shop, nodeRoleArnRef: {name: nodes}}}\n";
    let found = found(&[("a.yaml", &(nodes + group))]);
    assert!(!found.iter().any(|it| it.ends_with("instance-profile-arn")), "a role and a profile: {found:?}");
    let elsewhere = "{name: app, namespace: other}";
    expect(&ack("roleRef: {from: {name: app}}", elsewhere), &[], "a role of another namespace");
    expect(&ack("roleRef: {from: {name: app, namespace: other}}", elsewhere), &[RULE], "which is named");
}

/// A composition with these steps, whose first one makes an association with a name that no service account has.
fn composition(steps: &str) -> String {
    format!(
        "apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {{name: x}}\nspec:\n  mode: Pipeline\n  pipeline:\n  \
         - step: make\n    functionRef: {{name: function-patch-and-transform}}\n    input: {{kind: Resources, resources: [{{name: app, \
         base: {{apiVersion: eks.aws.upbound.io/v1beta1, kind: PodIdentityAssociation, spec: {{forProvider: {{clusterName: shop, \
         namespace: apps, serviceAccount: \"system:serviceaccount:apps:app\"}}}}}}}}]}}\n{steps}"
    )
}

#[test]
fn what_a_later_step_changes_is_unknown() {
    let patched = |resource: &str, path: &str| {
        composition(&format!(
            "  - step: patch\n    functionRef: {{name: function-patch-and-transform}}\n    input: {{kind: Resources, resources: [{{name: \
             {resource}, patches: [{{fromFieldPath: spec.app, toFieldPath: spec.forProvider.{path}}}]}}]}}\n"
        ))
    };
    let by = |name: &str| composition(&format!("  - step: more\n    functionRef: {{name: {name}}}\n"));
    const NAME: &str = "pod-identity/name";
    expect(&composition(""), &[NAME], "one step");
    expect(&patched("app", "roleArn"), &[NAME], "something else");
    expect(&patched("other", "serviceAccount"), &[NAME], "another resource");
    expect(&patched("app", "serviceAccount"), &[], "the name");
    expect(&by("function-mine"), &[], "a function that may change anything");
    expect(&by("crossplane-contrib-function-auto-ready"), &[NAME], "one that changes nothing");
    let resource = |role: &str| {
        format!(
            "---\napiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata: {{name: {role}}}\nspec: {{resources: \
             [{{base: {{apiVersion: eks.aws.upbound.io/v1beta1, kind: PodIdentityAssociation, spec: {{forProvider: {{clusterName: \
             shop, namespace: apps, serviceAccount: app, roleArn: \"arn:aws:iam::222233334444:role/{role}\"}}}}}}}}]}}\n"
        )
    };
    expect(&(resource("dev") + &resource("prod")), &[], "each composition is deployed by itself");
}

#[test]
fn policies_in_a_string_are_json() {
    let role = |document: &str| {
        format!(
            "apiVersion: iam.services.k8s.aws/v1alpha1\nkind: Role\nmetadata: {{name: x}}\nspec:\n  name: x\n  \
             assumeRolePolicyDocument: |\n    {document}\n"
        )
    };
    const STATEMENT: &str = r#"{"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"]"#;
    expect(&role(&format!(r#"{{"Version": "2012-10-17", "Statement": [{STATEMENT}}}]}}"#)), &[], "JSON");
    expect(&role(&format!(r#"{{"Version": "2012-10-17", "Statement": [{STATEMENT}, }}]}}"#)), &["syntax"], "a comma");
    let yaml = "Version: '2012-10-17'\n    Statement: [{Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: \
                ['sts:AssumeRole', 'sts:TagSession']}]";
    expect(&role(yaml), &["syntax"], "YAML");
}

#[test]
fn one_slip_is_one_finding() {
    const HEAD: &str =
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: shop, region: eu-west-1}\n";
    const ACCOUNTS: &str = "serviceAccounts: [{metadata: {name: app, namespace: apps}, attachRoleARN: \"arn:aws:iam::222233334444:role/app\"}]";
    let iam = |keys: &str| format!("{HEAD}iam:\n  {keys}\n  {ACCOUNTS}\n");
    expect(&iam("withOIDC: true"), &[], "as it should be");
    expect(&iam("withOidc: true"), &["eksctl/key-case"], "the key in another case");
    expect(&iam("tags: {a: b}"), &["eksctl/oidc-off"], "another key");
    expect(&format!("{HEAD}iamIdentityMappings:\n- arn: ''\n"), &["eksctl/identity-mapping"], "an empty ARN");
}

#[test]
fn clusters_of_cluster_api_have_versions_of_their_own() {
    let cluster = |version: &str, mode: &str| {
        format!(
            "apiVersion: controlplane.cluster.x-k8s.io/v1beta2\nkind: AWSManagedControlPlane\nmetadata: {{name: shop}}\nspec: {{eksClusterName: \
             shop, version: {version}, accessConfig: {{authenticationMode: {mode}}}}}\n"
        )
    };
    let notes = |text: &str| {
        let workspace = Analysis::of(vec![Source::new("a.yaml", text)]).snapshot(&());
        ekslint::lint(&workspace).into_iter().any(|it| it.rule == "auth-mode/version-too-old")
    };
    assert!(notes(&cluster("v1.22", "api")) && notes(&cluster("v1.22.5", "api")));
    assert!(!notes(&cluster("v1.31.0", "api")) && !notes(&cluster("v1.22", "config_map")));
}

#[test]
fn resources_of_kro_are_those_of_ack() {
    let graph = |more: &str, name: &str| {
        format!(
            "apiVersion: kro.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {{name: x}}\nspec:\n  resources:\n  - id: app\n    \
             {more}template: {{apiVersion: eks.services.k8s.aws/v1alpha1, kind: PodIdentityAssociation, metadata: {{name: app}}, spec: \
             {{clusterName: \"${{schema.spec.cluster}}\", namespace: apps, serviceAccount: \"{name}\", roleARN: \
             \"${{role.status.ackResourceMetadata.arn}}\"}}}}\n"
        )
    };
    expect(&graph("", "system:serviceaccount:apps:app"), &["pod-identity/name"], "a name that no account has");
    expect(&graph("", "${schema.spec.app}"), &[], "a name that kro fills in");
    expect(&graph("includeWhen: [a]\n    ", "system:serviceaccount:apps:app"), &[], "a resource with a condition");
}
