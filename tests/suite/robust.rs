//! Whatever a file holds, there is an answer, and every place in it lies in the file.

use ekslint::Analysis;
use ekslint::report::{
    Run, azure, checkstyle, concise, full, github, gitlab, grouped, json, junit, markdown, rdjson, sarif,
};
use ekslint::source::Source;

use crate::pages::{lint, pages};
use crate::random;

/// Lints some files and writes every report. Panics if a place is not in its file, on borders of characters.
fn answer(files: &[(String, String)]) {
    let workspace =
        Analysis::of(files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect()).snapshot(&());
    let found = lint(&workspace);
    for it in &found {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
        for span in [it.span].into_iter().chain(labels).chain(edits) {
            let text = &workspace.source(span.file).text;
            assert!(text.get(span.range()).is_some(), "{}: {span:?} of {}", it.rule, text.len());
        }
    }
    full::plain(&workspace, &found);
    let renders: [fn(&Run) -> String; 12] = [
        azure::render,
        checkstyle::render,
        concise::render,
        github::render,
        gitlab::render,
        grouped::render,
        json::render,
        json::render_lines,
        junit::render,
        markdown::render,
        rdjson::render,
        sarif::render,
    ];
    for render in renders {
        render(&Run::of(&workspace, &found));
    }
}

/// The files of the failing examples: the richest input there is.
fn examples() -> Vec<Vec<(String, String)>> {
    pages().flat_map(|(_, page)| page.fails).map(|it| it.files).collect()
}

#[test]
fn files_that_end_anywhere_are_answered() {
    for (at, files) in examples().into_iter().enumerate() {
        for (index, (_, text)) in files.iter().enumerate() {
            // Every example at other places, so that together they cover all.
            for end in (at % 89..text.len()).step_by(89).filter(|end| text.is_char_boundary(*end)) {
                let mut cut = files.clone();
                cut[index].1.truncate(end);
                answer(&cut);
            }
        }
    }
}

#[test]
fn files_with_anything_in_them_are_answered() {
    let examples = examples();
    random::holds(300, |u| {
        let mut files = u.choose(&examples)?.clone();
        for _ in 0..u.int_in_range(1..=4)? {
            let index = u.choose_index(files.len())?;
            let text = &mut files[index].1;
            let at = u.int_in_range(0..=text.len())?;
            let Some(at) = (0..=at).rev().find(|at| text.is_char_boundary(*at)) else { continue };
            let what = *u.choose(&[
                "\n", " ", "\t", ":", "- ", "{", "}", "[", "]", "\"", "'", "|", ">", "&a ", "*a", "!Ref ", "!Sub ",
                "!If [c, ", "<<: ", "${", "{{", "}}", "#", "%", "é", "😀", "\u{FEFF}", "\u{FFFC}", "\r\n", "null",
                "arn:", "::", "/", "*", "?", "---\n", "...\n",
            ])?;
            text.insert_str(at, what);
        }
        answer(&files);
        Ok(())
    });
}

/// Templates in which functions ask for more than anybody could answer. That the test ends is what it tests.
#[test]
fn functions_without_end_are_answered() {
    let role = |name: &str| format!("Resources: {{R: {{Type: AWS::IAM::Role, Properties: {{RoleName: {name}}}}}}}\n");
    let find = "!FindInMap [M, a, b]";
    let mut nested = "x".to_owned();
    for _ in 0..30 {
        nested = format!("!Sub [\"{}\", {{a: {nested}}}]", "${a}".repeat(8));
    }
    let given: Vec<String> = (0..20_000).map(|at| format!("a{at}: x")).collect();
    let used: String = (0..20_000).map(|at| format!("${{a{at}}}")).collect();
    let branches: String = "${a}".repeat(20_000);
    let cases = [
        (format!("Mappings: {{M: {{a: {{b: [!Join ['', {find}]]}}}}}}\n{}", role(find)), "a map that holds itself"),
        (
            format!("Mappings: {{M: {{a: {{b: !Join ['', [{find}, {find}]]}}}}}}\n{}", role(find)),
            "a map that holds itself twice",
        ),
        (role(&nested), "variables of variables, eight of each"),
        (role(&format!("!Sub '{}'", "${A}".repeat(100_000))), "many holes"),
        (role(&format!("!Sub [\"{used}\", {{{}}}]", given.join(", "))), "many variables"),
        (role(&format!("!Sub [\"{branches}\", {{a: !If [C, x, y]}}]")), "many uses of two cases"),
        (role(&format!("!Join ['{}', [{}]]", "x".repeat(100_000), "a, ".repeat(50_000))), "a long separator"),
        (format!("a: &a '{}'\n{}", "{x}".repeat(50_000), role(&format!("[{}]", "*a, ".repeat(2_000)))), "long aliases"),
    ];
    for (text, why) in cases {
        let workspace = Analysis::of(vec![Source::new("a.yaml", text)]).snapshot(&());
        assert_eq!(workspace.recognised, 1, "{why}");
        lint(&workspace);
    }
}

/// The beginnings of marks that never end, each of which could go on to the end of the string.
#[test]
fn marks_of_other_tools_are_looked_for_in_time() {
    const KEYWORDS: [&str; 22] = [
        "{{", "${", "$", "(", "((", "#", "#{", "@@", "<%", "%", "_", "[[", "$(", "{%", "<", "*", "ENC[A,", "ref+",
        "ref+a://", "vault:", "op://", "repl{{",
    ];
    for mark in KEYWORDS {
        let value = mark.repeat(100_000);
        answer(&[("a.yaml".to_owned(), format!("kind: ServiceAccount\nmetadata:\n  name: \"{value}\"\n"))]);
    }
}
