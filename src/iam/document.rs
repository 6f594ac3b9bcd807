//! Policy documents: what they say, not yet what it means.

use crate::field::{Field, List, WrongType};
use crate::source::{Span, Text};

/// A trust policy or a permissions policy.
#[derive(Clone, Debug)]
pub struct PolicyDocument {
    pub span: Span,
    pub version: Field<Text>,
    pub statements: List<Statement>,
    /// Where it was cut off, if it is longer than [`PolicyDocument::LONGEST`].
    pub beyond: Option<Span>,
    /// What is written in it that is of another type than IAM takes.
    pub wrong_types: Box<[WrongType]>,
    /// True if something in it is named after EKS: an action, a resource, a principal, a condition on a service account.
    pub speaks_of_eks: bool,
}

impl PolicyDocument {
    /// Statements, principals, actions and values of conditions of a trust policy beyond this number are not kept: each
    /// service account that uses the role is compared with all of them. IAM takes 8192 characters at most.
    pub const LONGEST: usize = 500;

    /// Cuts a trust policy off where it is too long. What follows is unknown.
    pub(crate) fn cut_off(&mut self) {
        let mut left = Self::LONGEST;
        let mut beyond = None;
        for item in &mut self.statements.items {
            let statement = &mut item.value;
            if statement.principals.is_empty() {
                continue;
            }
            let mut cut = |wanted: usize, place: Option<Span>| {
                let kept = wanted.min(left);
                left -= kept;
                if kept < wanted {
                    beyond = beyond.or(place).or(Some(statement.span));
                }
                kept
            };
            cut(1, None);
            let kept = cut(statement.principals.items.len(), statement.principals.key);
            statement.principals.truncate(kept);
            let kept = cut(statement.actions.items.len(), statement.actions.key);
            statement.actions.truncate(kept);
            let kept = cut(statement.conditions.items.len(), statement.conditions.key);
            statement.conditions.truncate(kept);
            for condition in &mut statement.conditions.items {
                let values = &mut condition.value.values;
                let kept = cut(values.items.len(), values.key);
                values.truncate(kept);
            }
        }
        if beyond.is_some() {
            let is_kept = |it: &Statement| it.not_principal.is_some() || !it.principals.is_empty();
            let kept = self.statements.items.iter().take_while(|it| is_kept(&it.value)).count();
            self.statements.truncate(kept);
            self.statements.complete = false;
        }
        self.beyond = beyond;
    }

    /// The statements that certainly allow something.
    pub fn allowing_statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|it| it.allows())
    }

    /// Everything that its statements speak of, allowed or not.
    pub fn actions(&self) -> impl Iterator<Item = &Text> {
        self.statements.iter().flat_map(|it| it.actions.iter())
    }

    /// Everybody whom its statements name.
    pub fn principals(&self) -> impl Iterator<Item = &Principal> {
        self.statements.iter().flat_map(|it| it.principals.iter())
    }

    /// What to underline where a trust policy lets in the wrong one: its only principal, or else the whole of it.
    pub fn blame(&self) -> Span {
        let principals: Vec<_> = self.principals().collect();
        match principals.as_slice() {
            [only] => only.value.span(),
            _ => self.statements.iter().next().map_or(self.span, |it| it.principals.key.unwrap_or(it.span)),
        }
    }

    /// What to underline where a trust policy does not let in one of these services: what the only statement that names
    /// it says of it, or else whom the policy names.
    pub fn blame_of(&self, services: &[&str]) -> Span {
        let is_it = |it: &Principal| it.is_kind("Service") && it.value.is_one_of(services) == Some(true);
        let mut naming = self.statements.iter().filter(|it| it.principals.iter().any(is_it));
        let (Some(only), None) = (naming.next(), naming.next()) else { return self.blame() };
        let refuses =
            if only.effect_is("Deny") == Some(true) { only.effect.only() } else { only.actions.iter().next() };
        refuses.map_or_else(|| self.blame(), Text::span)
    }

    /// Whom a trust policy lets in, in words, for a policy that does not let in one of these services.
    ///
    /// Where it names the service, what it allows that service to do is what matters.
    pub fn says_of(&self, services: &[&str]) -> String {
        let is_it = |it: &&Principal| it.is_kind("Service") && it.value.is_one_of(services) == Some(true);
        let named =
            self.allowing_statements().find_map(|it| it.principals.iter().find(is_it).map(|service| (it, service)));
        match named {
            Some((statement, service)) if self.statements.items.len() > 1 && !statement.actions.is_empty() => {
                let actions = statement.actions.iter().map(|it| format!("`{}`", it.shown())).collect::<Vec<_>>();
                format!("allows `{}` to call only {}", service.value.shown(), actions.join(", "))
            }
            _ => self.says(),
        }
    }

    /// Whom a trust policy lets in, in words: `trusts only `eks.amazonaws.com``.
    pub fn says(&self) -> String {
        let mut names = Vec::new();
        for statement in self.statements.iter() {
            names.extend(statement.principals.iter().map(|it| format!("`{}`", it.value.shown())));
        }
        names.dedup();
        match names.as_slice() {
            [] => "trusts nobody".to_owned(),
            [only] if self.statements.iter().all(|it| it.effect_is("Deny") == Some(true)) => format!("denies {only}"),
            [only] => match self.statements.iter().find_map(|it| it.actions.iter().next()) {
                Some(action) if action.is("sts:AssumeRole") == Some(false) => {
                    format!("lets {only} do `{}`", action.shown())
                }
                _ => format!("trusts only {only}"),
            },
            names => format!("trusts {}", names.join(", ")),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub span: Span,
    pub sid: Field<Text>,
    pub effect: Field<Text>,
    pub principals: List<Principal>,
    /// The key `Principal`, if it is written.
    pub principal_key: Option<Span>,
    /// The key `NotPrincipal`, if it is written.
    pub not_principal: Option<Span>,
    pub actions: List<Text>,
    pub not_action: Option<Span>,
    pub resources: List<Text>,
    /// The key `Resource` with its value, if it is written.
    pub resource_entry: Option<Span>,
    pub not_resource: Option<Span>,
    pub conditions: List<Condition>,
}

/// One principal: `Service: ec2.amazonaws.com`. `Principal: "*"` has the kind `*`.
#[derive(Clone, Debug)]
pub struct Principal {
    /// `Service`, `AWS`, `Federated`, `CanonicalUser`, or `*`.
    pub kind: Text,
    pub value: Text,
    pub form: PrincipalForm,
}

/// How a principal is written. IAM accepts a map from type to string or list of strings, and the string `*`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrincipalForm {
    /// `Principal: { Service: ec2.amazonaws.com }`, or `Principal: "*"`.
    Map,
    /// `Principal: ec2.amazonaws.com`. The kind is the value then.
    Text,
    /// `Principal: [ec2.amazonaws.com]`, whose kind is the value, or `Principal: [{ Service: ec2.amazonaws.com }]`.
    List,
    /// `Principal: { Service: { Name: ec2.amazonaws.com } }`.
    NestedMap,
}

impl Principal {
    pub fn is_kind(&self, kind: &str) -> bool {
        self.kind.as_str() == Some(kind)
    }
}

/// One key of a condition block: `StringEquals: { key: values }`.
#[derive(Clone, Debug)]
pub struct Condition {
    pub operator: Text,
    pub key: Text,
    pub values: List<Text>,
}

impl Condition {
    /// The operator without `ForAnyValue:`, `ForAllValues:` and `IfExists`.
    pub fn base_operator(&self) -> Option<&str> {
        let operator = self.operator.as_str()?;
        let operator = operator.rsplit_once(':').map_or(operator, |(_, rest)| rest);
        Some(operator.strip_suffix("IfExists").unwrap_or(operator))
    }
}

impl PolicyDocument {
    /// Finds out whether it [speaks of EKS](PolicyDocument::speaks_of_eks), which many rules ask.
    pub(crate) fn finds_eks(&self) -> bool {
        self.statements.iter().any(|statement| {
            let by_action = statement.actions.iter().any(|action| {
                let service = action.bytes().split(':').next().unwrap_or_default();
                let is_named = service.len() < action.bytes().len();
                is_named && ["eks", "eks-auth", "ssmmessages"].iter().any(|it| service.eq_ignore_ascii_case(it))
            });
            let by_resource = || statement.resources.iter().any(|it| it.bytes().contains(":eks:"));
            let by_principal = || {
                let others = statement.principals.iter().filter(|it| !it.is_kind("AWS"));
                others.into_iter().any(|it| it.value.bytes().split(['.', '-', ':', '/']).any(|word| word == "eks"))
            };
            let by_condition = || {
                statement.conditions.iter().any(|condition| {
                    let of_account = |it: &Text| it.bytes().contains("system:serviceaccount:");
                    condition.key.bytes().contains("oidc.eks.") || condition.values.iter().any(of_account)
                })
            };
            by_action || by_resource() || by_principal() || by_condition()
        })
    }
}
