//! Access entries: what else their roles are for, and which type those for nodes should have.

use std::borrow::Cow;

use crate::diagnostic::Certainty;
use crate::facts::{AccessEntry, Evidence, Purpose, Role, RoleUse, UnitKind};
use crate::source::Span;

use super::{Started, Workspace};

/// A type, and what shows that it is the right one.
pub struct ShownType {
    pub kind: &'static str,
    pub span: Span,
    pub why: String,
}

/// Questions about access entries.
#[derive(Clone, Copy)]
pub struct AccessEntries<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Access entries: what their roles are for, and which type they should have.
    pub fn access_entries(&self) -> AccessEntries<'_> {
        AccessEntries { workspace: self }
    }
}

impl<'w> AccessEntries<'w> {
    /// The role that an entry is for, and how sure that is: see [`super::Roles::likely`].
    pub fn role(self, entry: &'w AccessEntry) -> Option<(&'w Role, Certainty)> {
        self.workspace.roles().likely_of(&entry.origin, &entry.principal)
    }

    /// The type of an entry as its author writes it: Cluster API takes the types of EKS in lowercase.
    pub fn written_type<'a>(self, entry: &AccessEntry, kind: &'a str) -> Cow<'a, str> {
        let is_lowered = self.workspace.unit_kind(entry.origin.whole) == Some(UnitKind::ClusterApi);
        if is_lowered { kind.to_ascii_lowercase().into() } else { kind.into() }
    }

    /// Uses of an entry's role by others than the entry: what the role is for, as far as something refers to it.
    pub fn other_uses(self, entry: &'w AccessEntry) -> impl Iterator<Item = &'w RoleUse> {
        let links = self.role(entry).map(|(it, _)| self.workspace.roles().links(it));
        // Many entries may be for one role, and each is a use of it.
        let links = links.filter(|it| it.is_used_other_than_as(Purpose::Principal));
        links.into_iter().flat_map(|it| it.certain_uses()).filter(move |it| {
            it.user != entry.origin.resource && it.purpose != Purpose::Principal && it.evidence == Evidence::Reference
        })
    }

    /// Those of [`AccessEntries::other_uses`] that there certainly are together with the entry.
    pub fn uses_beside(self, entry: &'w AccessEntry) -> impl Iterator<Item = &'w RoleUse> {
        self.other_uses(entry).filter(|it| it.branch.surely_meets(&entry.origin.branch))
    }

    /// The type that the role of an entry, its cluster, and what is written in the entry show. `None` if nothing does.
    ///
    /// What refers to the role says more than its policies and its trust policy, and those say more than the entry.
    pub fn shown_type(self, entry: &AccessEntry, started: Started) -> Option<ShownType> {
        let uses = || self.uses_beside(entry);
        uses()
            .filter(|it| !it.is_assertion)
            .find_map(|it| shown_by(it, started))
            .or_else(|| self.by_cluster_role(entry))
            .or_else(|| self.by_policies(entry, started))
            .or_else(|| by_entry(entry))
            .or_else(|| uses().find_map(|it| shown_by(it, started)))
            .or_else(|| self.by_cluster_mode(entry))
    }

    /// A cluster in Auto Mode names the role, which the files may not declare.
    fn by_cluster_role(self, entry: &AccessEntry) -> Option<ShownType> {
        let (cluster, principal) = (self.workspace.clusters().of(&entry.cluster)?, entry.principal.only()?);
        let role = cluster.auto_node_role.only()?;
        (self.workspace.roles().same(role, principal) == Some(true)).then(|| ShownType {
            kind: "EC2",
            span: role.span(),
            why: format!("the role of Auto Mode nodes, by {}", cluster.shown()),
        })
    }

    fn by_policies(self, entry: &AccessEntry, started: Started) -> Option<ShownType> {
        let (role, _) = self.role(entry)?;
        if let Some(shown) = self
            .workspace
            .roles()
            .links(role)
            .shown_not_on_ec2()
            .or_else(|| self.workspace.roles().links(role).shown_auto_mode())
        {
            return shown_by(shown, started);
        }
        let mut guesses = self.workspace.roles().links(role).uses().filter(|it| it.evidence == Evidence::Policy);
        guesses.find(|it| it.purpose == Purpose::SelfManagedNode).and_then(|it| shown_by(it, started))
    }

    /// A cluster in Auto Mode of which no other nodes are declared.
    fn by_cluster_mode(self, entry: &AccessEntry) -> Option<ShownType> {
        let cluster = self.workspace.clusters().of(&entry.cluster)?;
        let compute = cluster.compute.only().filter(|it| it.value)?;
        let has_others = self.workspace.clusters().may_have_node_groups(cluster)
            || !self.workspace.facts.launch_templates.is_empty();
        (!has_others).then(|| ShownType {
            kind: "EC2",
            span: compute.span,
            why: format!("{} is in EKS Auto Mode", cluster.shown()),
        })
    }
}

fn shown_by(used: &RoleUse, started: Started) -> Option<ShownType> {
    let (kind, noun) = match used.purpose {
        Purpose::SelfManagedNode if started.windows.is_some() && started.linux.is_none() => {
            ("EC2_WINDOWS", "Windows nodes")
        }
        Purpose::SelfManagedNode => ("EC2_LINUX", "self-managed nodes"),
        Purpose::AutoModeNode => ("EC2", "Auto Mode nodes"),
        Purpose::HybridNode => ("HYBRID_LINUX", "hybrid nodes"),
        _ => return None,
    };
    Some(ShownType { kind, span: used.span, why: format!("the role of {noun}, by {}", used.by) })
}

/// What an entry copied from `aws-auth` says of its nodes, or the access policy of Auto Mode.
fn by_entry(entry: &AccessEntry) -> Option<ShownType> {
    let group = |name: &str| entry.groups.iter().find(|it| it.is(name) == Some(true));
    let policy = |name: &str| {
        let mut arns = entry.policies.iter().filter_map(|it| it.arn.only());
        arns.find(|it| it.ends_with(name) == Some(true))
    };
    let named = |variable: &str| {
        let mut names = entry.username.known();
        names.find(|it| it.starts_with("system:node:") == Some(true) && it.contains(variable) == Some(true))
    };
    let found = group("system:node-proxier")
        .map(|it| ("FARGATE_LINUX", it))
        .or_else(|| group("eks:kube-proxy-windows").map(|it| ("EC2_WINDOWS", it)))
        .or_else(|| policy("/AmazonEKSAutoNodePolicy").map(|it| ("EC2", it)))
        .or_else(|| named("{{SessionName").map(|it| ("HYBRID_LINUX", it)))
        .or_else(|| named("{{EC2PrivateDNSName}}").map(|it| ("EC2_LINUX", it)));
    let (kind, text) = found?;
    Some(ShownType { kind, span: text.span(), why: format!("`{}` is for such nodes", text.shown()) })
}
