//! Mappings that a tool adds to the `aws-auth` ConfigMap, and that stand in its own configuration.

use crate::facts::{
    Account, ApiVersion, AwsAuth, Built, Content, Field, List, Mapping, ObjectMeta, Section, SectionKind,
};
use crate::source::{Span, Text};

/// The ConfigMap that such mappings become part of.
pub struct IdentityMap {
    key: Span,
    sections: Vec<Section>,
}

impl IdentityMap {
    /// `key`: where the mappings are written.
    pub fn new(key: Span) -> Self {
        let section = |kind: SectionKind| Section {
            kind,
            key: Text::written(kind.key(), key),
            content: Content::Unknown,
            mappings: Vec::new(),
            accounts: Vec::new(),
            violations: Vec::new(),
            filled_in: false,
        };
        Self { key, sections: SectionKind::ALL.into_iter().map(section).collect() }
    }

    /// Adds an account of `mapAccounts`.
    pub fn add_account(&mut self, account: Account) {
        let mut sections = self.sections.iter_mut();
        sections
            .find(|it| it.kind == SectionKind::Accounts)
            .into_iter()
            .for_each(|it| it.accounts.push(account.clone()));
    }

    pub fn add(
        &mut self,
        section: SectionKind,
        span: Span,
        arn: Field<Text>,
        username: Field<Text>,
        groups: List<Text>,
    ) {
        let mapping = Mapping { section, span, arn, username, groups, keys: Vec::new(), is_damaged: false };
        self.sections
            .iter_mut()
            .find(|it| it.kind == section)
            .into_iter()
            .for_each(|it| it.mappings.push(mapping.clone()));
    }

    /// The ConfigMap. `whole`: all that the mappings are written in.
    pub fn finish(self, whole: Span) -> AwsAuth {
        let words = |text: &str| Field::of(Text::written(text, self.key));
        AwsAuth {
            meta: ObjectMeta {
                kind: Text::written("ConfigMap", self.key),
                version: ApiVersion::unknown(),
                is_template: false,
                whole,
                name: words("aws-auth"),
                namespace: words("kube-system"),
                annotations: Box::default(),
                no_annotations: None,
                labels: Box::default(),
                stray: Box::default(),
                built: Built::default(),
            }
            .into(),
            is_whole: false,
            keys: Vec::new(),
            sections: self.sections,
        }
    }
}
