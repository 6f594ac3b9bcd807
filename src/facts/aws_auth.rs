//! The `aws-auth` ConfigMap as the authenticator reads it: what its entries are for, and what their keys were meant to be.

use std::sync::Arc;

use super::{Field, List, ObjectMeta};
use crate::iam::{Arn, PrincipalArn, PrincipalId};
use crate::names::nearest;
use crate::source::{Span, Text};

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

/// A ConfigMap that is `kube-system/aws-auth` or has its keys.
#[derive(Clone, Debug)]
pub struct AwsAuth {
    pub meta: Arc<ObjectMeta>,
    /// True for a manifest, which replaces what is there; false for mappings that a tool adds to it.
    pub is_whole: bool,
    /// Every key of `data`, and of the places where people put it by mistake.
    pub keys: Vec<DataKey>,
    /// What the authenticator reads: the last `mapRoles`, `mapUsers` and `mapAccounts`.
    pub sections: Vec<Section>,
}

impl AwsAuth {
    /// Whether the authenticator reads this object: it is called `aws-auth`, and not certainly outside `kube-system`. `None` if it
    /// may be called so.
    pub fn is_read(&self) -> Option<bool> {
        let is_there = || self.meta.namespace.is_absent() || self.meta.namespace.is("kube-system") != Some(false);
        let is_named = self.meta.name.is("aws-auth");
        if is_named == Some(false) || !is_there() { Some(false) } else { is_named }
    }

    pub fn mappings(&self) -> impl Iterator<Item = &Mapping> {
        self.sections.iter().flat_map(|section| &section.mappings)
    }
}

/// A key of the ConfigMap.
#[derive(Clone, Debug)]
pub struct DataKey {
    pub key: Text,
    /// `data`, or where else it stands.
    pub under: &'static str,
    /// True if its value holds text that is not blank.
    pub has_text: bool,
}

/// `mapRoles`, `mapUsers` or `mapAccounts`.
#[derive(Clone, Debug)]
pub struct Section {
    pub kind: SectionKind,
    pub key: Text,
    pub content: Content,
    pub mappings: Vec<Mapping>,
    pub accounts: Vec<Account>,
    /// What the decoder drops or cannot read, in the order of the text.
    pub violations: Vec<Violation>,
    /// True if another tool fills in a part of the text before anybody decodes it.
    pub filled_in: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SectionKind {
    Roles,
    Users,
    Accounts,
}

impl SectionKind {
    pub const ALL: [Self; 3] = [Self::Roles, Self::Users, Self::Accounts];

    /// The key, as the authenticator spells it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Roles => "mapRoles",
            Self::Users => "mapUsers",
            Self::Accounts => "mapAccounts",
        }
    }

    /// The key of an entry that holds its ARN.
    pub fn arn_key(self) -> &'static str {
        match self {
            Self::Roles => "rolearn",
            _ => "userarn",
        }
    }
}

/// What the value of a section is, for the outer file.
#[derive(Clone, Debug)]
pub enum Content {
    /// A string, as it has to be: the text.
    String(Text),
    /// A list or mapping: the API server rejects the ConfigMap. The mappings are read all the same.
    Collection(Span),
    Unknown,
}

/// What the authenticator's decoder makes of a section that is not as it should be.
#[derive(Clone, Debug)]
pub struct Violation {
    pub span: Span,
    pub kind: ViolationKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ViolationKind {
    /// The text is not YAML: every entry of the section is dropped. The parser's words.
    Syntax(String),
    /// A plain value begins with `{{`, which YAML takes for a mapping: every entry is dropped.
    UnquotedTemplate,
    /// The section is not a list: no entries.
    NotAList(&'static str),
    /// An entry is not a mapping: that entry is dropped.
    NotAMapping(&'static str),
    /// `groups` is not a list: the entry has no groups.
    GroupsNotAList(&'static str),
    /// A group is not a string and not a scalar either: it becomes the empty name.
    GroupNotAString(&'static str),
    /// An item of `mapAccounts` is a list or a mapping: that item is dropped.
    AccountNotAString(&'static str),
    /// YAML 1.1 reads the plain scalar as something else than a string; the field it stands in is dropped.
    Scalar { field: String, found: &'static str },
    /// Only the first document of the text counts.
    SecondDocument,
}

/// One entry of `mapRoles` or `mapUsers`.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub section: SectionKind,
    /// The whole entry.
    pub span: Span,
    /// `rolearn` or `userarn`.
    pub arn: Field<Text>,
    pub username: Field<Text>,
    pub groups: List<Text>,
    /// Every key of the entry, as it is written.
    pub keys: Vec<Text>,
    /// True if the decoder drops a part of it: there is a [`Violation`] inside.
    pub is_damaged: bool,
}

impl Mapping {
    /// What to point at: the ARN, or else the entry.
    pub fn at(&self) -> Span {
        self.arn.known().next().map_or(self.span, Text::span)
    }
}

/// One item of `mapAccounts`.
#[derive(Clone, Debug)]
pub struct Account {
    pub text: Text,
    pub quoted: bool,
}

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
        groups.fold(named, crate::iam::kleene_or)
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

impl Mapping {
    /// Whom the mapping is for, if its ARN is written out.
    pub fn principal_id(&self) -> Option<PrincipalId> {
        Arn::parse(self.arn.only()?)?.principal()
    }

    /// True for a role in the groups of nodes and of administrators, without a user name of nodes.
    pub fn mixes_nodes_and_administrators(&self) -> bool {
        // A user name that another tool fills in may be one of nodes.
        let is_known = self.username.only().is_some() || self.username.is_absent();
        let in_both = ["system:masters", "system:nodes"].iter().all(|it| self.has_group(it) == Some(true));
        let is_read = self.section == SectionKind::Roles && !self.misspells("username");
        is_known && in_both && is_read && !self.is_named_like_nodes()
    }

    /// True if the user name is one of nodes.
    pub fn is_named_like_nodes(&self) -> bool {
        self.username.only().is_some_and(|it| it.starts_with("system:node:") == Some(true))
    }
}

impl AwsAuth {
    /// True if all that its `mapRoles` holds is known, and it has one: applying it replaces the roles of the cluster.
    pub fn replaces_roles(&self) -> Option<&Section> {
        let section = self.sections.iter().find(|it| it.kind == SectionKind::Roles)?;
        let is_known =
            matches!(section.content, Content::String(_)) && section.violations.is_empty() && !section.filled_in;
        is_known.then_some(section)
    }
}
