//! What linking finds out of facts: it stands beside them, because facts are shared between runs.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};

use crate::collections::HashMap;
use crate::facts::{Evidence, Limit, OriginKey, Purpose, Role, RoleMention, RoleUse};
use crate::reads::count;
use crate::source::{FileId, Files, Span};

/// What the files say together.
#[derive(Default, Debug)]
pub(super) struct Links {
    /// Every place that says what a role is for.
    pub(super) mentions: Vec<RoleMention>,
    /// For each role of the facts.
    pub(super) roles: Vec<RoleLinks>,
    /// The places of roles in the facts. Nearly every rule about roles asks, so the keys are here, and not only in the facts.
    pub(super) role_at: HashMap<OriginKey, u32>,
    pub(super) loose_policies: LoosePolicies,
    /// For each file that names a cluster which only the name links, and each file that declares one: what names it.
    pub(super) by_name: HashMap<(FileId, FileId), Vec<NameLink>>,
    /// Limits that were reached.
    pub(super) limits: Vec<Limit>,
}

/// Policies that may be attached to roles that cannot be known.
#[derive(Default, Debug)]
pub(super) struct LoosePolicies {
    pub(super) all: Vec<usize>,
    /// For each action that was asked for, whether one of them may grant it. Every role asks for the same few actions.
    may_grant: Mutex<HashMap<String, bool>>,
}

impl LoosePolicies {
    /// Whether one of them may grant an action. `question`: whether a policy may.
    pub(super) fn may_grant(&self, action: &str, question: impl Fn(usize) -> bool) -> bool {
        if self.all.is_empty() {
            return false;
        }
        let mut known = self.may_grant.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(granted) = known.get(action) {
            return *granted;
        }
        let granted = self.all.iter().any(|at| question(*at));
        known.insert(action.to_owned(), granted);
        granted
    }
}

/// A resource that belongs to a cluster of another template because of the name alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct NameLink {
    /// Where the cluster is named.
    pub(super) name: Span,
    /// The resource that names it.
    pub(super) resource: Span,
    /// The declaration of the cluster.
    pub(super) cluster: Span,
}

/// What the files say of a role elsewhere than in its declaration.
#[derive(Clone, Default, Debug)]
pub struct RoleLinks {
    /// What it is for: what refers to it first, then what its policies and its name suggest.
    pub(super) uses: Vec<RoleUse>,
    /// Places in `uses`, in the order in which they stand in the files.
    in_order: Vec<usize>,
    /// Places in [`crate::facts::Tables::policies`] of the policies that other resources attach to it.
    pub attached: Vec<usize>,
    /// False if something in its deployment attaches a policy to roles that cannot be known. This is said of all roles of that
    /// deployment: where one attachment is left to a deploy, others may be that no file shows, and nothing is known to be missing.
    pub attachments_known: bool,
    /// A bit for each purpose that one of the uses has.
    purposes: u16,
}

/// Of a role that is in no file of the project.
pub(super) static NOTHING: RoleLinks =
    RoleLinks { uses: Vec::new(), in_order: Vec::new(), attached: Vec::new(), attachments_known: false, purposes: 0 };

impl RoleLinks {
    /// What a role says of itself.
    pub(super) fn of_declaration(role: &Role) -> Self {
        Self { uses: role.declared_use.as_deref().into_iter().cloned().collect(), ..Self::default() }
    }

    /// What it is for: what refers to it first, then what its policies and its name suggest.
    pub fn uses(&self) -> impl DoubleEndedIterator<Item = &RoleUse> + Clone {
        self.uses.iter().inspect(|_| count())
    }

    /// Whether anything says what it is for.
    pub fn is_used(&self) -> bool {
        !self.uses.is_empty()
    }

    /// Whether anything says that it is for this. Many service accounts may ask it of a role that has a use for each of them.
    pub fn is_used_as(&self, purpose: Purpose) -> bool {
        self.purposes & bit(purpose) != 0
    }

    /// Whether anything says that it is for something else than this.
    pub fn is_used_other_than_as(&self, purpose: Purpose) -> bool {
        self.purposes & !bit(purpose) != 0
    }

    /// The uses that are certain: something refers to the role.
    pub fn certain_uses(&self) -> impl Iterator<Item = &RoleUse> {
        self.uses().filter(|it| it.evidence == Evidence::Reference)
    }

    /// The uses that something says: [`RoleLinks::certain_uses`], and after them those by the defaults of parameters.
    pub fn likely_uses(&self) -> impl Iterator<Item = &RoleUse> {
        self.certain_uses().chain(self.uses().filter(|it| it.evidence == Evidence::Default))
    }

    /// Why the role is a node role, if it is one: the strongest reason.
    ///
    /// Policies suggest it only where nothing says that the role is for something else.
    pub fn node_use(&self) -> Option<&RoleUse> {
        // One role for nodes and for a cluster or Fargate is a finding of its own, whatever else it lacks.
        if self.certain_uses().any(|it| matches!(it.purpose, Purpose::Cluster | Purpose::FargatePodExecution)) {
            return None;
        }
        // An access entry or a mapping for nodes does not make EC2 instances of them.
        if self.shown_not_on_ec2().is_some() {
            return None;
        }
        let is_other = |it: &&RoleUse| match it.purpose {
            purpose if purpose.is_ec2_node() => false,
            // A role with the policies of clusters and of nodes may be either.
            Purpose::Cluster => it.evidence >= Evidence::Policy,
            _ => it.evidence == Evidence::Reference,
        };
        let least = if self.uses().any(|it| is_other(&it)) { Evidence::Reference } else { Evidence::Policy };
        self.use_as(Purpose::is_ec2_node).filter(|it| it.evidence >= least)
    }

    /// What shows that the role is for hybrid nodes or for a capability, where only access entries and mappings say that it
    /// is for nodes on EC2.
    pub fn shown_not_on_ec2(&self) -> Option<&RoleUse> {
        let on_ec2 = self.uses().any(|it| it.purpose.is_ec2_node() && !it.is_assertion && it.evidence > Evidence::Name);
        let shown = self.uses().filter(|it| shows(it));
        let mut shown = shown.filter(|it| matches!(it.purpose, Purpose::HybridNode | Purpose::Capability));
        shown.next().filter(|_| !on_ec2)
    }

    /// The policy that shows that the role is for nodes of Auto Mode, where nothing but access entries and mappings says
    /// that it is for other nodes.
    pub fn shown_auto_mode(&self) -> Option<&RoleUse> {
        let others = [Purpose::ManagedNode, Purpose::SelfManagedNode];
        let mut shown = self.uses().filter(|it| shows(it));
        let is_other = shown.clone().any(|it| others.contains(&it.purpose));
        shown.find(|it| it.purpose == Purpose::AutoModeNode).filter(|_| !is_other)
    }

    /// The strongest reason to take the role for something; of equal ones the first in the files.
    pub fn use_as(&self, purpose: impl Fn(Purpose) -> bool) -> Option<&RoleUse> {
        let in_order = self.in_order.iter().map(|at| &self.uses[*at]).inspect(|_| count());
        // `max_by_key` takes the last of equal ones.
        in_order.rev().filter(|it| purpose(it.purpose)).max_by_key(|it| it.evidence)
    }

    /// Finds out in which order the uses stand in the files.
    pub(super) fn finish(&mut self, files: &Files) {
        self.uses.shrink_to_fit();
        self.purposes = self.uses.iter().map(|it| bit(it.purpose)).fold(0, |all, it| all | it);
        self.in_order = (0..self.uses.len()).collect();
        self.in_order.sort_by_key(|at| (files.position(self.uses[*at].span), Reverse(*at)));
    }
}

/// The bit of a purpose among those of [`RoleLinks::purposes`].
fn bit(purpose: Purpose) -> u16 {
    1 << purpose as u16
}

/// Whether a use shows what a role is for, whatever an access entry or a mapping says of it: a default of a parameter does not.
fn shows(it: &RoleUse) -> bool {
    !it.is_assertion && matches!(it.evidence, Evidence::Policy | Evidence::Reference)
}
