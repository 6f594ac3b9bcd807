//! Fixes keep their word: the file can still be read, the finding is gone, and nothing new is found.

use ekslint::diagnostic::{Diagnostic, Edit, Level};
use ekslint::source::Source;
use ekslint::workspace::Workspace;

use crate::pages::{lint, pages, workspace};

fn apply(workspace: &Workspace, edits: &[Edit]) -> Workspace {
    let sources = workspace.sources.iter().enumerate().map(|(at, source)| {
        let mut text = source.text.to_string();
        let mut edits: Vec<_> = edits.iter().filter(|it| it.span.file.0 as usize == at).collect();
        edits.sort_by_key(|it| std::cmp::Reverse(it.span));
        for edit in edits {
            text.replace_range(edit.span.range(), &edit.replacement);
        }
        Source::new(source.path.clone(), text)
    });
    Workspace::new(sources.collect())
}

fn weight(found: &[Diagnostic]) -> usize {
    found.iter().filter(|it| it.level > Level::Note).count()
}

#[test]
fn fixes_end_their_findings_and_make_no_new_ones() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            let mut before = workspace(example);
            let found = lint(&mut before);
            for (at, one) in found.iter().enumerate().filter(|(_, it)| it.rule == rule.id) {
                let Some(fix) = one.fix() else { continue };
                let place = format!("{}: fix `{}` of finding {at} in `{}`", rule.id, fix.title, example.name);
                let mut after = apply(&before, &fix.edits);
                let left = lint(&mut after);
                let of_rule = |all: &[Diagnostic]| all.iter().filter(|it| it.rule == rule.id).count();
                if of_rule(&left) >= of_rule(&found) {
                    wrong.push(format!("{place} does not end it"));
                }
                if weight(&left) > weight(&found) || left.iter().any(|it| it.rule == "syntax") && rule.id != "syntax" {
                    wrong.push(format!("{place} makes new findings: {left:?}"));
                }
                if after.recognised < before.recognised {
                    wrong.push(format!("{place} breaks the file"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every place that a finding names lies in its file, on borders of characters.
#[test]
fn places_lie_in_their_files() {
    for (rule, page) in pages() {
        for example in page.fails.iter().chain(&page.passes) {
            let mut workspace = workspace(example);
            for found in lint(&mut workspace) {
                let labels = found.labels.iter().map(|it| it.span);
                let edits = found.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
                for span in [found.span].into_iter().chain(labels).chain(edits) {
                    let text = &workspace.source(span.file).text;
                    assert!(text.get(span.range()).is_some(), "{} in `{}`: {span:?}", rule.id, example.name);
                }
            }
        }
    }
}
