//! The `aws-auth` ConfigMap: which one is read, which cluster it belongs to, and how to change it.

use crate::collections::HashMap;
use crate::edit::Change;
use crate::facts::{AwsAuth, Cluster, Mapping, OriginKey, Purpose, Role, RoleUse, Section, Violation};
use crate::iam::Arn;

use super::Workspace;

/// Questions about `aws-auth`.
#[derive(Clone, Copy)]
pub struct AwsAuths<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// The `aws-auth` ConfigMap: which one is read, and what it maps.
    pub fn aws_auth(&self) -> AwsAuths<'_> {
        AwsAuths { workspace: self }
    }
}

impl<'w> AwsAuths<'w> {
    /// The ConfigMaps whose content counts: called `aws-auth`, and not certainly outside `kube-system`.
    pub fn maps(self) -> impl Iterator<Item = &'w AwsAuth> {
        self.all().filter(|(_, is_read)| *is_read == Some(true)).map(|it| it.0)
    }

    /// The ConfigMaps whose content may count: they may be called `aws-auth`, too.
    pub fn possible_maps(self) -> impl Iterator<Item = &'w AwsAuth> {
        self.all().filter(|(_, is_read)| *is_read != Some(false)).map(|it| it.0)
    }

    fn all(self) -> impl Iterator<Item = (&'w AwsAuth, Option<bool>)> {
        self.workspace.facts.aws_auths.iter().zip(self.workspace.index.maps_read.iter().copied())
    }

    /// The sections of the ConfigMaps whose content counts.
    pub fn sections(self) -> impl Iterator<Item = &'w Section> {
        self.maps().flat_map(|it| &it.sections)
    }

    /// What the decoder drops or cannot read of these sections.
    pub fn violations(self) -> impl Iterator<Item = (&'w Section, &'w Violation)> {
        self.sections().flat_map(|section| section.violations.iter().map(move |it| (section, it)))
    }

    /// The entries of these ConfigMaps.
    pub fn mappings(self) -> impl Iterator<Item = &'w Mapping> {
        self.maps().flat_map(AwsAuth::mappings)
    }

    /// Clusters and their `aws-auth` ConfigMaps, each where it is the only one of its cluster.
    ///
    /// A ConfigMap does not say which cluster it is for. With two of either, only the configuration can tell.
    pub fn by_cluster(self) -> Vec<(&'w Cluster, &'w AwsAuth)> {
        let found = self.maps().filter_map(|it| Some((self.workspace.clusters().of_file(it.meta.whole.file)?, it)));
        let mut found: Vec<(&Cluster, &AwsAuth)> = found.collect();
        let mut counts: HashMap<OriginKey, usize> = HashMap::default();
        found.iter().for_each(|(cluster, _)| *counts.entry(cluster.origin.key()).or_default() += 1);
        found.retain(|(cluster, _)| counts.get(&cluster.origin.key()) == Some(&1));
        found
    }

    /// Whether a mapping is for a role. A role whose name AWS makes up may be any.
    pub fn is_for(self, mapping: &Mapping, role: &Role) -> Option<bool> {
        let arn = mapping.arn.only()?;
        if let Some(found) = self.workspace.roles().named(arn) {
            return Some(found.origin.is(&role.origin));
        }
        let name = Arn::parse(arn)?.name()?;
        let (mapped, wanted) = (name.as_str()?, role.name.string()?);
        if mapped.eq_ignore_ascii_case(wanted) { None } else { Some(false) }
    }

    /// Why the role of a mapping is what it is: what refers to it besides mappings.
    pub fn role_use(self, mapping: &Mapping, purpose: Purpose) -> Option<&'w RoleUse> {
        let role = self.workspace.roles().of(&mapping.arn)?;
        let links = self.workspace.roles().links(role);
        links.is_used_as(purpose).then_some(())?;
        links.certain_uses().find(|it| it.purpose == purpose && it.user.is_some())
    }

    /// The key of a mapping's ARN in the user's own spelling: `rolearn`, or `arn` for eksctl.
    pub fn arn_key(self, mapping: &Mapping) -> &'w str {
        let plain = |it: &&str| it.bytes().all(|byte| byte.is_ascii_alphanumeric());
        mapping.arn.key.map(|key| self.workspace.written_key(key)).filter(plain).unwrap_or(mapping.section.arn_key())
    }

    /// A change that gives a mapping one more group, written like the others. `None` if there are no others.
    pub fn add_group(self, mapping: &Mapping, group: &str) -> Option<Change> {
        Some(Change::add_item_after(&mapping.groups.items.last()?.value, group))
    }
}
