//! The keys of a configuration that eksctl does not read. The table is `data/eksctl_keys.tsv`.

use std::sync::LazyLock;

use crate::collections::{HashMap, HashSet};
use crate::facts::{KeyFault, UnknownKey};
use crate::names::{is_letter_lost, is_slip, nearest};
use crate::syntax::{Kind, Node};

use super::super::templating::{self, Tags};
use super::super::value::{Shape, plain};

const TABLE: &str = include_str!("../../../data/eksctl_keys.tsv");

/// The object that is the whole configuration.
const ROOT: &str = "ClusterConfig";

/// Keys of fewer letters are those of many objects, and a later version of eksctl may add one to another object.
const SHORTEST_MISPLACED: usize = 8;

/// The keys of each object.
static OBJECTS: LazyLock<HashMap<&'static str, Vec<Key>>> = LazyLock::new(|| {
    let mut objects: HashMap<&str, Vec<Key>> = HashMap::default();
    for line in TABLE.lines().filter(|it| !it.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(object), Some(name), Some(value)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        let list = value.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        let object_of_value = list.or_else(|| (value != "-").then_some(value));
        objects.entry(object).or_default().push(Key { name, object: object_of_value, is_list: list.is_some() });
    }
    objects
});

/// The paths of the keys of all objects, by the name of the key.
static PATHS: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let mut paths: HashMap<&str, Vec<String>> = HashMap::default();
    let mut todo = vec![(ROOT, String::new())];
    while let Some((object, path)) = todo.pop() {
        for key in keys_of(object) {
            let path = join(&path, key.name);
            if let Some(inner) = key.object {
                todo.push((inner, if key.is_list { format!("{path}[]") } else { path.clone() }));
            }
            paths.entry(key.name).or_default().push(path);
        }
    }
    paths
});

#[derive(Clone, Copy)]
struct Key {
    name: &'static str,
    /// The object that the value is, or that each item of it is.
    object: Option<&'static str>,
    is_list: bool,
}

fn keys_of(object: &str) -> &'static [Key] {
    OBJECTS.get(object).map_or(&[], |it| it)
}

fn key_of(object: &str, name: &str) -> Option<&'static Key> {
    keys_of(object).iter().find(|it| it.name == name)
}

/// Whether an object has a key.
pub fn is_known(object: &str, key: &str) -> bool {
    key_of(object, key).is_some()
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// An object on the way to the one that is read.
struct Frame {
    object: &'static str,
    /// The key that it is the value of.
    key: &'static str,
    path: String,
}

/// The keys that eksctl does not read, in the order of the file.
pub fn unknown(root: Node<'_>) -> Vec<UnknownKey> {
    let mut reader = Reader { frames: Vec::new(), seen: HashSet::default(), found: Vec::new() };
    reader.object(root, Frame { object: ROOT, key: "", path: String::new() });
    reader.found
}

struct Reader {
    frames: Vec<Frame>,
    /// The places of keys that were read: an object may be the value of several keys, by an alias.
    seen: HashSet<(u32, u32)>,
    found: Vec<UnknownKey>,
}

impl Reader {
    fn object(&mut self, node: Node<'_>, frame: Frame) {
        let Shape::Collection(node) = plain(node, Tags::Plain) else { return };
        if node.kind() != Kind::Mapping {
            return;
        }
        let object = frame.object;
        self.frames.push(frame);
        let known = node.written().filter_map(|(key, _)| key_of(object, key.str()?));
        let known: HashSet<&str> = known.map(|it| it.name).collect();
        for (key, value) in node.written() {
            let Some(text) = key.text().map(|it| templating::find(it, Tags::Plain)) else { continue };
            let Some(name) = text.as_str() else { continue };
            match key_of(object, name) {
                Some(key) => self.value(value, key),
                None if is_for_other_tools(name) || self.is_of_sops(name) => {}
                None => {
                    if self.seen.insert(text.span().bounds()) {
                        let fault = self.fault(object, name, &known);
                        let object = self.path().into();
                        self.found.push(UnknownKey { key: text, object, fault });
                    }
                }
            }
        }
        self.frames.pop();
    }

    fn value(&mut self, node: Node<'_>, key: &'static Key) {
        let Some(object) = key.object else { return };
        let path = join(self.path(), key.name);
        if !key.is_list {
            self.object(node, Frame { object, key: key.name, path });
        } else if node.kind() == Kind::Sequence {
            for (at, item) in node.items().enumerate() {
                self.object(item, Frame { object, key: key.name, path: format!("{path}[{at}]") });
            }
        }
    }

    fn path(&self) -> &str {
        self.frames.last().map_or("", |it| &it.path)
    }

    /// SOPS writes what it needs to decrypt the file at the top level, and removes it before eksctl reads the file.
    fn is_of_sops(&self, name: &str) -> bool {
        self.frames.len() == 1 && name == "sops"
    }

    fn fault(&self, object: &str, name: &str, there: &HashSet<&str>) -> KeyFault {
        let names = || keys_of(object).iter().map(|it| it.name);
        if let Some(known) = names().find(|it| it.eq_ignore_ascii_case(name)) {
            return KeyFault::Case { known, is_there: there.contains(known) };
        }
        // Another number is another key: a later version may know `extraIPv4CIDRs`.
        let numbers = |it: &str| it.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_meant =
            |known: &str| is_letter_lost(name, known) || is_slip(name, known) && numbers(name) == numbers(known);
        if let Some(known) = nearest(name, names()).filter(|it| is_meant(it)) {
            return KeyFault::Misspelled { known, is_there: there.contains(known) };
        }
        match self.place(object, name) {
            Some(path) => KeyFault::Misplaced { path: path.into() },
            None => KeyFault::Unknown,
        }
    }

    /// Where a key belongs that the object which has it does not know.
    fn place(&self, object: &str, name: &str) -> Option<String> {
        let (own, outer) = self.frames.split_last()?;
        // `iam.identityMappings` is `iamIdentityMappings`.
        if let Some(parent) = outer.last() {
            let (first, rest) = name.split_at_checked(1)?;
            let joined = format!("{}{}{rest}", own.key, first.to_ascii_uppercase());
            if let Some(key) = key_of(parent.object, &joined) {
                return Some(join(&parent.path, key.name));
            }
        }
        let mut inner = keys_of(object).iter().filter(|it| !it.is_list);
        if let Some(key) = inner.find(|it| it.object.is_some_and(|inner| key_of(inner, name).is_some())) {
            // A service account has its name in `metadata`.
            if key.name == "metadata" || name.len() >= SHORTEST_MISPLACED {
                return Some(join(&join(&own.path, key.name), name));
            }
        }
        if name.len() < SHORTEST_MISPLACED {
            return None;
        }
        if let Some(frame) = outer.iter().rev().find(|it| key_of(it.object, name).is_some()) {
            return Some(join(&frame.path, name));
        }
        match PATHS.get(name).map(Vec::as_slice) {
            Some([path]) => Some(path.clone()),
            _ => None,
        }
    }
}

/// Keys that people write for other tools, or to keep anchors in. eksctl refuses them as it does others, so something removes
/// them first.
fn is_for_other_tools(name: &str) -> bool {
    name == "<<"
        || name.starts_with(['.', '_', '$', '#', '@'])
        || name.get(..2).is_some_and(|it| it.eq_ignore_ascii_case("x-"))
}
