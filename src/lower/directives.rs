//! Directives: comments, `Metadata` of templates and annotations of manifests that say what not to report.
//!
//! Where a comment is, and what is none because it stands in a string, the parser knows. A file that does not hold the
//! word costs one search and nothing else.

mod grammar;
mod objects;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use memchr::memmem;

use crate::facts::{Directive, Form, Limit, Scope};
use crate::source::{Source, Span, Text};
use crate::syntax::{self, Attached, Comment, Comments, Hint, Parsed, Standing};

use grammar::{MOST_NAMES, Verb};

pub use grammar::WORD;
pub use objects::ANNOTATION;

/// Directives of one file, and the names in them, beyond this number are not read.
const MOST_DIRECTIVES: usize = 10_000;

/// Directives for one place beyond this number suppress nothing: every finding there is compared with each of them.
const MOST_AT_A_PLACE: usize = 100;

/// True if a text may hold a directive.
pub fn may_hold(text: &[u8]) -> bool {
    memmem::find(text, WORD.as_bytes()).is_some()
}

/// Gathers the directives of one file, part after part of its stream.
pub struct Gatherer<'s> {
    source: &'s Source,
    found: Vec<Directive>,
    /// The directives that stand above the next document, and where that would begin.
    pending: Vec<usize>,
    end: u32,
    /// True once anything but comments was met.
    has_content: bool,
    /// How many more directives and names are read.
    left: usize,
    /// True once there were more.
    is_full: bool,
    limits: Vec<Limit>,
}

impl<'s> Gatherer<'s> {
    pub fn new(source: &'s Source) -> Self {
        Self {
            source,
            found: Vec::new(),
            pending: Vec::new(),
            end: 0,
            has_content: false,
            left: MOST_DIRECTIVES,
            is_full: false,
            limits: Vec::new(),
        }
    }

    /// Takes the next part of the stream.
    pub fn part(&mut self, text: &Text, parsed: &Parsed) {
        let pending = std::mem::take(&mut self.pending);
        let first = parsed.documents.iter().map(|it| it.root()).find(|it| !it.range().is_empty());
        // What lies between was not read: it is for that.
        let is_next = self.end == text.span().start;
        if let Some(root) = first.filter(|_| is_next) {
            let line = line_of(self.source, root.span());
            for at in pending {
                self.found[at].scope = Scope::Place { whole: root.span(), line: Some(line) };
            }
        }
        self.end = text.span().end;
        let content = if self.has_content { Some(0) } else { first.map(|it| it.range().start) };
        if may_hold(text.bytes().as_bytes()) {
            self.comments(text, parsed, content);
            for tree in &parsed.documents {
                let _ = objects::gather(tree, &mut |it| {
                    self.take(it);
                    if self.is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
            }
        }
        self.has_content |= first.is_some() || !parsed.errors.is_empty();
    }

    /// Takes the YAML inside a string, which has comments of its own.
    pub fn embedded(&mut self, text: &Text) {
        if may_hold(text.bytes().as_bytes()) {
            let parsed = syntax::parse(text, Hint::Yaml);
            self.comments(text, &parsed, Some(0));
            self.pending.clear();
        }
    }

    /// The directives in the order of their places, and the limits that were reached.
    pub fn finish(mut self) -> (Vec<Directive>, Vec<Limit>) {
        self.found.sort_by_key(|it| it.span.bounds());
        self.thin_out();
        (self.found, self.limits)
    }

    /// Keeps a directive, as far as the limits allow.
    fn take(&mut self, mut directive: Directive) {
        if directive.names.len() > MOST_NAMES {
            let message = format!("more than {MOST_NAMES} names in one directive");
            self.limits.push(Limit::directives(directive.names[MOST_NAMES].span(), message));
            directive.names.truncate(MOST_NAMES);
            directive.names.shrink_to_fit();
        }
        let size = 1 + directive.names.len();
        if self.is_full {
            return;
        }
        if size > self.left {
            let message = format!("more than {MOST_DIRECTIVES} directives, and names in them, in one file");
            self.limits.push(Limit::directives(directive.span, message));
            // Later ones are not read either, so that the first places are the ones that count.
            self.is_full = true;
            return;
        }
        self.left -= size;
        self.found.push(directive);
    }

    /// Removes directives where too many are for one place.
    fn thin_out(&mut self) {
        let place = |it: &Directive| match it.scope {
            Scope::File => Some((0, u32::MAX)),
            Scope::Place { whole, line } => {
                let places = [Some(whole), line].into_iter().flatten();
                places.map(|it| (it.start, it.end)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
            }
            Scope::Nothing { .. } => None,
        };
        let mut order: Vec<usize> = (0..self.found.len()).collect();
        order.sort_by_key(|&at| (place(&self.found[at]).map(|(start, end)| (start, Reverse(end))), at));
        let mut open: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
        let mut is_kept = vec![true; self.found.len()];
        for at in order {
            let Some((start, end)) = place(&self.found[at]) else { continue };
            while open.peek().is_some_and(|it| it.0 < start) {
                open.pop();
            }
            if open.len() < MOST_AT_A_PLACE {
                open.push(Reverse(end));
            } else {
                is_kept[at] = false;
                let message = format!("more than {MOST_AT_A_PLACE} directives for one place");
                self.limits.push(Limit::directives(self.found[at].span, message));
            }
        }
        let mut is_kept = is_kept.into_iter();
        self.found.retain(|_| is_kept.next().unwrap_or(true));
    }

    /// Takes the comments of a text. `content`: where the first thing stands in it that is none.
    fn comments(&mut self, text: &Text, parsed: &Parsed, content: Option<usize>) {
        let with_word = |it: &&Comment| may_hold(&text.bytes().as_bytes()[it.range.clone()]);
        let mut comments = parsed.comments.iter().filter(with_word).peekable();
        if comments.peek().is_none() {
            return;
        }
        let units = Comments::new(text, parsed);
        for comment in comments {
            // All directives of a comment are for the same place.
            let mut scope = None;
            for range in grammar::directives_in(&text.bytes()[comment.range.clone()]) {
                if self.is_full {
                    return;
                }
                let range = comment.range.start + range.start..comment.range.start + range.end;
                let Some((verb, recognised)) = grammar::comment(&text.part(range.clone())) else { continue };
                let span = text.slice(range);
                let is_head = content.is_none_or(|it| comment.range.end <= it);
                let at = self.found.len();
                let mut is_pending = false;
                let (scope, recognised) = match verb {
                    Verb::File if is_head => (Scope::File, recognised),
                    Verb::File => (Scope::Nothing { is_too_deep: false }, recognised.misplaced(span)),
                    Verb::Node => {
                        let (scope, is_last) = *scope.get_or_insert_with(|| self.scope(&units, text, parsed, comment));
                        is_pending = is_last;
                        (scope, recognised)
                    }
                };
                self.take(Directive {
                    span,
                    form: Form::Comment,
                    scope,
                    names: recognised.names,
                    reason: recognised.reason,
                    until: recognised.until,
                    error: recognised.error,
                });
                // It may be one too many.
                if is_pending && self.found.len() > at {
                    self.pending.push(at);
                }
            }
        }
    }

    /// What a comment is for, and whether the next document of the stream may be.
    fn scope(&self, units: &Comments<'_>, text: &Text, parsed: &Parsed, comment: &Comment) -> (Scope, bool) {
        match units.standing(comment) {
            Standing::On(Attached { scope, line }) => (Scope::Place { whole: scope, line: Some(line) }, false),
            // What cannot be read has lines all the same.
            Standing::Last | Standing::TooDeep if !parsed.errors.is_empty() => {
                let line = line_of(self.source, comment.span);
                let is_alone = self.source.text[line.start as usize..comment.span.start as usize].trim().is_empty();
                let next = Span { end: (line.end + 1).min(self.source.text.len() as u32), ..line };
                let next = Span { start: next.end, end: next.end, ..line };
                let line = if is_alone { line_of(self.source, next) } else { line };
                (Scope::Place { whole: line, line: None }, false)
            }
            Standing::TooDeep => (Scope::Nothing { is_too_deep: true }, false),
            Standing::Last => (Scope::Nothing { is_too_deep: false }, text.span().end == self.end),
        }
    }
}

/// The line that a place begins on, without what ends it.
fn line_of(source: &Source, place: Span) -> Span {
    let bytes = source.text.as_bytes();
    let at = (place.start as usize).min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |it| it + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |it| at + it);
    Span { file: place.file, start: start as u32, end: end as u32 }
}
