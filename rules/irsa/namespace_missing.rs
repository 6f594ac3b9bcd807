//! A service account without a namespace whose role trusts one namespace.

use crate::iam::account_of_subject;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;
pub const CERTAINTY: Certainty = Certainty::Possible;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for account in &workspace.facts.service_accounts {
        let meta = &account.meta;
        let Some(name) = meta.name.string().filter(|_| meta.namespace.is_absent() && meta.keeps_its_name()) else {
            continue;
        };
        let Some(arn) = meta.role_arn() else { continue };
        let Some(trust) = workspace.roles().likely(arn).and_then(|(role, _)| role.trust.only()) else { continue };
        let conditions = trust.statements.iter().flat_map(|it| it.conditions.iter());
        let subjects = conditions.filter(|it| it.is_on(":sub") == Some(true)).flat_map(|it| it.values.iter());
        let named: Vec<(&str, &Text)> = subjects
            .filter_map(|text| {
                let (namespace, of) = account_of_subject(text.as_str()?)?;
                (of == name && !namespace.contains(['*', '?'])).then_some((namespace, text))
            })
            .collect();
        let [(namespace, text)] = named.as_slice() else { continue };
        findings
            .at(
                meta.span(),
                format!("the service account `{name}` has no namespace, and its role trusts one in `{namespace}`"),
            )
            .why("it goes where whoever applies the file happens to be")
            .label(text.span(), "this is whom the role trusts")
            .help(format!("add `namespace: {namespace}` to its metadata, or in the kustomization"));
    }
}
