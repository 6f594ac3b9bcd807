//! The rules, as a SARIF log describes them.

use super::model::{Configuration, Descriptor, Help, Message, Properties};
use crate::diagnostic::{Diagnostic, Level};
use crate::page::Page;
use crate::report::page_url;
use crate::rules::RULES;

/// GitHub takes no longer descriptions.
const DESCRIPTION: usize = 1000;

/// All rules that ran, and those that findings name besides.
pub fn rules<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Vec<Descriptor> {
    let mut descriptors: Vec<Descriptor> =
        RULES.iter().map(|it| descriptor(it.id, it.level, Page::parse(it.page).ok())).collect();
    for diagnostic in diagnostics {
        if !descriptors.iter().any(|it| it.id == diagnostic.rule) {
            descriptors.push(descriptor(diagnostic.rule, diagnostic.level, None));
        }
    }
    descriptors.sort_by(|a, b| a.id.cmp(&b.id));
    descriptors
}

fn descriptor(id: &str, level: Level, page: Option<Page>) -> Descriptor {
    let (summary, description, security) = match page {
        Some(page) => (page.summary, page.description, page.security),
        None => (id.to_owned(), id.to_owned(), None),
    };
    let area = id.split('/').next().unwrap_or(id);
    // Only what somebody could make use of is a security alert; what will not work is a mistake like others.
    let category = if security.is_some() { "security" } else { "correctness" };
    let mut tags = vec![category.to_owned(), "eks".to_owned(), area.to_owned()];
    tags.extend(security.iter().filter_map(|it| it.cwe).map(|number| format!("external/cwe/cwe-{number:03}")));
    Descriptor {
        id: id.to_owned(),
        name: Some(name(id)).filter(|name| !name.eq_ignore_ascii_case(id)),
        short_description: Message { text: cut(&summary) },
        full_description: Message { text: cut(&description) },
        help: Help { text: description.clone(), markdown: description },
        help_uri: page_url(id),
        default_configuration: Configuration { level: level.name() },
        properties: Properties {
            tags,
            // An error is said where the files prove it; a note may hang on what the files do not show.
            precision: match level {
                Level::Error => "very-high",
                Level::Warning => "high",
                Level::Note => "medium",
            },
            severity: match level {
                Level::Note => "recommendation",
                Level::Warning | Level::Error => level.name(),
            },
            security_severity: security.map(|it| it.severity),
        },
    }
}

/// `aws-auth/role-path` as `AwsAuthRolePath`.
fn name(id: &str) -> String {
    let words = id.split(['/', '-', '_']).map(|word| {
        let mut chars = word.chars();
        chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
    });
    words.collect()
}

/// The start of a text, up to the last paragraph or word that fits.
fn cut(text: &str) -> String {
    if text.chars().count() <= DESCRIPTION {
        return text.to_owned();
    }
    let part: String = text.chars().take(DESCRIPTION).collect();
    match (part.rfind("\n\n"), part.rfind(' ')) {
        (Some(end), _) => part[..end].to_owned(),
        (None, Some(end)) => format!("{}…", &part[..end]),
        (None, None) => part,
    }
}
