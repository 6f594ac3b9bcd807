//! What the entries of `aws-auth` are for, and what their keys were meant to be.

use super::{Mapping, SectionKind};
use crate::iam::PrincipalArn;
use crate::names::nearest;
use crate::source::Text;

/// What the authenticator replaces in user names and groups, by letter (aws-iam-authenticator `pkg/server/server.go`,
/// 2026-07-14).
pub const TEMPLATE_VARIABLES: &[&str] =
    &["EC2PrivateDNSName", "AccountID", "SessionName", "SessionNameRaw", "AccessKeyID"];

/// The groups without which nodes cannot join.
pub const NODE_GROUPS: &[&str] = &["system:bootstrappers", "system:nodes"];

/// Words that people write for the keys of an entry, besides slips of the pen.
const ALIASES: &[(&str, &str)] = &[
    ("role", "rolearn"),
    ("arn", "rolearn"),
    ("iamrole", "rolearn"),
    ("userarn", "rolearn"),
    ("rolearn", "userarn"),
    ("arn", "userarn"),
    ("user", "userarn"),
    ("iamuser", "userarn"),
    ("user", "username"),
    ("name", "username"),
    ("group", "groups"),
];

impl Mapping {
    /// The ARN and what it names.
    pub fn principal(&self) -> Option<(&Text, PrincipalArn)> {
        let arn = self.arn.only()?;
        Some((arn, PrincipalArn::check(arn)))
    }

    /// Whether it gives a group.
    pub fn has_group(&self, name: &str) -> Option<bool> {
        if self.is_damaged { None } else { self.groups.any(|group| group.is(name)) }
    }

    /// Whether it lets in nodes: it gives a user name or a group that only nodes have.
    pub fn is_for_nodes(&self) -> Option<bool> {
        let named = match self.username.only() {
            Some(username) => username.starts_with("system:node:"),
            None => Some(false).filter(|_| self.username.is_absent() && !self.is_damaged),
        };
        let groups = NODE_GROUPS.iter().map(|group| self.has_group(group));
        groups.fold(named, crate::iam::or)
    }

    /// True if a key is there, however it is capitalised.
    pub fn has_key(&self, wanted: &str) -> bool {
        self.keys.iter().any(|key| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(wanted)))
    }

    /// The keys that the decoder passes over, each with the key that it was surely meant to be.
    pub fn strange_keys(&self) -> impl Iterator<Item = (&Text, Option<&'static str>)> {
        let arn_key = self.section.arn_key();
        let extra = if self.section == SectionKind::Roles { "sso" } else { arn_key };
        let known = [arn_key, "username", "groups", "userid", extra];
        let missing: Vec<_> = [arn_key, "username", "groups"].into_iter().filter(|it| !self.has_key(it)).collect();
        self.keys.iter().filter_map(move |key| {
            let name = key.as_str()?;
            if known.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                return None;
            }
            let mut missing = missing.iter().copied();
            let plain = crate::names::folded(name);
            let meant = missing.find(|it| nearest(name, [*it]).is_some() || ALIASES.contains(&(plain.as_str(), *it)));
            Some((key, meant))
        })
    }

    /// True if one of its keys was meant to be this one.
    pub fn misspells(&self, wanted: &str) -> bool {
        self.strange_keys().any(|(_, meant)| meant == Some(wanted))
    }
}
