//! One kustomization, and what it does to the objects that it builds, in the order in which kustomize does it
//! (`configureBuiltinTransformers` in `api/internal/target/kusttarget_configplugin.go`, v5.6).

use super::data::Data;
use super::generators;
use super::merge::{self, Outcome};
use super::object::{Id, Object, Selector};
use super::operations;
use super::replacements;
use super::transform::{set_affixes, set_metadata, set_namespace};
use std::sync::Arc;

use crate::facts::Changed;
use crate::source::{Span, Text};
use crate::syntax::{self, Hint, Node};

/// What a kustomization needs of other files.
pub trait Files {
    /// The text of a file that it names, by its path.
    fn patch(&mut self, path: &str) -> Patch;

    /// A file as a whole, if its text is known.
    fn whole(&mut self, path: &str) -> Option<Text>;

    /// Says that a patch of a file is for no object that is known.
    fn misses(&mut self, path: &str);
}

/// A file with a patch.
pub enum Patch {
    Known(Text),
    /// It holds nothing about identity, or it would have been read.
    Unread,
    /// It stands outside of what is read, or cannot be read.
    Outside,
}

/// Who says what is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Kustomize,
    /// `spec` of Flux's `Kustomization`.
    Flux,
    /// `spec.source.kustomize` of an Application of Argo CD.
    Argo,
}

/// A kustomization.
pub struct Layer {
    data: Data,
    dialect: Dialect,
}

impl Layer {
    /// Of the mapping that has its settings. `left` counts the values that may be read.
    pub fn read(settings: Node<'_>, dialect: Dialect, left: &mut usize) -> Option<Self> {
        Some(Self { data: Data::read(settings, left)?, dialect })
    }

    /// What Flux fills in at the end, if it does.
    pub fn substitutions(&self) -> Option<&Data> {
        (self.dialect == Dialect::Flux).then(|| self.data.get("postBuild")).flatten()
    }

    fn list(&self, key: &str) -> &[Data] {
        self.data.get(key).and_then(Data::list).map_or(&[], |it| &it.items)
    }

    /// `vars`, whose values are looked up in what is built.
    pub fn vars(&self) -> &[Data] {
        self.list("vars")
    }

    /// Where the annotations stand that all objects get.
    pub fn common_annotations(&self) -> Option<Span> {
        let common = match self.dialect {
            Dialect::Flux => self.data.at(&["commonMetadata", "annotations"]),
            Dialect::Kustomize | Dialect::Argo => self.data.get("commonAnnotations"),
        };
        common.map(Data::span)
    }

    /// Adds what the kustomization makes, before its components do anything. `left` counts the steps; nothing if they do not
    /// suffice.
    pub fn generate(&self, objects: &mut Vec<Object>, files: &mut dyn Files, left: &mut usize) -> Option<()> {
        let is_off = self.data.at(&["generatorOptions", "disableNameSuffixHash"]).and_then(Data::str) == Some("true");
        for item in self.list("configMapGenerator") {
            *left = left.checked_sub(objects.len() + item.len())?;
            // What it is to change may not be there.
            let _ = generators::generate(objects, item, !is_off, files);
        }
        Some(())
    }

    /// Does to the objects what the kustomization says. `left` counts the steps; nothing if they do not suffice.
    pub fn apply(&self, objects: &mut Vec<Object>, files: &mut dyn Files, left: &mut usize) -> Option<()> {
        for item in self.list("patchesStrategicMerge") {
            self.patch(item, None, objects, files, left)?;
        }
        for item in self.list("patches") {
            self.patch(item, item.get("target"), objects, files, left)?;
        }
        self.set_namespaces(objects, left)?;
        self.set_affixes(objects, left)?;
        self.set_metadata(objects, left)?;
        for item in self.list("patchesJson6902") {
            self.patch(item, item.get("target"), objects, files, left)?;
        }
        for item in self.list("replacements") {
            *left = left.checked_sub(objects.len().saturating_mul(item.len()))?;
            let own;
            let several = match item.get("path") {
                None => std::slice::from_ref(item),
                Some(path) => {
                    let text = path.str().and_then(|it| files.whole(it));
                    let Some(found) = text.and_then(|it| documents(&it, left)) else {
                        leave(objects, None, &[Changed::Everything]);
                        continue;
                    };
                    own = found;
                    match own.as_slice() {
                        [Data::List(it)] => &it.items,
                        several => several,
                    }
                }
            };
            for replacement in several {
                *left = left.checked_sub(objects.len().saturating_mul(replacement.len()))?;
                if replacements::replace(objects, replacement).is_none() {
                    leave(objects, None, &[Changed::Everything]);
                }
            }
        }
        Some(())
    }

    fn set_namespaces(&self, objects: &mut [Object], left: &mut usize) -> Option<()> {
        let key = if self.dialect == Dialect::Flux { "targetNamespace" } else { "namespace" };
        let Some((key, value)) = self.data.mapping().and_then(|it| it.text(key)).filter(|(_, it)| !it.is_empty())
        else {
            return Some(());
        };
        *left = left.checked_sub(objects.len())?;
        // Flux and Argo CD have a key of their own for it.
        let key = if key.bytes() == "namespace" { key.clone() } else { Text::written("namespace", key.span()) };
        objects.iter_mut().for_each(|it| set_namespace(it, &key, value));
        Some(())
    }

    fn set_affixes(&self, objects: &mut [Object], left: &mut usize) -> Option<()> {
        let affix = |key: &str| self.data.get(key).and_then(Data::text).filter(|it| !it.is_empty());
        let (prefix, suffix) = (affix("namePrefix"), affix("nameSuffix"));
        if prefix.is_none() && suffix.is_none() {
            return Some(());
        }
        *left = left.checked_sub(objects.len())?;
        let known = |it: Option<&Text>| it.map_or(Some(Arc::from("")), |it| it.as_str().map(Arc::<str>::from));
        match (known(prefix), known(suffix)) {
            (Some(prefix), Some(suffix)) => objects.iter_mut().for_each(|it| set_affixes(it, &prefix, &suffix)),
            _ => leave(objects, None, &[Changed::Affix]),
        }
        Some(())
    }

    fn set_metadata(&self, objects: &mut [Object], left: &mut usize) -> Option<()> {
        let mut sets: Vec<(&str, &Data, bool)> = Vec::new();
        let data = &self.data;
        sets.extend(data.get("commonLabels").map(|it| ("labels", it, true)));
        for item in self.list("labels") {
            let says = |key: &str| item.get(key).and_then(Data::str) == Some("true");
            let in_templates = says("includeSelectors") || says("includeTemplates");
            sets.extend(item.get("pairs").map(|it| ("labels", it, in_templates)));
        }
        sets.extend(data.get("commonAnnotations").map(|it| ("annotations", it, true)));
        if self.dialect == Dialect::Flux {
            for holder in ["labels", "annotations"] {
                sets.extend(data.at(&["commonMetadata", holder]).map(|it| (holder, it, false)));
            }
        }
        for (holder, values, in_templates) in sets {
            for (key, value) in values.mapping().into_iter().flat_map(super::data::Mapping::entries) {
                *left = left.checked_sub(objects.len())?;
                objects.iter_mut().for_each(|it| set_metadata(it, holder, key, value, in_templates));
            }
        }
        Some(())
    }

    /// An entry of one of the lists of patches.
    fn patch(
        &self,
        item: &Data,
        target: Option<&Data>,
        objects: &mut Vec<Object>,
        files: &mut dyn Files,
        left: &mut usize,
    ) -> Option<()> {
        let target = target.filter(|it| !it.is_null());
        let parts: Vec<&Data> = match item {
            // An object that stands here, as Flux has it.
            Data::Mapping(it) if it.get("kind").is_some() => vec![item],
            Data::Mapping(it) => ["path", "patch"].into_iter().filter_map(|key| it.get(key)).collect(),
            _ => vec![item],
        };
        for part in parts {
            let mut path = None;
            let found = match part.text() {
                None => vec![part.clone()],
                Some(text) if is_inline(text) => match documents(text, left) {
                    Some(found) => found,
                    None => {
                        leave(objects, target, &[Changed::Everything]);
                        continue;
                    }
                },
                Some(text) => {
                    path = text.as_str();
                    let found = path.map_or(Patch::Outside, |it| files.patch(it));
                    match found {
                        Patch::Known(text) => match documents(&text, left) {
                            Some(found) => found,
                            None => {
                                leave(objects, target, &[Changed::Everything]);
                                continue;
                            }
                        },
                        // What is not read may change names and namespaces.
                        Patch::Unread => {
                            if target.is_some() {
                                leave(objects, target, &[Changed::Name, Changed::Namespace(None)]);
                            }
                            continue;
                        }
                        Patch::Outside => {
                            leave(objects, target, &[Changed::Everything]);
                            continue;
                        }
                    }
                }
            };
            let allows_names = item.at(&["options", "allowNameChange"]).and_then(Data::str) == Some("true");
            for patch in &found {
                *left = left.checked_sub(objects.len() + patch.len())?;
                let is_for_some = apply(patch, target, allows_names, objects, left)?;
                if !is_for_some && let Some(path) = path {
                    files.misses(path);
                }
            }
        }
        Some(())
    }
}

/// True for a patch that is written where a path could be.
fn is_inline(text: &Text) -> bool {
    text.bytes().contains('\n') || text.bytes().trim_start().starts_with(['{', '['])
}

/// The documents of a text. Nothing if it cannot be read.
pub fn documents(text: &Text, left: &mut usize) -> Option<Vec<Data>> {
    let parsed = syntax::parse(text, Hint::Yaml);
    if !parsed.errors.is_empty() {
        return None;
    }
    let found = parsed.documents.iter().map(syntax::Tree::root).filter(|it| !it.is_null());
    found.map(|it| Data::read(it, left)).collect()
}

/// Applies a patch to the objects that it is for. False if there is none of them.
fn apply(
    patch: &Data,
    target: Option<&Data>,
    allows_names: bool,
    objects: &mut Vec<Object>,
    left: &mut usize,
) -> Option<bool> {
    let chosen: Vec<usize> = match target {
        Some(target) => {
            let Some(selector) = Selector::new(target, true) else {
                leave(objects, None, &[Changed::Everything]);
                return Some(true);
            };
            (0..objects.len()).filter(|at| selector.chooses(&objects[*at])).collect()
        }
        None => {
            let Some(id) = Id::of(patch) else { return Some(false) };
            let exact = objects.iter().position(|it| it.is(&id));
            exact.or_else(|| objects.iter().position(|it| it.is_nearly(&id))).into_iter().collect()
        }
    };
    *left = left.checked_sub(chosen.len().saturating_mul(patch.len()))?;
    let mut deleted = Vec::new();
    for at in &chosen {
        let object = &mut objects[*at];
        let before = object.id().clone();
        let is_done = match patch {
            Data::List(_) => {
                object.is_followed = true;
                operations::patch(object.change(), patch).is_some()
            }
            _ => {
                let name = object.data().get("metadata").and_then(Data::mapping).cloned();
                let kind = object
                    .data()
                    .mapping()
                    .and_then(|it| it.text("kind"))
                    .map(|(key, kind)| (key.clone(), kind.clone()));
                let outcome = merge::merge(object.change(), patch, before.is_of_kubernetes());
                if !allows_names {
                    keep_names(object, name.as_ref(), kind);
                }
                if outcome == Outcome::Deleted {
                    deleted.push(*at);
                }
                outcome != Outcome::Unknown
            }
        };
        if !is_done {
            object.unknown.push(Changed::Everything);
        }
        objects[*at].remember();
    }
    let mut at = 0;
    objects.retain(|_| {
        at += 1;
        deleted.binary_search(&(at - 1)).is_err()
    });
    Some(!chosen.is_empty())
}

/// A strategic merge patch says which object it is for by a name, and changes none.
fn keep_names(object: &mut Object, before: Option<&super::data::Mapping>, kind: Option<(Text, Text)>) {
    if let (Some((key, kind)), Some(all)) = (kind, object.change().mapping_mut()) {
        all.set(key, Data::string(kind));
    }
    let Some(metadata) = object.change().get_mut("metadata").and_then(Data::mapping_mut) else { return };
    for key in ["name", "namespace"] {
        match before.and_then(|it| it.text(key)) {
            Some((key, value)) => metadata.set(key.clone(), Data::string(value.clone())),
            None => drop(metadata.remove(key)),
        }
    }
}

/// Keeps in mind what may be changed in the objects that a target chooses: all of them if it cannot be read.
fn leave(objects: &mut [Object], target: Option<&Data>, what: &[Changed]) {
    let selector = target.and_then(|it| Selector::new(it, true));
    let chosen = objects.iter_mut().filter(|it| selector.as_ref().is_none_or(|selector| selector.chooses(it)));
    chosen.for_each(|it| it.unknown.extend_from_slice(what));
}
