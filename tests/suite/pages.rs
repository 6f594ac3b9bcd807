//! The pages of the rules are the tests of the rules.
//!
//! A failing example shows byte for byte what ekslint prints; `BLESS=1 cargo test` writes it. A passing example is
//! silent for every rule.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use ekslint::analysis::{self, Analysis};
use ekslint::config::Selection;
use ekslint::date::Date;
use ekslint::diagnostic::{Certainty, Diagnostic, Level, Safety};
use ekslint::lookup::{Answers, Search, Token, Unsearched, reading};
use ekslint::page::{Example, Page};
use ekslint::report::full;
use ekslint::rule::Rule;
use ekslint::rules::RULES;
use ekslint::source::Source;
use ekslint::suppress::Settings;
use ekslint::workspace::Workspace;

use crate::registry::root;

/// The files of an example as a run over their folder sees them: those that are linted, and all others, in which it only looks
/// for what fills placeholders in.
pub fn workspace(example: &Example) -> Workspace {
    workspace_of(&example.files)
}

/// See [`workspace`].
pub fn workspace_of(files: &[(String, String)]) -> Workspace {
    let linted = files.iter().filter(|(path, _)| is_linted(path));
    let mut workspace =
        Analysis::of(linted.map(|(path, text)| Source::new(path.clone(), text.as_str())).collect()).snapshot(&());
    let tokens = workspace.placeholders().wanted_tokens();
    let found = files.iter().flat_map(|file| filled_in(&tokens, file)).collect();
    workspace.set_answers(Some(Arc::new(Answers::new(&tokens, &found, Unsearched::default()))));
    workspace
}

/// The tokens that a file fills in, as places in the list.
fn filled_in(tokens: &[Token], (path, text): &(String, String)) -> BTreeSet<usize> {
    let found = reading(path).map(|it| Search::new(tokens).find(path.as_ref(), None, it, text.as_bytes()).tokens);
    found.unwrap_or_default()
}

/// Whether ekslint lints a file that it comes across in a folder: by its name, and not a hidden one.
pub fn is_linted(path: &str) -> bool {
    let is_hidden = path.split('/').any(|it| it.starts_with('.'));
    !is_hidden && [".yaml", ".yml", ".json", ".template"].iter().any(|it| path.ends_with(it))
}

pub fn pages() -> impl Iterator<Item = (&'static Rule, Page)> {
    RULES.iter().map(|rule| {
        let page = Page::parse(rule.page).unwrap_or_else(|reason| panic!("the page of {}: {reason}", rule.id));
        (rule, page)
    })
}

/// All that is found, as a run finds it: without what directives suppress, with what there is to say about them.
pub fn lint(workspace: &Workspace) -> Vec<Diagnostic> {
    let today = Date::parse("2026-01-01").unwrap();
    analysis::check(workspace, &Selection::default(), &Settings::on(today), &()).findings
}

/// What a user sees of an example, and what the rule itself says at whatever level.
fn seen(rule: &Rule, workspace: &Workspace) -> Vec<Diagnostic> {
    let all = lint(workspace);
    all.into_iter().filter(|it| it.level > Level::Note || it.rule == rule.id).collect()
}

#[test]
fn failing_examples_print_what_their_page_shows() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        let mut text = rule.page.to_owned();
        for example in page.fails.iter().rev() {
            let workspace = workspace(example);
            let found = seen(rule, &workspace);
            let printed = full::plain(&workspace, &found);
            if !found.iter().any(|it| it.rule == rule.id) {
                wrong.push(format!("{}: the failing example `{}` is silent", rule.id, example.name));
            }
            for other in found.iter().filter(|it| it.rule != rule.id) {
                wrong.push(format!(
                    "{}: in `{}` another rule speaks: {}: {}",
                    rule.id, example.name, other.rule, other.message
                ));
            }
            if example.output.as_deref() == Some(printed.as_str()) {
                continue;
            }
            if !bless {
                wrong.push(format!("{}: `{}` prints something else:\n{printed}", rule.id, example.name));
            }
            match &example.output_range {
                Some(range) => text.replace_range(range.clone(), &printed),
                None => text.insert_str(example.end, &format!("\n```text\n{printed}```\n")),
            }
        }
        if bless && text != rule.page {
            fs::write(root().join(format!("{}.md", rule.id.replace('-', "_"))), text).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}\n\n`BLESS=1 cargo test` writes what is printed into the pages", wrong.join("\n"));
}

#[test]
fn passing_examples_are_silent_for_every_rule() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in &page.passes {
            let workspace = workspace(example);
            let found = seen(rule, &workspace);
            if !found.is_empty() {
                let printed = full::plain(&workspace, &found);
                wrong.push(format!("{}: `{}` is not silent:\n{printed}", rule.id, example.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An example that ekslint does not understand is silent for the wrong reason.
#[test]
fn every_example_is_understood() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in page.fails.iter().chain(&page.passes) {
            let tokens = workspace(example).placeholders().wanted_tokens();
            // Others are searched only.
            let linted = example.files.iter().filter(|it| is_linted(&it.0) && filled_in(&tokens, it).is_empty());
            for file in linted {
                let alone = Analysis::of(vec![Source::new(file.0.clone(), file.1.as_str())]).snapshot(&());
                if alone.recognised == 0 {
                    wrong.push(format!("{}: nothing is recognised in `{}` of `{}`", rule.id, file.0, example.name));
                }
                if !ekslint::lower::matters(file.1.as_bytes()) {
                    wrong.push(format!("{}: the walker would pass over `{}` of `{}`", rule.id, file.0, example.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_page_is_whole() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        let mut ask = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{}: {what}", rule.id));
            }
        };
        ask(page.title == rule.id, "the title is not the id");
        ask(!page.fails.is_empty(), "no failing example");
        ask(!page.passes.is_empty(), "no passing example");
        ask(page.summary.ends_with('.') && page.summary.len() <= 160, "the first paragraph is one short sentence");
        for section in ["## What it checks", "## What happens if you deploy it", "## What it does not report"] {
            ask(page.description.contains(&format!("\n{section}\n\n")), &format!("there is no section `{section}`"));
        }
        ask(page.description.contains("https://"), "no link to where the requirement comes from");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The levels and the classes of fixes in the table of properties are those that the source of the rule names, and those of
/// its examples, which may come from what rules share. A level is one of unsure findings if an example has such a finding, or
/// if it is as high as the usual level may be with a certainty that the source names. It is one of certain findings if an
/// example has one, or if the source names it otherwise than right after `likely()` or `possible()`.
#[test]
fn properties_are_those_of_the_rule() {
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        let path = root().join(format!("{}.rs", rule.id.replace('-', "_")));
        let source = fs::read_to_string(path).unwrap();
        let names =
            |kind: &str, name: &str| source.contains(&format!("{kind}::{}{}", name[..1].to_uppercase(), &name[1..]));
        let found: Vec<_> =
            page.fails.iter().flat_map(|it| lint(&workspace(it))).filter(|it| it.rule == rule.id).collect();
        let is_found = |level: &Level, certain: bool| {
            found.iter().any(|it| it.level == *level && (it.certainty == Certainty::Certain) == certain)
        };
        let is_named = |it: &Certainty| {
            let by_use = *it == Certainty::Likely && source.contains(".certainty())");
            let is_said = names("Certainty", it.name()) || source.contains(&format!(".{}()", it.name()));
            by_use || is_said || rule.certainty == *it
        };
        let caps: Vec<Level> =
            Certainty::ALL[1..].iter().filter(|it| is_named(it)).map(|it| it.cap(rule.level)).collect();
        let is_unsure = |level: &Level| is_found(level, false) || caps.contains(level);
        let code: String = source.chars().filter(|it| !it.is_whitespace()).collect();
        let code =
            ["likely", "possible"].iter().fold(code, |it, verb| it.replace(&format!(".{verb}().level(Level::"), ""));
        let code = match rule.certainty {
            Certainty::Certain => code,
            _ => code.replace("LEVEL:Level=Level::", ""),
        };
        let is_certain = |level: &Level| {
            let (first, rest) = level.name().split_at(1);
            is_found(level, true) || code.contains(&format!("Level::{}{rest}", first.to_uppercase()))
        };
        let has_fix = |safety: &Safety| {
            let is_either = *safety != Safety::Safe && source.contains("Safety::activating_if(");
            is_either
                || names("Safety", safety.name())
                || found.iter().flat_map(|it| &it.fixes).any(|it| it.safety == *safety)
        };
        let certain: Vec<Level> = Level::ALL.into_iter().filter(is_certain).collect();
        let unsure: Vec<Level> = Level::ALL.into_iter().filter(is_unsure).collect();
        let fixes: Vec<Safety> = Safety::ALL.into_iter().filter(has_fix).collect();
        let cell = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let row = |certain: &[Level], unsure: &[Level], fixes: &[Safety]| {
            let list = |levels: &[Level]| cell(levels.iter().map(|it| it.name()).collect());
            let levels = match (certain.is_empty(), unsure.is_empty()) {
                (_, true) => list(certain),
                (true, false) => format!("unsure: {}", list(unsure)),
                (false, false) => format!("{}; unsure: {}", list(certain), list(unsure)),
            };
            format!("\n| {levels} | {} |", cell(fixes.iter().map(|it| it.name()).collect()))
        };
        let (is, shall) = (row(&page.certain, &page.unsure, &page.fixes), row(&certain, &unsure, &fixes));
        if is != shall && std::env::var_os("BLESS").is_some() {
            let path = root().join(format!("{}.md", rule.id.replace('-', "_")));
            let text = fs::read_to_string(&path).unwrap().replacen(&is, &shall, 1);
            fs::write(path, text).unwrap();
        } else if is != shall {
            wrong.push(format!("{}: the page says {is}, and the rule {shall}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a message looks like: `access entry has a path`, not `Invalid ARN.`
#[test]
fn messages_are_in_style() {
    const NEVER: &[&str] = &["invalid", "incorrect", "misconfigured", "must be valid"];
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            for found in lint(&workspace(example)).iter().filter(|it| it.rule == rule.id) {
                let titles = [Some(&found.message), found.fix().map(|it| &it.title)];
                let labels = found.labels.iter().map(|it| &it.message);
                for words in titles.into_iter().flatten().chain(labels).chain(&found.help) {
                    let first = words.chars().next().unwrap_or(' ');
                    let plain = words.to_lowercase();
                    let upper_is_a_name =
                        words.split(' ').next().is_some_and(|it| it.chars().skip(1).any(char::is_uppercase));
                    let named = upper_is_a_name || NAMES.iter().any(|it| words.starts_with(it));
                    let mistakes = [
                        first.is_uppercase() && !named,
                        words.ends_with('.') || words.is_empty(),
                        words.matches('`').count() % 2 == 1,
                        NEVER.iter().any(|it| plain.contains(it)),
                    ];
                    if mistakes.contains(&true) {
                        wrong.push(format!("{}: {words}", rule.id));
                    }
                }
                let own = found.message.split('`').step_by(2).map(str::len).sum::<usize>();
                if own > 90 {
                    wrong.push(format!("{}: {own} letters besides the user's own: {}", rule.id, found.message));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "out of style:\n{}", wrong.join("\n"));
}

/// Names that begin with a capital and may begin a sentence.
const NAMES: &[&str] = &[
    "Kubernetes",
    "Fargate",
    "Auto Mode",
    "Systems Manager",
    "Windows",
    "Linux",
    "Amazon",
    "Karpenter",
    "Cluster API",
];
