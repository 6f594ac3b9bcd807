//! A feature that needs access entries, on a cluster that does not read them.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        // Entries of one's own have the same cause, and are reported for it.
        if workspace.clusters().entries_of(cluster).any(|it| !workspace.clusters().is_found_by_name(&it.cluster)) {
            continue;
        }
        for mode in workspace.clusters().modes_without_entries(cluster) {
            let mut features: Vec<(Span, &str)> = Vec::new();
            let on = cluster.compute.known_under().filter(|(it, under)| it.value && mode.surely_meets(under));
            features.extend(on.map(|(it, _)| (it.span, "EKS Auto Mode")));
            let remote = cluster.remote_network.known_under().any(|(_, under)| mode.surely_meets(under));
            features.extend(cluster.remote_network.key.filter(|_| remote).map(|key| (key, "hybrid nodes")));
            let capabilities = workspace.clusters().capabilities_of(cluster);
            let capabilities = capabilities.filter(|it| mode.surely_meets(&it.origin.branch));
            features.extend(capabilities.map(|it| (it.origin.name, "capabilities")));
            let Some((first, name)) = features.first().copied() else { continue };
            let at = mode.place.map_or(first, Text::span);
            let shown = cluster.shown();
            let found =
                findings.at(at, format!("{shown} does not read access entries, which {name} need{}", verb(name)));
            for (span, name) in features.iter().take(3) {
                found.label(*span, format!("{name} need{} access entries", verb(name)));
            }
            let (place, reason) = mode.shows_no_entries();
            let property = workspace.spelled(Property::AuthenticationMode, cluster.origin.name);
            found.label(place, reason).fix_or_help(
                Safety::Suggestion,
                "read both; this cannot be undone",
                mode.place.map(|it| Change::write(it, "API_AND_CONFIG_MAP")),
                format!("set `{property}` to `API` or `API_AND_CONFIG_MAP`; neither can be undone"),
            );
        }
    }
}

fn verb(feature: &str) -> &'static str {
    if feature.ends_with("Mode") { "s" } else { "" }
}
