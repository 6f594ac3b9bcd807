//! The `aws-auth` ConfigMap, as the authenticator's decoder reads it.
//!
//! The knowledge is that of aws-iam-authenticator `pkg/mapper/configmap/configmap.go` (2026-07-14): the three keys of
//! `data` are strings that hold YAML; a syntax error drops the whole key; inside an entry keys are compared without
//! case, a value of the wrong type is dropped alone, and YAML is read by the rules of version 1.1.

use std::sync::Arc;

use crate::facts::{
    Account, AwsAuth, Branch, Content, DataKey, Facts, Field, Item, List, Mapping, ObjectMeta, Section, SectionKind,
    Violation, ViolationKind,
};
use crate::source::{HoleKind, Piece, Span, Text};
use crate::syntax::{self, Hint, Kind, Node, Resolved, Schema, Tree};

#[cfg(test)]
mod tests;

use super::templating::{self, Tags};
use super::value::{Shape, Value};

/// Reads a ConfigMap that is the `aws-auth` ConfigMap, or has its keys.
pub fn lower(meta: Arc<ObjectMeta>, object: &Value<'_>, facts: &mut Facts) {
    let data = object.get("data");
    let mut keys = Vec::new();
    for (under, holder) in [
        ("data", data.clone()),
        ("binaryData", object.get("binaryData")),
        ("stringData", object.get("stringData")),
        ("spec", object.get("spec")),
        ("metadata", object.get("metadata")),
        ("Data", object.get("Data")),
        ("the top level", object.clone()),
    ] {
        for (key, value) in holder.entries() {
            if under != "data" && !looks_like_a_section(key.bytes()) {
                continue;
            }
            let blank = match value.cases.first() {
                Some((Shape::Text(text, _), _)) => text.bytes().trim().is_empty(),
                Some((Shape::Null(_) | Shape::Absent, _)) => true,
                _ => false,
            };
            keys.push(DataKey { key, under, has_text: !blank });
        }
    }
    let is_named = meta
        .name
        .only()
        .and_then(Text::as_str)
        .is_some_and(|name| name == "aws-auth" || crate::names::nearest(name, ["aws-auth"]).is_some());
    if !is_named && !keys.iter().any(|it| looks_like_a_section(it.key.bytes())) {
        return;
    }
    let mut sections: Vec<_> = SectionKind::ALL.into_iter().filter_map(|kind| section(kind, &data)).collect();
    // Of small files there may be very many, and room for four sections and keys is more than all else.
    sections.shrink_to_fit();
    keys.shrink_to_fit();
    facts.embedded.extend(sections.iter().filter_map(|it| match &it.content {
        Content::String(text) => Some(text.clone()),
        _ => None,
    }));
    facts.aws_auths.push(AwsAuth { meta, is_whole: true, keys, sections });
}

/// True for what is called `aws-auth` and has its keys, in an object that is no ConfigMap.
pub fn is_of_wrong_kind(meta: &ObjectMeta, object: &Value<'_>) -> bool {
    let sections = ["data", "stringData"].map(|it| object.get(it).entries()).into_iter().flatten();
    meta.name.is("aws-auth") == Some(true) && sections.into_iter().any(|(key, _)| looks_like_a_section(key.bytes()))
}

/// True for `mapRoles` and its like, also when they are misspelt.
pub fn looks_like_a_section(key: &str) -> bool {
    // Every key of every ConfigMap is asked.
    if !key.contains(['m', 'M']) {
        return false;
    }
    let key = crate::names::folded(key);
    SectionKind::ALL.iter().any(|kind| {
        let wanted = kind.key().to_lowercase();
        key == wanted || Some(key.as_str()) == wanted.strip_suffix('s')
    })
}

fn section(kind: SectionKind, data: &Value<'_>) -> Option<Section> {
    let (key, value) = data.entries().into_iter().rev().find(|(key, _)| key.as_str() == Some(kind.key()))?;
    let mut section = Section {
        kind,
        key,
        content: Content::Unknown,
        mappings: Vec::new(),
        accounts: Vec::new(),
        violations: Vec::new(),
        filled_in: false,
    };
    match value.cases.as_slice() {
        [(Shape::Text(text, _), _)] => {
            section.content = Content::String(text.clone());
            read_text(text, &mut section);
        }
        [(Shape::Collection(node), _)] => {
            section.content = Content::Collection(node.span());
            read_list(*node, &mut section);
        }
        [(Shape::Null(_) | Shape::Absent, _)] => section.content = Content::String(Text::written("", value.span())),
        _ => {}
    }
    section.mappings.shrink_to_fit();
    Some(section)
}

/// Reads the YAML inside the string.
fn read_text(text: &Text, section: &mut Section) {
    // The authenticator passes over what was left empty by hand (`configmap.go`, lines 192-195).
    if matches!(text.bytes().trim(), "" | "\"\"" | "''" | "``") || text.only_hole().is_some() {
        return;
    }
    let parsed = syntax::parse(text, Hint::Yaml);
    section.filled_in = is_filled_in(text);
    let mapping_key = parsed.documents.first().and_then(|tree| mapping_as_key(tree, text));
    let template = match parsed.errors.is_empty() {
        true => mapping_key.filter(|it| it.is_template).map(|it| it.span),
        false => unquoted_template(text),
    };
    let tab = tab_behind_a_dash(text);
    // Only the first document is read: what is wrong behind it does no harm.
    let first = parsed.documents.first().filter(|tree| tree.index() == 0).map(|tree| tree.root().span());
    let error = parsed.errors.first().filter(|error| first.is_none_or(|first| error.span.start <= first.end));
    let violation = match (template, error, tab) {
        (Some(span), ..) => Some(Violation { span, kind: ViolationKind::UnquotedTemplate }),
        (None, Some(error), _) => {
            Some(Violation { span: error.span, kind: ViolationKind::Syntax(error.message.clone()) })
        }
        (None, None, Some(span)) => {
            Some(Violation { span, kind: ViolationKind::Syntax("a tab cannot indent what follows a `-`".to_owned()) })
        }
        _ => mapping_key
            .map(|it| Violation { span: it.span, kind: ViolationKind::Syntax("a key cannot be a mapping".to_owned()) }),
    };
    if let Some(violation) = violation {
        // What another tool puts in may be whole lines: such a text is not YAML yet.
        if !section.filled_in {
            read_before(text, violation.span, section);
            section.violations.push(violation);
        }
        return;
    }
    let mut documents = parsed.documents.iter();
    let Some(first) = documents.next() else { return };
    read_list(first.root(), section);
    if let Some(second) = documents.next() {
        section.violations.push(Violation { span: second.root().span(), kind: ViolationKind::SecondDocument });
    }
}

/// The entries before the place where a text stops being YAML: once that is fixed, they are what they are now. An error may show long
/// after its cause, as that of an open quote does, so a few entries more may go.
fn read_before(text: &Text, place: Span, section: &mut Section) {
    const MOST_TRIES: usize = 8;
    let mut end = text.locate(place).map_or(text.len(), |it| it.start);
    for _ in 0..MOST_TRIES {
        let Some(start) = last_entry(&text.bytes()[..end]) else { return };
        let before = text.part(0..start);
        let parsed = syntax::parse(&before, Hint::Yaml);
        if let ([only], true) = (parsed.documents.as_slice(), parsed.errors.is_empty())
            && mapping_as_key(only, &before).is_none()
        {
            let before = Section { mappings: Vec::new(), accounts: Vec::new(), ..section.clone() };
            let mut before = Section { violations: Vec::new(), ..before };
            read_list(only.root(), &mut before);
            // What is damaged may be so by what follows.
            if before.violations.is_empty() {
                section.mappings = before.mappings;
                section.accounts = before.accounts;
            }
            return;
        }
        end = start;
    }
}

/// Where the last entry of a list begins, if it is not the first.
fn last_entry(text: &str) -> Option<usize> {
    let is_item =
        |line: &str| line.trim_start_matches(' ').strip_prefix('-').is_some_and(|it| it.starts_with([' ', '\n']));
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut at = 0;
    let mut starts = text.split_inclusive('\n').filter_map(|line| {
        at += line.len();
        is_item(line).then(|| (at - line.len(), indent(line)))
    });
    let (_, first) = starts.next()?;
    starts.filter(|(_, it)| *it == first).last().map(|(start, _)| start)
}

/// True if another tool, or a parameter, fills in a part of the text that may be more than a word.
fn is_filled_in(text: &Text) -> bool {
    let may_be_lines = |piece: Piece<'_>| match piece {
        Piece::Known(known) => known.contains("{%") || known.contains("%{"),
        Piece::Hole(hole) => matches!(hole.kind, HoleKind::Unknown | HoleKind::Import(_) | HoleKind::Parameter(_)),
    };
    text.pieces().any(may_be_lines)
}

/// A tab between `-` and what follows it. go-yaml takes it for no token; our parser does not mind.
fn tab_behind_a_dash(text: &Text) -> Option<Span> {
    let mut at = 0;
    for line in text.bytes().split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '-']);
        let start = at + line.len() - content.len();
        let dashes = &line[..line.len() - content.len()];
        if content.starts_with('\t') && dashes.trim_end().ends_with('-') && !content.trim().is_empty() {
            return Some(text.slice(start..start + 1));
        }
        at += line.len();
    }
    None
}

/// A key that is a mapping, which go-yaml refuses.
#[derive(Clone, Copy)]
struct MappingKey {
    span: Span,
    /// It begins with `{{`: a variable without quotes was meant.
    is_template: bool,
}

/// The place of a `{{…}}` that YAML reads as a mapping whose key is a mapping, which Go refuses.
fn mapping_as_key(tree: &Tree, text: &Text) -> Option<MappingKey> {
    let (node, key) = tree.nodes().find_map(|node| {
        let (key, _) = node.entries().find(|(key, _)| key.kind() == Kind::Mapping)?;
        Some((node, key))
    })?;
    let is_template = text.bytes().get(node.range()).is_some_and(|it| it.starts_with("{{"));
    Some(MappingKey { span: if is_template { node.span() } else { key.span() }, is_template })
}

/// The same, where what follows keeps the text from being YAML at all: `{{AccountID}}-dev`.
fn unquoted_template(text: &Text) -> Option<Span> {
    let mut at = 0;
    for line in text.bytes().split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '-', '\t']);
        let value = match content.find(": ") {
            Some(colon) if !content.starts_with("{{") && !content.starts_with('#') => content[colon + 2..].trim_start(),
            _ => content,
        };
        if value.starts_with("{{") && !content.starts_with('#') {
            let start = at + line.len() - value.len();
            let end = start + value.trim_end().len();
            return Some(text.slice(start..end));
        }
        at += line.len();
    }
    None
}

fn read_list(root: Node<'_>, section: &mut Section) {
    if root.is_null() {
        return;
    }
    if root.kind() != Kind::Sequence {
        let found = if root.kind() == Kind::Mapping { "a mapping" } else { "a single value" };
        if !(root.kind() == Kind::Scalar && has_tag(root)) {
            section.violations.push(Violation { span: root.span(), kind: ViolationKind::NotAList(found) });
        }
        return;
    }
    for item in root.items() {
        match (section.kind, item.kind()) {
            (SectionKind::Accounts, Kind::Scalar) => {
                if let Some(text) = item.text() {
                    let quoted = item.style() != Some(crate::syntax::Style::Plain);
                    section.accounts.push(Account { text: templating::find(text, Tags::AwsAuth), quoted });
                }
            }
            (SectionKind::Accounts, _) => {
                let found = if item.kind() == Kind::Mapping { "a mapping" } else { "a list" };
                section.violations.push(Violation { span: item.span(), kind: ViolationKind::AccountNotAString(found) });
            }
            (_, Kind::Mapping) => {
                let before = section.violations.len();
                let mut mapping = mapping(section.kind, item, &mut section.violations);
                mapping.is_damaged = section.violations.len() > before;
                section.filled_in |= mapping.arn.known().any(has_braces);
                section.mappings.push(mapping);
            }
            (_, kind) => {
                if has_tag(item) {
                    continue;
                }
                let found = match kind {
                    Kind::Sequence => "a list",
                    _ if item.is_null() => "empty",
                    _ => "a single value",
                };
                section.violations.push(Violation { span: item.span(), kind: ViolationKind::NotAMapping(found) });
            }
        }
    }
}

/// True for the ARN of a file that goes through Jinja or its like, where `{{ accountId }}` is nobody's slip.
fn has_braces(arn: &Text) -> bool {
    arn.pieces().any(|piece| matches!(piece, Piece::Hole(hole) if hole.written.starts_with("{{")))
}

/// True for a scalar in which a template engine will put something else.
fn has_tag(node: Node<'_>) -> bool {
    node.text().is_some_and(|text| templating::find(text, Tags::AwsAuth).has_holes())
}

fn mapping(kind: SectionKind, entry: Node<'_>, violations: &mut Vec<Violation>) -> Mapping {
    let mut mapping = Mapping {
        section: kind,
        span: entry.span(),
        arn: Field::absent(),
        username: Field::absent(),
        groups: List::default(),
        keys: Vec::new(),
        is_damaged: false,
    };
    // The decoder takes keys in the order of their bytes, so the one in lower case is taken last and wins.
    let mut entries: Vec<_> = entry.entries().filter_map(|(key, value)| Some((key.str()?, key, value))).collect();
    entries.sort_by(|a, b| a.0.cmp(b.0));
    for (name, key, value) in entries {
        let Some(text) = key.text() else { continue };
        mapping.keys.push(templating::find(text, Tags::AwsAuth));
        let key = Some(key.span());
        match name.to_ascii_lowercase().as_str() {
            it if it == kind.arn_key() => {
                // The authenticator replaces nothing in an ARN, so tags here are those of another tool.
                mapping.arn =
                    Field { key, ..string(value, name, violations).map(|text| Some(templating::find_all(text))) };
            }
            "username" => {
                let username = string(value, name, violations);
                mapping.username = Field { key, ..username.map(|text| Some(templating::find(text, Tags::AwsAuth))) };
            }
            "groups" => mapping.groups = List { key, ..groups(value, violations) },
            _ => {}
        }
    }
    mapping.keys.sort_by_key(|it| it.span().bounds());
    mapping.keys.shrink_to_fit();
    mapping.groups.items.shrink_to_fit();
    mapping
}

/// A property that has to be a string: what YAML 1.1 takes for something else is dropped.
fn string(value: Node<'_>, field: &str, violations: &mut Vec<Violation>) -> Field<Text> {
    let Some(text) = value.text() else {
        let found = if value.kind() == Kind::Mapping { "a mapping" } else { "a list" };
        violations
            .push(Violation { span: value.span(), kind: ViolationKind::Scalar { field: field.to_owned(), found } });
        return Field::absent();
    };
    let found = match value.resolve(Schema::Yaml11) {
        Some(Resolved::Bool(_)) => "a boolean",
        Some(Resolved::Number) => "a number",
        Some(Resolved::Null) => return Field::absent(),
        _ => return Field::of(text),
    };
    violations.push(Violation { span: value.span(), kind: ViolationKind::Scalar { field: field.to_owned(), found } });
    Field::absent()
}

fn groups(value: Node<'_>, violations: &mut Vec<Violation>) -> List<Text> {
    let mut list = List::default();
    match value.kind() {
        Kind::Sequence => {}
        Kind::Scalar if value.is_null() => return list,
        Kind::Scalar if has_tag(value) => return List::unknown(),
        kind => {
            let found = if kind == Kind::Mapping { "a mapping" } else { "a single value" };
            violations.push(Violation { span: value.span(), kind: ViolationKind::GroupsNotAList(found) });
            return list;
        }
    }
    for item in value.items() {
        let Some(text) = item.text() else {
            let found = if item.kind() == Kind::Mapping { "a mapping" } else { "a list" };
            violations.push(Violation { span: item.span(), kind: ViolationKind::GroupNotAString(found) });
            continue;
        };
        let found = match item.resolve(Schema::Yaml11) {
            Some(Resolved::Bool(_)) => "a boolean",
            Some(Resolved::Number) => "a number",
            Some(Resolved::Null) => "empty",
            _ => {
                let text = templating::find(text, Tags::AwsAuth);
                list.complete &= text.only_hole().is_none();
                list.items.push(Item { value: text, branch: Branch::always() });
                continue;
            }
        };
        violations
            .push(Violation { span: item.span(), kind: ViolationKind::Scalar { field: "groups".to_owned(), found } });
    }
    list
}
