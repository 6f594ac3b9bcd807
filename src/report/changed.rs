//! Which lines a branch changed, and so at which of its places a finding is shown beside the changes.

use std::borrow::Cow;

use super::Lines;
use crate::collections::HashMap;
use crate::diagnostic::{Diagnostic, Label};
use crate::source::{FileId, Source, Span};
use crate::workspace::Inventory;

/// What is said of the place where a finding was found, if it is shown at another one.
const FOUND_HERE: &str = "found here";

/// The lines that differ from what a file held at a commit.
#[derive(Debug, Default)]
pub struct Changed {
    /// For each file that differs, which of its lines do.
    lines: HashMap<FileId, Vec<bool>>,
}

impl Changed {
    /// `then`: what a file held at the commit; nothing if it is new.
    pub fn new<'a>(now: &Inventory, then: impl Fn(&Source) -> Option<&'a str>) -> Self {
        let lines = now.files.iter().filter_map(|(file, source)| {
            let old = then(source).unwrap_or_default();
            (*source.text != *old).then(|| (file, changed(old, &source.text)))
        });
        Self { lines: lines.collect() }
    }

    /// The finding as it is shown beside the changes: at the first of its places that the branch changed, with the others
    /// as labels. A line that changed goes before a file that changed.
    pub fn beside<'d>(&self, inventory: &Inventory, diagnostic: &'d Diagnostic) -> Cow<'d, Diagnostic> {
        let spans = || [diagnostic.span].into_iter().chain(diagnostic.labels.iter().map(|it| it.span));
        let in_line = spans().find(|it| self.has_line(inventory, *it));
        let at = in_line.or_else(|| spans().find(|it| self.lines.contains_key(&it.file)));
        let Some(at) = at.filter(|it| *it != diagnostic.span) else { return Cow::Borrowed(diagnostic) };
        let mut moved = Diagnostic { span: at, ..diagnostic.clone() };
        if !moved.labels.iter().any(|it| it.span == diagnostic.span) {
            moved.labels.insert(0, Label { span: diagnostic.span, message: FOUND_HERE.to_owned() });
        }
        Cow::Owned(moved)
    }

    fn has_line(&self, inventory: &Inventory, span: Span) -> bool {
        let Some(lines) = self.lines.get(&span.file) else { return false };
        let text = &inventory.source(span.file).text;
        let line =
            |offset: u32| memchr::memchr_iter(b'\n', &text.as_bytes()[..(offset as usize).min(text.len())]).count();
        let first = line(span.start);
        let last = first + memchr::memchr_iter(b'\n', text.as_bytes().get(span.range()).unwrap_or_default()).count();
        lines.iter().take(last + 1).skip(first).any(|it| *it)
    }
}

/// Which lines of a text are not in the old one, and which stand beside lines that are gone.
fn changed(old: &str, new: &str) -> Vec<bool> {
    let split = |text: &'_ str| -> Vec<String> {
        let lines = Lines::new(text);
        (0..lines.count()).map(|it| text[lines.range(it)].to_owned()).collect()
    };
    let (old, new) = (split(old), split(new));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    let mut left: HashMap<&str, usize> = HashMap::default();
    old[start..old.len() - end].iter().for_each(|it| *left.entry(it).or_default() += 1);
    let mut out = vec![false; new.len()];
    for (at, line) in new.iter().enumerate().take(new.len() - end).skip(start) {
        // A line that only moved is no change of what it says.
        match left.get_mut(line.as_str()).filter(|it| **it > 0) {
            Some(count) => *count -= 1,
            None => out[at] = true,
        }
    }
    if left.values().any(|it| *it > 0) && !out.iter().any(|it| *it) {
        out.iter_mut().take(start + 1).skip(start.saturating_sub(1)).for_each(|it| *it = true);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::diagnostic::{Certainty, Level};

    #[test]
    fn lines_that_differ() {
        let table = [
            ("a\nb\nc\n", "a\nB\nc\n", "-+--", "one line"),
            ("a\nc\n", "a\nb\nc\n", "-+--", "a new line"),
            ("a\nb\nc\n", "a\nc\n", "++-", "a line that is gone is seen at its neighbours"),
            ("a\nb\nc\nd\n", "a\nc\nb\nD\n", "---+-", "lines that moved did not change"),
            ("a\nb\n", "a\r\nb\r\n", "---", "line breaks are not compared"),
            ("", "a\nb\n", "++-", "a new file"),
            ("a\n", "", "+", "an empty file"),
        ];
        for (old, new, expected, reason) in table {
            let lines: String = changed(old, new).iter().map(|it| if *it { '+' } else { '-' }).collect();
            assert_eq!(lines, expected, "{reason}");
        }
    }

    #[test]
    fn a_finding_stands_where_the_branch_changed_something() {
        let text = ["role: shop\n", "sub: a\nname: b\n"];
        let workspace =
            Analysis::of(vec![Source::new("account.yaml", text[0]), Source::new("role.yaml", text[1])]).snapshot(&());
        let (account, sub, name) =
            (Span::new(FileId::new(0), 6..10), Span::new(FileId::new(1), 5..6), Span::new(FileId::new(1), 14..15));
        let mut finding = Diagnostic {
            rule: "area/rule",
            level: Level::Error,
            certainty: Certainty::Certain,
            span: account,
            message: "m".to_owned(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            build: None,
        };
        finding.label(sub, "trusts").label(name, "of");
        let shown = |then: [Option<&'static str>; 2]| {
            let changed = Changed::new(&workspace, |it| then[usize::from(&*it.path == "role.yaml")]);
            changed.beside(&workspace, &finding).into_owned()
        };
        assert_eq!(shown([Some(text[0]), Some(text[1])]), finding, "nothing changed, so that it stays");
        assert_eq!(shown([None, None]), finding, "all is new");
        let moved = shown([Some(text[0]), Some("sub: a\nname: c\n")]);
        assert_eq!(moved.span, name, "the line that changed");
        assert_eq!(moved.labels[0], Label { span: account, message: FOUND_HERE.to_owned() });
        assert_eq!(moved.labels[1..], finding.labels[..]);
        assert_eq!(shown([Some(text[0]), Some("more: c\nsub: a\nname: b\n")]).span, sub, "beside a line that is gone");
        let far = shown([Some(text[0]), Some("sub: a\nname: b\n# c\n# d\n# e\n")]);
        assert_eq!(far.span, name, "beside lines that are gone");
    }
}
