//! A slip in the name of the connector's service.

use crate::iam::CONNECTOR_SERVICE;
use crate::names;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.service_linked_roles {
        for service in workspace.values(&role.service) {
            let Some(written) = service.as_str().filter(|it| *it != *CONNECTOR_SERVICE) else { continue };
            let folded = names::folded(written);
            if !folded.starts_with("eksconnector") {
                continue;
            }
            let found = findings.at(service.span(), format!("no service is named `{written}`"));
            found.why(format!("the connector is `{}`, in small letters and in every partition", *CONNECTOR_SERVICE));
            let is_slip = written.trim().to_lowercase().trim_end_matches(".cn") == *CONNECTOR_SERVICE;
            let safety = Safety::activating_if(is_slip);
            found.fix(safety, "write the name of the service", Change::write(service, *CONNECTOR_SERVICE));
        }
    }
}
