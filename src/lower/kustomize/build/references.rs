//! What refers to objects by their names, and follows them (`api/filters/nameref/nameref.go`).

use std::sync::Arc;

use super::data::{Data, affixed};
use super::object::{Id, Object};
use super::transform::{is_binding, replace, set_in_subject, subjects, template};
use crate::collections::{HashMap, HashSet};
use crate::source::Text;

/// Of more objects that had one name than this none is looked for.
const MOST_NAMESAKES: usize = 300;

/// An object that others may refer to by a name that it had.
struct Named {
    was: Id,
    now: Id,
    /// The namespace that it had first.
    first: String,
    name: Text,
    namespace: Option<Text>,
    prefixes: Vec<Arc<str>>,
    suffixes: Vec<Arc<str>>,
}

/// The objects that others may refer to by their names.
pub struct Names {
    /// In the order of kinds and names that they had.
    found: Vec<Named>,
    /// For each namespace that objects of any kind had first, those that such objects have now.
    namespaces: HashMap<String, HashSet<String>>,
}

/// Who refers to a name.
struct Referrer<'o> {
    object: &'o Object,
    id: Id,
    /// The namespaces of the service accounts that it binds.
    bound: HashSet<String>,
}

impl Names {
    /// Of service accounts and of roles of RBAC.
    pub fn new(objects: &[Object]) -> Self {
        let is_known = |it: &Id| {
            it.kind == "ServiceAccount" && it.group.is_empty()
                || matches!(&*it.kind, "Role" | "ClusterRole") && it.group == "rbac.authorization.k8s.io"
        };
        let first = |it: &Object| it.ids()[0].namespace_in_effect().to_owned();
        let mut found = Vec::new();
        for object in objects.iter().filter(|it| it.is_followed && is_known(it.id())) {
            let Some(name) = object.data().at(&["metadata", "name"]).and_then(Data::text) else { continue };
            let namespace = object.data().at(&["metadata", "namespace"]).and_then(Data::text);
            let mut known: HashSet<&str> = HashSet::default();
            // What it is called now nobody can follow to.
            let ids = object.ids();
            for was in &ids[..(ids.len() - 1).max(1)] {
                if !known.insert(&was.name) {
                    continue;
                }
                found.push(Named {
                    was: was.clone(),
                    now: object.id().clone(),
                    first: first(object),
                    name: name.clone(),
                    namespace: namespace.cloned(),
                    prefixes: object.prefixes().to_vec(),
                    suffixes: object.suffixes().to_vec(),
                });
            }
        }
        let key = |it: &Named| (it.was.kind.clone(), it.was.name.clone(), it.now.namespace_in_effect().to_owned());
        found.sort_by_cached_key(key);
        let mut namespaces: HashMap<String, HashSet<String>> = HashMap::default();
        for object in objects {
            namespaces.entry(first(object)).or_default().insert(object.id().namespace_in_effect().to_owned());
        }
        Self { found, namespaces }
    }

    /// The only object of a kind that had a name and is so. Of several it is the one of the referrer's own kustomizations.
    fn only(
        &self,
        (kind, name): (&str, &str),
        namespace: &str,
        by: &Referrer<'_>,
        is_so: impl Fn(&Named) -> bool,
    ) -> Option<&Named> {
        let mut start = self.found.partition_point(|it| (&*it.was.kind, &*it.was.name) < (kind, name));
        let mut end = self.found.partition_point(|it| (&*it.was.kind, &*it.was.name) <= (kind, name));
        if end - start > MOST_NAMESAKES {
            // Of so many only those of one namespace are asked.
            let found = &self.found[start..end];
            let before = found.partition_point(|it| it.now.namespace_in_effect() < namespace);
            let after = found.partition_point(|it| it.now.namespace_in_effect() <= namespace);
            (start, end) = (start + before, start + after);
            if end - start > MOST_NAMESAKES {
                return None;
            }
        }
        let mut fitting: Vec<&Named> =
            self.found[start..end].iter().filter(|it| by.reaches(it.now.namespace_in_effect()) && is_so(it)).collect();
        for may_be_none in [true, false] {
            if fitting.len() > 1 {
                fitting.retain(|it| {
                    end_alike(&it.prefixes, by.object.prefixes(), may_be_none)
                        && end_alike(&it.suffixes, by.object.suffixes(), may_be_none)
                });
            }
        }
        let first = fitting.first()?;
        fitting.iter().all(|it| it.now == first.now).then_some(first)
    }

    /// Whether the referrer may refer to something that was in a namespace first.
    fn have_first(&self, namespace: &str, by: &Referrer<'_>) -> bool {
        self.namespaces.get(namespace).is_some_and(|it| match by.id.is_cluster_wide() {
            true => !it.is_empty(),
            false => it.iter().any(|now| by.reaches(now)),
        })
    }
}

impl Referrer<'_> {
    /// Whether it may refer to something that is in a namespace now; in none if it is empty.
    fn reaches(&self, namespace: &str) -> bool {
        self.id.is_cluster_wide()
            || namespace.is_empty()
            || self.id.namespace_in_effect() == namespace
            || self.bound.contains(namespace)
    }
}

/// Whether the shorter list is the end of the longer one.
fn end_alike<T: PartialEq>(a: &[T], b: &[T], may_be_none: bool) -> bool {
    match (a.is_empty(), b.is_empty()) {
        (false, false) => a.ends_with(b) || b.ends_with(a),
        (true, true) => true,
        _ => may_be_none,
    }
}

/// What is written in the place of something.
enum Follow {
    At(Vec<&'static str>, Text),
    InSubject(usize, Text, Text),
}

/// Makes what refers to service accounts and roles follow their names and namespaces.
pub fn follow_names(object: &mut Object, names: &Names) {
    for follow in follows(object, names) {
        match follow {
            Follow::At(path, text) => replace(object, &path, text),
            Follow::InSubject(at, key, value) => set_in_subject(object, at, key, value),
        }
    }
}

fn follows(object: &Object, names: &Names) -> Vec<Follow> {
    let id = object.id().clone();
    let mut found = Vec::new();
    let pod: Option<Vec<&str>> = match template(&id.kind) {
        Some(path) => Some(path.iter().copied().chain(["spec"]).collect()),
        None => (id.kind == "Pod").then(|| vec!["spec"]),
    };
    let is_bound = is_binding(&id);
    if pod.is_none() && !is_bound {
        return found;
    }
    let of_accounts = |it: &Data| it.get("kind").and_then(Data::str) == Some("ServiceAccount");
    let bound = subjects(object).map(|it| it.1).filter(|it| id.kind == "RoleBinding" && of_accounts(it));
    let bound = bound.filter_map(|it| Some(it.get("namespace")?.text()?.bytes().to_owned())).collect();
    let by = Referrer { object, id: id.clone(), bound };
    for field in ["serviceAccountName", "serviceAccount"] {
        let Some(path) = pod.as_ref().map(|it| it.iter().copied().chain([field]).collect::<Vec<_>>()) else { break };
        let Some(text) = object.data().at(&path).and_then(Data::text) else { continue };
        let account = names.only(("ServiceAccount", text.bytes()), id.namespace_in_effect(), &by, |_| true);
        if let Some(account) = account.filter(|it| it.name.bytes() != text.bytes()) {
            found.push(Follow::At(path, renamed(text, &account.name)));
        }
    }
    if !is_bound {
        return found;
    }
    let kind = object.data().at(&["roleRef", "kind"]).and_then(Data::text).map(|it| it.bytes().to_owned());
    let role = object.data().at(&["roleRef", "name"]).and_then(Data::text);
    if let (Some(kind), Some(text)) = (kind, role) {
        let is_here = |it: &Named| {
            id.is_cluster_wide() || it.now.is_cluster_wide() || it.now.namespace_in_effect() == id.namespace_in_effect()
        };
        let role = names
            .only(
                (&kind, text.bytes()),
                if kind == "ClusterRole" { "" } else { id.namespace_in_effect() },
                &by,
                is_here,
            )
            .filter(|it| it.name.bytes() != text.bytes());
        found.extend(role.map(|it| Follow::At(vec!["roleRef", "name"], renamed(text, &it.name))));
    }
    for (at, subject) in subjects(object).filter(|(_, it)| of_accounts(it)) {
        let Some((key, text)) = subject.mapping().and_then(|it| it.text("name")) else { continue };
        let written = subject.get("namespace").and_then(Data::text).map(Text::bytes);
        // Those that were in the namespace first, if anything was.
        let by_first = written.is_some_and(|it| names.have_first(it, &by));
        let is_it = |it: &Named| match written {
            None => true,
            Some(written) if by_first => it.first == written,
            Some(written) => it.now.namespace_in_effect() == written,
        };
        let Some(account) =
            names.only(("ServiceAccount", text.bytes()), written.unwrap_or(id.namespace_in_effect()), &by, is_it)
        else {
            continue;
        };
        if account.name.bytes() != text.bytes() {
            found.push(Follow::InSubject(at, key.clone(), renamed(text, &account.name)));
        }
        if let Some(namespace) = account.namespace.as_ref().filter(|it| written != Some(it.bytes())) {
            found.push(Follow::InSubject(at, Text::written("namespace", namespace.span()), namespace.clone()));
        }
    }
    found
}

/// The name that a reference has after its object was renamed: it stands where the reference is written.
fn renamed(reference: &Text, name: &Text) -> Text {
    match name.as_str() {
        Some(name) => match name.split_once(reference.bytes()) {
            Some((prefix, suffix)) => affixed(prefix, reference, suffix),
            None => Text::written(name, reference.span()),
        },
        None => name.clone(),
    }
}
