//! What the README shows is what is printed.

use std::fs;
use std::path::Path;

use ekslint::report::full;
use ekslint::source::Source;
use ekslint::workspace::Workspace;

/// The files of a folder of the project, called as the README calls them.
fn sources(folder: &str, found: &mut Vec<Source>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in crate::registry::files(&root.join(folder)) {
        let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            sources(&name, found);
        } else {
            found.push(Source::new(name, fs::read_to_string(path).unwrap()));
        }
    }
}

#[test]
fn the_first_example_is_real() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).and_then(|it| it.split("```").next()).unwrap();
    let mut files = Vec::new();
    sources("testdata/shop", &mut files);
    let workspace = Workspace::new(files);
    let printed = full::plain(&workspace, &ekslint::lint(&workspace));
    assert!(printed.contains(shown), "the README shows\n{shown}\nand this is printed:\n{printed}");
}
