//! Where to find facts by their names: built once, so that no question goes through all facts.

use std::sync::OnceLock;

use crate::collections::{HashMap, HashSet};
use crate::facts::{AwsAuth, Deployment, Deployments, Limit, Origin, Tables, Value};
use crate::iam::{Arn, ROLE_ARN};
use crate::source::{FileId, HoleKind, ResourceId, Span, Text};

use super::belongings::OfClusters;
use super::by_hash::ByHash;
use super::context::{Context, account_of};
use super::made_index::MadeIndex;
use super::named::{ByName, MOST_OF_A_NAME};

/// Of more node groups or Fargate profiles of one file than this the others are not asked for the account of their cluster.
pub(super) const MOST_ASKED: usize = 300;

/// Where to find facts by their names.
#[derive(Default)]
pub(super) struct Index {
    /// Roles, and below other resources of templates, by their units and logical names.
    pub(super) roles: ByHash,
    /// Roles whose name is written out.
    pub(super) roles_by_name: ByName,
    /// Roles as AWS describes them, each once.
    pub(super) described_roles: ByName,
    /// Policies as AWS describes them, by their ARNs.
    pub(super) described_policies: HashMap<String, usize>,
    /// Roles whose name is a parameter, by its default.
    pub(super) roles_by_default: ByName,
    pub(super) instance_profiles: ByHash,
    /// Instance profiles by a name that is written out.
    pub(super) instance_profiles_by_name: HashMap<String, Vec<usize>>,
    /// The names that instance profiles may have, and whether one of them may have another.
    pub(super) instance_profile_names: HashSet<String>,
    pub(super) is_instance_profile_of_unknown_name: bool,
    pub(super) clusters: ByHash,
    /// Clusters by what they are part of, and the [key](Text::key) of their name.
    pub(super) clusters_by_name: HashMap<(Deployment, String), Vec<usize>>,
    pub(super) node_groups_by_deployment: HashMap<Deployment, Vec<usize>>,
    pub(super) fargate_profiles_by_deployment: HashMap<Deployment, Vec<usize>>,
    pub(super) launch_templates: ByHash,
    pub(super) service_linked_roles: ByHash,
    pub(super) oidc_providers: ByHash,
    pub(super) policies: ByHash,
    /// Service accounts by their namespace and name.
    pub(super) service_accounts: ByHash,
    /// Service accounts without a namespace, by what they are part of, and their name.
    pub(super) loose_service_accounts: ByHash,
    /// Those whose namespace kustomize sets, by the kustomizations that do and their names.
    pub(super) built_service_accounts: ByHash,
    /// Add-ons and associations that are, or may be, for the VPC CNI.
    pub(super) cni_addons: Vec<usize>,
    pub(super) cni_associations: Vec<usize>,
    /// True if a manifest gives the service account of the VPC CNI a role.
    pub(super) has_cni_account: bool,
    /// For each `aws-auth` ConfigMap whether the authenticator reads it, `None` if it may: nearly every rule about them asks.
    pub(super) maps_read: Vec<Option<bool>>,
    /// Where the defaults and allowed values of parameters are written, in each file in order.
    pub(super) parameter_values: HashMap<FileId, Vec<(Span, ResourceId)>>,
    pub(super) parameters: HashMap<ResourceId, usize>,
    /// The parts of units, by their files, and in each file in the order of their places.
    pub(super) units: Vec<(Span, u32)>,
    pub(super) of_clusters: OnceLock<OfClusters>,
    pub(super) made: MadeIndex,
}

impl Index {
    /// The limits of questions that are answered by this index, each with the first place where it is reached.
    pub(super) fn limits(&self, facts: &Tables) -> impl Iterator<Item = Limit> {
        let role = self.roles_by_name.beyond().into_iter().chain(self.roles_by_default.beyond()).min();
        let role = role.map(|at| {
            Limit::part(facts.roles[at].origin.name, format!("more than {MOST_OF_A_NAME} roles of one name"))
        });
        let group = self.node_groups_by_deployment.values().filter_map(|it| it.get(MOST_ASKED)).min();
        let profile = self.fargate_profiles_by_deployment.values().filter_map(|it| it.get(MOST_ASKED)).min();
        let group = group.map(|at| &facts.node_groups[*at].origin);
        let beyond = group.or_else(|| profile.map(|at| &facts.fargate_profiles[*at].origin)).map(|it| {
            Limit::part(it.name, format!("more than {MOST_ASKED} node groups or Fargate profiles in a file"))
        });
        let cluster = self.clusters_by_name.values().filter_map(|it| it.get(MOST_OF_A_NAME)).min();
        let cluster = cluster.map(|at| {
            Limit::part(facts.clusters[*at].origin.name, format!("more than {MOST_OF_A_NAME} clusters of one name"))
        });
        role.into_iter().chain(beyond).chain(cluster)
    }

    pub(super) fn new(facts: &Tables, deployments: &Deployments, context: Option<&Context>) -> Self {
        let mut index = Self {
            roles: by_resource(facts.roles.iter().map(|it| &it.origin)),
            instance_profiles: by_resource(facts.instance_profiles.iter().map(|it| &it.origin)),
            clusters: by_resource(facts.clusters.iter().map(|it| &it.origin)),
            policies: by_resource(facts.policies.iter().map(|it| &it.origin)),
            launch_templates: by_resource(facts.launch_templates.iter().map(|it| &it.origin)),
            service_linked_roles: by_resource(facts.service_linked_roles.iter().map(|it| &it.origin)),
            oidc_providers: by_resource(facts.oidc_providers.iter().map(|it| &it.origin)),
            maps_read: facts.aws_auths.iter().map(AwsAuth::is_read).collect(),
            made: MadeIndex::new(facts),
            ..Self::default()
        };
        // A default that is a placeholder names nothing.
        let is_name = |it: &&Text| it.is_value();
        let defaults = facts.parameters.iter().filter_map(|it| Some((&it.id, it.default.as_ref().filter(is_name)?)));
        let defaults = defaults.filter_map(|(id, it)| Some((id, it.as_str()?)));
        let defaults: HashMap<&ResourceId, &str> = defaults.collect();
        for (at, profile) in facts.instance_profiles.iter().enumerate() {
            index.instance_profile_names.extend(profile.name.strings().map(|(it, _)| it.to_owned()));
            // AWS makes up the name of a profile that has none.
            index.is_instance_profile_of_unknown_name |= profile.name.cases.iter().any(|it| match &it.value {
                Value::Known(text) => text.as_str().is_none(),
                Value::Absent => false,
                Value::Unknown => true,
            });
            if let Some(name) = profile.name.string() {
                index.instance_profiles_by_name.entry(name.to_owned()).or_default().push(at);
            }
        }
        index.add_described(facts);
        for (at, role) in facts.roles.iter().enumerate().filter(|(_, it)| !it.is_described()) {
            for (name, _) in role.name.strings() {
                index.roles_by_name.push(name, at, role, account_of(context, role));
            }
            let parameter = role.name.only().and_then(Text::only_hole).map(|it| &it.kind);
            if let Some(HoleKind::Parameter(id)) = parameter
                && let Some(name) = defaults.get(id)
            {
                index.roles_by_default.push(name, at, role, account_of(context, role));
            }
        }
        let annotated = facts.service_accounts.iter().filter_map(|it| it.meta.role_arn());
        let mapped = facts.aws_auths.iter().flat_map(|it| it.mappings()).flat_map(|it| it.arn.known());
        let entries = facts.access_entries.iter().flat_map(|it| it.principal.known());
        for text in annotated.chain(mapped).chain(entries) {
            let Some(arn) = Arn::of_role(text) else { continue };
            if let (Some(account), Some(name)) = (arn.account_id(), arn.name().as_ref().and_then(Text::as_str)) {
                index.roles_by_name.mention(name, account, text.span().file);
                index.described_roles.mention(name, account, text.span().file);
            }
        }
        index.roles_by_name.finish();
        index.described_roles.finish();
        index.roles_by_default.finish();
        for (at, cluster) in facts.clusters.iter().enumerate() {
            if let Some(name) = cluster.name.only().and_then(Text::key) {
                for deployment in deployments.of_fact(&facts.clusters, at, cluster.origin.name.file) {
                    index.clusters_by_name.entry((deployment, name.clone().into_owned())).or_default().push(at);
                }
            }
        }
        for (at, group) in facts.node_groups.iter().enumerate() {
            if let Some(name) = group.cluster.only() {
                for deployment in deployments.of_fact(&facts.node_groups, at, name.span().file) {
                    index.node_groups_by_deployment.entry(deployment).or_default().push(at);
                }
            }
        }
        for (at, profile) in facts.fargate_profiles.iter().enumerate() {
            if let Some(name) = profile.cluster.only() {
                for deployment in deployments.of_fact(&facts.fargate_profiles, at, name.span().file) {
                    index.fargate_profiles_by_deployment.entry(deployment).or_default().push(at);
                }
            }
        }
        let named = || {
            let accounts = facts.service_accounts.iter().enumerate();
            accounts.filter_map(|(at, it)| Some((at, &*it.meta, it.meta.name.string()?)))
        };
        index.service_accounts =
            ByHash::new(named().filter_map(|(at, meta, name)| Some(((meta.namespace.string()?, name), at))));
        let others = || named().filter(|(_, meta, _)| meta.namespace.string().is_none());
        index.built_service_accounts =
            ByHash::new(others().filter_map(|(at, meta, name)| Some(((meta.built.namespace_by?, name), at))));
        let loose = others().filter(|(_, it, _)| it.built.namespace_by.is_none() && it.namespace.is_absent());
        index.loose_service_accounts = ByHash::new(loose.flat_map(|(at, meta, name)| {
            let all = deployments.of_fact(&facts.service_accounts, at, meta.whole.file);
            all.map(move |it| ((it, name), at))
        }));
        let addons = facts.addons.iter().enumerate().filter(|(_, it)| it.name.is("vpc-cni") != Some(false));
        index.cni_addons = addons.map(|(at, _)| at).collect();
        let associations = facts.pod_identity_associations.iter().enumerate().filter(|(_, it)| {
            let of_the_cni = match &it.addon {
                Some(addon) => addon.is("vpc-cni"),
                None => it.service_account.is("aws-node"),
            };
            of_the_cni != Some(false)
        });
        index.cni_associations = associations.map(|(at, _)| at).collect();
        let mut accounts = facts.service_accounts.iter().filter(|it| it.meta.name.is("aws-node") != Some(false));
        index.has_cni_account = accounts.any(|it| it.meta.annotation(ROLE_ARN).is_some());
        let parts = (0..).zip(&facts.units).flat_map(|(at, unit)| unit.parts().map(move |part| (part, at)));
        index.units = parts.collect();
        // A file may hold several units, and one that has documents of its own besides.
        index.units.sort_by_key(|(part, _)| (part.file.number(), part.bounds()));
        for (at, parameter) in facts.parameters.iter().enumerate() {
            let values = parameter.default.iter().chain(&parameter.allowed);
            for place in values.map(Text::whole) {
                index.parameter_values.entry(place.file).or_default().push((place, parameter.id.clone()));
            }
            index.parameters.insert(parameter.id.clone(), at);
        }
        for values in index.parameter_values.values_mut() {
            values.sort_by(|(a, x), (b, y)| {
                (a.bounds(), x.unit.document, &x.name).cmp(&(b.bounds(), y.unit.document, &y.name))
            });
        }
        index
    }
}

impl Index {
    /// Adds what AWS describes. Several commands may describe one role: the one that shows its policies counts.
    fn add_described(&mut self, facts: &Tables) {
        let mut by_arn: HashMap<&str, usize> = HashMap::default();
        for (at, role) in facts.roles.iter().enumerate() {
            let Some(arn) = role.arn.as_deref().and_then(Text::as_str) else { continue };
            let known = by_arn.entry(arn).or_insert(at);
            if role.managed_policies.complete && !facts.roles[*known].managed_policies.complete {
                *known = at;
            }
        }
        let mut chosen: Vec<usize> = by_arn.into_values().collect();
        chosen.sort_unstable();
        for at in chosen {
            let role = &facts.roles[at];
            if let Some(name) = role.name.string() {
                self.described_roles.push(name, at, role, role.account());
            }
        }
        for (at, policy) in facts.policies.iter().enumerate() {
            if let Some(arn) = policy.arn.as_deref().and_then(Text::as_str) {
                self.described_policies.entry(arn.to_owned()).or_insert(at);
            }
        }
    }
}

fn by_resource<'f>(origins: impl Iterator<Item = &'f Origin>) -> ByHash {
    ByHash::new(origins.enumerate().filter_map(|(at, it)| Some((it.resource.as_ref()?, at))))
}
