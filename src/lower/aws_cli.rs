//! What the AWS CLI prints, and the files of requests that it takes (`--cli-input-json`, `--cli-input-yaml`).
//!
//! The shapes are those of botocore's models of IAM (`iam/2010-05-08`) and EKS (`eks/2017-11-01`), 2026-08. Output is recognised by
//! the key around what it describes, and a request by the members of its operation: all that it has to have are there, filled in, and
//! nothing else is. So a skeleton that nobody filled in is no request.

mod eks;
mod forms;
mod iam;
mod percent;

use crate::facts::{Facts, UnitKind};
use crate::source::UnitId;
use crate::syntax::{Kind, Node};

use super::outline::Outline;
use super::value::{Dialect, Value};
use forms::{Form, Output, Request};

/// What a document of these holds that is about identity, if it holds no policy document: output about EKS has ARNs of EKS, and
/// requests have roles or principals.
pub const KEYWORDS: &[&str] =
    &[":eks:", "principalArn", "nodeRole", "oleArn", "PolicyArn", "ClientIDList", "OpenIDConnectProviderList"];

/// True if a document is output or a request of the AWS CLI.
pub fn is_one(root: Node<'_>) -> bool {
    Form::of(root).is_some()
}

/// [`is_one`], asked of an outline.
pub fn may_be_one(outline: &Outline<'_>) -> bool {
    forms::may_be_form(outline)
}

/// True for a list of outputs, as `jq -s` and `--output yaml-stream` make it.
pub fn is_list(root: Node<'_>) -> bool {
    root.items().any(|it| it.kind() == Kind::Mapping && is_one(it))
}

/// Whether a document is output or a request.
pub fn unit_kind(root: Node<'_>) -> UnitKind {
    match Form::of(root) {
        Some(Form::Request(_)) => UnitKind::AwsRequest,
        _ => UnitKind::AwsOutput,
    }
}

/// Reads the facts of a document.
pub fn lower(root: Node<'_>, _: UnitId, facts: &mut Facts) {
    let value = Value::new(root, Dialect::Plain);
    match Form::of(root) {
        Some(Form::Output(Output::Iam(kind))) => iam::lower_output(kind, &value, facts),
        Some(Form::Output(Output::Eks(kind))) => eks::lower_output(kind, &value, facts),
        Some(Form::Request(Request::Iam(kind))) => iam::lower_request(kind, &value, facts),
        Some(Form::Request(Request::Eks(kind))) => eks::lower_request(kind, &value, facts),
        None => {}
    }
}

/// Reads the facts of a list of outputs.
pub fn lower_list(root: Node<'_>, unit: UnitId, facts: &mut Facts) {
    root.items().filter(|it| it.kind() == Kind::Mapping).for_each(|it| lower(it, unit, facts));
}
