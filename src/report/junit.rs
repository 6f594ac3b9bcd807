//! `junit`: test results, which nearly every build server can show.
//!
//! Each file is a suite and each finding a test of it that failed; a note is one that was skipped, since nothing has to be
//! done about it. A file without findings is a suite with one test that passed, so that a server sees that something was
//! looked at. The elements are those of the schema that Jenkins holds reports to (`junit-10.xsd` of its xUnit plugin).

use super::{Places, Run, Unit, page_url, statements, visible, xml};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::FileId;

/// How many tests there are, and what became of them.
#[derive(Clone, Copy, Default)]
struct Tally {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

pub fn render(run: &Run) -> String {
    let places = Places::new(run.workspace);
    let mut all = Tally::default();
    let mut body = String::new();
    for problem in run.problems {
        let name = run.path(&problem.path);
        let tally = Tally { tests: 1, errors: 1, ..Tally::default() };
        suite(&mut body, name, tally, |out| {
            xml::open(out, "testcase", &[("name", "reading"), ("classname", name)], false);
            xml::open(out, "error", &[("message", &visible(&problem.reason)), ("type", "unreadable")], true);
            out.push_str("</testcase>\n");
        });
        all.add(tally);
    }
    let mut files = run.files().peekable();
    for file in (0..run.workspace.sources.len() as u32).map(FileId) {
        let found = files.next_if(|it| it[0].span.file == file).unwrap_or_default();
        let name = run.path(places.path(file));
        let notes = found.iter().filter(|it| it.level == Level::Note).count();
        let failures = found.len() - notes;
        let tally = Tally { tests: found.len().max(1), failures, errors: 0, skipped: notes };
        suite(&mut body, name, tally, |out| {
            if found.is_empty() {
                xml::open(out, "testcase", &[("name", "no findings"), ("classname", name)], true);
                out.push('\n');
            }
            found.iter().for_each(|it| test(out, &places, name, it));
        });
        all.add(tally);
    }
    if all.tests == 0 {
        let tally = Tally { tests: 1, ..Tally::default() };
        suite(&mut body, "ekslint", tally, |out| {
            xml::open(out, "testcase", &[("name", "no files about EKS"), ("classname", "ekslint")], true);
            out.push('\n');
        });
        all.add(tally);
    }
    let mut out = xml::HEAD.to_owned();
    let [tests, failures, errors] = [all.tests, all.failures, all.errors].map(|it| it.to_string());
    let attributes = [("name", "ekslint"), ("tests", &*tests), ("failures", &*failures), ("errors", &*errors)];
    xml::open(&mut out, "testsuites", &attributes, false);
    format!("{out}\n{body}</testsuites>\n")
}

fn suite(out: &mut String, name: &str, tally: Tally, tests: impl FnOnce(&mut String)) {
    let [count, failures, errors, skipped] =
        [tally.tests, tally.failures, tally.errors, tally.skipped].map(|it| it.to_string());
    let attributes =
        [("name", name), ("tests", &*count), ("failures", &*failures), ("errors", &*errors), ("skipped", &*skipped)];
    xml::open(out, "testsuite", &attributes, false);
    out.push('\n');
    tests(out);
    out.push_str("</testsuite>\n");
}

fn test(out: &mut String, places: &Places, class: &str, diagnostic: &Diagnostic) {
    let (start, _) = places.places(diagnostic.span, Unit::Characters);
    let name = format!("{} {}:{}", diagnostic.rule, start.line, start.column);
    xml::open(out, "testcase", &[("name", &name), ("classname", class)], false);
    let message = visible(&diagnostic.message);
    let element = if diagnostic.level == Level::Note { "skipped" } else { "failure" };
    xml::open(out, element, &[("message", &*message), ("type", diagnostic.level.name())], false);
    let place = format!("{class}:{}:{}", start.line, start.column);
    let text = format!("{place}\n{}\n{}", statements(diagnostic).join("\n"), page_url(diagnostic.rule));
    out.push_str(&format!("{}</{element}></testcase>\n", xml::escape(&text)));
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }
}
