//! An annotation that YAML reads as a number or a boolean, or annotations that it reads as something else.

use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for object in &workspace.facts.objects {
        let of_account = object.kind.as_str() == Some("ServiceAccount");
        if let Some(other) = &object.no_annotations {
            no_annotations(other, findings);
        }
        for annotation in &object.annotations {
            // Elsewhere only the annotations that are about identity are this linter's business.
            if !of_account && annotation.key.starts_with("eks.amazonaws.com/") != Some(true) {
                continue;
            }
            let key = annotation.key.shown();
            match &annotation.value {
                AnnotationValue::NotAString { text, found } => {
                    findings
                        .at(text.span(), format!("the value of `{key}` is a {found}, not a string"))
                        .why("annotations are strings: the API server rejects the object")
                        .fix(Safety::Activating, "put it in quotes", Change::quote(text.whole()));
                }
                AnnotationValue::Collection(span) => {
                    findings
                        .at(annotation.key.span(), format!("the value of `{key}` is not a string"))
                        .label(*span, "the API server rejects the object");
                }
                AnnotationValue::Null(_) => {
                    findings
                        .at(annotation.key.span(), format!("`{key}` has no value"))
                        .why("the API server leaves the annotation out")
                        .level(Level::Warning);
                }
                AnnotationValue::String(_) | AnnotationValue::Unknown => {}
            }
        }
    }
}

fn no_annotations(other: &NoAnnotations, findings: &mut Findings) {
    match other {
        NoAnnotations::List(span) => {
            findings
                .at(*span, "`annotations` is a list, not keys with values")
                .why("the API server rejects the object")
                .help("write the keys without `- `");
        }
        NoAnnotations::Text(text) => {
            let found = findings.at(text.span(), "`annotations` is a text, not keys with values");
            found.why("the API server rejects the object");
            let change = key_and_value(text).map(|(key, value)| Change::make_entry(text, key, value));
            let help = "write `: ` between the key and its value";
            found.fix_or_help(Safety::Activating, "put `: ` behind the key", change, help);
        }
    }
}

/// What was meant by `eks.amazonaws.com/role-arn:arn:…` and by `eks.amazonaws.com/role-arn=arn:…`.
fn key_and_value(text: &Text) -> Option<(&'static str, &str)> {
    let known = text.as_str().filter(|it| !it.contains([' ', '\n']))?;
    let keys = ACCOUNT_ANNOTATIONS.iter().chain(POD_ANNOTATIONS.iter());
    keys.copied().find_map(|key| Some((key, known.strip_prefix(key)?.strip_prefix([':', '='])?)))
}
