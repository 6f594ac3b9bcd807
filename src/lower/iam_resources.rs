//! The IAM resources of a template.

use crate::facts::{
    AttachedPolicy, BrokenDocument, Facts, InlinePolicy, InstanceProfile, Item, List, OidcProvider, Origin, PolicyKind,
    Role, ServiceLinkedRole,
};
use crate::source::Text;

use super::iam_document::document_field;
use super::value::Value;

/// Reads a resource. False if it is none of IAM's.
pub fn lower(kind: &str, origin: &Origin, properties: &Value<'_>, facts: &mut Facts) -> bool {
    let origin = origin.clone();
    match kind {
        "AWS::IAM::Role" => facts.roles.push(Role {
            arn: None,
            origin,
            name: properties.get("RoleName").text(),
            path: properties.get("Path").text(),
            trust: document_field(
                &properties.get("AssumeRolePolicyDocument"),
                facts.broken_documents.vec(),
                facts.policy_texts.vec(),
            ),
            managed_policies: properties.get("ManagedPolicyArns").texts(),
            inline_policies: inline_policies(
                &properties.get("Policies"),
                facts.broken_documents.vec(),
                facts.policy_texts.vec(),
            ),
            permissions_boundary: properties.get("PermissionsBoundary").text(),
            declared_use: None,
        }),
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
            let is_inline = kind == "AWS::IAM::Policy";
            let document = properties.get("PolicyDocument");
            let document = document_field(&document, facts.broken_documents.vec(), facts.policy_texts.vec());
            facts.policies.push(AttachedPolicy {
                arn: None,
                origin,
                kind: if is_inline { PolicyKind::Inline } else { PolicyKind::Managed },
                name: properties.get(if is_inline { "PolicyName" } else { "ManagedPolicyName" }).text(),
                roles: properties.get("Roles").texts(),
                document,
            });
        }
        "AWS::IAM::RolePolicy" => {
            let role = properties.get("RoleName");
            let document = properties.get("PolicyDocument");
            let document = document_field(&document, facts.broken_documents.vec(), facts.policy_texts.vec());
            facts.policies.push(AttachedPolicy {
                arn: None,
                origin,
                kind: PolicyKind::Inline,
                name: properties.get("PolicyName").text(),
                roles: role.one_or_many_texts(),
                document,
            });
        }
        "AWS::IAM::InstanceProfile" => facts.instance_profiles.push(InstanceProfile {
            origin,
            name: properties.get("InstanceProfileName").text(),
            roles: properties.get("Roles").texts(),
        }),
        "AWS::IAM::ServiceLinkedRole" => facts.service_linked_roles.push(ServiceLinkedRole {
            origin,
            service: properties.get("AWSServiceName").text(),
            suffix: properties.get("CustomSuffix").text(),
        }),
        "AWS::IAM::OIDCProvider" => facts.oidc_providers.push(OidcProvider {
            origin,
            url: properties.get("Url").text(),
            client_ids: properties.get("ClientIdList").texts(),
            thumbprints: properties.get("ThumbprintList").texts(),
        }),
        _ => return false,
    }
    true
}

fn inline_policies(value: &Value<'_>, broken: &mut Vec<BrokenDocument>, texts: &mut Vec<Text>) -> List<InlinePolicy> {
    let policies = value.items();
    let items = policies.items.iter().map(|item| Item {
        value: InlinePolicy {
            span: item.value.span(),
            name: item.value.get("PolicyName").text(),
            document: document_field(&item.value.get("PolicyDocument"), broken, texts),
        },
        branch: item.branch.clone(),
    });
    List { items: items.collect(), complete: policies.complete, key: policies.key }
}
