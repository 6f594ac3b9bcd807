//! Roles, policies and providers of IAM, as custom resources.

use crate::facts::{
    AttachedPolicy, Facts, Field, InlinePolicy, InstanceProfile, Item, List, OidcProvider, Origin, PolicyKind, Role,
    ServiceLinkedRole,
};
use crate::lower::iam_document::document_field;
use crate::lower::value::Value;
use crate::source::Text;

use super::resource::{Family, POLICY, ROLE_NAME, Resource};
use crate::lower::eks_api::late;

/// Reads a resource, if it is one of these kinds.
pub(super) fn lower(kind: &str, resource: &Resource<'_, '_>, facts: &mut Facts) {
    let origin = resource.origin();
    let is_ack = resource.api.family == Family::Ack;
    match kind {
        "Role" => role(origin, resource, facts),
        "Policy" => {
            let value = resource.any(&["policyDocument", "policy", "document"]);
            let document = embedded(value.value(), facts);
            facts.policies.push(AttachedPolicy {
                arn: None,
                origin,
                kind: PolicyKind::Managed,
                name: if is_ack { resource.name() } else { late(resource.get("name").text()) },
                // A role of ACK names its policies; elsewhere an attachment is a resource of its own.
                roles: if is_ack { List::default() } else { List::unknown() },
                document,
            });
        }
        "RolePolicy" => {
            let document = embedded(resource.any(&["policy", "document"]).value(), facts);
            let role =
                resource.linked(&resource.settings, &["role", "roleName"], &["roleRef", "roleNameRef"], ROLE_NAME);
            facts.policies.push(AttachedPolicy {
                arn: None,
                origin,
                kind: PolicyKind::Inline,
                name: resource.name(),
                roles: one(&role),
                document,
            });
        }
        "InstanceProfile" => {
            let role = resource.linked(&resource.settings, &["role"], &["roleRef"], ROLE_NAME);
            facts.instance_profiles.push(InstanceProfile { origin, name: resource.name(), roles: one(&role) });
        }
        "OpenIDConnectProvider" => facts.oidc_providers.push(OidcProvider {
            origin,
            url: late(resource.any(&["url"]).text()),
            client_ids: written_list(resource.any(&["clientIDs", "clientIdList", "clientIDList"]).texts()),
            thumbprints: written_list(resource.any(&["thumbprints", "thumbprintList"]).texts()),
        }),
        "ServiceLinkedRole" => facts.service_linked_roles.push(ServiceLinkedRole {
            origin,
            service: late(resource.get("awsServiceName").text()),
            suffix: resource.get("customSuffix").text(),
        }),
        _ => {}
    }
}

fn role(origin: Origin, resource: &Resource<'_, '_>, facts: &mut Facts) {
    let is_ack = resource.api.family == Family::Ack;
    let trust = embedded(resource.any(&["assumeRolePolicyDocument", "assumeRolePolicy"]).value(), facts);
    let mut managed_policies = resource.linked_list(
        &["policies", "managedPolicyArns"],
        &["policyRefs", "managedPolicyArnsRefs"],
        &["managedPolicyArnsSelector"],
        POLICY,
    );
    let mut inline_policies = inline_policies(resource, facts);
    // Crossplane lets other resources attach policies, too.
    managed_policies.complete &= is_ack;
    inline_policies.complete &= is_ack;
    let boundary = resource.get("permissionsBoundary").text();
    let is_elsewhere = !resource.any(&["permissionsBoundaryRef", "permissionsBoundarySelector"]).is_absent();
    facts.roles.push(Role {
        arn: None,
        origin,
        name: resource.name(),
        path: resource.get("path").text(),
        trust: late(trust),
        managed_policies,
        inline_policies,
        permissions_boundary: if is_elsewhere { Field::unknown() } else { boundary },
        declared_use: None,
    });
}

/// ACK has a mapping of names to documents, Crossplane a list.
fn inline_policies(resource: &Resource<'_, '_>, facts: &mut Facts) -> List<InlinePolicy> {
    let value = resource.any(&["inlinePolicies", "inlinePolicy"]);
    let value = value.value();
    let policy = |name, written: &Value<'_>, facts: &mut Facts| {
        let policy = InlinePolicy { span: written.span(), name, document: embedded(written, facts) };
        Item { value: policy, branch: crate::facts::Branch::always() }
    };
    let mut list = List { key: value.key, ..List::default() };
    if value.is_mapping() {
        for (name, written) in value.entries() {
            list.items.push(policy(Field::of(name), &written, facts));
        }
        return list;
    }
    let items = value.items();
    list.complete = items.complete;
    for item in items.items {
        list.items.push(policy(item.value.get("name").text(), &item.value.get("policy"), facts));
    }
    list
}

/// A policy document, which is a string here.
fn embedded(value: &Value<'_>, facts: &mut Facts) -> Field<crate::iam::PolicyDocument> {
    document_field(value, facts.broken_documents.vec(), facts.policy_texts.vec())
}

/// The only item, as far as it is known.
fn one(role: &Field<Text>) -> List<Text> {
    let items = role.known_under().map(|(text, branch)| Item { value: text.clone(), branch: branch.clone() });
    let items: Vec<_> = items.collect();
    List { complete: !items.is_empty(), items, key: role.key }
}

/// A list that the controller fills in where none is written.
fn written_list(list: List<Text>) -> List<Text> {
    List { complete: list.complete && list.key.is_some(), ..list }
}
