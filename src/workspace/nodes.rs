//! Nodes: what launches them, and with which operating system and role.

use crate::collections::HashMap;
use crate::facts::{InstanceProfile, LaunchTemplate, OriginKey};
use crate::source::{Span, Text};

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

/// Questions about what nodes start from.
#[derive(Clone, Copy)]
pub struct Nodes<'w> {
    workspace: &'w Workspace,
}

impl Workspace {
    /// Nodes: launch templates and instance profiles, and what starts as a node.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes { workspace: self }
    }
}

impl<'w> Nodes<'w> {
    /// The nodes that launch templates start, by their roles.
    pub fn started(self) -> HashMap<OriginKey, Started> {
        let mut found: HashMap<OriginKey, Started> = HashMap::default();
        for template in &self.workspace.facts.launch_templates {
            let Some(system) = system_of(template) else { continue };
            let profiles = template.profile_arn.known().chain(template.profile_name.known());
            let profiles = profiles.filter_map(|it| self.instance_profile(it));
            for role in profiles.flat_map(|it| it.roles.iter()).filter_map(|it| self.workspace.roles().named(it)) {
                let started = found.entry(role.origin.key()).or_default();
                match system {
                    System::Linux => started.linux.get_or_insert(template.origin.name),
                    System::Windows => started.windows.get_or_insert(template.origin.name),
                };
            }
        }
        found
    }

    /// The launch template that a reference means.
    pub fn launch_template(self, text: &Text) -> Option<&'w LaunchTemplate> {
        let reference = self.workspace.followed(text).reference()?;
        let templates = &self.workspace.facts.launch_templates;
        let at = self.workspace.index.launch_templates.of_resource(&reference.resource, templates, |it| &it.origin)?;
        Some(&templates[at])
    }

    /// The instance profile that a reference means.
    pub fn instance_profile(self, text: &Text) -> Option<&'w InstanceProfile> {
        let reference = self.workspace.followed(text).reference()?;
        let profiles = &self.workspace.facts.instance_profiles;
        let at = self.workspace.index.instance_profiles.of_resource(&reference.resource, profiles, |it| &it.origin)?;
        Some(&profiles[at])
    }

    /// The instance profile that a role property names by mistake: by reference, or by its ARN.
    pub fn is_instance_profile(self, text: &Text) -> bool {
        let by_arn = || crate::iam::Arn::parse(text).is_some_and(|arn| arn.is_iam("instance-profile"));
        self.instance_profile(text).is_some() || by_arn()
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
