//! What a log holds.

use super::*;
use crate::analysis::Analysis;
use crate::diagnostic::Suppressed;
use crate::diagnostic::{Certainty, Fix, Level, Safety};
use crate::report::Problem;
use crate::source::{FileId, Source};

#[test]
fn a_log_has_what_services_need() {
    let workspace =
        Analysis::of(vec![Source::new("a b/ä.yaml", "a: 😀bad\n"), Source::new("z.yaml", "x: y\n")]).snapshot(&());
    let span = Span::new(FileId::new(0), 7..10);
    let mut it = Diagnostic {
        rule: "area/a-rule",
        level: Level::Note,
        certainty: Certainty::Certain,
        span,
        message: "a [link](1) \\ here".to_owned(),
        labels: Vec::new(),
        help: None,
        fixes: Vec::new(),
        build: None,
    };
    it.label(Span::new(FileId::new(1), 0..1), "there");
    it.fixes.push(Fix::new("drop it", Safety::Safe, [Edit::new(span, "")]));
    let shown = [it];
    let problems = [Problem { path: "/home/me/p/x.yaml".to_owned(), reason: "permission denied".to_owned() }];
    let suppressed = [Suppressed {
        finding: Diagnostic { labels: Vec::new(), fixes: Vec::new(), ..shown[0].clone() },
        how: Suppression::InSource { reason: Some("known".to_owned()) },
    }];
    let run = Run {
        problems: &problems,
        root: "/home/me/p/",
        suppressed: &suppressed,
        show_suppressed: true,
        ..Run::of(&workspace, &shown)
    };
    let log: serde_json::Value = serde_json::from_str(&render(&run)).unwrap();
    let run = &log["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["message"]["text"], "a \\[link\\](1) \\\\ here. [there](1).");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A4.yaml");
    assert_eq!(place["region"]["startColumn"], 6);
    assert_eq!(place["region"]["endColumn"], 9);
    assert_eq!(result["relatedLocations"][0]["id"], 1);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "");
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], result["ruleId"]);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notified = &run["invocations"][0]["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"];
    assert_eq!(notified["artifactLocation"]["uri"], "x.yaml");
    assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "a");
    assert_eq!(result.get("suppressions"), None);
    let known = &run["results"][1];
    assert_eq!(known["suppressions"], serde_json::json!([{ "kind": "inSource", "justification": "known" }]));
    let (first, second) = (&result["partialFingerprints"], &known["partialFingerprints"]);
    assert_eq!(first["primaryLocationLineHash"], second["primaryLocationLineHash"]);
    assert!(first["ekslint/v1"].as_str().unwrap().ends_with(":1"), "{first}");
    assert!(second["ekslint/v1"].as_str().unwrap().ends_with(":2"), "both are counted: {second}");
}

#[test]
fn no_results_are_said_to_be_none() {
    let workspace = Analysis::of(Vec::new()).snapshot(&());
    let log: serde_json::Value = serde_json::from_str(&render(&Run::of(&workspace, &[]))).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}
