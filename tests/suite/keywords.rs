//! Nothing is lost by passing over what holds no keyword: the same findings, whether all is read or only what may matter.

use std::sync::Arc;

use ekslint::Analysis;
use ekslint::diagnostic::Diagnostic;
use ekslint::lower;
use ekslint::source::{FileId, Source};
use ekslint::workspace::Workspace;

use crate::pages::pages;
use crate::random;

type Files = Vec<(String, String)>;

fn sources(files: &Files) -> Vec<Source> {
    files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect()
}

/// What is found if every document is read, and what is found as users run it: the walker drops files, and the reader
/// drops documents. What cannot be read as YAML is left out: whether that matters is what the keywords say.
fn both(files: &Files) -> (Vec<String>, Vec<String>) {
    let mut every = sources(files);
    every.sort_by(|a, b| a.path.cmp(&b.path));
    let ids = (0..).map(FileId);
    let lowered = every.iter().zip(ids.clone()).map(|(source, id)| Arc::new(lower::lower_all(source, id))).collect();
    let linked = ekslint::source::Files::new(ids.zip(every.into_iter().map(Arc::new)));
    let all = Workspace::link(linked, lowered, Default::default(), None);
    let kept = sources(files).into_iter().filter(|it| lower::matters(it.text.as_bytes())).collect();
    let marked = Analysis::of(kept).snapshot(&());
    let told = |workspace: &Workspace| {
        let shown =
            |it: Diagnostic| format!("{}@{}: {}: {}", workspace.path(it.span.file), it.span.start, it.rule, it.message);
        let found = ekslint::lint(workspace).into_iter().filter(|it| it.rule != "syntax");
        found.map(shown).collect()
    };
    (told(&all), told(&marked))
}

/// Every example, every file of one alone, and every document alone.
fn examples() -> Vec<Files> {
    let mut all: Vec<Files> = Vec::new();
    for (_, page) in pages() {
        for example in page.fails.into_iter().chain(page.passes) {
            for (path, text) in &example.files {
                all.push(vec![(path.clone(), text.clone())]);
                if text.contains("\n---\n") {
                    all.extend(text.split("\n---\n").map(|it| vec![(path.clone(), format!("{it}\n"))]));
                }
            }
            all.push(example.files);
        }
    }
    all
}

#[test]
fn no_example_loses_a_finding() {
    for files in examples() {
        let (all, marked) = both(&files);
        assert_eq!(all, marked, "{files:#?}");
    }
}

#[test]
fn no_change_of_an_example_loses_a_finding() {
    let examples = examples();
    random::holds(400, |u| {
        let mut files = u.choose(&examples)?.clone();
        for _ in 0..u.int_in_range(1..=3)? {
            let index = u.choose_index(files.len())?;
            change(u, &mut files[index].1)?;
        }
        let (all, marked) = both(&files);
        assert_eq!(all, marked, "{files:#?}");
        Ok(())
    });
}

/// Changes what a file is about: a word less, a letter of another case, a word misspelt, a line less.
fn change(u: &mut arbtest::arbitrary::Unstructured, text: &mut String) -> arbtest::arbitrary::Result<()> {
    let words: Vec<_> = text
        .split(|it: char| !it.is_ascii_alphanumeric() && !"-_./:".contains(it))
        .filter(|it| it.len() > 2)
        .map(|it| it.as_ptr() as usize - text.as_ptr() as usize..)
        .zip(0..)
        .map(|(range, _): (_, usize)| range.start)
        .collect();
    if words.is_empty() {
        return Ok(());
    }
    let start = *u.choose(&words)?;
    let length = text[start..].find(|it: char| !it.is_ascii_alphanumeric() && !"-_./:".contains(it));
    let end = length.map_or(text.len(), |it| start + it);
    let word = text[start..end].to_owned();
    let at = u.choose_index(word.len())?;
    let changed = match u.int_in_range(0..=6)? {
        0 => String::new(),
        1 => word.to_uppercase(),
        2 => word.to_lowercase(),
        3 => format!("{}{}", &word[..at], &word[at + 1..]),
        4 => format!("{}x{}", &word[..at], &word[at..]),
        5 => {
            let mut letters: Vec<char> = word.chars().collect();
            letters.swap(at, (at + 1) % word.len());
            letters.into_iter().collect()
        }
        _ => {
            let line = text[..start].rfind('\n').map_or(0, |it| it + 1);
            let end = text[start..].find('\n').map_or(text.len(), |it| start + it + 1);
            text.replace_range(line..end, "");
            return Ok(());
        }
    };
    text.replace_range(start..end, &changed);
    Ok(())
}

/// What the walker drops has no facts that the reader would have found.
#[test]
fn the_walker_drops_only_what_the_reader_would() {
    let examples = examples();
    random::holds(400, |u| {
        let mut files = u.choose(&examples)?.clone();
        let index = u.choose_index(files.len())?;
        change(u, &mut files[index].1)?;
        for source in sources(&files) {
            let facts = lower::lower(&source, FileId(0), &());
            assert!(facts.is_empty() || lower::matters(source.text.as_bytes()), "{}", source.text);
        }
        Ok(())
    });
}

/// The configuration of a transformer of kustomize is read, and not what has the word only: broken files of others give no
/// findings.
#[test]
fn transformers_of_others_are_not_read() {
    let cases = [
        ("apiVersion: builtin\nkind: PrefixTransformer\n", true),
        ("apiVersion: 'builtin'\nkind: PrefixTransformer\n", true),
        ("apiVersion: \"builtin\"\nkind: PrefixTransformer\n", true),
        ("{\"apiVersion\": \"builtin\", \"kind\": \"PrefixTransformer\"}", true),
        ("{\"apiVersion\":\"builtin\",\"kind\":\"PrefixTransformer\"}", true),
        ("{\"model\": \"SentenceTransformer\", \"layers\": [1,}", false),
        ("model: PatchTransformer\nlayers: [1\n", false),
    ];
    for (text, is_read) in cases {
        assert_eq!(lower::matters(text.as_bytes()), is_read, "{text}");
        let facts = lower::lower(&Source::new("a.yaml", text), FileId(0), &());
        assert_eq!((facts.is_empty(), facts.transformers.len()), (!is_read, usize::from(is_read)), "{text}");
    }
}
