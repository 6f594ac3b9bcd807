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
}
