//! The report `full` on terminals of several widths: ten shapes of findings, and the findings of all pages.
//!
//! The files beside this one hold what is drawn. `BLESS=1 cargo test` writes them.

use std::fs;
use std::path::Path;

use ekslint::Analysis;
use ekslint::diagnostic::{Certainty, Diagnostic, Edit, Fix, Level, Safety};
use ekslint::report::full::{self, Style};
use ekslint::source::{FileId, Source, Span};
use ekslint::workspace::Workspace;
use unicode_width::UnicodeWidthStr;

use crate::pages::{lint, pages, workspace};

const WIDTHS: [usize; 4] = [60, 80, 100, 140];

/// Files, and a finding in them.
struct Shape {
    name: &'static str,
    workspace: Workspace,
    finding: Diagnostic,
}

impl Shape {
    /// A finding at the first `needle` of the first file.
    fn new(name: &'static str, files: &[(&str, &str)], level: Level, needle: &str, message: &str) -> Self {
        let sources = files.iter().map(|&(path, text)| Source::new(path, text)).collect();
        let workspace = Analysis::of(sources).snapshot(&());
        let span = find(&workspace, 0, needle);
        let finding = Diagnostic {
            rule: "aws-auth/role-path",
            level,
            certainty: Certainty::Certain,
            span,
            message: message.to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        Self { name, workspace, finding }
    }

    fn label(mut self, file: usize, needle: &str, message: &str) -> Self {
        let span = find(&self.workspace, file, needle);
        self.finding.label(span, message);
        self
    }

    fn help(mut self, help: &str) -> Self {
        self.finding.help(help);
        self
    }

    fn fix(mut self, needle: &str, title: &str, replacement: &str) -> Self {
        let span = find(&self.workspace, 0, needle);
        self.finding.fixes.push(Fix::new(title, Safety::Activating, [Edit::new(span, replacement)]));
        self
    }
}

/// The place of the first `needle` in a file.
fn find(workspace: &Workspace, file: usize, needle: &str) -> Span {
    let start = workspace.source(FileId::new(file as u32)).text.find(needle).unwrap() as u32;
    Span::new(FileId::new(file as u32), start..start + needle.len() as u32)
}

fn shapes() -> [Shape; 10] {
    let role = "arn:aws:iam::111122223333:role/teams/platform/eu-central-1/production/administrators";
    let long = format!("data:\n  mapRoles: |\n    - rolearn: {role}\n      username: admin\n");
    let (start, end) = role.split_at(role.find("teams").unwrap());
    let entry = "      Principal: {Federated: arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/AB}";
    let far = format!("Statement:\n  - Effect: Allow\n{entry}\n      Action: sts:AssumeRoleWithWebIdentity\n");
    let one_line = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":"{role}"}}}},{{"Effect":"Allow","Action":"sts:TagSession","Principal":{{"Service":"pods.eks.amazonaws.com"}}}}]}}"#
    );
    let embedded = "Resources:\n  Role:\n    Properties:\n      AssumeRolePolicyDocument: \"{\\\"Statement\\\": [{\\\"Effect\\\": \
                    \\\"Allow\\\", \\\"Principal\\\": {\\\"Service\\\": \\\"eks.amazonaws.com\\\"}, \\\"Action\\\": \\\"sts:AssumeRole\\\"}]}\"\n";
    let many = "Resources:\n  Entry:\n    Properties:\n      PrincipalArn: !GetAtt Role.Arn\n      Type: STANDARD\n      \
                KubernetesGroups:\n        - viewers\n";
    [
        Shape::new("long line", &[("k8s/aws-auth.yaml", &long)], Level::Error, end, "role ARN in `aws-auth` has a path")
            .label(0, end, "EKS looks for this ARN without its path, so that nobody who has the role is let in")
            .help("access entries take the ARN as it is, with its path, and do not need `aws-auth` to be changed for each new role")
            .fix(&format!("{}/", end.rsplit_once('/').unwrap().0), "remove the path", ""),
        Shape::new(
            "two files",
            &[("k8s/serviceaccount.yaml", &format!("metadata:\n  name: shop\n  annotations:\n    eks.amazonaws.com/role-arn: {start}shop\n")),
              ("stacks/roles.yaml", "Resources:\n  Shop:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: shop\n      Sub: system:serviceaccount:apps:checkout\n")],
            Level::Error,
            &format!("{start}shop"),
            "service account `apps/shop` is not trusted by its role",
        )
        .label(0, &format!("{start}shop"), "pods of this service account ask for this role")
        .label(1, "system:serviceaccount:apps:checkout", "the role trusts this subject")
        .help("if the service account is correct, trust it in the role"),
        Shape::new("three labels", &[("entry.yaml", "a: {principal: deployer, kind: STANDARD, group: system:masters}\n")], Level::Warning, "STANDARD", "three things in one line do not go together")
            .label(0, "deployer", "this principal")
            .label(0, "STANDARD", "is of this type, which has no groups of its own unless they are given")
            .label(0, "system:masters", "and this group is not allowed in an access entry"),
        Shape::new("wide characters", &[("本番/設定.yaml", "名前: 本番環境の管理者ロール  # e\u{301}té\n役割: 本番環境\tadmin\n")], Level::Note, "管理者", "ロールの名前が長すぎます")
            .label(0, "管理者", "この名前は六十四文字までです")
            .label(0, "admin", "after a tab"),
        Shape::new("JSON of one line", &[("trust.json", &one_line)], Level::Error, "pods.eks.amazonaws.com", "trust policy lacks `sts:AssumeRole` for `pods.eks.amazonaws.com`")
            .label(0, "pods.eks.amazonaws.com", "this service needs both actions")
            .label(0, "arn:aws:iam::111122223333:role/teams", "this statement allows the other one"),
        Shape::new("embedded document", &[("infra/role.yaml", embedded)], Level::Error, "eks.amazonaws.com", "node role does not trust `ec2.amazonaws.com`")
            .label(0, "eks.amazonaws.com", "it trusts this service")
            .fix("eks.amazonaws.com", "trust `ec2.amazonaws.com`", "ec2.amazonaws.com"),
        Shape::new("no label", &[("k8s/role.yaml", "kind: Role\nrules: []\n")], Level::Note, "rules", "role `viewer` grants nothing to those who are bound to it, in all the namespaces in which it is bound"),
        Shape::new("several lines", &[("infra/entry.yaml", many)], Level::Warning, "PrincipalArn: !GetAtt Role.Arn\n      Type: STANDARD\n      KubernetesGroups:\n        - viewers", "these keys contradict each other")
            .label(0, "PrincipalArn: !GetAtt Role.Arn\n      Type: STANDARD\n      KubernetesGroups:\n        - viewers", "the node role cannot have an entry of this type with groups")
            .label(0, "Entry", "of this access entry"),
        Shape::new("far apart in one line", &[("trust.yaml", &far)], Level::Error, "Principal", "this statement trusts a provider of another cluster")
            .label(0, "Principal", "of this statement")
            .label(0, "eu-central-1", "the cluster is in another region"),
        Shape::new("words without an end", &[("a.yaml", &format!("a: {}\n", "x".repeat(400)))], Level::Warning, &"x".repeat(400), &format!("`{}` is not a name", "x".repeat(90)))
            .label(0, &"x".repeat(400), &format!("`{}`", "y".repeat(90)))
            .help(&format!("`{}`", "z".repeat(90))),
    ]
}

fn drawn(shape: &Shape, style: Style) -> String {
    full::findings(&shape.workspace, std::slice::from_ref(&shape.finding), style)
}

#[test]
fn ten_shapes_look_as_they_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/widths");
    for shape in shapes() {
        let mut text = String::new();
        for width in WIDTHS {
            text.push_str(&format!("== {width} columns\n{}", drawn(&shape, Style { width, ..Style::PLAIN })));
        }
        text.push_str(&format!(
            "== 80 columns, ASCII\n{}",
            drawn(&shape, Style { width: 80, ascii: true, color: false })
        ));
        let colored = drawn(&shape, Style { width: 80, ascii: false, color: true });
        // What a colour starts with is shown, so that the file can be read anywhere.
        text.push_str(&format!("== 80 columns, in colour\n{}", colored.replace("\x1B[0m", "⟧").replace('\x1B', "⟦")));
        let path = folder.join(format!("{}.txt", shape.name.replace(' ', "_")));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
        assert_eq!(text, expected, "{}: `BLESS=1 cargo test` writes what is drawn", shape.name);
    }
}

/// Whether a line may be wider than the terminal: the place of a window, a line of a fix, which is there to be copied, and
/// text with a word that would have to be broken.
fn may_be_wide(line: &str, width: usize) -> bool {
    let is_place = line.trim_start().starts_with(['╭', ',']);
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let is_window = line.starts_with(' ') && rest.starts_with(['│', '·', '|', ':']);
    let is_fix = line.starts_with("      - ") || line.starts_with("      + ");
    is_place || is_fix || !is_window && line.split_whitespace().any(|it| it.width() + 16 > width)
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let mut wide = Vec::new();
    let mut check = |name: &str, workspace: &Workspace, found: &[Diagnostic]| {
        for width in WIDTHS {
            for ascii in [false, true] {
                let drawn = full::findings(workspace, found, Style { width, ascii, color: false });
                let lines = drawn.lines().filter(|it| it.width() > width && !may_be_wide(it, width));
                wide.extend(lines.map(|it| format!("{name}, {width} columns:\n{it}")));
            }
        }
    };
    for shape in shapes() {
        check(shape.name, &shape.workspace, std::slice::from_ref(&shape.finding));
    }
    for (rule, page) in pages() {
        for example in &page.fails {
            let workspace = workspace(example);
            let found = lint(&workspace);
            check(rule.id, &workspace, &found);
        }
    }
    assert!(wide.is_empty(), "{} lines\n{}", wide.len(), wide.join("\n"));
}
