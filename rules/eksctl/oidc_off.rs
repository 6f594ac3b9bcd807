//! Service accounts of eksctl in a cluster without an OIDC provider.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for OidcSwitch { with_oidc, accounts } in &workspace.facts.oidc_switches {
        let why = "eksctl rejects service accounts without an OIDC provider";
        if with_oidc.is_absent() {
            findings
                .at(*accounts, "`iam.serviceAccounts` without `iam.withOIDC`, which is off by default")
                .why(why)
                .help("add `withOIDC: true` to `iam`");
        } else if let Some(off) = with_oidc.only().filter(|it| !it.value) {
            findings
                .at(off.span, "`iam.serviceAccounts` while `iam.withOIDC` is off")
                .why(why)
                .label(*accounts, "these need the provider")
                .fix(Safety::Activating, "switch it on", Change::write_bare(off.span, "true"));
        }
    }
}
