//! A workload whose service account is not in the files, though others of its namespace are.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

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

pub fn check(workspace: &Workspace, report: &mut Report) {
    for workload in &workspace.facts.workloads {
        let Some(text) = workload.service_account.only() else { continue };
        let Some(name) = text.as_str().filter(|it| !it.is_empty() && !BROUGHT_ALONG.contains(it)) else { continue };
        let neighbours: Vec<&str> = neighbours(workspace, &workload.meta).collect();
        if neighbours.is_empty() || neighbours.contains(&name) {
            continue;
        }
        // A name that another workload uses is no slip of this one.
        let others = workspace.facts.workloads.iter().filter_map(|it| it.service_account.string());
        let used: Vec<&str> = others.collect();
        let unused = neighbours.into_iter().filter(|it| !used.contains(it));
        match crate::names::nearest(name, unused) {
            Some(meant) => {
                report
                    .at(text.span(), format!("no service account `{name}` is declared, but `{meant}` is"))
                    .label(text.span(), format!("did you mean `{meant}`? No workload uses that one"))
                    .fix(Safety::Suggestion, format!("write `{meant}`"), [Edit::replace(text.span(), meant)])
                    .level(Level::Warning);
            }
            None => {
                report
                    .at(text.span(), format!("no service account `{name}` is declared beside the others"))
                    .label(text.span(), "without it no pod is made")
                    .help("if a chart or another repository declares it, all is well");
            }
        }
    }
}

/// The service accounts of the same namespace that are declared in the same folder.
fn neighbours<'w>(workspace: &'w Workspace, meta: &'w ObjectMeta) -> impl Iterator<Item = &'w str> {
    let folder = |span: Span| workspace.path(span.file).rsplit_once('/').map_or("", |(folder, _)| folder);
    workspace.facts.service_accounts.iter().map(|it| &it.meta).filter_map(move |it| {
        let both_absent = it.namespace.is_absent() && meta.namespace.is_absent();
        let same = match (it.namespace.string(), meta.namespace.string()) {
            (Some(a), Some(b)) => a == b,
            _ => both_absent && it.whole.file == meta.whole.file,
        };
        (same && folder(it.whole) == folder(meta.whole)).then(|| it.name.string())?
    })
}
