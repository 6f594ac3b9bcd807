//! What the machines of a role start as: nodes or not, and with which operating system.

use std::collections::HashMap;

use crate::facts::LaunchTemplate;
use crate::source::Span;

use super::Workspace;

/// Launch templates that certainly start nodes with a role: where they stand.
#[derive(Clone, Copy, Default, Debug)]
pub struct Started {
    pub linux: Option<Span>,
    pub windows: Option<Span>,
}

enum System {
    Linux,
    Windows,
}

impl Workspace {
    /// The nodes that launch templates start, by the place of their role's name.
    pub fn started_nodes(&self) -> HashMap<Span, Started> {
        let mut found: HashMap<Span, Started> = HashMap::new();
        for template in &self.facts.launch_templates {
            let Some(system) = system_of(template) else { continue };
            let profiles = template.profile_arn.known().chain(template.profile_name.known());
            let profiles = profiles.filter_map(|it| self.instance_profile(it));
            for role in profiles.flat_map(|it| it.roles.iter()).filter_map(|it| self.role(it)) {
                let started = found.entry(role.origin.name).or_default();
                match system {
                    System::Linux => started.linux.get_or_insert(template.origin.name),
                    System::Windows => started.windows.get_or_insert(template.origin.name),
                };
            }
        }
        found
    }
}

/// The system that the user data is written for. Image ids do not tell.
fn system_of(template: &LaunchTemplate) -> Option<System> {
    let data = template.user_data.only()?.bytes();
    let windows = data.contains("Start-EKSBootstrap") || data.contains("<powershell>");
    let linux = data.contains("/etc/eks/bootstrap.sh") || data.contains("nodeadm") || data.contains("node.eks.aws");
    match (linux, windows) {
        (true, false) => Some(System::Linux),
        (false, true) => Some(System::Windows),
        _ => None,
    }
}
