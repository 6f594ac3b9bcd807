//! The table of rules. Written by `cargo test` from the files in this folder: do not edit.

use crate::rule::Rule;

pub mod access_entry {
    pub mod duplicate_principal;
    pub mod groups_on_node_type;
    pub mod policy_arn;
    pub mod session_name_colon;
    pub mod type_value;
    pub mod username_prefix;
}
pub mod auth_mode {
    pub mod access_entry_needs_api;
}
pub mod aws_auth {
    pub mod joined_groups;
    pub mod namespace_name;
    pub mod node_groups;
    pub mod not_a_string;
    pub mod role_path;
    pub mod unquoted_template;
    pub mod yaml_syntax;
}
pub mod cfn {
    pub mod output_role_arn;
    pub mod role_arn_vs_name;
    pub mod role_name_vs_arn;
}
pub mod cluster_role {
    pub mod trust;
}
pub mod common {
    pub mod placeholder;
}
pub mod connector {
    pub mod agent_permissions;
    pub mod agent_role_missing;
    pub mod agent_trust;
    pub mod registrar_permissions;
    pub mod slr_as_plain_role;
    pub mod slr_name;
    pub mod slr_policy_attached;
    pub mod slr_redundant;
    pub mod slr_service_name;
}
pub mod fargate {
    pub mod trust;
}
pub mod iam {
    pub mod duplicate_role_name;
    pub mod effect;
    pub mod hard_coded_partition;
    pub mod managed_policy_path;
    pub mod name_grammar;
    pub mod policy_version;
    pub mod principal_missing;
    pub mod resource_grammar;
    pub mod resource_in_trust;
    pub mod service_linked_policy_attached;
    pub mod sid_grammar;
    pub mod unknown_aws_managed_policy;
}
pub mod irsa {
    pub mod annotation_key;
    pub mod annotation_not_on_serviceaccount;
    pub mod role_arn_format;
    pub mod trust_mismatch;
}
pub mod k8s {
    pub mod annotation_not_string;
}
pub mod node_role {
    pub mod cni_ip_family;
    pub mod cni_ipv6_policy;
    pub mod cni_policy_on_node_role;
    pub mod ecr_readonly;
    pub mod instance_profile;
    pub mod instance_profile_arn;
    pub mod missing_cni_policy;
    pub mod missing_ecr_pull;
    pub mod missing_worker_policy;
    pub mod pod_identity_permission;
    pub mod same_as_cluster_role;
    pub mod same_as_fargate_role;
    pub mod trust;
}
pub mod rbac {
    pub mod dangling_roleref;
    pub mod group_unbound;
    pub mod group_unmapped;
    pub mod serviceaccount_unbound;
    pub mod subject;
    pub mod template_in_subject;
    pub mod user_subject_unmatched;
}
pub mod syntax;

/// Every rule, in the order of the ids.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    Rule { id: "access-entry/duplicate-principal", level: access_entry::duplicate_principal::LEVEL, check: access_entry::duplicate_principal::check, page: include_str!("access_entry/duplicate_principal.md") },
    Rule { id: "access-entry/groups-on-node-type", level: access_entry::groups_on_node_type::LEVEL, check: access_entry::groups_on_node_type::check, page: include_str!("access_entry/groups_on_node_type.md") },
    Rule { id: "access-entry/policy-arn", level: access_entry::policy_arn::LEVEL, check: access_entry::policy_arn::check, page: include_str!("access_entry/policy_arn.md") },
    Rule { id: "access-entry/session-name-colon", level: access_entry::session_name_colon::LEVEL, check: access_entry::session_name_colon::check, page: include_str!("access_entry/session_name_colon.md") },
    Rule { id: "access-entry/type-value", level: access_entry::type_value::LEVEL, check: access_entry::type_value::check, page: include_str!("access_entry/type_value.md") },
    Rule { id: "access-entry/username-prefix", level: access_entry::username_prefix::LEVEL, check: access_entry::username_prefix::check, page: include_str!("access_entry/username_prefix.md") },
    Rule { id: "auth-mode/access-entry-needs-api", level: auth_mode::access_entry_needs_api::LEVEL, check: auth_mode::access_entry_needs_api::check, page: include_str!("auth_mode/access_entry_needs_api.md") },
    Rule { id: "aws-auth/joined-groups", level: aws_auth::joined_groups::LEVEL, check: aws_auth::joined_groups::check, page: include_str!("aws_auth/joined_groups.md") },
    Rule { id: "aws-auth/namespace-name", level: aws_auth::namespace_name::LEVEL, check: aws_auth::namespace_name::check, page: include_str!("aws_auth/namespace_name.md") },
    Rule { id: "aws-auth/node-groups", level: aws_auth::node_groups::LEVEL, check: aws_auth::node_groups::check, page: include_str!("aws_auth/node_groups.md") },
    Rule { id: "aws-auth/not-a-string", level: aws_auth::not_a_string::LEVEL, check: aws_auth::not_a_string::check, page: include_str!("aws_auth/not_a_string.md") },
    Rule { id: "aws-auth/role-path", level: aws_auth::role_path::LEVEL, check: aws_auth::role_path::check, page: include_str!("aws_auth/role_path.md") },
    Rule { id: "aws-auth/unquoted-template", level: aws_auth::unquoted_template::LEVEL, check: aws_auth::unquoted_template::check, page: include_str!("aws_auth/unquoted_template.md") },
    Rule { id: "aws-auth/yaml-syntax", level: aws_auth::yaml_syntax::LEVEL, check: aws_auth::yaml_syntax::check, page: include_str!("aws_auth/yaml_syntax.md") },
    Rule { id: "cfn/output-role-arn", level: cfn::output_role_arn::LEVEL, check: cfn::output_role_arn::check, page: include_str!("cfn/output_role_arn.md") },
    Rule { id: "cfn/role-arn-vs-name", level: cfn::role_arn_vs_name::LEVEL, check: cfn::role_arn_vs_name::check, page: include_str!("cfn/role_arn_vs_name.md") },
    Rule { id: "cfn/role-name-vs-arn", level: cfn::role_name_vs_arn::LEVEL, check: cfn::role_name_vs_arn::check, page: include_str!("cfn/role_name_vs_arn.md") },
    Rule { id: "cluster-role/trust", level: cluster_role::trust::LEVEL, check: cluster_role::trust::check, page: include_str!("cluster_role/trust.md") },
    Rule { id: "common/placeholder", level: common::placeholder::LEVEL, check: common::placeholder::check, page: include_str!("common/placeholder.md") },
    Rule { id: "connector/agent-permissions", level: connector::agent_permissions::LEVEL, check: connector::agent_permissions::check, page: include_str!("connector/agent_permissions.md") },
    Rule { id: "connector/agent-role-missing", level: connector::agent_role_missing::LEVEL, check: connector::agent_role_missing::check, page: include_str!("connector/agent_role_missing.md") },
    Rule { id: "connector/agent-trust", level: connector::agent_trust::LEVEL, check: connector::agent_trust::check, page: include_str!("connector/agent_trust.md") },
    Rule { id: "connector/registrar-permissions", level: connector::registrar_permissions::LEVEL, check: connector::registrar_permissions::check, page: include_str!("connector/registrar_permissions.md") },
    Rule { id: "connector/slr-as-plain-role", level: connector::slr_as_plain_role::LEVEL, check: connector::slr_as_plain_role::check, page: include_str!("connector/slr_as_plain_role.md") },
    Rule { id: "connector/slr-name", level: connector::slr_name::LEVEL, check: connector::slr_name::check, page: include_str!("connector/slr_name.md") },
    Rule { id: "connector/slr-policy-attached", level: connector::slr_policy_attached::LEVEL, check: connector::slr_policy_attached::check, page: include_str!("connector/slr_policy_attached.md") },
    Rule { id: "connector/slr-redundant", level: connector::slr_redundant::LEVEL, check: connector::slr_redundant::check, page: include_str!("connector/slr_redundant.md") },
    Rule { id: "connector/slr-service-name", level: connector::slr_service_name::LEVEL, check: connector::slr_service_name::check, page: include_str!("connector/slr_service_name.md") },
    Rule { id: "fargate/trust", level: fargate::trust::LEVEL, check: fargate::trust::check, page: include_str!("fargate/trust.md") },
    Rule { id: "iam/duplicate-role-name", level: iam::duplicate_role_name::LEVEL, check: iam::duplicate_role_name::check, page: include_str!("iam/duplicate_role_name.md") },
    Rule { id: "iam/effect", level: iam::effect::LEVEL, check: iam::effect::check, page: include_str!("iam/effect.md") },
    Rule { id: "iam/hard-coded-partition", level: iam::hard_coded_partition::LEVEL, check: iam::hard_coded_partition::check, page: include_str!("iam/hard_coded_partition.md") },
    Rule { id: "iam/managed-policy-path", level: iam::managed_policy_path::LEVEL, check: iam::managed_policy_path::check, page: include_str!("iam/managed_policy_path.md") },
    Rule { id: "iam/name-grammar", level: iam::name_grammar::LEVEL, check: iam::name_grammar::check, page: include_str!("iam/name_grammar.md") },
    Rule { id: "iam/policy-version", level: iam::policy_version::LEVEL, check: iam::policy_version::check, page: include_str!("iam/policy_version.md") },
    Rule { id: "iam/principal-missing", level: iam::principal_missing::LEVEL, check: iam::principal_missing::check, page: include_str!("iam/principal_missing.md") },
    Rule { id: "iam/resource-grammar", level: iam::resource_grammar::LEVEL, check: iam::resource_grammar::check, page: include_str!("iam/resource_grammar.md") },
    Rule { id: "iam/resource-in-trust", level: iam::resource_in_trust::LEVEL, check: iam::resource_in_trust::check, page: include_str!("iam/resource_in_trust.md") },
    Rule { id: "iam/service-linked-policy-attached", level: iam::service_linked_policy_attached::LEVEL, check: iam::service_linked_policy_attached::check, page: include_str!("iam/service_linked_policy_attached.md") },
    Rule { id: "iam/sid-grammar", level: iam::sid_grammar::LEVEL, check: iam::sid_grammar::check, page: include_str!("iam/sid_grammar.md") },
    Rule { id: "iam/unknown-aws-managed-policy", level: iam::unknown_aws_managed_policy::LEVEL, check: iam::unknown_aws_managed_policy::check, page: include_str!("iam/unknown_aws_managed_policy.md") },
    Rule { id: "irsa/annotation-key", level: irsa::annotation_key::LEVEL, check: irsa::annotation_key::check, page: include_str!("irsa/annotation_key.md") },
    Rule { id: "irsa/annotation-not-on-serviceaccount", level: irsa::annotation_not_on_serviceaccount::LEVEL, check: irsa::annotation_not_on_serviceaccount::check, page: include_str!("irsa/annotation_not_on_serviceaccount.md") },
    Rule { id: "irsa/role-arn-format", level: irsa::role_arn_format::LEVEL, check: irsa::role_arn_format::check, page: include_str!("irsa/role_arn_format.md") },
    Rule { id: "irsa/trust-mismatch", level: irsa::trust_mismatch::LEVEL, check: irsa::trust_mismatch::check, page: include_str!("irsa/trust_mismatch.md") },
    Rule { id: "k8s/annotation-not-string", level: k8s::annotation_not_string::LEVEL, check: k8s::annotation_not_string::check, page: include_str!("k8s/annotation_not_string.md") },
    Rule { id: "node-role/cni-ip-family", level: node_role::cni_ip_family::LEVEL, check: node_role::cni_ip_family::check, page: include_str!("node_role/cni_ip_family.md") },
    Rule { id: "node-role/cni-ipv6-policy", level: node_role::cni_ipv6_policy::LEVEL, check: node_role::cni_ipv6_policy::check, page: include_str!("node_role/cni_ipv6_policy.md") },
    Rule { id: "node-role/cni-policy-on-node-role", level: node_role::cni_policy_on_node_role::LEVEL, check: node_role::cni_policy_on_node_role::check, page: include_str!("node_role/cni_policy_on_node_role.md") },
    Rule { id: "node-role/ecr-readonly", level: node_role::ecr_readonly::LEVEL, check: node_role::ecr_readonly::check, page: include_str!("node_role/ecr_readonly.md") },
    Rule { id: "node-role/instance-profile", level: node_role::instance_profile::LEVEL, check: node_role::instance_profile::check, page: include_str!("node_role/instance_profile.md") },
    Rule { id: "node-role/instance-profile-arn", level: node_role::instance_profile_arn::LEVEL, check: node_role::instance_profile_arn::check, page: include_str!("node_role/instance_profile_arn.md") },
    Rule { id: "node-role/missing-cni-policy", level: node_role::missing_cni_policy::LEVEL, check: node_role::missing_cni_policy::check, page: include_str!("node_role/missing_cni_policy.md") },
    Rule { id: "node-role/missing-ecr-pull", level: node_role::missing_ecr_pull::LEVEL, check: node_role::missing_ecr_pull::check, page: include_str!("node_role/missing_ecr_pull.md") },
    Rule { id: "node-role/missing-worker-policy", level: node_role::missing_worker_policy::LEVEL, check: node_role::missing_worker_policy::check, page: include_str!("node_role/missing_worker_policy.md") },
    Rule { id: "node-role/pod-identity-permission", level: node_role::pod_identity_permission::LEVEL, check: node_role::pod_identity_permission::check, page: include_str!("node_role/pod_identity_permission.md") },
    Rule { id: "node-role/same-as-cluster-role", level: node_role::same_as_cluster_role::LEVEL, check: node_role::same_as_cluster_role::check, page: include_str!("node_role/same_as_cluster_role.md") },
    Rule { id: "node-role/same-as-fargate-role", level: node_role::same_as_fargate_role::LEVEL, check: node_role::same_as_fargate_role::check, page: include_str!("node_role/same_as_fargate_role.md") },
    Rule { id: "node-role/trust", level: node_role::trust::LEVEL, check: node_role::trust::check, page: include_str!("node_role/trust.md") },
    Rule { id: "rbac/dangling-roleref", level: rbac::dangling_roleref::LEVEL, check: rbac::dangling_roleref::check, page: include_str!("rbac/dangling_roleref.md") },
    Rule { id: "rbac/group-unbound", level: rbac::group_unbound::LEVEL, check: rbac::group_unbound::check, page: include_str!("rbac/group_unbound.md") },
    Rule { id: "rbac/group-unmapped", level: rbac::group_unmapped::LEVEL, check: rbac::group_unmapped::check, page: include_str!("rbac/group_unmapped.md") },
    Rule { id: "rbac/serviceaccount-unbound", level: rbac::serviceaccount_unbound::LEVEL, check: rbac::serviceaccount_unbound::check, page: include_str!("rbac/serviceaccount_unbound.md") },
    Rule { id: "rbac/subject", level: rbac::subject::LEVEL, check: rbac::subject::check, page: include_str!("rbac/subject.md") },
    Rule { id: "rbac/template-in-subject", level: rbac::template_in_subject::LEVEL, check: rbac::template_in_subject::check, page: include_str!("rbac/template_in_subject.md") },
    Rule { id: "rbac/user-subject-unmatched", level: rbac::user_subject_unmatched::LEVEL, check: rbac::user_subject_unmatched::check, page: include_str!("rbac/user_subject_unmatched.md") },
    Rule { id: "syntax", level: syntax::LEVEL, check: syntax::check, page: include_str!("syntax.md") },
];
