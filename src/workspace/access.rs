//! Questions about clusters, their authentication modes, and whom their access entries let in.

use crate::facts::{AccessEntry, Cluster, DocumentKind, Evidence, Field, NodeGroup, Purpose, Role, RoleUse};
use crate::iam::{Arn, PolicyDocument, covers_action};
use crate::source::{Attribute, FileId, Span, Text};

use super::Workspace;

/// Of more node groups or Fargate profiles of one file than this the others are not asked for the account of their cluster.
const MOST_ASKED: usize = 300;

impl Workspace {
    /// The cluster that an object of a file is for, where the object cannot say so: that of the configuration, or the
    /// only one of the run.
    pub fn cluster_of_file(&self, file: FileId) -> Option<&Cluster> {
        let only = || self.facts.clusters.first().filter(|_| self.facts.clusters.len() == 1);
        let only = || only().filter(|it| !self.are_apart(file, it.origin.name.file));
        self.cluster_given(file).or_else(|| only().filter(|_| self.is_left_open(file, 0)))
    }

    /// The node groups that name their cluster in a file: those of clusters of other files are not known to be theirs.
    pub(super) fn node_groups_in(&self, file: FileId) -> impl Iterator<Item = &NodeGroup> {
        let groups = self.index.node_groups_by_file.get(&file).into_iter().flatten();
        groups.map(|at| &self.facts.node_groups[*at])
    }

    /// The account of a cluster: that of a role which can only be of the same account, where its ARN is written out, or
    /// the one that the configuration says.
    pub fn account_of_cluster(&self, cluster: &Field<Text>) -> Option<Text> {
        let declared = self.cluster(cluster);
        let own = declared.into_iter().flat_map(|it| [&it.role, &it.auto_node_role]);
        let of_it = |name: &Field<Text>| self.same_cluster(name, cluster) == Some(true);
        let file = cluster.only()?.span().file;
        let groups = self.node_groups_in(file).take(MOST_ASKED).filter(|it| of_it(&it.cluster)).map(|it| &it.role);
        let profiles = self.index.fargate_profiles_by_file.get(&file).into_iter().flatten().take(MOST_ASKED);
        let profiles = profiles.map(|at| &self.facts.fargate_profiles[*at]);
        let profiles = profiles.filter(|it| of_it(&it.cluster)).map(|it| &it.role);
        let mut roles = own.chain(groups).chain(profiles);
        let by_role = roles.find_map(|role| {
            let arn = Arn::parse(role.only()?)?;
            arn.account_id().is_some().then_some(arn.account)
        });
        by_role.or_else(|| self.account_of_file(file).cloned())
    }

    /// True if a principal is certainly a role.
    pub fn is_role(&self, principal: &Text) -> bool {
        match self.followed(principal).reference() {
            Some(reference) => reference.attribute == Attribute::Arn && self.role(principal).is_some(),
            None => Arn::parse(principal).is_some_and(|arn| arn.is_iam("role")),
        }
    }

    /// Uses of an entry's role by others than the entry: what the role is for, as far as something refers to it.
    pub fn other_uses<'w>(&'w self, entry: &'w AccessEntry) -> impl Iterator<Item = &'w RoleUse> {
        let role = self.role_of(&entry.principal);
        role.into_iter().flat_map(|it| self.links(it).certain_uses()).filter(move |it| {
            it.user != entry.origin.resource && it.purpose != Purpose::Principal && it.evidence == Evidence::Reference
        })
    }

    /// Those of [`Workspace::other_uses`] that there certainly are together with the entry.
    pub fn uses_beside<'w>(&'w self, entry: &'w AccessEntry) -> impl Iterator<Item = &'w RoleUse> {
        self.other_uses(entry).filter(|it| it.branch.surely_meets(&entry.origin.branch))
    }

    /// Statements that grant an action by its name and without conditions, each with what else its holder may do.
    pub fn grants_of<'w>(&'w self, action: &str) -> Vec<Grant<'w>> {
        let mut grants = Vec::new();
        let mut add = |document: &'w PolicyDocument, holders: Vec<&'w Role>| {
            let named = document.allowing(action).filter(|it| it.conditions.is_empty());
            let named = named.filter_map(|it| it.actions.iter().find(|pattern| names(pattern, action))).next();
            if let Some(text) = named {
                grants.push(Grant { workspace: self, span: text.span(), document, holders });
            }
        };
        for role in &self.facts.roles {
            for policy in role.inline_policies.iter() {
                policy.document.known().for_each(|document| add(document, vec![role]));
            }
        }
        for (policy, holders) in self.facts.policies.iter().zip(self.holders()) {
            policy.document.known().for_each(|document| add(document, holders.clone()));
        }
        self.standalone(DocumentKind::Permissions).for_each(|it| add(it, Vec::new()));
        grants
    }
}

/// Whether a pattern covers an action and says more of it than its service: `eks:*` names nothing.
fn names(pattern: &Text, action: &str) -> bool {
    let Some(known) = pattern.as_str() else { return false };
    let says = known.split_once(':').is_some_and(|(_, name)| name.trim_matches('*').len() > "create".len());
    says && covers_action(known, action)
}

/// A statement that grants something, and who holds it.
pub struct Grant<'w> {
    workspace: &'w Workspace,
    /// The action, as it is written.
    pub span: Span,
    document: &'w PolicyDocument,
    holders: Vec<&'w Role>,
}

impl Grant<'_> {
    /// Whether every holder may do another thing too: by the same document, or by any policy of its role.
    pub fn also(&self, action: &str) -> Option<bool> {
        if self.holders.is_empty() {
            return self.document.grants(action);
        }
        let mut answer = Some(true);
        for role in &self.holders {
            answer = crate::iam::and(answer, self.workspace.grants(role, action));
        }
        answer
    }
}
