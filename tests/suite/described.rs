//! What is live: the output of the AWS CLI, its requests, and what `kubectl get` prints.
//!
//! `testdata/live` is an account and a cluster without a fault, written by hand in the words of the two tools.

use std::fs;
use std::path::Path;

use ekslint::Analysis;
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::source::Source;

const FILES: [&str; 4] = ["addons.yaml", "eks.json", "iam.json", "k.yaml"];

type Files = Vec<(String, String)>;

fn live() -> Files {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/live");
    FILES.iter().map(|it| ((*it).to_owned(), fs::read_to_string(folder.join(it)).unwrap())).collect()
}

/// What is found at a level or above: `file: rule`.
fn found(files: &[(String, String)], least: Level) -> Vec<String> {
    let sources = files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect();
    let workspace = Analysis::of(sources).snapshot(&());
    let shown = |it: Diagnostic| format!("{}: {}", workspace.path(it.span.file), it.rule);
    ekslint::lint(&workspace).into_iter().filter(|it| it.level >= least).map(shown).collect()
}

fn above_notes(path: &str, text: &str) -> Vec<String> {
    found(&[(path.to_owned(), text.to_owned())], Level::Warning)
}

/// A defect: the file, what is written there, what is written instead, and the rule that finds it.
struct Defect {
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    found: &'static str,
}

const DEFECTS: [Defect; 10] = [
    Defect {
        name: "the role trusts a misspelt account",
        file: "iam.json",
        from: "serviceaccount:shop:checkout\"",
        to: "serviceaccount:shop:checkuot\"",
        found: "k.yaml: irsa/trust-mismatch",
    },
    Defect {
        name: "a wildcard under StringEquals",
        file: "iam.json",
        from: "\"StringLike\": {\n                \"oidc.eks.",
        to: "\"StringEquals\": {\n                \"oidc.eks.",
        found: "iam.json: irsa/string-equals-wildcard",
    },
    Defect {
        name: "the role is gone",
        file: "iam.json",
        from: "\"RoleName\": \"shop-external-dns\"",
        to: "\"RoleName\": \"old-external-dns\"",
        found: "k.yaml: irsa/role-not-found",
    },
    Defect {
        name: "no session tags",
        file: "iam.json",
        from: ", \"sts:TagSession\"]\n          }\n        ]\n      },\n      \"InstanceProfileList\": [],\n      \"RolePolicyList\": [\n        {\n          \"PolicyName\": \"p\"",
        to: "]\n          }\n        ]\n      },\n      \"InstanceProfileList\": [],\n      \"RolePolicyList\": [\n        {\n          \"PolicyName\": \"p\"",
        found: "iam.json: pod-identity/trust",
    },
    Defect {
        name: "a node role that nodes cannot join with",
        file: "iam.json",
        from: "aws:policy/AmazonEKSWorkerNodePolicy\"\n        },",
        to: "aws:policy/AmazonEC2FullAccess\"\n        },",
        found: "iam.json: node-role/missing-worker-policy",
    },
    Defect {
        name: "a cluster role that EC2 may assume",
        file: "iam.json",
        from: "\"Service\": \"eks.amazonaws.com\"\n            },\n            \"Action\": [",
        to: "\"Service\": \"ec2.amazonaws.com\"\n            },\n            \"Action\": [",
        found: "iam.json: cluster-role/trust",
    },
    Defect {
        name: "a path in aws-auth",
        file: "k.yaml",
        from: "        rolearn: arn:aws:iam::222233334444:role/shop-node\n",
        to: "        rolearn: arn:aws:iam::222233334444:role/nodes/shop-node\n",
        found: "k.yaml: aws-auth/role-path",
    },
    Defect {
        name: "an annotation that nothing reads",
        file: "k.yaml",
        from: "eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:role/shop-lbc",
        to: "eks.amazonaws.com/role_arn: arn:aws:iam::222233334444:role/shop-lbc",
        found: "k.yaml: irsa/annotation-key",
    },
    Defect {
        name: "pods of a missing account",
        file: "k.yaml",
        from: "serviceAccountName: web\n",
        to: "serviceAccountName: web-frontend\n",
        found: "k.yaml: workload/serviceaccount-undeclared",
    },
    Defect {
        name: "a group that is bound under another name",
        file: "k.yaml",
        from: "name: shop-developers\n",
        to: "name: shop-developer\n",
        found: "eks.json: rbac/group-unbound",
    },
];

impl Defect {
    fn plant(&self, files: &mut Files) {
        let (_, text) = files.iter_mut().find(|(path, _)| path == self.file).unwrap();
        assert!(text.contains(self.from), "{}", self.name);
        *text = text.replace(self.from, self.to);
    }
}

#[test]
fn a_correct_account_and_cluster_give_nothing() {
    assert_eq!(found(&live(), Level::Warning), [""; 0]);
    // Nor do those of its files that one would look at first.
    let few: Files = live().into_iter().filter(|(path, _)| path == "iam.json" || path == "k.yaml").collect();
    assert_eq!(found(&few, Level::Warning), [""; 0]);
}

#[test]
fn each_defect_gives_one_finding() {
    for defect in DEFECTS {
        let mut files = live();
        defect.plant(&mut files);
        assert_eq!(found(&files, Level::Warning), [defect.found], "{}", defect.name);
    }
}

#[test]
fn ten_defects_give_ten_findings() {
    let mut files = live();
    DEFECTS.iter().for_each(|it| it.plant(&mut files));
    let mut wanted: Vec<_> = DEFECTS.iter().map(|it| it.found).collect();
    wanted.sort_unstable();
    let mut found = found(&files, Level::Warning);
    found.sort_unstable();
    assert_eq!(found, wanted);
}

const PROVIDER: &str =
    "arn:aws:iam::222233334444:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/8A6E78112D7F1C4DC352B1B511DD13CF";

/// A role whose trust policy has the wrong action.
fn role(document: &str) -> String {
    format!(
        "{{\"Role\": {{\"Path\": \"/\", \"RoleName\": \"app\", \"Arn\": \"arn:aws:iam::222233334444:role/app\", \
         \"AssumeRolePolicyDocument\": {document}}}}}"
    )
}

fn trust() -> String {
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Federated\": \
         \"{PROVIDER}\"}}, \"Action\": \"sts:AssumeRole\"}}]}}"
    )
}

fn encoded(text: &str) -> String {
    let letter = |it: u8| match it {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(it).to_string(),
        _ => format!("%{it:02X}"),
    };
    text.bytes().map(letter).collect()
}

#[test]
fn policies_are_read_decoded_or_not() {
    let wanted = ["a.json: irsa/action"];
    assert_eq!(above_notes("a.json", &role(&trust())), wanted);
    assert_eq!(above_notes("a.json", &role(&format!("\"{}\"", encoded(&trust())))), wanted);
    assert_eq!(
        above_notes("a.yaml", &format!("Role:\n  RoleName: app\n  AssumeRolePolicyDocument: {}\n", trust())),
        ["a.yaml: irsa/action"]
    );
    assert_eq!(above_notes("a.json", &format!("[{}, {}]", role(&trust()), role("{}"))), wanted, "jq -s");
}

#[test]
fn requests_are_read_if_they_are_filled_in() {
    let text = serde_json::to_string(&trust()).unwrap();
    let cases: &[(&str, &str)] = &[
        (&format!(r#"{{"RoleName": "app", "AssumeRolePolicyDocument": {text}}}"#), "irsa/action"),
        (
            r#"{"clusterName": "shop", "principalArn": "arn:aws:iam::222233334444:role/dev", "kubernetesGroups": ["system:masters"]}"#,
            "access-entry/group-reserved",
        ),
        (
            r#"{"clusterName": "shop", "nodegroupName": "a", "nodeRole": "node", "subnets": ["a"]}"#,
            "cfn/role-arn-vs-name",
        ),
        (
            r#"{"clusterName": "shop", "principalArn": "arn:aws:iam::222233334444:role/dev", "policyArn": "arn:aws:iam::aws:policy/AmazonEKSViewPolicy", "accessScope": {"type": "cluster"}}"#,
            "access-entry/policy-arn",
        ),
        // A skeleton, as `--generate-cli-skeleton` prints it, and one of which the required members are filled in.
        (
            r#"{"clusterName": "", "principalArn": "", "kubernetesGroups": [""], "tags": {"KeyName": ""}, "clientRequestToken": "", "username": "", "type": ""}"#,
            "",
        ),
        (
            r#"{"clusterName": "shop", "principalArn": "arn:aws:iam::222233334444:role/dev", "kubernetesGroups": [""], "username": "", "type": ""}"#,
            "",
        ),
        // Not a request: it has a key that the operation does not have.
        (
            r#"{"clusterName": "shop", "principalArn": "arn:aws:iam::222233334444:role/dev", "kubernetesGroups": ["system:masters"], "team": "a"}"#,
            "",
        ),
    ];
    for (text, wanted) in cases {
        let wanted: Vec<String> = wanted.split_whitespace().map(|it| format!("a.json: {it}")).collect();
        assert_eq!(above_notes("a.json", text), wanted, "{text}");
    }
}

#[test]
fn declared_roles_and_described_ones_are_told_apart() {
    let template = "Resources:\n  App:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: app\n      \
                    AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n          - Effect: \
                    Allow\n            Principal: {Service: ec2.amazonaws.com}\n            Action: sts:AssumeRole\n";
    let account = |described: &str| {
        format!(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  annotations:\n    \
             eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:role/app\n{described}"
        )
    };
    let trust = trust().replace("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity");
    let files = |described: &str| -> Files {
        let files = [("role.yaml", template.to_owned()), ("iam.json", role(&trust)), ("sa.yaml", account(described))];
        files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
    };
    // The declared role refuses the account, the described one lets in everybody.
    assert_eq!(found(&files(""), Level::Error), ["sa.yaml: irsa/trust-mismatch"]);
    let described = found(&files("  uid: a\n  resourceVersion: '1'\n"), Level::Warning);
    assert!(!described.iter().any(|it| it.starts_with("sa.yaml")), "{described:?}");
}

#[test]
fn pods_have_what_the_webhook_puts_into_them() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop, uid: a, resourceVersion: '1'}\nspec:\n  \
               serviceAccountName: app\n  containers:\n    - name: app\n      env:\n        - {name: AWS_ROLE_ARN, value: \
               'arn:aws:iam::222233334444:role/app'}\n        - {name: AWS_WEB_IDENTITY_TOKEN_FILE, value: \
               /var/run/secrets/eks.amazonaws.com/serviceaccount/token}\n  volumes:\n    - name: aws-iam-token\n      \
               projected:\n        sources:\n          - serviceAccountToken: {audience: sts.amazonaws.com, \
               expirationSeconds: 86400, path: token}\n";
    let account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: app\n  namespace: shop\n  uid: b\n  \
                   resourceVersion: '1'\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::222233334444:role/app\n";
    let of = |pod: &str| found(&[("a.yaml".to_owned(), format!("{pod}{account}"))], Level::Note);
    assert_eq!(of(pod), [""; 0]);
    assert_eq!(of(&pod.replace("uid: a, ", "")), ["a.yaml: irsa/env-override"]);
}

#[test]
fn a_role_that_trusts_another_cluster() {
    let other = |files: &mut Files| {
        for (path, text) in files.iter_mut().filter(|(path, _)| path != "k.yaml") {
            if path == "eks.json" {
                *text = text.replacen("8A6E78112D7F1C4DC352B1B511DD13CF", "00000000000000000000000000000000", 1);
            }
        }
    };
    let mut files = live();
    other(&mut files);
    let found = found(&files, Level::Warning);
    assert!(found.len() >= 5 && found.iter().all(|it| it == "k.yaml: irsa/trust-mismatch"), "{found:?}");
}

#[test]
fn a_provider_that_the_account_does_not_have() {
    let mut files = live();
    let text = &mut files.iter_mut().find(|(path, _)| path == "eks.json").unwrap().1;
    let at = text.find("OpenIDConnectProviderList").unwrap();
    let list = text[at..].replace("8A6E78112D7F1C4DC352B1B511DD13CF", "00000000000000000000000000000000");
    text.replace_range(at.., &list);
    assert_eq!(found(&files, Level::Warning), ["iam.json: irsa/oidc-provider-missing"]);
}

/// What is not the whole account, or says nothing of what is to be.
#[test]
fn parts_of_accounts_and_what_is_over() {
    let trust = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \
                 \"ec2.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}]}";
    let role = format!(
        "{{\"RoleName\": \"app\", \"Arn\": \"arn:aws:iam::111122223333:role/app\", \"Path\": \"/\", \"AssumeRolePolicyDocument\": {trust}}}"
    );
    let account = "{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"web\", \"namespace\": \"shop\", \"uid\": \
                   \"1\", \"resourceVersion\": \"2\", \"annotations\": {\"eks.amazonaws.com/role-arn\": \
                   \"arn:aws:iam::111122223333:role/web\"}}}";
    let details = |more: &str| format!("{{\"RoleDetailList\": [{role}]{more}}}");
    let rest = ", \"UserDetailList\": [], \"GroupDetailList\": [], \"Policies\": []";
    let of = |details: String| {
        found(&[("iam.json".to_owned(), details), ("k.json".to_owned(), account.to_owned())], Level::Warning)
    };
    assert_eq!(of(details(rest)), ["k.json: irsa/role-not-found"], "the whole account");
    assert_eq!(of(details(&format!("{rest}, \"NextToken\": \"x\""))), [""; 0], "a page of it");
    assert_eq!(of(details("")), [""; 0], "what `--query` left of it");

    let pod = |more: &str, status: &str| {
        format!(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ServiceAccount\n  metadata: {{name: default, namespace: shop, \
             uid: a, resourceVersion: b}}\n- apiVersion: v1\n  kind: Pod\n  metadata: {{name: x, namespace: shop, uid: c, resourceVersion: \
             d{more}}}\n  spec: {{serviceAccountName: gone, containers: [{{name: x}}]}}\n  status: {{phase: {status}}}\n"
        )
    };
    let of = |text: String| found(&[("k.yaml".to_owned(), text)], Level::Warning);
    assert_eq!(of(pod("", "Running")), ["k.yaml: workload/serviceaccount-undeclared"]);
    assert_eq!(of(pod("", "Succeeded")), [""; 0], "it is over");
    let owner = ", ownerReferences: [{kind: ReplicaSet, name: x, uid: e, controller: true}]";
    assert_eq!(of(pod(owner, "Running")), [""; 0], "its owner speaks for it");

    // Two clusters of one name, by the regions of their ARNs.
    let cluster = "{\"cluster\": {\"name\": \"shop\", \"arn\": \"arn:aws:eks:eu-west-1:111122223333:cluster/shop\", \"accessConfig\": \
                   {\"authenticationMode\": \"CONFIG_MAP\"}}}";
    let entry = |region: &str| {
        format!(
            "{{\"accessEntry\": {{\"clusterName\": \"shop\", \"principalArn\": \"arn:aws:iam::111122223333:role/dev\", \"accessEntryArn\": \
             \"arn:aws:eks:{region}:111122223333:access-entry/shop/role/111122223333/dev/x\", \"type\": \"STANDARD\"}}}}"
        )
    };
    let of = |region: &str| {
        found(&[("c.json".to_owned(), cluster.to_owned()), ("e.json".to_owned(), entry(region))], Level::Warning)
    };
    let needs = |it: &String| it.ends_with("auth-mode/access-entry-needs-api");
    assert!(of("eu-west-1").iter().any(needs), "{:?}", of("eu-west-1"));
    assert!(!of("us-east-1").iter().any(needs), "{:?}", of("us-east-1"));
}
