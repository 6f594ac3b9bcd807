//! The properties that name roles and policies, and the values they hold: which want an ARN, which a name.

use std::collections::{BTreeMap, HashMap};

use crate::facts::{DocumentKind, Field, List, Role};
use crate::iam::{Arn, Partition, partition_of_region};
use crate::source::{Attribute, FileId, Span, Text};

use super::Workspace;

/// An ARN of a policy, or of a resource in one.
#[derive(Clone, Copy)]
pub struct Resource<'w> {
    pub text: &'w Text,
    /// True if it stands in a template, which can say the partition of its stack.
    pub in_template: bool,
    /// True if it is there under all conditions.
    pub is_always: bool,
}

impl Workspace {
    /// The role whose name a text is because it is the role's `Ref`.
    pub fn role_by_ref(&self, text: &Text) -> Option<&Role> {
        text.reference().filter(|it| it.attribute == Attribute::Ref)?;
        self.role(text)
    }

    /// The properties that want the ARN of a role (CloudFormation reference of `AWS::EKS`), by what they are called there.
    pub fn role_arns(&self) -> Vec<(&'static str, &Field<Text>)> {
        let facts = &self.facts;
        let mut found: Vec<(&'static str, &Field<Text>)> = Vec::new();
        found.extend(facts.clusters.iter().map(|it| ("RoleArn", &it.role)));
        found.extend(facts.clusters.iter().map(|it| ("NodeRoleArn", &it.auto_node_role)));
        found.extend(facts.node_groups.iter().map(|it| ("NodeRole", &it.role)));
        found.extend(facts.fargate_profiles.iter().map(|it| ("PodExecutionRoleArn", &it.role)));
        found.extend(facts.addons.iter().map(|it| ("ServiceAccountRoleArn", &it.role)));
        found.extend(facts.pod_identity_associations.iter().map(|it| ("RoleArn", &it.role)));
        found.extend(facts.pod_identity_associations.iter().map(|it| ("TargetRoleArn", &it.target_role)));
        found.extend(facts.capabilities.iter().map(|it| ("RoleArn", &it.role)));
        found.extend(facts.access_entries.iter().map(|it| ("PrincipalArn", &it.principal)));
        found
    }

    /// The properties that want names of roles (CloudFormation reference of `AWS::IAM`).
    pub fn role_names(&self) -> impl Iterator<Item = &List<Text>> {
        let profiles = self.facts.instance_profiles.iter().map(|it| &it.roles);
        self.facts.policies.iter().map(|it| &it.roles).chain(profiles)
    }

    /// Policies that roles name by their ARNs: those of EKS roles, and those that are named after EKS.
    pub fn attached_policy_arns(&self) -> impl Iterator<Item = &Text> {
        let of_eks = |it: &Text| ["EKS", "ContainerRegistry", "CSIDriver"].iter().any(|word| it.bytes().contains(word));
        self.facts.roles.iter().flat_map(move |role| {
            let is_eks = !self.links(role).uses.is_empty();
            let boundary = role.permissions_boundary.known();
            role.managed_policies.iter().chain(boundary).filter(move |it| is_eks || of_eks(it))
        })
    }

    /// The partitions that policies attached to the roles of one file name, under all conditions, each with its places.
    pub fn named_partitions(&self, file: FileId) -> BTreeMap<String, Vec<Span>> {
        let mut found: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        let roles = self.eks_roles().filter(|it| it.origin.name.file == file);
        let attached = roles.flat_map(|it| it.managed_policies.items.iter()).filter(|it| it.branch.is_always());
        for partition in attached.filter_map(|it| Arn::parse(&it.value)).map(|it| it.partition) {
            let Some(id) = partition.as_str().filter(|it| crate::iam::partition(it).is_some()) else { continue };
            found.entry(id.to_owned()).or_default().push(partition.span());
        }
        found
    }

    /// The ARNs that IAM checks when a policy of EKS is made or attached.
    pub fn eks_resources(&self) -> Vec<Resource<'_>> {
        let mut found = Vec::new();
        for role in self.eks_roles() {
            let attached = role.managed_policies.items.iter();
            let in_template = role.origin.resource.is_some();
            found.extend(attached.map(|it| Resource {
                text: &it.value,
                in_template,
                is_always: it.branch.is_always(),
            }));
        }
        for it in self.eks_documents_of(DocumentKind::Permissions) {
            for statement in &it.document.statements.items {
                let resources = statement.value.resources.items.iter();
                found.extend(resources.map(|resource| Resource {
                    text: &resource.value,
                    in_template: it.in_template,
                    is_always: statement.branch.is_always() && resource.branch.is_always(),
                }));
            }
        }
        found.sort_by_key(|it| self.files.position(it.text.span()));
        found.dedup_by_key(|it| it.text.span());
        found
    }

    /// For each file of which it is known which partition it is for, by its own ARNs and issuers or by the configuration:
    /// that one, and where it is said.
    pub fn known_regions(&self) -> HashMap<FileId, (&'static Partition, Span)> {
        let mut found: HashMap<FileId, Option<(&'static Partition, Span)>> = HashMap::new();
        let mut enter = |file: FileId, place: Span, partition: &'static Partition| {
            let entry = found.entry(file).or_insert(Some((partition, place)));
            if entry.is_some_and(|(other, _)| other.id != partition.id) {
                *entry = None;
            }
        };
        let mut add = |place: Span, region: &str| {
            partition_of_region(region).into_iter().for_each(|it| enter(place.file, place, it));
        };
        for it in self.eks_documents() {
            for item in it.document.statements.items.iter().filter(|it| it.branch.is_always()) {
                let resources = item.value.resources.items.iter().filter(|it| it.branch.is_always());
                for resource in resources.map(|it| &it.value) {
                    let Some(arn) = Arn::parse(resource) else { continue };
                    if let Some(region) = arn.region.as_str() {
                        add(arn.region.span(), region);
                    }
                }
                let keys = item.value.conditions.iter().map(|it| &it.key);
                let providers = item.value.principals.iter().filter(|it| it.is_kind("Federated")).map(|it| &it.value);
                keys.chain(providers).for_each(|text| issuer(text, &mut add));
            }
        }
        for region in self.facts.clusters.iter().filter_map(|it| it.region.only()) {
            region.as_str().into_iter().for_each(|it| add(region.span(), it));
        }
        for provider in &self.facts.oidc_providers {
            provider.url.known().for_each(|text| issuer(text, &mut add));
        }
        for file in self.files.ids() {
            if let Some((partition, place)) = self.partition_of_file(file) {
                enter(file, place, partition);
            }
        }
        found.into_iter().filter_map(|(file, found)| Some((file, found?))).collect()
    }
}

/// Finds the region of an issuer of EKS: `oidc.eks.eu-west-1.amazonaws.com`.
fn issuer(text: &Text, add: &mut impl FnMut(Span, &str)) {
    const HOST: &str = "oidc.eks.";
    let Some(at) = text.bytes().find(HOST) else { return };
    let start = at + HOST.len();
    let Some(length) = text.bytes()[start..].find('.') else { return };
    add(text.slice(start..start + length), &text.bytes()[start..start + length]);
}
