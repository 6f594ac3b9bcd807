//! Parameters of charts, as an Application of Argo CD has them: `name: serviceAccount.annotations.eks\.amazonaws\.com/role-arn`.
//!
//! Source: Helm `pkg/strvals/parser.go`: a dot parts keys unless a backslash stands before it, and a quote is a character like
//! any other.

use std::ops::Range;

use crate::facts::{Annotation, AnnotationValue, Facts, HelmParameter};
use crate::iam::ACCOUNT_ANNOTATIONS;
use crate::source::{Text, TextBuilder};
use crate::syntax::Node;

use super::account::{names_account, names_annotations, push, said};
use crate::lower::templating::Tags;

/// Reads the parameters of an Application.
pub fn lower(root: Node<'_>, tags: Tags, facts: &mut Facts) {
    for helm in root.below().filter_map(|it| it.get("helm")) {
        for parameter in helm.get("parameters").into_iter().flat_map(Node::items) {
            if let (Some(name), Some(value)) = (parameter.get("name"), parameter.get("value")) {
                read(name, value, tags, facts);
            }
        }
    }
}

fn read(name: Node<'_>, value: Node<'_>, tags: Tags, facts: &mut Facts) {
    let Some(path) = name.text().filter(|it| !it.has_holes() && !it.bytes().contains("{{")) else { return };
    let keys = keys(path.bytes());
    let Some((account, rest)) = account(path.bytes(), &keys) else { return };
    let key = path.part(rest[0].start..path.len());
    let read = unescaped(&key);
    let is_one = rest.len() == 1;
    if !is_one || !read.as_str().is_some_and(|it| ACCOUNT_ANNOTATIONS.contains(&it)) {
        facts.helm_parameters.push(HelmParameter { key, read: is_one.then_some(read) });
        return;
    }
    let value_read = said(value, tags).map_or(AnnotationValue::Unknown, AnnotationValue::String);
    let span = name.span().to(value.span());
    let annotation = Annotation { key: read, value: value_read, span, is_written: true };
    push(path.part(account), span, Box::new([annotation]), None, facts);
}

/// Where the keys of a path stand in it.
fn keys(path: &str) -> Vec<Range<usize>> {
    let mut keys = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, byte) in path.bytes().enumerate() {
        if byte == b'.' && !is_escaped {
            keys.push(start..at);
            start = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    keys.push(start..path.len());
    keys
}

/// The key that stands for an account whose annotations a path leads to, and the keys behind them.
fn account<'k>(path: &str, keys: &'k [Range<usize>]) -> Option<(Range<usize>, &'k [Range<usize>])> {
    let key = |at: usize| &path[keys[at].clone()];
    (1..keys.len()).find_map(|at| {
        let is_account = |it: &usize| names_account(key(*it));
        let of_component = || [at.checked_sub(2), at.checked_sub(3)].into_iter().flatten().find(is_account);
        let account = match key(at - 1) {
            "annotations" => of_component()?,
            it if names_annotations(it) => at - 1,
            it if names_account(it) && at > 1 && key(at - 2) == "annotations" => at - 1,
            _ => return None,
        };
        // What follows may be an account among the annotations.
        let is_further = key(at - 1) == "annotations" && names_account(key(at));
        (!is_further).then(|| (keys[account].clone(), &keys[at..]))
    })
}

/// A key as Helm reads it.
fn unescaped(key: &Text) -> Text {
    let mut builder = TextBuilder::default();
    let (mut start, mut is_escaped) = (0, false);
    for (at, byte) in key.bytes().bytes().enumerate() {
        let begins = byte == b'\\' && !is_escaped;
        if begins {
            builder.push(&key.part(start..at));
            start = at + 1;
        }
        is_escaped = begins;
    }
    builder.push(&key.part(start..key.len()));
    builder.finish(key.whole())
}

#[cfg(test)]
mod tests {
    use crate::source::{FileId, Source};

    #[test]
    fn what_a_name_leads_to() {
        const ARN: &str = r"eks\.amazonaws\.com/role-arn";
        let cases = [
            (format!("serviceAccount.annotations.{ARN}"), (1, 0), "what `helm create` writes"),
            (format!("rbac.serviceAccountAnnotations.{ARN}"), (1, 0), "a key of its own"),
            (format!("serviceAccount.server.annotations.{ARN}"), (1, 0), "a component"),
            (format!("annotations.serviceAccount.{ARN}"), (1, 0), "among other annotations"),
            (format!("podAnnotations.{ARN}"), (0, 0), "annotations of something else"),
            (ARN.to_owned(), (0, 0), "no annotations"),
            ("serviceAccount.annotations".to_owned(), (0, 0), "no key"),
            ("serviceAccount.annotations.eks.amazonaws.com/role-arn".to_owned(), (0, 1), "dots that part"),
            (format!("serviceAccount.annotations.\"{ARN}\""), (0, 1), "quotes"),
            (r"serviceAccount.annotations.{{key}}".to_owned(), (0, 0), "what a generator fills in"),
        ];
        for (name, wanted, why) in cases {
            let text = format!(
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      parameters:\n      \
                 - name: '{name}'\n        value: arn:aws:iam::111122223333:role/app\n"
            );
            let facts = crate::lower::lower(&Source::new("a.yaml", text.as_str()), FileId::new(0), &());
            assert_eq!((facts.service_accounts.len(), facts.helm_parameters.len()), wanted, "{why}: {text}");
        }
    }
}
