//! Where a span stands in its document, said without lines: the keys on the way there, and the names of list items.
//!
//! An item is called by what tells it apart from the others of its list, not by its number: something that is inserted
//! above it does not change what it is called. Items without a name are all `[*]`. A document inside a string is a level
//! like any other.

use crate::collections::HashSet;
use crate::lower::stream;
use crate::source::{FileId, Source, Span, Text};
use crate::syntax::{self, Hint, Kind, Node, Style, Tree};

/// Characters of one key or name that are written as they are. Of longer ones there is the start, and a hash of all.
const LONG_SEGMENT: usize = 160;
/// The same for a whole place.
const LONG_PLACE: usize = 1000;
/// How many documents may stand inside each other's strings.
const MAX_EMBEDDED: usize = 4;

/// Keys that tell the items of a list apart, compared without case; the first that an item has. `aws-auth` and eksctl
/// call principals by ARN, IAM its statements by `Sid` and its policies by name, AWS its tags by `Key`, and Kubernetes
/// everything by `name`.
const NAMES: [&str; 10] =
    ["rolearn", "userarn", "arn", "principalArn", "policyArn", "Sid", "PolicyName", "Key", "ParameterKey", "name"];

/// The logical places of spans of one file. The spans are sorted.
pub fn places(source: &Source, file: FileId, spans: &[Span]) -> Vec<String> {
    let text = Text::of_file(file, source.text.clone());
    let hint = if source.path.ends_with(".json") { Hint::Json } else { Hint::Yaml };
    let mut finder = Finder { spans, steps: Vec::new(), found: vec![None; spans.len()] };
    let every: Vec<usize> = (0..spans.len()).collect();
    for (_, part) in stream::documents(&text, |_| true) {
        let all: Vec<usize> = finder.inside(&every, part.span());
        if all.is_empty() {
            continue;
        }
        for tree in &syntax::parse(&part, hint).documents {
            let root = tree.root();
            let step = object_name(root).map(|name| finder.step(None, format!("[{name}]")));
            let wanted = finder.inside(&all, root.span());
            finder.visit_tree(tree, step, &wanted, 0);
        }
    }
    finder.render()
}

/// One level of a place.
struct Step {
    parent: Option<usize>,
    /// `/key` or `[name]`.
    text: String,
}

struct Finder<'s> {
    spans: &'s [Span],
    steps: Vec<Step>,
    /// For each span the deepest step that holds it.
    found: Vec<Option<usize>>,
}

impl Finder<'_> {
    fn step(&mut self, parent: Option<usize>, text: String) -> usize {
        self.steps.push(Step { parent, text: clip(&text, LONG_SEGMENT) });
        self.steps.len() - 1
    }

    /// Those of the wanted spans that lie in `place`. They are sorted, and stay so.
    fn inside(&self, wanted: &[usize], place: Span) -> Vec<usize> {
        let from = wanted.partition_point(|&at| self.spans[at].start < place.start);
        let to = wanted.partition_point(|&at| self.spans[at].start <= place.end);
        wanted[from..to.max(from)].iter().copied().filter(|&at| place.contains(self.spans[at])).collect()
    }

    fn visit_tree(&mut self, tree: &Tree, step: Option<usize>, wanted: &[usize], embedded: usize) {
        self.visit(tree.root(), step, wanted, embedded, &mut HashSet::default());
    }

    /// Goes down to where the wanted spans are. An anchor is met where it is written first, which is its place.
    fn visit(
        &mut self,
        node: Node<'_>,
        step: Option<usize>,
        wanted: &[usize],
        embedded: usize,
        met: &mut HashSet<u32>,
    ) {
        if wanted.is_empty() || !met.insert(node.id()) {
            return;
        }
        for &at in wanted {
            self.found[at] = step;
        }
        match node.kind() {
            Kind::Mapping => {
                for (key, value) in node.entries() {
                    let (on_key, below) = (self.inside(wanted, key.span()), self.inside(wanted, value.span()));
                    if on_key.is_empty() && below.is_empty() {
                        continue;
                    }
                    let next = self.step(step, format!("/{}", quoted(key.str().unwrap_or("?"))));
                    for at in on_key {
                        self.found[at] = Some(next);
                    }
                    self.visit(value, Some(next), &below, embedded, met);
                }
            }
            Kind::Sequence => {
                for item in node.items() {
                    let below = self.inside(wanted, item.span());
                    if below.is_empty() {
                        continue;
                    }
                    let next = self.step(step, format!("[{}]", item_name(item).unwrap_or_else(|| "*".to_owned())));
                    self.visit(item, Some(next), &below, embedded, met);
                }
            }
            Kind::Scalar => self.visit_string(node, step, wanted, embedded),
        }
    }

    /// A string may hold a document: `mapRoles`, a policy in JSON.
    fn visit_string(&mut self, node: Node<'_>, step: Option<usize>, wanted: &[usize], embedded: usize) {
        let value = node.str().unwrap_or_default();
        let may_hold = value.contains('\n') || value.trim_start().starts_with(['{', '[']);
        let is_whole = |at: &usize| self.spans[*at] == node.span();
        if embedded == MAX_EMBEDDED || node.style() == Some(Style::Plain) || !may_hold || wanted.iter().all(is_whole) {
            return;
        }
        let Some(text) = node.text() else { return };
        let parsed = syntax::parse(&text, Hint::Yaml);
        if !parsed.errors.is_empty() {
            return;
        }
        for tree in &parsed.documents {
            let root = tree.root();
            if root.kind() == Kind::Scalar {
                continue;
            }
            let below = self.inside(wanted, root.span());
            self.visit_tree(tree, step, &below, embedded + 1);
        }
    }

    fn render(&self) -> Vec<String> {
        let mut rendered: Vec<Option<String>> = vec![None; self.steps.len()];
        let mut out = Vec::with_capacity(self.found.len());
        for found in &self.found {
            let Some(at) = *found else {
                out.push(String::new());
                continue;
            };
            let text = rendered[at].get_or_insert_with(|| {
                let mut texts = Vec::new();
                let mut next = Some(at);
                while let Some(at) = next {
                    texts.push(self.steps[at].text.as_str());
                    next = self.steps[at].parent;
                }
                texts.reverse();
                clip(texts.concat().trim_start_matches('/'), LONG_PLACE)
            });
            out.push(text.clone());
        }
        out
    }
}

/// What an item of a list is called.
fn item_name(item: Node<'_>) -> Option<String> {
    match item.kind() {
        Kind::Scalar => item.str().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ")),
        Kind::Sequence => None,
        Kind::Mapping => object_name(item).or_else(|| {
            let (name, value) = NAMES.iter().find_map(|name| Some((name, scalar(item, name)?)))?;
            Some(if *name == "name" { named(item, item, value) } else { value.to_owned() })
        }),
    }
}

/// `ConfigMap kube-system/aws-auth`, of what has a kind and a name as Kubernetes gives them.
fn object_name(node: Node<'_>) -> Option<String> {
    scalar(node, "kind")?;
    let meta = node.get("metadata")?;
    Some(named(node, meta, scalar(meta, "name")?))
}

/// Kind, namespace and name, as far as they are there.
fn named(node: Node<'_>, meta: Node<'_>, name: &str) -> String {
    let kind = scalar(node, "kind").map(|it| format!("{it} ")).unwrap_or_default();
    let namespace = scalar(meta, "namespace").map(|it| format!("{it}/")).unwrap_or_default();
    format!("{kind}{namespace}{name}")
}

fn scalar<'t>(node: Node<'t>, name: &str) -> Option<&'t str> {
    let is_it = |key: Node<'_>| key.str().is_some_and(|key| key.eq_ignore_ascii_case(name));
    let (_, value) = node.entries().find(|(key, _)| is_it(*key))?;
    value.str().filter(|it| !it.is_empty())
}

/// A key, in quotes if it could be taken for several.
fn quoted(key: &str) -> String {
    if key.contains(['/', '[', ']', '"']) { format!("{key:?}") } else { key.to_owned() }
}

fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let start: String = text.chars().take(most / 2).collect();
            format!("{start}…{}", super::hash::hash(&[text]))
        }
    }
}
