//! Every scalar of odd documents stands where it says, also after the documents are damaged.

use super::*;

#[test]
fn values_are_what_is_written_at_their_places() {
    for source in corpus::YAML.iter().chain(corpus::JSON) {
        let parsed = yaml(source);
        assert_eq!(parsed.errors, [], "{source:?}");
        assert_eq!(wrong_places(source, &parsed), [""; 0], "{source:?}");
    }
    for source in corpus::BROKEN {
        let parsed = yaml(source);
        assert_ne!(parsed.errors, [], "{source:?}");
        assert_eq!(wrong_places(source, &parsed), [""; 0], "{source:?}");
    }
}

#[test]
fn values_stay_in_place_with_other_line_ends() {
    for source in corpus::YAML.iter().chain(corpus::BROKEN) {
        for other in ["\r\n", "\r"] {
            let source = source.replace("\r\n", "\n").replace('\r', "\n").replace('\n', other);
            assert_eq!(wrong_places(&source, &yaml(&source)), [""; 0], "{source:?}");
        }
    }
}

#[test]
fn every_beginning_of_a_text_is_read_without_panic() {
    for source in corpus::YAML.iter().chain(corpus::JSON).chain(corpus::BROKEN) {
        for (end, _) in source.char_indices() {
            let cut = &source[..end];
            assert_eq!(wrong_places(cut, &yaml(cut)), [""; 0], "{cut:?}");
        }
    }
}

#[test]
fn damaged_texts_are_read_without_panic() {
    let all: Vec<&str> = corpus::YAML.iter().chain(corpus::JSON).chain(corpus::BROKEN).copied().collect();
    let odd: Vec<char> = "\n\r\t :-?,[]{}#&*!|>'\"%@`\\<~+2ä日\u{FEFF}\u{FFFC}\u{0}\u{7F}".chars().collect();
    crate::random::holds(1_000, |u| {
        let mut text: Vec<char> = u.choose(&all)?.chars().collect();
        for _ in 0..u.int_in_range(1..=4)? {
            let place = u.choose_index(text.len() + 1)?;
            match u.int_in_range(0..=3)? {
                0 if place < text.len() => drop(text.remove(place)),
                1 if place < text.len() => text[place] = *u.choose(&odd)?,
                2 => text.truncate(place),
                _ => text.insert(place, *u.choose(&odd)?),
            }
        }
        let source: String = text.into_iter().collect();
        for parsed in [yaml(&source), json(&source)] {
            assert_eq!(wrong_places(&source, &parsed), [""; 0], "{source:?}");
            for text in parsed.documents.iter().flat_map(Tree::nodes).filter_map(Node::text) {
                let inner = parse(&text, Hint::Yaml);
                let nodes = inner.documents.iter().flat_map(Tree::nodes).map(Node::span);
                let mut spans = nodes.chain(inner.errors.iter().map(|it| it.span));
                assert!(spans.all(|it| source.get(it.range()).is_some()), "{source:?}");
            }
        }
        Ok(())
    });
}

#[test]
fn spans_are_what_a_user_would_point_at() {
    let source = "# c\nkey: |\n  one\n  two\n\nlist:\n- a: 'x'\n  b: \"y\"\n-   [1, {z: 2}]\nnone:\nend: !Ref X\n";
    let tree = one(source);
    let root = tree.root();
    let said = |key: &str| at(source, root.get(key).unwrap().span());
    assert_eq!(said("key"), "|\n  one\n  two");
    assert_eq!(said("list"), "a: 'x'\n  b: \"y\"\n-   [1, {z: 2}]");
    assert_eq!(said("end"), "X");
    assert_eq!(at(source, root.get("end").unwrap().tag().unwrap().span), "!Ref");
    let none = root.get("none").unwrap().span();
    assert!(none.is_empty());
    assert!(source[..none.range().start].ends_with("none:"));
    let items: Vec<_> = root.get("list").unwrap().items().map(|it| at(source, it.span())).collect();
    assert_eq!(items, ["a: 'x'\n  b: \"y\"", "[1, {z: 2}]"]);
    assert_eq!(at(source, root.span()), source.trim_start_matches("# c\n").trim_end());
    assert_eq!(
        root.get("list").unwrap().items().next().unwrap().get("a").unwrap().text().unwrap().span().range(),
        36..37
    );
}

#[test]
fn a_missing_value_stands_behind_its_mark() {
    for (source, before) in [
        ("a:\nb: c\n", "a:"),
        ("a:", "a:"),
        ("a:   # c\n", "a:"),
        ("a: !Ref\n", "a: !Ref"),
        ("a: &x\nb: c\n", "a: &x"),
        ("{a: , b: c}", "{a:"),
        ("{a, b: c}", "{a"),
        ("? a\n: \n", "? a\n:"),
    ] {
        let tree = one(source);
        let (key, value) = tree.root().entries().next().unwrap();
        assert_eq!(key.str(), Some("a"));
        assert_eq!(value.str(), Some(""));
        assert_eq!(&source[..value.span().range().start], before, "{source:?}");
        assert!(value.span().is_empty());
    }
    let source = "- \n- a\n";
    assert_eq!(one(source).root().items().next().unwrap().span().range(), 1..1);
}

#[test]
fn errors_say_what_and_where() {
    for (source, place, message) in [
        (
            "a: b: c\n",
            ":",
            "a `:` does not fit here; a value that contains `: ` needs quotes, and a key needs its own line",
        ),
        ("- \"b\n  c\n", "", "this text ends inside a quote that is never closed"),
        ("{{- if .x }}\na: b\n", "", "this line is a template of another tool, not yet YAML"),
        ("a: *b\n", "*b", "no anchor `&b` comes before this alias"),
        ("a: &b [*b]\n", "*b", "this alias is inside the value that it stands for"),
        ("a\u{0}b\n", "\u{0}", "a NUL byte: this is not a text file"),
        ("a:\n\tb: c\n", "", "a tab is used as indentation; YAML wants spaces"),
        ("a: b\nc:d\n", "c", "expected a space after the `:` of this key"),
        ("a: b\nc\n", "c", "expected `:` after this key"),
        ("a: b\n<<<<<<< HEAD\n", "", "a merge conflict is left in this file"),
    ] {
        let parsed = yaml(source);
        assert_eq!(parsed.errors.len(), 1, "{source:?}");
        assert_eq!(parsed.errors[0].message, message);
        if !place.is_empty() {
            assert_eq!(at(source, parsed.errors[0].span), place, "{source:?}");
        }
    }
}

#[test]
fn all_messages_are_in_house_style() {
    for source in corpus::BROKEN {
        for error in yaml(source).errors.into_iter().chain(json(source).errors) {
            let message = &error.message;
            let first = message.split_whitespace().next().unwrap();
            assert!(first == "JSON" || first == "NUL" || !first.starts_with(char::is_uppercase), "{message}");
            assert!(!message.ends_with('.') && !message.contains("while "), "{message}");
        }
    }
}
