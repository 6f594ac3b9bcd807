//! Statement ids that IAM does not take: other characters than letters and digits, or the same one twice.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    // What is documented of the characters is documented of policies that grant, not of trust policies.
    for it in workspace.documents().of_eks(DocumentKind::Permissions) {
        let mut seen: HashMap<&str, Vec<(&Text, Branch)>> = HashMap::default();
        for item in &it.document.statements.items {
            for (sid, branch) in item.value.sid.known_under() {
                let Some(branch) = branch.join(&item.branch) else { continue };
                let Some(id) = sid.as_str().filter(|it| !it.is_empty()) else { continue };
                let places = seen.entry(id).or_default();
                if let Some((first, _)) = places.iter().find(|(_, under)| under.surely_meets(&branch)) {
                    findings
                        .at(sid.span(), format!("second statement with the id `{id}`"))
                        .why("ids are unique in a policy")
                        .label(first.span(), "the first one")
                        .help("give one of them another id, or remove it: ids are optional");
                }
                places.push((sid, branch));
            }
        }
        for (sid, text) in it.document.statements.iter().flat_map(|it| it.sid.strings()) {
            let Some(at) = sid.find(|c: char| !c.is_ascii_alphanumeric()) else { continue };
            let width = sid[at..].chars().next().map_or(1, char::len_utf8);
            let place = text.slice(at..at + width);
            let found = findings.at(place, format!("statement id `{sid}` has a character that IAM does not take"));
            found.why("an id is letters and digits");
            let plain: String = sid.chars().filter(char::is_ascii_alphanumeric).collect();
            if !plain.is_empty() && !seen.contains_key(plain.as_str()) {
                found.fix_to(Safety::Activating, text, &plain);
            }
        }
    }
}
