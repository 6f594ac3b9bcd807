//! Whatever a file holds, there is an answer, and every place in it lies in the file.

use ekslint::report::{
    Run, azure, checkstyle, concise, full, github, gitlab, grouped, json, junit, markdown, rdjson, sarif,
};
use ekslint::source::Source;
use ekslint::workspace::Workspace;

use crate::pages::{lint, pages};

/// Lints some files and writes every report. Panics if a place is not in its file, on borders of characters.
fn answer(files: &[(String, String)]) {
    let mut workspace =
        Workspace::new(files.iter().map(|(path, text)| Source::new(path.clone(), text.as_str())).collect());
    let found = lint(&mut workspace);
    for it in &found {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fix.iter().flat_map(|it| &it.edits).map(|it| it.span);
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
    arbtest::arbtest(|u| {
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
    })
    .budget_ms(5_000);
}
