//! Values of a document after its dialect's functions: what `!If`, `!Sub` and `!Ref` come to.
//!
//! A plain manifest has no functions, so a value is its node. A template's value may have several cases. The code that
//! reads a ServiceAccount or a trust policy is the same for both, also for a manifest inside a template.

use smallvec::{SmallVec, smallvec};

use crate::facts::{Branch, Case, Field, Item, Limit, List, Spanned, Value as FieldValue};
use crate::source::{Attribute, HoleKind, Span, Text};
use crate::syntax::{Kind, Node, Resolved, Schema};

use super::templating::{self, Tags};

/// More cases than this are not told apart: the value is unknown, and the report says so. Each `Fn::If` in a text may
/// double them.
pub const MOST_CASES: usize = 32;

/// What gives a node its meaning.
#[derive(Clone, Copy)]
pub enum Dialect<'t> {
    /// A manifest or a policy document: a node means what it says, but for the tags of template engines.
    Plain,
    /// A manifest that argocd-vault-plugin reads: like [`Dialect::Plain`], and `<name>` stands for a secret.
    Vault,
    /// A CloudFormation template.
    Template(&'t dyn Functions<'t>),
}

/// A format whose values are made by functions.
pub trait Functions<'t> {
    /// What a node comes to, and the branches it does under.
    fn resolve(&'t self, node: Node<'t>, branch: &Branch, depth: usize) -> Cases<'t>;

    /// See [`Dialect::reached`]. A value may be asked for often, so of each limit the first place is kept.
    fn reached(&self, limit: Limit);

    /// Whether a parameter may be a list.
    fn may_be_list(&self, parameter: &str) -> bool;

    /// True if something may have changed the whole document before it is deployed.
    fn is_rewritten(&self) -> bool;

    /// True if a text without a function around it names something in `${…}` that one could fill in.
    fn lacks_sub(&self, text: &str) -> bool;
}

impl Dialect<'_> {
    /// Which tags of other tools may stand in a text.
    pub fn tags(self) -> Tags {
        match self {
            Dialect::Plain => Tags::Plain,
            Dialect::Vault => Tags::Vault,
            Dialect::Template(_) => Tags::Template,
        }
    }

    /// Keeps in mind that a limit was reached. Only a template can make a value larger than its text.
    pub fn reached(self, limit: Limit) {
        if let Dialect::Template(template) = self {
            template.reached(limit);
        }
    }

    /// Keeps in mind that a value has more cases than are told apart.
    pub fn too_many_cases(self, span: Span) {
        self.reached(Limit::value(span, format!("more than {MOST_CASES} cases of one value")));
    }
}

/// The cases of a value, and the branches they hold under: nearly always one.
pub type Cases<'t> = SmallVec<[(Shape<'t>, Branch); 1]>;

/// A value: its cases, and the branches they hold under.
#[derive(Clone)]
pub struct Value<'t> {
    pub cases: Cases<'t>,
    pub dialect: Dialect<'t>,
    /// The key it is written for.
    pub key: Option<Span>,
}

/// What a value is in one case.
#[derive(Clone)]
pub enum Shape<'t> {
    /// A mapping or a list, as it is written.
    Collection(Node<'t>),
    /// A list that a function made.
    Items(Vec<Value<'t>>),
    /// A string, with its node if it is written as one.
    Text(Text, Option<Node<'t>>),
    /// Written as nothing, `~` or `null`.
    Null(Span),
    /// Not written.
    Absent,
    Unknown(Span),
}

impl<'t> Value<'t> {
    pub fn new(node: Node<'t>, dialect: Dialect<'t>) -> Self {
        Self::under(node, dialect, &Branch::always(), None, 0)
    }

    pub fn absent(dialect: Dialect<'t>) -> Self {
        Self { cases: smallvec![(Shape::Absent, Branch::always())], dialect, key: None }
    }

    /// The value of a node in a branch. `depth` counts the functions around it.
    pub fn under(node: Node<'t>, dialect: Dialect<'t>, branch: &Branch, key: Option<Span>, depth: usize) -> Self {
        let mut cases = match dialect {
            Dialect::Template(template) => template.resolve(node, branch, depth),
            Dialect::Plain | Dialect::Vault => smallvec![(plain(node, dialect.tags()), branch.clone())],
        };
        if cases.len() > MOST_CASES {
            dialect.too_many_cases(node.span());
            cases = smallvec![(Shape::Unknown(node.span()), branch.clone())];
        }
        Self { cases, dialect, key }
    }

    /// The value of a key. Where this is not a mapping the answer is unknown, not absent.
    pub fn get(&self, key: &str) -> Value<'t> {
        let mut found = Value { cases: Cases::with_capacity(self.cases.len()), dialect: self.dialect, key: None };
        for (shape, branch) in &self.cases {
            match shape {
                Shape::Collection(node) if node.kind() == Kind::Mapping => match node.entry(key) {
                    Some((name, value)) => {
                        let value = Value::under(value, self.dialect, branch, Some(name.span()), 0);
                        found.key = found.key.or(value.key);
                        found.cases.extend(value.cases);
                    }
                    None if self.may_hide_keys(*node) => {
                        found.cases.push((Shape::Unknown(node.span()), branch.clone()));
                    }
                    None => found.cases.push((Shape::Absent, branch.clone())),
                },
                Shape::Absent | Shape::Null(_) => found.cases.push((Shape::Absent, branch.clone())),
                Shape::Collection(node) => found.cases.push((Shape::Unknown(node.span()), branch.clone())),
                Shape::Text(text, _) => found.cases.push((Shape::Unknown(text.span()), branch.clone())),
                Shape::Items(_) => found.cases.push((Shape::Absent, branch.clone())),
                Shape::Unknown(span) => found.cases.push((Shape::Unknown(*span), branch.clone())),
            }
        }
        if found.cases.len() > MOST_CASES {
            self.dialect.too_many_cases(self.span());
            return Value { cases: smallvec![(Shape::Unknown(self.span()), Branch::always())], ..found };
        }
        found
    }

    /// Keys and values, as written, of every case that is a mapping.
    pub fn entries(&self) -> Vec<(Text, Value<'t>)> {
        let mut entries = Vec::new();
        for (shape, branch) in &self.cases {
            let Shape::Collection(node) = shape else { continue };
            for (key, value) in node.entries() {
                let Some(text) = key.text() else { continue };
                let value = Value::under(value, self.dialect, branch, Some(key.span()), 0);
                entries.push((templating::find(text, self.dialect.tags()), value));
            }
        }
        entries
    }

    /// The keys, as written, of every case that is a mapping, if they may be wanted. A key is asked as it is decoded, before its
    /// template tags are looked for: nearly all are not wanted.
    pub fn keys(&self, may_be_wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = Text> {
        let nodes = self.cases.iter().filter_map(|(shape, _)| match shape {
            Shape::Collection(node) => Some(node.entries()),
            _ => None,
        });
        let wanted = nodes.flatten().map(|(key, _)| key).filter(move |key| key.str().is_none_or(&may_be_wanted));
        wanted.filter_map(Node::text).map(|text| templating::find(text, self.dialect.tags()))
    }

    /// The items of a list; nothing if there is none. What is not a list makes the answer incomplete.
    pub fn items(&self) -> List<Value<'t>> {
        self.list(false)
    }

    /// Like [`Value::items`], but a single value counts as a list of one, as it does in policy documents.
    pub fn one_or_many(&self) -> List<Value<'t>> {
        self.list(true)
    }

    fn list(&self, one_counts: bool) -> List<Value<'t>> {
        let mut list = List { key: self.key, ..List::default() };
        let mut add = |value: Value<'t>, branch: &Branch, complete: &mut bool| {
            for (shape, under) in &value.cases {
                match shape {
                    Shape::Absent => {}
                    // A list parameter inside a list, or an import: how many items it is cannot be known.
                    Shape::Unknown(_) => *complete = false,
                    _ => list.items.push(Item {
                        value: Value {
                            cases: smallvec![(shape.clone(), under.clone())],
                            dialect: self.dialect,
                            key: None,
                        },
                        branch: under.join(branch).unwrap_or_else(|| under.clone()),
                    }),
                }
            }
        };
        let mut complete = true;
        for (shape, branch) in &self.cases {
            match shape {
                Shape::Collection(node) if node.kind() == Kind::Sequence => {
                    for item in node.items() {
                        add(Value::under(item, self.dialect, branch, None, 0), branch, &mut complete);
                    }
                }
                Shape::Items(items) => {
                    for item in items {
                        add(item.clone(), branch, &mut complete);
                    }
                }
                Shape::Absent | Shape::Null(_) => {}
                Shape::Unknown(_) => complete = false,
                Shape::Text(text, _) if text.only_hole().is_some_and(|hole| self.may_be_many(&hole.kind)) => {
                    complete = false;
                    if one_counts {
                        add(self.single(shape, branch), branch, &mut complete);
                    }
                }
                Shape::Collection(_) | Shape::Text(..) if one_counts => {
                    add(self.single(shape, branch), branch, &mut complete);
                }
                Shape::Collection(_) | Shape::Text(..) => complete = false,
            }
        }
        list.complete = complete;
        list
    }

    /// Whether a hole may stand for a list: a parameter of such a type may, a resource's name or ARN is one string. What
    /// `Fn::Sub` fills into a string of a document is one, too.
    fn may_be_many(&self, kind: &HoleKind) -> bool {
        match (kind, self.dialect) {
            (HoleKind::Unknown | HoleKind::Import(_), _) => true,
            (HoleKind::Parameter(id), Dialect::Template(template)) => template.may_be_list(&id.name),
            (HoleKind::Resource(reference), Dialect::Template(_)) => {
                matches!(reference.attribute, Attribute::Other(_))
            }
            _ => false,
        }
    }

    fn single(&self, shape: &Shape<'t>, branch: &Branch) -> Value<'t> {
        Value { cases: smallvec![(shape.clone(), branch.clone())], dialect: self.dialect, key: None }
    }

    /// The value as a string property.
    pub fn text(&self) -> Field<Text> {
        self.field(|shape| match shape {
            Shape::Text(text, _) => Some(text.clone()),
            _ => None,
        })
    }

    /// The items as strings.
    pub fn texts(&self) -> List<Text> {
        texts(self.items())
    }

    /// The items as strings; a single string counts as a list of one.
    pub fn one_or_many_texts(&self) -> List<Text> {
        texts(self.one_or_many())
    }

    /// The value as a yes-or-no property. CloudFormation takes the strings `true` and `false` too.
    pub fn flag(&self) -> Field<Spanned<bool>> {
        self.field(|shape| match shape {
            Shape::Text(text, _) => {
                let value = match text.as_str()?.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "on" => true,
                    "false" | "no" | "off" => false,
                    _ => return None,
                };
                Some(Spanned { value, span: text.span() })
            }
            _ => None,
        })
    }

    /// The value as something that only has to be there.
    pub fn presence(&self) -> Field<Span> {
        self.field(|shape| match shape {
            Shape::Collection(node) => Some(node.span()),
            Shape::Text(text, _) => Some(text.span()),
            _ => None,
        })
    }

    /// One case for each case of the value; what `read` does not understand is unknown.
    pub fn field<T: 'static>(&self, mut read: impl FnMut(&Shape<'t>) -> Option<T>) -> Field<T> {
        let cases = self.cases.iter().map(|(shape, branch)| Case {
            value: match shape {
                Shape::Absent | Shape::Null(_) => FieldValue::Absent,
                Shape::Unknown(_) => FieldValue::Unknown,
                shape => read(shape).map_or(FieldValue::Unknown, FieldValue::Known),
            },
            branch: branch.clone(),
        });
        Field { cases: cases.collect(), key: self.key }
    }

    /// Each case that is written, as a value of its own, in order: for reading mappings case by case.
    pub fn each(&self) -> impl Iterator<Item = (&Shape<'t>, &Branch, Value<'t>)> {
        self.cases.iter().map(|(shape, branch)| (shape, branch, self.single(shape, branch)))
    }

    pub fn is_absent(&self) -> bool {
        self.cases.iter().all(|(shape, _)| matches!(shape, Shape::Absent))
    }

    /// True if some case is a mapping.
    pub fn is_mapping(&self) -> bool {
        self.cases.iter().any(|(shape, _)| matches!(shape, Shape::Collection(node) if node.kind() == Kind::Mapping))
    }

    /// The string, if it is one, the same in every case, and known.
    pub fn string(&self) -> Option<String> {
        match self.cases.as_slice() {
            [(Shape::Text(text, _), _)] => text.as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// Where the first written case stands.
    pub fn span(&self) -> Span {
        let place = self.cases.iter().find_map(|(shape, _)| match shape {
            Shape::Collection(node) => Some(node.span()),
            Shape::Text(text, _) => Some(text.whole()),
            Shape::Items(items) => items.first().map(Value::span),
            Shape::Null(span) | Shape::Unknown(span) => Some(*span),
            Shape::Absent => None,
        });
        place.or(self.key).unwrap_or(NOWHERE)
    }

    /// A mapping may get keys that are not written in it: from a macro, a transform, a loop, a template engine.
    fn may_hide_keys(&self, node: Node<'t>) -> bool {
        let from_function = node.entries().any(|(key, _)| {
            key.str().is_some_and(|key| key == "Fn::Transform" || key.starts_with("Fn::ForEach") || key.contains("{{"))
        });
        from_function || matches!(self.dialect, Dialect::Template(template) if template.is_rewritten())
    }
}

/// The place of what is not written anywhere. No finding may be made there.
pub const NOWHERE: Span = Span { file: crate::source::FileId::new(0), start: 0, end: 0 };

fn texts(list: List<Value<'_>>) -> List<Text> {
    let mut complete = list.complete;
    let mut items = Vec::with_capacity(list.items.len());
    for item in list.items {
        match item.value.cases.first() {
            Some((Shape::Text(text, _), _)) => {
                // `- !Ref ListParameter` is one item, or many.
                complete &=
                    !text.only_hole().is_some_and(|hole| matches!(hole.kind, HoleKind::Unknown | HoleKind::Import(_)));
                items.push(Item { value: text.clone(), branch: item.branch });
            }
            _ => complete = false,
        }
    }
    List { items, complete, key: list.key }
}

/// What a node is where there are no functions.
pub fn plain(node: Node<'_>, tags: Tags) -> Shape<'_> {
    if node.kind() == Kind::Mapping && node.entries().next().is_some_and(|(key, _)| key.kind() == Kind::Mapping) {
        // `{{ .Values.arn }}` without quotes: YAML sees a mapping whose key is a mapping.
        return Shape::Unknown(node.span());
    }
    if is_tag_of_brackets(node) || tags != Tags::Template && has_tag_of_a_tool(node) {
        return Shape::Unknown(node.span());
    }
    if node.kind() != Kind::Scalar {
        return Shape::Collection(node);
    }
    if node.comment().is_some_and(|it| templating::is_filled_by(it, !node.is_null())) {
        return Shape::Unknown(node.span());
    }
    if matches!(node.resolve(Schema::Core), Some(Resolved::Null)) {
        return Shape::Null(node.span());
    }
    match node.text() {
        Some(text) => Shape::Text(templating::find(text, tags), Some(node)),
        None => Shape::Unknown(node.span()),
    }
}

/// True for `[[ .Env.ROLE ]]` without quotes: YAML sees a list in a list.
fn is_tag_of_brackets(node: Node<'_>) -> bool {
    let Some(inner) = only_item(node) else { return false };
    let Some(item) = only_item(inner) else { return false };
    item.kind() == Kind::Scalar && inner.span().start == node.span().start + 1
}

fn only_item(node: Node<'_>) -> Option<Node<'_>> {
    let mut items = (node.kind() == Kind::Sequence).then(|| node.items())?;
    items.next().filter(|_| items.next().is_none())
}

/// True for `!vault` and its like, which a tool replaces with what it decrypts or looks up.
fn has_tag_of_a_tool(node: Node<'_>) -> bool {
    const TAGS: [&str; 6] = ["!vault", "!vault-encrypted", "!secret", "!env", "!ENV", "!encrypted"];
    node.tag().is_some_and(|it| TAGS.contains(&it.name.trim_end()))
}
