//! An annotation that YAML reads as a number or a boolean.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for object in &workspace.facts.objects {
        let of_account = object.kind.as_str() == Some("ServiceAccount");
        for annotation in &object.annotations {
            // Elsewhere only the annotations that are about identity are this linter's business.
            if !of_account && annotation.key.starts_with("eks.amazonaws.com/") != Some(true) {
                continue;
            }
            let key = annotation.key.shown();
            match &annotation.value {
                AnnotationValue::NotAString { text, found } => {
                    let quoted = format!("\"{}\"", text.shown());
                    report
                        .at(text.span(), format!("the value of `{key}` is a {found}, not a string"))
                        .label(text.span(), "annotations are strings: the API server rejects the object")
                        .fix(Safety::Safe, "put it in quotes", [Edit::replace(text.span(), quoted)]);
                }
                AnnotationValue::Collection(span) => {
                    report
                        .at(annotation.key.span(), format!("the value of `{key}` is not a string"))
                        .label(*span, "the API server rejects the object");
                }
                AnnotationValue::Null(_) => {
                    report
                        .at(annotation.key.span(), format!("`{key}` has no value"))
                        .label(annotation.key.span(), "the API server leaves the annotation out")
                        .level(Level::Warning);
                }
                AnnotationValue::String(_) | AnnotationValue::Unknown => {}
            }
        }
    }
}
