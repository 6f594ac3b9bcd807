//! CloudFormation templates: what their functions come to, and which resources they declare.
//!
//! The functions are those of the CloudFormation user guide, "Intrinsic function reference". A template is recognised by
//! what it holds: a mapping `Resources` with at least one resource type.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::facts::{Branch, Facts, Limit, Origin, Parameter};
use crate::source::{Attribute, FileId, Hole, HoleKind, Reference, ResourceId, Span, Text, TextBuilder};
use crate::syntax::{Kind, Node};

use super::function::{Function, attribute_path};
use super::placeholders;
use super::value::{Dialect, MOST_CASES, Shape, Value, plain};
use super::{eks_resources, iam_resources, issuer, kubernetes};

/// Functions inside functions deeper than this are not followed, and the report says so.
const DEEPEST_FUNCTION: usize = 64;

/// How many bytes the functions of a template may make for each byte of it, and besides. A variable inside a variable
/// may stand for any number of them; what would take more cannot be known.
const MADE_OF_BYTE: usize = 32;
const MADE_OF_ANY: usize = 16 << 10;

/// A template, as far as its functions need to know it.
pub struct Template<'t> {
    file: FileId,
    document: u32,
    resources: HashMap<&'t str, ()>,
    /// The type of each, where one is written.
    parameters: HashMap<&'t str, Option<&'t str>>,
    mappings: Option<Node<'t>>,
    /// A macro may have rewritten the template: what is not written may be there all the same.
    pub is_rewritten: bool,
    /// The limits that were reached while values were read, each once.
    limits: RefCell<Vec<Limit>>,
    /// How many bytes its functions may still make.
    left: Cell<usize>,
}

/// What every template holds that is about identity: a resource of IAM or EKS, a manifest in a custom resource, or user
/// data that joins a cluster.
pub const MARKS: &[&str] = &[
    "AWS::EKS::",
    "AWS::IAM::",
    "KubeManifest",
    "Kubernetes::",
    "KubernetesResource",
    "/etc/eks/bootstrap.sh",
    "Start-EKSBootstrap",
    "node.eks.aws",
];

/// True if a document is a template.
pub fn is_template(root: Node<'_>) -> bool {
    let is_resource = |node: Node<'_>| {
        let kind = node.get("Type").and_then(Node::str);
        kind.is_some_and(|kind| {
            kind.starts_with("AWS::") || kind.starts_with("Custom::") || kind.split("::").count() == 3
        })
    };
    root.get("Resources").is_some_and(|resources| resources.entries().any(|(_, node)| is_resource(node)))
}

/// Reads the facts of a template.
pub fn lower(root: Node<'_>, file: FileId, document: u32, facts: &mut Facts) {
    let template = Template::new(root, file, document);
    let dialect = Dialect::Template(&template);
    for (name, node) in root.get("Parameters").into_iter().flat_map(Node::entries) {
        let Some(name) = name.str() else { continue };
        // Of a list `Ref` gives the items, and of a parameter of Systems Manager what is stored under the default.
        let kind = node.get("Type").and_then(Node::str).unwrap_or_default();
        let is_value = !(kind.starts_with("AWS::SSM::Parameter::Value") || kind.starts_with("List<"));
        let is_value = is_value && kind != "CommaDelimitedList";
        let default = node.get("Default").and_then(Node::text).filter(|it| is_value && !it.is_empty());
        let allowed = node.get("AllowedValues").into_iter().flat_map(Node::items).filter_map(Node::text).collect();
        facts.parameters.push(Parameter { id: template.id(name), default, allowed });
    }
    for (name, node) in root.get("Resources").into_iter().flat_map(Node::entries) {
        let (Some(logical), Some(kind)) = (name.str(), node.get("Type").and_then(Node::str)) else { continue };
        let branch = match node.get("Condition").and_then(Node::str) {
            Some(condition) => Branch::always().and(&condition.into(), true).unwrap_or_default(),
            None => Branch::always(),
        };
        let origin = Origin {
            name: name.span(),
            whole: name.span().to(node.span()),
            resource: Some(template.id(logical)),
            branch: branch.clone(),
            depends_on: match node.get("DependsOn") {
                Some(one) if one.kind() == Kind::Scalar => {
                    one.str().map(|name| template.id(name)).into_iter().collect()
                }
                Some(list) => list.items().filter_map(|it| it.str().map(|name| template.id(name))).collect(),
                None => Vec::new(),
            },
        };
        let properties = match node.entry("Properties") {
            Some((key, value)) => Value::under(value, dialect, &Branch::always(), Some(key.span()), 0),
            None => Value::absent(dialect),
        };
        let known = eks_resources::lower(kind, &origin, &properties, facts)
            || iam_resources::lower(kind, &origin, &properties, facts);
        if !known {
            manifests(kind, &properties, facts);
        }
    }
    for (name, node) in root.get("Outputs").into_iter().flat_map(Node::entries) {
        let Some(name) = name.text() else { continue };
        let value = Value::new(node, dialect);
        facts.outputs.push(crate::facts::Output {
            name,
            description: value.get("Description").text(),
            value: value.get("Value").text(),
            branch: Branch::always(),
        });
    }
    facts.limits.append(&mut template.limits.borrow_mut());
}

/// Kubernetes manifests that a custom resource applies: `Custom::KubeManifest`, `AWSQS::Kubernetes::Resource`, the CDK's
/// `Custom::AWSCDK-EKS-KubernetesResource`.
fn manifests<'t>(kind: &str, properties: &Value<'t>, facts: &mut Facts) {
    let applies = ["KubeManifest", "Kubernetes", "KubernetesResource"].iter().any(|word| kind.contains(word));
    if !applies {
        return;
    }
    let manifest = properties.get("Manifest");
    let mut applied = Facts::default();
    for (shape, _, value) in manifest.each() {
        match shape {
            Shape::Collection(_) => kubernetes::lower_value(&value, &mut applied),
            Shape::Text(text, _) if text.only_hole().is_none() => kubernetes::lower_text(text, &mut applied),
            _ => {}
        }
    }
    // `AWSQS::Kubernetes::Resource` has the namespace beside the manifest.
    kubernetes::apply_in(&properties.get("Namespace").text(), &mut applied);
    facts.append(applied);
}

impl<'t> Template<'t> {
    fn new(root: Node<'t>, file: FileId, document: u32) -> Self {
        let entries = |section: &str| {
            let entries = root.get(section).into_iter().flat_map(Node::entries);
            entries.filter_map(|(name, node)| Some((name.str()?, node)))
        };
        Self {
            file,
            document,
            resources: entries("Resources").map(|(name, _)| (name, ())).collect(),
            parameters: entries("Parameters")
                .map(|(name, node)| (name, node.get("Type").and_then(Node::str)))
                .collect(),
            mappings: root.get("Mappings"),
            is_rewritten: has_foreign_macro(root),
            left: Cell::new(root.span().range().len() * MADE_OF_BYTE + MADE_OF_ANY),
            limits: RefCell::default(),
        }
    }

    /// See [`Dialect::reached`]. A value may be asked for often, so of each limit the first place is kept.
    pub fn reached(&self, limit: Limit) {
        let mut limits = self.limits.borrow_mut();
        match limits.iter_mut().find(|it| it.message == limit.message) {
            Some(known) if limit.span < known.span => *known = limit,
            Some(_) => {}
            None => limits.push(limit),
        }
    }

    /// Whether a parameter may be a list: `CommaDelimitedList`, `List<Number>`, `AWS::SSM::Parameter::Value<List<String>>`.
    pub fn may_be_list(&self, name: &str) -> bool {
        let kind = self.parameters.get(name).copied().flatten();
        kind.is_none_or(|kind| kind.contains("List"))
    }

    fn id(&self, name: &str) -> ResourceId {
        ResourceId { file: self.file, document: self.document, name: name.into() }
    }

    /// What a node comes to, in each branch.
    pub fn resolve(&'t self, node: Node<'t>, branch: &Branch, depth: usize) -> Vec<(Shape<'t>, Branch)> {
        let unknown = || vec![(Shape::Unknown(node.span()), branch.clone())];
        if depth > DEEPEST_FUNCTION {
            let message = format!("functions nested deeper than {DEEPEST_FUNCTION} levels");
            self.reached(Limit::value(node.span(), message));
            return unknown();
        }
        let Some(function) = Function::of(node) else {
            return vec![(plain(node, Dialect::Template(self)), branch.clone())];
        };
        let argument = function.argument;
        let value_of = |node: Node<'t>| Value::under(node, Dialect::Template(self), branch, None, depth + 1);
        let hole = |kind: HoleKind| {
            let text = Text::hole(kind, &function.written(), node.span());
            vec![(Shape::Text(text, None), branch.clone())]
        };
        match function.name {
            "Ref" => match argument.str() {
                Some("AWS::NoValue") => vec![(Shape::Absent, branch.clone())],
                Some(name) => hole(self.name(name)),
                None => unknown(),
            },
            "Fn::GetAtt" => match attribute_path(argument) {
                Some((name, attribute)) => hole(self.attribute(&name, &attribute)),
                None => unknown(),
            },
            "Fn::Sub" => self.sub(argument, branch, depth).unwrap_or_else(unknown),
            "Fn::Join" => {
                let mut parts = argument.items();
                match (parts.next().and_then(Node::text), parts.next()) {
                    (Some(separator), Some(list)) => self.join(&separator, &value_of(list), node.span(), branch),
                    _ => unknown(),
                }
            }
            "Fn::If" => {
                let parts: Vec<_> = argument.items().collect();
                let [condition, yes, no] = parts.as_slice() else { return unknown() };
                let Some(name) = condition.str() else { return unknown() };
                let name: Arc<str> = name.into();
                let mut cases = Vec::new();
                for (part, holds) in [(yes, true), (no, false)] {
                    if let Some(branch) = branch.and(&name, holds) {
                        cases.extend(self.resolve(*part, &branch, depth + 1));
                    }
                    if cases.len() > MOST_CASES {
                        Dialect::Template(self).too_many_cases(node.span());
                        return unknown();
                    }
                }
                cases
            }
            "Fn::Select" => {
                let mut parts = argument.items();
                let (Some(index), Some(list)) = (parts.next(), parts.next()) else { return unknown() };
                let Some(index) = index.str().and_then(|index| index.parse::<usize>().ok()) else { return unknown() };
                let items = value_of(list).items();
                match items.items.get(index) {
                    Some(item) if items.complete && items.items.iter().all(|it| it.branch == *branch) => {
                        item.value.cases.clone()
                    }
                    _ => unknown(),
                }
            }
            "Fn::Split" => {
                let mut parts = argument.items();
                let (Some(separator), Some(text)) = (parts.next().and_then(Node::str), parts.next()) else {
                    return unknown();
                };
                split(separator, &value_of(text)).unwrap_or_else(unknown)
            }
            "Fn::FindInMap" => {
                let keys: Option<Vec<String>> = argument.items().map(|key| value_of(key).string()).take(3).collect();
                let found = keys.and_then(|keys| self.find_in_map(&keys));
                match found {
                    Some(node) => self.resolve(node, branch, depth + 1),
                    None => hole(HoleKind::Unknown),
                }
            }
            // What it encodes can be read: user data.
            "Fn::Base64" if node.tag().is_some() => vec![(plain(node, Dialect::Template(self)), branch.clone())],
            "Fn::Base64" => self.resolve(argument, branch, depth + 1),
            "Fn::ImportValue" => hole(HoleKind::Unknown),
            _ => unknown(),
        }
    }

    fn find_in_map(&self, keys: &[String]) -> Option<Node<'t>> {
        let [map, first, second] = keys else { return None };
        let node = self.mappings?.get(map)?.get(first)?.get(second)?;
        // CloudFormation takes strings and lists of strings there, and no functions: what refers to itself has no end.
        let is_string = |it: Node<'t>| it.kind() == Kind::Scalar && Function::of(it).is_none();
        let is_list = node.kind() == Kind::Sequence && Function::of(node).is_none() && node.items().all(is_string);
        (is_string(node) || is_list).then_some(node)
    }

    /// What `Ref` of a name is.
    fn name(&self, name: &str) -> HoleKind {
        match name {
            "AWS::Partition" => HoleKind::Partition,
            "AWS::Region" => HoleKind::Region,
            "AWS::AccountId" => HoleKind::AccountId,
            "AWS::URLSuffix" => HoleKind::UrlSuffix,
            name if self.resources.contains_key(name) => {
                HoleKind::Resource(Reference { resource: self.id(name), attribute: Attribute::Ref })
            }
            name if self.parameters.contains_key(name) => HoleKind::Parameter(self.id(name)),
            // `AWS::StackName` and what a fragment of a template does not declare.
            _ => HoleKind::Unknown,
        }
    }

    /// True if the text holds `${Name}` of something that the template declares: what `Fn::Sub` would replace, and
    /// nothing else does. Where a macro may, the answer is no.
    pub fn lacks_sub(&self, text: &str) -> bool {
        let names = text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.trim()));
        let is_declared = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            name.starts_with("AWS::") || self.resources.contains_key(name) || self.parameters.contains_key(name)
        };
        let mut names = names.peekable();
        !self.is_rewritten && names.peek().is_some() && names.all(is_declared)
    }

    fn attribute(&self, name: &str, attribute: &str) -> HoleKind {
        if !self.resources.contains_key(name) {
            return HoleKind::Unknown;
        }
        let attribute = match attribute {
            "Arn" => Attribute::Arn,
            other => Attribute::Other(other.into()),
        };
        HoleKind::Resource(Reference { resource: self.id(name), attribute })
    }

    /// Takes so many bytes from what functions may make. `None` if there are not as many left.
    fn charge(&self, bytes: usize, span: Span) -> Option<()> {
        let Some(left) = self.left.get().checked_sub(bytes) else {
            let message = format!("functions make more than {MADE_OF_BYTE} bytes of each byte of this template");
            self.reached(Limit::value(span, message));
            return None;
        };
        self.left.set(left);
        Some(())
    }

    /// `Fn::Sub`: a string with `${Name}`, `${Name.Attribute}` and `${!Literal}`, and perhaps values of its own.
    fn sub(&'t self, argument: Node<'t>, branch: &Branch, depth: usize) -> Option<Vec<(Shape<'t>, Branch)>> {
        let (pattern, variables) = match argument.kind() {
            Kind::Scalar => (argument.text()?, None),
            Kind::Sequence => {
                let mut parts = argument.items();
                (parts.next()?.text()?, parts.next())
            }
            Kind::Mapping => return None,
        };
        let given: HashMap<&str, Node<'t>> = variables
            .into_iter()
            .flat_map(Node::entries)
            .filter_map(|(name, value)| Some((name.str()?, value)))
            .collect();
        // A variable is read once, however often it is used: it may be a pattern with variables itself.
        let mut values: HashMap<&str, Value<'t>> = HashMap::new();
        let mut cases = vec![(TextBuilder::default(), branch.clone())];
        let bytes = pattern.bytes();
        let mut at = 0;
        while let Some(open) = bytes[at..].find("${") {
            let open = at + open;
            let Some(close) = bytes[open..].find('}') else { break };
            let close = open + close + 1;
            let name = &bytes[open + 2..close - 1];
            push(&mut cases, &pattern.part(at..open));
            at = close;
            if let Some(literal) = name.strip_prefix('!') {
                let start = close - 1 - literal.len();
                for (builder, _) in &mut cases {
                    builder.push_written("${", pattern.slice(open..start));
                    builder.push(&pattern.part(start..close));
                }
                continue;
            }
            let name = name.trim();
            let span = pattern.slice(open..close);
            let value = match given.get(name) {
                Some(node) => values
                    .entry(name)
                    .or_insert_with(|| Value::under(*node, Dialect::Template(self), branch, None, depth + 1)),
                None => {
                    let kind = match name.split_once('.') {
                        Some((resource, attribute)) => self.attribute(resource, attribute),
                        None => self.name(name),
                    };
                    let text = Text::hole(kind, &bytes[open..close], span);
                    &Value {
                        cases: vec![(Shape::Text(text, None), branch.clone())],
                        dialect: Dialect::Template(self),
                        key: None,
                    }
                }
            };
            cases = self.append(cases, value, &bytes[open..close], span)?;
        }
        push(&mut cases, &pattern.part(at..bytes.len()));
        let whole = pattern.whole();
        let finished = cases.into_iter().map(|(builder, branch)| {
            let text = placeholders::find(builder.finish(whole), Dialect::Template(self));
            (Shape::Text(text, None), branch)
        });
        Some(finished.collect())
    }

    /// `Fn::Join`. A list that is not known to its end leaves a hole.
    fn join(&self, separator: &Text, list: &Value<'t>, span: Span, branch: &Branch) -> Vec<(Shape<'t>, Branch)> {
        let unknown = || {
            let text = Text::hole(HoleKind::Unknown, "Fn::Join", span);
            vec![(Shape::Text(text, None), branch.clone())]
        };
        let items = list.items();
        if !items.complete || items.items.iter().any(|item| item.branch != *branch) {
            return unknown();
        }
        let mut cases = vec![(TextBuilder::default(), branch.clone())];
        for (at, item) in items.items.iter().enumerate() {
            if at > 0 && !separator.is_empty() {
                if self.charge(separator.len() * cases.len(), span).is_none() {
                    return unknown();
                }
                push(&mut cases, separator);
            }
            match self.append(cases, &item.value, "Fn::Join", item.value.span()) {
                Some(appended) => cases = appended,
                None => return unknown(),
            }
        }
        cases.into_iter().map(|(builder, branch)| (Shape::Text(builder.finish(span), None), branch)).collect()
    }

    /// Appends a value to each case: as many cases as the two have together. `None` if they are too many, or too long.
    fn append(
        &self,
        cases: Vec<(TextBuilder, Branch)>,
        value: &Value<'_>,
        written: &str,
        span: Span,
    ) -> Option<Vec<(TextBuilder, Branch)>> {
        let mut all = Vec::new();
        for (mut builder, branch) in cases {
            let under = value.cases.iter().filter_map(|(shape, under)| Some((shape, branch.join(under)?)));
            let mut under = under.peekable();
            while let Some((shape, branch)) = under.next() {
                // Only where more cases follow does each need a text of its own.
                let mut builder = if under.peek().is_some() {
                    self.charge(builder.len(), span)?;
                    builder.clone()
                } else {
                    std::mem::take(&mut builder)
                };
                match shape {
                    Shape::Text(text, _) => {
                        self.charge(text.len(), span)?;
                        builder.push(text);
                    }
                    Shape::Absent => {}
                    _ => builder.push_hole(Hole { kind: HoleKind::Unknown, written: written.into() }, span),
                }
                all.push((builder, branch));
            }
            if all.len() > MOST_CASES {
                value.dialect.too_many_cases(span);
                return None;
            }
        }
        Some(all)
    }
}

/// Appends a text to each case.
fn push(cases: &mut [(TextBuilder, Branch)], text: &Text) {
    for (builder, _) in cases {
        builder.push(text);
    }
}

/// `Fn::Split` of a text that is known where it is cut.
fn split<'t>(separator: &str, value: &Value<'t>) -> Option<Vec<(Shape<'t>, Branch)>> {
    if let Some(parts) = issuer::split(separator, value) {
        return Some(parts);
    }
    let mut characters = separator.chars();
    let (Some(separator), None) = (characters.next(), characters.next()) else { return None };
    let mut cases = Vec::new();
    for (shape, branch) in &value.cases {
        let Shape::Text(text, _) = shape else { return None };
        // A hole of the stack holds no separator of ARNs; any other may.
        let is_of_stack = |kind: &HoleKind| {
            matches!(kind, HoleKind::Partition | HoleKind::Region | HoleKind::AccountId) && separator != '-'
        };
        let safe = text.pieces().all(|piece| match piece {
            crate::source::Piece::Known(_) => true,
            crate::source::Piece::Hole(hole) => is_of_stack(&hole.kind),
        });
        if !safe {
            return None;
        }
        let items = text.split(separator).into_iter().map(|part| Value {
            cases: vec![(Shape::Text(part, None), branch.clone())],
            dialect: value.dialect,
            key: None,
        });
        cases.push((Shape::Items(items.collect()), branch.clone()));
    }
    Some(cases)
}

/// Transforms of AWS add resources or loops, and change nothing else; any other macro may do as it likes.
fn has_foreign_macro(root: Node<'_>) -> bool {
    let Some(transform) = root.get("Transform") else { return false };
    let foreign = |node: Node<'_>| match node.kind() {
        Kind::Scalar => !node.str().is_some_and(|name| name.starts_with("AWS::") && name != "AWS::Include"),
        _ => true,
    };
    match transform.kind() {
        Kind::Sequence => transform.items().any(foreign),
        _ => foreign(transform),
    }
}
