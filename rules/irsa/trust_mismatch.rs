//! A service account whose role does not trust it.

use std::cell::LazyCell;

use crate::iam::{
    AUDIENCE, DEFAULT_AUDIENCE, POD_IDENTITY_SERVICE, PolicyDocument, SUBJECT_PREFIX, SubjectAnswer,
    account_of_subject, meant_audience,
};
use crate::names::distance;
use crate::prelude::*;
use crate::workspace::{AccountNames, Provider, WebIdentity};

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let accounts = LazyCell::new(|| workspace.service_accounts().names());
    for account in &workspace.facts.service_accounts {
        let meta = &account.meta;
        // Of a release only what it says is known. A kustomization that has its object builds the object, and not the account.
        let released = account.released.as_deref();
        let is_built = released.is_none() && (meta.built.namespace_by.is_some() || !meta.keeps_its_name());
        // Some tools make an account in a namespace of their own, which the file does not say.
        let is_open = released.is_none()
            && !account.is_manifest
            && meta.namespace.string().is_none()
            && !meta.namespace.is_absent();
        let namespace = meta.namespace.string().or((is_built || is_open).then_some("*"));
        let namespace = namespace.or_else(|| released?.namespace.as_str());
        let name = meta.name.string().or_else(|| released?.name.as_str());
        let (Some(namespace), Some(name)) = (namespace, name) else { continue };
        let Some(arn) = meta.role_arn() else { continue };
        let Some((role, certainty)) = workspace.roles().likely(arn) else { continue };
        // With an association the annotation does not count.
        if workspace.roles().links(role).is_used_as(Purpose::PodIdentity) {
            continue;
        }
        let Some(trust) = role.trust.only() else { continue };
        let audience = match meta.annotation(AUDIENCE) {
            Some(it) => it.text().and_then(Text::as_str),
            None => Some(DEFAULT_AUDIENCE),
        };
        let answer = trust.trusts_subject(namespace, name, audience);
        if matches!(answer, SubjectAnswer::Yes) {
            of_another_cluster(workspace, meta, arn, role, findings);
        }
        let SubjectAnswer::No { nearest, by_audience, any_web_identity } = answer else { continue };
        if audience.is_some_and(|it| meant_audience(it).is_some()) || has_a_cause_of_its_own(workspace, role) {
            continue;
        }
        if (is_built || is_open) && may_be_trusted_as_built(meta, trust) {
            continue;
        }
        let subject = format!("{SUBJECT_PREFIX}{namespace}:{name}");
        let found = if is_built {
            let found = findings.at(arn.span(), format!("role does not trust the service account `{name}`"));
            found.why("whatever name and namespace kustomize gives it, this role refuses it")
        } else if is_open {
            let found = findings.at(arn.span(), format!("role does not trust the service account `{name}`"));
            found.why("this role refuses it in every namespace")
        } else {
            let found =
                findings.at(arn.span(), format!("role does not trust the service account `{namespace}/{name}`"));
            found.why(format!("`{subject}` is refused by this role"))
        };
        found.certainty(certainty);
        if let Some(released) = released {
            found.label(released.namespace.span(), "the chart is installed here").likely();
        }
        if by_audience {
            for value in &nearest {
                found.label(value.span(), format!("the token's audience is `{}`", audience.unwrap_or_default()));
            }
            found.help("the audience of the service account and the `:aud` of the trust policy have to be the same");
        } else if nearest.is_empty() {
            nobody(found, trust, any_web_identity);
        } else {
            for value in nearest.iter().take(4) {
                found.label(value.span(), "this is whom it trusts");
            }
            if !is_built && !is_open {
                propose(found, &nearest, &subject, &accounts);
            }
        }
    }
}

/// A role that trusts the service accounts of other clusters only, where AWS describes the one that the account is in.
fn of_another_cluster(workspace: &Workspace, meta: &ObjectMeta, arn: &Text, role: &Role, findings: &mut Findings) {
    let cluster = workspace.clusters().of_file(meta.whole.file).filter(|_| workspace.is_described(meta.whole));
    let Some(issuer) = cluster.and_then(|it| it.issuer.as_deref()) else { return };
    let identities = workspace.web_identities().of(role);
    let others = identities.iter().flat_map(|it| it.providers.iter().map(move |provider| (it, provider)));
    let is_other = |provider: &Provider| {
        let of_provider = provider.issuer.as_ref().filter(|_| provider.is_eks);
        of_provider.and_then(|it| it.same(issuer)) == Some(false)
    };
    let mut others = others.peekable();
    let Some((identity, first)) = others.peek().copied() else { return };
    if !others.all(|(_, provider)| is_other(provider)) || !identities.iter().all(WebIdentity::is_eks) {
        return;
    }
    findings
        .at(arn.span(), "role trusts the service accounts of another cluster")
        .likely()
        .why("tokens of this cluster have another issuer")
        .label(identity.principal(first).value.span(), "the role trusts this provider")
        .label(issuer.span(), "the issuer of the cluster")
        .help("trust the provider of this cluster, in the principal and in the keys of the conditions");
}

/// Ways to let the service account in: in the place of a slip, or beside the others. What another service account of the
/// project needs stays.
fn propose(found: &mut Finding, trusted: &[Text], subject: &str, accounts: &AccountNames<'_>) {
    const MOST_LETTERS: usize = 2;
    let known: Vec<(&Text, &str)> = trusted.iter().filter_map(|it| Some((it, it.as_str()?))).collect();
    let is_declared =
        |it: &str| account_of_subject(it).is_some_and(|(namespace, name)| accounts.is_declared(namespace, name));
    let is_needed = |it: &str| is_declared(it) || it.contains(['*', '?']);
    let free: Vec<_> = known.iter().filter(|(_, it)| !is_needed(it)).collect();
    let slip = free.iter().find(|(_, it)| distance(it, subject, MOST_LETTERS).is_some());
    if let Some((slip, written)) = slip {
        let written = written.strip_prefix(SUBJECT_PREFIX).unwrap_or(written).replacen(':', "/", 1);
        let title = format!("if `{written}` is a misspelling, trust the service account instead");
        found.fix(Safety::Suggestion, title, Change::write(*slip, subject));
    }
    if let Some((last, _)) = known.last() {
        let title = "if the service account is correct, trust it too";
        found.fix(Safety::Suggestion, title, Change::add_value(*last, subject));
    }
    if let ([(only, _)], None, 1) = (free.as_slice(), slip, trusted.len()) {
        let title = "if the service account is correct, trust it instead";
        found.fix(Safety::Suggestion, title, Change::write(*only, subject));
    }
    found.otherwise(format!("if the service account is correct, add `{subject}` to the values of `:sub`"));
}

/// Whether the role may trust the account under the name and in the namespace that kustomize gives it.
fn may_be_trusted_as_built(meta: &ObjectMeta, trust: &PolicyDocument) -> bool {
    let conditions = trust.statements.iter().flat_map(|it| it.conditions.iter());
    let mut subjects = conditions.filter(|it| it.key.ends_with(":sub") != Some(false)).flat_map(|it| it.values.iter());
    subjects.any(|text| {
        let Some(subject) = text.as_str().filter(|it| !it.contains(['*', '?'])) else { return true };
        account_of_subject(subject).is_some_and(|(namespace, name)| {
            meta.namespace.is(namespace) != Some(false) && meta.may_be_deployed_as(name)
        })
    })
}

/// The role trusts others, or nobody by web identity.
fn nobody(found: &mut Finding, trust: &PolicyDocument, any_web_identity: bool) {
    if any_web_identity {
        found.label(trust.blame(), format!("{}; no `:sub` here fits", trust.says_of(&[])));
        found.help("let the cluster's OIDC provider do `sts:AssumeRoleWithWebIdentity` for this subject");
        return;
    }
    found.label(trust.blame(), trust.says_of(&[]));
    found.help(match trust.may_be_assumed_by(&[POD_IDENTITY_SERVICE.name]) {
        Some(true) => "the role is made for EKS Pod Identity: create an association instead of the annotation",
        _ => "let the cluster's OIDC provider do `sts:AssumeRoleWithWebIdentity` for this subject",
    });
}

/// What keeps this service account out keeps out everybody, and is a finding of its own.
fn has_a_cause_of_its_own(workspace: &Workspace, role: &Role) -> bool {
    workspace.web_identities().of(role).iter().any(|identity| {
        let no_arn = |it: &Text| it.starts_with("arn:") == Some(false) && it.reference().is_none();
        let in_conditions =
            identity.statement.conditions.iter().any(|condition| match condition.key.ends_with(":sub") {
                Some(true) => condition.values.iter().any(|it| condition.subject_violation(it).is_some()),
                _ => condition.values.iter().any(|it| {
                    it.as_str()
                        .is_some_and(|it| meant_audience(it).is_some() || it.starts_with("system:serviceaccount"))
                }),
            });
        let misplaced =
            |it: &crate::iam::Principal| !it.is_kind("Federated") && it.value.contains(":oidc-provider/") == Some(true);
        identity.wrong_action().is_some()
            || identity.statement.principals.iter().any(misplaced)
            || identity.providers.iter().any(|it| no_arn(&identity.principal(it).value))
            || in_conditions
    })
}
