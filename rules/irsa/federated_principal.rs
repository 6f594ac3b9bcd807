//! A trust policy that names an EKS cluster's OIDC provider in a way that IAM does not know.

use crate::iam::{PRINCIPAL_KINDS, Principal, PrincipalViolation, partition_of_region};
use crate::prelude::*;
use crate::workspace::WebIdentity;

pub const LEVEL: Level = Level::Error;

const ARN: &str = "arn:aws:iam::<account id>:oidc-provider/oidc.eks.<region>.amazonaws.com/id/<id>";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for identity in workspace.web_identities().all() {
        for principal in identity.statement.principals.iter() {
            principal_value(&identity, principal, findings);
            account(workspace, &identity, principal, findings);
        }
    }
}

fn principal_value(identity: &WebIdentity<'_>, principal: &Principal, findings: &mut Findings) {
    let value = &principal.value;
    // What is written in another form than a map of the four types is the finding of `iam/principal-form`.
    if !matches!(
        principal.violation(),
        None | Some(PrincipalViolation::Kind("Federated") | PrincipalViolation::Whitespace)
    ) {
        return;
    }
    if !principal.is_kind("Federated") {
        let is_provider = value.contains(":oidc-provider/") == Some(true) && value.starts_with("arn:") == Some(true);
        if is_provider && principal.kind.as_str().is_some_and(|it| PRINCIPAL_KINDS.contains(&it)) {
            findings
                .at(
                    principal.kind.span(),
                    format!("an OIDC provider is no principal of the kind `{}`", principal.kind.shown()),
                )
                .why("IAM takes providers under `Federated` only")
                .fix(Safety::Activating, "write `Federated`", Change::write(&principal.kind, "Federated"));
            return;
        }
        if principal.is_kind("AWS") && host_without_arn(value).is_some() {
            findings
                .at(value.span(), format!("`{}` is an OIDC issuer, not an account, role or user", value.shown()))
                .why("IAM accepts providers under `Federated` only, by their ARNs")
                .help(format!("write `Federated` and `{ARN}`"));
            return;
        }
        let alone = identity.statement.principals.items.len() == 1;
        if alone && principal.is_kind("Service") && identity.is_kubernetes() && identity.is_web_identity() == Some(true)
        {
            findings
                .at(principal.kind.span(), "no service checks the tokens of service accounts")
                .why("for `sts:AssumeRoleWithWebIdentity` it is the OIDC provider of the cluster")
                .help(format!("write `Federated` and `{ARN}`"));
        }
        return;
    }
    if let Some(host) = host_without_arn(value) {
        findings
            .at(value.span(), format!("`{}` is not the ARN of a provider", value.shown()))
            .why(if host == 0 {
                "IAM wants the provider's ARN here"
            } else {
                "IAM wants the provider's ARN here, not its URL"
            })
            .help(format!("write `{ARN}`"));
        return;
    }
    if value.contains(":saml-provider/") == Some(true) && identity.is_kubernetes() {
        findings
            .at(value.span(), "a SAML provider does not know service accounts")
            .why("tokens of service accounts are checked by an OIDC provider")
            .help(format!("write `{ARN}`"));
        return;
    }
    let Some(at) = value.bytes().find(":oidc-provider/") else {
        kind(value, findings);
        return;
    };
    if Arn::parse(value).is_some_and(|it| it.account_str() == Some("")) && value.contains("oidc.eks.") == Some(true) {
        findings
            .at(value.span(), "the ARN of the provider names no account")
            .why("the account stands before `:oidc-provider/`")
            .help(format!("write `{ARN}`"));
        return;
    }
    if let Some(violation) = Arn::head_violation(&value.part(0..at + ":oidc-provider/".len()), false) {
        findings
            .at(violation.span, format!("`{}` {}", value.shown(), violation.what))
            .why("IAM wants the provider's ARN here")
            .help(format!("write `{ARN}`"));
        return;
    }
    let issuer = value.part(at + ":oidc-provider/".len()..value.len());
    if let Some(written) = ["https://", "http://"].into_iter().find(|it| issuer.starts_with(it) == Some(true)) {
        let scheme = issuer.slice(0..written.len());
        let found = findings.at(scheme, format!("the ARN of a provider has no `{written}`"));
        found.why("no provider has this ARN").fix(
            Safety::Activating,
            format!("remove `{written}`"),
            Change::delete(scheme),
        );
        return;
    }
    let Some(known) = issuer.as_str() else { return };
    if let Some((again, _)) = known.match_indices("oidc.eks.").nth(1) {
        doubled(identity, &issuer, again, findings);
        return;
    }
    let (host, path) = known.split_once('/').unwrap_or((known, ""));
    if let Some(region) = swapped_region(host) {
        let span = issuer.slice(0..host.len());
        let right = host.replacen(&format!("oidc.{region}.eks."), &format!("oidc.eks.{region}."), 1);
        // The keys of the conditions name the issuer too.
        let keys = identity.statement.conditions.iter().map(|it| &it.key);
        let keys = keys.filter(|it| it.as_str().is_some_and(|key| key.starts_with(host)));
        let places = keys.map(|it| it.slice(0..host.len())).chain([span]);
        let changes: Vec<_> = places.map(|it| Change::write(it, right.clone())).collect();
        findings
            .at(span, format!("`{host}` is not the host of an EKS issuer"))
            .why("the region stands behind `eks` in it")
            .fix(Safety::Activating, format!("write `{right}`"), changes);
        return;
    }
    let Some(region) = eks_region(host) else { return };
    if path.strip_prefix("id/").is_none_or(str::is_empty) {
        findings
            .at(issuer.span(), "the provider's ARN does not say of which cluster")
            .why("it ends with `/id/` and the id of the cluster's issuer")
            .help("`aws eks describe-cluster --query cluster.identity.oidc.issuer` shows it");
        return;
    }
    partition(value, host, region, findings);
}

/// An issuer's whole URL behind the beginning of another: `…/id/https://oidc.eks…/id/ID`, where the id alone belongs.
fn doubled(identity: &WebIdentity<'_>, issuer: &Text, again: usize, findings: &mut Findings) {
    let head = &issuer.shown()[..again];
    let keys = identity.statement.conditions.iter().map(|it| &it.key);
    let keys: Vec<_> = keys.filter(|it| it.starts_with(head) == Some(true)).map(|it| it.slice(0..again)).collect();
    let place = issuer.slice(0..again);
    let found = findings.at(place, "the ARN of the provider has the issuer in it twice");
    found.why("no provider has this ARN: the id of the issuer follows on `/id/`");
    keys.iter().for_each(|key| {
        found.label(*key, "here too");
    });
    let changes = std::iter::once(place).chain(keys).map(Change::delete).collect::<Vec<_>>();
    found.fix(Safety::Activating, "remove the first", changes);
}

/// A provider of another account than the one that the role is deployed to: roles trust providers of their own account.
fn account(workspace: &Workspace, identity: &WebIdentity<'_>, principal: &Principal, findings: &mut Findings) {
    if identity.role.is_none() || !principal.is_kind("Federated") {
        return;
    }
    let Some(arn) = Arn::parse(&principal.value).filter(|it| it.is_iam("oidc-provider")) else { return };
    let (Some(id), Some(own)) = (arn.account_id(), workspace.environments().account_of(arn.account().span().file))
    else {
        return;
    };
    if own.is(id) == Some(false) {
        findings
            .at(arn.account().span(), format!("the provider is of account `{id}`, and the role is not"))
            .why("a role trusts the OIDC providers of its own account")
            .label(own.span(), "the account that this file is deployed to")
            .help("make a provider for the cluster's issuer in the account of the role, and name that one");
    }
}

/// An ARN with the issuer of a cluster in it, and a slip in the word `oidc-provider`.
fn kind(value: &Text, findings: &mut Findings) {
    let Some(arn) = Arn::parse(value) else { return };
    let Some(host) = ["oidc.eks.", "oidc-eks."].iter().find_map(|it| arn.resource().bytes().find(it)) else { return };
    let head = arn.resource().part(0..host);
    if arn.service().is("iam") != Some(true) || head.has_holes() {
        return;
    }
    let found = findings.at(head.span(), format!("`{}` is no kind of provider", head.shown()));
    found.why("no provider has this ARN").fix(
        Safety::Activating,
        "write `oidc-provider/`",
        Change::write(&head, "oidc-provider/"),
    );
}

/// The host's place if a value is a URL or host of EKS instead of an ARN: 8 after `https://`.
fn host_without_arn(value: &Text) -> Option<usize> {
    let known = value.bytes();
    let at = ["https://", "http://"].iter().find(|it| known.starts_with(**it)).map_or(0, |it| it.len());
    let host = &known[at..];
    let is_eks = host.starts_with("oidc.eks.") || host.starts_with("oidc-eks.") || swapped_region(host).is_some();
    is_eks.then_some(at)
}

/// The region in `oidc.<region>.eks.amazonaws.com`, as the webhook's own README once had it.
fn swapped_region(host: &str) -> Option<&str> {
    let (region, rest) = host.strip_prefix("oidc.")?.split_once('.')?;
    (rest.starts_with("eks.amazonaws.com") && region.contains('-')).then_some(region)
}

/// The region in `oidc.eks.<region>.amazonaws.com`.
fn eks_region(host: &str) -> Option<&str> {
    let (region, rest) = host.strip_prefix("oidc.eks.")?.split_once('.')?;
    rest.starts_with("amazonaws.").then_some(region)
}

/// The partition of the ARN and the region of the issuer have to be one.
fn partition(value: &Text, host: &str, region: &str, findings: &mut Findings) {
    let Some(written) = Arn::parse(value).map(|arn| arn.partition()) else { return };
    let Some(id) = written.as_str() else { return };
    let Some(right) = partition_of_region(region) else { return };
    if right.id != id {
        findings
            .at(written.span(), format!("`{host}` is not in the partition `{id}`"))
            .why(format!("the region `{region}` belongs to `{}`", right.id))
            .fix_to(Safety::Activating, &written, right.id);
    }
}
