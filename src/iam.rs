//! What AWS makes of it: ARNs, policy documents, who a trust policy lets in, what policies grant. Knows no YAML.

mod access;
mod arn;
mod arn_violation;
mod connector;
mod document;
mod evaluate;
mod kleene;
mod made_up;
mod managed;
mod partition;
mod principal;
mod principal_violation;
mod service;
mod subject;
mod unfilled;
mod username;
mod version;
mod webhook;

pub use access::{
    ACCESS_ENTRY_TYPES, AccessEntryType, AccessPolicy, PolicyAudience, access_entry_type, access_policy, is_node_group,
    nearest_access_policy,
};
pub use arn::{Arn, PrincipalId, RoleArn, is_name_letter, is_plain_part};
pub use arn_violation::{ArnViolation, is_account_id};
pub use connector::{CONNECTOR_ACTIONS, CONTROL_CHANNEL, is_cluster};
pub use document::{Condition, PolicyDocument, Principal, PrincipalForm, Statement};
pub(crate) use evaluate::covers_action;
pub use evaluate::{SubjectAnswer, is_slip_of_action};
pub use kleene::{kleene_and, kleene_or};
pub use made_up::{is_dummy_account, is_variable};
pub use managed::{
    CNI_IPV6_ACTIONS, ECR_PULL_ACTIONS, MANAGED_POLICIES_DATE, ManagedPolicy, POD_IDENTITY_ACTION, WORKER_NODE_ACTIONS,
    managed_policy, managed_policy_of, nearest_managed_policy,
};
pub use partition::{
    CONNECTOR_SERVICE, EC2_PRINCIPALS, PARTITIONS, Partition, URL_SUFFIXES, has_service_linked_role,
    is_service_linked_role, is_service_linked_service, partition, partition_of_region,
};
pub use principal::PrincipalArn;
pub use principal_violation::{PRINCIPAL_KINDS, PrincipalViolation, is_service_around_eks};
pub use service::{
    CAPABILITY_SERVICE, CLUSTER_SERVICE, CONNECTOR_AGENT_SERVICE, FARGATE_SERVICE, HYBRID_SERVICES,
    POD_IDENTITY_SERVICE, ServicePrincipal, meant_service,
};
pub use subject::{SUBJECT_PREFIX, SubjectViolation, account_of_subject};
pub use unfilled::{LONGEST_VALUE, Placeholder, Spelling, placeholder, placeholders};
pub use username::{
    Reserved, SessionTemplate, lacks_colon, reserved_prefix, session_template, written_session_template,
};
pub use version::{KubernetesVersion, OLDEST_WITH_ACCESS_ENTRIES};
pub use webhook::{
    ACCOUNT_ANNOTATIONS, AUDIENCE, DEFAULT_AUDIENCE, DEFAULT_SECONDS, LEAST_SECONDS, POD_ANNOTATIONS, ROLE_ARN,
    SKIP_CONTAINERS, STS_REGIONAL_ENDPOINTS, TOKEN_EXPIRATION, TOKEN_FILE, meant_audience, meant_bool, meant_seconds,
    parse_bool, parse_csv, parse_seconds,
};
