//! Accounts in `mapAccounts`: what is no account number, and what an account number lets in.

use crate::iam::is_account_id;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for section in workspace.aws_auth().sections().filter(|it| it.kind == SectionKind::Accounts) {
        for violation in &section.violations {
            let ViolationKind::AccountNotAString(found) = violation.kind else { continue };
            findings
                .at(violation.span, format!("an item of `mapAccounts` is {found}"))
                .why("EKS reads account numbers, and drops this")
                .help("write the 12 digits of the account, in quotes");
        }
        for account in &section.accounts {
            check_account(account, findings);
        }
    }
}

fn check_account(account: &Account, findings: &mut Findings) {
    let text = &account.text;
    let Some(id) = text.as_str() else { return };
    if text.is_unfilled() {
        findings.at(text.span(), format!("`{id}` was never filled in")).likely();
        return;
    }
    if !is_account_id(id) {
        findings
            .at(text.span(), format!("`{id}` is not an account number"))
            .why("an account number has 12 digits: this lets nobody in");
        return;
    }
    findings
        .at(text.span(), format!("`mapAccounts` lets in every role and user of account `{id}`"))
        .why("each signs in with its ARN as user name, and access entries cannot do the same")
        .help("map the roles that need access, and leave out the rest")
        .level(Level::Note);
    if account.quoted || !id.starts_with('0') {
        return;
    }
    let found = findings.at(text.span(), format!("account number `{id}` has no quotes"));
    found.why("EKS reads it as it is; `eksctl` reads a number and writes back another").level(Level::Warning);
    found.fix(Safety::Safe, "put it in quotes", Change::quote(text.whole()));
}
