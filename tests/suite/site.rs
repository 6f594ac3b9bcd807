//! The site that `site/build` makes: its table of contents, which this test writes, and the addresses on it.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use ekslint::Analysis;
use ekslint::report::Run;
use ekslint::rules::RULES;

use crate::registry::{files, hold};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The words behind `# ` on the first line of a page.
fn title(path: &str) -> String {
    let text = fs::read_to_string(project().join(path)).unwrap();
    text.lines().next().and_then(|it| it.strip_prefix("# ")).unwrap_or_else(|| panic!("{path}: no title")).to_owned()
}

fn page(rule: &str) -> String {
    format!("rules/{}.md", rule.replace('-', "_"))
}

#[test]
fn the_table_of_contents_is_current() {
    let mut list = format!("[{}](README.md)\n\n# Use\n\n", title("README.md"));
    let docs = files(&project().join("docs"));
    let docs = docs.iter().filter(|it| it.extension().is_some_and(|it| it == "md"));
    for path in docs.map(|it| format!("docs/{}", it.file_name().unwrap().to_str().unwrap())) {
        writeln!(list, "- [{}]({path})", title(&path)).unwrap();
    }
    list.push_str("\n# Rules\n\n- [All rules](rules/README.md)\n");
    let mut area = None;
    for rule in RULES {
        let here = rule.id.split_once('/').map(|(area, _)| area);
        if here != area {
            area = here;
            // A heading without a page of its own.
            writeln!(list, "- [{}]()", here.unwrap_or("files")).unwrap();
        }
        let indent = if here.is_some() { "  " } else { "" };
        writeln!(list, "{indent}- [{}]({})", rule.id, page(rule.id)).unwrap();
    }
    list.push_str("\n# The project\n\n");
    // All of them, since pages link each other.
    let others = files(project());
    let others = others.iter().filter_map(|it| it.file_name()?.to_str()).filter(|it| it.ends_with(".md"));
    for path in others.filter(|it| *it != "README.md") {
        writeln!(list, "- [{}]({path})", title(path)).unwrap();
    }
    hold(&project().join("site/SUMMARY.md"), &list);
}

/// `mdbook` makes `a/b.html` of `a/b.md`, and findings link that.
#[test]
fn findings_link_the_pages_of_the_site() {
    let book = fs::read_to_string(project().join("site/book.toml")).unwrap();
    let root = book.lines().find_map(|it| it.strip_prefix("site-url = \"")?.strip_suffix('"')).unwrap();
    let workspace = Analysis::of(Vec::new()).snapshot(&());
    for rule in RULES {
        let run = Run { docs_url: Some("https://example.org/ekslint/"), ..Run::of(&workspace, &[]) };
        let url = run.page_url(rule.id).unwrap();
        let (_, path) = url.strip_prefix("https://").unwrap().split_once('/').unwrap();
        let source = format!("/{path}").strip_prefix(root).unwrap().replace(".html", ".md");
        assert_eq!(source, page(rule.id), "{url}");
        assert!(project().join(&source).is_file(), "{source}");
    }
}

/// A relative link of a page leads to a file of the project, and to a heading of it.
#[test]
fn links_lead_somewhere() {
    let mut pages: Vec<PathBuf> = RULES.iter().map(|it| page(it.id).into()).collect();
    pages.push("rules/README.md".into());
    for folder in ["", "docs"] {
        let folder = files(&project().join(folder)).into_iter();
        let folder = folder.map(|it| it.strip_prefix(project()).unwrap().to_owned());
        pages.extend(folder.filter(|it| it.extension().is_some_and(|it| it == "md")));
    }
    let mut broken = Vec::new();
    for page in pages {
        let text = fs::read_to_string(project().join(&page)).unwrap();
        for link in links(&text).filter(|it| !it.contains("://")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let Ok(text) = fs::read_to_string(project().join(&target)) else {
                broken.push(format!("{}: {link}", page.display()));
                continue;
            };
            if !heading.is_empty() && !headings(&text).any(|it| it == heading) {
                broken.push(format!("{}: {link}: no such heading", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Where the links of a page go; what stands in blocks is none.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("\n```").step_by(2);
    prose.flat_map(|it| it.split("](").skip(1)).filter_map(|it| it.split_once(')')).map(|(link, _)| link)
}

/// The names that headings have in links.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter(|it| it.starts_with('#'));
    let mut seen: HashMap<String, usize> = HashMap::new();
    lines.map(move |it| {
        let words = it.trim_start_matches('#').trim().to_lowercase();
        let letters = words.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        let name = letters.collect::<String>().replace(' ', "-");
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        // The second of a name has a number.
        if *count == 1 { name } else { format!("{name}-{}", *count - 1) }
    })
}
