//! Texts that are made to hurt: no panic, no hang, small trees.

use super::*;

/// Parses a text in time, with both hints.
fn survives(source: &str) -> Parsed {
    let start = Instant::now();
    let parsed = json(source);
    drop(yaml(source));
    assert!(start.elapsed() < Duration::from_secs(60), "{:?} for {:?}…", start.elapsed(), &source[..20]);
    let mut spans = parsed.errors.iter().map(|it| it.span);
    assert!(spans.all(|it| source.get(it.range()).is_some()));
    parsed
}

#[test]
fn deep_texts_give_one_error() {
    let deep = format!("nested deeper than {MAX_DEPTH} levels");
    let blocks: std::string::String = (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let bomb = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for source in
        ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(50_000), blocks, bomb, "{\"a\":".repeat(100_000)]
    {
        let parsed = survives(&source);
        assert_eq!(parsed.errors.len(), 1);
        assert!(parsed.documents.is_empty());
        assert_eq!(yaml(&source).errors[0].message, deep);
    }
}

#[test]
fn depth_is_counted_over_blocks_and_brackets() {
    let source = format!("{}{}", "- ".repeat(150), "[".repeat(60) + &"]".repeat(60));
    assert_eq!(yaml(&source).errors.len(), 1);
    let source = format!("{}{}", "- ".repeat(140), "[".repeat(60) + &"]".repeat(60));
    assert_eq!(yaml(&source).errors, []);
}

#[test]
fn a_chain_of_aliases_is_not_deeper_than_the_text_may_be() {
    let mut source = "a0: &a0 x\n".to_owned();
    for level in 1..3_000 {
        source += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    let parsed = survives(&source);
    assert!(parsed.errors.iter().all(|it| it.message.starts_with("nested deeper")));
    let mut node = parsed.documents[0].root().get("a2999").unwrap();
    let mut depth = 0;
    while let Some(item) = node.items().next() {
        node = item;
        depth += 1;
    }
    assert!(depth <= MAX_DEPTH);
}

#[test]
fn billion_laughs_stay_small() {
    let mut source = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        source += &format!("a{level}: &a{level} [{items}]\n");
    }
    let parsed = survives(&source);
    assert_eq!(parsed.errors.len(), 1);
    assert!(parsed.errors[0].message.starts_with("the aliases of this document"));
    let tree = &parsed.documents[0];
    assert!(tree.nodes().len() < 1_000);
    let mut visits = 0;
    let mut open = vec![tree.root()];
    while let Some(node) = open.pop() {
        visits += 1;
        open.extend(node.items());
        open.extend(node.entries().flat_map(|(key, value)| [key, value]));
    }
    assert!(visits <= MAX_ALIASED + 1_000);
}

#[test]
fn merge_bombs_are_bounded() {
    let mut source = "m0: &m0 {k: v}\n".to_owned();
    for level in 1..40 {
        let items = vec![format!("*m{}", level - 1); 9].join(", ");
        source += &format!("m{level}: &m{level} {{<<: [{items}], own{level}: x}}\n");
    }
    let parsed = survives(&source);
    for (_, value) in parsed.documents[0].root().entries() {
        assert!(value.entries().count() <= 10_001);
    }
    let last = parsed.documents[0].root().get("m39").unwrap();
    assert!(last.get("own39").is_some());
}

#[test]
fn aliases_to_themselves() {
    for source in
        ["&a [*a]", "&a {*a : *a}", "a: &a {<<: *a}\n", "&a [&b [*a, *b]]", "*a", "a: &a\n  <<: [*a, {b: c}]\n"]
    {
        let parsed = survives(&format!("{source}\n# some more bytes, please\n"));
        assert!(!parsed.errors.is_empty());
        for node in parsed.documents.iter().flat_map(Tree::nodes) {
            assert!(node.entries().count() < 5);
        }
    }
}

#[test]
fn many_documents() {
    let parsed = survives(&"---\na: b\n".repeat(100_000));
    assert_eq!(parsed.documents.len(), 100_000);
    assert_eq!(parsed.documents[99_999].index(), 99_999);
    let parsed = survives(&"---\na: [\n".repeat(20_000));
    assert_eq!((parsed.documents.len(), parsed.errors.len()), (0, 20_000));
}

#[test]
fn too_many_values() {
    let parsed = survives(&format!("[{}1]", "1,".repeat(MAX_NODES)));
    assert_eq!(parsed.errors.len(), 1);
    assert_eq!(parsed.errors[0].message, format!("more than {MAX_NODES} values in one file"));
}

#[test]
fn long_things() {
    assert_eq!(survives(&format!("a: {}\n", "x".repeat(5_000_000))).errors, []);
    assert_eq!(survives(&format!("{}: x\n", "k".repeat(2_000_000))).errors.len(), 1);
    assert_eq!(survives(&format!("a: [{}]\n", "b, ".repeat(100_000))).errors, []);
    assert_eq!(survives(&"# a comment at the head of a file\n".repeat(10_000)).errors, []);
    assert_eq!(survives(&format!("a: \"{}\"\n", "\\n".repeat(500_000))).errors, []);
    let tree = one(&format!("a: |\n{}", "  line\n".repeat(100_000)));
    let text = tree.root().get("a").unwrap().text().unwrap();
    assert_eq!(text.slice(499_995..499_999).range().len(), 4);
}

#[test]
fn many_equal_keys() {
    let tree = one(&"key: value\n".repeat(50_000));
    assert_eq!(tree.root().entries().len(), 50_000);
    let number = format!("a: {}\nb: 1e999999999\nc: 0x{}\n", "9".repeat(1_000_000), "f".repeat(100_000));
    let tree = one(&number);
    let types: Vec<_> = tree.root().entries().map(|(_, it)| it.resolve(Schema::Yaml11)).collect();
    assert_eq!(types, [Some(Resolved::String); 3]);
}

/// What stands behind a value is looked for only as far as it can matter: a whole file may be one line.
#[test]
fn comments_behind_values_of_one_long_line() {
    let text = format!("[{}]", r#"{"a":"b"},"#.repeat(200_000).trim_end_matches(','));
    let text = file(&text);
    let parsed = parse(&text, Hint::Json);
    let root = parsed.documents[0].root();
    let behind = root.items().flat_map(Node::entries).filter(|(_, value)| value.comment().is_some());
    assert_eq!(behind.count(), 0);
}
