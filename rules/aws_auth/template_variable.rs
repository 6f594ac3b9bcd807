//! A variable in `aws-auth` that is written so that nothing replaces it.

use crate::iam::PrincipalArn;
use crate::names::nearest;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for section in workspace.aws_auth().sections() {
        for mapping in &section.mappings {
            for text in mapping.username.known().chain(mapping.groups.iter()) {
                // In the input of Jinja or Helm `{{ sessionName }}` may be a variable of theirs.
                if !section.filled_in {
                    misspelt(text, findings);
                }
            }
            session_of_user(mapping, findings);
        }
    }
}

fn misspelt(text: &Text, findings: &mut Findings) {
    let bytes = text.bytes();
    let mut at = 0;
    while let Some(open) = bytes[at..].find('{').map(|it| it + at) {
        let Some(close) = bytes[open..].find('}').map(|it| it + open) else { return };
        let end = close + bytes[close..].bytes().take_while(|it| *it == b'}').count();
        at = end;
        let written = &bytes[open..end];
        let inner = written.trim_matches(['{', '}']);
        let braced = format!("{{{{{inner}}}}}");
        let meant = match TEMPLATE_VARIABLES.iter().find(|it| **it == inner.trim()) {
            Some(exact) => *exact,
            None => {
                let Some(near) = nearest(inner.trim(), TEMPLATE_VARIABLES.iter().copied()) else { continue };
                near
            }
        };
        if braced == written && inner == meant {
            continue;
        }
        let place = text.slice(open..end);
        findings
            .at(place, format!("`{written}` is not a variable"))
            .why("EKS leaves it as it is, and the name holds the braces")
            .fix(
                Safety::Activating,
                format!("write `{{{{{meant}}}}}`"),
                Change::write(place, format!("{{{{{meant}}}}}")),
            );
    }
}

/// A user signs in without a session, so its session name is empty.
fn session_of_user(mapping: &Mapping, findings: &mut Findings) {
    let is_user = matches!(mapping.principal(), Some((_, PrincipalArn::User(_))));
    for text in mapping.username.known().filter(|_| is_user) {
        for variable in ["{{SessionName}}", "{{SessionNameRaw}}"] {
            let Some(place) = text.find(variable) else { continue };
            findings
                .at(place, format!("`{variable}` in the entry of a user"))
                .why("a user has no session: nothing will stand here")
                .help("write the user's own name")
                .level(Level::Warning);
        }
    }
}
