//! An IAM OIDC provider whose properties IAM or STS refuses.

use crate::collections::HashMap;
use crate::iam::{DEFAULT_AUDIENCE, meant_audience};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let (agreed, beyond) = workspace.web_identities().agreed_audiences();
    beyond.into_iter().for_each(|it| findings.not_compared(it));
    for provider in &workspace.facts.oidc_providers {
        for text in workspace.values(&provider.url) {
            url(text, findings);
        }
        client_ids(provider, &agreed, findings);
        for text in provider.thumbprints.iter() {
            let Some(value) = text.as_str() else { continue };
            if value.len() != 40 || !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                findings
                    .at(text.span(), format!("thumbprint `{value}` is not 40 hexadecimal digits"))
                    .why("IAM takes SHA-1 fingerprints only, without colons")
                    .help("leave `ThumbprintList` out: EKS does not need it");
            }
        }
        too_many(&provider.thumbprints, 5, "thumbprints", findings);
        too_many(&provider.client_ids, 100, "client ids", findings);
    }
}

fn url(text: &Text, findings: &mut Findings) {
    let Some(known) = text.as_str() else { return };
    let Some(rest) = known.strip_prefix("https://") else {
        let bare = !known.contains("://");
        let found = findings.at(text.span(), format!("`{known}` does not begin with `https://`"));
        found.why("IAM refuses the provider");
        if bare && known.contains('.') {
            found.fix(Safety::Activating, "add `https://`", Change::insert_before(text, "https://"));
        }
        return;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if let Some(colon) = host.find(':') {
        let span = text.slice(8 + colon..8 + host.len());
        findings.at(span, "the URL of a provider has no port").why("IAM refuses the provider");
    } else if let Some(at) = known.find(['?', '#']) {
        let span = text.slice(at..known.len());
        findings.at(span, "the URL of a provider has no query").why("IAM refuses the provider");
    } else if known.ends_with('/') && rest.starts_with("oidc.eks.") {
        let span = text.slice(known.len() - 1..known.len());
        findings
            .at(span, "the URL of an EKS issuer has no slash at its end")
            .why("tokens name the issuer without it, and are refused")
            .fix(Safety::Activating, "remove the slash", Change::delete(span));
    }
}

/// What the list has to hold for pods on EKS; providers of others have ids of their own.
fn client_ids(provider: &OidcProvider, agreed: &HashMap<Span, bool>, findings: &mut Findings) {
    let ids = &provider.client_ids;
    for text in ids.iter() {
        if let Some(value) =
            text.as_str().filter(|it| meant_audience(it).is_some() && !agreed.contains_key(&text.span()))
        {
            findings
                .at(text.span(), format!("`{value}` is not the audience of AWS"))
                .why(format!("did you mean `{DEFAULT_AUDIENCE}`?"))
                .fix_to(Safety::Activating, text, DEFAULT_AUDIENCE);
            return;
        }
    }
    let of_eks =
        provider.url.known().any(|it| it.starts_with("https://oidc.eks.") == Some(true) || it.is_issuer_of_cluster());
    if of_eks && ids.is_empty() {
        findings
            .at(
                provider.origin.name,
                format!("the provider of a cluster does not know the audience `{DEFAULT_AUDIENCE}`"),
            )
            .label(ids.key.unwrap_or(provider.origin.name), "no audience is listed: every token is refused")
            .help(format!("set `ClientIdList` to `[{DEFAULT_AUDIENCE}]`"));
    }
}

fn too_many(list: &List<Text>, most: usize, what: &str, findings: &mut Findings) {
    if list.items.len() > most && list.items.iter().all(|it| it.branch.is_always()) {
        let span = list.items[most].value.span();
        findings.at(span, format!("{} {what}, and IAM takes {most}", list.items.len())).why("this is one too many");
    }
}
