//! The words and numbers that mark a value as unfilled.

/// Words that the documentation of AWS puts where a value of one's own belongs.
pub(super) const SLOTS: &[&str] = &[
    "ACCOUNT_ID",
    "AWS_ACCOUNT_ID",
    "YOUR_ACCOUNT_ID",
    "IAM_ROLE_NAME",
    "ROLE_NAME",
    "NAME",
    "NAMESPACE",
    "SERVICE_ACCOUNT_NAME",
    "SERVICE_ACCOUNT_NAMESPACE",
    "CLUSTER_NAME",
    "CLUSTER_ID",
    "OIDC_ID",
    "AWS_REGION",
    "REGION_CODE",
    "region-code",
    "TRUST_ANCHOR_ARN",
    "EXAMPLED539D4633E53DE1B71EXAMPLE",
    "your-account-id",
    "your-role-name",
    "your-cluster-name",
];

/// Uppercase words that mark a value as still to come. Lowercase spellings are real names: a role may be called `todo`.
pub(super) const TO_DO: &[&str] = &["TODO", "FIXME", "TBD", "PLACEHOLDER"];

/// Words that scripts, comments and documentation use so often that a mention is no sign of a replacement.
pub(super) const COMMON: &[&str] = &["NAME", "NAMESPACE", "TODO", "FIXME", "TBD", "...", "…"];

/// What `your` has to be followed by to mark a value that the reader is supposed to supply: `your-role-name`, `YourAdminRole`.
pub(super) const YOURS: &[&str] = &[
    "account",
    "acct",
    "admin",
    "app",
    "application",
    "arn",
    "aws",
    "bucket",
    "cluster",
    "company",
    "developer",
    "eks",
    "env",
    "environment",
    "group",
    "here",
    "iam",
    "id",
    "instance",
    "issuer",
    "name",
    "namespace",
    "node",
    "nodegroup",
    "nodes",
    "oidc",
    "org",
    "organization",
    "policy",
    "prefix",
    "profile",
    "project",
    "provider",
    "region",
    "role",
    "roles",
    "service",
    "serviceaccount",
    "sso",
    "team",
    "user",
    "username",
    "value",
];

/// Account ids of the AWS documentation.
pub(super) const EXAMPLE_ACCOUNTS: &[&str] = &[
    "111122223333",
    "444455556666",
    "123456789012",
    "012345678901",
    "000000000000",
    "111111111111",
    "555555555555",
    "123456789123",
    "999999999999",
];
