//! A cluster that reads only `aws-auth`, and whose creator shall not be its administrator.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        for mode in workspace.clusters().modes_without_entries(cluster) {
            let mut flags = cluster.bootstrap_admin.known_under();
            let Some((flag, under)) = flags.find(|(flag, under)| !flag.value && mode.surely_meets(under)) else {
                continue;
            };
            let shown = cluster.shown();
            let property = workspace.spelled(Property::AuthenticationMode, cluster.origin.name);
            let found = findings.at(flag.span, format!("nobody could administer {shown}{}", under.shown()));
            found.why("has to be `true` where only `aws-auth` is read");
            let (place, reason) = mode.shows_no_entries();
            found.label(place, reason).fix_or_help(
                Safety::Suggestion,
                "read access entries too, which cannot be undone",
                mode.place.map(|it| Change::write(it, "API_AND_CONFIG_MAP")),
                format!("set `{property}` to `API` and make access entries, or remove the property"),
            );
        }
    }
}
