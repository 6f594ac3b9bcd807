//! Which operating system the machines of a role start.

use crate::facts::{LaunchTemplate, Role};
use crate::source::Span;

use super::Workspace;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum System {
    Linux,
    Windows,
}

impl Workspace {
    /// A launch template that certainly starts nodes of this system with a role: where it stands.
    pub fn nodes_with(&self, role: &Role, system: System) -> Option<Span> {
        let templates = self.facts.launch_templates.iter().filter(|template| {
            let mut profiles = template.profile_arn.known().chain(template.profile_name.known());
            profiles.any(|text| {
                let profile = self.instance_profile(text);
                let mut roles = profile.into_iter().flat_map(|it| it.roles.iter());
                roles.any(|it| self.role(it).is_some_and(|it| it.origin.name == role.origin.name))
            })
        });
        templates.filter(|it| system_of(it) == Some(system)).map(|it| it.origin.name).next()
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
