//! Directives as comments: where one can stand that is for a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{UNREADABLE, Way, Writer, listed};
use crate::diagnostic::{Diagnostic, Edit};
use crate::edit;
use crate::facts::{Directive, Form, Scope};
use crate::source::Text;
use crate::syntax::{Kind, Style};

/// Where a comment is put.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Spot {
    /// Above everything.
    Head,
    /// On a line of its own above the line that begins there.
    Above(usize),
    /// At the end of the line that begins there.
    Behind(usize),
}

/// A string over several lines, in which a comment would be text.
struct Long {
    range: Range<usize>,
    is_block: bool,
}

impl Writer<'_> {
    /// A comment for each line where a finding begins, or as near above it as one can stand.
    pub(super) fn in_comments(&self, wanted: &[(usize, &Diagnostic, Way)]) -> (Vec<Edit>, Vec<(usize, &'static str)>) {
        let source = self.read.source;
        if source.path.ends_with(".json") || source.text.contains('\0') {
            return (Vec::new(), wanted.iter().map(|it| (it.0, UNREADABLE)).collect());
        }
        let strings = self.strings();
        let roots: Vec<_> = self.read.parts.iter().flat_map(|it| &it.1.documents).map(|it| it.root().span()).collect();
        let mut spots: BTreeMap<Spot, BTreeSet<&str>> = BTreeMap::new();
        for (_, finding, way) in wanted {
            let start = finding.span.start;
            let after = roots.partition_point(|it| it.start <= start);
            let is_read = after > 0 && start <= roots[after - 1].end;
            let spot = match way {
                Way::Near if is_read => self.spot(start as usize, &strings),
                _ => Spot::Head,
            };
            spots.entry(spot).or_default().insert(finding.rule);
        }
        let usable = self.usable();
        let edits = spots.iter().map(|(spot, rules)| self.edit(*spot, rules, &usable));
        (edits.collect(), Vec::new())
    }

    /// The strings over several lines, by their starts. Those that hold YAML whose comments are read are left out, and
    /// the strings of that YAML are in.
    fn strings(&self) -> Vec<Long> {
        let text = &self.read.source.text;
        let is_open = |it: &&(Text, crate::syntax::Parsed)| {
            text[it.0.whole().start as usize..].starts_with('|') && it.1.errors.is_empty()
        };
        let open: BTreeSet<u32> = self.read.embedded.iter().filter(is_open).map(|it| it.0.whole().start).collect();
        let embedded = self.read.embedded.iter().filter(is_open);
        let trees = self.read.parts.iter().chain(embedded).flat_map(|it| &it.1.documents);
        let scalars = trees.flat_map(|it| it.nodes()).filter(|it| it.kind() == Kind::Scalar);
        let long = scalars.filter_map(|node| {
            let range = node.span().range();
            let is_long = memchr::memchr(b'\n', &text.as_bytes()[range.clone()]).is_some();
            let is_block = matches!(node.style(), Some(Style::Literal | Style::Folded));
            (is_long && !open.contains(&node.span().start)).then_some(Long { range, is_block })
        });
        let mut long: Vec<_> = long.collect();
        long.sort_by_key(|it| it.range.start);
        long
    }

    fn spot(&self, start: usize, strings: &[Long]) -> Spot {
        // The string that goes on behind the end of a line.
        let around = |place: usize| {
            let before = strings.partition_point(|it| it.range.start < place);
            strings[..before].last().filter(|it| place < it.range.end)
        };
        let line = self.line(start);
        let Some(string) = around(line.end) else { return Spot::Behind(line.start) };
        let first = self.line(string.range.start);
        match (around(first.start).is_none(), string.is_block) {
            // Behind the `|` there is room for a comment.
            (true, true) => Spot::Behind(first.start),
            (true, false) => Spot::Above(first.start),
            (false, _) => Spot::Head,
        }
    }

    fn edit(&self, spot: Spot, rules: &BTreeSet<&str>, usable: &BTreeMap<Option<usize>, &Directive>) -> Edit {
        let text = &self.read.source.text;
        let insert = |at: usize, text: String| edit::insert(self.read.file, at as u32, text);
        let line = match spot {
            Spot::Head => None,
            Spot::Above(line) | Spot::Behind(line) => Some(line),
        };
        if let Some(name) = usable.get(&line).and_then(|it| it.names.last()) {
            return insert(name.span().end as usize, format!(", {}", listed(rules)));
        }
        match spot {
            Spot::Head => {
                let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
                insert(bom, format!("{}{}", self.comment("ignore-file", rules), self.line_break()))
            }
            Spot::Above(line) => {
                let rest = &text[line..];
                let indent = &rest[..rest.len() - rest.trim_start_matches(' ').len()];
                insert(line, format!("{indent}{}{}", self.comment("ignore", rules), self.line_break()))
            }
            Spot::Behind(line) => {
                let line = self.line(line);
                let end = line.start + text[line.clone()].trim_end().len();
                insert(end, format!(" {}", self.comment("ignore", rules)))
            }
        }
    }

    /// The directives that are there already and may name more rules, by the start of the line they are for; those for the
    /// whole file by none.
    fn usable(&self) -> BTreeMap<Option<usize>, &Directive> {
        let text = &self.read.source.text;
        let is_written = |name: &Text| text.get(name.span().range()) == Some(name.bytes());
        let comments = self.usable.iter().filter(|it| it.form == Form::Comment);
        let mut usable = BTreeMap::new();
        for directive in comments.filter(|it| it.names.last().is_some_and(is_written)) {
            let line = match directive.scope {
                Scope::File => None,
                Scope::Place { line: Some(own), .. } => Some(self.line(own.start as usize).start),
                Scope::Place { line: None, .. } | Scope::Nothing { .. } => continue,
            };
            usable.entry(line).or_insert(*directive);
        }
        usable
    }

    /// The line around an offset, without what ends it.
    fn line(&self, at: usize) -> Range<usize> {
        let bytes = self.read.source.text.as_bytes();
        let after = self.breaks.partition_point(|it| *it < at);
        let start = after.checked_sub(1).map_or(0, |it| self.breaks[it] + 1);
        let end = self.breaks.get(after).copied().unwrap_or(bytes.len());
        start..if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end }
    }
}
