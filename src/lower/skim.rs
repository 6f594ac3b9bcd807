//! Reads JSON for its outlines alone.
//!
//! Most large JSON files are schemas, recorded API responses, and catalogues that hold a keyword somewhere and no fact. Reading
//! their outlines costs one pass and keeps nothing of them. It is only asked whether a document *may* be of a kind: what is not
//! certain counts as yes, and the tree decides.

use std::ops::ControlFlow;

use crate::syntax::{Visitor, visit_json};

use super::chart_values;
use super::outline::{Outline, Shape};

/// Whether JSON text may hold a fact. What is not strictly JSON, or is beyond a limit, may: errors have to be reported.
///
/// `is_document` and `is_item` are asked of each mapping that is a document, and of each in a list that is one.
pub fn may_hold_facts(
    source: &str,
    is_document: impl Fn(&Outline<'_>) -> bool,
    is_item: impl Fn(&Outline<'_>) -> bool,
) -> bool {
    let outline = Outline::default();
    let mut reading = Reading { outline, open: Vec::new(), key: None, is_document, is_item };
    !visit_json(source, &mut reading)
}

/// Where in a document the reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// A list that is a document.
    List,
    /// A mapping that is a document.
    Document,
    /// A mapping that is an item of a list that is a document.
    Item,
    Values(chart_values::Inside),
}

struct Reading<'a, D, I> {
    outline: Outline<'a>,
    /// The open collections.
    open: Vec<Inside>,
    /// The key of the next value.
    key: Option<&'a str>,
    is_document: D,
    is_item: I,
}

impl<'a, D, I> Reading<'a, D, I> {
    /// Adds the next value to the outline, if it belongs there. Returns its key.
    fn value(&mut self, shape: Shape<'a>) -> Option<&'a str> {
        let key = self.key.take();
        if let (Some(Inside::Document | Inside::Item), Some(key)) = (self.open.last(), key) {
            self.outline.entries.push((key, shape));
        }
        key
    }
}

/// Stops at what may be a fact.
fn stop_if(is_possible: bool) -> ControlFlow<()> {
    if is_possible { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

impl<'a, D: Fn(&Outline<'_>) -> bool, I: Fn(&Outline<'_>) -> bool> Visitor<'a> for Reading<'a, D, I> {
    fn open(&mut self, is_mapping: bool) -> ControlFlow<()> {
        let key = self.value(if is_mapping { Shape::Mapping } else { Shape::Sequence });
        let inside = match (self.open.last(), is_mapping) {
            (None, true) => Inside::Document,
            (None, false) => Inside::List,
            (Some(Inside::List), true) => Inside::Item,
            (Some(Inside::Values(around)), true) => Inside::Values(around.mapping(key)),
            (_, true) => Inside::Values(chart_values::Inside::Other.mapping(key)),
            (_, false) => Inside::Values(chart_values::Inside::Other),
        };
        if matches!(inside, Inside::Document | Inside::Item) {
            self.outline.entries.clear();
            self.outline.has_chart_values = false;
        }
        self.open.push(inside);
        ControlFlow::Continue(())
    }

    fn close(&mut self) -> ControlFlow<()> {
        stop_if(match self.open.pop() {
            Some(Inside::Document) => (self.is_document)(&self.outline),
            Some(Inside::Item) => (self.is_item)(&self.outline),
            _ => false,
        })
    }

    fn key(&mut self, written: &'a str) -> ControlFlow<()> {
        self.key = Some(written);
        self.outline.has_chart_values |= self.open.last() == Some(&Inside::Values(chart_values::Inside::Annotations));
        // A key that is looked for may be written with escapes of its letters.
        stop_if(written.contains('\\') && written.contains("\\u"))
    }

    fn scalar(&mut self, written: &'a str) -> ControlFlow<()> {
        let key = self.value(Shape::Scalar(written));
        self.outline.has_chart_values |= chart_values::may_be_read(key, written);
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::MAX_NODES;

    #[test]
    fn what_may_hold_facts() {
        const ACCOUNT: &str = r#""serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "x"}}"#;
        let values = |text: &str| format!(r#"{{"a": [{{{}}}]}}"#, text);
        let cases = [
            (r#"{"apiVersion": "v1", "kind": "Pod", "spec": {}}"#.to_owned(), true, "an object"),
            (r#"{"kind": "ConfigMap", "metadata": {}}"#.to_owned(), true, "an object without a version"),
            (r#"{"kind": "compute#instance", "metadata": {}}"#.to_owned(), false, "an object of another API"),
            (r#"{"kind": {"apiVersion": "v1"}}"#.to_owned(), false, "keys of an object deeper in it"),
            (r#"{"apiVersion": {}, "kind": {}}"#.to_owned(), false, "a schema"),
            (r#"{"kind": {}, "apiVersion": 1, "kind": "Pod"}"#.to_owned(), true, "duplicate keys"),
            (r#"{"\u006bind": "Pod", "apiVersion": "v1"}"#.to_owned(), true, "a key with escapes"),
            (r#"{"kind": "Config\u004dap", "metadata": {}}"#.to_owned(), true, "a kind with escapes"),
            (r#"[{"a": 1}, {"apiVersion": "v1", "kind": "Pod"}]"#.to_owned(), true, "a list of objects"),
            (r#"[[{"apiVersion": "v1", "kind": "Pod"}]]"#.to_owned(), false, "a list of lists"),
            (r#"[{"op": "remove", "path": "/a"}]"#.to_owned(), true, "a JSON patch"),
            (r#"{"items": [{"apiVersion": "v1", "kind": "Pod"}]}"#.to_owned(), false, "a list that does not say it"),
            (r#"{"a": 1} {"apiVersion": "v1", "kind": "Pod"}"#.to_owned(), true, "the second of two documents"),
            (r#"{"Resources": {"A": {"Type": "AWS::IAM::Role"}}}"#.to_owned(), true, "a template"),
            (r#"{"Resources": ["A"]}"#.to_owned(), false, "a list of resources"),
            (r#"{"a": {"Resources": {"A": {"Type": "AWS::IAM::Role"}}}}"#.to_owned(), false, "a template in something"),
            (r#"{"Statement": [{"Effect": "Allow"}]}"#.to_owned(), true, "a policy document"),
            (
                r#"{"PolicyDocument": {"Statement": [{"Effect": "Allow"}]}}"#.to_owned(),
                false,
                "a catalogue of policies",
            ),
            (r#"{"resources": ["a.yaml"]}"#.to_owned(), true, "a kustomization"),
            (r#"{"components": {"schemas": {}}}"#.to_owned(), false, "an API description"),
            (values(ACCOUNT), true, "values of a chart"),
            (values(&ACCOUNT.replace("Account\"", "AccountTemplate\"")), true, "a template of an account"),
            (values(r#""serviceAccount": {"metadata": {"annotations": {"a": "b"}}}"#), true, "with metadata"),
            (values(r#""serviceAccount": {"x": {"annotations": {"a": "b"}}}"#), true, "of a component"),
            (values(r#""annotations": {"serviceAccount": {"a": "b"}}"#), true, "among other annotations"),
            (values(r#""rbac": {"serviceAccountAnnotations": {"a": "b"}}"#), true, "annotations alone"),
            (values(r#""serviceAccount": {"properties": {"annotations": {"a": "b"}}}"#), false, "a schema"),
            (values(r#""x": {"annotations": {"a": "b"}}"#), false, "annotations of something else"),
            (values(r#""serviceAccount": {"annotations": {}}"#), false, "no annotations"),
            (values(r#""serviceAccount": {"annotations": {"type": "x"}}"#), true, "it may be a schema or not"),
            (values(r#""serviceAccountName": {"type": "string"}"#), false, "a property of a schema"),
            (values(r#""name": "AWS_WEB_IDENTITY_TOKEN_FILE", "value": "x""#), true, "a variable"),
            (values(r#""AWS_WEB_IDENTITY_TOKEN_FILE": "x""#), true, "an entry for a variable"),
            (values(r#""name": "AWS_WEB_\u0049DENTITY_TOKEN_FILE", "value": "x""#), true, "a variable with escapes"),
            (values(r#""values": "a:\n  b: c\n""#), true, "values in a string"),
            (format!(r#"{{"apiVersion": "v1", {ACCOUNT}}}"#), false, "half an object"),
            (format!("\u{FEFF}{{{ACCOUNT}}}"), true, "after a byte order mark"),
            ("\u{FEFF}{\"a\": {}}".to_owned(), false, "nothing after a byte order mark"),
            (r#"{"a": 1,}"#.to_owned(), true, "not JSON"),
            ("{\"a\": 1 // b\n}".to_owned(), true, "a comment"),
            (r#"{"a": 1} x"#.to_owned(), true, "more after the end"),
            (r#"{"a": "b"#.to_owned(), true, "a text that ends too early"),
            (format!("{}{}", "[".repeat(201), "]".repeat(201)), true, "deeper than what is read"),
            (format!("{}{}", "[".repeat(200), "]".repeat(200)), false, "as deep as what is read"),
            (format!("[{}1]", "1,".repeat(MAX_NODES)), true, "more values than are read"),
            (format!("[{}1]", "1,".repeat(MAX_NODES - 2)), false, "as many as are read"),
        ];
        for (text, wanted, why) in cases {
            assert_eq!(
                !crate::lower::is_other_json(text.as_bytes()),
                wanted,
                "{why}: {}",
                &text[..text.len().min(200)]
            );
        }
    }
}
