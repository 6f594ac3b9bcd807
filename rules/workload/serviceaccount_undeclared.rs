//! A workload whose service account is not in the files, though others of its namespace are.

use crate::collections::{HashMap, HashSet};
use crate::names::Candidates;
use crate::prelude::*;
use crate::source::FileId;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

/// Accounts that EKS, its add-ons or Kubernetes bring along.
const BROUGHT_ALONG: &[&str] = &[
    "default",
    "aws-node",
    "kube-proxy",
    "coredns",
    "ebs-csi-controller-sa",
    "ebs-csi-node-sa",
    "efs-csi-controller-sa",
    "efs-csi-node-sa",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // Only the places that workloads are in.
    let mut declared: HashMap<Place<'_>, HashSet<&str>> = HashMap::default();
    for workload in workspace.facts.workloads.iter().filter(|it| it.service_account.only().is_some()) {
        if let Some(place) = place(workspace, &workload.meta) {
            declared.entry(place).or_default();
        }
    }
    if declared.is_empty() {
        return;
    }
    for account in &workspace.facts.service_accounts {
        if let (Some(place), Some(name)) = (place(workspace, &account.meta), account.meta.name.string())
            && let Some(here) = declared.get_mut(&place)
        {
            here.insert(name);
        }
    }
    declared.retain(|_, it| !it.is_empty());
    let accounts = workspace.service_accounts().names();
    let listed = listed(workspace);
    // A name that another workload uses is no slip of this one.
    let unused: HashMap<_, Candidates<'_>> = declared
        .iter()
        .map(|(place, names)| (*place, names.iter().copied().filter(|it| !accounts.is_used(it)).collect()))
        .collect();
    // What controllers have made, their owners speak for.
    for workload in workspace.facts.workloads.iter().filter(|it| !it.makes_no_pods) {
        let Some(text) = workload.service_account.only() else { continue };
        let Some(name) = text.as_str().filter(|it| !it.is_empty() && !BROUGHT_ALONG.contains(it)) else { continue };
        let Some(place) = place(workspace, &workload.meta) else { continue };
        if declared.get(&place).is_none_or(|it| it.contains(name)) {
            continue;
        }
        // Another folder may declare it, as the base of an overlay does. Without a namespace it may be this one.
        if accounts.may_be_declared(workload.meta.namespace.string(), name) {
            continue;
        }
        match unused.get(&place).and_then(|it| findings.nearest(it, name, text.span())) {
            Some(meant) => {
                findings
                    .at(text.span(), format!("no service account `{name}` is declared, but `{meant}` is"))
                    .why(format!("did you mean `{meant}`? No workload uses that one"))
                    .fix_to(Safety::Suggestion, text, meant)
                    .likely()
                    .level(Level::Warning);
            }
            // What somebody declares beside a list may be applied with its account.
            None if let Some((namespace, default)) =
                listed_for(workload, &listed).filter(|_| workspace.is_described(workload.meta.whole)) =>
            {
                findings
                    .at(text.span(), format!("namespace `{namespace}` has no service account `{name}`"))
                    .why("without it no pods are created")
                    .label(default, "its service accounts are listed here")
                    .likely()
                    .level(Level::Warning);
            }
            None => {
                findings
                    .at(text.span(), format!("no service account `{name}` is declared beside the others"))
                    .why("without it no pod is made")
                    .help("if a chart or another repository declares it, all is well");
            }
        }
    }
}

/// The namespaces whose service accounts are all listed, by files: each has a `default`, so where an API server gives that one out,
/// it gives out all of them.
fn listed(workspace: &Workspace) -> HashMap<(FileId, &str), Span> {
    let accounts = workspace.facts.service_accounts.iter().map(|it| &it.meta);
    let default = accounts.filter(|it| it.name.string() == Some("default") && workspace.is_described(it.whole));
    default.filter_map(|it| Some(((it.whole.file, it.namespace.string()?), it.span()))).collect()
}

fn listed_for<'w>(workload: &'w Workload, listed: &HashMap<(FileId, &str), Span>) -> Option<(&'w str, Span)> {
    let namespace = workload.meta.namespace.string()?;
    Some((namespace, *listed.get(&(workload.meta.whole.file, namespace))?))
}

/// Folder and namespace, and where no namespace is written, the file: what stands in one place belongs together.
type Place<'w> = (&'w str, Option<&'w str>, Option<FileId>);

fn place<'w>(workspace: &'w Workspace, meta: &'w ObjectMeta) -> Option<Place<'w>> {
    let file = meta.whole.file;
    let folder = workspace.folder(meta.whole);
    match meta.namespace.string() {
        Some(namespace) => Some((folder, Some(namespace), None)),
        None => meta.namespace.is_absent().then_some((folder, None, Some(file))),
    }
}
