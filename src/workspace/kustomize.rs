//! What kustomize may build: objects that are not whole yet, and whose names, namespaces and annotations it may change.
//!
//! What can be computed is ([`assemble`]). What else a kustomization of the project may set in an object that it builds is unknown
//! there, for all rules; everything else stays as it is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::collections::HashMap;
use crate::facts::{
    Annotation, AnnotationValue, AwsAuth, Change, Changed, Content, Facts, Field, Limit, ObjectMeta, Origin, Tables,
    Thin,
};
use crate::iam::{ACCOUNT_ANNOTATIONS, POD_ANNOTATIONS};
use crate::source::{Files, Span, Text};

use crate::source::places::places;

mod assemble;
mod builder;
mod builds;
mod changes;
mod expansion;
mod targets;

use assemble::{assemble, too_much_to_build};
use builds::Builds;
use changes::{Made, too_much_work};
use targets::chooses;

/// Puts what kustomizations build in the place of what the files say by themselves. Where a build is not computed, what it may set
/// is made unknown. Says which limit was reached, if one was.
pub(super) fn apply(facts: &mut Vec<Arc<Facts>>, files: &mut Files) -> Option<Limit> {
    if facts.iter().all(|it| it.kustomizations.is_empty()) {
        return None;
    }
    let places = places(files);
    let tables = Tables::new(facts.iter().cloned());
    let builds = Builds::new(&tables, files, &places);
    let edges = builds.all_edges();
    let assembled = edges.as_ref().map(|edges| assemble(&builds, edges)).unwrap_or_default();
    let changes = match &edges {
        Some(edges) => builds.changes(edges, &assembled.done),
        None => builds.everything(0),
    };
    let mut sets = NamespaceSets::default();
    let by_file = changes.by_file();
    for (file, facts) in files.ids().zip(facts.iter_mut()) {
        if assembled.replaced.contains(&file) {
            *facts = Arc::new(facts.of_built_file());
        } else if let Some(made) = by_file.get(&file).filter(|_| has_objects(facts)) {
            change_file(Arc::make_mut(facts), made, &mut sets);
        }
    }
    let cut = changes.cut.map(|span| (span, too_much_work()));
    let cut = cut.or_else(|| assembled.cut.map(|span| (span, too_much_to_build())));
    for (at, built) in assembled.facts.into_iter().enumerate() {
        let mut all = built.unit;
        for (mut facts, unknown) in built.objects {
            // A build is one of its own: what it sets is the same for its objects, and for those of no other.
            let id = |change| (usize::MAX, at, change);
            let made: Vec<Made<'_>> =
                unknown.iter().enumerate().map(|(change, it)| Made { change: it, id: id(change) }).collect();
            if !made.is_empty() {
                change_file(&mut facts, &made, &mut sets);
            }
            all.append(facts);
        }
        all.shrink();
        facts.push(Arc::new(all));
    }
    assembled.views.into_iter().for_each(|it| files.push_view(it));
    cut.map(|(span, message)| Limit::builds(span, message))
}

/// Whether there is something in a file that could be changed.
fn has_objects(facts: &Facts) -> bool {
    let (bindings, maps) = (facts.role_bindings.is_empty(), facts.aws_auths.is_empty());
    let (objects, workloads) = (facts.objects.is_empty(), facts.workloads.is_empty());
    !(bindings && maps && objects && workloads && facts.service_accounts.is_empty() && facts.rbac_roles.is_empty())
}

fn change_file(facts: &mut Facts, made: &[Made<'_>], sets: &mut NamespaceSets) {
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().flat_map(|it| [Some(&mut it.meta), it.template.as_mut()]).flatten();
    let roles = facts.rbac_roles.iter_mut().map(|it| &mut it.meta);
    for meta in facts.objects.iter_mut().chain(accounts).chain(workloads).chain(roles) {
        change(meta, made, sets);
    }
    for binding in &mut facts.role_bindings {
        change(&mut binding.meta, made, sets);
        let namespaces = Namespaces::of(made);
        // The subjects follow their accounts.
        for subject in &mut binding.subjects.items {
            let namespace = &mut subject.value.namespace;
            if namespace.is_written() && namespaces.are_others_than(namespace) {
                *namespace = Field { key: namespace.key, ..Field::unknown() };
            }
        }
    }
    for class in facts.rare.iter_mut().flat_map(|it| it.node_classes.iter_mut()) {
        change(&mut class.meta, made, sets);
        if sets_settings(&class.meta, made) {
            class.role = Field { key: class.role.key, ..Field::unknown() };
            class.instance_profile = Field { key: class.instance_profile.key, ..Field::unknown() };
        }
    }
    forget_changed_resources(facts, made);
    for aws_auth in &mut facts.aws_auths {
        change_aws_auth(aws_auth, made, sets);
    }
}

/// Whether something that a change sets under `spec` may be a setting of an object.
fn sets_settings(meta: &ObjectMeta, made: &[Made<'_>]) -> bool {
    let is_affixed = made.iter().any(|it| matches!(it.change.what, Changed::Affix));
    let sets_spec = |it: &&Made<'_>| matches!(it.change.what, Changed::Spec | Changed::Everything);
    made.iter().filter(sets_spec).any(|it| chooses(it.change.target.as_deref(), meta, is_affixed))
}

/// What is read of custom resources is forgotten where their settings or the names that they refer to change: a resource that is
/// half known says less than none.
fn forget_changed_resources(facts: &mut Facts, made: &[Made<'_>]) {
    let renames = made.iter().any(|it| matches!(it.change.what, Changed::Affix | Changed::Name));
    let is_changed = |it: &&Arc<ObjectMeta>| renames || sets_settings(it, made);
    let objects = facts.objects.iter().filter(|it| !it.is_template);
    let mut changed: Vec<Span> = objects.filter(is_changed).map(|it| it.whole).collect();
    if changed.is_empty() {
        return;
    }
    // Objects do not overlap.
    changed.sort_by_key(|it| it.start);
    let is_kept = |origin: &Origin| {
        let after = changed.partition_point(|it| it.start <= origin.whole.start);
        !changed[..after].last().is_some_and(|it| it.contains(origin.whole))
    };
    keep(&mut facts.clusters, |it| is_kept(&it.origin));
    keep(&mut facts.roles, |it| is_kept(&it.origin));
    keep(&mut facts.node_groups, |it| is_kept(&it.origin));
    let Some(rare) = &mut facts.rare else { return };
    keep(&mut rare.access_entries, |it| is_kept(&it.origin));
    keep(&mut rare.fargate_profiles, |it| is_kept(&it.origin));
    keep(&mut rare.pod_identity_associations, |it| is_kept(&it.origin));
    keep(&mut rare.addons, |it| is_kept(&it.origin));
    keep(&mut rare.capabilities, |it| is_kept(&it.origin));
    keep(&mut rare.identity_provider_configs, |it| is_kept(&it.origin));
    keep(&mut rare.role_users, |it| is_kept(&it.origin));
    keep(&mut rare.policies, |it| is_kept(&it.origin));
    keep(&mut rare.instance_profiles, |it| is_kept(&it.origin));
    keep(&mut rare.oidc_providers, |it| is_kept(&it.origin));
    keep(&mut rare.service_linked_roles, |it| is_kept(&it.origin));
}

/// Keeps some facts of a kind. Those of which all are kept stay shared.
fn keep<T: Clone>(facts: &mut Thin<T>, is_kept: impl Fn(&T) -> bool) {
    if !facts.iter().all(&is_kept) {
        facts.vec().retain(is_kept);
    }
}

/// The sets of changes that give objects their namespaces, each with its number.
#[derive(Default)]
struct NamespaceSets(HashMap<Vec<(usize, usize, usize)>, u32>);

impl NamespaceSets {
    fn number(&mut self, set: Vec<(usize, usize, usize)>) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(set).or_insert(next)
    }
}

/// The namespaces that changes give to objects.
enum Namespaces<'c> {
    None,
    One(&'c str),
    /// Several, or an unknown one.
    Several,
}

impl<'c> Namespaces<'c> {
    fn of(made: &[Made<'c>]) -> Self {
        let mut found = Self::None;
        for made in made {
            found = match (&made.change.what, found) {
                (Changed::Namespace(Some(name)), Self::None) => Self::One(name),
                (Changed::Namespace(Some(name)), Self::One(other)) if **name == *other => Self::One(other),
                (Changed::Namespace(_), _) => Self::Several,
                (_, found) => found,
            };
        }
        found
    }

    fn are_others_than(&self, namespace: &Field<Text>) -> bool {
        match self {
            Self::None => false,
            Self::One(name) => namespace.is(name) != Some(true),
            Self::Several => true,
        }
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
            section.violations.clear();
        }
    }
}

fn change(meta: &mut Arc<ObjectMeta>, made: &[Made<'_>], sets: &mut NamespaceSets) {
    // What is not changed stays shared.
    if made.is_empty() {
        return;
    }
    let meta = Arc::make_mut(meta);
    // Patches may name an object as it is written, or as it is called by then.
    let is_affixed = made.iter().any(|it| matches!(it.change.what, Changed::Affix));
    let mut namespace_by = Vec::new();
    let mut hidden = Hidden::default();
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
            Changed::Annotation(key) => {
                hidden.keys.insert(key);
            }
            Changed::Brackets => hidden.brackets = true,
            Changed::Annotations | Changed::Everything => hidden.all = true,
            _ => {}
        }
    }
    hidden.apply(meta);
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

/// The annotations of an object that become unknown.
#[derive(Default)]
struct Hidden<'c> {
    /// Their keys, whether or not they are written.
    keys: BTreeSet<&'c str>,
    all: bool,
    /// Whether those with values between angle brackets do, and name and namespace.
    brackets: bool,
}

impl Hidden<'_> {
    /// Looks at each annotation once, however many changes there are.
    fn apply(mut self, meta: &mut ObjectMeta) {
        if self.all {
            self.keys.extend(ACCOUNT_ANNOTATIONS.iter().chain(POD_ANNOTATIONS.iter()).copied());
        }
        let mut missing = self.keys.clone();
        for annotation in &mut meta.annotations {
            let key = annotation.key.as_str().filter(|it| self.keys.contains(it));
            if let Some(key) = key {
                missing.remove(key);
            }
            if self.all || key.is_some() || self.brackets && annotation.text().is_some_and(has_brackets) {
                annotation.value = AnnotationValue::Unknown;
            }
        }
        let span = meta.span();
        let missing = missing.into_iter().map(|key| Annotation {
            key: Text::written(key, span),
            value: AnnotationValue::Unknown,
            span,
            is_written: false,
        });
        meta.annotations = std::mem::take(&mut meta.annotations).into_iter().chain(missing).collect();
        if self.brackets {
            hide_brackets(&mut meta.name);
            hide_brackets(&mut meta.namespace);
        }
    }
}
