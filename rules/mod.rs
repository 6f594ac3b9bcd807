//! The table of rules. Written by `cargo test` from the files in this folder: do not edit.

use crate::diagnostic::Certainty;
use crate::rule::{Check, Rule};

pub mod access_entry {
    pub mod cluster_name;
    pub mod cross_account_node;
    pub mod duplicate_policy;
    pub mod duplicate_principal;
    pub mod escalation;
    pub mod group_reserved;
    pub mod groups_on_node_type;
    pub mod iam_user;
    pub mod managed_role;
    pub mod manager_permissions;
    pub mod no_permissions;
    pub mod passrole;
    pub mod policy_arn;
    pub mod policy_on_node_type;
    pub mod policy_partition;
    pub mod policy_reserved;
    pub mod policy_unknown;
    pub mod principal_kind;
    pub mod principal_not_found;
    pub mod scope;
    pub mod scope_namespace;
    pub mod service_linked_role;
    pub mod session_name_colon;
    pub mod session_name_recommended;
    pub mod sso_path;
    pub mod template_spelling;
    pub mod type_mismatch;
    pub mod type_missing_for_node;
    pub mod type_value;
    pub mod username_on_node_type;
    pub mod username_prefix;
    pub mod username_set;
}
pub mod auth_mode {
    pub mod access_entry_needs_api;
    pub mod aws_auth_ignored;
    pub mod bootstrap_config_map;
    pub mod default_config_map;
    pub mod feature_needs_api;
    pub mod locked_out;
    pub mod value;
    pub mod version_too_old;
}
pub mod aws_auth {
    pub mod arn_case;
    pub mod arn_format;
    pub mod deprecated;
    pub mod duplicate_arn;
    pub mod empties_cluster;
    pub mod entry_key;
    pub mod iam_user;
    pub mod instance_profile_arn;
    pub mod joined_groups;
    pub mod managed_entry_removed;
    pub mod map_accounts;
    pub mod namespace_name;
    pub mod no_identity;
    pub mod node_groups;
    pub mod node_mapping;
    pub mod not_a_string;
    pub mod principal_kind;
    pub mod reserved_username;
    pub mod role_path;
    pub mod root_arn;
    pub mod session_name_group;
    pub mod shape;
    pub mod sso_matcher;
    pub mod sts_arn;
    pub mod system_group;
    pub mod system_masters;
    pub mod template_variable;
    pub mod top_level_key;
    pub mod unquoted_template;
    pub mod wildcard;
    pub mod wrong_section;
    pub mod yaml11_scalar;
    pub mod yaml_syntax;
}
pub mod cfn {
    pub mod output_role_arn;
    pub mod property_missing;
    pub mod resource_type;
    pub mod role_arn_vs_name;
    pub mod role_name_vs_arn;
}
pub mod cluster_role {
    pub mod trust;
}
pub mod common {
    pub mod placeholder;
    pub mod value_type;
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
pub mod eksctl {
    pub mod agent_missing;
    pub mod ami_family;
    pub mod duplicate_name;
    pub mod exclusive_keys;
    pub mod identity_mapping;
    pub mod instance_role;
    pub mod key_case;
    pub mod name_missing;
    pub mod no_policy;
    pub mod oidc_off;
    pub mod stack_name;
    pub mod unknown_key;
}
pub mod fargate {
    pub mod trust;
}
pub mod hybrid {
    pub mod trust;
}
pub mod iam {
    pub mod condition_operator;
    pub mod duplicate_role_name;
    pub mod effect;
    pub mod hard_coded_partition;
    pub mod managed_policy_path;
    pub mod name_grammar;
    pub mod policy_version;
    pub mod principal_form;
    pub mod principal_missing;
    pub mod resource_grammar;
    pub mod resource_in_trust;
    pub mod service_linked_policy_attached;
    pub mod service_principal;
    pub mod sid_grammar;
    pub mod unknown_aws_managed_policy;
}
pub mod irsa {
    pub mod action;
    pub mod annotation_key;
    pub mod annotation_not_on_serviceaccount;
    pub mod annotation_place;
    pub mod aud_missing;
    pub mod audience;
    pub mod condition_key;
    pub mod eksctl_and_manifest;
    pub mod env_override;
    pub mod federated_principal;
    pub mod helm_parameter;
    pub mod namespace_missing;
    pub mod oidc_provider_missing;
    pub mod oidc_provider_url;
    pub mod role_arn_format;
    pub mod role_not_found;
    pub mod string_equals_wildcard;
    pub mod sts_env_value;
    pub mod sts_global_endpoint;
    pub mod sts_regional_endpoints_value;
    pub mod sub_format;
    pub mod sub_missing;
    pub mod token_expiration;
    pub mod token_path;
    pub mod trust_mismatch;
}
pub mod k8s {
    pub mod annotation_not_string;
    pub mod api_version;
    pub mod serviceaccount_name;
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
    pub mod trust_wider;
}
pub mod pod_identity {
    pub mod duplicate;
    pub mod name;
    pub mod trust;
}
pub mod rbac {
    pub mod dangling_roleref;
    pub mod group_unbound;
    pub mod group_unmapped;
    pub mod serviceaccount_subject_missing;
    pub mod serviceaccount_unbound;
    pub mod subject;
    pub mod template_in_subject;
    pub mod user_subject_unmatched;
}
pub mod suppression {
    pub mod expired;
    pub mod not_understood;
    pub mod unknown_rule;
    pub mod unused;
}
pub mod workload {
    pub mod serviceaccount_place;
    pub mod serviceaccount_undeclared;
    pub mod skip_containers;
    pub mod static_credentials;
}
pub mod limit;
pub mod syntax;

/// Every rule, in the order of the ids.
#[rustfmt::skip]
pub static RULES: &[Rule] = &[
    Rule { id: "access-entry/cluster-name", level: access_entry::cluster_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::cluster_name::check), page: include_str!("access_entry/cluster_name.md") },
    Rule { id: "access-entry/cross-account-node", level: access_entry::cross_account_node::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::cross_account_node::check), page: include_str!("access_entry/cross_account_node.md") },
    Rule { id: "access-entry/duplicate-policy", level: access_entry::duplicate_policy::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::duplicate_policy::check), page: include_str!("access_entry/duplicate_policy.md") },
    Rule { id: "access-entry/duplicate-principal", level: access_entry::duplicate_principal::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::duplicate_principal::check), page: include_str!("access_entry/duplicate_principal.md") },
    Rule { id: "access-entry/escalation", level: access_entry::escalation::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::escalation::check), page: include_str!("access_entry/escalation.md") },
    Rule { id: "access-entry/group-reserved", level: access_entry::group_reserved::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::group_reserved::check), page: include_str!("access_entry/group_reserved.md") },
    Rule { id: "access-entry/groups-on-node-type", level: access_entry::groups_on_node_type::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::groups_on_node_type::check), page: include_str!("access_entry/groups_on_node_type.md") },
    Rule { id: "access-entry/iam-user", level: access_entry::iam_user::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::iam_user::check), page: include_str!("access_entry/iam_user.md") },
    Rule { id: "access-entry/managed-role", level: access_entry::managed_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::managed_role::check), page: include_str!("access_entry/managed_role.md") },
    Rule { id: "access-entry/manager-permissions", level: access_entry::manager_permissions::LEVEL, certainty: access_entry::manager_permissions::CERTAINTY, check: Check::Files(access_entry::manager_permissions::check), page: include_str!("access_entry/manager_permissions.md") },
    Rule { id: "access-entry/no-permissions", level: access_entry::no_permissions::LEVEL, certainty: access_entry::no_permissions::CERTAINTY, check: Check::Files(access_entry::no_permissions::check), page: include_str!("access_entry/no_permissions.md") },
    Rule { id: "access-entry/passrole", level: access_entry::passrole::LEVEL, certainty: access_entry::passrole::CERTAINTY, check: Check::Files(access_entry::passrole::check), page: include_str!("access_entry/passrole.md") },
    Rule { id: "access-entry/policy-arn", level: access_entry::policy_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::policy_arn::check), page: include_str!("access_entry/policy_arn.md") },
    Rule { id: "access-entry/policy-on-node-type", level: access_entry::policy_on_node_type::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::policy_on_node_type::check), page: include_str!("access_entry/policy_on_node_type.md") },
    Rule { id: "access-entry/policy-partition", level: access_entry::policy_partition::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::policy_partition::check), page: include_str!("access_entry/policy_partition.md") },
    Rule { id: "access-entry/policy-reserved", level: access_entry::policy_reserved::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::policy_reserved::check), page: include_str!("access_entry/policy_reserved.md") },
    Rule { id: "access-entry/policy-unknown", level: access_entry::policy_unknown::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::policy_unknown::check), page: include_str!("access_entry/policy_unknown.md") },
    Rule { id: "access-entry/principal-kind", level: access_entry::principal_kind::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::principal_kind::check), page: include_str!("access_entry/principal_kind.md") },
    Rule { id: "access-entry/principal-not-found", level: access_entry::principal_not_found::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::principal_not_found::check), page: include_str!("access_entry/principal_not_found.md") },
    Rule { id: "access-entry/scope", level: access_entry::scope::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::scope::check), page: include_str!("access_entry/scope.md") },
    Rule { id: "access-entry/scope-namespace", level: access_entry::scope_namespace::LEVEL, certainty: access_entry::scope_namespace::CERTAINTY, check: Check::Files(access_entry::scope_namespace::check), page: include_str!("access_entry/scope_namespace.md") },
    Rule { id: "access-entry/service-linked-role", level: access_entry::service_linked_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::service_linked_role::check), page: include_str!("access_entry/service_linked_role.md") },
    Rule { id: "access-entry/session-name-colon", level: access_entry::session_name_colon::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::session_name_colon::check), page: include_str!("access_entry/session_name_colon.md") },
    Rule { id: "access-entry/session-name-recommended", level: access_entry::session_name_recommended::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::session_name_recommended::check), page: include_str!("access_entry/session_name_recommended.md") },
    Rule { id: "access-entry/sso-path", level: access_entry::sso_path::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::sso_path::check), page: include_str!("access_entry/sso_path.md") },
    Rule { id: "access-entry/template-spelling", level: access_entry::template_spelling::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::template_spelling::check), page: include_str!("access_entry/template_spelling.md") },
    Rule { id: "access-entry/type-mismatch", level: access_entry::type_mismatch::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::type_mismatch::check), page: include_str!("access_entry/type_mismatch.md") },
    Rule { id: "access-entry/type-missing-for-node", level: access_entry::type_missing_for_node::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::type_missing_for_node::check), page: include_str!("access_entry/type_missing_for_node.md") },
    Rule { id: "access-entry/type-value", level: access_entry::type_value::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::type_value::check), page: include_str!("access_entry/type_value.md") },
    Rule { id: "access-entry/username-on-node-type", level: access_entry::username_on_node_type::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::username_on_node_type::check), page: include_str!("access_entry/username_on_node_type.md") },
    Rule { id: "access-entry/username-prefix", level: access_entry::username_prefix::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::username_prefix::check), page: include_str!("access_entry/username_prefix.md") },
    Rule { id: "access-entry/username-set", level: access_entry::username_set::LEVEL, certainty: Certainty::Certain, check: Check::Files(access_entry::username_set::check), page: include_str!("access_entry/username_set.md") },
    Rule { id: "auth-mode/access-entry-needs-api", level: auth_mode::access_entry_needs_api::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::access_entry_needs_api::check), page: include_str!("auth_mode/access_entry_needs_api.md") },
    Rule { id: "auth-mode/aws-auth-ignored", level: auth_mode::aws_auth_ignored::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::aws_auth_ignored::check), page: include_str!("auth_mode/aws_auth_ignored.md") },
    Rule { id: "auth-mode/bootstrap-config-map", level: auth_mode::bootstrap_config_map::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::bootstrap_config_map::check), page: include_str!("auth_mode/bootstrap_config_map.md") },
    Rule { id: "auth-mode/default-config-map", level: auth_mode::default_config_map::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::default_config_map::check), page: include_str!("auth_mode/default_config_map.md") },
    Rule { id: "auth-mode/feature-needs-api", level: auth_mode::feature_needs_api::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::feature_needs_api::check), page: include_str!("auth_mode/feature_needs_api.md") },
    Rule { id: "auth-mode/locked-out", level: auth_mode::locked_out::LEVEL, certainty: auth_mode::locked_out::CERTAINTY, check: Check::Files(auth_mode::locked_out::check), page: include_str!("auth_mode/locked_out.md") },
    Rule { id: "auth-mode/value", level: auth_mode::value::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::value::check), page: include_str!("auth_mode/value.md") },
    Rule { id: "auth-mode/version-too-old", level: auth_mode::version_too_old::LEVEL, certainty: Certainty::Certain, check: Check::Files(auth_mode::version_too_old::check), page: include_str!("auth_mode/version_too_old.md") },
    Rule { id: "aws-auth/arn-case", level: aws_auth::arn_case::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::arn_case::check), page: include_str!("aws_auth/arn_case.md") },
    Rule { id: "aws-auth/arn-format", level: aws_auth::arn_format::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::arn_format::check), page: include_str!("aws_auth/arn_format.md") },
    Rule { id: "aws-auth/deprecated", level: aws_auth::deprecated::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::deprecated::check), page: include_str!("aws_auth/deprecated.md") },
    Rule { id: "aws-auth/duplicate-arn", level: aws_auth::duplicate_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::duplicate_arn::check), page: include_str!("aws_auth/duplicate_arn.md") },
    Rule { id: "aws-auth/empties-cluster", level: aws_auth::empties_cluster::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::empties_cluster::check), page: include_str!("aws_auth/empties_cluster.md") },
    Rule { id: "aws-auth/entry-key", level: aws_auth::entry_key::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::entry_key::check), page: include_str!("aws_auth/entry_key.md") },
    Rule { id: "aws-auth/iam-user", level: aws_auth::iam_user::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::iam_user::check), page: include_str!("aws_auth/iam_user.md") },
    Rule { id: "aws-auth/instance-profile-arn", level: aws_auth::instance_profile_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::instance_profile_arn::check), page: include_str!("aws_auth/instance_profile_arn.md") },
    Rule { id: "aws-auth/joined-groups", level: aws_auth::joined_groups::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::joined_groups::check), page: include_str!("aws_auth/joined_groups.md") },
    Rule { id: "aws-auth/managed-entry-removed", level: aws_auth::managed_entry_removed::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::managed_entry_removed::check), page: include_str!("aws_auth/managed_entry_removed.md") },
    Rule { id: "aws-auth/map-accounts", level: aws_auth::map_accounts::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::map_accounts::check), page: include_str!("aws_auth/map_accounts.md") },
    Rule { id: "aws-auth/namespace-name", level: aws_auth::namespace_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::namespace_name::check), page: include_str!("aws_auth/namespace_name.md") },
    Rule { id: "aws-auth/no-identity", level: aws_auth::no_identity::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::no_identity::check), page: include_str!("aws_auth/no_identity.md") },
    Rule { id: "aws-auth/node-groups", level: aws_auth::node_groups::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::node_groups::check), page: include_str!("aws_auth/node_groups.md") },
    Rule { id: "aws-auth/node-mapping", level: aws_auth::node_mapping::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::node_mapping::check), page: include_str!("aws_auth/node_mapping.md") },
    Rule { id: "aws-auth/not-a-string", level: aws_auth::not_a_string::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::not_a_string::check), page: include_str!("aws_auth/not_a_string.md") },
    Rule { id: "aws-auth/principal-kind", level: aws_auth::principal_kind::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::principal_kind::check), page: include_str!("aws_auth/principal_kind.md") },
    Rule { id: "aws-auth/reserved-username", level: aws_auth::reserved_username::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::reserved_username::check), page: include_str!("aws_auth/reserved_username.md") },
    Rule { id: "aws-auth/role-path", level: aws_auth::role_path::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::role_path::check), page: include_str!("aws_auth/role_path.md") },
    Rule { id: "aws-auth/root-arn", level: aws_auth::root_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::root_arn::check), page: include_str!("aws_auth/root_arn.md") },
    Rule { id: "aws-auth/session-name-group", level: aws_auth::session_name_group::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::session_name_group::check), page: include_str!("aws_auth/session_name_group.md") },
    Rule { id: "aws-auth/shape", level: aws_auth::shape::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::shape::check), page: include_str!("aws_auth/shape.md") },
    Rule { id: "aws-auth/sso-matcher", level: aws_auth::sso_matcher::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::sso_matcher::check), page: include_str!("aws_auth/sso_matcher.md") },
    Rule { id: "aws-auth/sts-arn", level: aws_auth::sts_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::sts_arn::check), page: include_str!("aws_auth/sts_arn.md") },
    Rule { id: "aws-auth/system-group", level: aws_auth::system_group::LEVEL, certainty: aws_auth::system_group::CERTAINTY, check: Check::Files(aws_auth::system_group::check), page: include_str!("aws_auth/system_group.md") },
    Rule { id: "aws-auth/system-masters", level: aws_auth::system_masters::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::system_masters::check), page: include_str!("aws_auth/system_masters.md") },
    Rule { id: "aws-auth/template-variable", level: aws_auth::template_variable::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::template_variable::check), page: include_str!("aws_auth/template_variable.md") },
    Rule { id: "aws-auth/top-level-key", level: aws_auth::top_level_key::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::top_level_key::check), page: include_str!("aws_auth/top_level_key.md") },
    Rule { id: "aws-auth/unquoted-template", level: aws_auth::unquoted_template::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::unquoted_template::check), page: include_str!("aws_auth/unquoted_template.md") },
    Rule { id: "aws-auth/wildcard", level: aws_auth::wildcard::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::wildcard::check), page: include_str!("aws_auth/wildcard.md") },
    Rule { id: "aws-auth/wrong-section", level: aws_auth::wrong_section::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::wrong_section::check), page: include_str!("aws_auth/wrong_section.md") },
    Rule { id: "aws-auth/yaml-syntax", level: aws_auth::yaml_syntax::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::yaml_syntax::check), page: include_str!("aws_auth/yaml_syntax.md") },
    Rule { id: "aws-auth/yaml11-scalar", level: aws_auth::yaml11_scalar::LEVEL, certainty: Certainty::Certain, check: Check::Files(aws_auth::yaml11_scalar::check), page: include_str!("aws_auth/yaml11_scalar.md") },
    Rule { id: "cfn/output-role-arn", level: cfn::output_role_arn::LEVEL, certainty: cfn::output_role_arn::CERTAINTY, check: Check::Files(cfn::output_role_arn::check), page: include_str!("cfn/output_role_arn.md") },
    Rule { id: "cfn/property-missing", level: cfn::property_missing::LEVEL, certainty: Certainty::Certain, check: Check::Files(cfn::property_missing::check), page: include_str!("cfn/property_missing.md") },
    Rule { id: "cfn/resource-type", level: cfn::resource_type::LEVEL, certainty: Certainty::Certain, check: Check::Files(cfn::resource_type::check), page: include_str!("cfn/resource_type.md") },
    Rule { id: "cfn/role-arn-vs-name", level: cfn::role_arn_vs_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(cfn::role_arn_vs_name::check), page: include_str!("cfn/role_arn_vs_name.md") },
    Rule { id: "cfn/role-name-vs-arn", level: cfn::role_name_vs_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(cfn::role_name_vs_arn::check), page: include_str!("cfn/role_name_vs_arn.md") },
    Rule { id: "cluster-role/trust", level: cluster_role::trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(cluster_role::trust::check), page: include_str!("cluster_role/trust.md") },
    Rule { id: "common/placeholder", level: common::placeholder::LEVEL, certainty: common::placeholder::CERTAINTY, check: Check::Files(common::placeholder::check), page: include_str!("common/placeholder.md") },
    Rule { id: "common/value-type", level: common::value_type::LEVEL, certainty: Certainty::Certain, check: Check::Files(common::value_type::check), page: include_str!("common/value_type.md") },
    Rule { id: "connector/agent-permissions", level: connector::agent_permissions::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::agent_permissions::check), page: include_str!("connector/agent_permissions.md") },
    Rule { id: "connector/agent-role-missing", level: connector::agent_role_missing::LEVEL, certainty: connector::agent_role_missing::CERTAINTY, check: Check::Files(connector::agent_role_missing::check), page: include_str!("connector/agent_role_missing.md") },
    Rule { id: "connector/agent-trust", level: connector::agent_trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::agent_trust::check), page: include_str!("connector/agent_trust.md") },
    Rule { id: "connector/registrar-permissions", level: connector::registrar_permissions::LEVEL, certainty: connector::registrar_permissions::CERTAINTY, check: Check::Files(connector::registrar_permissions::check), page: include_str!("connector/registrar_permissions.md") },
    Rule { id: "connector/slr-as-plain-role", level: connector::slr_as_plain_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::slr_as_plain_role::check), page: include_str!("connector/slr_as_plain_role.md") },
    Rule { id: "connector/slr-name", level: connector::slr_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::slr_name::check), page: include_str!("connector/slr_name.md") },
    Rule { id: "connector/slr-policy-attached", level: connector::slr_policy_attached::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::slr_policy_attached::check), page: include_str!("connector/slr_policy_attached.md") },
    Rule { id: "connector/slr-redundant", level: connector::slr_redundant::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::slr_redundant::check), page: include_str!("connector/slr_redundant.md") },
    Rule { id: "connector/slr-service-name", level: connector::slr_service_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(connector::slr_service_name::check), page: include_str!("connector/slr_service_name.md") },
    Rule { id: "eksctl/agent-missing", level: eksctl::agent_missing::LEVEL, certainty: eksctl::agent_missing::CERTAINTY, check: Check::Files(eksctl::agent_missing::check), page: include_str!("eksctl/agent_missing.md") },
    Rule { id: "eksctl/ami-family", level: eksctl::ami_family::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::ami_family::check), page: include_str!("eksctl/ami_family.md") },
    Rule { id: "eksctl/duplicate-name", level: eksctl::duplicate_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::duplicate_name::check), page: include_str!("eksctl/duplicate_name.md") },
    Rule { id: "eksctl/exclusive-keys", level: eksctl::exclusive_keys::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::exclusive_keys::check), page: include_str!("eksctl/exclusive_keys.md") },
    Rule { id: "eksctl/identity-mapping", level: eksctl::identity_mapping::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::identity_mapping::check), page: include_str!("eksctl/identity_mapping.md") },
    Rule { id: "eksctl/instance-role", level: eksctl::instance_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::instance_role::check), page: include_str!("eksctl/instance_role.md") },
    Rule { id: "eksctl/key-case", level: eksctl::key_case::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::key_case::check), page: include_str!("eksctl/key_case.md") },
    Rule { id: "eksctl/name-missing", level: eksctl::name_missing::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::name_missing::check), page: include_str!("eksctl/name_missing.md") },
    Rule { id: "eksctl/no-policy", level: eksctl::no_policy::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::no_policy::check), page: include_str!("eksctl/no_policy.md") },
    Rule { id: "eksctl/oidc-off", level: eksctl::oidc_off::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::oidc_off::check), page: include_str!("eksctl/oidc_off.md") },
    Rule { id: "eksctl/stack-name", level: eksctl::stack_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::stack_name::check), page: include_str!("eksctl/stack_name.md") },
    Rule { id: "eksctl/unknown-key", level: eksctl::unknown_key::LEVEL, certainty: Certainty::Certain, check: Check::Files(eksctl::unknown_key::check), page: include_str!("eksctl/unknown_key.md") },
    Rule { id: "fargate/trust", level: fargate::trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(fargate::trust::check), page: include_str!("fargate/trust.md") },
    Rule { id: "hybrid/trust", level: hybrid::trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(hybrid::trust::check), page: include_str!("hybrid/trust.md") },
    Rule { id: "iam/condition-operator", level: iam::condition_operator::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::condition_operator::check), page: include_str!("iam/condition_operator.md") },
    Rule { id: "iam/duplicate-role-name", level: iam::duplicate_role_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::duplicate_role_name::check), page: include_str!("iam/duplicate_role_name.md") },
    Rule { id: "iam/effect", level: iam::effect::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::effect::check), page: include_str!("iam/effect.md") },
    Rule { id: "iam/hard-coded-partition", level: iam::hard_coded_partition::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::hard_coded_partition::check), page: include_str!("iam/hard_coded_partition.md") },
    Rule { id: "iam/managed-policy-path", level: iam::managed_policy_path::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::managed_policy_path::check), page: include_str!("iam/managed_policy_path.md") },
    Rule { id: "iam/name-grammar", level: iam::name_grammar::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::name_grammar::check), page: include_str!("iam/name_grammar.md") },
    Rule { id: "iam/policy-version", level: iam::policy_version::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::policy_version::check), page: include_str!("iam/policy_version.md") },
    Rule { id: "iam/principal-form", level: iam::principal_form::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::principal_form::check), page: include_str!("iam/principal_form.md") },
    Rule { id: "iam/principal-missing", level: iam::principal_missing::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::principal_missing::check), page: include_str!("iam/principal_missing.md") },
    Rule { id: "iam/resource-grammar", level: iam::resource_grammar::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::resource_grammar::check), page: include_str!("iam/resource_grammar.md") },
    Rule { id: "iam/resource-in-trust", level: iam::resource_in_trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::resource_in_trust::check), page: include_str!("iam/resource_in_trust.md") },
    Rule { id: "iam/service-linked-policy-attached", level: iam::service_linked_policy_attached::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::service_linked_policy_attached::check), page: include_str!("iam/service_linked_policy_attached.md") },
    Rule { id: "iam/service-principal", level: iam::service_principal::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::service_principal::check), page: include_str!("iam/service_principal.md") },
    Rule { id: "iam/sid-grammar", level: iam::sid_grammar::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::sid_grammar::check), page: include_str!("iam/sid_grammar.md") },
    Rule { id: "iam/unknown-aws-managed-policy", level: iam::unknown_aws_managed_policy::LEVEL, certainty: Certainty::Certain, check: Check::Files(iam::unknown_aws_managed_policy::check), page: include_str!("iam/unknown_aws_managed_policy.md") },
    Rule { id: "irsa/action", level: irsa::action::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::action::check), page: include_str!("irsa/action.md") },
    Rule { id: "irsa/annotation-key", level: irsa::annotation_key::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::annotation_key::check), page: include_str!("irsa/annotation_key.md") },
    Rule { id: "irsa/annotation-not-on-serviceaccount", level: irsa::annotation_not_on_serviceaccount::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::annotation_not_on_serviceaccount::check), page: include_str!("irsa/annotation_not_on_serviceaccount.md") },
    Rule { id: "irsa/annotation-place", level: irsa::annotation_place::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::annotation_place::check), page: include_str!("irsa/annotation_place.md") },
    Rule { id: "irsa/aud-missing", level: irsa::aud_missing::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::aud_missing::check), page: include_str!("irsa/aud_missing.md") },
    Rule { id: "irsa/audience", level: irsa::audience::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::audience::check), page: include_str!("irsa/audience.md") },
    Rule { id: "irsa/condition-key", level: irsa::condition_key::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::condition_key::check), page: include_str!("irsa/condition_key.md") },
    Rule { id: "irsa/eksctl-and-manifest", level: irsa::eksctl_and_manifest::LEVEL, certainty: irsa::eksctl_and_manifest::CERTAINTY, check: Check::Files(irsa::eksctl_and_manifest::check), page: include_str!("irsa/eksctl_and_manifest.md") },
    Rule { id: "irsa/env-override", level: irsa::env_override::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::env_override::check), page: include_str!("irsa/env_override.md") },
    Rule { id: "irsa/federated-principal", level: irsa::federated_principal::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::federated_principal::check), page: include_str!("irsa/federated_principal.md") },
    Rule { id: "irsa/helm-parameter", level: irsa::helm_parameter::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::helm_parameter::check), page: include_str!("irsa/helm_parameter.md") },
    Rule { id: "irsa/namespace-missing", level: irsa::namespace_missing::LEVEL, certainty: irsa::namespace_missing::CERTAINTY, check: Check::Files(irsa::namespace_missing::check), page: include_str!("irsa/namespace_missing.md") },
    Rule { id: "irsa/oidc-provider-missing", level: irsa::oidc_provider_missing::LEVEL, certainty: irsa::oidc_provider_missing::CERTAINTY, check: Check::Files(irsa::oidc_provider_missing::check), page: include_str!("irsa/oidc_provider_missing.md") },
    Rule { id: "irsa/oidc-provider-url", level: irsa::oidc_provider_url::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::oidc_provider_url::check), page: include_str!("irsa/oidc_provider_url.md") },
    Rule { id: "irsa/role-arn-format", level: irsa::role_arn_format::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::role_arn_format::check), page: include_str!("irsa/role_arn_format.md") },
    Rule { id: "irsa/role-not-found", level: irsa::role_not_found::LEVEL, certainty: irsa::role_not_found::CERTAINTY, check: Check::Files(irsa::role_not_found::check), page: include_str!("irsa/role_not_found.md") },
    Rule { id: "irsa/string-equals-wildcard", level: irsa::string_equals_wildcard::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::string_equals_wildcard::check), page: include_str!("irsa/string_equals_wildcard.md") },
    Rule { id: "irsa/sts-env-value", level: irsa::sts_env_value::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::sts_env_value::check), page: include_str!("irsa/sts_env_value.md") },
    Rule { id: "irsa/sts-global-endpoint", level: irsa::sts_global_endpoint::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::sts_global_endpoint::check), page: include_str!("irsa/sts_global_endpoint.md") },
    Rule { id: "irsa/sts-regional-endpoints-value", level: irsa::sts_regional_endpoints_value::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::sts_regional_endpoints_value::check), page: include_str!("irsa/sts_regional_endpoints_value.md") },
    Rule { id: "irsa/sub-format", level: irsa::sub_format::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::sub_format::check), page: include_str!("irsa/sub_format.md") },
    Rule { id: "irsa/sub-missing", level: irsa::sub_missing::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::sub_missing::check), page: include_str!("irsa/sub_missing.md") },
    Rule { id: "irsa/token-expiration", level: irsa::token_expiration::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::token_expiration::check), page: include_str!("irsa/token_expiration.md") },
    Rule { id: "irsa/token-path", level: irsa::token_path::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::token_path::check), page: include_str!("irsa/token_path.md") },
    Rule { id: "irsa/trust-mismatch", level: irsa::trust_mismatch::LEVEL, certainty: Certainty::Certain, check: Check::Files(irsa::trust_mismatch::check), page: include_str!("irsa/trust_mismatch.md") },
    Rule { id: "k8s/annotation-not-string", level: k8s::annotation_not_string::LEVEL, certainty: Certainty::Certain, check: Check::Files(k8s::annotation_not_string::check), page: include_str!("k8s/annotation_not_string.md") },
    Rule { id: "k8s/api-version", level: k8s::api_version::LEVEL, certainty: Certainty::Certain, check: Check::Files(k8s::api_version::check), page: include_str!("k8s/api_version.md") },
    Rule { id: "k8s/serviceaccount-name", level: k8s::serviceaccount_name::LEVEL, certainty: Certainty::Certain, check: Check::Files(k8s::serviceaccount_name::check), page: include_str!("k8s/serviceaccount_name.md") },
    Rule { id: "limit", level: limit::LEVEL, certainty: Certainty::Certain, check: Check::Limits(limit::check), page: include_str!("limit.md") },
    Rule { id: "node-role/cni-ip-family", level: node_role::cni_ip_family::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::cni_ip_family::check), page: include_str!("node_role/cni_ip_family.md") },
    Rule { id: "node-role/cni-ipv6-policy", level: node_role::cni_ipv6_policy::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::cni_ipv6_policy::check), page: include_str!("node_role/cni_ipv6_policy.md") },
    Rule { id: "node-role/cni-policy-on-node-role", level: node_role::cni_policy_on_node_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::cni_policy_on_node_role::check), page: include_str!("node_role/cni_policy_on_node_role.md") },
    Rule { id: "node-role/ecr-readonly", level: node_role::ecr_readonly::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::ecr_readonly::check), page: include_str!("node_role/ecr_readonly.md") },
    Rule { id: "node-role/instance-profile", level: node_role::instance_profile::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::instance_profile::check), page: include_str!("node_role/instance_profile.md") },
    Rule { id: "node-role/instance-profile-arn", level: node_role::instance_profile_arn::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::instance_profile_arn::check), page: include_str!("node_role/instance_profile_arn.md") },
    Rule { id: "node-role/missing-cni-policy", level: node_role::missing_cni_policy::LEVEL, certainty: node_role::missing_cni_policy::CERTAINTY, check: Check::Files(node_role::missing_cni_policy::check), page: include_str!("node_role/missing_cni_policy.md") },
    Rule { id: "node-role/missing-ecr-pull", level: node_role::missing_ecr_pull::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::missing_ecr_pull::check), page: include_str!("node_role/missing_ecr_pull.md") },
    Rule { id: "node-role/missing-worker-policy", level: node_role::missing_worker_policy::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::missing_worker_policy::check), page: include_str!("node_role/missing_worker_policy.md") },
    Rule { id: "node-role/pod-identity-permission", level: node_role::pod_identity_permission::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::pod_identity_permission::check), page: include_str!("node_role/pod_identity_permission.md") },
    Rule { id: "node-role/same-as-cluster-role", level: node_role::same_as_cluster_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::same_as_cluster_role::check), page: include_str!("node_role/same_as_cluster_role.md") },
    Rule { id: "node-role/same-as-fargate-role", level: node_role::same_as_fargate_role::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::same_as_fargate_role::check), page: include_str!("node_role/same_as_fargate_role.md") },
    Rule { id: "node-role/trust", level: node_role::trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::trust::check), page: include_str!("node_role/trust.md") },
    Rule { id: "node-role/trust-wider", level: node_role::trust_wider::LEVEL, certainty: Certainty::Certain, check: Check::Files(node_role::trust_wider::check), page: include_str!("node_role/trust_wider.md") },
    Rule { id: "pod-identity/duplicate", level: pod_identity::duplicate::LEVEL, certainty: Certainty::Certain, check: Check::Files(pod_identity::duplicate::check), page: include_str!("pod_identity/duplicate.md") },
    Rule { id: "pod-identity/name", level: pod_identity::name::LEVEL, certainty: Certainty::Certain, check: Check::Files(pod_identity::name::check), page: include_str!("pod_identity/name.md") },
    Rule { id: "pod-identity/trust", level: pod_identity::trust::LEVEL, certainty: Certainty::Certain, check: Check::Files(pod_identity::trust::check), page: include_str!("pod_identity/trust.md") },
    Rule { id: "rbac/dangling-roleref", level: rbac::dangling_roleref::LEVEL, certainty: rbac::dangling_roleref::CERTAINTY, check: Check::Files(rbac::dangling_roleref::check), page: include_str!("rbac/dangling_roleref.md") },
    Rule { id: "rbac/group-unbound", level: rbac::group_unbound::LEVEL, certainty: rbac::group_unbound::CERTAINTY, check: Check::Files(rbac::group_unbound::check), page: include_str!("rbac/group_unbound.md") },
    Rule { id: "rbac/group-unmapped", level: rbac::group_unmapped::LEVEL, certainty: rbac::group_unmapped::CERTAINTY, check: Check::Files(rbac::group_unmapped::check), page: include_str!("rbac/group_unmapped.md") },
    Rule { id: "rbac/serviceaccount-subject-missing", level: rbac::serviceaccount_subject_missing::LEVEL, certainty: rbac::serviceaccount_subject_missing::CERTAINTY, check: Check::Files(rbac::serviceaccount_subject_missing::check), page: include_str!("rbac/serviceaccount_subject_missing.md") },
    Rule { id: "rbac/serviceaccount-unbound", level: rbac::serviceaccount_unbound::LEVEL, certainty: rbac::serviceaccount_unbound::CERTAINTY, check: Check::Files(rbac::serviceaccount_unbound::check), page: include_str!("rbac/serviceaccount_unbound.md") },
    Rule { id: "rbac/subject", level: rbac::subject::LEVEL, certainty: Certainty::Certain, check: Check::Files(rbac::subject::check), page: include_str!("rbac/subject.md") },
    Rule { id: "rbac/template-in-subject", level: rbac::template_in_subject::LEVEL, certainty: Certainty::Certain, check: Check::Files(rbac::template_in_subject::check), page: include_str!("rbac/template_in_subject.md") },
    Rule { id: "rbac/user-subject-unmatched", level: rbac::user_subject_unmatched::LEVEL, certainty: Certainty::Certain, check: Check::Files(rbac::user_subject_unmatched::check), page: include_str!("rbac/user_subject_unmatched.md") },
    Rule { id: "suppression/expired", level: suppression::expired::LEVEL, certainty: Certainty::Certain, check: Check::Suppressions(suppression::expired::check), page: include_str!("suppression/expired.md") },
    Rule { id: "suppression/not-understood", level: suppression::not_understood::LEVEL, certainty: Certainty::Certain, check: Check::Suppressions(suppression::not_understood::check), page: include_str!("suppression/not_understood.md") },
    Rule { id: "suppression/unknown-rule", level: suppression::unknown_rule::LEVEL, certainty: Certainty::Certain, check: Check::Suppressions(suppression::unknown_rule::check), page: include_str!("suppression/unknown_rule.md") },
    Rule { id: "suppression/unused", level: suppression::unused::LEVEL, certainty: Certainty::Certain, check: Check::Suppressions(suppression::unused::check), page: include_str!("suppression/unused.md") },
    Rule { id: "syntax", level: syntax::LEVEL, certainty: Certainty::Certain, check: Check::Files(syntax::check), page: include_str!("syntax.md") },
    Rule { id: "workload/serviceaccount-place", level: workload::serviceaccount_place::LEVEL, certainty: Certainty::Certain, check: Check::Files(workload::serviceaccount_place::check), page: include_str!("workload/serviceaccount_place.md") },
    Rule { id: "workload/serviceaccount-undeclared", level: workload::serviceaccount_undeclared::LEVEL, certainty: workload::serviceaccount_undeclared::CERTAINTY, check: Check::Files(workload::serviceaccount_undeclared::check), page: include_str!("workload/serviceaccount_undeclared.md") },
    Rule { id: "workload/skip-containers", level: workload::skip_containers::LEVEL, certainty: Certainty::Certain, check: Check::Files(workload::skip_containers::check), page: include_str!("workload/skip_containers.md") },
    Rule { id: "workload/static-credentials", level: workload::static_credentials::LEVEL, certainty: Certainty::Certain, check: Check::Files(workload::static_credentials::check), page: include_str!("workload/static_credentials.md") },
];

/// The ids that rules had before: see [`crate::former`].
pub static FORMER_IDS: &crate::rule::FormerIds = &[];
