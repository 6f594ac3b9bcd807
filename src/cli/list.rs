//! `ekslint rules` and `ekslint explain`: what ekslint knows.

use clap::ValueEnum;
use ekslint::page::Page;
use ekslint::report;
use ekslint::rule::Rule;
use ekslint::rules::RULES;
use ekslint::selector::Selector;
use ekslint::symptoms;

use super::{Failure, complain, print};

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
            let rules = RULES
                .iter()
                .map(|it| serde_json::json!({ "id": it.id, "level": it.level.name(), "summary": summary(it) }));
            let rules: Vec<_> = rules.collect();
            format!("{:#}\n", serde_json::Value::from(rules))
        }
    };
    print(&text)?;
    Ok(0)
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

/// A line for each rule.
fn table<'a>(rules: impl IntoIterator<Item = &'a Rule>) -> String {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let id = rules.iter().map(|it| it.id.len()).max().unwrap_or(0);
    rules.iter().map(|it| format!("{:id$}  {:7}  {}\n", it.id, it.level.name(), summary(it))).collect()
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
        Selector::Rule(_) => meant.map(|it| it.page).try_for_each(print)?,
        Selector::Area(_) | Selector::All => print(&table(meant))?,
    }
    Ok(0)
}
