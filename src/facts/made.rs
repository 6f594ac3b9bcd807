//! Where controllers make what custom resources declare.

use super::Field;
use crate::source::{Span, Text};

/// Where the controller of a custom resource makes it. What is deployed together may be made in several regions and accounts.
#[derive(Clone, Debug)]
pub struct Made {
    /// The custom resource.
    pub whole: Span,
    /// The region, where the resource says it. What is absent is the same for all resources of the controller.
    pub region: Field<Text>,
    /// What decides the credentials, and so the account: a provider configuration, or a namespace. `None` if it is unknown.
    /// Two of them may still be of one account.
    pub credentials: Option<Box<str>>,
    /// The composition of Crossplane, or the resource graph of kro, that the resource is a part of. It is deployed for each claim.
    pub template: Option<Span>,
}

impl Made {
    /// Whether two resources are made with the same credentials. Never certainly not.
    pub fn is_in_account_of(&self, other: &Self) -> Option<bool> {
        let is_one_template = self.template.is_none() || other.template.is_none() || self.template == other.template;
        let is_same = self.credentials.as_ref()? == other.credentials.as_ref()? && is_one_template;
        is_same.then_some(true)
    }

    /// Whether two resources are made in the same region.
    pub fn is_in_region_of(&self, other: &Self) -> Option<bool> {
        if self.region.is_absent() && other.region.is_absent() {
            return Some(true);
        }
        self.region.only()?.same(other.region.only()?)
    }
}
