//! An access entry for a service-linked role.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        for text in workspace.values_in(&entry.origin, &entry.principal) {
            let declared = workspace.roles().service_linked(text).is_some();
            let arn = Arn::of_role(text);
            let path = arn.as_ref().and_then(Arn::path);
            let by_path = path.is_some_and(|it| it.starts_with("aws-service-role/") == Some(true));
            // `aws-auth` takes such a role without its path; an entry copied from there still has the name.
            let name = arn.as_ref().and_then(Arn::name);
            let by_name = name.is_some_and(|it| it.starts_with("AWSServiceRoleFor") == Some(true));
            let is_linked = declared || by_path || by_name && workspace.roles().named(text).is_none();
            if !is_linked {
                continue;
            }
            let found = findings.at(text.span(), "access entry for a service-linked role");
            found
                .why("the API makes no entries for service-linked roles")
                .help("map the role in `aws-auth`, without its path, or let the service make what it needs");
            if !declared && !by_path {
                found.likely();
            }
        }
    }
}
