//! `ekslint rules` and `ekslint explain`: what ekslint knows.

use clap::ValueEnum;
use ekslint::page::Page;
use ekslint::report;
use ekslint::rules::RULES;
use ekslint::selector::closest;
use ekslint::symptoms;

use super::{Failure, print};

/// How the list of rules is written.
#[derive(Clone, Copy, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// Lists all rules.
pub fn rules(format: Format) -> Result<u8, Failure> {
    let summary = |page| Page::parse(page).map(|it| it.summary).unwrap_or_default();
    let text = match format {
        Format::Text => {
            let id = RULES.iter().map(|it| it.id.len()).max().unwrap_or(0);
            let lines = RULES.iter().map(|it| format!("{:id$}  {:7}  {}\n", it.id, it.level.name(), summary(it.page)));
            lines.collect::<String>()
        }
        Format::Json => {
            let rules = RULES
                .iter()
                .map(|it| serde_json::json!({ "id": it.id, "level": it.level.name(), "summary": summary(it.page) }));
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
    if found.is_empty() {
        return Err(Failure("no page speaks of this error; `ekslint rules` lists all rules".to_owned()));
    }
    let id = found.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let lines = found.iter().map(|it| {
        let summary = Page::parse(it.page).map(|it| it.summary).unwrap_or_default();
        format!("{:id$}  {summary}\n", it.id)
    });
    print(&lines.collect::<String>())?;
    Ok(0)
}

/// Prints the page of a rule.
pub fn explain(name: &str) -> Result<u8, Failure> {
    if let Some(rule) = RULES.iter().find(|it| it.id == name) {
        print(rule.page)?;
        return Ok(0);
    }
    let shown = report::visible(name);
    let ids = RULES.iter().map(|it| it.id);
    Err(Failure(match closest(name, ids) {
        Some(id) => format!("there is no rule `{shown}`; did you mean `{id}`?"),
        None => format!("there is no rule `{shown}`; `ekslint rules` lists them all"),
    }))
}
