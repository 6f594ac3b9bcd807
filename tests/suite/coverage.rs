//! `docs/coverage.md` and the pages of the rules agree: a row names a rule if, and only if, the rule names the row.

use std::collections::{BTreeMap, BTreeSet};

use ekslint::rules::RULES;

use crate::pages::pages;

const TABLE: &str = include_str!("../../docs/coverage.md");

/// The pages of AWS, and how many statements each has.
const PAGES: [(&str, usize); 5] = [("slr", 18), ("agent", 15), ("irsa", 19), ("node", 20), ("entry", 66)];

/// A row of the table: the rules that it links, and whether it says anything at all.
struct Row {
    rules: BTreeSet<String>,
    says: String,
}

fn rows() -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    for line in TABLE.lines().filter(|it| it.starts_with("| ") && it.contains('-')) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [statement, _, checked] = cells.as_slice() else { panic!("not three cells: {line}") };
        let links = checked.split("[`").skip(1);
        let rules = links.map(|it| {
            let (id, rest) = it.split_once("`](").expect("a link");
            let file = rest.split_once(')').expect("a link").0;
            assert_eq!(file, format!("../rules/{}.md", id.replace('-', "_")), "{statement}");
            id.to_owned()
        });
        let row = Row { rules: rules.collect(), says: (*checked).to_owned() };
        assert!(rows.insert((*statement).to_owned(), row).is_none(), "two rows for {statement}");
    }
    rows
}

#[test]
fn every_statement_has_a_row_with_a_rule_or_a_reason() {
    let rows = rows();
    let wanted: BTreeSet<_> =
        PAGES.iter().flat_map(|(page, count)| (1..=*count).map(move |n| format!("{page}-{n}"))).collect();
    let found: BTreeSet<_> = rows.keys().cloned().collect();
    assert_eq!(found, wanted);
    for (statement, row) in &rows {
        assert!(!row.rules.is_empty() || row.says.ends_with('.'), "{statement}: neither a rule nor a reason");
    }
}

#[test]
fn the_table_and_the_pages_agree() {
    let rows = rows();
    let mut wrong = Vec::new();
    for (rule, page) in pages() {
        // A page that is not written yet is held up by other tests.
        if page.description.starts_with("TODO") {
            continue;
        }
        let by_page: BTreeSet<String> = page.statements.iter().cloned().collect();
        let by_table: BTreeSet<_> =
            rows.iter().filter(|(_, row)| row.rules.contains(rule.id)).map(|(it, _)| it.clone()).collect();
        if by_page != by_table {
            let list = |it: &BTreeSet<String>| it.iter().cloned().collect::<Vec<_>>().join(", ");
            wrong.push(format!("{}: the page says {}; the table {}", rule.id, list(&by_page), list(&by_table)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every rule that the table names is there.
#[test]
fn the_table_names_no_rule_that_does_not_exist() {
    let known: BTreeSet<_> = RULES.iter().map(|it| it.id).collect();
    let rows = rows();
    let missing: BTreeSet<_> =
        rows.values().flat_map(|it| &it.rules).filter(|it| !known.contains(it.as_str())).collect();
    assert!(missing.is_empty(), "no such rules: {missing:#?}");
}
