//! Roles, policies and providers of IAM, as the AWS CLI prints them and as it is asked for them.

use crate::facts::{
    AccountListing, AttachedPolicy, Branch, Facts, Field, InlinePolicy, InstanceProfile, Item, List, Listed,
    OidcProvider, Origin, PolicyKind, Role, ServiceLinkedRole,
};
use crate::iam::{Arn, PolicyDocument};
use crate::lower::iam_document::document_field;
use crate::lower::value::Value;
use crate::source::{Text, TextBuilder};

use super::forms::{IamOutput, IamRequest};
use super::percent::decoded;

pub(super) fn lower_output(kind: IamOutput, root: &Value<'_>, facts: &mut Facts) {
    match kind {
        IamOutput::Role => role(&root.get("Role"), false, facts),
        IamOutput::Roles => items(root, "Roles").for_each(|it| role(&it, false, facts)),
        IamOutput::AccountDetails => account(root, facts),
        IamOutput::RolePolicy => role_policy(root, facts),
        IamOutput::AttachedPolicies => attached_policies(root, facts),
        IamOutput::Provider => {
            let client_ids = root.get("ClientIDList").texts();
            let thumbprints = root.get("ThumbprintList").texts();
            let (origin, url) = (origin(root, "Url"), root.get("Url").text().map(|it| Some(with_scheme(&it))));
            facts.oidc_providers.push(OidcProvider { origin, url, client_ids, thumbprints });
        }
        IamOutput::Providers => {
            const KEY: &str = "OpenIDConnectProviderList";
            let arn = items(root, KEY).find_map(|it| it.get("Arn").text().only().cloned());
            if let Some(account) = arn.as_ref().and_then(Arn::parse).map(|it| it.account()) {
                list(root, KEY, account, Listed::OidcProviders, facts);
            }
            for it in items(root, KEY) {
                let url = it.get("Arn").text().map(|arn| {
                    const BEFORE: &str = ":oidc-provider/";
                    let at = arn.bytes().find(BEFORE)? + BEFORE.len();
                    Some(with_scheme(&arn.part(at..arn.len())))
                });
                let (client_ids, thumbprints) = (List::unknown(), List::unknown());
                facts.oidc_providers.push(OidcProvider { origin: origin(&it, "Arn"), url, client_ids, thumbprints });
            }
        }
        IamOutput::PolicyVersion => {
            let version = root.get("PolicyVersion");
            let document = document(&version.get("Document"), facts);
            let origin = origin(&version, "VersionId");
            facts.policies.push(policy(origin, PolicyKind::Managed, Field::unknown(), List::unknown(), document));
        }
        IamOutput::InstanceProfile => instance_profile(&root.get("InstanceProfile"), facts),
        IamOutput::InstanceProfiles => items(root, "InstanceProfiles").for_each(|it| instance_profile(&it, facts)),
    }
}

pub(super) fn lower_request(kind: IamRequest, it: &Value<'_>, facts: &mut Facts) {
    match kind {
        IamRequest::Role | IamRequest::Trust => {
            let is_new = kind == IamRequest::Role;
            let key = if is_new { "AssumeRolePolicyDocument" } else { "PolicyDocument" };
            let trust = document(&it.get(key), facts);
            facts.roles.push(Role {
                origin: origin(it, "RoleName"),
                arn: None,
                name: it.get("RoleName").text(),
                path: if is_new { path(it) } else { Field::unknown() },
                trust,
                managed_policies: List::unknown(),
                inline_policies: List::unknown(),
                permissions_boundary: if is_new { it.get("PermissionsBoundary").text() } else { Field::unknown() },
                declared_use: None,
            });
        }
        IamRequest::RolePolicy => role_policy(it, facts),
        IamRequest::Policy => {
            let document = document(&it.get("PolicyDocument"), facts);
            let (origin, name) = (origin(it, "PolicyName"), it.get("PolicyName").text());
            facts.policies.push(policy(origin, PolicyKind::Managed, name, List::unknown(), document));
        }
        IamRequest::Provider => facts.oidc_providers.push(OidcProvider {
            origin: origin(it, "Url"),
            url: it.get("Url").text(),
            client_ids: filled_items(it.get("ClientIDList").texts()),
            thumbprints: filled_items(it.get("ThumbprintList").texts()),
        }),
        IamRequest::ServiceLinkedRole => facts.service_linked_roles.push(ServiceLinkedRole {
            origin: origin(it, "AWSServiceName"),
            service: it.get("AWSServiceName").text(),
            suffix: filled(it.get("CustomSuffix").text()),
        }),
        IamRequest::InstanceProfileRole => facts.instance_profiles.push(InstanceProfile {
            origin: origin(it, "InstanceProfileName"),
            name: it.get("InstanceProfileName").text(),
            roles: it.get("RoleName").one_or_many_texts(),
        }),
    }
}

/// What a whole account has (`get-account-authorization-details`).
fn account(root: &Value<'_>, facts: &mut Facts) {
    let before = facts.roles.len();
    items(root, "RoleDetailList").for_each(|it| role(&it, true, facts));
    for it in items(root, "Policies") {
        // What AWS's own policies grant is in a table of ours.
        let arn = it.get("Arn").text();
        if arn.only().and_then(Arn::parse).is_none_or(|it| it.account_str() == Some("aws")) {
            continue;
        }
        let versions = it.get("PolicyVersionList").items();
        let default = versions.items.iter().find(|it| it.value.get("IsDefaultVersion").text().is("true") == Some(true));
        let document = default.map_or_else(Field::unknown, |it| document(&it.value.get("Document"), facts));
        let (origin, name) = (origin(&it, "PolicyName"), it.get("PolicyName").text());
        let policy = policy(origin, PolicyKind::Managed, name, List::default(), document);
        facts.policies.push(AttachedPolicy { arn: arn.only().cloned().map(Box::new), ..policy });
    }
    // What `--query` has cut has no list of some kinds.
    let is_whole = ["UserDetailList", "GroupDetailList", "Policies"].iter().all(|it| !root.get(it).is_absent());
    let account = facts.roles.iter().skip(before).find_map(|it| Arn::parse(it.arn.as_deref()?)).map(|it| it.account());
    if let Some(account) = account.filter(|_| is_whole && !is_cut(root)) {
        list(root, "RoleDetailList", account, Listed::Roles, facts);
    }
}

fn list(root: &Value<'_>, key: &str, account: Text, what: Listed, facts: &mut Facts) {
    facts.account_listings.extend(root.get(key).key.map(|span| AccountListing { span, account, what }));
}

/// `is_whole`: whether its policies are described with it.
fn role(it: &Value<'_>, is_whole: bool, facts: &mut Facts) {
    let path = path(it);
    // Those are the business of services, and nobody else can change them.
    if path.only().is_some_and(|it| it.starts_with("/aws-service-role/") == Some(true)) {
        return;
    }
    let name = it.get("RoleName").text();
    let trust = document(&it.get("AssumeRolePolicyDocument"), facts);
    let (mut managed_policies, mut inline_policies) = (List::unknown(), List::unknown());
    if is_whole {
        managed_policies = arns_of(&it.get("AttachedManagedPolicies"));
        inline_policies = it.get("RolePolicyList").items().map(|it| InlinePolicy {
            span: it.span(),
            name: it.get("PolicyName").text(),
            document: document(&it.get("PolicyDocument"), facts),
        });
        for profile in items(it, "InstanceProfileList") {
            instance_profile(&profile, facts);
        }
    }
    facts.roles.push(Role {
        origin: origin(it, "RoleName"),
        arn: it.get("Arn").text().only().cloned().map(Box::new),
        name,
        path,
        trust,
        managed_policies,
        inline_policies,
        permissions_boundary: it.get("PermissionsBoundary").get("PermissionsBoundaryArn").text(),
        declared_use: None,
    });
}

fn instance_profile(it: &Value<'_>, facts: &mut Facts) {
    let roles = it.get("Roles").items();
    let names = roles.items.iter().filter_map(|it| it.value.get("RoleName").text().only().cloned());
    let names = names.map(|value| Item { value, branch: Branch::always() }).collect();
    facts.instance_profiles.push(InstanceProfile {
        origin: origin(it, "InstanceProfileName"),
        name: it.get("InstanceProfileName").text(),
        roles: List { items: names, complete: roles.complete, key: roles.key },
    });
}

/// A policy of a role, as `get-role-policy` prints and `put-role-policy` takes it.
fn role_policy(it: &Value<'_>, facts: &mut Facts) {
    let document = document(&it.get("PolicyDocument"), facts);
    let roles = it.get("RoleName").one_or_many_texts();
    let (origin, name) = (origin(it, "PolicyName"), it.get("PolicyName").text());
    facts.policies.push(policy(origin, PolicyKind::Inline, name, roles, document));
}

/// `list-attached-role-policies` does not say whose policies they are: those of the role that stands before it, if that is the only
/// one of its file.
fn attached_policies(root: &Value<'_>, facts: &mut Facts) {
    if let [role] = facts.roles.vec().as_mut_slice()
        && role.managed_policies.items.is_empty()
        && !role.managed_policies.complete
    {
        role.managed_policies = arns_of(&root.get("AttachedPolicies"));
        role.managed_policies.complete &= !is_cut(root);
    }
}

/// Whether output says that there is more: a page of the API has a marker, and what `--max-items` leaves has a token.
fn is_cut(root: &Value<'_>) -> bool {
    let has_more = ["Marker", "NextToken"].iter().any(|it| !root.get(it).is_absent());
    has_more || root.get("IsTruncated").text().is("true") == Some(true)
}

fn policy(
    origin: Origin,
    kind: PolicyKind,
    name: Field<Text>,
    roles: List<Text>,
    document: Field<PolicyDocument>,
) -> AttachedPolicy {
    AttachedPolicy { origin, arn: None, kind, name, roles, document }
}

fn arns_of(policies: &Value<'_>) -> List<Text> {
    let policies = policies.items();
    let arns = policies.items.iter().map(|it| it.value.get("PolicyArn").text().only().cloned());
    let arns: Option<Vec<_>> = arns.map(|it| Some(Item { value: it?, branch: Branch::always() })).collect();
    match arns {
        Some(items) => List { items, complete: policies.complete, key: policies.key },
        None => List::unknown(),
    }
}

/// A policy document, decoded or not.
fn document(value: &Value<'_>, facts: &mut Facts) -> Field<PolicyDocument> {
    document_field(&decoded(value.clone()), facts.broken_documents.vec(), facts.policy_texts.vec())
}

/// The path; absent if there is none but the root.
fn path(it: &Value<'_>) -> Field<Text> {
    match filled(it.get("Path").text()) {
        path if path.string() == Some("/") => Field::absent(),
        path => path,
    }
}

/// A property that a skeleton leaves empty is not written.
fn filled(field: Field<Text>) -> Field<Text> {
    if field.string() == Some("") { Field::absent() } else { field }
}

fn filled_items(mut list: List<Text>) -> List<Text> {
    list.items.retain(|it| !it.value.is_empty());
    list
}

/// The URL of a provider: IAM forgets its scheme.
fn with_scheme(text: &Text) -> Text {
    let mut builder = TextBuilder::default();
    builder.push_written("https://", text.span());
    builder.push(text);
    builder.finish(text.whole())
}

fn items<'t>(it: &Value<'t>, key: &str) -> impl Iterator<Item = Value<'t>> + use<'t> {
    it.get(key).items().items.into_iter().map(|it| it.value).filter(Value::is_mapping)
}

/// `key`: what has the name.
fn origin(it: &Value<'_>, key: &str) -> Origin {
    let name = it.get(key).text();
    Origin {
        name: name.known().next().map_or_else(|| it.span(), Text::span),
        whole: it.span(),
        // No template that could refer to it.
        resource: None,
        branch: Branch::always(),
        depends_on: Box::default(),
    }
}
