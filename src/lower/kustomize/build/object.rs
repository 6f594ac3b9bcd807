//! Objects on their way through a build, and which of them something is for.

use std::sync::Arc;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::data::Data;
use crate::facts::Changed;

/// Patterns that are longer, or become larger than this many bytes, are not read.
const LONGEST: usize = 1_000;
const LARGEST: usize = 1 << 18;

/// An object that is built.
#[derive(Clone)]
pub struct Object {
    data: Arc<Data>,
    /// What it was called at each step so far. The last is its current id, except while a step runs.
    ids: Vec<Id>,
    /// What kustomizations put before and after its name, the innermost first.
    prefixes: Vec<Arc<str>>,
    suffixes: Vec<Arc<str>>,
    /// True once something set its name or namespace, to whatever: then references follow them.
    pub is_followed: bool,
    /// True if something in it is not as its file has it.
    pub is_changed: bool,
    /// True if it is made by a generator, which puts a hash behind the name at the end.
    pub is_hashed: bool,
    /// What may be changed besides, in ways that are not computed.
    pub unknown: Vec<Changed>,
}

/// What an object is called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Id {
    pub group: String,
    pub kind: String,
    pub name: String,
    /// As it is written; empty where none is.
    pub namespace: String,
}

impl Id {
    /// Of an object. Nothing if it has no kind or no name.
    pub fn of(data: &Data) -> Option<Self> {
        let text = |keys: &[&str]| data.at(keys).and_then(Data::text).map(|it| it.bytes().to_owned());
        let version = text(&["apiVersion"]).unwrap_or_default();
        let group = version.split_once('/').map_or("", |(group, _)| group).to_owned();
        let namespace = text(&["metadata", "namespace"]).unwrap_or_default();
        Some(Self { group, kind: text(&["kind"])?, name: text(&["metadata", "name"])?, namespace })
    }

    /// Whether it is in the same namespace, or in none as the other one is.
    fn shares_namespace(&self, other: &Self) -> bool {
        self.namespace_in_effect() == other.namespace_in_effect()
    }

    /// The namespace that it is in.
    pub fn namespace_in_effect(&self) -> &str {
        match &*self.namespace {
            _ if self.is_cluster_wide() => "",
            "" => "default",
            it => it,
        }
    }

    /// Whether objects of the kind are in no namespace. Of custom resources kustomize takes none for such.
    pub fn is_cluster_wide(&self) -> bool {
        const KINDS: [&str; 26] = [
            "APIService",
            "CSIDriver",
            "CSINode",
            "CertificateSigningRequest",
            "ClusterRole",
            "ClusterRoleBinding",
            "ComponentStatus",
            "CustomResourceDefinition",
            "FlowSchema",
            "IngressClass",
            "MutatingWebhookConfiguration",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PodSecurityPolicy",
            "PriorityClass",
            "PriorityLevelConfiguration",
            "RuntimeClass",
            "SelfSubjectAccessReview",
            "SelfSubjectRulesReview",
            "StorageClass",
            "SubjectAccessReview",
            "TokenReview",
            "ValidatingAdmissionPolicy",
            "ValidatingWebhookConfiguration",
            "VolumeAttachment",
        ];
        self.is_of_kubernetes() && KINDS.contains(&&*self.kind)
    }

    /// Whether it is of an API of Kubernetes itself.
    pub fn is_of_kubernetes(&self) -> bool {
        matches!(&*self.group, "" | "apps" | "batch" | "autoscaling" | "policy" | "extensions")
            || self.group.ends_with(".k8s.io") && !self.group.ends_with(".x-k8s.io")
    }
}

impl Object {
    /// An object as its file has it. Nothing if it has no kind or no name.
    pub fn new(data: Data) -> Option<Self> {
        let id = Id::of(&data)?;
        Some(Self {
            data: Arc::new(data),
            ids: vec![id],
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            is_followed: false,
            is_changed: false,
            is_hashed: false,
            unknown: Vec::new(),
        })
    }

    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The object, to be changed.
    pub fn change(&mut self) -> &mut Data {
        self.is_changed = true;
        Arc::make_mut(&mut self.data)
    }

    /// Records what a kustomization puts before and after the names.
    pub fn remember_affixes(&mut self, prefix: &Arc<str>, suffix: &Arc<str>) {
        self.is_followed = true;
        self.prefixes.extend((!prefix.is_empty()).then(|| prefix.clone()));
        self.suffixes.extend((!suffix.is_empty()).then(|| suffix.clone()));
    }

    pub fn prefixes(&self) -> &[Arc<str>] {
        &self.prefixes
    }

    pub fn suffixes(&self) -> &[Arc<str>] {
        &self.suffixes
    }

    /// True for an object that is only for kustomize, and not deployed.
    pub fn is_local(&self) -> bool {
        let mark = self.data().at(&["metadata", "annotations", "config.kubernetes.io/local-config"]);
        mark.and_then(Data::text).is_some_and(|it| it.bytes() != "false")
    }

    /// The object, to be changed in a way that no fact is read of.
    pub fn change_aside(&mut self) -> &mut Data {
        Arc::make_mut(&mut self.data)
    }

    /// Whether it is deployed as its file has it.
    pub fn is_as_written(&self) -> bool {
        !self.is_changed && !self.is_hashed && self.unknown.is_empty() && !self.has_bare_annotations()
    }

    /// Whether it has annotations that are no strings. Kustomize writes them as strings.
    pub fn has_bare_annotations(&self) -> bool {
        let annotations = self.data.at(&["metadata", "annotations"]).and_then(Data::mapping);
        annotations.is_some_and(|it| it.entries().any(|(_, value)| value.is_bare()))
    }

    /// Records what may be changed in ways that are not computed.
    pub fn leave<'c>(&mut self, what: impl IntoIterator<Item = &'c Changed>) {
        for what in what {
            if !self.unknown.contains(what) {
                self.unknown.push(what.clone());
            }
        }
    }

    /// What it is called now.
    pub fn id(&self) -> &Id {
        self.ids.last().expect("it had one when it was made")
    }

    /// What it was called before, and is called now.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    /// The name and the namespace that it has now and did not have in its file.
    pub fn given_names(&self) -> impl Iterator<Item = &str> {
        let (first, now) = (&self.ids[0], self.id());
        let name = (first.name != now.name).then_some(&*now.name);
        let namespace = (first.namespace != now.namespace).then_some(&*now.namespace);
        name.into_iter().chain(namespace)
    }

    /// Records what it is called after a change.
    pub fn remember(&mut self) {
        if let Some(id) = Id::of(&self.data).filter(|it| it != self.id()) {
            self.ids.push(id);
        }
    }

    /// Whether it is, or was, what a patch without a target calls it.
    pub fn is(&self, id: &Id) -> bool {
        self.ids
            .iter()
            .any(|it| (&it.group, &it.kind, &it.name) == (&id.group, &id.kind, &id.name) && it.shares_namespace(id))
    }

    /// Whether it is called so but for the namespace, which many patches leave out.
    pub fn is_nearly(&self, id: &Id) -> bool {
        id.namespace.is_empty()
            && self.ids.iter().any(|it| (&it.group, &it.kind, &it.name) == (&id.group, &id.kind, &id.name))
    }
}

/// What the target of a patch or a replacement chooses: patterns for the whole text, where there is one.
#[derive(Default)]
pub struct Selector {
    group: Pattern,
    version: Pattern,
    kind: Pattern,
    name: Pattern,
    namespace: Pattern,
    labels: Vec<Requirement>,
    annotations: Vec<Requirement>,
}

/// True for a pattern that means itself.
fn is_plain(pattern: &str) -> bool {
    pattern.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
}

#[derive(Default)]
enum Pattern {
    #[default]
    Any,
    Exact(String),
    Regex(Box<Regex>),
}

impl Pattern {
    /// `None` if it cannot be read.
    fn new(data: Option<&Data>, is_regex: bool) -> Option<Self> {
        let Some(data) = data.filter(|it| !it.is_null()) else { return Some(Self::Any) };
        let pattern = data.str()?;
        if pattern.is_empty() {
            Some(Self::Any)
        } else if !is_regex || is_plain(pattern) {
            Some(Self::Exact(pattern.to_owned()))
        } else if pattern.len() > LONGEST {
            None
        } else {
            let whole = format!("^(?:{pattern})$");
            let limits = Regex::config().nfa_size_limit(Some(LARGEST)).hybrid_cache_capacity(LARGEST).utf8_empty(false);
            // To Go `\w` is ASCII.
            let syntax = syntax::Config::new().nest_limit(50).unicode(false).utf8(false);
            Some(Self::Regex(Box::new(Regex::builder().configure(limits).syntax(syntax).build(&whole).ok()?)))
        }
    }

    fn fits(&self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(it) => it == text,
            Self::Regex(it) => it.is_match(text),
        }
    }
}

/// A part of a label selector.
enum Requirement {
    Is(String, String),
    IsNot(String, String),
    Exists(String),
    ExistsNot(String),
}

impl Requirement {
    /// `None` if it cannot be read, such as `a in (b, c)`.
    fn all(data: Option<&Data>) -> Option<Vec<Self>> {
        let Some(data) = data.filter(|it| !it.is_null()) else { return Some(Vec::new()) };
        let text = data.str()?;
        if text.contains('(') {
            return None;
        }
        let parts = text.split(',').map(str::trim).filter(|it| !it.is_empty());
        let own = |it: &str| it.trim().to_owned();
        let read = |it: &str| match (it.split_once("!="), it.split_once("=="), it.split_once('=')) {
            (Some((key, value)), ..) => Self::IsNot(own(key), own(value)),
            (_, Some((key, value)), _) | (_, _, Some((key, value))) => Self::Is(own(key), own(value)),
            _ => match it.strip_prefix('!') {
                Some(key) => Self::ExistsNot(own(key)),
                None => Self::Exists(own(it)),
            },
        };
        Some(parts.map(read).collect())
    }

    fn holds(&self, of: Option<&Data>) -> bool {
        let value = |key: &str| of.and_then(|it| it.get(key)).and_then(Data::text).map(|it| it.bytes());
        match self {
            Self::Is(key, wanted) => value(key) == Some(wanted),
            Self::IsNot(key, wanted) => value(key) != Some(wanted),
            Self::Exists(key) => value(key).is_some(),
            Self::ExistsNot(key) => value(key).is_none(),
        }
    }
}

impl Selector {
    /// How many steps it takes to read the patterns of `target` or `select`.
    pub fn cost(data: &Data) -> usize {
        const PATTERN: usize = 5_000;
        let fields = ["group", "version", "kind", "name", "namespace"].into_iter().filter_map(|it| data.get(it)?.str());
        1 + fields.filter(|it| !is_plain(it)).count() * PATTERN
    }

    /// Of `target` or `select`. `None` if it cannot be read.
    pub fn new(data: &Data, is_regex: bool) -> Option<Self> {
        let pattern = |key| Pattern::new(data.get(key), is_regex);
        Some(Self {
            group: pattern("group")?,
            version: pattern("version")?,
            kind: pattern("kind")?,
            name: pattern("name")?,
            namespace: pattern("namespace")?,
            labels: Requirement::all(data.get("labelSelector"))?,
            annotations: Requirement::all(data.get("annotationSelector"))?,
        })
    }

    /// Whether it chooses an object: by what it was called first, or is called now.
    pub fn chooses(&self, object: &Object) -> bool {
        let version = object.data().get("apiVersion").and_then(Data::text).map_or("", |it| it.bytes());
        let version = version.split_once('/').map_or(version, |(_, version)| version);
        let ids = [&object.ids()[0], object.id()];
        let now = object.id();
        let metadata = |key| object.data().at(&["metadata", key]);
        self.group.fits(&now.group)
            && self.version.fits(version)
            && self.kind.fits(&now.kind)
            && ids.iter().any(|it| self.name.fits(&it.name))
            && ids.iter().any(|it| self.namespace.fits(it.namespace_in_effect()))
            && self.labels.iter().all(|it| it.holds(metadata("labels")))
            && self.annotations.iter().all(|it| it.holds(metadata("annotations")))
    }
}
