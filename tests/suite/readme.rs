//! What the README shows is what is printed.

use std::fs;
use std::path::Path;

use ekslint::Analysis;
use ekslint::report::full;
use ekslint::source::Source;

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
    let workspace = Analysis::of(files).snapshot(&());
    let printed = full::plain(&workspace, &ekslint::lint(&workspace));
    assert!(printed.contains(shown), "the README shows\n{shown}\nand this is printed:\n{printed}");
}

/// The commands that the README and `docs/` tell people to type have no options that are not there.
#[test]
fn commands_have_options_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![root.join("README.md")];
    pages.extend(crate::registry::files(&root.join("docs")).into_iter().filter(|it| it.extension().is_some()));
    let mut seen = 0;
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for line in text.lines().filter(|it| !it.contains(" pip ")) {
            let Some((_, rest)) = line.split_once("ekslint check ") else { continue };
            let help = help("check");
            let words = rest.split(['`', '#', '|']).next().unwrap_or_default().split_whitespace();
            for option in words.filter(|it| it.starts_with("--")) {
                let name = option.split('=').next().unwrap_or_default();
                assert!(help.contains(&format!("{name} ")), "{}: {line}: there is no {name}", page.display());
                seen += 1;
            }
        }
    }
    assert!(seen >= 4, "the commands are not found: {seen}");
}

fn help(command: &str) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ekslint")).args([command, "--help"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What the hooks for pre-commit start with is there, and they start on every name that is read.
#[test]
fn hooks_run_what_there_is() {
    let hooks = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    let fields = |name: &str| hooks.lines().filter_map(|it| it.trim().strip_prefix(name)).collect::<Vec<_>>().len();
    let entries = hooks.lines().filter(|it| it.trim() == "entry: ekslint check").count();
    // Files that are named would be all that is read, and what they refer to would not be there.
    let whole = hooks.lines().filter(|it| it.trim() == "pass_filenames: false").count();
    let names = hooks.lines().filter(|it| it.contains(r"\.(ya?ml|json|template)$")).count();
    let ids = fields("- id: ");
    assert!(ids > 0 && (entries, whole, names) == (ids, ids, ids), "{hooks}");
}
