//! Kinds of unit that are written in several files: all files of a folder, or what one file lists.
//!
//! Such a unit is read in two steps. Each file is read by itself, several at once, and what was read is kept with the file. Then
//! the units are assembled of their files, and make the same facts as a unit that is whole in one file.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::collections::HashMap;
use crate::facts::Facts;
use crate::source::places::{folder, join};
use crate::source::{FileId, Files, Source};

use super::{failed, kustomize};

/// A kind of unit that is written in several files.
pub trait Composite: Send + Sync + 'static {
    /// What is read of one file, and kept with it.
    type Part: Send + Sync + 'static;

    /// Whether a file is part of a unit of this kind because of its path, whatever is in it: `envs/prod/main.tf`.
    fn claims(&self, path: &Path) -> bool;

    /// The files and folders that one of its files refers to, each relative to the folder of the file. A folder stands for
    /// all files in it that this kind claims by their paths, not for those below it.
    fn references(&self, source: &Source) -> Vec<String>;

    /// Reads one of its files. The facts are those that need no other file: what is broken, limits, directives. They are kept as
    /// long as the text stays as it is, so they must not depend on [`Source::repository`] or [`Source::is_referred`].
    fn read(&self, source: &Source, file: FileId) -> (Facts, Self::Part);

    /// The facts of all units: for each unit its facts, and among them the [`Unit`](crate::facts::Unit) itself, which names all
    /// of its files.
    fn assemble(&self, parts: &Parts<'_, Self::Part>) -> Vec<Facts>;
}

/// What was read of a file.
pub struct Part<'p, P> {
    pub file: FileId,
    pub source: &'p Source,
    pub read: &'p P,
}

/// A file that another one refers to, claimed or not.
pub struct Referred<'p> {
    pub file: FileId,
    pub source: &'p Source,
    /// What is known of the file by itself. It is kept with the file: as long as that stays as it is, these are the same facts
    /// in each run. For a file that is claimed they are what [`Composite::read`] made of it.
    pub facts: &'p Arc<Facts>,
}

/// The facts that are kept of each file.
type Kept<'p> = dyn Fn(FileId) -> Option<&'p Arc<Facts>> + Sync + 'p;

/// All files of the run that a kind of unit claims by their paths.
pub struct Parts<'p, P> {
    parts: Vec<Part<'p, P>>,
    files: &'p Files,
    kept: &'p Kept<'p>,
    /// All files of the run by their places, made when the first reference is followed.
    by_place: OnceLock<HashMap<String, FileId>>,
}

impl<'p, P> Parts<'p, P> {
    /// The files, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Part<'p, P>> {
        self.parts.iter()
    }

    /// The file of the run that a file refers to by a relative path. `None` if the run has none there.
    pub fn referred(&self, from: &Source, path: &str) -> Option<Referred<'p>> {
        let by_place =
            self.by_place.get_or_init(|| self.files.iter().map(|(file, it)| (it.location(), file)).collect());
        let at = from.location();
        let path = Some(path).filter(|it| !it.starts_with('/'))?;
        let file = *by_place.get(&join(folder(&at), path)?)?;
        Some(Referred { file, source: self.files.get(file)?, facts: (self.kept)(file)? })
    }
}

/// What was read of a file, whatever kind of unit it is part of.
type AnyPart = Arc<dyn Any + Send + Sync>;

/// The kinds that are known to a run: by default all that ekslint knows, and that is none so far. A file is of the first kind that
/// claims it.
#[derive(Clone, Default)]
pub struct Composites(Vec<Arc<dyn Erased>>);

/// What was read of a file that a kind of unit claims.
#[derive(Clone)]
pub(crate) struct Claimed {
    /// The place of the kind among those of the run.
    kind: usize,
    part: AnyPart,
}

impl Composites {
    /// With one more kind.
    pub fn with(mut self, kind: impl Composite) -> Self {
        self.0.push(Arc::new(kind));
        self
    }

    /// Whether a file is part of a unit because of its path, whatever is in it.
    pub fn claim(&self, path: &Path) -> bool {
        self.kind_of(path).is_some()
    }

    /// The files and folders that a file refers to, if it is part of a unit or a kustomization: each relative to the folder of the file.
    /// `None` if ekslint failed while it looked for them.
    pub fn references(&self, source: &Source) -> Option<Vec<String>> {
        let references = || match self.kind_of(&source.place) {
            Some((_, kind)) => kind.references(source),
            None => kustomize::map_files(source),
        };
        catch_unwind(AssertUnwindSafe(references)).ok()
    }

    /// The places that those paths lead to if no link is on the way.
    pub fn referred_places(&self, source: &Source) -> Vec<PathBuf> {
        let at = source.location();
        self.references(source).iter().flatten().filter_map(|it| join(folder(&at), it)).map(PathBuf::from).collect()
    }

    /// Whether a file may refer to others: see [`Composites::references`].
    pub fn may_refer(&self, source: &Source) -> bool {
        !self.is_empty() || kustomize::may_name_map_files(source)
    }

    /// True if there is no such kind.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn kind_of(&self, path: &Path) -> Option<(usize, &Arc<dyn Erased>)> {
        self.0.iter().enumerate().find(|(_, it)| it.claims(path))
    }

    /// Reads a file by itself, if one of the kinds claims it.
    pub(crate) fn read(&self, source: &Source, file: FileId) -> Option<(Facts, Claimed)> {
        let (kind, composite) = self.kind_of(&source.place)?;
        let (facts, part) = composite.read(source, file);
        Some((facts, Claimed { kind, part }))
    }

    /// The facts of all units, of `parts` in the order of their files. `kept`: what was read of each file by itself. An internal
    /// error in one kind of unit costs no other.
    pub(crate) fn assemble<'p>(
        &self,
        files: &'p Files,
        kept: &'p Kept<'p>,
        parts: &[(FileId, &'p Claimed)],
    ) -> Vec<Facts> {
        let of_kind =
            |kind: usize| parts.iter().filter(move |(_, it)| it.kind == kind).map(|(file, it)| (*file, &it.part));
        let assemble = |(kind, composite): (usize, &Arc<dyn Erased>)| {
            let own: Vec<_> = of_kind(kind).collect();
            let Some((first, _)) = own.first().copied() else { return Vec::new() };
            let facts = catch_unwind(AssertUnwindSafe(|| composite.assemble(files, kept, &own)));
            facts.unwrap_or_else(|_| vec![failed(first)])
        };
        self.0.iter().enumerate().flat_map(assemble).collect()
    }
}

impl fmt::Debug for Composites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composites({})", self.0.len())
    }
}

/// [`Composite`] without the type of its parts.
trait Erased: Send + Sync {
    fn claims(&self, path: &Path) -> bool;
    fn references(&self, source: &Source) -> Vec<String>;
    fn read(&self, source: &Source, file: FileId) -> (Facts, AnyPart);
    fn assemble<'p>(&self, files: &'p Files, kept: &'p Kept<'p>, parts: &[(FileId, &'p AnyPart)]) -> Vec<Facts>;
}

impl<C: Composite> Erased for C {
    fn claims(&self, path: &Path) -> bool {
        Composite::claims(self, path)
    }

    fn references(&self, source: &Source) -> Vec<String> {
        Composite::references(self, source)
    }

    fn read(&self, source: &Source, file: FileId) -> (Facts, AnyPart) {
        let (facts, part) = Composite::read(self, source, file);
        (facts, Arc::new(part))
    }

    fn assemble<'p>(&self, files: &'p Files, kept: &'p Kept<'p>, parts: &[(FileId, &'p AnyPart)]) -> Vec<Facts> {
        let part = |(file, part): (FileId, &'p AnyPart)| {
            Some(Part { file, source: files.get(file)?, read: (**part).downcast_ref::<C::Part>()? })
        };
        let parts = parts.iter().copied().filter_map(part).collect();
        Composite::assemble(self, &Parts { parts, files, kept, by_place: OnceLock::new() })
    }
}
