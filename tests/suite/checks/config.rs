//! A configuration with a folder of files: it is refused with reasons that can be shown, or the run holds what any run does.

use std::path::Path;

use ekslint::analysis::{self, Analysis};
use ekslint::config::{Configuration, Origin};
use ekslint::date::Date;
use ekslint::report::full;
use ekslint::source::Source;
use ekslint::suppress::Settings;

use super::{report, workspace};

/// What stands between the configuration and the files.
const MARK: &[u8] = b"\n=== ";

/// The folder that all of it is in.
const FOLDER: &str = "/r";

/// The text before the first mark is the configuration.
pub fn check(data: &[u8]) {
    let end = data.windows(MARK.len()).position(|it| it == MARK).unwrap_or(data.len());
    let Ok(text) = std::str::from_utf8(&data[..end]) else { return };
    let mut configuration = Configuration::defaults();
    if let Err(violations) = configuration.add(Origin::File, Source::new("ekslint.toml", text), Path::new(FOLDER)) {
        assert!(!violations.is_empty(), "what is refused is refused for a reason");
        for violation in violations {
            report::gives_no_orders("a violation of the configuration", &ekslint::report::visible(&violation.message));
        }
        return;
    }
    configuration.show();
    let mut files = workspace::files(data.get(end + 1..).unwrap_or_default());
    files.iter_mut().for_each(|it| it.place = Path::new(FOLDER).join(&*it.path).into());
    let mut analysis = Analysis::new(configuration);
    analysis.read(files, &());
    let linted = analysis.snapshot(&());
    let found = ekslint::lint_with(&linted, analysis.selection());
    assert!(!analysis.selection().is_empty() || found.is_empty(), "no rule reports anything");
    let found = analysis::check(&linted, analysis.selection(), &Settings::on(Date::FIRST), &()).findings;
    assert!(found.iter().all(|it| !linted.environments().is_in_configuration(it.span)), "findings are about files");
    workspace::spans(&linted, &found);
    report::gives_no_orders("full", &full::plain(&linted, &found));
}
