//! What the configuration says of the files: which cluster and environment each belongs to, and where that is.
//!
//! A file may belong to several clusters, as the base of overlays does; then only what holds of all of them is known.

use std::sync::Arc;

use crate::collections::{HashMap, HashSet};
use crate::config::{Declared, Place, TOO_MUCH_TO_LOCATE};
use crate::facts::{Cluster, Facts, Field, Limit, List, ObjectMeta, Origin, Role, Tables, Unit};
use crate::source::{FileId, Files, Source, Span, Text};

/// A file that belongs to more clusters, or environments, than this belongs to none.
const MOST_PLACES: usize = 100;

/// What the configuration says, for each file of the project.
pub(super) struct Context {
    pub(super) declared: Arc<Declared>,
    /// Nothing is known of a file that is not here.
    pub(super) files: HashMap<FileId, Belongs>,
    /// For each cluster of the configuration, its place in the facts.
    pub(super) in_facts: Vec<Option<usize>>,
    /// The clusters of the facts that are one of the configuration's.
    pub(super) bound: HashSet<usize>,
}

/// What a file belongs to, as places in [`Declared`].
#[derive(Clone, Default)]
pub(super) struct Belongs {
    pub(super) clusters: Vec<usize>,
    pub(super) environments: Vec<usize>,
    /// True if it was not found out, or is too much to keep.
    pub(super) is_cut: bool,
}

impl Context {
    /// With the first file of which it is not known what it belongs to, if there is one.
    pub(super) fn new(declared: Arc<Declared>, files: &Files, facts: &[Arc<Facts>]) -> (Self, Option<Limit>) {
        let mut beyond = None;
        let speaks = files_that_speak(files, facts);
        let without_paths: Vec<usize> =
            declared.clusters.iter().enumerate().filter(|(_, it)| !it.has_paths()).map(|(at, _)| at).collect();
        let files = files.ids().filter(|file| speaks.contains(file)).map(|file| {
            let Some(located) = declared.located(file) else {
                beyond = beyond.or(Some(file));
                return (file, Belongs { is_cut: true, ..Belongs::default() });
            };
            let mut is_cut = false;
            // Of what holds in so many places nothing is known.
            let mut few = |found: &[usize]| {
                is_cut |= found.len() > MOST_PLACES;
                if found.len() > MOST_PLACES { Vec::new() } else { found.to_vec() }
            };
            let mut clusters = few(&located.clusters);
            if clusters.is_empty() {
                clusters = few(&without_paths);
            }
            let environments = few(&located.environments);
            (file, Belongs { clusters, environments, is_cut })
        });
        let files = files.collect();
        let limit = beyond.map(|file| Limit::part(Span { file, start: 0, end: 0 }, TOO_MUCH_TO_LOCATE.to_owned()));
        (Self { files, in_facts: Vec::new(), bound: HashSet::default(), declared }, limit)
    }

    /// What kustomize builds belongs to what the overlay belongs to, or else to what the file does that it is made of.
    pub(super) fn add_views(&mut self, files: &Files) {
        for (id, view) in files.views() {
            let says = |it: &&Belongs| !(it.clusters.is_empty() && it.environments.is_empty()) || it.is_cut;
            let by = self.files.get(&view.by.file).filter(says);
            if let Some(belongs) = by.or_else(|| self.files.get(&view.of)).cloned() {
                self.files.insert(id, belongs);
            }
        }
    }

    /// The texts of the configuration, as files of the project.
    pub(super) fn texts(&self) -> impl Iterator<Item = (FileId, Arc<Source>)> {
        self.declared.sources.iter().map(|(file, source)| (*file, Arc::clone(source)))
    }

    pub(super) fn is_text(&self, file: FileId) -> bool {
        self.declared.sources.iter().any(|it| it.0 == file)
    }

    /// What all clusters of a file say of something; where none does, what all its environments say.
    pub(super) fn agreed(&self, file: FileId, what: impl Fn(&Place) -> Option<&Text>) -> Option<&Text> {
        let belongs = self.files.get(&file)?;
        let clusters: Vec<_> = belongs.clusters.iter().map(|at| what(&self.declared.clusters[*at])).collect();
        let environments: Vec<_> =
            belongs.environments.iter().map(|at| what(&self.declared.environments[*at])).collect();
        let answers = if clusters.iter().any(Option::is_some) { clusters } else { environments };
        let first = (*answers.first()?)?;
        answers.iter().all(|it| it.is_some_and(|it| it.bytes() == first.bytes())).then_some(first)
    }

    /// The namespace of objects of a file that name none.
    fn namespace(&self, file: FileId) -> Option<&Text> {
        let is_said =
            |places: &[Place], belongs: &[usize]| belongs.iter().any(|at| places[*at].default_namespace.is_some());
        let belongs = self.files.get(&file)?;
        if is_said(&self.declared.clusters, &belongs.clusters)
            || is_said(&self.declared.environments, &belongs.environments)
        {
            return self.agreed(file, |it| it.default_namespace.as_ref());
        }
        self.declared.default_namespace.as_ref()
    }

    /// The one cluster of the configuration that a file belongs to.
    pub(super) fn cluster(&self, file: FileId) -> Option<usize> {
        match self.files.get(&file)?.clusters.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Gives objects the namespace that the configuration says. A kustomization beside them may say another.
    pub(super) fn set_namespaces(&self, facts: &mut [Arc<Facts>], files: &Files) {
        let folder = |source: &Source| source.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let named = facts.iter().flat_map(|it| &it.kustomizations).filter(|it| !it.namespace.is_absent());
        let named: HashSet<String> = named.filter_map(|it| files.get(it.span.file)).map(folder).collect();
        for (at, (file, source)) in homes(files, facts) {
            let facts = &mut facts[at];
            let Some(namespace) = self.namespace(file).filter(|_| lacks_namespaces(facts)) else { continue };
            if named.contains(&folder(source)) {
                continue;
            }
            for meta in of_namespaces(Arc::make_mut(facts)).filter(|it| it.namespace.is_absent()) {
                Arc::make_mut(meta).namespace = Field::of(namespace.clone());
            }
        }
    }

    /// Finds the clusters of the configuration among those that the files declare, and adds those that no file does.
    pub(super) fn bind_clusters(&mut self, facts: &mut Vec<Arc<Facts>>) {
        let clusters = Tables::new(facts.iter().cloned()).clusters;
        let files: Vec<Option<usize>> = clusters.iter().map(|it| self.cluster(it.origin.name.file)).collect();
        let mut own = Facts::default();
        for (at, place) in self.declared.clusters.iter().enumerate() {
            let here = || files.iter().enumerate().filter(|(_, it)| **it == Some(at)).map(|(cluster, _)| cluster);
            let may_be: Vec<usize> =
                here().filter(|it| clusters[*it].name.is(place.name.bytes()) != Some(false)).collect();
            let is: Vec<usize> =
                may_be.iter().copied().filter(|it| clusters[*it].name.is(place.name.bytes()) == Some(true)).collect();
            let found = match (is.as_slice(), may_be.as_slice()) {
                ([only], _) | ([], [only]) => {
                    let (file, here) = clusters.place(*only);
                    let cluster = &mut Arc::make_mut(&mut facts[file]).clusters[here];
                    cluster.declared_mode = place.mode.clone();
                    if let Some(version) = place.version.clone().filter(|_| cluster.version.strings().next().is_none())
                    {
                        cluster.version = Field::of(version);
                    }
                    Some(*only)
                }
                // One that no file belongs to is of another project.
                ([], []) if !self.files.values().any(|it| it.clusters.contains(&at)) => None,
                ([], []) => {
                    own.clusters.push(configured(place));
                    Some(clusters.len() + own.clusters.len() - 1)
                }
                // Two declarations under two conditions: which one counts is not known.
                _ => None,
            };
            self.bound.extend(found);
            self.in_facts.push(found);
        }
        facts.push(Arc::new(own));
    }
}

/// The account that a role is in: that of its file, as the configuration says, or else that of the provider it trusts.
pub(super) fn account_of<'r>(context: Option<&'r Context>, role: &'r Role) -> Option<&'r str> {
    let of_file = context.and_then(|it| it.agreed(role.origin.name.file, |it| it.account.as_ref()));
    of_file.and_then(Text::as_str).or_else(|| role.account())
}

/// The place of the facts of each file with that file, and of those of each unit of several files with its first one. Facts that
/// are of neither, such as those of a kind of unit that failed, have none.
fn homes<'f>(files: &'f Files, facts: &[Arc<Facts>]) -> Vec<(usize, (FileId, &'f Source))> {
    let of_units = facts.iter().enumerate().skip(files.len()).filter_map(|(at, it)| {
        let file = it.units.first()?.id.file;
        Some((at, (file, files.get(file)?)))
    });
    files.iter().enumerate().chain(of_units).collect()
}

/// The files in which something may be found.
fn files_that_speak(files: &Files, facts: &[Arc<Facts>]) -> HashSet<FileId> {
    let (of_files, of_units) = facts.split_at(files.len());
    let alone = files.ids().zip(of_files).filter(|(_, it)| !it.is_idle()).map(|(file, _)| file);
    let parts = of_units.iter().flat_map(|it| &it.units).flat_map(Unit::parts).map(|it| it.file);
    alone.chain(parts).collect()
}

/// The objects of a file that are in a namespace, and name one or not.
fn of_namespaces(facts: &mut Facts) -> impl Iterator<Item = &mut Arc<ObjectMeta>> {
    let accounts = facts.service_accounts.iter_mut().map(|it| &mut it.meta);
    let workloads = facts.workloads.iter_mut().map(|it| &mut it.meta);
    let roles = facts.rbac_roles.iter_mut().filter(|it| !it.cluster_wide).map(|it| &mut it.meta);
    let bindings = facts.role_bindings.iter_mut().filter(|it| !it.cluster_wide).map(|it| &mut it.meta);
    accounts.chain(workloads).chain(roles).chain(bindings)
}

/// Whether an object of a file that is in a namespace names none.
fn lacks_namespaces(facts: &Facts) -> bool {
    let lacks = |it: &ObjectMeta| it.namespace.is_absent();
    facts.service_accounts.iter().any(|it| lacks(&it.meta))
        || facts.workloads.iter().any(|it| lacks(&it.meta))
        || facts.rbac_roles.iter().any(|it| !it.cluster_wide && lacks(&it.meta))
        || facts.role_bindings.iter().any(|it| !it.cluster_wide && lacks(&it.meta))
}

/// A cluster of which nothing is known but what the configuration says.
fn configured(place: &Place) -> Cluster {
    let span = place.name.span();
    Cluster {
        origin: Origin {
            name: span,
            whole: span,
            resource: None,
            branch: Default::default(),
            depends_on: Box::default(),
        },
        region: Field::absent(),
        name: Field::of(place.name.clone()),
        role: Field::unknown(),
        authentication_mode: place.mode.clone().map_or_else(Field::unknown, Field::of),
        declared_mode: None,
        default_mode: "CONFIG_MAP",
        bootstrap_admin: Field::unknown(),
        version: place.version.clone().map_or_else(Field::unknown, Field::of),
        ip_family: Field::unknown(),
        compute: Field::unknown(),
        block_storage: Field::unknown(),
        load_balancing: Field::unknown(),
        auto_node_role: Field::unknown(),
        node_pools: List::unknown(),
        remote_network: Field::unknown(),
        outpost: Field::absent(),
        issuer: None,
    }
}
