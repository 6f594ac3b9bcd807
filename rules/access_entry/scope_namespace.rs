//! A namespace in the scope of an access policy that is a slip away from one that the files use.

use std::collections::BTreeSet;

use crate::names::{Candidates, is_letter_lost};
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let scopes = workspace.facts.access_entries.iter().flat_map(|it| it.policies.iter());
    let mut scopes = scopes.flat_map(|it| it.namespaces.iter()).peekable();
    if scopes.peek().is_none() {
        return;
    }
    let used = used(workspace);
    let candidates: Candidates<'_> = used.iter().copied().collect();
    for text in scopes {
        let Some(written) = text.as_str().filter(|it| !used.contains(it) && !it.contains('*')) else { continue };
        let near = candidates.nearest_where(written, |it| is_letter_lost(written, it));
        findings.compared(&candidates, text.span());
        let Some(meant) = near else { continue };
        findings
            .at(text.span(), format!("no service account or role here is in namespace `{written}`, but in `{meant}`"))
            .why(format!("did you mean `{meant}`?"))
            .help("the entry is made whether the namespace exists or not")
            .fix_to(Safety::Suggestion, text, meant);
    }
}

/// The namespaces that are used for identity.
fn used(workspace: &Workspace) -> BTreeSet<&str> {
    workspace.identity_objects().filter_map(|it| it.namespace.string()).collect()
}
