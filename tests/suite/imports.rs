//! No file of `src/` and no rule imports another that imports it, directly or through others: each can be read after those that it
//! rests on, and none has to be read twice.
//!
//! What a file imports is what its `use` items and its paths beginning with `crate::`, `super::` or a module of its own name,
//! outside of its tests; a name that a module only hands on counts as that of the file which declares it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The files of `src/` and `rules/` by the names of their modules, without comments and tests.
fn modules() -> BTreeMap<String, String> {
    fn add(folder: &Path, name: &str, found: &mut BTreeMap<String, String>) {
        for path in crate::registry::files(folder) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let inner = if name.is_empty() { stem.to_owned() } else { format!("{name}::{stem}") };
            if name.is_empty() && ["main", "lib"].contains(&stem) || stem == "tests" {
                continue;
            }
            if path.is_dir() {
                add(&path, &inner, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let code: String = text.lines().map(|it| format!("{}\n", without_comment(it))).collect();
                // Tests stand at the end of a file.
                let tests = code.find("mod tests {");
                let inner = inner.strip_suffix("::mod").map_or(inner.clone(), str::to_owned);
                found.insert(inner, code[..tests.unwrap_or(code.len())].to_owned());
            }
        }
    }
    let mut found = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    add(&root.join("src"), "", &mut found);
    add(&root.join("rules"), "rules", &mut found);
    found
}

/// A line of code without the comment at its end. The slashes of an address stand behind a colon.
fn without_comment(line: &str) -> &str {
    let at = line.match_indices("//").map(|it| it.0).find(|at| !line[..*at].ends_with(':'));
    &line[..at.unwrap_or(line.len())]
}

/// The paths that a `use` item names, and whether it hands them on.
fn uses(code: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for line in code.match_indices("use ").map(|(at, _)| at) {
        let before = code[..line].rsplit('\n').next().unwrap().trim();
        if !before.is_empty() && !before.starts_with("pub") {
            continue;
        }
        let Some(end) = code[line..].find(';') else { continue };
        expand(&code[line + 4..line + end], "", before.starts_with("pub"), &mut found);
    }
    found
}

fn expand(item: &str, prefix: &str, is_handed_on: bool, found: &mut Vec<(String, bool)>) {
    let item = item.trim();
    let Some((head, list)) = item.split_once('{') else {
        let path = item.split(" as ").next().unwrap().trim();
        return found.push((format!("{prefix}{path}"), is_handed_on));
    };
    let prefix = format!("{prefix}{}", head.trim());
    let list = list.trim_end().strip_suffix('}').unwrap_or(list);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if !list[start..at].trim().is_empty() {
                    expand(&list[start..at], &prefix, is_handed_on, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The path from the root of the library, if it is one of the library.
fn absolute(module: &str, path: &str, modules: &BTreeMap<String, String>) -> Option<Vec<String>> {
    let mut parts: Vec<String> = path.split("::").map(|it| it.trim().to_owned()).collect();
    let mut own: Vec<String> = module.split("::").map(str::to_owned).collect();
    match parts[0].as_str() {
        "crate" => return Some(parts.split_off(1)),
        "self" => own.extend(parts.split_off(1)),
        "super" => {
            while parts.first().is_some_and(|it| it == "super") {
                own.pop();
                parts.remove(0);
            }
            own.extend(parts);
        }
        first if modules.contains_key(&format!("{module}::{first}")) => own.extend(parts),
        _ => return None,
    }
    Some(own)
}

/// The file that a path leads to.
fn target(path: &[String], modules: &BTreeMap<String, String>, depth: usize) -> Option<String> {
    let length = (1..=path.len()).rev().find(|it| modules.contains_key(&path[..*it].join("::")))?;
    let module = path[..length].join("::");
    let Some(name) = path.get(length).filter(|it| *it != "self" && *it != "*" && depth < 6) else {
        return Some(module);
    };
    let handed_on = uses(&modules[&module]).into_iter().filter(|it| it.1);
    for path in handed_on.filter_map(|(path, _)| absolute(&module, &path, modules)) {
        if path.last() == Some(name) {
            return target(&path, modules, depth + 1);
        }
        let all = path.split_last().filter(|(last, _)| *last == "*").and_then(|(_, it)| target(it, modules, depth + 1));
        if let Some(all) = all.filter(|it| declares(&modules[it], name)) {
            return Some(all);
        }
    }
    Some(module)
}

fn declares(code: &str, name: &str) -> bool {
    let kinds = ["fn", "struct", "enum", "trait", "type", "static", "const"];
    kinds.iter().any(|kind| {
        code.match_indices(&format!("pub {kind} {name}"))
            .any(|(at, found)| !code[at + found.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    })
}

/// What each file imports.
fn imports(modules: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<String>> {
    let of = |(module, code): (&'_ String, &String)| -> BTreeSet<String> {
        // All that the prelude hands on is imported at once.
        let used = uses(code).into_iter().filter(|it| !it.1 || module == "prelude").map(|it| it.0);
        let is_path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let children = modules.keys().filter_map(|it| it.strip_prefix(module.as_str())?.strip_prefix("::"));
        let children = children.filter(|it| !it.contains("::")).map(|it| format!("{it}::"));
        let roots = ["crate::", "super::"].map(str::to_owned).into_iter().chain(children);
        let named = roots.flat_map(|root| {
            let is_use = |at: usize| code[..at].trim_end().ends_with("use");
            code.match_indices(&root)
                .map(|it| it.0)
                .collect::<Vec<_>>()
                .into_iter()
                .filter(move |at| !code[..*at].ends_with(is_path) && !is_use(*at))
                .map(move |at| {
                    let rest = &code[at..];
                    rest[..rest.find(|c: char| !is_path(c)).unwrap_or(rest.len())].trim_end_matches(':').to_owned()
                })
        });
        let handed_on: BTreeSet<String> = uses(code).into_iter().filter(|it| it.1).map(|it| it.0).collect();
        let paths = used.chain(named.filter(|it| !handed_on.iter().any(|own| own.starts_with(it.as_str()))));
        let targets = paths.filter_map(|it| target(&absolute(module, &it, modules)?, modules, 0));
        targets.filter(|it| it != module).collect()
    };
    let mut found: BTreeMap<&str, BTreeSet<String>> = modules.iter().map(|it| (it.0.as_str(), of(it))).collect();
    // The table names each rule by a path from its own folder.
    let rules = modules.keys().filter(|it| it.starts_with("rules::")).cloned();
    found.get_mut("rules").expect("the table of rules").extend(rules);
    found
}

/// The files that are in a circle, with those of it that each imports.
fn circles(imports: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        imports.iter().map(|(file, all)| (*file, all.iter().map(String::as_str).collect())).collect();
    // What imports nothing that is left, or is imported by nothing that is left, is in no circle.
    loop {
        let imported: BTreeSet<&str> = left.values().flatten().copied().collect();
        let before = left.len();
        let there: BTreeSet<&str> = left.keys().copied().collect();
        left.retain(|file, all| {
            all.retain(|it| there.contains(it));
            !all.is_empty() && imported.contains(file)
        });
        if left.len() == before {
            return left.iter().map(|(file, all)| format!("{file} imports {all:?}")).collect();
        }
    }
}

#[test]
fn no_file_imports_what_imports_it() {
    let modules = modules();
    let imports = imports(&modules);
    // The reader sees what is there.
    let has = |file: &str, other: &str| imports[file].contains(other);
    assert!(
        has("analysis", "workspace") && has("workspace::roles", "workspace") && has("suppress", "suppress::verdict")
    );
    assert!(has("workspace::link", "facts::iam"), "through a name that is handed on: {:?}", imports["workspace::link"]);
    assert!(has("rules", "rules::aws_auth::role_path") && has("rules::aws_auth::role_path", "prelude"));
    assert!(has("config", "rules"), "the schema of the configuration names the rules");
    let circles = circles(&imports);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn circles_are_found() {
    let files = [("a", vec!["b"]), ("b", vec!["c"]), ("c", vec!["a", "d"]), ("d", vec![]), ("e", vec!["a"])];
    let imports: BTreeMap<&str, BTreeSet<String>> =
        files.into_iter().map(|(file, all)| (file, all.into_iter().map(str::to_owned).collect())).collect();
    let found = circles(&imports);
    assert_eq!(found.len(), 3, "{found:?}");
}
