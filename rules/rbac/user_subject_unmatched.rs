//! A user in a binding that is named as no access entry ever names anybody.

use crate::collections::{HashMap, HashSet};
use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // A cluster behind the EKS connector knows people by the ARNs of their users and roles.
    if workspace.rbac().has_connected_cluster() {
        return;
    }
    let users = workspace.rbac().mapped_users();
    let people = People::new(workspace);
    for (name, places) in workspace.rbac().bound("User").iter() {
        let Some(text) = places.first().filter(|_| users.contain(name) == Some(false)) else { continue };
        let Some(arn) = Arn::parse(text).filter(|_| !name.contains("{{")) else { continue };
        if let Some(called) = people.called_otherwise(name) {
            findings
                .at(text.span(), format!("`aws-auth` gives this user another name, `{}`", called.shown()))
                .why("in RBAC users are called what their mapping says, and nobody is called this")
                .label(called.span(), "the name that the user gets")
                .likely()
                .fix(Safety::Suggestion, format!("write `{}`", called.shown()), Change::write(*text, called.shown()));
            continue;
        }
        if arn.is_iam("role") {
            let role = arn.name().map(|it| it.shown()).unwrap_or_default();
            findings
                .at(text.span(), "no user has the ARN of a role as its name")
                .why(format!("EKS calls its sessions `arn:aws:sts::…:assumed-role/{role}/<session>`"))
                .help("bind a group, and give that group to the role in its mapping or access entry");
        } else if arn.service_str() == Some("sts") && arn.kind() == Some("assumed-role") {
            let parts = arn.resource().split('/');
            let [_, path @ .., _, _] = parts.as_slice() else { continue };
            let (Some(first), Some(last)) = (path.first(), path.last()) else { continue };
            let place = Span { end: last.span().end + 1, ..first.span() };
            findings
                .at(place, "name of a session has the path of its role")
                .why("EKS leaves the path out of the user name, so nobody is called this")
                .fix(Safety::Activating, "remove the path", Change::delete(place));
        }
    }
}

/// Of more ARNs than this that only a deploy knows, any user is taken to be one.
const MOST_UNKNOWN: usize = 100;

/// Who is mapped, and who has an access entry.
struct People<'w> {
    mapped: HashMap<&'w str, Vec<&'w Mapping>>,
    has_entry: HashSet<&'w str>,
    /// The ARNs that only a deploy knows.
    unknown: Vec<&'w Field<Text>>,
}

impl<'w> People<'w> {
    fn new(workspace: &'w Workspace) -> Self {
        let mut people = Self { mapped: HashMap::default(), has_entry: HashSet::default(), unknown: Vec::new() };
        for mapping in workspace.aws_auth().possible_maps().flat_map(AwsAuth::mappings) {
            match mapping.arn.only().and_then(Text::as_str) {
                Some(arn) => people.mapped.entry(arn).or_default().push(mapping),
                None => people.unknown.push(&mapping.arn),
            }
        }
        for entry in &workspace.facts.access_entries {
            match entry.principal.only().and_then(Text::as_str) {
                Some(arn) => drop(people.has_entry.insert(arn)),
                None => people.unknown.push(&entry.principal),
            }
        }
        people
    }

    /// The user name that the only mapping of an IAM user gives, if no access entry may let the user in.
    fn called_otherwise(&self, arn: &str) -> Option<&'w Text> {
        let &[mapping] = self.mapped.get(arn)?.as_slice() else { return None };
        let may_be_another = self.has_entry.contains(arn)
            || self.unknown.len() > MOST_UNKNOWN
            || self.unknown.iter().any(|it| it.is(arn) != Some(false));
        let is_user = mapping.section == SectionKind::Users && !may_be_another;
        mapping.username.only().filter(|it| is_user && !it.has_holes())
    }
}
