//! Nodes: what launches them, and with which operating system and role.

use crate::collections::HashMap;
use crate::facts::{InstanceProfile, LaunchTemplate, NodeClass, NodeSystem, OriginKey, Role};
use crate::iam::Arn;
use crate::source::{Span, Text, only};

use super::Workspace;

/// Launch templates that certainly start nodes with a role: where they stand.
#[derive(Clone, Copy, Default, Debug)]
pub struct Started {
    pub linux: Option<Span>,
    pub windows: Option<Span>,
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
    /// The nodes that launch templates and node classes start, by their roles.
    pub fn started(self) -> HashMap<OriginKey, Started> {
        let mut found: HashMap<OriginKey, Started> = HashMap::default();
        for template in &self.workspace.facts.launch_templates {
            let Some(system) = system_of(template) else { continue };
            let profiles = template.profile_arn.known().chain(template.profile_name.known());
            let profiles = profiles.filter_map(|it| self.instance_profile(it));
            for role in profiles.flat_map(|it| it.roles.iter()).filter_map(|it| self.workspace.roles().named(it)) {
                let started = found.entry(role.origin.key()).or_default();
                match system {
                    NodeSystem::Linux => started.linux.get_or_insert(template.origin.name),
                    NodeSystem::Windows => started.windows.get_or_insert(template.origin.name),
                };
            }
        }
        for class in &self.workspace.facts.node_classes {
            let Some(system) = class.system else { continue };
            let named = class.role_meant();
            let role = named.only().and_then(|it| self.workspace.roles().named(it));
            let profile = class.instance_profile.only().and_then(|it| self.profile_named(it));
            let in_profile = profile.into_iter().flat_map(|it| it.roles.iter());
            let in_profile = in_profile.filter_map(|it| self.workspace.roles().named(it));
            for role in role.into_iter().chain(in_profile) {
                let started = found.entry(role.origin.key()).or_default();
                match system {
                    NodeSystem::Linux => started.linux.get_or_insert(class.origin.name),
                    NodeSystem::Windows => started.windows.get_or_insert(class.origin.name),
                };
            }
        }
        found
    }

    /// The role that a node class names, if nodes cannot have it: its trust policy is meant for somebody else.
    pub fn role_of_another(self, class: &NodeClass) -> Option<&'w Role> {
        let role = self.workspace.roles().named(class.role_meant().only()?)?;
        (!role.may_be_assumed_by_nodes()).then_some(role)
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

    /// The only instance profile of a name, of those that the same deployment may have. An ARN is meant to be that of the name.
    pub fn profile_named(self, text: &Text) -> Option<&'w InstanceProfile> {
        if let Some(profile) = self.instance_profile(text) {
            return Some(profile);
        }
        let name = match Arn::parse(text) {
            Some(arn) if arn.is_iam("instance-profile") => arn.name()?,
            Some(_) => return None,
            None => text.clone(),
        };
        let at = only(self.workspace.index.instance_profiles_by_name.get(name.as_str()?)?)?;
        let profile = &self.workspace.facts.instance_profiles[*at];
        let (here, there) = (text.span().file, profile.origin.name.file);
        (!self.workspace.environments().may_be_apart(here, there, false)).then_some(profile)
    }

    /// True if no instance profile of the files may have a name.
    pub fn may_be_no_profile(self, name: &Text) -> bool {
        let Some(written) = name.as_str() else { return false };
        let index = &self.workspace.index;
        !index.is_instance_profile_of_unknown_name && !index.instance_profile_names.contains(written)
    }

    /// The instance profile that a role property names by mistake: by reference, or by its ARN.
    pub fn is_instance_profile(self, text: &Text) -> bool {
        let by_arn = || Arn::parse(text).is_some_and(|arn| arn.is_iam("instance-profile"));
        self.instance_profile(text).is_some() || by_arn()
    }
}

/// The system that the user data is written for. Image ids do not tell.
fn system_of(template: &LaunchTemplate) -> Option<NodeSystem> {
    let data = template.user_data.only()?.bytes();
    let windows = data.contains("Start-EKSBootstrap") || data.contains("<powershell>");
    let linux = data.contains("/etc/eks/bootstrap.sh") || data.contains("nodeadm") || data.contains("node.eks.aws");
    match (linux, windows) {
        (true, false) => Some(NodeSystem::Linux),
        (false, true) => Some(NodeSystem::Windows),
        _ => None,
    }
}
