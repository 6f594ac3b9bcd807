//! `rules/README.md` finds a rule by its area, by what is written in a file, by an error, and by a page of AWS. This
//! test writes it, from the pages of the rules and from what the rules say about their own examples.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ekslint::rule::{Check, Rule};
use ekslint::rules::RULES;
use ekslint::source::{Span, Text};
use ekslint::syntax::{self, Hint, Node};
use ekslint::workspace::Workspace;

use crate::pages::{pages, workspace};
use crate::registry::{hold, root};

const COVERAGE: &str = include_str!("../../docs/coverage.md");

const INTRODUCTION: &str = "\
# Rules

Written by `cargo test` from the pages in this folder.

Each page says what is reported, what happens if it is deployed anyway, and what looks wrong and is not.

Find a rule by [its area](#by-area), by [what is written in a file](#by-input), by [an error](#by-error) or by
[a page of AWS](#by-page). `ekslint rules` lists them all, and `ekslint explain RULE` prints a page.
";

const BY_INPUT: &str = "
## By input

Where the rules speak in the examples of their pages, as the place that is underlined or as the other party. A rule says
the same wherever the same thing is written: an access entry is one in a template and in a configuration of eksctl.

| in | rules |
|---|---|
";

const BY_ERROR: &str = "
## By error

What AWS, Kubernetes and the nodes print, and the rules that tell the cause in the files. The names in an error that you
saw are others; `ekslint explain --error \"…\"` finds it all the same.

| error | rules |
|---|---|
";

const BY_PAGE: &str = "
## By page

The pages that the rules refer to. [Coverage](../docs/coverage.md) goes through the first of them statement by statement.

| page | rules |
|---|---|
";

/// Rules under a heading of an index.
type Index = BTreeMap<String, BTreeSet<&'static str>>;

#[test]
fn the_list_of_rules_is_current() {
    let mut list = String::from(INTRODUCTION);
    by_area(&mut list);
    list.push_str(BY_INPUT);
    rows(&mut list, &by_input());
    list.push_str(BY_ERROR);
    rows(&mut list, &by_error());
    list.push_str(BY_PAGE);
    by_page(&mut list);
    hold(&root().join("README.md"), &list);
}

fn by_area(list: &mut String) {
    list.push_str("\n## By area\n");
    let mut area = None;
    for (rule, page) in pages() {
        let here = rule.id.split_once('/').map_or("", |(area, _)| area);
        if area != Some(here) {
            area = Some(here);
            let title = if here.is_empty() { "Files" } else { here };
            write!(list, "\n### {title}\n\n| rule | level | what is reported |\n|---|---|---|\n").unwrap();
        }
        writeln!(list, "| {} | {} | {} |", link(rule.id), rule.level.name(), page.summary).unwrap();
    }
}

fn rows(list: &mut String, index: &Index) {
    for (heading, rules) in index {
        writeln!(list, "| {heading} | {} |", links(rules)).unwrap();
    }
}

fn links(rules: &BTreeSet<&'static str>) -> String {
    rules.iter().map(|it| link(it)).collect::<Vec<_>>().join(", ")
}

fn link(id: &str) -> String {
    format!("[`{id}`]({}.md)", id.replace('-', "_"))
}

/// What a rule underlines in its failing examples, in the words of who wrote it.
fn by_input() -> Index {
    let mut index = Index::new();
    for (rule, page) in pages() {
        for example in &page.fails {
            let workspace = workspace(example);
            for found in ekslint::lint(&workspace).iter().filter(|it| it.rule == rule.id) {
                for span in found.labels.iter().map(|it| it.span).chain([found.span]) {
                    if let Some(input) = input(&workspace, span) {
                        index.entry(input).or_default().insert(rule.id);
                    }
                }
            }
        }
    }
    index
}

/// What somebody would say that the place belongs to.
fn input(workspace: &Workspace, span: Span) -> Option<String> {
    let source = workspace.source(span.file);
    let text = Text::of_file(span.file, source.text.clone());
    let parsed = syntax::parse(&text, Hint::Yaml);
    let tree = parsed.documents.iter().find(|it| it.root().span().contains(span))?;
    let document = tree.root();
    let inside = |node: Node| node.span().contains(span);
    if let Some(resources) = document.get("Resources") {
        let (_, resource) = resources.entries().find(|(key, value)| inside(*key) || inside(*value))?;
        let kind = resource.get("Type")?.str()?;
        let property = |name| resource.get("Properties").and_then(|it| it.get(name)).is_some_and(inside);
        return Some(match kind {
            "AWS::IAM::Role" if property("AssumeRolePolicyDocument") => {
                "Template: the trust policy of an `AWS::IAM::Role`".to_owned()
            }
            kind if kind.starts_with("Custom::") => "Template: custom resources".to_owned(),
            kind => format!("Template: `{kind}`"),
        });
    }
    if document.get("Statement").is_some() {
        return Some("Policy document of IAM".to_owned());
    }
    let kind = document.get("kind")?.str()?;
    Some(match kind {
        "ClusterConfig" => {
            let (key, _) = document.entries().find(|(key, value)| inside(*key) || inside(*value))?;
            format!("eksctl: `{}` of a `ClusterConfig`", key.str()?)
        }
        "ConfigMap" => "Manifest: the `ConfigMap` `aws-auth`".to_owned(),
        "CronJob" | "DaemonSet" | "Deployment" | "Job" | "Pod" | "ReplicaSet" | "StatefulSet" => {
            "Manifest: workloads, such as `Deployment` and `Pod`".to_owned()
        }
        kind => format!("Manifest: `{kind}`"),
    })
}

/// The errors that pages quote, as they stand there.
fn by_error() -> Index {
    let mut index = Index::new();
    for (rule, page) in pages() {
        let Some(told) = page.description.split("## What happens if you deploy it").nth(1) else { continue };
        let told = told.split("\n## ").next().unwrap_or_default();
        for (n, part) in told.split("```").enumerate() {
            let quoted: Vec<&str> = match n % 2 {
                1 => part.lines().skip(1).collect(),
                // In a sentence there are names and commands, too.
                _ => part.split('`').skip(1).step_by(2).filter(|it| is_message(it)).collect(),
            };
            for line in quoted.into_iter().map(str::trim).filter(|it| !it.is_empty()) {
                index.entry(format!("`{}`", line.replace('|', "\\|"))).or_default().insert(rule.id);
            }
        }
    }
    index
}

fn is_message(words: &str) -> bool {
    words.split_whitespace().count() > 2 && !["aws ", "eksctl ", "kubectl "].iter().any(|it| words.starts_with(it))
}

/// First the five pages of the user guide with their statements, then the others by their titles.
fn by_page(list: &mut String) {
    let mut known = BTreeSet::new();
    for section in COVERAGE.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        let urls = section.lines().filter_map(|it| it.trim_end_matches('\\').strip_prefix('<')?.strip_suffix('>'));
        let urls: BTreeSet<&str> = urls.collect();
        let rules = RULES.iter().filter(|rule| {
            section.contains(&format!("[`{}`]", rule.id)) || cited(rule).iter().any(|it| urls.contains(it.1))
        });
        let rules: BTreeSet<_> = rules.map(|it| it.id).collect();
        let numbered: Vec<_> = urls.iter().enumerate().map(|(n, url)| format!("[{}]({url})", n + 1)).collect();
        let page = match urls.first() {
            Some(url) if urls.len() == 1 => format!("[{title}]({url})"),
            _ => format!("{title}: {}", numbered.join(", ")),
        };
        writeln!(list, "| {page} | {} |", links(&rules)).unwrap();
        known.extend(urls);
    }
    let mut titles: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    let mut index: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for rule in RULES {
        for (title, url) in cited(rule).into_iter().filter(|it| !known.contains(it.1)) {
            *titles.entry(url).or_default().entry(title).or_default() += 1;
            index.entry(url).or_default().insert(rule.id);
        }
    }
    // The title that most pages give it; of two, the longer one says more.
    let title = |url| titles[url].iter().max_by_key(|(title, count)| (**count, title.len())).unwrap().0;
    let named = index.iter().map(|(url, rules)| (format!("[{}]({url})", title(url)), rules.clone()));
    rows(list, &named.collect());
}

/// The links of a page's description: their words and where they go, without the part behind `#`.
fn cited(rule: &Rule) -> Vec<(String, &'static str)> {
    let examples = rule.page.find("\n## Reported").unwrap_or(rule.page.len());
    let mut found = Vec::new();
    for (at, _) in rule.page[..examples].match_indices("](https://") {
        let words = rule.page[..at].rsplit('[').next().unwrap_or_default();
        let url = rule.page[at + 2..].split([')', '#']).next().unwrap_or_default();
        found.push((words.split_whitespace().collect::<Vec<_>>().join(" "), url));
    }
    found
}

/// The index of inputs is made of what the rules say, so it has to know what each of them speaks of.
#[test]
fn each_rule_is_found_by_what_is_written() {
    let index = by_input();
    let found: BTreeSet<_> = index.values().flatten().copied().collect();
    // Directives are comments, and may stand anywhere.
    let of_files = RULES.iter().filter(|it| matches!(it.check, Check::Files(_)));
    let lost: Vec<_> = of_files.map(|it| it.id).filter(|it| !found.contains(it)).collect();
    // What is no YAML belongs to nothing, and a placeholder may stand anywhere.
    assert!(lost.len() <= 3, "{lost:?}");
}
