//! Reads the files that may fill placeholders in: scripts, build files, pipelines and documents of the repositories that are
//! linted.
//!
//! Only regular files are read, no links are followed, and what is read is limited. What is found does not depend on the
//! number of threads.

mod files;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::PathBuf;

use ekslint::lookup::{Answers, Found, Reading, Search, Token, too_many_hits};
use ekslint::source::Source;
use rayon::prelude::*;

use super::ignored::here;
use super::request::Request;
use super::seen::Walked;
use super::survey::{Stamp, stamp};
use files::{Candidate, Files, MOST_BYTES};

pub use files::{Filter, Searched, add, limit, may_fill};

/// Files that are searched before what they fill in is left out of the search of others.
const BATCH: usize = 256;

/// Looks up what a run wants to know of placeholders. Costs nothing where there are none. With standard input alone nothing is
/// searched, because nothing says where it belongs.
///
/// `walked`: the folders that were walked for the linted files.
pub fn answers(tokens: &[Token], request: &Request, walked: &[Walked]) -> Option<Answers> {
    request.named().next()?;
    Some(if tokens.is_empty() {
        Answers::default()
    } else {
        search(tokens, Files::of(request, walked, may_fill(tokens)))
    })
}

/// The files that would be searched, each with its stamp.
pub fn survey(request: &Request) -> BTreeMap<PathBuf, Stamp> {
    let files = Files::of(request, &[], |_| true).files.into_iter();
    files.map(|it| (stamp(&it.place), it.place.into_owned())).map(|(stamp, place)| (place, stamp)).collect()
}

fn search(tokens: &[Token], Files { files, mut unsearched }: Files<'_>) -> Answers {
    let mut search = Search::new(tokens);
    let mut found = BTreeSet::new();
    // One after another, so that what is found does not depend on the threads.
    for batch in files.chunks(BATCH) {
        // Nothing for a file that could not be read.
        let find = |buffer: &mut Vec<u8>, it: &Candidate<'_>| {
            contents(it, buffer)?;
            let Searched { reading, repository, .. } = &it.searched;
            Some(search.find(&it.place, repository.as_ref(), *reading, &utf8(buffer)))
        };
        let outcomes: Vec<Option<Found>> = batch.par_iter().map_init(Vec::new, find).collect();
        for (file, outcome) in batch.iter().zip(&outcomes) {
            let what = match outcome {
                Some(found) if found.is_cut => too_many_hits(),
                Some(_) => continue,
                None => format!("a file that could fill placeholders in and cannot be read: {}", here(&file.place)),
            };
            add(&mut unsearched, file.searched.repository.clone(), what);
        }
        let new: BTreeSet<usize> = outcomes.into_iter().flatten().flat_map(|it| it.tokens).collect();
        if !new.is_empty() {
            search.leave_out(&new);
            found.extend(new);
        }
        if search.is_over() {
            break;
        }
    }
    Answers::new(tokens, &found, unsearched)
}

/// Reads what counts of a file. Nothing if it cannot be read to its end.
fn contents(file: &Candidate<'_>, buffer: &mut Vec<u8>) -> Option<()> {
    let mut input = match File::open(&file.place) {
        Ok(input) => input,
        // It was there a moment ago.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            buffer.clear();
            return Some(());
        }
        Err(_) => return None,
    };
    // Another file may stand there by now.
    let meta = input.metadata().ok().filter(Metadata::is_file)?;
    buffer.clear();
    if file.searched.reading == Reading::MentionsIfScript {
        // Most are no scripts, and some are large: pictures, programs, archives.
        (&mut input).take(2).read_to_end(buffer).ok()?;
        if !matches!(buffer.as_slice(), b"#!" | [0xFF, 0xFE] | [0xFE, 0xFF]) {
            return Some(());
        }
    }
    // One more than there is to read, to see the end.
    buffer.reserve(usize::try_from(meta.len().min(MOST_BYTES)).ok()? + 1);
    input.take(MOST_BYTES + 1).read_to_end(buffer).ok()?;
    (buffer.len() as u64 <= MOST_BYTES).then_some(())
}

/// PowerShell's scripts are often UTF-16.
pub fn utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Cow::Owned(Source::decode("", bytes).text.as_bytes().to_vec()),
        _ => Cow::Borrowed(bytes),
    }
}
