//! What AWS makes of it: ARNs, policy documents, who a trust policy lets in, what policies grant. Knows no YAML.

mod access;
mod arn;
mod connector;
mod document;
mod evaluate;
mod managed;
mod partition;
mod placeholder;
mod principal;
mod subject;
mod username;
pub mod webhook;

pub use access::{
    ACCESS_ENTRY_TYPES, AccessEntryType, AccessPolicy, PolicyAudience, access_entry_type, access_policy, is_node_group,
    nearest_access_policy,
};
pub use arn::{Arn, ArnFault, RoleArn};
pub use connector::{CONNECTOR_ACTIONS, CONTROL_CHANNEL, is_cluster};
pub use document::{Condition, PolicyDocument, Principal, Statement};
pub use evaluate::{SubjectAnswer, and, glob, or};
pub use managed::{
    CNI_IPV6_ACTIONS, ECR_PULL_ACTIONS, MANAGED_POLICIES_DATE, ManagedPolicy, POD_IDENTITY_ACTION, WORKER_NODE_ACTIONS,
    managed_policy, managed_policy_of, nearest_managed_policy,
};
pub use partition::{
    EC2_PRINCIPALS, PARTITIONS, Partition, SERVICE_LINKED_ROLES, is_service_linked_service, partition,
    partition_of_region, service_principals,
};
pub use placeholder::{Placeholder, is_variable, placeholder};
pub use principal::PrincipalArn;
pub use subject::{SUBJECT_PREFIX, SubjectFault};
pub use username::{
    Reserved, SessionTemplate, lacks_colon, reserved_prefix, session_template, written_session_template,
};
