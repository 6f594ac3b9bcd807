//! Compositions of Crossplane: resources that are made for each claim, and what their patches set in them.
//!
//! The shapes are those of `apiextensions.crossplane.io/v1`, with `resources` of its own or as the input of the function
//! `function-patch-and-transform`. Names of the objects are made up, and what a patch sets is unknown.

use crate::collections::HashMap;
use crate::facts::{Facts, Field, Limit, ObjectMeta};
use crate::lower::value::Value;

use super::read::read;
use super::resource::Family;

/// Paths that sets of patches set in all resources of a composition. Beyond this number a resource with a set is not read.
const MOST_PATHS: usize = 50_000;

/// The paths that a patch sets, each by its steps.
type Paths = Vec<Vec<String>>;

/// The sets of patches of a composition.
struct Sets {
    /// What each sets, by its name. `None` where that cannot be known.
    by_name: HashMap<String, Option<Paths>>,
    /// How many more paths are taken from them.
    left: usize,
    is_cut: bool,
}

impl Sets {
    fn new(holder: &Value<'_>) -> Self {
        let mut sets = Self { by_name: HashMap::default(), left: MOST_PATHS, is_cut: false };
        for set in holder.get("patchSets").items().items {
            // A set holds no other sets.
            let paths = patched_paths(&set.value.get("patches"), &mut Self::none());
            if let Some(name) = set.value.get("name").text().string() {
                sets.by_name.entry(name.to_owned()).or_insert(paths);
            }
        }
        sets
    }

    fn none() -> Self {
        Self { by_name: HashMap::default(), left: 0, is_cut: false }
    }

    /// What a set sets, if that is known. Many resources may have one large set.
    fn paths(&mut self, name: &str) -> Option<Paths> {
        let paths = self.by_name.get(name)?.as_ref()?;
        let Some(left) = self.left.checked_sub(paths.len()) else {
            self.is_cut = true;
            return None;
        };
        self.left = left;
        Some(paths.clone())
    }
}

/// Reads the resources of a composition. `meta_of` reads the metadata of an object.
pub fn lower(composition: &Value<'_>, facts: &mut Facts, meta_of: impl Fn(&Value<'_>) -> Option<ObjectMeta>) {
    let spec = composition.get("spec");
    let steps = spec.get("pipeline").items();
    let inputs: Vec<_> = steps.items.iter().map(|it| it.value.get("input")).filter(|it| !it.is_absent()).collect();
    // Another function may change anything that is made here.
    let is_known = |it: &Value<'_>| it.get("kind").text().is("Resources") == Some(true);
    if !steps.complete || !inputs.iter().all(is_known) {
        return;
    }
    for holder in inputs.iter().chain([&spec]) {
        let mut sets = Sets::new(holder);
        for resource in holder.get("resources").items().items {
            let Some(patched) = patched_paths(&resource.value.get("patches"), &mut sets) else { continue };
            let base = resource.value.get("base");
            let Some(mut meta) = meta_of(&base) else { continue };
            meta.name = Field::unknown();
            if patched.iter().any(|it| it.first().is_some_and(|it| it == "metadata")) {
                meta.annotations = Box::default();
            }
            let spec_is_set = patched.iter().any(|it| matches!(it.as_slice(), [first] if first == "spec"));
            if meta.version.value.string().and_then(Family::of).is_some() && !spec_is_set {
                read(&meta.into(), &base, &patched, facts);
            }
        }
        if sets.is_cut {
            let message = format!("sets of patches set more than {MOST_PATHS} paths in a composition");
            facts.limits.push(Limit::part(composition.span(), message));
        }
    }
}

/// The paths that patches set. `None` if one of them cannot be known.
fn patched_paths(patches: &Value<'_>, sets: &mut Sets) -> Option<Paths> {
    let mut paths = Vec::new();
    let patches = patches.items();
    if !patches.complete {
        return None;
    }
    for patch in patches.items {
        let get = |key: &str| patch.value.get(key).text();
        let kind = get("type");
        match kind.string() {
            Some("PatchSet") => {
                paths.extend(sets.paths(get("patchSetName").string()?)?);
            }
            Some(it)
                if it.starts_with("ToComposite") || it == "CombineToComposite" || it.ends_with("ToEnvironment") => {}
            Some("ToEnvironmentFieldPath") => {}
            _ if !kind.is_absent() && kind.string().is_none() => return None,
            _ => {
                let to = get("toFieldPath");
                let to = if to.is_absent() { get("fromFieldPath") } else { to };
                paths.push(path_of(to.string()?));
            }
        }
    }
    Some(paths)
}

/// The steps of a path up to the first item of a list: `metadata.annotations[a.b/c]`, `spec.forProvider.tags["x"]`.
fn path_of(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut in_brackets = false;
    for c in path.chars() {
        match c {
            '[' => {
                in_brackets = true;
                steps.push(String::new());
            }
            ']' => in_brackets = false,
            '.' if !in_brackets => steps.push(String::new()),
            '"' | '\'' if in_brackets => {}
            c => steps.last_mut().expect("never empty").push(c),
        }
    }
    steps.retain(|it| !it.is_empty());
    let of_list = |it: &String| it == "*" || it.bytes().all(|it| it.is_ascii_digit());
    let end = steps.iter().position(of_list).unwrap_or(steps.len());
    steps.truncate(end);
    steps
}
