//! Clusters and what the EKS API attaches to them, as it describes them and as it is asked for them.
//!
//! What is described has been filled in by EKS: the user name of an access entry where nobody chose one, the groups of nodes.

use crate::facts::{AccessEntry, Branch, Cluster, Facts, Field, Item, List, Made, Origin, Type};
use crate::iam::Arn;
use crate::lower::eks_api::{self, late};
use crate::lower::objects::ObjectApi;
use crate::lower::types;
use crate::lower::value::Value;
use crate::source::{ResourceId, Text};

use super::forms::{EksOutput, EksRequest};

pub(super) fn lower_output(kind: EksOutput, root: &Value<'_>, facts: &mut Facts) {
    match kind {
        EksOutput::Cluster => {
            let it = root.get("cluster");
            made(&it, "arn", facts);
            facts.clusters.push(described_cluster(origin(&it, "name"), &it));
        }
        EksOutput::NodeGroup => {
            let it = root.get("nodegroup");
            made(&it, "nodegroupArn", facts);
            facts.node_groups.push(eks_api::node_group(origin(&it, "nodegroupName"), &it));
        }
        EksOutput::FargateProfile => {
            let it = root.get("fargateProfile");
            made(&it, "fargateProfileArn", facts);
            facts.fargate_profiles.push(eks_api::fargate_profile(origin(&it, "fargateProfileName"), &it));
        }
        EksOutput::AccessEntry => {
            let it = root.get("accessEntry");
            made(&it, "accessEntryArn", facts);
            facts.access_entries.push(described_entry(eks_api::access_entry(origin(&it, "principalArn"), &it)));
        }
        EksOutput::AccessPolicies => {
            let policies = root.get("associatedAccessPolicies").items();
            let origin = origin(root, "principalArn");
            facts.access_entries.push(eks_api::policies_of_entry(origin, root.get("clusterName").text(), policies));
        }
        EksOutput::Association => {
            let it = root.get("association");
            made(&it, "associationArn", facts);
            facts.pod_identity_associations.push(eks_api::association(origin(&it, "serviceAccount"), &it));
        }
        EksOutput::Addon => {
            let it = root.get("addon");
            made(&it, "addonArn", facts);
            facts.addons.push(eks_api::addon(origin(&it, "addonName"), &it));
        }
        EksOutput::Capability => {
            let it = root.get("capability");
            made(&it, "arn", facts);
            facts.capabilities.push(eks_api::capability(origin(&it, "capabilityName"), &it));
        }
        EksOutput::IdentityProvider => {
            let it = root.get("identityProviderConfig").get("oidc");
            made(&it, "identityProviderConfigArn", facts);
            let cluster = it.get("clusterName").text();
            let origin = origin(&it, "identityProviderConfigName");
            facts.identity_provider_configs.push(eks_api::identity_provider(origin, cluster, &it));
        }
    }
}

pub(super) fn lower_request(kind: EksRequest, root: &Value<'_>, facts: &mut Facts) {
    let it = root;
    types::add(it, TYPES, facts);
    match kind {
        EksRequest::Cluster => facts.clusters.push(eks_api::cluster(origin(it, "name"), it)),
        EksRequest::NodeGroup => facts.node_groups.push(eks_api::node_group(origin(it, "nodegroupName"), it)),
        EksRequest::FargateProfile => {
            facts.fargate_profiles.push(eks_api::fargate_profile(origin(it, "fargateProfileName"), it));
        }
        EksRequest::AccessEntry => {
            let mut entry = eks_api::access_entry(origin(it, "principalArn"), it);
            // What a skeleton leaves empty.
            for field in [&mut entry.kind, &mut entry.username] {
                if field.string() == Some("") {
                    *field = Field::absent();
                }
            }
            entry.groups.items.retain(|it| !it.value.is_empty());
            facts.access_entries.push(entry);
        }
        EksRequest::AccessPolicy => {
            let item = Item { value: it.clone(), branch: Branch::always() };
            let policies = List { items: vec![item], complete: false, key: None };
            let origin = origin(it, "principalArn");
            let mut entry = eks_api::policies_of_entry(origin, it.get("clusterName").text(), policies);
            for policy in &mut entry.policies.items {
                policy.value.namespaces.items.retain(|it| !it.value.is_empty());
            }
            facts.access_entries.push(entry);
        }
        EksRequest::Association => {
            facts.pod_identity_associations.push(eks_api::association(origin(it, "serviceAccount"), it));
        }
        EksRequest::Addon => {
            let origin = origin(it, "addonName");
            eks_api::associations_of_addon(&origin, it).into_iter().for_each(|it| {
                facts.pod_identity_associations.push(it);
            });
            facts.addons.push(eks_api::addon(origin, it));
        }
        EksRequest::Capability => facts.capabilities.push(eks_api::capability(origin(it, "capabilityName"), it)),
        EksRequest::IdentityProvider => {
            let origin = origin(it, "clusterName");
            let cluster = it.get("clusterName").text();
            let oidc = it.get("oidc");
            facts.identity_provider_configs.push(eks_api::identity_provider(origin, cluster, &oidc));
        }
    }
}

/// The members that facts are made of, of all requests.
const TYPES: &[types::Row] = &[
    ("roleArn", Type::String),
    ("accessConfig", Type::Mapping),
    ("nodeRole", Type::String),
    ("podExecutionRoleArn", Type::String),
    ("selectors", Type::List),
    ("principalArn", Type::String),
    ("kubernetesGroups", Type::List),
    ("username", Type::String),
    ("type", Type::String),
    ("policyArn", Type::String),
    ("accessScope", Type::Mapping),
    ("accessScope.namespaces", Type::List),
    ("serviceAccount", Type::String),
    ("namespace", Type::String),
    ("targetRoleArn", Type::String),
    ("serviceAccountRoleArn", Type::String),
    ("podIdentityAssociations", Type::List),
];

/// Records in which region and account something is, as its own ARN says.
fn made(it: &Value<'_>, key: &str, facts: &mut Facts) {
    let Some(arn) = it.get(key).text().only().and_then(Arn::parse) else { return };
    facts.made.push(Made {
        whole: it.span(),
        region: Field::of(arn.region()),
        credentials: arn.account_id().map(Into::into),
        template: None,
    });
}

/// `key`: what has the name of the resource, or what tells it from others.
fn origin(it: &Value<'_>, key: &str) -> Origin {
    let name = it.get(key).text();
    let span = name.known().next().map_or_else(|| it.span(), Text::span);
    let unit = ObjectApi::AwsCli.unit(span.file);
    Origin {
        name: span,
        whole: it.span(),
        resource: name.string().map(|it| ResourceId::new(unit, it)),
        branch: Branch::always(),
        depends_on: Box::default(),
    }
}

/// What an issuer begins with, and the provider of IAM does not.
const SCHEME: &str = "https://";

fn described_cluster(origin: Origin, it: &Value<'_>) -> Cluster {
    let arn = it.get("arn").text();
    let region = arn.only().and_then(Arn::parse).map(|it| it.region()).filter(|it| !it.is_empty());
    let issuer = it.get("identity").get("oidc").get("issuer").text();
    let issuer =
        issuer.only().and_then(|it| Some(it.part(it.bytes().strip_prefix(SCHEME).map(|_| SCHEME.len())?..it.len())));
    let cluster = eks_api::cluster(origin, it);
    Cluster {
        issuer: issuer.map(Box::new),
        region: region.map_or_else(Field::absent, Field::of),
        // What an old version of the CLI does not know, it leaves out.
        authentication_mode: late(cluster.authentication_mode),
        // It says what was asked for when the cluster was made, if anything.
        bootstrap_admin: Field::unknown(),
        ..cluster
    }
}

/// An access entry without what EKS has filled in.
fn described_entry(entry: AccessEntry) -> AccessEntry {
    let is_of_nodes = entry.is_node_type();
    let is_made_up = |it: &Text| {
        let of_session = it.bytes().contains(":assumed-role/") && it.bytes().ends_with("/{{SessionName}}");
        of_session || entry.principal.only().is_some_and(|principal| principal.same(it) == Some(true))
    };
    let username = if is_of_nodes || entry.username.only().is_some_and(is_made_up) {
        Field::absent()
    } else {
        entry.username.clone()
    };
    match is_of_nodes {
        true => AccessEntry { username, groups: List::default(), groups_list: Field::absent(), ..entry },
        false => AccessEntry { username, ..entry },
    }
}
