//! Access entries on a version of Kubernetes that has none.

use crate::iam::{KubernetesVersion, OLDEST_WITH_ACCESS_ENTRIES};
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let Some(text) = workspace.shipped(&cluster.origin, &cluster.version).map(|it| it.value) else { continue };
        let Some(version) = text.as_str().and_then(KubernetesVersion::parse) else { continue };
        if version >= *OLDEST_WITH_ACCESS_ENTRIES {
            continue;
        }
        let mode = cluster.modes().into_iter().find_map(|it| it.place.filter(|_| it.name != "CONFIG_MAP"));
        let entry = || workspace.clusters().entries_of(cluster).next().map(|it| it.origin.name);
        let mode = mode.map(Text::span).filter(|it| !workspace.environments().is_in_configuration(*it));
        let Some(needs) = mode.or_else(entry) else { continue };
        let oldest = *OLDEST_WITH_ACCESS_ENTRIES;
        let version = text.shown();
        findings
            .at(text.span(), format!("Kubernetes {version} on EKS has no access entries"))
            .why(format!("they begin with {}.{}", oldest.major, oldest.minor))
            .label(needs, "this needs them")
            .help("take a version that EKS still supports, or let people in by `aws-auth`");
    }
}
