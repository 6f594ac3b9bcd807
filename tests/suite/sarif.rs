//! A SARIF log holds what the specification lets it hold, and nothing else.
//!
//! The table below is the part of SARIF 2.1.0 (OASIS, with errata 01) that ekslint writes, from chapter 3 and the schema
//! of the specification. The schema itself is not kept here: its licence is not one of ours. What is not in the table is
//! refused, so whoever writes something new has to look it up.

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::Path;

use ekslint::Analysis;
use ekslint::config::{Configuration, Origin, Selection};
use ekslint::diagnostic::{Diagnostic, Level, Suppressed, Suppression};
use ekslint::report::{Problem, Run, sarif};
use ekslint::source::Source;
use serde_json::Value;

use crate::pages::pages;

#[derive(Clone, Copy)]
enum Shape {
    /// A string that is not empty.
    Text,
    /// A string that may be.
    Any,
    Bool,
    /// A whole number from this on.
    From(u64),
    /// A number from 0 to 100.
    Percent,
    /// One of these words.
    Word(&'static [&'static str]),
    /// An object of the table.
    Object(&'static str),
    /// A list of them, with at least so many.
    List(&'static str, usize),
    Texts,
    /// Any names, each with a string.
    Strings,
    /// Any names, each with an object of the table.
    Objects(&'static str),
    /// A property bag: anything.
    Bag,
}

use Shape::*;

const LEVELS: &[&str] = &["none", "note", "warning", "error"];

/// A property: its name, whether it has to be there, and what it holds.
type Property = (&'static str, bool, Shape);

/// Each object with its properties.
const OBJECTS: &[(&str, &[Property])] = &[
    ("log", &[("$schema", true, Text), ("version", true, Word(&["2.1.0"])), ("runs", true, List("run", 1))]),
    (
        "run",
        &[
            ("tool", true, Object("tool")),
            ("invocations", false, List("invocation", 0)),
            ("originalUriBaseIds", false, Objects("artifactLocation")),
            ("automationDetails", false, Object("runAutomationDetails")),
            ("columnKind", false, Word(&["utf16CodeUnits", "unicodeCodePoints"])),
            ("results", true, List("result", 0)),
        ],
    ),
    ("tool", &[("driver", true, Object("toolComponent"))]),
    (
        "toolComponent",
        &[
            ("name", true, Text),
            ("fullName", false, Text),
            ("version", false, Text),
            ("semanticVersion", false, Text),
            ("informationUri", false, Text),
            ("rules", false, List("reportingDescriptor", 0)),
            ("notifications", false, List("reportingDescriptor", 0)),
        ],
    ),
    (
        "reportingDescriptor",
        &[
            ("id", true, Text),
            ("deprecatedIds", false, Texts),
            ("name", false, Text),
            ("shortDescription", true, Object("multiformatMessageString")),
            ("fullDescription", true, Object("multiformatMessageString")),
            ("help", true, Object("multiformatMessageString")),
            ("helpUri", false, Text),
            ("defaultConfiguration", false, Object("reportingConfiguration")),
            ("properties", false, Bag),
        ],
    ),
    ("reportingConfiguration", &[("level", false, Word(LEVELS))]),
    (
        "invocation",
        &[
            ("ruleConfigurationOverrides", false, List("configurationOverride", 0)),
            ("executionSuccessful", true, Bool),
            ("toolExecutionNotifications", false, List("notification", 0)),
        ],
    ),
    (
        "configurationOverride",
        &[
            ("descriptor", true, Object("reportingDescriptorReference")),
            ("configuration", true, Object("reportingConfiguration")),
        ],
    ),
    (
        "notification",
        &[
            ("descriptor", false, Object("reportingDescriptorReference")),
            ("level", false, Word(LEVELS)),
            ("message", true, Object("message")),
            ("locations", false, List("location", 0)),
        ],
    ),
    ("reportingDescriptorReference", &[("id", false, Text), ("index", false, From(0))]),
    ("runAutomationDetails", &[("id", false, Text)]),
    ("message", &[("text", true, Text)]),
    ("multiformatMessageString", &[("text", true, Text), ("markdown", false, Text)]),
    ("artifactContent", &[("text", true, Any)]),
    (
        "result",
        &[
            ("ruleId", true, Text),
            ("ruleIndex", true, From(0)),
            ("kind", false, Word(&["fail"])),
            ("level", false, Word(LEVELS)),
            ("rank", false, Percent),
            ("message", true, Object("message")),
            ("locations", true, List("location", 1)),
            ("relatedLocations", false, List("location", 0)),
            ("partialFingerprints", true, Strings),
            ("fixes", false, List("fix", 0)),
            ("suppressions", false, List("suppression", 0)),
            ("properties", true, Bag),
        ],
    ),
    (
        "location",
        &[
            ("id", false, From(0)),
            ("message", false, Object("message")),
            ("physicalLocation", true, Object("physicalLocation")),
            ("logicalLocations", false, List("logicalLocation", 1)),
        ],
    ),
    (
        "physicalLocation",
        &[("artifactLocation", true, Object("artifactLocation")), ("region", false, Object("region"))],
    ),
    (
        "artifactLocation",
        &[("uri", false, Text), ("uriBaseId", false, Text), ("description", false, Object("message"))],
    ),
    (
        "region",
        &[
            ("startLine", true, From(1)),
            ("startColumn", true, From(1)),
            ("endLine", true, From(1)),
            ("endColumn", true, From(1)),
            ("snippet", false, Object("artifactContent")),
        ],
    ),
    ("logicalLocation", &[("name", false, Text), ("fullyQualifiedName", false, Text), ("kind", false, Text)]),
    ("fix", &[("description", false, Object("message")), ("artifactChanges", true, List("artifactChange", 1))]),
    (
        "artifactChange",
        &[("artifactLocation", true, Object("artifactLocation")), ("replacements", true, List("replacement", 1))],
    ),
    (
        "replacement",
        &[("deletedRegion", true, Object("region")), ("insertedContent", false, Object("artifactContent"))],
    ),
    ("suppression", &[("kind", true, Word(&["inSource", "external"])), ("justification", false, Text)]),
];

fn check(value: &Value, shape: Shape, place: &str) {
    let holds = match shape {
        Text => value.as_str().is_some_and(|it| !it.is_empty()),
        Any => value.is_string(),
        Bool => value.is_boolean(),
        From(least) => value.as_u64().is_some_and(|it| it >= least),
        Percent => value.as_f64().is_some_and(|it| (0.0..=100.0).contains(&it)),
        Word(words) => value.as_str().is_some_and(|it| words.contains(&it)),
        Texts => value.as_array().is_some_and(|it| it.iter().all(Value::is_string)),
        Strings => value.as_object().is_some_and(|it| it.values().all(Value::is_string)),
        Bag => value.is_object(),
        Object(name) => {
            object(value, name, place);
            true
        }
        List(name, least) => {
            let items = value.as_array().unwrap_or_else(|| panic!("{place}: {value}"));
            items.iter().enumerate().for_each(|(at, it)| object(it, name, &format!("{place}[{at}]")));
            items.len() >= least
        }
        Objects(name) => {
            let entries = value.as_object().unwrap_or_else(|| panic!("{place}: {value}"));
            entries.iter().for_each(|(key, it)| object(it, name, &format!("{place}.{key}")));
            true
        }
    };
    assert!(holds, "{place}: {value}");
}

thread_local! {
    /// The properties that were looked at: an object of the table, and a name.
    static SEEN: RefCell<HashSet<(&'static str, &'static str)>> = RefCell::default();
}

fn object(value: &Value, name: &str, place: &str) {
    let (name, properties) = OBJECTS.iter().find(|it| it.0 == name).unwrap();
    let entries = value.as_object().unwrap_or_else(|| panic!("{place}: {value}"));
    for (property, required, _) in *properties {
        assert!(!required || entries.contains_key(*property), "{place}: no {property} in {value}");
    }
    for (key, value) in entries {
        let known = properties.iter().find(|it| it.0 == key);
        let (property, _, shape) = known.unwrap_or_else(|| panic!("{place}: {name} has no {key}"));
        SEEN.with_borrow_mut(|it| it.insert((name, property)));
        check(value, *shape, &format!("{place}.{key}"));
    }
}

fn log(run: &Run) -> Value {
    let log: Value = serde_json::from_str(&sarif::render(run)).unwrap();
    object(&log, "log", "log");
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
        // What GitHub takes: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
        let properties = &rule["properties"];
        check(&properties["tags"], Texts, "tags");
        check(&properties["precision"], Word(&["very-high", "high", "medium", "low"]), "precision");
        check(&properties["problem.severity"], Word(&["error", "warning", "recommendation"]), "problem.severity");
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1024, "{}", rule["id"]);
        assert_ne!(rule["name"], rule["id"], "SARIF1001: a name says more than the id, or is not there");
    }
    for it in log["runs"][0]["invocations"][0]["ruleConfigurationOverrides"].as_array().into_iter().flatten() {
        let index = it["descriptor"]["index"].as_u64().unwrap() as usize;
        let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], it["descriptor"]["id"]);
        assert_ne!(rule["defaultConfiguration"], it["configuration"], "{it}");
    }
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let place = |line: &str, column: &str| (region[line].as_u64(), region[column].as_u64());
        assert!(place("startLine", "startColumn") <= place("endLine", "endColumn"), "{region}");
        assert!(result["message"]["text"].as_str().unwrap().ends_with(['.', '!', '?', '…']), "{}", result["message"]);
        assert!(result["partialFingerprints"]["ekslint/v1"].is_string(), "{result}");
        check(&result["properties"]["certainty"], Word(&["certain", "likely", "possible"]), "certainty");
    }
    log
}

/// All failing examples as one repository, each in a folder of its own: every kind of finding, and one log.
fn the_log_of_all_examples() -> Value {
    let mut sources = Vec::new();
    for (rule, page) in pages() {
        for (at, example) in page.fails.iter().enumerate() {
            let files = example.files.iter();
            sources.extend(files.map(|(path, text)| Source::new(format!("{}/{at}/{path}", rule.id), text.as_str())));
        }
    }
    let workspace = Analysis::of(sources).snapshot(&());
    let found = ekslint::lint(&workspace);
    let log = log(&Run::of(&workspace, &found));
    assert!(found.len() > pages().count(), "{} findings", found.len());
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(found.len()));
    log
}

#[test]
fn the_log_of_all_examples_is_sarif() {
    let log = the_log_of_all_examples();
    assert_eq!(log["runs"][0]["invocations"][0].get("ruleConfigurationOverrides"), None, "no levels were given");
}

#[test]
fn a_run_that_could_not_do_everything_says_so() {
    let workspace = Analysis::of(vec![Source::new("a b.yaml", crate::cli::BROKEN)]).snapshot(&());
    let problems = [Problem { path: "we[ird](x).yaml".to_owned(), reason: "permission denied".to_owned() }];
    let found = ekslint::lint(&workspace);
    let suppressed: Vec<Suppressed> = found.iter().cloned().map(baseline).collect();
    let run = Run { problems: &problems, suppressed: &suppressed, show_suppressed: true, ..Run::of(&workspace, &[]) };
    let log = log(&run);
    assert_eq!(log["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let text = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(text, "we\\[ird\\](x).yaml: permission denied.");
}

fn baseline(finding: Diagnostic) -> Suppressed {
    Suppressed { finding, how: Suppression::Baseline }
}

/// A log with everything in it that ekslint can write.
fn everything() -> Value {
    let workspace = Analysis::of(vec![Source::new("a.yaml", crate::cli::BROKEN)]).snapshot(&());
    let mut configuration = Configuration::defaults();
    let levels = Source::new("ekslint.toml", "[levels]\n\"aws-auth/role-path\" = \"note\"\n");
    configuration.add(Origin::File, levels, Path::new("")).unwrap();
    let selection = Selection::new(&configuration);
    let found = ekslint::lint_with(&workspace, &selection);
    let suppressed: Vec<Suppressed> = found.iter().cloned().map(baseline).collect();
    let problems = [Problem { path: "c.yaml".to_owned(), reason: "permission denied".to_owned() }];
    log(&Run {
        selection: Some(&selection),
        problems: &problems,
        suppressed: &suppressed,
        show_suppressed: true,
        ..Run::of(&workspace, &found)
    })
}

/// Each object of a log, by a pointer to it.
fn objects(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            found.push(place.clone());
            entries.iter().for_each(|(key, it)| objects(it, format!("{place}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, it)| objects(it, format!("{place}/{at}"), found));
        }
        _ => {}
    }
}

/// The table would notice what SARIF does not have, wherever it stands, and what is missing.
#[test]
fn what_is_not_sarif_is_noticed() {
    let whole = everything();
    let mut places = Vec::new();
    objects(&whole, String::new(), &mut places);
    // Property bags, and the lists of names that anybody may choose.
    places.retain(|it| {
        !["/properties", "/partialFingerprints", "/originalUriBaseIds"].iter().any(|end| it.ends_with(end))
    });
    assert!(places.len() > 100, "{}", places.len());
    let is_refused = |log: &Value| std::panic::catch_unwind(|| object(log, "log", "log")).is_err();
    assert!(!is_refused(&whole));
    // The rules are many of one kind: some of them stand for all.
    for place in places.iter().filter(|it| !it.contains("/rules/") || it.contains("/rules/1")) {
        let mut more = whole.clone();
        more.pointer_mut(place).unwrap()["notSarif"] = Value::Bool(true);
        assert!(is_refused(&more), "one more property in {place}");
    }
    for place in ["/version", "/runs/0/tool", "/runs/0/results/0/message", "/runs/0/invocations/0/executionSuccessful"]
    {
        let (object, key) = place.rsplit_once('/').unwrap();
        let mut less = whole.clone();
        less.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(key);
        assert!(is_refused(&less), "without {place}");
    }
}

/// A row of the table for what is never written would be of no use, and be wrong one day.
#[test]
fn the_table_has_nothing_that_is_not_written() {
    everything();
    the_log_of_all_examples();
    let all = OBJECTS.iter().flat_map(|(name, properties)| properties.iter().map(|it| (*name, it.0)));
    // Only rules that had another id before have any.
    let all = all.filter(|it| it.1 != "deprecatedIds" || !ekslint::rules::FORMER_IDS.is_empty());
    let unseen: Vec<_> = all.filter(|it| !SEEN.with_borrow(|seen| seen.contains(it))).collect();
    assert_eq!(unseen, []);
}

/// Rules that the configuration gives another level: the log says both, and GitHub weighs them by what holds.
#[test]
fn a_log_says_which_levels_are_not_the_rules_own() {
    let log = everything();
    let run = &log["runs"][0];
    let overrides = run["invocations"][0]["ruleConfigurationOverrides"].as_array().unwrap();
    let [it] = overrides.as_slice() else { panic!("{overrides:?}") };
    assert_eq!(it["descriptor"]["id"], "aws-auth/role-path");
    assert_eq!(it["configuration"]["level"], "note");
    let rule = &run["tool"]["driver"]["rules"][it["descriptor"]["index"].as_u64().unwrap() as usize];
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    assert_eq!(rule["properties"]["problem.severity"], "recommendation");
    let results = run["results"].as_array().unwrap();
    let result = results.iter().find(|it| it["ruleId"] == "aws-auth/role-path").unwrap();
    assert_eq!(result["level"], "note");
}

#[test]
fn a_log_describes_the_rules_that_ran() {
    let folder = crate::cli::Folder::new();
    folder.file("a/a.yaml", crate::cli::BROKEN).file("b/a.yaml", crate::cli::BROKEN);
    let config = "select = [\"aws-auth\"]\n[levels]\n\"aws-auth/role-path\" = \"off\"\n\"aws-auth/deprecated\" = \"off\"\n\
        [[overrides]]\npaths = [\"b\"]\n[overrides.levels]\n\"aws-auth/role-path\" = \"note\"\n";
    folder.file("ekslint.toml", config);
    let log = |args: &[&str]| -> Value {
        let run = folder.run([&["check", "--output-format", "sarif", "--level", "note"], args].concat());
        let log = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run:?}"));
        object(&log, "log", "log");
        log
    };
    let ids = |log: &Value| -> Vec<String> {
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        rules.iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    let whole = ids(&log(&["--isolated"]));
    assert_eq!(whole.len(), ekslint::rules::RULES.len());
    let some = ids(&log(&[]));
    assert!(some.len() > 10 && some.iter().all(|it| it.starts_with("aws-auth/")), "{some:?}");
    assert!(!some.iter().any(|it| it == "aws-auth/role-path" || it == "aws-auth/deprecated"), "{some:?}");
    // For one folder it is on.
    folder
        .file("ekslint.toml", config.replace("paths = [\"b\"]", "paths = [\"b\"]\nselect = [\"aws-auth/role-path\"]"));
    let log = log(&[]);
    assert!(ids(&log).iter().any(|it| it == "aws-auth/role-path"));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|it| it["ruleId"] == "aws-auth/role-path").unwrap();
    assert_eq!(result["level"], "note", "results of some paths have the level of these");
}

/// What GitHub shows as a security alert is what somebody could make use of, and not every mistake.
#[test]
fn security_severities_are_said_on_the_page() {
    let mut rated = 0;
    for (rule, page) in pages() {
        let Some(security) = &page.security else { continue };
        rated += 1;
        let is_high = security.severity.parse::<f64>().unwrap() >= 7.0;
        assert!(!is_high || rule.level >= Level::Warning, "{}: high, and only a note", rule.id);
    }
    assert!((5..60).contains(&rated), "{rated} rules have a security severity");
}
