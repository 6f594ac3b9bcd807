//! The formats for programs. Apart from the workspace, because a log of SARIF holds every page, which takes its time.

use ekslint::Analysis;
use ekslint::report::{Run, concise, json, sarif};
use serde_json::Value;

use super::workspace;

/// Every format is what it says, and none gives orders to what shows it.
pub fn check(data: &[u8]) {
    let workspace = &Analysis::of(workspace::files(data)).snapshot(&());
    let found = &ekslint::lint(workspace);
    let run = Run::of(workspace, found);
    let concise = concise::render(&run);
    let json = json::render(&run);
    let sarif = sarif::render(&run);
    for (format, text) in [("concise", &concise), ("json", &json), ("sarif", &sarif)] {
        gives_no_orders(format, text);
    }
    assert_eq!(concise.lines().count(), found.len(), "a line for each finding");
    let json: Value = serde_json::from_str(&json).expect("JSON is JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(found.len()));
    let sarif: Value = serde_json::from_str(&sarif).expect("SARIF is JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a run has results");
    assert_eq!(results.len(), found.len());
    for (result, it) in results.iter().zip(found) {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        region_is_in(region, &workspace.source(it.span.file).text);
        for (related, label) in result["relatedLocations"].as_array().into_iter().flatten().zip(&it.labels) {
            region_is_in(&related["physicalLocation"]["region"], &workspace.source(label.span.file).text);
        }
    }
}

/// Nothing is written that a terminal or a build server would obey.
pub fn gives_no_orders(format: &str, text: &str) {
    let control = text.chars().find(|it| it.is_control() && *it != '\n');
    assert_eq!(control, None, "{format} has a control character");
    let order = text.lines().find(|it| it.starts_with("::") || it.starts_with("##"));
    assert_eq!(order, None, "{format} gives an order");
}

/// A region has lines that the file has, and columns that those lines have.
fn region_is_in(region: &Value, text: &str) {
    let number = |name: &str| region[name].as_u64().expect("a region has four numbers") as usize;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut places = Vec::new();
    for name in ["start", "end"] {
        let (line, column) = (number(&format!("{name}Line")), number(&format!("{name}Column")));
        // A file that ends with a line break has an empty last line.
        let written = text.split('\n').nth(line.wrapping_sub(1)).expect("a region is in a line of the file");
        let length = written.encode_utf16().count();
        assert!((1..=length + 1).contains(&column), "column {column} of {length}");
        places.push((line, column));
    }
    assert!(places[0] <= places[1], "a region that ends before it starts");
}
