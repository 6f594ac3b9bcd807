//! A repository that looks like real ones, of any size, and always the same.
//!
//! Each environment is a hundred files: a cluster, and nine teams with an application each. Of ten files seven have nothing
//! to do with identity on EKS. The environments use the same names, as real ones do; accounts tell them apart. One in five
//! environments has a mistake in a trust policy, and another one a mistake in `aws-auth`.

use ekslint::source::Source;

/// Files of one environment.
const ENVIRONMENT: usize = 100;
/// Files of one team.
const TEAM: usize = 10;

/// The paths and texts of this many files.
pub fn files(count: usize) -> impl Iterator<Item = (String, String)> {
    (0..count).map(|at| {
        let environment = Environment::new(at / ENVIRONMENT);
        let team = at % ENVIRONMENT / TEAM;
        let (name, text) = match (team, at % TEAM) {
            (0, 0) => ("cluster.yaml", environment.cluster()),
            (0, 1) => ("aws-auth.yaml", environment.aws_auth()),
            (_, 0) if team.is_multiple_of(3) => ("role.json", environment.role_in_json(team)),
            (_, 0) => ("role.yaml", environment.role(team)),
            (_, 1) => ("application.yaml", environment.application(team)),
            (_, 2) if team % 3 == 1 => ("policy.json", environment.policy(team)),
            (_, 2) => ("rbac.yaml", environment.rbac(team)),
            (_, 3) => ("values.yaml", environment.values(team)),
            (_, 4) => ("service.yaml", environment.service(team)),
            (_, 5) => ("bucket.yaml", environment.bucket(team)),
            (_, 6) => ("package.json", environment.package(team)),
            (_, 7) => ("workflow.yml", environment.workflow(team)),
            (_, 8) => ("settings.yaml", environment.settings(team)),
            _ => ("dashboard.json", environment.dashboard(team)),
        };
        (format!("environment-{:04}/team-{team}/{name}", environment.number), text)
    })
}

/// The files that are kept of this many: what the rest of a run works on.
pub fn sources(count: usize) -> Vec<Source> {
    let kept = files(count).filter(|(_, text)| ekslint::lower::matters(text.as_bytes()));
    kept.map(|(path, text)| Source::new(path, text)).collect()
}

struct Environment {
    number: usize,
    account: String,
    /// The OIDC provider of the cluster, without `https://`.
    issuer: String,
}

impl Environment {
    fn new(number: usize) -> Self {
        let id = 0x8A6E_7811_2D7F_1C4D_u64.wrapping_mul(2 * number as u64 + 1);
        Self {
            number,
            account: format!("{:012}", 200_000_000_000_u64 + 7_919 * number as u64),
            issuer: format!("oidc.eks.eu-west-1.amazonaws.com/id/{id:016X}{id:016X}"),
        }
    }

    fn cluster(&self) -> String {
        let groups: String = (0..3).map(|at| self.node_group(at)).collect();
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'
Description: The cluster of environment {number}
Parameters:
  Subnets:
    Type: List<AWS::EC2::Subnet::Id>
Resources:
  ClusterRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{Service: eks.amazonaws.com}}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:${{AWS::Partition}}:iam::aws:policy/AmazonEKSClusterPolicy
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      Name: platform-{number}
      RoleArn: !GetAtt ClusterRole.Arn
      ResourcesVpcConfig:
        SubnetIds: !Ref Subnets
      AccessConfig:
        AuthenticationMode: API_AND_CONFIG_MAP
  NodeRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: platform-node
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Service: !Sub ec2.${{AWS::URLSuffix}}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:${{AWS::Partition}}:iam::aws:policy/AmazonEKSWorkerNodePolicy
        - !Sub arn:${{AWS::Partition}}:iam::aws:policy/AmazonEKS_CNI_Policy
        - !Sub arn:${{AWS::Partition}}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly
{groups}  Deployer:
    Type: AWS::EKS::AccessEntry
    Properties:
      ClusterName: !Ref Cluster
      PrincipalArn: arn:aws:iam::{account}:role/deployer
      Type: STANDARD
      AccessPolicies:
        - PolicyArn: arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy
          AccessScope: {{Type: cluster}}
",
            number = self.number,
            account = self.account,
        )
    }

    fn node_group(&self, at: usize) -> String {
        format!(
            "  Nodes{at}:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Cluster
      NodeRole: !GetAtt NodeRole.Arn
      Subnets: !Ref Subnets
      ScalingConfig: {{MinSize: 1, DesiredSize: 3, MaxSize: 9}}
"
        )
    }

    fn aws_auth(&self) -> String {
        let path = if self.number % 5 == 2 { "people/" } else { "" };
        let teams: String = (1..TEAM).map(|team| self.mapping(&format!("{path}team-{team}-people"), team)).collect();
        format!(
            "apiVersion: v1
kind: ConfigMap
metadata:
  name: aws-auth
  namespace: kube-system
data:
  mapRoles: |
    - rolearn: arn:aws:iam::{account}:role/platform-node
      username: system:node:{{{{EC2PrivateDNSName}}}}
      groups:
        - system:bootstrappers
        - system:nodes
{teams}",
            account = self.account,
        )
    }

    fn mapping(&self, role: &str, team: usize) -> String {
        format!(
            "    - rolearn: arn:aws:iam::{account}:role/{role}
      username: team-{team}:{{{{SessionName}}}}
      groups:
        - team-{team}
",
            account = self.account,
        )
    }

    /// Who may assume the role of a team, as it stands in a template.
    fn subject(&self, team: usize) -> String {
        let wrong = if self.number % 5 == 1 && team == 4 { "-v2" } else { "" };
        format!("system:serviceaccount:team-{team}:application{wrong}")
    }

    fn role(&self, team: usize) -> String {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: team-{team}-application
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal:
              Federated: arn:aws:iam::{account}:oidc-provider/{issuer}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals:
                {issuer}:sub: {subject}
                {issuer}:aud: sts.amazonaws.com
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - Effect: Allow
                Action: [s3:GetObject, s3:PutObject]
                Resource: !Sub arn:${{AWS::Partition}}:s3:::team-{team}-data/*
",
            account = self.account,
            issuer = self.issuer,
            subject = self.subject(team),
        )
    }

    fn role_in_json(&self, team: usize) -> String {
        format!(
            r#"{{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Resources": {{
    "Role": {{
      "Type": "AWS::IAM::Role",
      "Properties": {{
        "RoleName": "team-{team}-application",
        "AssumeRolePolicyDocument": {{
          "Version": "2012-10-17",
          "Statement": [
            {{
              "Effect": "Allow",
              "Principal": {{"Federated": "arn:aws:iam::{account}:oidc-provider/{issuer}"}},
              "Action": "sts:AssumeRoleWithWebIdentity",
              "Condition": {{
                "StringEquals": {{
                  "{issuer}:sub": "{subject}",
                  "{issuer}:aud": "sts.amazonaws.com"
                }}
              }}
            }}
          ]
        }}
      }}
    }}
  }}
}}
"#,
            account = self.account,
            issuer = self.issuer,
            subject = self.subject(team),
        )
    }

    fn application(&self, team: usize) -> String {
        format!(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: application
  namespace: team-{team}
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::{account}:role/team-{team}-application
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: application
  namespace: team-{team}
spec:
  replicas: 3
  selector:
    matchLabels: {{app: application}}
  template:
    metadata:
      labels: {{app: application}}
    spec:
      serviceAccountName: application
      containers:
        - name: application
          image: registry.example.com/team-{team}/application:1.4.{number}
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
---
{service}",
            account = self.account,
            number = self.number,
            service = self.service(team),
        )
    }

    fn policy(&self, team: usize) -> String {
        format!(
            r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Sid": "Queue",
      "Effect": "Allow",
      "Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
      "Resource": "arn:aws:sqs:eu-west-1:{account}:team-{team}-*"
    }},
    {{"Sid": "Describe", "Effect": "Allow", "Action": "eks:DescribeCluster", "Resource": "*"}}
  ]
}}
"#,
            account = self.account,
        )
    }

    fn rbac(&self, team: usize) -> String {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: team
  namespace: team-{team}
rules:
  - apiGroups: ['', apps]
    resources: [pods, pods/log, deployments]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: team
  namespace: team-{team}
  labels: {{environment: environment-{number}}}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: team
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: Group
    name: team-{team}
",
            number = self.number,
        )
    }

    fn values(&self, team: usize) -> String {
        let hosts: String = (0..8).map(|at| format!("    - host-{at}.team-{team}.example.com\n")).collect();
        format!("replicaCount: 3\nimage:\n  tag: 1.4.{}\ningress:\n  enabled: true\n  hosts:\n{hosts}", self.number)
    }

    fn service(&self, team: usize) -> String {
        format!(
            "apiVersion: v1
kind: Service
metadata:
  name: application
  namespace: team-{team}
spec:
  selector: {{app: application}}
  ports:
    - {{name: http, port: 80, targetPort: 8080}}
"
        )
    }

    fn bucket(&self, team: usize) -> String {
        format!(
            "Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: team-{team}-data-{}
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {{SSEAlgorithm: AES256}}
",
            self.number
        )
    }

    fn package(&self, team: usize) -> String {
        let packages: Vec<_> = (0..30).map(|at| format!("    \"@team-{team}/part-{at}\": \"^1.{at}.0\"")).collect();
        format!(
            "{{\n  \"name\": \"environment-{}\",\n  \"dependencies\": {{\n{}\n  }}\n}}\n",
            self.number,
            packages.join(",\n")
        )
    }

    fn workflow(&self, team: usize) -> String {
        let steps: String =
            (0..12).map(|at| format!("      - name: step {at}\n        run: make part-{at}\n")).collect();
        let number = self.number;
        format!(
            "name: team {team} of {number}\non: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
        )
    }

    fn settings(&self, team: usize) -> String {
        let flags: String = (0..40).map(|at| format!("  flag-{at}: {}\n", (at + team).is_multiple_of(2))).collect();
        format!(
            "apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: team-{team}
data:
  environment: environment-{}
{flags}",
            self.number
        )
    }

    fn dashboard(&self, team: usize) -> String {
        let panels: Vec<_> = (0..20)
            .map(|at| {
                format!("    {{\"id\": {at}, \"title\": \"requests\", \"query\": \"sum(rate(team_{team}_{at}[5m]))\"}}")
            })
            .collect();
        format!("{{\n  \"title\": \"environment {}\",\n  \"panels\": [\n{}\n  ]\n}}\n", self.number, panels.join(",\n"))
    }
}
