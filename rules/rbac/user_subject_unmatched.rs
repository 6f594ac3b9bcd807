//! A user in a binding that is named as no access entry ever names anybody.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, report: &mut Report) {
    // A cluster behind the EKS connector knows people by the ARNs of their users and roles.
    if workspace.has_connected_cluster() {
        return;
    }
    let users = workspace.mapped_users();
    for (name, places) in workspace.bound("User").iter() {
        let Some(text) = places.first().filter(|_| users.contain(name) == Some(false)) else { continue };
        let Some(arn) = Arn::parse(text).filter(|_| !name.contains("{{")) else { continue };
        if let Some(called) = called_otherwise(workspace, name) {
            report
                .at(text.span(), format!("`aws-auth` gives this user another name, `{}`", called.shown()))
                .label(text.span(), "in RBAC users are called what their mapping says, and nobody is called this")
                .label(called.span(), "the name that the user gets")
                .likely()
                .fix(Safety::Suggestion, format!("write `{}`", called.shown()), Change::write(*text, called.shown()));
            continue;
        }
        if arn.is_iam("role") {
            let role = arn.name().map(|it| it.shown()).unwrap_or_default();
            report
                .at(text.span(), "no user has the ARN of a role as its name")
                .label(text.span(), format!("EKS calls its sessions `arn:aws:sts::…:assumed-role/{role}/<session>`"))
                .help("bind a group, and give that group to the role in its mapping or access entry");
        } else if arn.service.as_str() == Some("sts") && arn.kind() == Some("assumed-role") {
            let parts = arn.resource.split('/');
            let [_, path @ .., _, _] = parts.as_slice() else { continue };
            let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
            let place = Span { end: last.span().end + 1, ..first.span() };
            report
                .at(place, "name of a session has the path of its role")
                .label(place, "EKS leaves the path out of the user name, so nobody is called this")
                .fix(Safety::Activating, "remove the path", Change::delete(place));
        }
    }
}

/// The user name that the only mapping of an IAM user gives, if no access entry may let the user in.
fn called_otherwise<'w>(workspace: &'w Workspace, arn: &str) -> Option<&'w Text> {
    let facts = &workspace.facts;
    let read = facts.aws_auths.iter().filter(|it| it.is_read()).flat_map(AwsAuth::mappings);
    let mut of_user = read.filter(|it| it.arn.is(arn) != Some(false));
    let mapping = of_user.next().filter(|it| it.section == SectionKind::Users && it.arn.is(arn) == Some(true))?;
    let has_entry = || facts.access_entries.iter().any(|it| it.principal.is(arn) != Some(false));
    (of_user.next().is_none() && !has_entry()).then(|| mapping.username.only()).flatten().filter(|it| !it.has_holes())
}
