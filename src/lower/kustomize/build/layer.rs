//! One kustomization, and what it does to the objects that it builds, in the order in which kustomize does it
//! (`configureBuiltinTransformers` in `api/internal/target/kusttarget_configplugin.go`, v5.6).

use super::data::{Data, Mapping};
use super::files::{Files, Patch};
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

/// The tool whose settings these are.
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
            *left = left.checked_sub(objects.len() + item.size())?;
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
            *left = left.checked_sub(objects.len().saturating_mul(item.size()))?;
            let own;
            let several = match item.get("path") {
                None => std::slice::from_ref(item),
                Some(path) => {
                    let found = match path.str().and_then(|it| files.whole(it)) {
                        Some(text) => documents(&text, left)?,
                        None => None,
                    };
                    let Some(found) = found else {
                        leave(objects, None, &[Changed::Everything], left)?;
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
                let targets = replacement.get("targets").and_then(Data::list).map_or(&[][..], |it| &it.items);
                let patterns: usize = targets.iter().filter_map(|it| it.get("select")).map(Selector::cost).sum();
                *left = left.checked_sub(objects.len().saturating_mul(replacement.size()).saturating_add(patterns))?;
                if !replacements::replace(objects, replacement, left)? {
                    leave(objects, None, &[Changed::Everything], left)?;
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
            (Some(prefix), Some(suffix)) if self.dialect == Dialect::Kustomize => {
                *left = left.checked_sub(objects.len().saturating_mul(prefix.len() + suffix.len()))?;
                objects.iter_mut().for_each(|it| set_affixes(it, &prefix, &suffix));
            }
            // Flux puts its own in the place of those that the folder's kustomization has.
            _ => leave(objects, None, &[Changed::Affix], left)?,
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
            for (key, value) in values.mapping().into_iter().flat_map(Mapping::entries) {
                *left = left.checked_sub(objects.len().saturating_mul(1 + key.len() / 16))?;
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
        let parts: Vec<(&Data, bool)> = match item {
            // An object that stands here, as Flux has it.
            Data::Mapping(it) if it.get("kind").is_some() => vec![(item, true)],
            Data::Mapping(it) => {
                let part = |key, is_inline| it.get(key).map(|it| (it, is_inline));
                [part("path", false), part("patch", true)].into_iter().flatten().collect()
            }
            _ => vec![(item, item.text().is_some_and(is_inline))],
        };
        for (part, is_inline) in parts {
            let mut path = None;
            let found = match part.text() {
                None => vec![part.clone()],
                Some(text) if is_inline => match documents(text, left)? {
                    Some(found) => found,
                    None => {
                        leave(objects, target, &[Changed::Everything], left)?;
                        continue;
                    }
                },
                Some(text) => {
                    path = text.as_str();
                    let found = path.map_or(Patch::Outside, |it| files.patch(it));
                    match found {
                        Patch::Known(text) => match documents(&text, left)? {
                            Some(found) => found,
                            None => {
                                leave(objects, target, &[Changed::Everything], left)?;
                                continue;
                            }
                        },
                        // What is not read may change names and namespaces.
                        Patch::Unread => {
                            if target.is_some() {
                                leave(objects, target, &[Changed::Name, Changed::Namespace(None)], left)?;
                            }
                            continue;
                        }
                        Patch::Outside => {
                            leave(objects, target, &[Changed::Everything], left)?;
                            continue;
                        }
                    }
                }
            };
            let allows_names = item.at(&["options", "allowNameChange"]).and_then(Data::str) == Some("true");
            for patch in &found {
                *left = left.checked_sub(objects.len() + patch.size())?;
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

/// The documents of a text. `Some(None)` if it cannot be read, nothing if that is too much work.
fn documents(text: &Text, left: &mut usize) -> Option<Option<Vec<Data>>> {
    *left = left.checked_sub(1 + text.len() / 4)?;
    let parsed = syntax::parse(text, Hint::Yaml);
    if !parsed.errors.is_empty() {
        return Some(None);
    }
    let found = parsed.documents.iter().map(syntax::Tree::root).filter(|it| !it.is_null());
    Some(Some(found.map(|it| Data::read(it, left)).collect::<Option<_>>()?))
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
            *left = left.checked_sub(Selector::cost(target))?;
            let Some(selector) = Selector::new(target, true) else {
                leave(objects, None, &[Changed::Everything], left)?;
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
    *left = left.checked_sub(chosen.len().saturating_mul(patch.size()))?;
    let mut deleted = Vec::new();
    for at in &chosen {
        let object = &mut objects[*at];
        let before = object.id().clone();
        let is_done = match patch {
            Data::List(_) => {
                object.is_followed = true;
                operations::patch(object.change(), patch, left)?
            }
            _ => {
                let kept = Kept::of(object.data());
                let outcome = merge::merge(object.change(), patch, before.is_of_kubernetes());
                kept.put(object, allows_names);
                if outcome == Outcome::Deleted {
                    deleted.push(*at);
                }
                outcome != Outcome::Unknown
            }
        };
        if !is_done {
            object.leave(&[Changed::Everything]);
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

/// What a strategic merge patch says of the object that it is for, and does not change.
struct Kept {
    version: Option<(Text, Text)>,
    kind: Option<(Text, Text)>,
    name: Option<(Text, Text)>,
    namespace: Option<(Text, Text)>,
}

impl Kept {
    fn of(object: &Data) -> Self {
        let text = |holder: Option<&Data>, key: &str| {
            let (key, text) = holder.and_then(Data::mapping)?.text(key)?;
            Some((key.clone(), text.clone()))
        };
        let metadata = object.get("metadata");
        Self {
            version: text(Some(object), "apiVersion"),
            kind: text(Some(object), "kind"),
            name: text(metadata, "name"),
            namespace: text(metadata, "namespace"),
        }
    }

    fn put(self, object: &mut Object, allows_names: bool) {
        let put = |mapping: &mut Mapping, name: &str, kept: Option<(Text, Text)>| match kept {
            Some((key, text)) => mapping.set(key, Data::string(text)),
            None => drop(mapping.remove(name)),
        };
        let Some(all) = object.change().mapping_mut() else { return };
        put(all, "apiVersion", self.version);
        put(all, "kind", self.kind);
        let Some(metadata) = all.get_mut("metadata").and_then(Data::mapping_mut) else { return };
        put(metadata, "namespace", self.namespace);
        if !allows_names {
            put(metadata, "name", self.name);
        }
    }
}

/// Records what may be changed in the objects that a target chooses: all of them if it cannot be read.
fn leave(objects: &mut [Object], target: Option<&Data>, what: &[Changed], left: &mut usize) -> Option<()> {
    *left = left.checked_sub(objects.len() + target.map_or(1, Selector::cost))?;
    let selector = target.and_then(|it| Selector::new(it, true));
    let chosen = objects.iter_mut().filter(|it| selector.as_ref().is_none_or(|selector| selector.chooses(it)));
    chosen.for_each(|it| it.leave(what));
    Some(())
}
