//! Compositions of Crossplane: resources that are made for each claim, and what their patches set in them.
//!
//! The shapes are those of `apiextensions.crossplane.io/v1`, with `resources` of its own or as the input of the function
//! `function-patch-and-transform`. Names of the objects are made up, and what a patch sets is unknown.

use crate::collections::HashMap;
use crate::facts::{Facts, Field, Limit, ObjectMeta};
use crate::lower::value::Value;

use super::read::{Around, read};
use super::resource::Api;

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

/// Functions of a pipeline that change nothing of what is read here, by the ends of their names.
const HARMLESS: [&str; 4] =
    ["function-auto-ready", "function-sequencer", "function-environment-configs", "function-extra-resources"];

/// A resource of a composition: what all steps say of it.
struct Template<'t> {
    base: Value<'t>,
    /// What patches set in it. `None` where that cannot be known.
    patched: Option<Paths>,
}

/// What patches the resources of a composition, in the order of its steps. `None` if something else may change them.
fn holders<'t>(spec: &Value<'t>) -> Option<Vec<Value<'t>>> {
    let steps = spec.get("pipeline").items();
    let mut holders = Vec::new();
    for step in &steps.items {
        let function = step.value.get("functionRef").get("name").text();
        let input = step.value.get("input");
        let is_harmless = function.string().is_some_and(|it| HARMLESS.iter().any(|end| it.ends_with(end)));
        match input.get("kind").text().is("Resources") {
            _ if is_harmless => {}
            Some(true) => holders.push(input),
            _ => return None,
        }
    }
    holders.push(spec.clone());
    steps.complete.then_some(holders)
}

/// Reads the resources of a composition. `meta_of` reads the metadata of an object.
pub fn lower(composition: &Value<'_>, facts: &mut Facts, meta_of: impl Fn(&Value<'_>) -> Option<ObjectMeta>) {
    let Some(holders) = holders(&composition.get("spec")) else { return };
    let mut templates: Vec<Template<'_>> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::default();
    for holder in &holders {
        let mut sets = Sets::new(holder);
        let resources = holder.get("resources").items();
        if !resources.complete {
            return;
        }
        for resource in resources.items {
            let (name, base) = (resource.value.get("name").text(), resource.value.get("base"));
            let patched = patched_paths(&resource.value.get("patches"), &mut sets);
            let before = name.string().and_then(|it| by_name.get(it).copied());
            match before.map(|at| &mut templates[at]) {
                // A later step changes the resource, or replaces it.
                Some(before) => {
                    before.patched = before.patched.take().zip(patched).map(|(mut all, more)| {
                        all.extend(more);
                        all
                    });
                    if !base.is_absent() {
                        before.base = base;
                    }
                }
                None => {
                    by_name.extend(name.string().map(|it| (it.to_owned(), templates.len())));
                    templates.push(Template { base, patched });
                }
            }
        }
        if sets.is_cut {
            let message = format!("sets of patches set more than {MOST_PATHS} paths in a composition");
            facts.limits.push(Limit::part(composition.span(), message));
        }
    }
    for Template { base, patched } in templates {
        let Some(patched) = patched else { continue };
        let Some(mut meta) = meta_of(&base) else { continue };
        meta.name = Field::unknown();
        if patched.iter().any(|it| it.first().is_some_and(|it| it == "metadata")) {
            meta.annotations = Box::default();
        }
        let spec_is_set = patched.iter().any(|it| matches!(it.as_slice(), [first] if first == "spec"));
        if let Some(api) = meta.version.value.string().and_then(Api::of).filter(|_| !spec_is_set) {
            let around = Around { template: Some(composition.span()), patched };
            read(api, &meta.into(), &base, &around, facts);
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
        let kind = if kind.is_absent() { "FromCompositeFieldPath" } else { kind.string()? };
        match kind {
            "PatchSet" => paths.extend(sets.paths(get("patchSetName").string()?)?),
            "ToCompositeFieldPath" | "ToEnvironmentFieldPath" | "CombineToComposite" | "CombineToEnvironment" => {}
            "FromCompositeFieldPath"
            | "FromEnvironmentFieldPath"
            | "CombineFromComposite"
            | "CombineFromEnvironment" => {
                let to = get("toFieldPath");
                let to = if to.is_absent() { get("fromFieldPath") } else { to };
                paths.push(path_of(to.string()?));
            }
            _ => return None,
        }
    }
    Some(paths)
}

/// The steps of a path up to the first item of a list: `metadata.annotations[a.b/c]`, `spec.forProvider.tags["x"]`.
fn path_of(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut step = String::new();
    let mut in_brackets = false;
    for c in path.chars() {
        match c {
            '[' => {
                in_brackets = true;
                steps.push(std::mem::take(&mut step));
            }
            ']' => in_brackets = false,
            '.' if !in_brackets => steps.push(std::mem::take(&mut step)),
            '"' | '\'' if in_brackets => {}
            c => step.push(c),
        }
    }
    steps.push(step);
    steps.retain(|it| !it.is_empty());
    let of_list = |it: &String| it == "*" || it.bytes().all(|it| it.is_ascii_digit());
    let end = steps.iter().position(of_list).unwrap_or(steps.len());
    steps.truncate(end);
    steps
}
