//! Generated workspaces with many resources of one kind, on which a loop over all pairs takes long.
//!
//! The benchmarks and the growth gate (`tests/suite/growth.rs`) share them. Each is a function of a count, and its size is
//! proportional to the count.

use super::{controllers, generated};

/// Paths and texts.
pub type Files = Vec<(String, String)>;

/// A kind of workspace.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    /// The count that the growth gate starts from.
    pub count: usize,
    pub files: fn(usize) -> Files,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// All kinds.
pub const KINDS: &[Kind] = &[
    Kind { name: "repository", count: 400, files: |count| generated::files(count).collect() },
    Kind { name: "clusters", count: 100, files: clusters },
    Kind { name: "mixed", count: 40, files: mixed },
    Kind { name: "one-cluster", count: 200, files: one_cluster },
    Kind { name: "entries", count: 250, files: entries },
    Kind { name: "loose-policies", count: 125, files: loose_policies },
    Kind { name: "loose-policies-apart", count: 125, files: loose_policies_apart },
    Kind { name: "equal-names", count: 60, files: equal_names },
    Kind { name: "equal-names-one-account", count: 60, files: equal_names_one_account },
    Kind { name: "one-role", count: 125, files: one_role },
    Kind { name: "node-roles", count: 125, files: node_roles },
    Kind { name: "node-roles-json", count: 125, files: node_roles_json },
    Kind { name: "statements", count: 300, files: statements },
    Kind { name: "parameters", count: 250, files: parameters },
    Kind { name: "mappings", count: 200, files: mappings },
    Kind { name: "bindings", count: 125, files: bindings },
    Kind { name: "service-accounts", count: 125, files: service_accounts },
    Kind { name: "kustomizations", count: 100, files: kustomizations },
    Kind { name: "node-classes", count: 125, files: controllers::node_classes },
    Kind { name: "ack", count: 125, files: controllers::ack },
    Kind { name: "crossplane", count: 125, files: controllers::crossplane },
    Kind { name: "composition", count: 125, files: controllers::composition },
    Kind { name: "cluster-api", count: 125, files: controllers::cluster_api },
    Kind { name: "eksctl", count: 125, files: controllers::eksctl },
    Kind { name: "findings", count: 100, files: findings },
    Kind { name: "suppressed", count: 100, files: suppressed },
    Kind { name: "large-json", count: 500, files: large_json },
];

pub const ACCOUNT: u64 = 111_122_223_333;

pub fn arn(account: u64, role: &str) -> String {
    format!("arn:aws:iam::{account:012}:role/{role}")
}

pub fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

/// One file for each number, a hundred to a folder.
fn file_each(count: usize, name: &str, text: impl Fn(usize) -> String) -> Files {
    (0..count).map(|at| (format!("part-{:03}/unit-{at}/{name}", at / 100), text(at))).collect()
}

/// A resource in flow style.
fn resource(id: &str, kind: &str, properties: &str) -> String {
    format!("  {id}:\n    Type: AWS::{kind}\n    Properties: {{{properties}}}\n")
}

/// A role that EC2 instances may assume, with these managed policies.
fn node_role(id: &str, name: &str, policies: &[&str]) -> String {
    let policies: Vec<_> = policies.iter().map(|it| format!("'arn:aws:iam::aws:policy/{it}'")).collect();
    let properties = format!(
        "RoleName: {name}, AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{{Effect: Allow, Principal: {{Service: \
         ec2.amazonaws.com}}, Action: 'sts:AssumeRole'}}]}}, ManagedPolicyArns: [{}]",
        policies.join(", ")
    );
    resource(id, "IAM::Role", &properties)
}

const NODE_POLICIES: &[&str] =
    &["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];

/// A cluster with one of each resource that belongs to a cluster; the role of its nodes stands beside it.
fn cluster(at: usize) -> String {
    let role = |name: &str| arn(ACCOUNT, &format!("{name}-{at}"));
    let of_cluster = |id: &str, kind: &str, properties: String| {
        resource(&format!("{id}{at}"), &format!("EKS::{kind}"), &format!("ClusterName: !Ref Cluster{at}, {properties}"))
    };
    [
        resource(
            &format!("Cluster{at}"),
            "EKS::Cluster",
            &format!("Name: shop-{at}, RoleArn: '{}', AccessConfig: {{AuthenticationMode: API}}", role("control")),
        ),
        of_cluster("Network", "Addon", format!("AddonName: vpc-cni, ServiceAccountRoleArn: '{}'", role("network"))),
        of_cluster("Agent", "Addon", "AddonName: eks-pod-identity-agent".to_owned()),
        of_cluster(
            "Association",
            "PodIdentityAssociation",
            format!("Namespace: shop, ServiceAccount: app, RoleArn: '{}'", role("app")),
        ),
        of_cluster("Nodes", "Nodegroup", format!("NodeRole: !GetAtt NodeRole{at}.Arn, Subnets: [subnet-1]")),
        of_cluster("Entry", "AccessEntry", format!("PrincipalArn: '{}', KubernetesGroups: [team-{at}]", role("team"))),
        of_cluster("Fargate", "FargateProfile", format!("PodExecutionRoleArn: '{}'", role("fargate"))),
        node_role(&format!("NodeRole{at}"), &format!("shop-{at}-node"), NODE_POLICIES),
    ]
    .concat()
}

/// As many templates as clusters.
fn clusters(count: usize) -> Files {
    file_each(count, "cluster.yaml", |at| format!("Resources:\n{}", cluster(at)))
}

/// One template with as many clusters, and what belongs to each.
fn mixed(count: usize) -> Files {
    vec![("all.yaml".to_owned(), format!("Resources:\n{}", each(count, cluster)))]
}

fn only_cluster() -> String {
    let properties =
        format!("Name: shop, RoleArn: '{}', AccessConfig: {{AuthenticationMode: API}}", arn(ACCOUNT, "control"));
    resource("Cluster", "EKS::Cluster", &properties)
}

/// One cluster with as many node groups that share a role, and as many access entries.
fn one_cluster(count: usize) -> Files {
    let pair = |at: usize| {
        let principal = arn(ACCOUNT, &format!("team-{at}"));
        resource(
            &format!("Nodes{at}"),
            "EKS::Nodegroup",
            "ClusterName: !Ref Cluster, NodeRole: !GetAtt NodeRole.Arn, Subnets: [subnet-1]",
        ) + &resource(
            &format!("Entry{at}"),
            "EKS::AccessEntry",
            &format!("ClusterName: !Ref Cluster, PrincipalArn: '{principal}'"),
        )
    };
    let role = node_role("NodeRole", "shop-node", NODE_POLICIES);
    vec![("shop.yaml".to_owned(), format!("Resources:\n{}{role}{}", only_cluster(), each(count, pair)))]
}

/// One cluster with as many access entries, each with a policy and a group.
fn entries(count: usize) -> Files {
    let entry = |at: usize| {
        let properties = format!(
            "ClusterName: !Ref Cluster, PrincipalArn: '{}', KubernetesGroups: [team-{at}], AccessPolicies: [{{PolicyArn: \
             'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy', AccessScope: {{Type: cluster}}}}]",
            arn(ACCOUNT, &format!("team-{at}"))
        );
        resource(&format!("Entry{at}"), "EKS::AccessEntry", &properties)
    };
    vec![("shop.yaml".to_owned(), format!("Resources:\n{}{}", only_cluster(), each(count, entry)))]
}

const ROLE_PARAMETER: &str = "Parameters:\n  Role: {Type: String}\n";

/// A policy for a role that only a deployment names: it may be any role of the workspace.
fn loose_policy() -> String {
    let statement = "{Effect: Allow, Action: ['sqs:SendMessage', 'sqs:ReceiveMessage'], Resource: '*'}";
    let document = format!("PolicyDocument: {{Version: '2012-10-17', Statement: [{statement}]}}");
    resource("Policy", "IAM::Policy", &format!("PolicyName: queue, Roles: [!Ref Role], {document}"))
}

/// As many templates, each with the role of nodes that lacks policies, and a policy that may be its own.
fn loose_policies(count: usize) -> Files {
    let template = |at: usize| {
        let role = node_role("NodeRole", &format!("node-{at}"), &NODE_POLICIES[..1]);
        format!("{ROLE_PARAMETER}Resources:\n{role}{}", loose_policy())
    };
    file_each(count, "node.yaml", template)
}

/// The same, with the policies in templates of their own.
fn loose_policies_apart(count: usize) -> Files {
    let role = |at: usize| format!("Resources:\n{}", node_role("NodeRole", &format!("node-{at}"), &NODE_POLICIES[..1]));
    let mut files = file_each(count, "role.yaml", role);
    files.extend(file_each(count, "policy.yaml", |_| format!("{ROLE_PARAMETER}Resources:\n{}", loose_policy())));
    files
}

fn aws_auth(mappings: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: aws-auth, namespace: kube-system}}\ndata:\n  mapRoles: |\n{mappings}"
    )
}

fn node_mapping(role: &str) -> String {
    format!(
        "    - rolearn: {role}\n      username: system:node:{{{{EC2PrivateDNSName}}}}\n      groups: [system:bootstrappers, \
         system:nodes]\n"
    )
}

/// As many environments with an account each, in which a role has the same name and is mapped with a path.
fn equal_names(count: usize) -> Files {
    environments(count, |at| 200_000_000_000 + at as u64)
}

/// The same in one account.
fn equal_names_one_account(count: usize) -> Files {
    environments(count, |_| ACCOUNT)
}

fn environments(count: usize, account: fn(usize) -> u64) -> Files {
    let role = |_: usize| format!("Resources:\n{}", node_role("NodeRole", "node", NODE_POLICIES));
    let mut files = file_each(count, "role.yaml", role);
    let mapping = |at: usize| aws_auth(&node_mapping(&arn(account(at), "eks/nodes/node")));
    files.extend(file_each(count, "aws-auth.yaml", mapping));
    let used = |at: usize| service_account("app", "shop", &arn(account(at), "eks/apps/app"));
    files.extend(file_each(count, "app.yaml", used));
    files
}

/// A role of which nothing says in which account it is, and as many service accounts that name it.
fn one_role(count: usize) -> Files {
    let mut files = file_each(count, "app.yaml", |_| service_account("app", "shop", &arn(ACCOUNT, "app")));
    files.push(("role.yaml".to_owned(), format!("Resources:\n{}", node_role("Role", "app", &[]))));
    files
}

/// One template with as many roles of nodes.
fn node_roles(count: usize) -> Files {
    let role = |at: usize| node_role(&format!("Role{at}"), &format!("node-{at}"), NODE_POLICIES);
    vec![("roles.yaml".to_owned(), format!("Resources:\n{}", each(count, role)))]
}

/// The same in JSON.
fn node_roles_json(count: usize) -> Files {
    let role = |at: usize| {
        format!(
            r#"    "Role{at}": {{
      "Type": "AWS::IAM::Role",
      "Properties": {{
        "RoleName": "node-{at}",
        "AssumeRolePolicyDocument": {{
          "Version": "2012-10-17",
          "Statement": [{{"Effect": "Allow", "Principal": {{"Service": "ec2.amazonaws.com"}}, "Action": "sts:AssumeRole"}}]
        }},
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"]
      }}
    }}"#
        )
    };
    let roles: Vec<_> = (0..count).map(role).collect();
    vec![("roles.json".to_owned(), format!("{{\n  \"Resources\": {{\n{}\n  }}\n}}\n", roles.join(",\n")))]
}

/// One template with as many statements of policies, fifty to a role.
fn statements(count: usize) -> Files {
    let statement = |at: usize| {
        format!(
            "{{Effect: Allow, Action: ['s3:GetObject', 'ec2:Describe{at}'], Resource: 'arn:aws:s3:::data-{at}/*'}}, "
        )
    };
    let role = |at: usize| {
        let properties = format!(
            "AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: ec2.amazonaws.com}}, Action: \
             'sts:AssumeRole'}}]}}, Policies: [{{PolicyName: data, PolicyDocument: {{Version: '2012-10-17', Statement: [{}]}}}}]",
            each(50, statement)
        );
        resource(&format!("Role{at}"), "IAM::Role", &properties)
    };
    vec![("roles.yaml".to_owned(), format!("Resources:\n{}", each(count.div_ceil(50), role)))]
}

/// One template with as many parameters, each the principal of an access entry.
fn parameters(count: usize) -> Files {
    let parameter =
        |at: usize| format!("  Team{at}:\n    Type: String\n    Default: {}\n", arn(ACCOUNT, &format!("team-{at}")));
    let entry = |at: usize| {
        let properties = format!("ClusterName: !Ref Cluster, PrincipalArn: !Ref Team{at}");
        resource(&format!("Entry{at}"), "EKS::AccessEntry", &properties)
    };
    let resources = only_cluster() + &each(count, entry);
    vec![("shop.yaml".to_owned(), format!("Parameters:\n{}Resources:\n{resources}", each(count, parameter)))]
}

/// One `aws-auth` with as many mappings: roles, nodes and users.
fn mappings(count: usize) -> Files {
    let roles = each(count, |at| match at % 4 {
        0 => node_mapping(&arn(ACCOUNT, &format!("node-{at}"))),
        _ => format!(
            "    - rolearn: {}\n      username: team-{at}\n      groups: [team-{at}]\n",
            arn(ACCOUNT, &format!("team-{at}"))
        ),
    });
    let users = each(count / 4, |at| {
        format!(
            "    - userarn: arn:aws:iam::{ACCOUNT}:user/person-{at}\n      username: person-{at}\n      groups: [team-{at}]\n"
        )
    });
    vec![("aws-auth.yaml".to_owned(), format!("{}  mapUsers: |\n{users}", aws_auth(&roles)))]
}

/// As many Kubernetes roles with a binding each, and an access entry for each group that is bound.
fn bindings(count: usize) -> Files {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let pair = |at: usize| {
        format!(
            "---\napiVersion: {GROUP}/v1\nkind: Role\nmetadata: {{name: role-{at}, namespace: shop}}\nrules: [{{apiGroups: [''], \
             resources: [pods], verbs: [get]}}]\n---\napiVersion: {GROUP}/v1\nkind: RoleBinding\nmetadata: {{name: binding-{at}, \
             namespace: shop}}\nroleRef: {{apiGroup: {GROUP}, kind: Role, name: role-{at}}}\nsubjects: [{{apiGroup: {GROUP}, kind: \
             Group, name: team-{at}}}, {{kind: ServiceAccount, name: app-{at}, namespace: shop}}]\n"
        )
    };
    let mut files = entries(count);
    files.push(("rbac.yaml".to_owned(), each(count, pair)));
    files
}

fn service_account(name: &str, namespace: &str, role: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {name}\n  namespace: {namespace}\n  annotations:\n    \
         eks.amazonaws.com/role-arn: {role}\n"
    )
}

fn workload(name: &str, account: &str) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  template:\n    spec:\n      \
         serviceAccountName: {account}\n      containers: [{{name: {name}, image: registry.example.com/{name}}}]\n"
    )
}

/// As many service accounts with a workload and an IAM role each.
fn service_accounts(count: usize) -> Files {
    const PROVIDER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
    let pair = |at: usize| {
        let app = format!("app-{at}");
        service_account(&app, "shop", &arn(ACCOUNT, &app)) + &workload(&app, &app)
    };
    let role = |at: usize| {
        let properties = format!(
            "RoleName: app-{at}, AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Action: 'sts:AssumeRoleWithWebIdentity', \
             Principal: {{Federated: 'arn:aws:iam::{ACCOUNT}:oidc-provider/{PROVIDER}'}}, Condition: {{StringEquals: \
             {{'{PROVIDER}:aud': sts.amazonaws.com, '{PROVIDER}:sub': 'system:serviceaccount:shop:app-{at}'}}}}}}]}}"
        );
        resource(&format!("Role{at}"), "IAM::Role", &properties)
    };
    vec![
        ("accounts.yaml".to_owned(), each(count, pair)),
        ("roles.yaml".to_owned(), format!("Resources:\n{}", each(count, role))),
    ]
}

/// As many kustomizations, each with a service account and a workload.
fn kustomizations(count: usize) -> Files {
    const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    let mut files = file_each(count, "kustomization.yaml", |at| {
        format!("{HEAD}resources: [app.yaml]\nnamePrefix: unit-{at}-\nnamespace: shop\n")
    });
    let app = |at: usize| service_account("app", "shop", &arn(ACCOUNT, &format!("app-{at}"))) + &workload("app", "app");
    files.extend(file_each(count, "app.yaml", app));
    files
}

/// As many service accounts whose role has no account, which is a finding with a fix.
fn findings(count: usize) -> Files {
    let account = |at: usize| service_account(&format!("app-{at}"), "shop", &format!("arn:aws:iam:::role/app-{at}"));
    vec![("accounts.yaml".to_owned(), each(count, account))]
}

/// The same, each with a directive.
fn suppressed(count: usize) -> Files {
    let role = |at: usize| format!("arn:aws:iam:::role/app-{at} # ekslint: ignore[irsa/role-arn-format] known");
    let account = |at: usize| service_account(&format!("app-{at}"), "shop", &role(at));
    vec![("accounts.yaml".to_owned(), each(count, account))]
}

/// JSON that holds no fact though it holds keywords, as schemas do: one file with as many definitions, and one of policies.
fn large_json(count: usize) -> Files {
    let definition = |at: usize| {
        format!(
            r##"    "definition-{at}": {{
      "type": "object",
      "description": "with an escape: \"{at}\"",
      "properties": {{
        "serviceAccountName": {{"type": "string"}},
        "Statement": {{"type": "array", "items": {{"$ref": "#/definitions/definition-{at}"}}}}
      }},
      "required": ["serviceAccountName"]
    }}"##
        )
    };
    let definitions: Vec<_> = (0..count).map(definition).collect();
    let policy = |at: usize| {
        format!(
            r#"    {{"name": "policy-{at}", "document": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "eks:*", "Resource": "*"}}]}}}}"#
        )
    };
    let policies: Vec<_> = (0..count).map(policy).collect();
    let schema = "\"$schema\": \"http://json-schema.org/draft-07/schema#\"";
    vec![
        (
            "schema.json".to_owned(),
            format!("{{\n  {schema},\n  \"definitions\": {{\n{}\n  }}\n}}\n", definitions.join(",\n")),
        ),
        ("policies.json".to_owned(), format!("{{\n  \"policies\": [\n{}\n  ]\n}}\n", policies.join(",\n"))),
    ]
}
