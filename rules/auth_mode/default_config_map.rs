//! A cluster without an authentication mode, which then reads only `aws-auth`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let modes = cluster.modes();
        let by_default = modes.iter().any(|it| it.place.is_none() && it.name == "CONFIG_MAP");
        let needs_api = workspace.clusters().entries_of(cluster).next().is_some()
            || workspace.clusters().capabilities_of(cluster).next().is_some()
            || cluster.compute.known().any(|it| it.value)
            || cluster.remote_network.is_written()
            || cluster.bootstrap_admin.known().any(|it| !it.value);
        // Where the API is needed the missing mode is an error of its own; local clusters on Outposts have one mode.
        if !by_default || needs_api || cluster.outpost.is_written() {
            continue;
        }
        let name = cluster.origin.name;
        let property = workspace.spelled(Property::AuthenticationMode, name);
        findings
            .at(name, format!("{} reads only `aws-auth`", cluster.shown()))
            .why("without an `AuthenticationMode` it is `CONFIG_MAP`")
            .help(format!("set `{property}` to `API_AND_CONFIG_MAP` to use access entries; this cannot be undone"));
    }
}
