//! A parameter of a chart that is meant to set an annotation of a service account, and sets something else.

use crate::iam::ACCOUNT_ANNOTATIONS;
use crate::names::is_slip;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for HelmParameter { key, read } in &workspace.facts.helm_parameters {
        let Some(written) = key.as_str() else { continue };
        let bare = written.replace('\\', "");
        let bare = bare.trim_matches(['"', '\'', '`']);
        let is_meant = |it: &&str| *it == bare || read.is_some() && is_slip(bare, it);
        let Some(meant) = ACCOUNT_ANNOTATIONS.iter().copied().find(is_meant) else { continue };
        let (message, why) = match read.as_ref().and_then(Text::as_str) {
            None => (
                format!("the dots of `{bare}` are not escaped"),
                "each dot begins a nested key, so this sets no annotation".to_owned(),
            ),
            Some(read) if bare == meant => (
                format!("`{read}` is not an annotation that EKS reads"),
                "the quotes become part of the key".to_owned(),
            ),
            Some(read) => (format!("`{read}` is not an annotation that EKS reads"), format!("did you mean `{meant}`?")),
        };
        findings.at(key.span(), message).why(why).fix_to(Safety::Activating, key, &meant.replace('.', r"\."));
    }
}
