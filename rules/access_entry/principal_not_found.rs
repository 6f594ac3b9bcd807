//! An access entry that names a role of its template in a way that the template does not wait for.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for entry in &workspace.facts.access_entries {
        let Some(text) = workspace.shipped(&entry.origin, &entry.principal).map(|it| it.value) else { continue };
        let Some(arn) = Arn::of_role(text) else { continue };
        // The role by its name, not by a reference inside the ARN: that would be waited for.
        let (Some(name), Some(role)) = (arn.name().filter(|it| !it.has_holes()), workspace.roles().named(text)) else {
            continue;
        };
        let in_one_stack = workspace.are_together(role.origin.name.file, text.span().file)
            && (arn.account().is_own_account()
                || arn.account_id().is_some() && workspace.roles().account_of(role) == arn.account_id());
        let (Some(id), true) = (&role.origin.resource, in_one_stack) else { continue };
        let written = arn.path().map_or(Some(String::new()), |it| it.as_str().map(str::to_owned));
        let path = if role.path.is_absent() { Some("/") } else { role.path.string() };
        let (Some(written), Some(path)) = (written, path) else { continue };
        if format!("/{written}") != path {
            findings
                .at(arn.resource().span(), format!("role `{}` has the path `{path}`", name.shown()))
                .why("no principal has this ARN")
                .label(role.path.only().map_or(role.origin.name, Text::span), "the path of the role")
                .help(format!("refer to the role: `!GetAtt {id}.Arn`"))
                .level(Level::Error);
            continue;
        }
        // A cluster of the same template takes minutes, and the role is there by then.
        let cluster = workspace.clusters().of(&entry.cluster);
        let cluster = cluster.is_some_and(|it| workspace.are_together(it.origin.name.file, entry.origin.name.file));
        if cluster || entry.origin.depends_on.contains(id) || !entry.origin.branch.surely_meets(&role.origin.branch) {
            continue;
        }
        findings
            .at(text.span(), format!("nothing says that role `{id}` comes before the access entry"))
            .why("the API asks for a principal that exists")
            .label(role.origin.name, "made at the same time")
            .help(format!("refer to the role: `!GetAtt {id}.Arn`"));
    }
}
