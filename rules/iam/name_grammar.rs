//! A name or path that IAM does not take.

use crate::iam::is_name_letter;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for (noun, most, name) in workspace.roles().names_of_eks() {
        // An empty default usually means that there is no name, and a condition leaves the property out.
        let is_unset = name.is_empty() && workspace.parameter_at(name.whole()).is_some();
        if is_unset || name.is_unfilled() {
            continue;
        }
        let length = name.as_str().map(|it| it.chars().count());
        if length == Some(0) {
            findings.at(name.span(), format!("name of a {noun} is empty")).why("IAM wants at least one character");
        } else if let Some(place) = name.find_char(|c| !is_name_letter(c)) {
            let found = findings.at(place, format!("name of a {noun} has a character that IAM does not take"));
            found.why("only letters of ASCII, digits and `_+=,.@-` can be in a name");
            if name.bytes().contains('/') {
                found.help("name and path are two properties: write what is before the last `/` as `Path`");
            }
        } else if let Some(length) = length.filter(|it| *it > most) {
            findings
                .at(name.span(), format!("name of a {noun} is {length} characters long"))
                .why(format!("IAM takes {most} at most"));
        }
    }
    for role in workspace.roles().of_eks() {
        for path in workspace.values(&role.path) {
            let Some(written) = path.as_str() else { continue };
            let is_unset = written.is_empty() && workspace.parameter_at(path.whole()).is_some();
            if is_unset || written.starts_with('/') && written.ends_with('/') {
                continue;
            }
            let right = format!("/{}/", written.trim_matches('/'));
            let found = findings.at(path.span(), "path does not begin and end with `/`");
            found.why("IAM takes `/`, or words between slashes").fix(
                Safety::Suggestion,
                format!("write `{right}`"),
                Change::write(path, if right == "//" { "/" } else { right.as_str() }),
            );
        }
    }
}
