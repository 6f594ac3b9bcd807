//! `junit`: test results, which nearly every build server can show.
//!
//! Each file is a suite and each finding a test of it that failed; a note is one that was skipped, since nothing has to be
//! done about it. So is a suppressed finding that is to be shown, with the reason. A file without findings is a suite with
//! one test that passed, so that a server sees that something was looked at. The elements are those of the schema that
//! Jenkins holds reports to (`junit-10.xsd` of its xUnit plugin).

use std::io;

use super::{ColumnUnit, Places, Run, in_memory, statements, visible, xml};
use crate::diagnostic::Suppression;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::FileId;

/// Bytes that are passed on at once.
const PART: usize = 1 << 16;

/// How many tests there are, and what became of them.
#[derive(Clone, Copy, Default)]
struct Tally {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

pub fn render(run: &Run) -> String {
    in_memory(|out| write(run, out))
}

/// Writes the report, a suite at a time, and says how many bytes it has.
pub fn write(run: &Run, out: &mut dyn io::Write) -> io::Result<usize> {
    let places = Places::new(run.inventory);
    let tallies = || run.inventory.files.ids().map(|it| Tally::of(run, it));
    let mut totals = Tally { tests: run.problems.len(), errors: run.problems.len(), ..Tally::default() };
    tallies().for_each(|it| totals.add(it));
    let is_empty = totals.tests == 0;
    totals.tests += usize::from(is_empty);
    let mut text = xml::HEAD.to_owned();
    let [tests, failures, errors] = [totals.tests, totals.failures, totals.errors].map(|it| it.to_string());
    let attributes = [("name", "ekslint"), ("tests", &*tests), ("failures", &*failures), ("errors", &*errors)];
    xml::open(&mut text, "testsuites", &attributes, false);
    text.push('\n');
    let mut bytes = 0;
    let mut pass_on = |text: &mut String| {
        bytes += text.len();
        let written = out.write_all(text.as_bytes());
        text.clear();
        written
    };
    for problem in run.problems {
        let name = run.path(&problem.path);
        let tally = Tally { tests: 1, errors: 1, ..Tally::default() };
        suite(&mut text, name, tally, |out| {
            xml::open(out, "testcase", &[("name", "reading"), ("classname", name)], false);
            xml::open(out, "error", &[("message", &visible(&problem.reason)), ("type", "unreadable")], true);
            out.push_str("</testcase>\n");
        });
    }
    for (file, tally) in run.inventory.files.ids().zip(tallies()) {
        let (found, suppressed) = run.of_file(file);
        let name = run.path(places.path(file));
        suite(&mut text, name, tally, |out| {
            if found.is_empty() && suppressed.is_empty() {
                xml::open(out, "testcase", &[("name", "no findings"), ("classname", name)], true);
                out.push('\n');
            }
            found.iter().for_each(|it| test(out, run, &places, name, it, None));
            suppressed.iter().for_each(|it| test(out, run, &places, name, &it.finding, Some(&it.how)));
        });
        if text.len() > PART {
            pass_on(&mut text)?;
        }
    }
    if is_empty {
        let tally = Tally { tests: 1, ..Tally::default() };
        suite(&mut text, "ekslint", tally, |out| {
            xml::open(out, "testcase", &[("name", "no files about EKS"), ("classname", "ekslint")], true);
            out.push('\n');
        });
    }
    text.push_str("</testsuites>\n");
    pass_on(&mut text)?;
    Ok(bytes)
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

/// `suppressed`: why it does not count, if it does not.
fn test(
    out: &mut String,
    run: &Run,
    places: &Places,
    class: &str,
    diagnostic: &Diagnostic,
    suppressed: Option<&Suppression>,
) {
    let (start, _) = places.places(diagnostic.span, ColumnUnit::Characters);
    let name = format!("{} {}:{}", diagnostic.rule, start.line, start.column);
    xml::open(out, "testcase", &[("name", &name), ("classname", class)], false);
    let (element, kind, message) = match (suppressed, diagnostic.level) {
        (Some(how), _) => {
            let reason = how.reason().unwrap_or("no reason is given");
            ("skipped", "suppressed", format!("suppressed: {}", visible(reason)))
        }
        (None, Level::Note) => ("skipped", "note", visible(&diagnostic.message).into_owned()),
        (None, level) => ("failure", level.name(), visible(&diagnostic.message).into_owned()),
    };
    xml::open(out, element, &[("message", &*message), ("type", kind)], false);
    let place = format!("{class}:{}:{}", start.line, start.column);
    let mut text = vec![place];
    text.extend(statements(run, places, diagnostic));
    text.extend(run.page_url(diagnostic.rule));
    let text = text.join("\n");
    out.push_str(&format!("{}</{element}></testcase>\n", xml::escape(&text)));
}

impl Tally {
    fn of(run: &Run, file: FileId) -> Self {
        let (found, suppressed) = run.of_file(file);
        let notes = found.iter().filter(|it| it.level == Level::Note).count();
        let all = found.len() + suppressed.len();
        Self { tests: all.max(1), failures: found.len() - notes, errors: 0, skipped: notes + suppressed.len() }
    }

    fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::{Certainty, Suppressed};
    use crate::source::FileId;
    use crate::source::{Source, Span};

    #[test]
    fn what_is_suppressed_is_skipped_and_says_why() {
        let workspace = Analysis::of(vec![Source::new("a.yaml", "a: bad\n")]).snapshot(&());
        let finding = Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            certainty: Certainty::Certain,
            span: Span::new(FileId::new(0), 3..6),
            message: "m".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        let reason = Some("the role <moves>".to_owned());
        let suppressed = [Suppressed { finding, how: Suppression::InSource { reason } }];
        let run = Run { suppressed: &suppressed, ..Run::of(&workspace, &[]) };
        assert!(render(&run).contains("<testcase name=\"no findings\""));
        let text = render(&Run { show_suppressed: true, ..run });
        assert!(text.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""), "{text}");
        let skipped = "<skipped message=\"suppressed: the role &lt;moves&gt;\" type=\"suppressed\">a.yaml:1:4&#10;m<";
        assert!(text.contains(skipped) && !text.contains("no findings"), "{text}");
    }
}
