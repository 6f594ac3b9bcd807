//! `ekslint rules` and `ekslint explain`: what ekslint knows.

use std::borrow::Cow;

use clap::ValueEnum;
use ekslint::diagnostic::Level;
use ekslint::former;
use ekslint::page::{self, Page};
use ekslint::report;
use ekslint::report::full::wrap;
use ekslint::rule::Rule;
use ekslint::rules::RULES;
use ekslint::selector::Selector;
use ekslint::symptoms;

use super::output::{self, Terminal};
use super::streams::{Failure, complain, print};
use super::{config, pretty};

/// Columns of the name of a level.
const LEVEL: usize = 7;
/// Columns beside an id in which a summary is still easy to read.
const SUMMARY: usize = 40;

/// How the list of rules is written.
#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Lists all rules.
pub fn rules(format: Format) -> Result<u8, Failure> {
    let text = match format {
        Format::Text => table(RULES),
        Format::Json => {
            // Where pages are hosted is all that the list takes from the configuration of the folder, so the rest of the list
            // does not depend on it.
            let configuration = config::here();
            if let Err(Failure(why)) = &configuration {
                why.lines().for_each(complain);
                complain("`url` is null, because the configuration cannot be read");
            }
            let docs_url = configuration.as_ref().ok().and_then(|it| it.docs_url());
            let rules: Vec<_> = RULES.iter().map(|it| described(it, docs_url)).collect();
            format!("{:#}\n", serde_json::Value::from(rules))
        }
    };
    print(&text)?;
    Ok(0)
}

/// A rule as programs get it. Version 1 of the JSON report says what may change.
fn described(rule: &Rule, docs_url: Option<&str>) -> serde_json::Value {
    let page = Page::parse(rule.page).ok();
    let security = page.as_ref().and_then(|it| it.security.as_ref());
    let severity = security.map(|it| it.severity.as_str());
    let tags = page::tags(rule.id, security);
    let names = |levels: &[Level]| -> Vec<_> { levels.iter().map(|it| it.name()).collect() };
    let levels = page.as_ref().map(|it| names(&it.levels())).unwrap_or_default();
    let unsure = page.as_ref().map(|it| names(&it.unsure)).unwrap_or_default();
    let fixes: Vec<_> = page.iter().flat_map(|it| &it.fixes).map(|it| it.name()).collect();
    let statements = page.as_ref().map(|it| it.statements.clone()).unwrap_or_default();
    serde_json::json!({
        "id": rule.id,
        "former_ids": former::ids(rule.id),
        "area": rule.id.split('/').next(),
        "summary": summary(rule),
        "level": rule.level.name(),
        "certainty": rule.certainty.name(),
        "levels": levels,
        "unsure_levels": unsure,
        "fixes": fixes,
        "security_severity": severity,
        "statements": statements,
        "tags": tags,
        "url": docs_url.map(|it| report::page_url(it, rule.id)),
    })
}

/// Lists the rules whose pages speak of an error.
pub fn explain_error(error: &str) -> Result<u8, Failure> {
    let found = symptoms::rules_for(error);
    let Some(first) = found.first() else {
        let hint = "give it the whole line of the log, or look through `ekslint rules`";
        return Err(Failure(format!("no page speaks of this error; {hint}")));
    };
    print(&table(found.iter().copied()))?;
    complain(&format!("more on each: ekslint explain {}", first.id));
    Ok(0)
}

/// A line for each rule. On a terminal, a summary that does not fit goes on below its start; or below the id, where there
/// is too little room beside it.
fn table<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> String {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let id = rules.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let width = output::terminal().map_or(usize::MAX, |it| it.width);
    let indent = id + LEVEL + 4;
    let mut out = String::new();
    for rule in rules {
        let head = format!("{:id$}  {:LEVEL$}", rule.id, rule.level.name());
        let (first, indent) = if width >= indent + SUMMARY { ("  ", indent) } else { ("\n    ", 4) };
        let lines = wrap(&summary(rule), width.saturating_sub(indent).max(SUMMARY), 0);
        let rest = lines.join(&format!("\n{:indent$}", ""));
        out.push_str(&format!("{}{first}{rest}\n", if first.starts_with('\n') { head.trim_end() } else { &head }));
    }
    out
}

/// A page as it is printed: drawn on a terminal, and as it stands for all other readers.
fn page(rule: &Rule) -> Cow<'static, str> {
    match output::terminal() {
        Some(Terminal { width, color }) => Cow::Owned(pretty::markdown(rule.page, width, color)),
        None => Cow::Borrowed(rule.page),
    }
}

fn summary(rule: &Rule) -> String {
    Page::parse(rule.page).map(|it| it.summary).unwrap_or_default()
}

/// Prints the page of a rule, or lists the rules of an area.
pub fn explain(name: &str) -> Result<u8, Failure> {
    if name.contains(char::is_whitespace) {
        let name = report::visible(name);
        let hint = "for an error that you saw: ekslint explain --error TEXT";
        return Err(Failure(format!("there is no rule `{name}`; {hint}")));
    }
    let wanted = Selector::parse(name).map_err(|it| Failure(report::visible(&it).into_owned()))?;
    let meant = RULES.iter().filter(|it| wanted.closeness(it.id).is_some());
    match wanted {
        Selector::Former(former) => {
            complain(&former.notice());
            meant.map(page).try_for_each(|it| print(&it))?;
        }
        Selector::Rule(_) => meant.map(page).try_for_each(|it| print(&it))?,
        Selector::Area(_) | Selector::All => print(&table(meant))?,
    }
    Ok(0)
}
