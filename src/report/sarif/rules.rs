//! The rules, as a SARIF log describes them.

use super::model::{Configuration, Descriptor, Help, Message, Override, Properties, Reference};
use crate::diagnostic::{Certainty, Diagnostic, Level};
use crate::former;
use crate::page::{self, Page};
use crate::report::Run;
use crate::rules::RULES;

/// GitHub takes no longer descriptions.
const DESCRIPTION: usize = 1000;

/// All rules that ran, and those that findings name besides.
pub fn rules<'a>(run: &Run, diagnostics: impl Iterator<Item = &'a Diagnostic>) -> (Vec<Descriptor>, Vec<Override>) {
    let selection = run.selection;
    let ran = RULES.iter().enumerate().filter(|(at, _)| selection.is_none_or(|it| it.runs(*at)));
    let mut descriptors: Vec<(Descriptor, Option<Level>)> = ran
        .map(|(at, rule)| {
            // What the rule reports where it does not say otherwise is never above what its certainty allows.
            let given = selection.and_then(|it| it.level(at)).map(|it| rule.certainty.cap(it));
            let given = given.filter(|it| *it != rule.level);
            let page = Page::parse(rule.page).ok();
            (descriptor(run, rule.id, rule.level, rule.certainty, given, page), given)
        })
        .collect();
    for diagnostic in diagnostics {
        if !descriptors.iter().any(|(it, _)| it.id == diagnostic.rule) {
            descriptors
                .push((descriptor(run, diagnostic.rule, diagnostic.level, diagnostic.certainty, None, None), None));
        }
    }
    descriptors.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
    let overrides = descriptors.iter().enumerate().filter_map(|(index, (it, given))| {
        let configuration = Configuration { level: (*given)?.name() };
        Some(Override { descriptor: Reference { id: it.id.clone(), index }, configuration })
    });
    let overrides = overrides.collect();
    (descriptors.into_iter().map(|it| it.0).collect(), overrides)
}

/// `given`: the level that the configuration gives it instead of its own.
fn descriptor(
    run: &Run,
    id: &str,
    level: Level,
    certainty: Certainty,
    given: Option<Level>,
    page: Option<Page>,
) -> Descriptor {
    let tags = page::tags(id, page.as_ref().and_then(|it| it.security.as_ref()));
    let (summary, description, security) = match page {
        Some(page) => (page.summary, page.description, page.security),
        None => (id.to_owned(), id.to_owned(), None),
    };
    Descriptor {
        id: id.to_owned(),
        deprecated_ids: former::ids(id),
        name: Some(name(id)).filter(|name| !name.eq_ignore_ascii_case(id)),
        short_description: Message { text: cut(&summary) },
        full_description: Message { text: cut(&description) },
        help: Help { text: description.clone(), markdown: description },
        help_uri: run.page_url(id),
        default_configuration: Configuration { level: level.name() },
        properties: Properties {
            tags,
            precision: match certainty {
                Certainty::Certain => "very-high",
                Certainty::Likely => "high",
                Certainty::Possible => "medium",
            },
            // GitHub knows nothing of overrides, and weighs its alerts by this.
            severity: match given.unwrap_or(level) {
                Level::Note => "recommendation",
                level => level.name(),
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
