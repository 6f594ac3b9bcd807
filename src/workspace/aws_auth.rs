//! Questions about `aws-auth`: which ConfigMap is read, which cluster it belongs to, and how to change it.

use std::collections::HashMap;

use super::Workspace;
use crate::edit::Change;
use crate::facts::{AwsAuth, Cluster, Fault, Mapping, Purpose, Role, RoleUse, Section};
use crate::iam::Arn;
use crate::source::Span;

impl Workspace {
    /// The ConfigMaps whose content counts: called `aws-auth`, and not certainly outside `kube-system`.
    pub fn aws_auths(&self) -> impl Iterator<Item = &AwsAuth> {
        self.facts.aws_auths.iter().filter(|it| it.meta.name.is("aws-auth") == Some(true) && it.is_read())
    }

    /// The ConfigMaps whose content may count: they may be called `aws-auth`, too.
    pub fn aws_auths_perhaps(&self) -> impl Iterator<Item = &AwsAuth> {
        self.facts.aws_auths.iter().filter(|it| it.is_read())
    }

    /// The sections of the ConfigMaps whose content counts.
    pub fn aws_auth_sections(&self) -> impl Iterator<Item = &Section> {
        self.aws_auths().flat_map(|it| &it.sections)
    }

    /// What the decoder drops or cannot read of these sections.
    pub fn aws_auth_faults(&self) -> impl Iterator<Item = (&Section, &Fault)> {
        self.aws_auth_sections().flat_map(|section| section.faults.iter().map(move |it| (section, it)))
    }

    /// The entries of these ConfigMaps.
    pub fn mappings(&self) -> impl Iterator<Item = &Mapping> {
        self.aws_auths().flat_map(AwsAuth::mappings)
    }

    /// The key of a mapping's ARN in the user's own spelling: `rolearn`, or `arn` for eksctl.
    pub fn arn_key(&self, mapping: &Mapping) -> &str {
        let plain = |it: &&str| it.bytes().all(|byte| byte.is_ascii_alphanumeric());
        mapping.arn.key.map(|key| self.written_key(key)).filter(plain).unwrap_or(mapping.section.arn_key())
    }

    /// Clusters and their `aws-auth` ConfigMaps, each where it is the only one of its cluster.
    ///
    /// A ConfigMap does not say which cluster it is for. With two of either, only the configuration can tell.
    pub fn clusters_and_aws_auths(&self) -> Vec<(&Cluster, &AwsAuth)> {
        let found = self.aws_auths().filter_map(|it| Some((self.cluster_of_file(it.meta.whole.file)?, it)));
        let mut found: Vec<(&Cluster, &AwsAuth)> = found.collect();
        let mut counts: HashMap<Span, usize> = HashMap::new();
        found.iter().for_each(|(cluster, _)| *counts.entry(cluster.origin.name).or_default() += 1);
        found.retain(|(cluster, _)| counts.get(&cluster.origin.name) == Some(&1));
        found
    }

    /// Whether a mapping is for a role. A role whose name AWS makes up may be any.
    pub fn maps(&self, mapping: &Mapping, role: &Role) -> Option<bool> {
        let arn = mapping.arn.only()?;
        if let Some(found) = self.role(arn) {
            return Some(found.origin.is(&role.origin));
        }
        let name = Arn::parse(arn)?.name()?;
        let (mapped, wanted) = (name.as_str()?, role.name.string()?);
        if mapped.eq_ignore_ascii_case(wanted) { None } else { Some(false) }
    }

    /// Why the role of a mapping is what it is: what refers to it besides mappings.
    pub fn mapped_role_use<'w>(&'w self, mapping: &Mapping, purpose: Purpose) -> Option<&'w RoleUse> {
        let role = self.role_of(&mapping.arn)?;
        self.links(role).certain_uses().find(|it| it.purpose == purpose && it.user.is_some())
    }

    /// A change that gives a mapping one more group, written like the others. `None` if there are no others.
    pub fn add_group(&self, mapping: &Mapping, group: &str) -> Option<Change> {
        Some(Change::add_item_after(&mapping.groups.items.last()?.value, group))
    }
}
