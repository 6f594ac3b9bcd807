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
        if arn.is_iam("role") {
            let role = arn.name().map(|it| it.shown()).unwrap_or_default();
            report
                .at(text.span(), "no user has the ARN of a role as its name")
                .label(text.span(), format!("EKS calls its sessions `arn:aws:sts::…:assumed-role/{role}/<session>`"))
                .help("bind a group, and give that group to the role in its mapping or access entry");
        } else if arn.service.as_str() == Some("sts") && arn.kind() == Some("assumed-role") {
            let parts = arn.resource.split('/');
            let [_, path @ .., role, session] = parts.as_slice() else { continue };
            let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
            let place = Span { end: last.span().end + 1, ..first.span() };
            let right = format!("assumed-role/{}/{}", role.shown(), session.shown());
            report
                .at(place, "name of a session has the path of its role")
                .label(place, "EKS leaves the path out of the user name, so nobody is called this")
                .fix(Safety::Activating, "remove the path", [Edit::replace(arn.resource.span(), right)]);
        }
    }
}
