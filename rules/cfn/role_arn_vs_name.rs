//! A property that wants the ARN of a role, and gets its name, or the ARN of something else.

use crate::iam::{is_name_letter, is_variable};
use crate::prelude::*;
use crate::source::{Attribute, Reference};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (property, origin, field) in workspace.roles().arn_properties() {
        let is_of_nodes = property.starts_with("NodeRole");
        let property = field.key.map_or(property, |key| workspace.written_key(key));
        for text in workspace.values_in(origin, field) {
            if let Some(role) = workspace.roles().by_ref(text) {
                let found = findings.at(text.span(), format!("`{property}` is given the name of a role, not its ARN"));
                found.why("`Ref` of a role is its name").label(role.origin.name, "the role");
                found.fix_if(Safety::Activating, "write the ARN of the role", Change::swap_reference(text));
                continue;
            }
            // Users are principals too: what is no ARN there is another finding.
            let takes_users = property.eq_ignore_ascii_case("PrincipalArn");
            if !takes_users {
                other(workspace, property, text, is_of_nodes, findings);
            }
            let Some(name) = text.as_str().filter(|it| is_name(it) && !takes_users) else { continue };
            let role = workspace.roles().named(text);
            // Any word may say that a parameter has no value yet: `none`.
            let is_default = workspace.parameter_at(text.span()).is_some();
            if is_variable(text) || text.is_unfilled() || is_default && role.is_none() {
                continue;
            }
            let found = findings.at(text.span(), format!("`{property}` is given a name, not an ARN"));
            found.why("EKS wants the whole ARN of the role");
            // No default can refer to a resource.
            let is_here = |it: &&Role| workspace.are_together(it.origin.name.file, text.span().file);
            let role = role.filter(|it| is_here(it) && !is_default);
            let reference_key = workspace.unit_kind(text.span()).and_then(|it| it.reference_key(property));
            match role.and_then(|it| it.origin.resource.as_ref()) {
                Some(id) if let Some(key) = reference_key => {
                    found.help(format!("refer to the object `{id}` with `{key}`"));
                }
                Some(id) => {
                    let arn = Reference { resource: id.clone(), attribute: Attribute::Arn };
                    found.fix(Safety::Activating, "write the ARN of the role", Change::refer(text, arn));
                }
                None => drop(found.help(format!("write `arn:aws:iam::<account id>:role/{name}`"))),
            }
        }
    }
}

/// Another attribute of the role, or an ARN that is not that of a role. Instance profiles are another finding.
fn other(workspace: &Workspace, property: &str, text: &Text, is_of_nodes: bool, findings: &mut Findings) {
    if let Some(reference) = text.reference() {
        let Attribute::Other(attribute) = &reference.attribute else { return };
        let Some(role) = workspace.roles().referred(reference) else { return };
        let is_misspelt = attribute.eq_ignore_ascii_case("Arn");
        let (message, why) = match is_misspelt {
            true => (
                format!("`{property}` is given `{attribute}`, which no role has"),
                "names of attributes are case-sensitive: it is `Arn`",
            ),
            false => (
                format!("`{property}` is given the `{attribute}` of a role, not its ARN"),
                "EKS wants the whole ARN of the role",
            ),
        };
        findings
            .at(text.span(), message)
            .why(why)
            .label(role.origin.name, "the role")
            .help(format!("write `!GetAtt {}.Arn`", reference.resource));
        return;
    }
    // For nodes that is a finding of its own.
    if is_of_nodes && workspace.nodes().is_instance_profile(text) {
        return;
    }
    // Blanks and partitions are not for this rule to judge: EKS may read more than we know.
    let is_of_aws = match Arn::parse(text) {
        Some(arn) => arn.has_partition_of_aws(),
        // One that lacks a colon.
        None => ["arn:aws:", "arn:aws-"].iter().any(|it| text.starts_with(it) == Some(true)),
    };
    if let RoleArn::No(violation) = RoleArn::check(text)
        && is_of_aws
    {
        findings
            .at(violation.span, format!("`{property}` `{}` {}", text.shown(), violation.what))
            .why("EKS wants the ARN of a role")
            .help("write `arn:aws:iam::<account id>:role/<path and name>`");
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.chars().all(is_name_letter)
}
