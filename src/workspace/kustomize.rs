//! What kustomize may build: objects that are not whole yet, and whose names, namespaces and annotations it may change.
//!
//! Builds are not computed. What a kustomization of the run may set in an object that it builds is unknown there, for all
//! rules; everything else stays as it is written.

use std::collections::{HashMap, HashSet};
use std::iter::successors;

use crate::facts::{
    Annotation, AnnotationValue, AwsAuth, Change, ChangeTarget, Changed, Content, Facts, Field, Limit, ObjectMeta,
};
use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::source::{Source, Span, Text};

use super::Workspace;
use super::places::{parent, places};

mod builds;
mod expansion;

use builds::{Builds, Made, too_much_work};

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

/// Makes unknown what kustomizations may set in the objects that they build.
pub(super) fn apply(facts: &mut Facts, sources: &[Source]) {
    if facts.kustomizations.is_empty() {
        return;
    }
    let places = places(sources);
    let changes = Builds::new(facts, sources, &places).changes();
    if changes.is_empty() {
        return;
    }
    facts.limits.extend(changes.cut.map(|span| Limit::part(span, too_much_work())));
    let by_file = changes.by_file();
    let mut sets = NamespaceSets::default();
    let of = |meta: &ObjectMeta| by_file.get(&meta.whole.file).map_or(&[][..], Vec::as_slice);
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().flat_map(|it| [Some(&mut it.meta), it.template.as_mut()]).flatten();
    let roles = facts.rbac_roles.iter_mut().map(|it| &mut it.meta);
    for meta in facts.objects.iter_mut().chain(accounts).chain(workloads).chain(roles) {
        let made = of(meta);
        change(meta, made, &mut sets);
    }
    for binding in &mut facts.role_bindings {
        let made = of(&binding.meta);
        change(&mut binding.meta, made, &mut sets);
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
        change_aws_auth(aws_auth, made, &mut sets);
    }
}

/// The sets of changes that give objects their namespaces, each with its number.
#[derive(Default)]
struct NamespaceSets(HashMap<Vec<(usize, usize, usize)>, usize>);

impl NamespaceSets {
    fn number(&mut self, set: Vec<(usize, usize, usize)>) -> usize {
        let next = self.0.len();
        *self.0.entry(set).or_insert(next)
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

fn change_aws_auth(aws_auth: &mut AwsAuth, made: &[Made<'_>], sets: &mut NamespaceSets) {
    // EKS reads `kube-system` only: what is put into another namespace is still wrong.
    let is_wrong_anyway =
        |it: &&Made<'_>| matches!(&it.change.what, Changed::Namespace(Some(name)) if &**name != "kube-system");
    let made: Vec<Made<'_>> = made.iter().filter(|it| !is_wrong_anyway(it)).copied().collect();
    change(&mut aws_auth.meta, &made, sets);
    if made.iter().any(|it| matches!(it.change.what, Changed::Brackets)) {
        for mapping in aws_auth.sections.iter_mut().flat_map(|it| &mut it.mappings) {
            hide_brackets(&mut mapping.arn);
            hide_brackets(&mut mapping.username);
            let groups = mapping.groups.items.len();
            mapping.groups.items.retain(|it| !has_brackets(&it.value));
            mapping.groups.complete &= groups == mapping.groups.items.len();
        }
    }
    let sets_data = |it: &Made<'_>| matches!(it.change.what, Changed::Data | Changed::Everything);
    let affixed = aws_auth.meta.built.is_affixed;
    if made.iter().any(|it| sets_data(it) && chooses(it.change.target.as_deref(), &aws_auth.meta, affixed)) {
        for section in &mut aws_auth.sections {
            section.content = Content::Unknown;
            section.mappings.clear();
            section.accounts.clear();
            section.faults.clear();
        }
    }
}

fn change(meta: &mut ObjectMeta, made: &[Made<'_>], sets: &mut NamespaceSets) {
    // Patches may name an object as it is written, or as it is called by then.
    let is_affixed = made.iter().any(|it| matches!(it.change.what, Changed::Affix));
    let mut namespace_by = Vec::new();
    for Made { change: Change { target, what }, id } in made {
        // A pod template has annotations only, and only those that are for everything.
        if !chooses(target.as_deref(), meta, is_affixed) || meta.is_template && target.is_some() {
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
            namespace_by.push(*id);
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
    if !namespace_by.is_empty() {
        meta.built.namespace_by = Some(sets.number(namespace_by));
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
    let (kind, name) = (meta.kind.as_str(), meta.name.string());
    let may_be = |wanted: &Option<String>, written: Option<&str>| match (wanted, written) {
        (Some(wanted), Some(written)) if target.is_pattern => may_match(wanted, written),
        (Some(wanted), Some(written)) => wanted == written,
        _ => true,
    };
    // The name that it has by then.
    let is_longer = |wanted: &str| name.is_some_and(|it| wanted.contains(it)) || target.is_pattern && !is_plain(wanted);
    let may_be_longer = || is_affixed && target.name.as_deref().is_some_and(is_longer);
    let is_rejected = |it: &ChangeTarget| {
        let is = |wanted: &Option<String>, written: Option<&str>| wanted.is_none() || wanted.as_deref() == written;
        is(&it.kind, kind) && is(&it.name, name)
    };
    may_be(&target.kind, kind)
        && (may_be(&target.name, name) || may_be_longer())
        && !target.except.iter().any(is_rejected)
}

/// True for a pattern without anything that means more than itself, but for the dot that names have.
fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['*', '+', '?', '(', ')', '[', ']', '|', '\\', '{', '}', '^', '$'])
}

/// Whether a pattern of a target may match. Kustomize takes a regular expression for the whole text; what stands in it besides
/// `.` and `.*` is not read, and may match.
fn may_match(pattern: &str, text: &str) -> bool {
    /// Names of objects are shorter.
    const LONGEST: usize = 512;
    let pattern = pattern.strip_prefix('^').unwrap_or(pattern);
    let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
    let parts: Vec<&str> = pattern.split(".*").collect();
    if !parts.iter().all(|it| is_plain(it)) || !text.is_ascii() || pattern.len().max(text.len()) > LONGEST {
        return true;
    }
    let begins = |text: &[u8], part: &str| {
        part.len() <= text.len() && part.bytes().zip(text).all(|(wanted, byte)| wanted == b'.' || wanted == *byte)
    };
    let [first, middle @ .., last] = parts.as_slice() else {
        return pattern.len() == text.len() && begins(text.as_bytes(), pattern);
    };
    if !begins(text.as_bytes(), first) {
        return false;
    }
    let mut rest = &text.as_bytes()[first.len()..];
    for part in middle {
        let Some(at) = (0..=rest.len()).find(|at| begins(&rest[*at..], part)) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.len().checked_sub(last.len()).is_some_and(|at| begins(&rest[at..], last))
}

#[cfg(test)]
mod tests {
    use super::may_match;

    /// Compared with kustomize 5.5.
    #[test]
    fn patterns_of_targets() {
        let cases = [
            ("app", "app", true, "itself"),
            ("app", "app-1", false, "the whole name"),
            ("app.v1", "app-v1", true, "any character"),
            ("app.v1", "app", false, "one that is there"),
            ("app.*", "app", true, "anything"),
            ("app.*", "web", false, "another name"),
            (".*-app", "dev-app", true, "the end"),
            (".*-app", "dev-app-1", false, "not the end"),
            ("a.*b.*c", "a1b2c", true, "several"),
            ("a.*b.*c", "a1c", false, "one is missing"),
            ("ab.*ba", "aba", false, "they do not overlap"),
            ("^app$", "app", true, "anchors"),
            ("web|app", "other", true, "not read"),
            ("[a-z]+", "x1", true, "not read"),
            (r"app\.v1", "x", true, "not read"),
        ];
        for (pattern, text, wanted, why) in cases {
            assert_eq!(may_match(pattern, text), wanted, "{pattern} {text}: {why}");
        }
    }
}
