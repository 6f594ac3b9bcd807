//! Questions about clusters, their authentication modes, and whom their access entries let in.

use crate::facts::{
    AccessEntry, Cluster, DocumentKind, Evidence, Field, Limit, NodeGroup, Purpose, Role, RoleUse, Tables,
};
use crate::iam::{Arn, PolicyDocument, covers_action};
use crate::source::{Attribute, FileId, Span, Text};

use super::Workspace;
use super::index::Index;

/// Of more node groups or Fargate profiles of one file than this the others are not asked for the account of their cluster.
const MOST_ASKED: usize = 300;

/// The first node group or Fargate profile of the run that is not [asked](MOST_ASKED).
pub(super) fn node_groups_beyond(facts: &Tables, index: &Index) -> Option<Limit> {
    let group = index.node_groups_by_file.values().filter_map(|it| it.get(MOST_ASKED)).min();
    let profile = index.fargate_profiles_by_file.values().filter_map(|it| it.get(MOST_ASKED)).min();
    let group = group.map(|at| &facts.node_groups[*at].origin);
    let place = group.or_else(|| profile.map(|at| &facts.fargate_profiles[*at].origin))?.name;
    Some(Limit::part(place, format!("more than {MOST_ASKED} node groups or Fargate profiles in a file")))
}

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
        let role = entry.principal.only().and_then(|it| self.role(it));
        role.into_iter().flat_map(|it| self.links(it).certain_uses()).filter(move |it| {
            it.user != entry.origin.resource && it.purpose != Purpose::Principal && it.evidence == Evidence::Reference
        })
    }

    /// Statements that grant an action by its name and without conditions, each with what else its holder may do.
    pub fn grants_of<'w>(&'w self, action: &str) -> Vec<Grant<'w>> {
        let mut grants = Vec::new();
        let mut add = |document: &'w PolicyDocument, holders: Vec<&'w Role>| {
            let named = document.statements.iter().find_map(|it| {
                let allows = it.effect_is("Allow") == Some(true) && it.covers_action(action) == Some(true);
                let text = it.actions.iter().find(|pattern| names(pattern, action))?;
                (allows && it.conditions.is_empty()).then_some(text)
            });
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
        for standalone in self.facts.policy_documents.iter().filter(|it| it.kind == DocumentKind::Permissions) {
            add(&standalone.document, Vec::new());
        }
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
