//! `Fn::Sub`: what is read from a pattern is the pattern, with its variables replaced and its places kept.

use std::collections::BTreeMap;
use std::str;

use ekslint::Analysis;
use ekslint::source::{FileId, Piece, Source};

use super::places;

/// The first line of the input is the pattern; `NAME=VALUE` on each further line is a variable.
///
/// A line ends with a form feed, so that patterns can have line breaks.
pub fn check(data: &[u8]) {
    let Ok(input) = str::from_utf8(data) else { return };
    let mut lines = input.split('\x0C');
    let pattern = lines.next().unwrap_or_default();
    let variables: BTreeMap<&str, &str> = lines.filter_map(|it| it.split_once('=')).collect();
    let argument =
        if variables.is_empty() { serde_json::json!(pattern) } else { serde_json::json!([pattern, variables]) };
    let template = serde_json::json!({
        "Parameters": {"Parameter": {"Type": "String"}},
        "Resources": {
            "Resource": {"Type": "AWS::EKS::Cluster", "Properties": {}},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": argument}}},
        },
    });
    let workspace = Analysis::of(vec![Source::new("template.json", template.to_string())]).snapshot(&());
    let [role] = workspace.facts.roles.iter().collect::<Vec<_>>()[..] else {
        panic!("one role: {:?}", workspace.facts.broken_documents)
    };
    let wanted = substituted(pattern, &variables);
    let Some(name) = role.name.only() else {
        // What the functions of a template make is bounded, and any more is unknown.
        assert!(wanted.len() > 4 << 10, "a short name is known, at least in part");
        return;
    };
    assert_eq!(name.shown(), wanted);
    let source = &workspace.source(FileId::new(0)).text;
    for (at, piece) in name.pieces_at() {
        match piece {
            Piece::Known(known) => {
                for (offset, c) in known.char_indices() {
                    let place = name.slice(at + offset..at + offset + c.len_utf8());
                    let written = places::at(source, place);
                    // The mark of a literal is written with a `!` that is not there.
                    let is_it = read(written).as_deref() == Some(&c.to_string()) || written == "${!";
                    assert!(is_it, "{c:?} of {pattern:?} is written as {written:?}");
                }
            }
            Piece::Hole(hole) => {
                let place = name.slice(at..at + 1);
                // A mark of another tool may go over literals, and over the place of a variable; then it begins there.
                let Some(written) = read(places::at(source, place)) else {
                    // It goes on into the value of a variable, which stands elsewhere: all between the two is meant.
                    assert!(!variables.is_empty(), "a hole is written on the borders of escapes");
                    continue;
                };
                // All of them: a literal may begin with a `!` of its own, `${!!}`.
                let plain = |it: &str| {
                    let mut it = it.to_owned();
                    while it.contains("${!") {
                        it = it.replace("${!", "${");
                    }
                    it
                };
                // The mark may go over variables, too, and then holds their values.
                let ways = [plain(&written), plain(&substituted(&written, &variables))];
                let is_it = ways.iter().any(|it| plain(&hole.written).starts_with(it));
                assert!(is_it, "{:?} is written as {written:?}", hole.written);
            }
        }
    }
}

/// The string that a part of a JSON string stands for.
fn read(written: &str) -> Option<String> {
    serde_json::from_str(&format!("\"{written}\"")).ok()
}

/// What a pattern comes to, its variables replaced where they are given, and left as written where they are not.
fn substituted(pattern: &str, variables: &BTreeMap<&str, &str>) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        match (name.strip_prefix('!'), variables.get(name.trim())) {
            (Some(literal), _) => out.push_str(&format!("${{{literal}}}")),
            (None, Some(value)) => out.push_str(value),
            (None, None) => out.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    out + rest
}
