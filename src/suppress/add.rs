//! Writes directives for findings: how the files have to change so that the findings are suppressed.
//!
//! Of a file with comments the line where a finding begins gets one; JSON gets `Metadata` or an annotation. What was
//! written is read again before it counts: the values have to be what they were, and each finding has to be reached.

mod comments;
mod objects;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::collections::HashMap;
use crate::date::Date;
use crate::diagnostic::{Diagnostic, Edit};
use crate::edit::{self, OffsetMap};
use crate::facts::{Directive, Facts};
use crate::lower;
use crate::source::{FileId, Files, Source, Span, Text};
use crate::syntax::{self, Hint, Parsed};
use crate::workspace::Inventory;

use super::verdict::Verdicts;
use super::{Judge, rule};

/// What is written into the directives.
#[derive(Clone, Default, Debug)]
pub struct Wish {
    /// One line; empty for none.
    pub reason: String,
    pub until: Option<Date>,
}

/// How the files have to change.
#[derive(Default, Debug)]
pub struct Plan {
    /// The files that change, and their new texts.
    pub files: Vec<(FileId, String)>,
    /// What is not suppressed then: indices of the findings, and why.
    pub refused: Vec<(usize, &'static str)>,
    /// What is suppressed in its whole file, since no directive can stand next to it: indices of the findings.
    pub in_whole_files: Vec<usize>,
}

const OWN: &str = "it is about a directive, which has to be fixed";
const NO_PLACE: &str = "JSON has no comments, and here no `Metadata` or annotations either: switch the rule off for this file in the configuration";
const UNREADABLE: &str = "the file cannot be read to its end";
const UNSURE: &str = "no directive could be written that is sure to be for it and for nothing else";

/// Says how the files have to change so that these findings are suppressed.
pub fn plan(inventory: &Inventory, verdicts: &Verdicts, findings: &[Diagnostic], wish: &Wish) -> Plan {
    let mut plan = Plan::default();
    let mut by_file: HashMap<FileId, Vec<usize>> = HashMap::default();
    for (at, finding) in findings.iter().enumerate() {
        match rule(finding.rule).is_some_and(|it| !it.is_about_suppressions()) {
            true => by_file.entry(finding.span.file).or_default().push(at),
            false => plan.refused.push((at, OWN)),
        }
    }
    let mut judged: HashMap<FileId, Vec<_>> = HashMap::default();
    verdicts.judged(&inventory.facts).for_each(|it| judged.entry(it.0.span.file).or_default().push(it));
    let mut by_file: Vec<_> = by_file.into_iter().collect();
    by_file.sort_by_key(|(file, _)| inventory.files.rank(*file));
    for (file, indices) in by_file {
        let source = inventory.source(file);
        if source.error.is_some() {
            plan.refused.extend(indices.into_iter().map(|it| (it, UNREADABLE)));
            continue;
        }
        // One that is over, or has an end, is not for what comes later.
        let usable = judged.remove(&file).unwrap_or_default().into_iter();
        let usable = usable.filter(|(it, verdict)| it.error.is_none() && !verdict.is_expired);
        let usable = usable.filter(|(it, _)| it.until.map(|it| it.date) == wish.until);
        let usable = usable.filter(|(it, _)| wish.reason.is_empty() || it.reason == wish.reason);
        let writer = Writer {
            read: Read::new(source, file),
            wish,
            usable: usable.map(|it| it.0).collect(),
            breaks: memchr::memchr_iter(b'\n', source.text.as_bytes()).collect(),
        };
        writer.write(findings, indices, &mut plan);
    }
    plan.refused.sort_unstable();
    plan.in_whole_files.sort_unstable();
    plan
}

/// A file, read as it was for its facts, and kept.
struct Read<'s> {
    source: &'s Source,
    file: FileId,
    parts: Vec<(Text, Parsed)>,
    /// The YAML in strings.
    embedded: Vec<(Text, Parsed)>,
    facts: Facts,
}

impl<'s> Read<'s> {
    fn new(source: &'s Source, file: FileId) -> Self {
        let facts = lower::lower(source, file, &());
        let parts = lower::parts(source, file);
        let embedded = facts.embedded.iter().map(|it| (it.clone(), syntax::parse(it, Hint::Yaml))).collect();
        Self { source, file, parts, embedded, facts }
    }

    fn is_json(&self) -> bool {
        self.parts.iter().any(|(_, parsed)| parsed.is_json)
    }

    /// All values in their order, those in strings of YAML in the place of the strings.
    fn values(&self) -> Vec<(syntax::Kind, String, String)> {
        let starts: BTreeSet<u32> = self.embedded.iter().map(|(text, _)| text.whole().start).collect();
        let mut values = Vec::new();
        for (_, parsed) in self.parts.iter().chain(&self.embedded) {
            for node in parsed.documents.iter().flat_map(|it| it.nodes()) {
                let value = node.str().filter(|_| !starts.contains(&node.span().start)).unwrap_or_default();
                let tag = node.tag().map_or("", |it| it.name);
                values.push((node.kind(), value.to_owned(), tag.to_owned()));
            }
        }
        values
    }
}

/// How a finding is suppressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// By what stands nearest to it.
    Near,
    /// By a comment for the file.
    File,
}

/// The directives of a file, as far as they can be written.
struct Directives<'w, 'a> {
    writer: &'w Writer<'a>,
    findings: &'w [Diagnostic],
    ways: BTreeMap<usize, Way>,
    refused: Vec<(usize, &'static str)>,
}

impl edit::Attempt for Directives<'_, '_> {
    type Failure = usize;

    fn edits(&mut self) -> Vec<Edit> {
        let (edits, impossible) = self.writer.edits(self.findings, &self.ways);
        for (at, why) in impossible {
            self.ways.remove(&at);
            self.refused.push((at, why));
        }
        edits
    }

    fn failures(&self, new: &str, edits: &[Edit]) -> Vec<usize> {
        self.writer.missed(self.findings, &self.ways, new, edits)
    }

    fn give_up(&mut self, at: usize) {
        if self.ways.get(&at) == Some(&Way::Near) && !self.writer.read.is_json() {
            self.ways.insert(at, Way::File);
        } else {
            self.ways.remove(&at);
            self.refused.push((at, UNSURE));
        }
    }
}

struct Writer<'a> {
    read: Read<'a>,
    wish: &'a Wish,
    /// The directives that may name more rules.
    usable: Vec<&'a Directive>,
    /// Where the line breaks of the file are.
    breaks: Vec<usize>,
}

impl Writer<'_> {
    fn write(&self, findings: &[Diagnostic], indices: Vec<usize>, plan: &mut Plan) {
        let ways = indices.into_iter().map(|it| (it, Way::Near)).collect();
        let mut directives = Directives { writer: self, findings, ways, refused: Vec::new() };
        let new = edit::settle(&self.read.source.text, &mut directives);
        if new.is_some() {
            let by_file = directives.ways.iter().filter(|(_, way)| **way == Way::File);
            plan.in_whole_files.extend(by_file.map(|(at, _)| *at));
        }
        plan.files.extend(new.map(|it| (self.read.file, it)));
        plan.refused.extend(directives.refused);
    }

    fn edits(&self, findings: &[Diagnostic], ways: &BTreeMap<usize, Way>) -> (Vec<Edit>, Vec<(usize, &'static str)>) {
        let wanted: Vec<_> = ways.iter().map(|(at, way)| (*at, &findings[*at], *way)).collect();
        if self.read.is_json() { self.in_objects(&wanted) } else { self.in_comments(&wanted) }
    }

    /// The findings that a change would not suppress; all of them if it changed a value.
    fn missed(&self, findings: &[Diagnostic], ways: &BTreeMap<usize, Way>, new: &str, edits: &[Edit]) -> Vec<usize> {
        let source = Source::new(self.read.source.path.clone(), new);
        let after = Read::new(&source, self.read.file);
        let is_same = if self.read.is_json() { after.is_json() } else { after.values() == self.read.values() };
        let files = Files::new([(self.read.file, Arc::new(source.clone()))]);
        // An end that is over is asked for, and no error of the place.
        let mut judge = Judge::new(&after.facts.directives, &files, Date::FIRST);
        let shifts = OffsetMap::new(edits);
        // Edits move places, and change their order nowhere.
        let mut in_order: Vec<_> = ways.keys().map(|at| (findings[*at].span, *at)).collect();
        in_order.sort_unstable_by_key(|(span, at)| (span.bounds(), *at));
        let missed = in_order.into_iter().filter(|(span, at)| {
            let start = shifts.moved(span.start);
            let place = Span { start, end: start, ..*span };
            !is_same || judge.directive_for(place, findings[*at].rule).is_none()
        });
        let mut missed: Vec<_> = missed.map(|it| it.1).collect();
        missed.sort_unstable();
        missed
    }

    /// `ignore` or `ignore-file` as a comment.
    fn comment(&self, order: &str, rules: &BTreeSet<&str>) -> String {
        let mut comment = format!("# ekslint: {order}[{}]", listed(rules));
        if let Some(until) = self.wish.until {
            comment.push_str(&format!(" until={until}"));
        }
        if !self.wish.reason.is_empty() {
            comment.push_str(&format!(" {}", self.wish.reason));
        }
        comment
    }

    fn line_break(&self) -> &'static str {
        let text = self.read.source.text.as_bytes();
        let is_windows = memchr::memchr(b'\n', text).is_some_and(|at| at > 0 && text[at - 1] == b'\r');
        if is_windows { "\r\n" } else { "\n" }
    }
}

fn listed(rules: &BTreeSet<&str>) -> String {
    rules.iter().copied().collect::<Vec<_>>().join(", ")
}
