//! What kustomize may build: objects that are not whole yet, and whose names, namespaces and annotations it may change.
//!
//! Builds are not computed. What a kustomization of the run may set in an object that it builds is unknown there, for all
//! rules; everything else stays as it is written.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::iter::successors;

use crate::facts::{
    Annotation, AnnotationValue, AwsAuth, BuildRoot, Change, ChangeTarget, Changed, Content, Facts, Field, Kustomization,
    ObjectMeta,
};
use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::source::{FileId, Source, Span, Text};

use super::Workspace;

/// The folders with a `kustomization.yaml`.
pub struct Built<'w> {
    workspace: &'w Workspace,
    folders: HashSet<&'w str>,
}

impl Workspace {
    /// What kustomize may build of the files.
    pub fn built(&self) -> Built<'_> {
        let folders = self.facts.kustomizations.iter().map(|it| self.folder(it.span)).collect();
        Built { workspace: self, folders }
    }
}

impl Built<'_> {
    /// True if a kustomization stands beside a place or in a folder above it: patches often have a folder of their own.
    pub fn holds(&self, place: Span) -> bool {
        let mut above = successors(Some(self.workspace.folder(place)), |it| parent(it));
        above.any(|it| self.folders.contains(it))
    }
}

/// The folder that a folder is in; that of the run has an empty name.
fn parent(folder: &str) -> Option<&str> {
    (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(parent, _)| parent))
}

/// Makes unknown what kustomizations may set in the objects that they build.
pub(super) fn apply(facts: &mut Facts, sources: &[Source]) {
    if facts.kustomizations.is_empty() {
        return;
    }
    let changes = Builds::new(facts, sources).changes();
    if changes.is_empty() {
        return;
    }
    let of = |meta: &ObjectMeta| changes.get(&meta.whole.file).map_or(&[][..], Vec::as_slice);
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().flat_map(|it| [Some(&mut it.meta), it.template.as_mut()]).flatten();
    let roles = facts.rbac_roles.iter_mut().map(|it| &mut it.meta);
    for meta in facts.objects.iter_mut().chain(accounts).chain(workloads).chain(roles) {
        let made = of(meta);
        change(meta, made);
    }
    for binding in &mut facts.role_bindings {
        let made = of(&binding.meta);
        change(&mut binding.meta, made);
        // The subjects follow their accounts.
        for subject in &mut binding.subjects.items {
            let namespace = &mut subject.value.namespace;
            if namespace.is_written() && made.iter().any(|it| sets_another(&it.change.what, namespace)) {
                *namespace = Field { key: namespace.key, ..Field::unknown() };
            }
        }
    }
    for aws_auth in &mut facts.aws_auths {
        let made = of(&aws_auth.meta);
        change_aws_auth(aws_auth, made);
    }
}

/// Whether a change gives objects another namespace than this one.
fn sets_another(change: &Changed, namespace: &Field<Text>) -> bool {
    match change {
        Changed::Namespace(Some(name)) => namespace.is(name) != Some(true),
        Changed::Namespace(None) => true,
        _ => false,
    }
}

fn change_aws_auth(aws_auth: &mut AwsAuth, made: &[Made]) {
    // EKS reads `kube-system` only: what is put into another namespace is still wrong.
    let is_wrong_anyway = |it: &&Made| {
        let elsewhere = matches!(&it.change.what, Changed::Namespace(Some(name)) if name != "kube-system");
        elsewhere && aws_auth.meta.namespace.is_absent()
    };
    let made: Vec<Made> = made.iter().filter(|it| !is_wrong_anyway(it)).cloned().collect();
    change(&mut aws_auth.meta, &made);
    let sets_data = |it: &Made| matches!(it.change.what, Changed::Data | Changed::Everything);
    let affixed = aws_auth.meta.built.is_affixed;
    if made.iter().any(|it| sets_data(it) && chooses(it.change.target.as_ref(), &aws_auth.meta, affixed)) {
        for section in &mut aws_auth.sections {
            section.content = Content::Unknown;
            section.mappings.clear();
            section.accounts.clear();
            section.faults.clear();
        }
    }
}

/// A change, and which kustomization makes it.
#[derive(Clone)]
struct Made {
    change: Change,
    by: usize,
}

fn change(meta: &mut ObjectMeta, made: &[Made]) {
    // Patches may name an object as it is written, or as it is called by then.
    let is_affixed = made.iter().any(|it| matches!(it.change.what, Changed::Affix));
    let mut namespace_by = None;
    for Made { change: Change { target, what }, by } in made {
        // A pod template has annotations only, and only those that are for everything.
        if !chooses(target.as_ref(), meta, is_affixed) || meta.is_template && target.is_some() {
            continue;
        }
        let is_all = matches!(what, Changed::Everything);
        if matches!(what, Changed::Affix) {
            meta.built.is_affixed = true;
        }
        if is_all || matches!(what, Changed::Name) {
            meta.built.is_renamed = true;
        }
        if is_all || sets_another(what, &meta.namespace) {
            namespace_by = Some(namespace_by.unwrap_or(0_u64).wrapping_mul(31).wrapping_add(*by as u64 + 1));
        }
        match what {
            Changed::Annotation(key) => hide(meta, key),
            Changed::Annotations | Changed::Everything => {
                meta.annotations.iter_mut().for_each(|it| it.value = AnnotationValue::Unknown);
                ACCOUNT_ANNOTATIONS.iter().chain(POD_ANNOTATIONS.iter()).for_each(|key| hide(meta, key));
            }
            _ => {}
        }
    }
    if namespace_by.is_some() {
        meta.built.namespace_by = namespace_by;
        meta.namespace = Field { key: meta.namespace.key, ..Field::unknown() };
    }
}

/// Makes an annotation unknown, whether or not it is written.
fn hide(meta: &mut ObjectMeta, key: &str) {
    let mut is_written = false;
    for annotation in meta.annotations.iter_mut().filter(|it| it.key.is(key) == Some(true)) {
        annotation.value = AnnotationValue::Unknown;
        is_written = true;
    }
    if !is_written {
        let span = meta.span();
        let annotation = Annotation { key: Text::written(key, span), value: AnnotationValue::Unknown, span };
        meta.annotations.push(annotation);
    }
}

/// Whether a patch or replacement may be for an object.
fn chooses(target: Option<&ChangeTarget>, meta: &ObjectMeta, is_affixed: bool) -> bool {
    let Some(target) = target else { return true };
    let may_be = |pattern: &Option<String>, written: Option<&str>| match (pattern, written) {
        (Some(pattern), Some(written)) => may_match(pattern, written),
        _ => true,
    };
    let name = meta.name.string();
    let is_longer = || is_affixed && name.zip(target.name.as_deref()).is_some_and(|(name, it)| it.contains(name));
    may_be(&target.kind, meta.kind.as_str()) && (may_be(&target.name, name) || is_longer())
}

/// Whether a pattern of a target may match: kustomize takes a regular expression for the whole text.
fn may_match(pattern: &str, text: &str) -> bool {
    let plain = pattern.strip_prefix('^').unwrap_or(pattern);
    let plain = plain.strip_suffix('$').unwrap_or(plain);
    plain == text || plain.contains(['*', '+', '?', '(', '[', '|', '\\', '{', '^', '$'])
}

/// The files that each kustomization builds.
struct Builds<'f> {
    facts: &'f Facts,
    sources: &'f [Source],
    files: HashMap<&'f str, FileId>,
    /// The kustomizations of a folder.
    folders: HashMap<&'f str, Vec<usize>>,
}

impl<'f> Builds<'f> {
    fn new(facts: &'f Facts, sources: &'f [Source]) -> Self {
        let files = sources.iter().zip(0..).map(|(source, at)| (source.path.as_str(), FileId(at))).collect();
        let mut folders: HashMap<_, Vec<_>> = HashMap::new();
        for (at, it) in facts.kustomizations.iter().enumerate().filter(|(_, it)| it.root == BuildRoot::Here) {
            folders.entry(folder_of(sources, it.span.file)).or_default().push(at);
        }
        Self { facts, sources, files, folders }
    }

    /// For each file, what is changed in its objects.
    fn changes(&self) -> HashMap<FileId, Vec<Made>> {
        let mut changes: HashMap<FileId, Vec<Made>> = HashMap::new();
        for (by, kustomization) in self.facts.kustomizations.iter().enumerate() {
            for root in self.roots(kustomization) {
                let mut makers = BTreeSet::from([(by, root)]);
                self.add_components(by, root, &mut makers);
                let made: Vec<_> = makers.iter().flat_map(|(at, root)| self.resolved(*at, root)).collect();
                if made.is_empty() {
                    continue;
                }
                let mut files = BTreeSet::new();
                self.reach(by, root, &mut files, &mut HashSet::new());
                for file in files {
                    // A patch is not for itself.
                    let of_others = made.iter().filter(|(_, from)| *from != Some(file));
                    let of_others = of_others.map(|(change, _)| Made { change: change.clone(), by });
                    changes.entry(file).or_default().extend(of_others);
                }
            }
        }
        changes
    }

    /// The folders that a kustomization's paths may begin in.
    fn roots(&self, kustomization: &Kustomization) -> Vec<&'f str> {
        let BuildRoot::Folder(path) = &kustomization.root else {
            return vec![folder_of(self.sources, kustomization.span.file)];
        };
        let path = join("", path).unwrap_or_default();
        let mut roots = BTreeSet::new();
        for source in self.sources {
            let folders = successors(Some(folder(&source.path)), |it| parent(it));
            roots.extend(folders.filter(|it| {
                // The run may begin above or below the root of the repository.
                let ends_like = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|it| it.is_empty() || it.ends_with('/'));
                ends_like(it, &path) && !path.is_empty() || !it.is_empty() && ends_like(&path, it)
            }));
            // The root of the repository is that of the run.
            if path.is_empty() {
                roots.insert("");
            }
        }
        roots.into_iter().collect()
    }

    /// The components of a kustomization, and theirs.
    fn add_components(&self, at: usize, root: &str, makers: &mut BTreeSet<(usize, &'f str)>) {
        for path in &self.facts.kustomizations[at].components {
            let Some((folder, found)) = join(root, path).and_then(|it| self.folders.get_key_value(it.as_str())) else {
                continue;
            };
            for component in found {
                if makers.insert((*component, folder)) {
                    self.add_components(*component, folder, makers);
                }
            }
        }
    }

    /// The files with the objects that a kustomization builds, and with its patches.
    fn reach(&self, at: usize, root: &str, files: &mut BTreeSet<FileId>, seen: &mut HashSet<usize>) {
        if !seen.insert(at) {
            return;
        }
        let kustomization = &self.facts.kustomizations[at];
        let patches = kustomization.changes.iter().filter_map(|it| match &it.what {
            Changed::File(path) => Some(path),
            _ => None,
        });
        for path in kustomization.resources.iter().chain(&kustomization.components).chain(patches) {
            if let Some(path) = join(root, path) {
                self.reach_path(&path, files, seen);
            }
        }
        if kustomization.root != BuildRoot::Here {
            self.reach_path(root, files, seen);
        }
    }

    fn reach_path(&self, path: &str, files: &mut BTreeSet<FileId>, seen: &mut HashSet<usize>) {
        if let Some(file) = self.files.get(path) {
            files.insert(*file);
        } else if let Some(found) = self.folders.get(path) {
            found.iter().for_each(|it| self.reach(*it, path, files, seen));
        } else {
            // A folder whose kustomization is not in the run.
            let start = if path.is_empty() { String::new() } else { format!("{path}/") };
            let first = self.sources.partition_point(|it| it.path.as_str() < start.as_str());
            let below = self.sources[first..].iter().take_while(|it| it.path.starts_with(&start));
            files.extend((first as u32..).map(FileId).zip(below).map(|(file, _)| file));
        }
    }

    /// What a kustomization changes, with the file of the patch that says so.
    fn resolved(&self, at: usize, root: &str) -> Vec<(Change, Option<FileId>)> {
        let mut found = Vec::new();
        for change in &self.facts.kustomizations[at].changes {
            let Changed::File(path) = &change.what else {
                found.push((change.clone(), None));
                continue;
            };
            let target = &change.target;
            let whole = |what: Changed| (Change { target: target.clone(), what }, None);
            match join(root, path) {
                // It stands outside of what is linted.
                None => found.push(whole(Changed::Everything)),
                Some(path) => match self.files.get(path.as_str()) {
                    Some(file) => found.extend(self.patch(*file, target).into_iter().map(|it| (it, Some(*file)))),
                    // It holds nothing about identity, or it would have been read.
                    None if target.is_some() => found.extend([Changed::Name, Changed::Namespace(None)].map(whole)),
                    None => {}
                },
            }
        }
        found
    }

    /// What the patches of a file change.
    fn patch(&self, file: FileId, target: &Option<ChangeTarget>) -> Vec<Change> {
        let mut found = Vec::new();
        let mut is_read = false;
        for meta in self.facts.objects.iter().filter(|it| it.whole.file == file && !it.is_template) {
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
            let is_map = self.facts.aws_auths.iter().any(|it| it.meta.whole == meta.whole && !it.keys.is_empty());
            let data = is_map.then_some(Changed::Data);
            found.extend(keys.chain(data).map(|what| Change { target: target.clone(), what }));
        }
        for patch in self.facts.json_patches.iter().filter(|it| it.span.file == file) {
            is_read = true;
            found.extend(patch.changes.iter().map(|it| Change { target: target.clone(), what: it.clone() }));
        }
        if !is_read {
            found.push(Change { target: target.clone(), what: Changed::Everything });
        }
        found
    }
}

/// The folder of a path.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn folder_of(sources: &[Source], file: FileId) -> &str {
    folder(&sources[file.0 as usize].path)
}

/// A path that begins in a folder, without `.` and `..`. `None` for what is above the run, or on another machine.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
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
