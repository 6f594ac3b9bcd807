//! What the edits leave behind, in each way that a file may be written.

use crate::diagnostic::Edit;
use crate::source::{FileId, Source, Span};
use crate::workspace::Workspace;

/// The text after an edit; as it was where there is none.
fn after(text: &str, edit: impl Fn(&Workspace, &dyn Fn(&str) -> Span) -> Option<Edit>) -> String {
    let workspace = Workspace::new(vec![Source::new("a.yaml", text)]);
    let place = |word: &str| {
        let start = text.find(word).unwrap() as u32;
        Span { file: FileId(0), start, end: start + word.len() as u32 }
    };
    let mut left = text.to_owned();
    if let Some(edit) = edit(&workspace, &place) {
        left.replace_range(edit.span.range(), &edit.replacement);
    }
    left
}

#[test]
fn properties_and_items_go_with_their_lines_and_commas() {
    let cases = [
        ("a: 1\nb: 2 # why\nc: 3\n", "b: 2", "a: 1\nc: 3\n", "a line with its comment"),
        ("a:\n  - x\n  - y\nb: 1\n", "a:\n  - x\n  - y", "b: 1\n", "several lines"),
        ("- a: 1\n  b: 2\n- a: 3\n", "a: 1\n  b: 2", "- a: 3\n", "an item with its dash"),
        ("- a: 1\n  b: 2\n- a: 3\n", "a: 1", "- b: 2\n- a: 3\n", "the first property of an item"),
        ("{ a: 1, b: 2, c: 3 }", "b: 2", "{ a: 1, c: 3 }", "in the middle of a flow"),
        ("{ a: 1, b: 2 }", "b: 2", "{ a: 1 }", "at its end"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", "\"a\": 1", "{\n  \"b\": 2\n}", "the first line of JSON"),
        ("{\n  \"a\": 1,\n  \"b\": 2\n}", "\"b\": 2", "{\n  \"a\": 1\n}", "the last line of JSON"),
        ("a: 1\nb: 2", "b: 2", "a: 1\n", "a last line without its end"),
        ("a: 1\r\nb: 2\r\nc: 3\r\n", "b: 2", "a: 1\r\nc: 3\r\n", "lines of Windows"),
        ("a: x,\nb: 2\nc: 3\n", "b: 2", "a: x,\nc: 3\n", "a comma that belongs to a string"),
        ("a: \"{\\\"b\\\": 1}\"\n", "b\\\": 1", "a: \"{\\\"b\\\": 1}\"\n", "a document in a string: not known"),
    ];
    for (text, taken, left, why) in cases {
        assert_eq!(after(text, |workspace, place| workspace.removal(place(taken))), left, "{why}");
    }
}

#[test]
fn entries_are_added_behind_others_in_the_style_of_the_file() {
    let item = "  - a: 1\n    type: X\n    b: 2\n";
    let cases = [
        ("  A: 1\n  B: 2\n", "A", "1", "  A: 1\n  Type: X\n  B: 2\n", "a block"),
        ("  - a: 1\n    b: 2\n", "a", "1", item, "the first of an item, in eksctl's letters"),
        ("{ A: 1 }", "A", "1", "{ A: 1, Type: X }", "a flow"),
        ("{\n  A: 1\n}", "A", "1", "{\n  A: 1,\n  Type: X\n}", "a flow of several lines"),
        ("\"A\": 1\n", "\"A\"", "1", "\"A\": 1\n\"Type\": X\n", "a block with quotes"),
        ("{\n  \"A\": \"1\"\n}", "\"A\"", "\"1\"", "{\n  \"A\": \"1\",\n  \"Type\": \"X\"\n}", "JSON"),
        ("{\n  \"A\": \"1\"\n}", "A", "\"1\"", "{\n  \"A\": \"1\",\n  \"Type\": \"X\"\n}", "a key without its quotes"),
    ];
    for (text, key, value, wanted, why) in cases {
        let edited = after(text, |workspace, place| workspace.entry_after(place(key), place(value), "Type", "X"));
        assert_eq!(edited, wanted, "{why}");
    }
}

#[test]
fn entries_are_added_before_others_in_the_style_of_the_file() {
    let cases = [
        ("  A: 1\n", "A", "x", "  N: x\n  A: 1\n", "a block"),
        ("  - A: 1\n", "A", "x", "  - N: x\n    A: 1\n", "the first of an item"),
        ("A: 1\n", "A", "2012-10-17", "N: \"2012-10-17\"\nA: 1\n", "what YAML takes for a date"),
        ("{ A: 1 }", "A", "x", "{ N: x, A: 1 }", "a flow"),
        ("{\n\t\"A\": 1\n}", "\"A\"", "x", "{\n\t\"N\": \"x\",\n\t\"A\": 1\n}", "JSON"),
        ("{ 'A': 1 }", "'A'", "x", "{ 'N': 'x', 'A': 1 }", "single quotes"),
        ("A: \"{\\\"B\\\": 1}\"\n", "B\\", "x", "A: \"{\\\"B\\\": 1}\"\n", "a document in a string: not known"),
    ];
    for (text, key, value, wanted, why) in cases {
        assert_eq!(after(text, |workspace, place| workspace.entry_before(place(key), "N", value)), wanted, "{why}");
    }
}

#[test]
fn items_are_added_in_the_style_of_the_list() {
    let cases = [
        ("a:\n  - x\n", "a:\n  - x\n  - new\n", "a block"),
        ("a: [x]\n", "a: [x, new]\n", "a flow"),
        ("a: x\n", "a: x\n", "not a list"),
    ];
    for (text, wanted, why) in cases {
        assert_eq!(after(text, |workspace, place| workspace.item_after(place("x"), "new")), wanted, "{why}");
    }
    let split = after("a:\n  - x, y\n", |workspace, place| workspace.items_for(place("x, y"), &["x", "y"]));
    assert_eq!(split, "a:\n  - x\n  - y\n");
}

#[test]
fn references_are_swapped_as_they_are_written() {
    let cases = [
        ("!Ref Role", "!GetAtt Role.Arn", "the short form"),
        ("{ \"Ref\": \"Role\" }", "{ \"Fn::GetAtt\": [\"Role\", \"Arn\"] }", "JSON"),
        ("!Sub \"${Role}\"", "!Sub \"${Role.Arn}\"", "in a `Sub`"),
    ];
    for (written, arn, why) in cases {
        let template = |value: &str| {
            let group = format!("    Type: AWS::EKS::Nodegroup\n    Properties:\n      NodeRole: {value}\n");
            format!("Resources:\n  Role: {{Type: AWS::IAM::Role}}\n  Group:\n{group}")
        };
        let swap = |text: &str| {
            after(text, |workspace, _| workspace.swapped_reference(workspace.facts.node_groups[0].role.only().unwrap()))
        };
        assert_eq!(swap(&template(written)), template(arn), "{why}");
        assert_eq!(swap(&template(arn)), template(written), "{why}, and back");
    }
}
