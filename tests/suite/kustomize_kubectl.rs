//! Objects as ekslint builds them, beside those that `kubectl kustomize` builds of the same folders.
//!
//! Outside of the gate: it needs kubectl, and folders to build. `KUSTOMIZE_TREES=a:b cargo test --test suite -- --ignored
//! kustomize_kubectl` compares every kustomization below them that nothing else builds on, and prints what differs.

use std::path::{Path, PathBuf};
use std::process::Command;

use ekslint::Analysis;
use ekslint::source::{FileId, Source};

use crate::kustomize_built::lines;

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|it| it.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_symlink() || name == ".git" {
            continue;
        }
        if path.is_dir() {
            below(&path, found);
        } else if name.ends_with(".yaml")
            || name.ends_with(".yml")
            || name == "Kustomization"
            || name.ends_with(".json")
        {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "needs kubectl, and folders"]
fn built_as_kubectl_builds() {
    let trees = std::env::var("KUSTOMIZE_TREES").unwrap_or_default();
    let (mut compared, mut objects, mut unbuilt, mut different) = (0, 0, 0, 0);
    for tree in trees.split(':').filter(|it| !it.is_empty()) {
        let mut paths = Vec::new();
        below(Path::new(tree), &mut paths);
        paths.sort();
        let source = |it: &PathBuf| Some(Source::new(it.to_string_lossy(), std::fs::read_to_string(it).ok()?));
        let sources: Vec<Source> = paths.iter().filter_map(source).collect();
        let workspace = Analysis::of(sources).snapshot(&());
        let mut by: Vec<FileId> = workspace.files.views().map(|(_, it)| it.by.file).collect();
        by.sort_by_key(|it| workspace.files.rank(*it));
        by.dedup();
        for root in by {
            let path = Path::new(workspace.path(root));
            let folder = path.parent().unwrap();
            // Flux and Argo CD build besides, and kubectl reads no file with another name.
            if !path.file_name().is_some_and(|it| it.to_string_lossy().to_lowercase().starts_with("kustomization.y")) {
                continue;
            }
            let output = Command::new("kubectl").arg("kustomize").arg(folder).output().expect("kubectl is there");
            if !output.status.success() {
                unbuilt += 1;
                continue;
            }
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let real = Analysis::of(vec![Source::new("real.yaml", text)]).snapshot(&());
            let wanted = lines(&real, |_| true);
            let of_root = |it: &ekslint::source::View| it.by.file == root;
            let home = workspace.files.views().find(|(_, it)| of_root(it) && it.of == root).map(|it| it.0);
            let own = lines(&workspace, |file| match workspace.files.view(file) {
                Some(view) => of_root(view),
                // What is deployed as it is written.
                None => home.is_some_and(|home| workspace.are_together(home, file)),
            });
            compared += 1;
            objects += own.len();
            let fits = |own: &str, wanted: &str| {
                let (own, wanted): (Vec<&str>, Vec<&str>) = (own.split('?').collect(), wanted.split('?').collect());
                let [first, .., last] = own.as_slice() else { return own == wanted };
                let text = wanted.join("?");
                text.starts_with(first) && text.ends_with(last)
            };
            let extra: Vec<&String> = own.iter().filter(|it| !wanted.iter().any(|wanted| fits(it, wanted))).collect();
            let missing: Vec<&String> = wanted.iter().filter(|it| !own.iter().any(|own| fits(own, it))).collect();
            if !extra.is_empty() || !missing.is_empty() {
                different += 1;
                println!("{}:", folder.display());
                extra.iter().for_each(|it| println!("  ekslint {it}"));
                missing.iter().for_each(|it| println!("  kubectl {it}"));
            }
        }
    }
    println!("{compared} builds, {objects} objects; {different} differ; kubectl does not build {unbuilt}");
}
