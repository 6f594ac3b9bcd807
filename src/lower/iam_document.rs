//! Policy documents, wherever they stand: in a template, in a string of a template, in a file of their own.

use crate::facts::{
    Branch, BrokenDocument, DocumentKind, Facts, Field, Item, Limit, List, StandaloneDocument, Type, WrongType,
};
use crate::iam::{Condition, PolicyDocument, Principal, PrincipalForm, Statement};
use crate::source::{HoleKind, Piece, Span, Text};
use crate::syntax::{self, Hint, Kind, Node};

use super::outline::Outline;
use super::templating;
use super::types;
use super::value::{Dialect, Shape, Value};

/// What every policy document holds.
pub const KEYWORDS: &[&str] = &["Statement"];

/// A property that holds a policy document: a mapping, or a string with JSON in it. What keeps the string from being read
/// goes to `broken`, and the string itself to `texts`.
pub fn document_field(
    value: &Value<'_>,
    broken: &mut Vec<BrokenDocument>,
    texts: &mut Vec<Text>,
) -> Field<PolicyDocument> {
    let mut cases = Vec::new();
    for (shape, branch, single) in value.each() {
        let case = match shape {
            Shape::Text(text, _) => {
                let document = from_text(text, value.dialect, broken);
                texts.extend(document.is_some().then(|| text.clone()));
                document.map_or_else(Field::unknown, Field::of)
            }
            Shape::Collection(node) if node.kind() == Kind::Mapping => Field::of(document(&single)),
            _ => single.field(|_| None),
        };
        cases.extend(case.cases.into_iter().map(|mut case| {
            case.branch = branch.clone();
            case
        }));
    }
    Field { cases: cases.into_iter().collect(), key: value.key }
}

/// Reads JSON or YAML in a string as a policy document.
fn from_text(text: &Text, dialect: Dialect<'_>, broken: &mut Vec<BrokenDocument>) -> Option<PolicyDocument> {
    if text.only_hole().is_some() {
        return None;
    }
    let parsed = syntax::parse(text, Hint::Json);
    let beyond = parsed.errors.iter().filter(|it| it.is_limit);
    beyond.for_each(|it| dialect.reached(Limit::part(it.span, it.message.clone())));
    if let Some(error) = parsed.errors.iter().find(|it| !it.is_limit).filter(|_| is_surely_json(text)) {
        broken.push(BrokenDocument {
            span: error.span,
            message: error.message.clone(),
            is_template: false,
            is_about_identity: true,
        });
    }
    let root = parsed.documents.first()?.root();
    root.get("Statement")?;
    if parsed.errors.is_empty()
        && let Some((span, message)) = not_json(text)
    {
        let message = message.to_owned();
        broken.push(BrokenDocument { span, message, is_template: false, is_about_identity: true });
        return None;
    }
    Some(document(&Value::new(root, Dialect::Plain)))
}

/// Where a text is YAML and not JSON. IAM rejects it: CloudFormation makes JSON of YAML, but not of a string.
fn not_json(text: &Text) -> Option<(Span, &'static str)> {
    if text.has_holes() || templating::has_template_tag(text.bytes()) {
        return None;
    }
    if !text.bytes().trim_start().starts_with('{') {
        return Some((text.trim().whole(), "a policy document in a string has to be JSON, and this is YAML"));
    }
    // The comma that was read last, if only white space came after it.
    let mut comma = None;
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, byte) in text.bytes().bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => (is_quoted, comma) = (!is_quoted, None),
            _ if is_quoted => {}
            b',' => comma = Some(at),
            b']' | b'}' if comma.is_some() => {
                let at = comma?;
                return Some((text.slice(at..at + 1), "JSON has no comma before a closing bracket"));
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
    }
    None
}

/// True if a text was meant to be JSON and all that only a deploy knows of it stands inside its strings: then nothing that
/// is filled in can mend it.
fn is_surely_json(text: &Text) -> bool {
    let mut quoted = false;
    for piece in text.pieces() {
        let Piece::Known(known) = piece else {
            if !quoted {
                return false;
            }
            continue;
        };
        let mut escaped = false;
        for byte in known.bytes() {
            match byte {
                b'"' if !escaped => quoted = !quoted,
                b'\\' if quoted => {
                    escaped = !escaped;
                    continue;
                }
                _ => {}
            }
            escaped = false;
        }
    }
    text.bytes().trim_start().starts_with('{')
}

/// Reads a mapping as a policy document.
pub fn document(value: &Value<'_>) -> PolicyDocument {
    let statements = value.get("Statement").one_or_many();
    let mut document = PolicyDocument {
        span: value.span(),
        version: value.get("Version").text(),
        statements: List {
            complete: statements.complete,
            key: statements.key,
            items: statements
                .items
                .iter()
                .map(|item| Item { value: statement(&item.value), branch: item.branch.clone() })
                .collect(),
        },
        beyond: None,
        wrong_types: wrong_types(value),
        speaks_of_eks: false,
    };
    document.cut_off();
    document.speaks_of_eks = document.finds_eks();
    document
}

/// What a statement has besides its principals, which have a rule of their own.
const STATEMENT: &[types::Row] = &[
    ("Sid", Type::String),
    ("Effect", Type::String),
    ("Action", Type::StringOrList),
    ("Action[]", Type::String),
    ("NotAction", Type::StringOrList),
    ("Resource", Type::StringOrList),
    ("Resource[]", Type::String),
    ("NotResource", Type::StringOrList),
    ("Condition", Type::Mapping),
];

fn wrong_types(document: &Value<'_>) -> Box<[WrongType]> {
    let mut wrong = Vec::new();
    types::check(document, &[("Version", Type::String), ("Statement", Type::MappingOrList)], &mut wrong);
    for statement in &document.get("Statement").one_or_many().items {
        types::check(&statement.value, STATEMENT, &mut wrong);
        let condition = statement.value.get("Condition");
        for (operator, block) in condition.entries() {
            types::judge(operator.bytes(), &block, Type::Mapping, &mut wrong);
            for (key, values) in block.entries() {
                types::judge(key.bytes(), &values, Type::StringOrList, &mut wrong);
            }
        }
    }
    wrong.into()
}

fn statement(value: &Value<'_>) -> Statement {
    let key = |name: &str| {
        let found = value.get(name);
        if found.is_absent() { None } else { found.key }
    };
    let resource = value.get("Resource");
    let is_mapping = value.is_mapping();
    Statement {
        span: value.span(),
        sid: value.get("Sid").text(),
        effect: value.get("Effect").text(),
        principals: if is_mapping { principals(&value.get("Principal")) } else { List::unknown() },
        principal_key: key("Principal"),
        not_principal: key("NotPrincipal"),
        actions: value.get("Action").one_or_many_texts(),
        not_action: key("NotAction"),
        resource_entry: resource.key.filter(|_| !resource.is_absent()).map(|key| key.to(resource.span())),
        resources: resource.one_or_many_texts(),
        not_resource: key("NotResource"),
        conditions: conditions(&value.get("Condition")),
    }
}

fn principals(value: &Value<'_>) -> List<Principal> {
    let mut list = List { key: value.key, ..List::default() };
    for (shape, branch, single) in value.each() {
        match shape {
            Shape::Absent | Shape::Null(_) => {}
            Shape::Text(text, _) => {
                let form = if text.is("*") == Some(true) { PrincipalForm::Map } else { PrincipalForm::Text };
                list.items.push(bare_principal(text, form, branch));
            }
            Shape::Collection(node) if node.kind() == Kind::Mapping => {
                principal_map(&single, PrincipalForm::Map, &mut list);
            }
            Shape::Collection(_) | Shape::Items(_) => {
                let items = single.items();
                list.complete &= items.complete;
                for item in &items.items {
                    match item.value.cases.first() {
                        Some((Shape::Text(text, _), _)) => {
                            list.items.push(bare_principal(text, PrincipalForm::List, &item.branch));
                        }
                        _ if item.value.is_mapping() => principal_map(&item.value, PrincipalForm::List, &mut list),
                        _ => list.complete = false,
                    }
                }
            }
            Shape::Unknown(_) => list.complete = false,
        }
    }
    list.items.shrink_to_fit();
    list
}

/// A principal of which only the value is written.
fn bare_principal(text: &Text, form: PrincipalForm, branch: &Branch) -> Item<Principal> {
    Item { value: Principal { kind: text.clone(), value: text.clone(), form }, branch: branch.clone() }
}

/// Reads `{ Service: [ec2.amazonaws.com] }`.
fn principal_map(map: &Value<'_>, form: PrincipalForm, list: &mut List<Principal>) {
    for (kind, values) in map.entries() {
        // A nested map makes the strings incomplete: what is in it may be meant as principals.
        let nested = values.one_or_many();
        let values = values.one_or_many_texts();
        list.complete &= values.complete;
        list.items.extend(values.items.into_iter().map(|item| Item {
            value: Principal { kind: kind.clone(), value: item.value, form },
            branch: item.branch,
        }));
        for item in nested.items.iter().filter(|it| it.value.is_mapping()) {
            for (key, inner) in item.value.entries() {
                // In a file of its own, a function of CloudFormation is a map like any other.
                let Some(text) = inner.string().and_then(|_| inner.text().only().cloned()) else { continue };
                if is_function(&key) {
                    continue;
                }
                let principal = Principal { kind: kind.clone(), value: text, form: PrincipalForm::NestedMap };
                list.items.push(Item { value: principal, branch: item.branch.clone() });
            }
        }
    }
}

/// True for `Ref`, `Fn::Sub` and their like.
fn is_function(key: &Text) -> bool {
    key.bytes() == "Ref" || key.bytes().starts_with("Fn::")
}

fn conditions(value: &Value<'_>) -> List<Condition> {
    let mut list = List { key: value.key, ..List::default() };
    for (shape, branch, single) in value.each() {
        match shape {
            Shape::Absent | Shape::Null(_) => {}
            Shape::Collection(node) if node.kind() == Kind::Mapping => {
                for (operator, block) in single.entries() {
                    if !block.is_mapping() {
                        list.complete = false;
                    }
                    for (key, values) in block.entries() {
                        let key = condition_key(key, value.dialect);
                        let values = values.one_or_many_texts();
                        list.items.push(Item {
                            value: Condition { operator: operator.clone(), key, values },
                            branch: branch.clone(),
                        });
                    }
                }
            }
            _ => list.complete = false,
        }
    }
    list.items.shrink_to_fit();
    list
}

/// The key of a condition. CloudFormation replaces nothing in keys, so `${Name}` stays in the key; but if the name is not
/// one of the template, something else may replace it before.
fn condition_key(key: Text, dialect: Dialect<'_>) -> Text {
    match dialect {
        Dialect::Template(template) if key.bytes().contains("${") && !template.lacks_sub(key.bytes()) => {
            Text::hole(HoleKind::Unknown, &key.shown(), key.whole())
        }
        _ => key,
    }
}

/// True if a mapping is a policy document: it has statements, and they have effects.
pub fn is_document(root: Node<'_>) -> bool {
    let Some(statements) = root.get("Statement") else { return false };
    let has_effect = |node: Node<'_>| node.get("Effect").is_some();
    match statements.kind() {
        Kind::Mapping => has_effect(statements),
        Kind::Sequence => statements.items().any(has_effect),
        Kind::Scalar => false,
    }
}

/// [`is_document`], asked of an outline.
pub fn may_be_document(outline: &Outline<'_>) -> bool {
    outline.has_mapping("Statement") || outline.has_sequence("Statement")
}

/// Reads a policy document that is a file of its own. Resource policies (of buckets, keys, queues) are left alone.
pub fn lower(root: Node<'_>, facts: &mut Facts) {
    let document = document(&Value::new(root, Dialect::Plain));
    let statements = || document.statements.iter();
    let has_principal = |it: &Statement| it.principal_key.is_some() || it.not_principal.is_some();
    // Policies of VPC endpoints have principals, actions of `sts` and resources too, but for accounts, not for services.
    let is_trust = |it: &Statement| {
        it.actions.iter().any(|action| action.bytes().to_ascii_lowercase().starts_with("sts:"))
            && (it.resource_entry.is_none() || it.has_principal_kind("Service") || it.has_principal_kind("Federated"))
    };
    let kind = if statements().any(|it| has_principal(it) && is_trust(it)) {
        DocumentKind::Trust
    } else if statements().any(has_principal) {
        return;
    } else {
        DocumentKind::Permissions
    };
    facts.policy_documents.push(StandaloneDocument { span: document.span, kind, document });
}
