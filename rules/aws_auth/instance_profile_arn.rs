//! The ARN of an instance profile where the role's is asked for.

use crate::collections::HashMap;
use crate::iam::PrincipalArn;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // Two of one name are none.
    let mut by_name: HashMap<&str, Option<&InstanceProfile>> = HashMap::default();
    for profile in &workspace.facts.instance_profiles {
        if let Some(name) = profile.name.string() {
            by_name.entry(name).and_modify(|it| *it = None).or_insert(Some(profile));
        }
    }
    for mapping in workspace.aws_auth().mappings() {
        let Some((text, PrincipalArn::InstanceProfile(arn))) = mapping.principal() else { continue };
        let found = findings.at(
            arn.resource().span(),
            format!("`{}` names an instance profile", workspace.aws_auth().arn_key(mapping)),
        );
        found.why("nodes sign in with the role inside it, whose ARN is another");
        let name = arn.name();
        let profile = name.as_ref().and_then(Text::as_str).and_then(|it| by_name.get(it).copied().flatten());
        let role = profile.and_then(|it| it.roles.iter().next()).and_then(|it| workspace.roles().named(it));
        let Some(role) = role else {
            found.help("write the ARN of the role that the instance profile holds");
            continue;
        };
        found.label(role.origin.name, "this is the role inside it");
        match role.name.string() {
            Some(role) if !text.has_holes() => {
                let change = Change::write(&arn.resource(), format!("role/{role}"));
                found.fix(Safety::Activating, format!("write `role/{role}`"), change);
            }
            _ => {
                found.help("write the ARN of this role");
            }
        }
    }
}
