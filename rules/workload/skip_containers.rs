//! `eks.amazonaws.com/skip-containers` with a name that no container has.

use crate::collections::HashSet;
use crate::iam::{SKIP_CONTAINERS, parse_csv};
use crate::names::Candidates;
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for workload in &workspace.facts.workloads {
        let Some(text) = workload.pod_meta().string_annotation(SKIP_CONTAINERS) else { continue };
        let Some(value) = text.as_str() else { continue };
        let Some(names) = parse_csv(value) else {
            findings
                .at(text.span(), format!("`{value}` is not a list with commas"))
                .why("the webhook cannot read it, and skips no container")
                .help("write the names of the containers with commas between them");
            continue;
        };
        let known: Option<HashSet<&str>> = workload.containers.iter().map(|it| it.name.string()).collect();
        let Some(known) = known.filter(|_| workload.containers.complete) else { continue };
        let candidates: Candidates<'_> = known.iter().copied().collect();
        let mut searched = 0;
        for name in names.iter().filter(|it| !it.is_empty() && !known.contains(it.as_str())) {
            // They stand in the order of the list.
            let at = value[searched..].find(name.as_str()).map_or(0, |it| searched + it);
            searched = searched.max(at);
            let span = text.slice(at..at + name.len());
            let trimmed = name.trim();
            if known.contains(trimmed) {
                findings
                    .at(span, format!("the space belongs to the name in ` {trimmed}`"))
                    .why("no container has this name, and the one that is meant is not skipped")
                    .fix(Safety::Suggestion, "remove the whitespace", Change::write(span, trimmed));
                continue;
            }
            // A name that is nothing like the others may be a container that another webhook adds, such as `istio-proxy`.
            let near = candidates.nearest_where(trimmed, |_| true);
            findings.compared(&candidates, span);
            if let Some(meant) = near {
                findings
                    .at(span, format!("no container of the pod is called `{name}`"))
                    .why(format!("did you mean `{meant}`? It is not skipped"))
                    .likely()
                    .fix_to(Safety::Suggestion, span, meant);
            }
        }
    }
}
