//! What a finding is called for as long as it is the same one.
//!
//! A fingerprint is made of the rule, the file, the logical place in the document (`Resources/NodeRole/Properties/…`), the value that
//! is underlined there, and the kustomization that builds it, if others build it without that finding. Lines, indentation, the order of other things and the words of the message are no
//! part of it, so it stays while the file is edited around it. Trees are not kept after lowering: the documents with
//! findings are read once more, and only if somebody asks.

mod hash;
mod place;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use crate::collections::HashMap;
use crate::diagnostic::Diagnostic;
use crate::former;
use crate::source::{Source, Span};
use crate::workspace::Inventory;

use hash::hash;

/// The name of this way to make fingerprints. It changes if the same finding would get another one.
pub const SCHEME: &str = "ekslint/v1";

/// Bytes at each end of a value that are looked at, if it is longer than both together. No rule underlines so much.
const VALUE_END: usize = 1 << 15;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fingerprint {
    /// The file, relative to the folder that the program runs in where it is below it, with `/` between the parts.
    pub path: Arc<str>,
    /// Where in its document the finding is: `Resources/NodeRole/Properties/ManagedPolicyArns[arn:aws:iam::…]`.
    pub place: String,
    /// What rule, path, place and value come to: 32 hexadecimal digits.
    pub hash: String,
    /// The same with each id that the rule had before.
    pub former: Vec<String>,
    /// Counts the findings that have all of that in common, from one, in the order of their places.
    pub count: usize,
}

/// The fingerprints of some findings, in their order. Findings are counted among those that are given, so one that is
/// to be recognised has to be given together with all others of its run.
///
/// `root` is the folder the program runs in, with `/` at its end.
pub fn fingerprints(
    inventory: &Inventory,
    root: &str,
    diagnostics: &[impl Borrow<Diagnostic> + Sync],
) -> Vec<Fingerprint> {
    let path = |it: &Source| it.path.strip_prefix(root).unwrap_or(&it.path).to_owned();
    fingerprints_by(inventory, path, diagnostics)
}

/// [`fingerprints`], where files are called otherwise than from the folder the program runs in.
pub fn fingerprints_by(
    inventory: &Inventory,
    path: impl Fn(&Source) -> String + Sync,
    diagnostics: &[impl Borrow<Diagnostic> + Sync],
) -> Vec<Fingerprint> {
    let span = |at: usize| diagnostics[at].borrow().span;
    let mut order: Vec<usize> = (0..diagnostics.len()).collect();
    order.sort_by_key(|&at| inventory.files.position(span(at)));
    let files: Vec<&[usize]> = order.chunk_by(|&a, &b| span(a).file == span(b).file).collect();
    let made: Vec<Vec<Fingerprint>> = files
        .par_iter()
        .map(|of_file| {
            let found: Vec<&Diagnostic> = of_file.iter().map(|&at| diagnostics[at].borrow()).collect();
            of_one_file(inventory, &path, &found)
        })
        .collect();
    let mut all: Vec<(usize, Fingerprint)> = order.iter().copied().zip(made.into_iter().flatten()).collect();
    // Two files may be shown by one name, if their names are not UTF-8.
    let mut counts: HashMap<String, usize> = HashMap::default();
    for (_, fingerprint) in &mut all {
        let count = counts.entry(fingerprint.hash.clone()).or_default();
        *count += 1;
        fingerprint.count = *count;
    }
    all.sort_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

/// The fingerprints of findings in one file, which are sorted by their spans. They are not counted yet.
fn of_one_file(inventory: &Inventory, paths: impl Fn(&Source) -> String, found: &[&Diagnostic]) -> Vec<Fingerprint> {
    let Some(first) = found.first() else { return Vec::new() };
    let source = inventory.source(first.span.file);
    let path: Arc<str> = paths(source).into();
    let spans: Vec<Span> = found.iter().map(|it| it.span).collect();
    let places = place::places(source, first.span.file, &spans);
    let fingerprint = |(it, place): (&&Diagnostic, String)| {
        let value = value(&source.text, it.span);
        let build = it.build.map(|file| paths(inventory.source(file)));
        let hash = |rule: &str| match &build {
            Some(build) => hash(&[rule, &path, &place, &value, build]),
            None => hash(&[rule, &path, &place, &value]),
        };
        let former = former::ids(it.rule).iter().map(|it| hash(it)).collect();
        Fingerprint { path: path.clone(), hash: hash(it.rule), former, place, count: 1 }
    };
    found.iter().zip(places).map(fingerprint).collect()
}

/// What is underlined, with one space for each run of white space.
fn value(text: &str, span: Span) -> String {
    let border = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = border(span.start as usize);
    let end = border(span.end as usize).max(start);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if end - start <= 2 * VALUE_END {
        return words(&text[start..end]);
    }
    let (head, tail) = (border(start + VALUE_END), border(end - VALUE_END));
    format!("{} … {}", words(&text[start..head]), words(&text[tail..end]))
}

impl Fingerprint {
    /// What a baseline may call the finding: its fingerprint, and those with each id that the rule had before.
    pub fn names(&self) -> impl Iterator<Item = String> {
        [&self.hash].into_iter().chain(&self.former).map(|hash| format!("{hash}:{}", self.count))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.hash, self.count)
    }
}
