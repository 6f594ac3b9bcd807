//! What changes leave behind, in each way that a file may be written.

use super::Change;
use super::apply::{EditSet, OffsetMap, apply};
use super::draft::Draft;
use super::layers::Reading;
use super::plan::holds;
use crate::diagnostic::Edit;
use crate::source::{Attribute, FileId, Reference, ResourceId, Source, Span, Text, UnitId};
use crate::syntax::{self, Hint, Kind, Node};

const FILE: FileId = FileId::new(0);

/// A text with places in it.
struct Sample<'t> {
    text: &'t str,
    reading: Reading,
}

impl<'t> Sample<'t> {
    /// `inner` is the value that is read as a document of its own, if there is one.
    fn new(path: &str, text: &'t str, inner: &str) -> Self {
        let source = Source::new(path, text);
        let whole = Text::of_file(FILE, text.into());
        let strings: Vec<Text> = match inner {
            "" => Vec::new(),
            key => syntax::parse(&whole, Hint::Yaml).documents.iter().filter_map(|it| find(it.root(), key)).collect(),
        };
        Self { text, reading: Reading::new(&source, FILE, strings.iter().map(|it| (it, Hint::Yaml))) }
    }

    /// The first place of some words.
    fn at(&self, words: &str) -> Span {
        let start = self.text.find(words).expect("the words stand in the text") as u32;
        Span { file: FILE, start, end: start + words.len() as u32 }
    }

    /// The text after some changes; as it was where they cannot be made.
    fn after(&self, changes: impl Into<Vec<Change>>) -> String {
        let changes = changes.into();
        match Draft::new(&self.reading, changes.iter()) {
            Ok(draft) if holds(&self.reading, &[&draft]) => apply(self.text, &draft.edits),
            _ => self.text.to_owned(),
        }
    }
}

/// The value of a key, wherever it stands.
fn find(node: Node<'_>, key: &str) -> Option<Text> {
    node.below().filter(|it| it.kind() == Kind::Mapping).find_map(|it| it.get(key)?.text())
}

#[test]
fn strings_are_spelled_as_their_place_asks() {
    let table = [
        ("a.yaml", "a: old\nb: 1\n", "new", "a: new\nb: 1\n", "plain"),
        ("a.yaml", "a: old\n", "x: y", "a: \"x: y\"\n", "plain would be a mapping"),
        ("a.yaml", "a: old\n", "x #y", "a: \"x #y\"\n", "plain would be a comment"),
        ("a.yaml", "a: old\n", "no", "a: \"no\"\n", "plain would be a boolean"),
        ("a.yaml", "a: old\n", "0123", "a: \"0123\"\n", "plain would be a number"),
        ("a.yaml", "a: old\n", "*", "a: \"*\"\n", "plain would be an alias"),
        ("a.yaml", "a: old # why\n", "new", "a: new # why\n", "the comment stays"),
        ("a.yaml", "a: {b: old}\n", "x,y", "a: {b: \"x,y\"}\n", "plain would end in a flow"),
        ("a.yaml", "a: 'old'\n", "it's", "a: 'it''s'\n", "single quotes"),
        ("a.yaml", "a: 'old'\n", "x\ny", "a: \"x\\ny\"\n", "single quotes hold no line break"),
        ("a.yaml", "a: \"old\"\n", "a \"b\" \\", "a: \"a \\\"b\\\" \\\\\"\n", "double quotes"),
        ("a.json", "{\"a\": \"old\"}", "\"\n", "{\"a\": \"\\\"\\n\"}", "JSON"),
        ("a.yaml", "a: |\n  old\nb: 1\n", "new", "a: |\n  new\nb: 1\n", "a literal block"),
        ("a.yaml", "a: |-\n  x\n  old\nb: 1\n", "new", "a: |-\n  x\n  new\nb: 1\n", "a later line"),
        ("a.yaml", "a: >-\n  x old y\n", "new", "a: >-\n  x new y\n", "a folded block"),
        ("a.yaml", "a: >-\n  old\n", " new", "a: \" new\"\n", "a folded block cannot begin with a space"),
        ("a.yaml", "a: |2-\n   old\n", "new", "a: |2-\n   new\n", "an indentation indicator"),
        ("a.yaml", "old: 1\n", "x: y", "\"x: y\": 1\n", "a key"),
        ("a.yaml", "a: !Sub old-${X}\n", "new", "a: !Sub new-${X}\n", "a pattern of Fn::Sub"),
        ("a.yaml", "a: x\r\nb: old\r\n", "new", "a: x\r\nb: new\r\n", "lines of Windows"),
    ];
    for (path, text, value, wanted, why) in table {
        let sample = Sample::new(path, text, "");
        assert_eq!(sample.after(Change::write(sample.at("old"), value)), wanted, "{why}");
    }
}

#[test]
fn documents_in_strings_are_changed_from_the_inside_out() {
    let table = [
        ("m: |\n  - a: old\n    b: 1\nc: 2\n", "new", "m: |\n  - a: new\n    b: 1\nc: 2\n", "a literal block"),
        ("m: |\n  - a: old\n", "x: y", "m: |\n  - a: \"x: y\"\n", "quotes of the inner document"),
        ("m: \"- a: old\\n  b: 1\\n\"\n", "x: y", "m: \"- a: 'x: y'\\n  b: 1\\n\"\n", "YAML in double quotes"),
        ("m: '{\"a\": \"old\"}'\n", "it's", "m: '{\"a\": \"it''s\"}'\n", "JSON in single quotes"),
        ("m: \"{\\\"a\\\": \\\"old\\\"}\"\n", "\"", "m: \"{\\\"a\\\": \\\"\\\\\\\"\\\"}\"\n", "JSON in double quotes"),
        ("{\"m\": \"{\\\"a\\\": \\\"old\\\"}\"}", "x", "{\"m\": \"{\\\"a\\\": \\\"x\\\"}\"}", "JSON in JSON"),
        ("m: >-\n  {\"a\": \"old\"}\n", "new", "m: >-\n  {\"a\": \"new\"}\n", "JSON in a folded block"),
    ];
    for (text, value, wanted, why) in table {
        let sample = Sample::new("a.yaml", text, "m");
        assert_eq!(sample.after(Change::write(sample.at("old"), value)), wanted, "{why}");
    }
}

#[test]
fn a_block_scalar_loses_its_last_line_break_with_its_block() {
    let sample = Sample::new("a.yaml", "a: |\n  x\nb: 1\n", "");
    let value = find_text(&sample, "a");
    assert_eq!(sample.after(Change::write(&value, "v")), "a: v\nb: 1\n");
    assert_eq!(sample.after(Change::write(&value, "y\nz")), "a: |-\n  y\n  z\nb: 1\n");
    let sample = Sample::new("a.yaml", "a: | # why\n  x\nb: 1\n", "");
    let value = find_text(&sample, "a");
    assert_eq!(sample.after(Change::write(&value, "v")), "a: | # why\n  x\nb: 1\n", "the comment would be lost");
    assert_eq!(sample.after(Change::write(&value, "x")), "a: |- # why\n  x\nb: 1\n", "only the line break goes");
}

fn find_text(sample: &Sample<'_>, key: &str) -> Text {
    let whole = Text::of_file(FILE, sample.text.into());
    let parsed = syntax::parse(&whole, Hint::Yaml);
    find(parsed.documents[0].root(), key).expect("the key has a value")
}

#[test]
fn properties_and_items_go_with_their_lines_and_commas() {
    let table = [
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
        ("a: {b: 2}\n", "a: {b: 2}", "a: {b: 2}\n", "nothing would be left of the document"),
        ("a: &x 1\nb: *x\n", "a: &x 1", "a: &x 1\nb: *x\n", "an anchor that is used"),
        ("a: &x 1\nb: *x\nc: 2\n", "b: *x", "a: &x 1\nc: 2\n", "an alias"),
        ("{a: &x 1, b: *x, c: 2}", "c: 2", "{a: &x 1, b: *x}", "beside an alias"),
    ];
    for (text, taken, wanted, why) in table {
        let sample = Sample::new("a.yaml", text, "");
        assert_eq!(sample.after(Change::remove(sample.at(taken))), wanted, "{why}");
    }
    let inside = [
        ("m: |\n  a: 1\n  b: 2\nc: 3\n", "a: 1", "m: |\n  b: 2\nc: 3\n", "the first line of a block"),
        ("m: |\n  a: 1\n  b: 2\nc: 3\n", "b: 2", "m: |\n  a: 1\nc: 3\n", "the last line of a block"),
        ("m: \"a: 1\\nb: 2\\n\"\n", "a: 1", "m: \"b: 2\\n\"\n", "double quotes"),
    ];
    for (text, taken, wanted, why) in inside {
        let sample = Sample::new("a.yaml", text, "m");
        assert_eq!(sample.after(Change::remove(sample.at(taken))), wanted, "{why}");
    }
}

#[test]
fn several_properties_of_one_mapping_go_together() {
    let sample = Sample::new("a.yaml", "{ a: 1, b: 2, c: 3, d: 4 }", "");
    let gone = |words: &[&str]| words.iter().map(|it| Change::remove(sample.at(it))).collect::<Vec<_>>();
    assert_eq!(sample.after(gone(&["b: 2", "c: 3"])), "{ a: 1, d: 4 }");
    assert_eq!(sample.after(gone(&["a: 1", "d: 4"])), "{ b: 2, c: 3 }");
    assert_eq!(sample.after(gone(&["c: 3", "d: 4"])), "{ a: 1, b: 2 }");
}

#[test]
fn entries_are_added_in_the_style_of_the_file() {
    let item = "  - a: 1\n    type: X\n    b: 2\n";
    let after = [
        ("  A: 1\n  B: 2\n", "A", "  A: 1\n  Type: X\n  B: 2\n", "a block"),
        ("A: 1 # why\nB: 2\n", "A", "A: 1 # why\nType: X\nB: 2\n", "the comment stays with its entry"),
        ("A:\n  - x # why\nB: 2\n", "A", "A:\n  - x # why\nType: X\nB: 2\n", "a list with a comment"),
        ("  - a: 1\n    b: 2\n", "a", item, "the first of an item, in eksctl's case"),
        ("{ A: 1 }", "A", "{ A: 1, Type: X }", "a flow"),
        ("{\n  A: 1\n}", "A", "{\n  A: 1,\n  Type: X\n}", "a flow of several lines"),
        ("{\n  A: 1, # why\n  B: 2\n}", "A", "{\n  A: 1, # why\n  Type: X,\n  B: 2\n}", "a comment in a flow"),
        ("\"A\": 1\n", "\"A\"", "\"A\": 1\n\"Type\": X\n", "a block with quotes"),
        ("{\n  \"A\": \"1\"\n}", "\"A\"", "{\n  \"A\": \"1\",\n  \"Type\": \"X\"\n}", "JSON"),
        ("{\n  \"A\": \"1\"\n}", "A", "{\n  \"A\": \"1\",\n  \"Type\": \"X\"\n}", "a key without its quotes"),
    ];
    for (text, key, wanted, why) in after {
        let sample = Sample::new("a.yaml", text, "");
        assert_eq!(sample.after(Change::add_entry_after(sample.at(key), "Type", "X")), wanted, "{why}");
    }
    let before = [
        ("  A: 1\n", "A", "x", "  K: x\n  A: 1\n", "a block"),
        ("  - A: 1\n", "A", "x", "  - K: x\n    A: 1\n", "the first of an item"),
        ("A: 1\n", "A", "2012-10-17", "K: \"2012-10-17\"\nA: 1\n", "what YAML takes for a date"),
        ("{ A: 1 }", "A", "x", "{ K: x, A: 1 }", "a flow"),
        ("{\n\t\"A\": 1\n}", "\"A\"", "x", "{\n\t\"K\": \"x\",\n\t\"A\": 1\n}", "JSON"),
        ("{ 'A': 1 }", "'A'", "x", "{ 'K': 'x', 'A': 1 }", "single quotes"),
    ];
    for (text, key, value, wanted, why) in before {
        let sample = Sample::new("a.yaml", text, "");
        assert_eq!(sample.after(Change::add_entry_before(sample.at(key), "K", value)), wanted, "{why}");
    }
    let sample = Sample::new("a.yaml", "m: |\n  A: 1\n", "m");
    assert_eq!(sample.after(Change::add_entry_before(sample.at("A"), "K", "x")), "m: |\n  K: x\n  A: 1\n");
    assert_eq!(sample.after(Change::add_entry_after(sample.at("A"), "K", "x")), "m: |\n  A: 1\n  K: x\n");
}

#[test]
fn items_are_added_in_the_style_of_the_list() {
    let table = [
        ("a:\n  - x\n", "a:\n  - x\n  - new\n", "a block"),
        ("a:\n  - x # why\n  - y\n", "a:\n  - x # why\n  - new\n  - y\n", "a comment"),
        ("a: [x]\n", "a: [x, new]\n", "a flow"),
        ("{\"a\": [\n  \"x\"\n]}", "{\"a\": [\n  \"x\",\n  \"new\"\n]}", "JSON over several lines"),
        ("a: x\n", "a: x\n", "not a list"),
    ];
    for (text, wanted, why) in table {
        let sample = Sample::new("a.yaml", text, "");
        let item = sample.at(if text.starts_with('{') { "\"x\"" } else { "x" });
        assert_eq!(sample.after(Change::add_item_after(item, "new")), wanted, "{why}");
    }
    let sample = Sample::new("a.yaml", "a:\n  - x, v\n", "");
    assert_eq!(sample.after(Change::split_item(sample.at("x, v"), ["x", "v"])), "a:\n  - x\n  - v\n");
    let sample = Sample::new("a.yaml", "a: x\nb: 1\n", "");
    assert_eq!(sample.after(Change::add_value(sample.at("x"), "y: z")), "a: [x, \"y: z\"]\nb: 1\n");
    assert_eq!(sample.after(Change::make_list(sample.at("x"))), "a: [x]\nb: 1\n");
}

#[test]
fn entries_can_be_nested_and_made_strings() {
    let sample = Sample::new("a.yaml", "m:\n  a: 1\n  b: 2\n", "");
    assert_eq!(sample.after(Change::nest(sample.at("a"), "p")), "m:\n  p:\n    a: 1\n  b: 2\n");
    let sample = Sample::new("a.json", "{\"m\": {\"a\": 1}}", "");
    assert_eq!(sample.after(Change::nest(sample.at("\"a\""), "p")), "{\"m\": {\"p\": { \"a\": 1 }}}");
    let sample = Sample::new("a.yaml", "m:\n  - a: 1\nb: 2\n", "");
    assert_eq!(sample.after(Change::stringify(sample.at("- a: 1"))), "m:\n  - a: 1\nb: 2\n", "no node stands there");
    assert_eq!(sample.after(Change::stringify(sample.at("a: 1"))), "m: |\n  - a: 1\nb: 2\n");
    let sample = Sample::new("a.yaml", "m: # x\n  # y\n  - a: 1 # z\nb: 2\n", "");
    let text = "m: | # x\n  # y\n  - a: 1 # z\nb: 2\n";
    assert_eq!(sample.after(Change::stringify(sample.at("a: 1"))), text, "comments become text");
    let sample = Sample::new("a.yaml", "m:\n- a: 1\n- b\nc: 2\n", "");
    let list = Span { end: sample.at("b\n").end - 1, ..sample.at("a: 1") };
    assert_eq!(sample.after(Change::stringify(list)), "m: |\n  - a: 1\n  - b\nc: 2\n", "as deep as the key");
    let sample = Sample::new("a.json", "{\"m\": [\"a\"]}", "");
    assert_eq!(sample.after(Change::stringify(sample.at("[\"a\"]"))), "{\"m\": \"[\\\"a\\\"]\"}");
    let sample = Sample::new("a.yaml", "a: 012\n", "");
    assert_eq!(sample.after(Change::quote(sample.at("012"))), "a: \"012\"\n");
}

#[test]
fn what_would_change_something_else_is_left() {
    type Make = fn(Span) -> Change;
    let table: [(&str, Make, &str); 10] = [
        ("a: &x [b]\nc: *x\n", |at| Change::add_item_after(at, "new"), "an alias names the list"),
        ("a: !If [C, b, d]\n", |at| Change::add_item_after(at, "new"), "arguments of a function"),
        ("a: {Fn::Join: [x, [b, d]]}\n", |at| Change::add_item_after(at, "new"), "what a function joins"),
        ("a: !If [C, b, d]\n", |at| Change::add_value(at, "new"), "arguments of a function"),
        ("a: [\n  b # why\n]\n", |at| Change::add_item_after(at, "new"), "a comment at the end of a flow"),
        ("b: 1\nnew: 2\n", |at| Change::write(at, "new"), "a key that exists"),
        ("b: 1\nnew: 2\n", |at| Change::add_entry_after(at, "new", "x"), "an entry that exists"),
        ("b: 1\nnew: 2\n", |at| Change::nest(at, "new"), "a parent that exists"),
        ("a: !Sub b-${X}\n", |at| Change::write(at, "${Y}"), "text or a reference"),
        ("a: [b, c]\n", |at| Change::write(Span { end: at.end + 3, ..at }, "x"), "more than one value"),
    ];
    for (text, change, why) in table {
        let sample = Sample::new("a.yaml", text, "");
        assert_eq!(sample.after(change(sample.at("b"))), text, "{why}");
    }
    let used = "Resources:\n  A: {Type: X}\n  B: {Type: Y, DependsOn: A}\n  C: {Type: Z}\n";
    let sample = Sample::new("a.yaml", used, "");
    assert_eq!(sample.after(Change::remove(sample.at("A: {Type: X}"))), used, "another resource names it");
    assert_eq!(sample.after(Change::remove(sample.at("C: {Type: Z}"))), used.replace("  C: {Type: Z}\n", ""));
}

#[test]
fn comments_go_with_their_lines() {
    let table = [
        ("a: 1 # x\nb: 2\n", "# x", "a: 1\nb: 2\n", "after a value"),
        ("# x\na: 1\n", "# x", "a: 1\n", "a line of its own"),
        ("m: |\n  a: 1 # x\n  b: 2\n", "# x", "m: |\n  a: 1\n  b: 2\n", "in a string"),
    ];
    for (text, comment, wanted, why) in table {
        let sample = Sample::new("a.yaml", text, if text.starts_with('m') { "m" } else { "" });
        assert_eq!(sample.after(Change::remove_comment(sample.at(comment))), wanted, "{why}");
    }
    let sample = Sample::new("a.yaml", "a: 1 # x y\n", "");
    assert_eq!(sample.after(Change::write(sample.at("y"), "z")), "a: 1 # x z\n");
}

#[test]
fn references_are_written_as_the_place_has_them() {
    let reference =
        |attribute| Reference { resource: ResourceId::new(UnitId { file: FILE, document: 0 }, "Role"), attribute };
    let table = [
        ("a: !Ref Role\n", "Role", "a: !GetAtt Role.Arn\n", "the short form"),
        ("a: {\"Ref\": \"Role\"}\n", "{\"Ref\": \"Role\"}", "a: { Fn::GetAtt: [Role, Arn] }\n", "a flow of YAML"),
        (
            "{\"a\": {\"Ref\": \"Role\"}}",
            "{\"Ref\": \"Role\"}",
            "{\"a\": { \"Fn::GetAtt\": [\"Role\", \"Arn\"] }}",
            "JSON",
        ),
        ("a:\n  Ref: Role\n", "Ref: Role", "a:\n  Fn::GetAtt: [Role, Arn]\n", "the long form"),
        ("a: !Sub x/${Role}\n", "${Role}", "a: !Sub x/${Role.Arn}\n", "in Fn::Sub"),
        ("a: name\n", "name", "a: !GetAtt Role.Arn\n", "a name"),
    ];
    for (text, place, wanted, why) in table {
        let of_template = |it: &str| match it.starts_with('{') {
            true => format!("{{\"Resources\": {it}}}"),
            false => format!("Resources:\n{}", it.lines().map(|it| format!("  {it}\n")).collect::<String>()),
        };
        let (text, wanted) = (of_template(text), of_template(wanted));
        let sample = Sample::new("a.yaml", &text, "");
        let change = Change::refer(sample.at(place), reference(Attribute::Arn));
        assert_eq!(sample.after(change), wanted, "{why}");
    }
    let resources = |value: &str| format!("Resources:\n  A:\n    b: {value}\n");
    let patterns = [
        ("arn:aws:x", "!Sub arn:${AWS::Partition}:x", "plain"),
        ("\"arn:aws:x\"", "!Sub \"arn:${AWS::Partition}:x\"", "quotes"),
        ("[arn:aws:x]", "[!Sub \"arn:${AWS::Partition}:x\"]", "a flow"),
        ("!Sub arn:aws:${X}", "!Sub arn:${AWS::Partition}:${X}", "a pattern already"),
        ("arn:aws:${aws:username}", "!Sub arn:${AWS::Partition}:${!aws:username}", "a variable of IAM"),
        (
            "\"arn:aws:${aws:a}/\\t${aws:b}\"",
            "!Sub \"arn:${AWS::Partition}:${!aws:a}/\\t${!aws:b}\"",
            "variables among escapes",
        ),
        ("arn:aws:${Name}", "arn:aws:${Name}", "perhaps meant as a reference"),
        ("arn:aws:${AWS::AccountId}", "arn:aws:${AWS::AccountId}", "the same"),
    ];
    for (value, wanted, why) in patterns {
        let text = resources(value);
        let sample = Sample::new("a.yaml", &text, "");
        let change = Change::write_pattern(
            Span { start: sample.at("arn:aws").start + 4, ..sample.at("arn:aws") },
            "${AWS::Partition}",
        );
        assert_eq!(sample.after(change), resources(wanted), "{why}");
    }
}

#[test]
fn a_place_that_holds_something_else_is_left() {
    let sample = Sample::new("a.yaml", "a: old\n", "");
    let other = Text::written("other", sample.at("old"));
    assert_eq!(sample.after(Change::write(&other, "new")), "a: old\n");
}

#[test]
fn edits_have_an_order_and_do_not_touch() {
    let span = |start, end| Span { file: FILE, start, end };
    let edits = [Edit::new(span(4, 4), "c"), Edit::new(span(0, 1), "A"), Edit::new(span(2, 4), "b")];
    assert_eq!(apply("a-bc", &edits), "A-bc");
    let shifts = OffsetMap::new(&edits);
    assert_eq!([0, 1, 2, 4].map(|at| shifts.moved(at)), [0, 1, 2, 4]);
    let mut taken = EditSet::default();
    assert!(taken.add(&[Edit::new(span(2, 4), ""), Edit::new(span(8, 9), "")]));
    assert!(!taken.add(&[Edit::new(span(4, 5), "")]), "it touches the end");
    assert!(!taken.add(&[Edit::new(span(6, 7), ""), Edit::new(span(8, 8), "")]), "one of two touches");
    assert!(!taken.add(&[Edit::new(span(0, 20), "")]), "it holds both");
    assert!(taken.add(&[Edit::new(span(6, 7), "")]), "what was refused left nothing behind");
}
