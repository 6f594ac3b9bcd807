//! Strategic merge patches.
//!
//! Which lists are merged item by item, and by what, is said by `patchMergeKey` in the types of Kubernetes (`k8s.io/api` v0.32). Of
//! custom resources kustomize knows no such thing, and replaces their lists.

use super::data::{Data, List, Mapping};
use crate::collections::{HashMap, HashSet};

/// What a patch does to what it is merged into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Merged,
    /// It deletes it: `$patch: delete`.
    Deleted,
    /// It has directives that are not read.
    Unknown,
}

const DIRECTIVE: &str = "$patch";

/// The lists that are merged, and the key by which two items are the same.
const MERGED: [(&str, &[&str]); 13] = [
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("env", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("ports", &["containerPort", "port"]),
    ("imagePullSecrets", &["name"]),
    ("secrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("ownerReferences", &["uid"]),
    ("topologySpreadConstraints", &["topologyKey"]),
];

/// Merges a patch into an object. `is_known`: the kind is one of Kubernetes, whose lists are known.
pub fn merge(object: &mut Data, patch: &Data, is_known: bool) -> Outcome {
    match (object, patch) {
        (Data::Mapping(object), Data::Mapping(patch)) => mapping(object, patch, is_known),
        (object, patch) => {
            *object = patch.clone();
            Outcome::Merged
        }
    }
}

fn directive(patch: &Mapping) -> Option<&str> {
    patch.get(DIRECTIVE).map(|it| it.str().unwrap_or_default())
}

/// True for an item that is nothing but a directive.
fn is_directive(item: &Mapping) -> bool {
    item.only_key().is_some_and(|it| it.bytes() == DIRECTIVE)
}

fn mapping(object: &mut Mapping, patch: &Mapping, is_known: bool) -> Outcome {
    match directive(patch) {
        None | Some("merge") => {}
        Some("delete") => return Outcome::Deleted,
        Some("replace") => {
            *object = patch.clone();
            object.remove(DIRECTIVE);
            return Outcome::Merged;
        }
        Some(_) => return Outcome::Unknown,
    }
    for (key, value) in patch.entries() {
        match key.bytes() {
            DIRECTIVE => continue,
            // These order and prune lists.
            it if it.starts_with('$') => return Outcome::Unknown,
            _ => {}
        }
        if value.is_null() {
            object.remove(key.bytes());
            continue;
        }
        let outcome = match (object.get_mut(key.bytes()), value) {
            (Some(Data::Mapping(own)), Data::Mapping(patch)) => mapping(own, patch, is_known),
            (Some(Data::List(own)), Data::List(patch)) => match keys_of(key.bytes()).filter(|_| is_known) {
                Some(keys) => list(own, patch, keys),
                None => replace(object, key.bytes(), value),
            },
            (Some(_), _) => {
                object.set(key.clone(), bare(value));
                Outcome::Merged
            }
            (None, Data::Mapping(patch)) if directive(patch) == Some("delete") => Outcome::Merged,
            (None, _) => {
                object.set(key.clone(), bare(value));
                Outcome::Merged
            }
        };
        match outcome {
            Outcome::Merged => {}
            Outcome::Deleted => drop(object.remove(key.bytes())),
            Outcome::Unknown => return Outcome::Unknown,
        }
    }
    Outcome::Merged
}

fn replace(object: &mut Mapping, key: &str, value: &Data) -> Outcome {
    if let Some(own) = object.get_mut(key) {
        *own = bare(value);
    }
    Outcome::Merged
}

fn keys_of(list: &str) -> Option<&'static [&'static str]> {
    MERGED.iter().find(|it| it.0 == list).map(|it| it.1)
}

/// Merges items that are the same. New ones come first, as kustomize puts them.
fn list(object: &mut List, patch: &List, keys: &[&str]) -> Outcome {
    let items: Vec<&Mapping> = patch.items.iter().filter_map(Data::mapping).collect();
    // An item may be nothing but `$patch: replace`: then the list is what the patch has.
    let is_directive = |it: &&Mapping| is_directive(it);
    match items.iter().copied().find(is_directive).and_then(directive) {
        Some("replace") => {
            object.items.clear();
        }
        Some("merge") | None => {}
        Some("delete") => return Outcome::Deleted,
        Some(_) => return Outcome::Unknown,
    }
    // Lists may be long, so items are found by an index.
    let name = |item: &Mapping| {
        let key = keys.iter().find(|key| item.get(key).is_some())?;
        Some((*key, item.get(key)?.text()?.bytes().to_owned()))
    };
    let mut places: HashMap<(&str, String), usize> = HashMap::default();
    for (at, item) in object.items.iter().enumerate().rev() {
        for key in keys {
            if let Some(text) = item.get(key).and_then(Data::text) {
                places.insert((key, text.bytes().to_owned()), at);
            }
        }
    }
    let (mut new, mut deleted) = (Vec::new(), HashSet::default());
    for item in items.into_iter().filter(|it| !is_directive(it)) {
        match name(item).and_then(|it| places.get(&it)) {
            None if directive(item) == Some("delete") => {}
            None => new.push(bare(&Data::Mapping(item.clone()))),
            Some(at) => {
                let Data::Mapping(own) = &mut object.items[*at] else { continue };
                match mapping(own, item, true) {
                    Outcome::Merged => {}
                    Outcome::Deleted => _ = deleted.insert(*at),
                    Outcome::Unknown => return Outcome::Unknown,
                }
            }
        }
    }
    let mut at = 0;
    object.items.retain(|_| {
        at += 1;
        !deleted.contains(&(at - 1))
    });
    object.items.splice(0..0, new);
    Outcome::Merged
}

/// What a patch adds, without its directives and without what it deletes.
fn bare(data: &Data) -> Data {
    match data {
        Data::Mapping(it) => {
            let mut kept = Mapping::new(it.span);
            for (key, value) in it.entries().filter(|(key, value)| key.bytes() != DIRECTIVE && !value.is_null()) {
                kept.set(key.clone(), bare(value));
            }
            Data::Mapping(kept)
        }
        Data::List(it) => {
            let is_directive = |it: &Data| it.mapping().is_some_and(is_directive);
            let items = it.items.iter().filter(|it| !is_directive(it)).map(bare).collect();
            Data::List(List { items, span: it.span })
        }
        Data::Scalar(_) => data.clone(),
    }
}
