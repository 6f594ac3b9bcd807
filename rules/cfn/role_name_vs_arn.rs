//! A property that wants the name of a role, and gets its ARN.

use crate::prelude::*;
use crate::source::Attribute;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (origin, roles) in workspace.roles().name_properties() {
        for text in roles.items.iter().flat_map(|it| workspace.values_of_item(origin, it)) {
            if let Some(reference) = text.reference() {
                if reference.attribute != Attribute::Arn {
                    continue;
                }
                let found = findings.at(text.span(), "the ARN of a role stands where its name belongs");
                found.why(format!("`Ref` of `{}` is the name", reference.resource));
                found.fix_if(Safety::Activating, "write the name of the role", Change::swap_reference(text));
                continue;
            }
            let Some(arn) = Arn::of_role(text) else { continue };
            let found = findings.at(text.span(), "the ARN of a role stands where its name belongs");
            found.why("only what is behind the last `/` belongs here");
            let name = arn.name().and_then(|it| it.as_str().map(str::to_owned)).filter(|it| !it.is_empty());
            if let Some(name) = name.filter(|_| !text.has_holes()) {
                found.fix_to(Safety::Suggestion, text, &name);
            }
        }
    }
    for class in &workspace.facts.node_classes {
        node_class(workspace, class, findings);
    }
    for user in &workspace.facts.role_users {
        for text in workspace.values(&user.role) {
            let Some(arn) = Arn::of_role(text) else { continue };
            let found = findings.at(text.span(), "`spec.roleName` is given an ARN, not the name of a role");
            found.why("Cluster API passes it to IAM as a name");
            name_of(&arn, text, found);
        }
    }
}

/// The ARN of a role in `spec.role` of a node class.
fn node_class(workspace: &Workspace, class: &NodeClass, findings: &mut Findings) {
    for text in workspace.values(&class.role) {
        let Some(arn) = Arn::of_role(text) else { continue };
        let found = findings.at(text.span(), "`spec.role` of a node class is given an ARN, not the name of a role");
        match class.maker {
            NodeMaker::AutoMode => found.why("Auto Mode looks for a role of this name"),
            NodeMaker::Karpenter { is_before_v1: true } => found.why("Karpenter passes it to IAM as a name"),
            NodeMaker::Karpenter { is_before_v1: false } => {
                found.why("Karpenter before 1.2 passes it to IAM as a name").possible()
            }
        };
        name_of(&arn, text, found);
    }
}

/// Proposes the name in an ARN.
fn name_of(arn: &Arn, text: &Text, found: &mut Finding) {
    let name = arn.name().and_then(|it| it.as_str().map(str::to_owned)).filter(|it| !it.is_empty());
    match name.filter(|_| !text.has_holes()) {
        Some(name) => found.fix_to(Safety::Suggestion, text, &name),
        None => found.help("write what follows the last `/`"),
    };
}
