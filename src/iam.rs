//! What AWS makes of it: ARNs, policy documents, who a trust policy lets in, what policies grant. Knows no YAML.

mod access;
mod arn;
mod document;
mod evaluate;
mod managed;
mod partition;
mod placeholder;

pub use access::{ACCESS_ENTRY_TYPES, AccessPolicy, PolicyAudience, access_policy, nearest_access_policy};
pub use arn::{Arn, ArnFault, RoleArn};
pub use document::{Condition, PolicyDocument, Principal, Statement};
pub use evaluate::{SubjectAnswer, and, glob, or};
pub use managed::{MANAGED_POLICIES_DATE, ManagedPolicy, managed_policy, managed_policy_of, nearest_managed_policy};
pub use partition::{
    EC2_PRINCIPALS, PARTITIONS, Partition, SERVICE_LINKED_ROLES, is_service_linked_service, partition,
    partition_of_region, service_principals,
};
pub use placeholder::{Placeholder, placeholder};
