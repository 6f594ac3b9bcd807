//! From the facts of each file to those of a deployment: what only other files, or the configuration, say of a fact.
//!
//! The facts of a file are shared between runs and never change. Where a deployment makes something else of them, its file
//! gets facts of its own.

use std::sync::Arc;

use crate::collections::HashSet;
use crate::facts::{Facts, Limit, Tables, Unit};
use crate::iam::PolicyDocument;
use crate::source::{FileId, Files};

use super::context::Context;
use super::{kustomize, scaffolds};

/// The facts of a project.
pub(super) struct Adjusted {
    pub(super) tables: Tables,
    /// Limits that were reached on the way.
    pub(super) limits: Vec<Limit>,
    /// How many files hold something that ekslint knows.
    pub(super) recognised: usize,
}

/// `facts` are those of the files, in their order, and behind them those of units of several files. `context` learns which
/// clusters are those of the configuration.
pub(super) fn adjust(files: &mut Files, mut facts: Vec<Arc<Facts>>, context: Option<&mut Context>) -> Adjusted {
    scaffolds::forget(&mut facts, files);
    let recognised = recognised(files, &facts);
    let mut limits = trust_policies_cut_off(&facts);
    limits.extend(kustomize::apply(&mut facts, files));
    if let Some(context) = context {
        context.add_views(files);
        context.set_namespaces(&mut facts, files);
        context.bind_clusters(&mut facts);
    }
    Adjusted { tables: Tables::new(facts), limits, recognised }
}

/// How many files hold something that ekslint knows.
fn recognised(files: &Files, facts: &[Arc<Facts>]) -> usize {
    let (of_files, of_units) = facts.split_at(files.len());
    let of_units = of_units.iter().filter(|it| !it.is_empty()).flat_map(|it| &it.units);
    let parts: HashSet<FileId> = of_units.flat_map(Unit::parts).map(|it| it.file).collect();
    files.ids().zip(of_files).filter(|(file, it)| !it.is_empty() || parts.contains(file)).count()
}

/// The first trust policy of each file that is longer than is kept.
fn trust_policies_cut_off(facts: &[Arc<Facts>]) -> Vec<Limit> {
    let documents = facts.iter().flat_map(|it| &it.roles).flat_map(|it| it.trust.known());
    let mut seen = HashSet::default();
    let beyond = documents.filter_map(|it| it.beyond).filter(|it| seen.insert(it.file));
    let message = || format!("more than {} principals, actions and values in a trust policy", PolicyDocument::LONGEST);
    beyond.map(|it| Limit::part(it, message())).collect()
}
