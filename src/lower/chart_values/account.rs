//! What is an account in the values of a chart.

use crate::facts::{
    Annotation, AnnotationValue, ApiVersion, Built, Facts, Field, ObjectMeta, Released, ServiceAccount,
};
use crate::iam::Arn;
use crate::lower::templating::{self, Tags};
use crate::lower::value::{Shape, plain};
use crate::source::{Span, Text};
use crate::syntax::Node;

/// What a key has in it that such an account stands under.
const ACCOUNTS: &[&str] = &["erviceAccount", "erviceaccount"];

/// What stands for any value: charts are tested with it.
const EXAMPLES: [&str; 6] = ["foo", "bar", "test", "dummy", "example", "string"];

/// `serviceAccount`, `worker.serviceAccount`, `serviceAccountTemplate`, `serviceAccounts`: what an account stands under.
pub fn names_account(key: &str) -> bool {
    let key = key.strip_suffix("Template").or_else(|| key.strip_suffix('s')).unwrap_or(key);
    ACCOUNTS.iter().any(|keyword| key.ends_with(keyword))
}

/// `serviceAccountAnnotations`: the annotations of an account, and nothing else of it.
pub fn names_annotations(key: &str) -> bool {
    key.strip_suffix("Annotations").is_some_and(|it| ACCOUNTS.iter().any(|keyword| it.ends_with(keyword)))
}

/// Adds an account. `kind` and `whole`: what stands for it in the values.
pub fn push(kind: Text, whole: Span, annotations: Box<[Annotation]>, released: Option<Released>, facts: &mut Facts) {
    facts.service_accounts.push(ServiceAccount {
        is_manifest: false,
        released: released.map(Box::new),
        meta: ObjectMeta {
            kind,
            version: ApiVersion::unknown(),
            is_template: false,
            whole,
            name: Field::unknown(),
            namespace: Field::unknown(),
            annotations,
            no_annotations: None,
            labels: Box::default(),
            stray: Box::default(),
            built: Built::default(),
        }
        .into(),
    });
}

/// True for a word that stands for any value, and for the ARN of an account that counts up: `123456789`, of somebody who
/// did not count to twelve.
fn is_made_up(text: &Text) -> bool {
    if EXAMPLES.contains(&text.bytes()) {
        return true;
    }
    let account = Arn::parse(text).and_then(|it| it.account_str().map(str::to_owned));
    account.is_some_and(|it| !it.is_empty() && "1234567890123".starts_with(&it))
}

/// What a value of a chart says, unless it is an example, to be replaced.
pub fn said(value: Node<'_>, tags: Tags) -> Option<Text> {
    // Most charts put quotes around what stands here, so its type says nothing.
    match plain(value, tags) {
        Shape::Text(text, _) => Some(text).filter(|it| !it.is_empty() && !it.is_unfilled() && !is_made_up(it)),
        _ => None,
    }
}

/// An annotation as the values of a chart say it.
pub fn annotation(key: Node<'_>, value: Node<'_>, tags: Tags) -> Option<Annotation> {
    let value_read = said(value, tags).map_or(AnnotationValue::Unknown, AnnotationValue::String);
    let span = key.span().to(value.span());
    Some(Annotation { key: templating::find(key.text()?, tags), value: value_read, span, is_written: true })
}
