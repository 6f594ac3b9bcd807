//! All facts of all files, and the questions that need more than one of them.
//!
//! What belongs together follows from references, and from names only where exactly one candidate fits. What could
//! belong to two things is unknown, and no rule reports on what is unknown.

mod access_entries;
mod across;
mod adjust;
mod audience;
mod aws_auth;
mod belongings;
mod built;
mod by_hash;
mod clusters;
mod context;
mod documents;
mod environments;
mod found;
mod index;
mod inventory;
mod kustomize;
mod layout;
mod link;
mod links;
mod made;
mod made_index;
mod named;
mod nodes;
mod policies;
mod rbac;
mod roles;
mod scaffolds;
mod service_accounts;
mod sought;
mod unfilled;
mod values;
mod web_identity;
mod written;

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use crate::collections::HashSet;
use crate::config::Declared;
use crate::facts::{Deployments, Facts, Limit, ObjectMeta};
use crate::lookup::Answers;
use crate::source::Files;

use across::Across;
use adjust::adjust;
use context::Context;
use found::{FoundDocument, FoundIdentity};
use index::Index;
use layout::Layouts;
use links::Links;

pub use access_entries::{AccessEntries, ShownType};
pub use aws_auth::AwsAuths;
pub use built::Built;
pub use clusters::Clusters;
pub use documents::{Documents, EksDocument, Resource};
pub use environments::Environments;
pub use found::Provider;
pub use inventory::Inventory;
pub use links::RoleLinks;
pub use nodes::{Nodes, Started};
pub use policies::{Grant, Policies};
pub use rbac::{Names, Rbac, is_built_in, is_built_in_group, is_built_in_role};
pub use roles::Roles;
pub use service_accounts::{AccountNames, ServiceAccounts, Unbound};
pub use unfilled::{Placeholders, Unfilled};
pub use values::Shipped;
pub use web_identity::{
    WebIdentities, WebIdentity, is_every_subject, is_slip_of_web_identity, issuer_of_key, without_scheme,
};

/// Everything that is known of files which are linked together.
pub struct Workspace {
    inventory: Inventory,
    links: Links,
    index: Index,
    across: Across,
    deployments: Deployments,
    /// What the configuration says of the files.
    context: Option<Context>,
    /// The placeholders that something fills in, as the configuration says.
    filled: HashSet<String>,
    /// What a search found of the others; nothing if nobody searched.
    answers: Option<Arc<Answers>>,
    /// Found when it is first asked for: see [`Placeholders::unfilled`].
    unfilled: OnceLock<Vec<Unfilled>>,
    layouts: Layouts,
    /// Found when they are first asked for, after everything is linked: see [`WebIdentities::all`], [`Documents::all_of_eks`].
    web_identities: OnceLock<Vec<FoundIdentity>>,
    eks_documents: OnceLock<Vec<FoundDocument>>,
}

impl Workspace {
    /// Links the facts of files, which come in the order of the files, and behind them those of units of several files.
    /// `filled`: the placeholders that something fills in, and `declared` what else the configuration says of the files.
    pub fn link(
        mut files: Files,
        facts: Vec<Arc<Facts>>,
        filled: HashSet<String>,
        declared: Option<Arc<Declared>>,
    ) -> Self {
        let mut limits = Vec::new();
        let mut context = declared.map(|declared| {
            let (context, beyond) = Context::new(declared, &files, &facts);
            limits.extend(beyond);
            context
        });
        let adjusted = adjust(&mut files, facts, context.as_mut());
        limits.extend(adjusted.limits);
        // Findings may point at what the configuration says.
        context.iter().flat_map(Context::texts).for_each(|(file, source)| files.push_text(file, source));
        let facts = adjusted.tables;
        let deployments = Deployments::new(&facts.units);
        let index = Index::new(&facts, &deployments, context.as_ref());
        limits.extend(index.limits(&facts));
        let mut workspace = Self {
            across: Across::new(&facts, &files),
            deployments,
            inventory: Inventory { files, facts, recognised: adjusted.recognised },
            links: Links { limits, ..Links::default() },
            index,
            context,
            filled,
            answers: None,
            unfilled: OnceLock::new(),
            layouts: Layouts::default(),
            web_identities: OnceLock::new(),
            eks_documents: OnceLock::new(),
        };
        workspace.link_roles();
        workspace.links.by_name = workspace.clusters().linked_by_name();
        workspace
    }

    /// Takes what a search for [`Placeholders::wanted_tokens`] found.
    pub fn set_answers(&mut self, answers: Option<Arc<Answers>>) {
        self.answers = answers;
    }

    /// The objects that are always read: service accounts, what names one, and RBAC. What is said of other objects would
    /// depend on what else stands in their documents, because those that cannot matter are passed over.
    pub fn identity_objects(&self) -> impl Iterator<Item = &ObjectMeta> {
        let facts = &self.facts;
        let accounts = facts.service_accounts.iter().map(|it| &it.meta);
        let workloads = facts.workloads.iter().filter(|it| !it.service_account.is_absent()).map(|it| &it.meta);
        let roles = facts.rbac_roles.iter().map(|it| &it.meta);
        let bindings = facts.role_bindings.iter().map(|it| &it.meta);
        accounts.chain(workloads).chain(roles).chain(bindings).map(|it| &**it)
    }

    /// Every limit that was reached: while files were read, and while they were linked.
    pub fn limits(&self) -> impl Iterator<Item = &Limit> {
        self.facts.limits.iter().chain(&self.links.limits)
    }

    /// Says that a limit was reached.
    pub(crate) fn add_limit(&mut self, limit: Limit) {
        self.links.limits.push(limit);
    }
}

impl Deref for Workspace {
    type Target = Inventory;

    fn deref(&self) -> &Inventory {
        &self.inventory
    }
}
