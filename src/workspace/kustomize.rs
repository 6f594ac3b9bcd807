//! What kustomize may build: objects that are not whole yet, and whose names, namespaces and annotations it may change.
//!
//! Builds are not computed. What a kustomization of the run may set in an object that it builds is unknown there, for all
//! rules; everything else stays as it is written.

use std::collections::HashSet;
use std::iter::successors;
use std::sync::Arc;

use crate::facts::{
    Annotation, AnnotationValue, AwsAuth, Change, ChangeTarget, Changed, Content, Facts, Field, Limit, ObjectMeta,
    Unread,
};
use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::source::{FileId, Source, Span, Text};

use super::Workspace;

mod builds;

pub(super) use builds::{join, places};

use builds::Builds;

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
    let places = places(sources);
    let (changes, beyond) = Builds::new(facts, sources, &places).changes();
    if let Some(span) = beyond {
        let message = "more kustomizations, patches and objects than are followed".to_owned();
        facts.limits.push(Limit { span, message, unread: Unread::Builds });
    }
    if changes.is_empty() && beyond.is_none() {
        return;
    }
    // Where not all can be followed, each object may be changed in any way.
    let all = Arc::new(vec![(Change { target: None, what: Changed::Everything }, None)]);
    let all = beyond.map(|_| Made { file: None, of: vec![(all, 0)] });
    let of = |meta: &ObjectMeta| match &all {
        Some(all) => all.clone(),
        None => {
            let file = meta.whole.file;
            Made { file: Some(file), of: changes.get(&file).cloned().unwrap_or_default() }
        }
    };
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().flat_map(|it| [Some(&mut it.meta), it.template.as_mut()]).flatten();
    let roles = facts.rbac_roles.iter_mut().map(|it| &mut it.meta);
    for meta in facts.objects.iter_mut().chain(accounts).chain(workloads).chain(roles) {
        let made = of(meta);
        change(meta, &made);
    }
    for binding in &mut facts.role_bindings {
        let made = of(&binding.meta);
        change(&mut binding.meta, &made);
        // The subjects follow their accounts.
        for subject in &mut binding.subjects.items {
            let namespace = &mut subject.value.namespace;
            if namespace.is_written() && made.iter().any(|(it, _)| sets_another(&it.what, namespace)) {
                *namespace = Field { key: namespace.key, ..Field::unknown() };
            }
        }
    }
    for aws_auth in &mut facts.aws_auths {
        let made = of(&aws_auth.meta);
        change_aws_auth(aws_auth, &made);
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

fn change_aws_auth(aws_auth: &mut AwsAuth, made: &Made) {
    // EKS reads `kube-system` only: what is put into another namespace is still wrong.
    let is_wrong_anyway = |it: &Change| matches!(&it.what, Changed::Namespace(Some(name)) if name != "kube-system");
    let made = || made.iter().filter(|(it, _)| !is_wrong_anyway(it));
    change_by(&mut aws_auth.meta, made);
    if made().any(|(it, _)| matches!(it.what, Changed::Brackets)) {
        for mapping in aws_auth.sections.iter_mut().flat_map(|it| &mut it.mappings) {
            hide_brackets(&mut mapping.arn);
            hide_brackets(&mut mapping.username);
            let groups = mapping.groups.items.len();
            mapping.groups.items.retain(|it| !has_brackets(&it.value));
            mapping.groups.complete &= groups == mapping.groups.items.len();
        }
    }
    let sets_data = |it: &Change| matches!(it.what, Changed::Data | Changed::Everything);
    let affixed = aws_auth.meta.built.is_affixed;
    if made().any(|(it, _)| sets_data(it) && chooses(it.target.as_ref(), &aws_auth.meta, affixed)) {
        for section in &mut aws_auth.sections {
            section.content = Content::Unknown;
            section.mappings.clear();
            section.accounts.clear();
            section.faults.clear();
        }
    }
}

/// What one kustomization changes, each with the file of the patch that says so. Many files share it.
type Changes = Arc<Vec<(Change, Option<FileId>)>>;

/// What is changed in the objects of a file.
#[derive(Clone)]
struct Made {
    file: Option<FileId>,
    /// With the kustomization that does it.
    of: Vec<(Changes, usize)>,
}

impl Made {
    /// Each change, and which kustomization makes it. A patch is not for itself.
    fn iter(&self) -> impl Iterator<Item = (&Change, usize)> {
        let all = self.of.iter().flat_map(|(changes, by)| changes.iter().map(move |it| (it, *by)));
        all.filter(|((_, from), _)| from.is_none() || *from != self.file).map(|((change, _), by)| (change, by))
    }
}

fn change(meta: &mut ObjectMeta, made: &Made) {
    change_by(meta, || made.iter());
}

fn change_by<'m, I: Iterator<Item = (&'m Change, usize)>>(meta: &mut ObjectMeta, made: impl Fn() -> I) {
    // Patches may name an object as it is written, or as it is called by then.
    let is_affixed = made().any(|(it, _)| matches!(it.what, Changed::Affix));
    let mut namespace_by = None;
    for (Change { target, what }, by) in made() {
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
            namespace_by = Some(namespace_by.unwrap_or(0_u64).wrapping_mul(31).wrapping_add(by as u64 + 1));
        }
        match what {
            Changed::Annotation(key) => hide(meta, key),
            Changed::Brackets => {
                let is_one = |it: &Annotation| it.text().is_some_and(has_brackets);
                meta.annotations.iter_mut().filter(|it| is_one(it)).for_each(|it| it.value = AnnotationValue::Unknown);
                hide_brackets(&mut meta.name);
                hide_brackets(&mut meta.namespace);
            }
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

fn has_brackets(text: &Text) -> bool {
    text.bytes().split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
}

fn hide_brackets(field: &mut Field<Text>) {
    if field.known().any(has_brackets) {
        *field = Field { key: field.key, ..Field::unknown() };
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
        let annotation =
            Annotation { key: Text::written(key, span), value: AnnotationValue::Unknown, span, is_written: false };
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
