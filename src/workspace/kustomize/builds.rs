//! Which files each kustomization builds, and what it changes in their objects.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::iter::successors;
use std::sync::Arc;

use crate::facts::{BuildRoot, Change, ChangeTarget, Changed, Facts, Kustomization};
use crate::source::{FileId, Source, Span};

use super::{Changes, parent};

/// Where files are, with `/` between the parts: paths in a kustomization lead out of the folder that the run began in.
pub fn places(sources: &[Source]) -> Vec<String> {
    sources.iter().map(|it| it.place.to_string_lossy().replace('\\', "/")).collect()
}

/// For each file, what is changed in its objects, and by which kustomizations.
pub(super) type OfFiles = HashMap<FileId, Vec<(Changes, usize)>>;

/// The files that each kustomization builds.
pub(super) struct Builds<'f> {
    facts: &'f Facts,
    sources: &'f [Source],
    /// Where each file is.
    places: &'f [String],
    /// The files in the order of their places.
    files: BTreeMap<&'f str, FileId>,
    /// The kustomizations of a folder.
    kustomizations: HashMap<&'f str, Vec<usize>>,
    /// Every folder that a file is in, or below.
    folders: BTreeSet<&'f str>,
    /// The folder that all files are below.
    top: &'f str,
    /// The objects of each file.
    objects: HashMap<FileId, Vec<usize>>,
    json_patches: HashMap<FileId, Vec<usize>>,
    /// Every `aws-auth` with keys.
    maps: HashSet<Span>,
}

/// How many steps are taken to follow all kustomizations. A comparison of a change with an object is one.
const MOST_STEPS: usize = 10_000_000;

/// What a path or a file counts as, for which a text is made and looked up.
const STEPS_OF_PATH: usize = 10;

/// Takes steps from those that are left. `None` if there are not as many.
fn spend(left: &mut usize, steps: usize) -> Option<()> {
    *left = left.checked_sub(steps)?;
    Some(())
}

impl<'f> Builds<'f> {
    pub(super) fn new(facts: &'f Facts, sources: &'f [Source], places: &'f [String]) -> Self {
        let files = places.iter().map(String::as_str).zip((0..).map(FileId)).collect();
        let mut kustomizations: HashMap<_, Vec<_>> = HashMap::new();
        for (at, it) in facts.kustomizations.iter().enumerate().filter(|(_, it)| it.root == BuildRoot::Here) {
            kustomizations.entry(folder(&places[it.span.file.0 as usize])).or_default().push(at);
        }
        let mut folders = BTreeSet::new();
        for place in places {
            let mut above = successors(Some(folder(place)), |it| parent(it));
            while above.next().is_some_and(|it| folders.insert(it)) {}
        }
        let mut above = successors(places.first().map(|it| folder(it)), |it| parent(it));
        let top = above.find(|top| places.iter().all(|it| is_below(it, top))).unwrap_or_default();
        let mut objects: HashMap<_, Vec<_>> = HashMap::new();
        facts.objects.iter().enumerate().for_each(|(at, it)| objects.entry(it.whole.file).or_default().push(at));
        let mut json_patches: HashMap<_, Vec<_>> = HashMap::new();
        facts
            .json_patches
            .iter()
            .enumerate()
            .for_each(|(at, it)| json_patches.entry(it.span.file).or_default().push(at));
        let maps = facts.aws_auths.iter().filter(|it| !it.keys.is_empty()).map(|it| it.meta.whole).collect();
        Self { facts, sources, places, files, kustomizations, folders, top, objects, json_patches, maps }
    }

    /// For each file, what is changed in its objects, and by which kustomizations. With the first kustomization at which
    /// there is too much to follow: what comes then is not in it.
    pub(super) fn changes(&self) -> (OfFiles, Option<Span>) {
        let mut changes: OfFiles = HashMap::new();
        let mut left = MOST_STEPS;
        for (by, kustomization) in self.facts.kustomizations.iter().enumerate() {
            if self.follow(by, &mut changes, &mut left).is_none() {
                return (HashMap::new(), Some(kustomization.span));
            }
        }
        (changes, None)
    }

    /// Follows one kustomization. `None` if there are not enough steps left.
    fn follow(&self, by: usize, changes: &mut OfFiles, left: &mut usize) -> Option<()> {
        let kustomization = &self.facts.kustomizations[by];
        if kustomization.root != BuildRoot::Here {
            spend(left, self.folders.len() / 8)?;
        }
        for root in self.roots(kustomization) {
            let mut makers = BTreeSet::from([(by, root)]);
            self.add_components(by, root, &mut makers, left)?;
            let mut made = Vec::new();
            for (at, root) in &makers {
                self.resolve(*at, root, &mut made, left)?;
            }
            if made.is_empty() {
                continue;
            }
            let mut files = BTreeSet::new();
            self.reach(by, root, &mut files, &mut HashSet::new(), left)?;
            let made = Arc::new(made);
            for file in files {
                // Each object of the file is compared with each change.
                let objects = self.objects.get(&file).map_or(0, Vec::len);
                spend(left, 1 + made.len() * objects)?;
                changes.entry(file).or_default().push((made.clone(), by));
            }
        }
        Some(())
    }

    /// The folders that a kustomization's paths may begin in.
    fn roots(&self, kustomization: &Kustomization) -> Vec<&'f str> {
        let BuildRoot::Folder(path) = &kustomization.root else {
            return vec![folder(&self.places[kustomization.span.file.0 as usize])];
        };
        let path = join("", path).unwrap_or_default();
        if path.is_empty() {
            return vec![self.top];
        }
        // The run may begin above or below the root of the repository.
        let ends_like = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|it| it.is_empty() || it.ends_with('/'));
        let is_it = |it: &&&str| ends_like(it, &path) || !it.is_empty() && ends_like(&path, it);
        self.folders.iter().filter(is_it).copied().collect()
    }

    /// The components of a kustomization, and theirs.
    fn add_components(
        &self,
        at: usize,
        root: &'f str,
        makers: &mut BTreeSet<(usize, &'f str)>,
        left: &mut usize,
    ) -> Option<()> {
        let mut waiting = vec![(at, root)];
        while let Some((at, root)) = waiting.pop() {
            for path in &self.facts.kustomizations[at].components {
                spend(left, STEPS_OF_PATH)?;
                let found = join(root, path).and_then(|it| self.kustomizations.get_key_value(it.as_str()));
                for (folder, component) in
                    found.into_iter().flat_map(|(folder, all)| all.iter().map(move |it| (*folder, *it)))
                {
                    spend(left, STEPS_OF_PATH)?;
                    if makers.insert((component, folder)) {
                        waiting.push((component, folder));
                    }
                }
            }
        }
        Some(())
    }

    /// The files with the objects that a kustomization builds, and with its patches.
    fn reach(
        &self,
        at: usize,
        root: &str,
        files: &mut BTreeSet<FileId>,
        seen: &mut HashSet<usize>,
        left: &mut usize,
    ) -> Option<()> {
        // Bases may build on bases as deep as somebody likes.
        let mut waiting = vec![(at, root.to_owned())];
        while let Some((at, root)) = waiting.pop() {
            if !seen.insert(at) {
                continue;
            }
            let kustomization = &self.facts.kustomizations[at];
            let patches = kustomization.changes.iter().filter_map(|it| match &it.what {
                Changed::File(path) => Some(path),
                _ => None,
            });
            for path in kustomization.resources.iter().chain(&kustomization.components).chain(patches) {
                spend(left, STEPS_OF_PATH)?;
                if let Some(path) = join(&root, path) {
                    self.reach_path(&path, files, &mut waiting, left)?;
                }
            }
            if kustomization.root != BuildRoot::Here {
                self.reach_path(&root, files, &mut waiting, left)?;
            }
        }
        Some(())
    }

    fn reach_path(
        &self,
        path: &str,
        files: &mut BTreeSet<FileId>,
        waiting: &mut Vec<(usize, String)>,
        left: &mut usize,
    ) -> Option<()> {
        if let Some(file) = self.files.get(path) {
            files.insert(*file);
        } else if let Some(found) = self.kustomizations.get(path) {
            spend(left, STEPS_OF_PATH * found.len())?;
            waiting.extend(found.iter().map(|it| (*it, path.to_owned())));
        } else {
            // A folder whose kustomization is not in the run.
            let start = if path.is_empty() { String::new() } else { format!("{path}/") };
            let below = self.files.range(start.as_str()..).take_while(|(place, _)| place.starts_with(&start));
            for (_, file) in below {
                spend(left, STEPS_OF_PATH)?;
                files.insert(*file);
            }
        }
        Some(())
    }

    /// What a kustomization changes, with the file of the patch that says so.
    fn resolve(
        &self,
        at: usize,
        root: &str,
        found: &mut Vec<(Change, Option<FileId>)>,
        left: &mut usize,
    ) -> Option<()> {
        for change in &self.facts.kustomizations[at].changes {
            spend(left, STEPS_OF_PATH)?;
            let Changed::File(path) = &change.what else {
                found.push((change.clone(), None));
                continue;
            };
            let target = &change.target;
            let whole = |what: Changed| (Change { target: target.clone(), what }, None);
            match join(root, path) {
                None => found.push(whole(Changed::Everything)),
                Some(path) => match self.files.get(path.as_str()) {
                    // It stands outside of what is linted.
                    None if !is_below(&path, self.top) => found.push(whole(Changed::Everything)),
                    Some(file) => {
                        let changes = self.patch(*file, target);
                        // Each is a copy.
                        spend(left, 10 * changes.len())?;
                        found.extend(changes.into_iter().map(|it| (it, Some(*file))));
                    }
                    // It holds nothing about identity, or it would have been read.
                    None if target.is_some() => found.extend([Changed::Name, Changed::Namespace(None)].map(whole)),
                    None => {}
                },
            }
        }
        Some(())
    }

    /// What the patches of a file change.
    fn patch(&self, file: FileId, target: &Option<ChangeTarget>) -> Vec<Change> {
        let mut found = Vec::new();
        let mut is_read = false;
        let objects = self.objects.get(&file).into_iter().flatten().map(|at| &self.facts.objects[*at]);
        for meta in objects.filter(|it| !it.is_template) {
            is_read = true;
            let own = ChangeTarget {
                kind: meta.kind.as_str().map(str::to_owned),
                name: meta.name.string().map(str::to_owned),
            };
            let target = Some(target.clone().unwrap_or(own));
            let keys = meta.annotations.iter().map(|it| match it.key.as_str() {
                Some(key) => Changed::Annotation(key.to_owned()),
                None => Changed::Annotations,
            });
            let is_map = self.maps.contains(&meta.whole);
            let data = is_map.then_some(Changed::Data);
            found.extend(keys.chain(data).map(|what| Change { target: target.clone(), what }));
        }
        for patch in self.json_patches.get(&file).into_iter().flatten().map(|at| &self.facts.json_patches[*at]) {
            is_read = true;
            found.extend(
                patch
                    .changes
                    .iter()
                    .map(|it| Change { target: target.clone().or_else(|| patch.target.clone()), what: it.clone() }),
            );
        }
        // A file without a mark is not read: as if it were not in the run.
        let is_about_identity = || crate::lower::matters(self.sources[file.0 as usize].text.as_bytes());
        if !is_read && is_about_identity() {
            found.push(Change { target: target.clone(), what: Changed::Everything });
        } else if !is_read && target.is_some() {
            let changes = [Changed::Name, Changed::Namespace(None)];
            found.extend(changes.map(|what| Change { target: target.clone(), what }));
        }
        found
    }
}

/// The folder of a path.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_below(place: &str, folder: &str) -> bool {
    folder.is_empty() || place.strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
}

/// A path that begins in a folder, without `.` and `..`. `None` for what is above the run, or on another machine.
pub fn join(folder: &str, path: &str) -> Option<String> {
    if path.contains("://") || path.contains("?ref=") {
        return None;
    }
    let mut steps: Vec<&str> = if folder.is_empty() { Vec::new() } else { folder.split('/').collect() };
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => match steps.last() {
                Some(&"..") => steps.push(".."),
                Some(_) => {
                    steps.pop();
                }
                None => return None,
            },
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn paths() {
        let cases = [
            ("dev", "../base", Some("base")),
            ("dev", "./account.yaml", Some("dev/account.yaml")),
            ("", "../base", None),
            ("../dev", "../base", Some("../base")),
            ("/work/dev", "../base/", Some("/work/base")),
            ("", "./clusters/prod", Some("clusters/prod")),
            ("a", "https://example.com/b", None),
        ];
        for (folder, path, wanted) in cases {
            assert_eq!(join(folder, path).as_deref(), wanted, "{folder} {path}");
        }
    }
}
