//! What the functions of a template come to.
//!
//! They are those of the CloudFormation user guide, "Intrinsic function reference".

use std::sync::Arc;

use smallvec::smallvec;

use super::template::{MADE_OF_BYTE, TEXT_OF_BYTE, Template, size_of};

use crate::collections::HashMap;
use crate::facts::{Branch, Limit};
use crate::lower::cloudformation::call::{Function, attribute_path};
use crate::lower::issuer;
use crate::lower::templating::{self, Tags};
use crate::lower::value::{Cases, Dialect, Functions, MOST_CASES, Shape, Value, plain};
use crate::source::{Attribute, Hole, HoleKind, Reference, Span, Text, TextBuilder};
use crate::syntax::{Kind, Node};

/// A text is not split into more parts than this, and not joined of more.
const MOST_PARTS: usize = 10_000;

/// What a part of `Fn::Split` counts as among the bytes that functions make.
const BYTES_OF_PART: usize = 128;

/// What an item of a list that `Fn::FindInMap` finds counts as, besides the bytes of its string.
const BYTES_OF_ITEM: usize = 64;

/// How often each byte of a list counts that `Fn::FindInMap` finds, and each byte of a string, which is searched for
/// placeholders.
const TIMES_READ: usize = 4;
const TIMES_SEARCHED: usize = 16;

/// Functions inside functions deeper than this are not followed, and the report says so.
const DEEPEST_FUNCTION: usize = 64;

impl<'t> Template<'t> {
    /// What a node comes to, in each branch.
    pub(super) fn made_of(&'t self, node: Node<'t>, branch: &Branch, depth: usize) -> Cases<'t> {
        let unknown = || smallvec![(Shape::Unknown(node.span()), branch.clone())];
        if depth > DEEPEST_FUNCTION {
            let message = format!("functions nested deeper than {DEEPEST_FUNCTION} levels");
            self.reached(Limit::value(node.span(), message));
            return unknown();
        }
        let Some(function) = Function::of(node) else {
            return smallvec![(plain(node, Tags::Template), branch.clone())];
        };
        self.call(node, function, branch, depth)
    }

    /// What a call of a function comes to. `node` is where it is written.
    fn call(&'t self, node: Node<'t>, function: Function<'t>, branch: &Branch, depth: usize) -> Cases<'t> {
        let unknown = || smallvec![(Shape::Unknown(node.span()), branch.clone())];
        let argument = function.argument;
        let value_of = |node: Node<'t>| Value::under(node, Dialect::Template(self), branch, None, depth + 1);
        let hole = |kind: HoleKind| {
            let text = Text::hole(kind, &function.written(), node.span());
            smallvec![(Shape::Text(text, None), branch.clone())]
        };
        match function.name {
            "Ref" => match argument.str() {
                Some("AWS::NoValue") => smallvec![(Shape::Absent, branch.clone())],
                Some(name) => hole(self.name(name, node.span())),
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
                    (Some(_), Some(list)) if list.kind() == Kind::Sequence && list.items().len() > MOST_PARTS => {
                        let message = format!("more than {MOST_PARTS} parts of one `Fn::Join`");
                        self.reached(Limit::value(node.span(), message));
                        unknown()
                    }
                    (Some(separator), Some(list)) => self.join(&separator, &value_of(list), node.span(), branch),
                    _ => unknown(),
                }
            }
            "Fn::If" => {
                let parts: Vec<_> = argument.items().collect();
                let [condition, yes, no] = parts.as_slice() else { return unknown() };
                let Some(name) = condition.str() else { return unknown() };
                let name = self.condition(name);
                let mut cases = Cases::new();
                for (part, holds) in [(yes, true), (no, false)] {
                    if let Some(branch) = branch.and(&name, holds) {
                        cases.extend(self.made_of(*part, &branch, depth + 1));
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
                let text = value_of(text);
                // Each part is a value of its own, which takes much more memory than its bytes.
                let parts = text.cases.iter().map(|(shape, _)| match shape {
                    Shape::Text(text, _) => text.bytes().matches(separator).count() + 1,
                    _ => 0,
                });
                let parts: usize = parts.sum();
                if parts > MOST_PARTS {
                    self.reached(Limit::value(node.span(), format!("more than {MOST_PARTS} parts of one `Fn::Split`")));
                    return unknown();
                }
                if self.charge(parts * BYTES_OF_PART, node.span()).is_none() {
                    return unknown();
                }
                split(separator, &text).unwrap_or_else(unknown)
            }
            "Fn::FindInMap" => {
                let keys: Option<Vec<String>> = argument.items().map(|key| value_of(key).string()).take(3).collect();
                let found = keys.and_then(|keys| self.find_in_map(&keys));
                match found {
                    // However often it is looked up, all of it is read each time.
                    Some(it) if self.charge_lookup(it, node.span()).is_none() => unknown(),
                    Some(node) if is_plain(node) => self.made_of(node, branch, depth + 1),
                    Some(_) => hole(HoleKind::Unknown),
                    None => hole(HoleKind::Unknown),
                }
            }
            // What it encodes can be read: user data.
            // A tag cannot stand before another tag, so below `!Base64` functions are in their long form.
            "Fn::Base64" if node.tag().is_some() => match Function::below_tag(node) {
                Some(inner) => self.call(node, inner, branch, depth + 1),
                None => smallvec![(plain(node, Tags::Template), branch.clone())],
            },
            "Fn::Base64" => self.made_of(argument, branch, depth + 1),
            "Fn::ImportValue" => {
                // A tag cannot stand before another tag, so below `!ImportValue` functions are in their long form.
                let computed = || match node.tag() {
                    Some(_) => Some(self.call(node, Function::below_tag(node)?, branch, depth + 1)),
                    None => Some(self.made_of(argument, branch, depth + 1)),
                };
                let made = || match computed()?.as_slice() {
                    [(Shape::Text(text, _), _)] => text.as_str().map(Arc::from),
                    _ => None,
                };
                let name: Option<Arc<str>> = argument.str().map(Arc::from).or_else(made);
                hole(name.map_or(HoleKind::Unknown, HoleKind::Import))
            }
            _ => unknown(),
        }
    }

    fn find_in_map(&self, keys: &[String]) -> Option<Node<'t>> {
        let [map, first, second] = keys else { return None };
        self.mappings?.get(map)?.get(first)?.get(second)
    }

    /// What `Ref` of a name is, written at `span`.
    fn name(&self, name: &str, span: Span) -> HoleKind {
        match name {
            "AWS::Partition" => HoleKind::Partition,
            "AWS::Region" => HoleKind::Region,
            "AWS::AccountId" => HoleKind::AccountId,
            "AWS::URLSuffix" => HoleKind::UrlSuffix,
            name if self.resources.contains_key(name) => {
                HoleKind::Resource(Reference { resource: self.id(name), attribute: Attribute::Ref })
            }
            // Rules look at all values that a parameter may have wherever it is used.
            name => match self.parameters.get(name).and_then(|it| self.charge(it.size, span)) {
                Some(()) => HoleKind::Parameter(self.id(name)),
                // `AWS::StackName` and what a fragment of a template does not declare.
                None => HoleKind::Unknown,
            },
        }
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

    /// Takes so many bytes from what functions may put together as text. `None` if there are not as many left.
    fn charge_text(&self, bytes: usize, span: Span) -> Option<()> {
        let Some(left) = self.text_left.get().checked_sub(bytes) else {
            let what = "bytes of text for each byte of this template";
            self.reached(Limit::value(span, format!("functions make more than {TEXT_OF_BYTE} {what}")));
            return None;
        };
        self.text_left.set(left);
        Some(())
    }

    /// Takes what a list or string counts that is looked up.
    fn charge_lookup(&self, found: Node<'_>, span: Span) -> Option<()> {
        // A list that is too long is not even counted through.
        let least = match found.kind() {
            Kind::Sequence => TIMES_READ * BYTES_OF_ITEM * found.items().len(),
            _ => TIMES_SEARCHED * size_of(found, BYTES_OF_ITEM),
        };
        let most = if least > self.left.get() { least } else { least.max(TIMES_READ * size_of(found, BYTES_OF_ITEM)) };
        self.charge(most, span)
    }

    /// `Fn::Sub`: a string with `${Name}`, `${Name.Attribute}` and `${!Literal}`, and perhaps values of its own.
    fn sub(&'t self, argument: Node<'t>, branch: &Branch, depth: usize) -> Option<Cases<'t>> {
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
        let mut values: HashMap<&str, Value<'t>> = HashMap::default();
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
                        None => self.name(name, span),
                    };
                    let text = Text::hole(kind, &bytes[open..close], span);
                    &Value {
                        cases: smallvec![(Shape::Text(text, None), branch.clone())],
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
            let text = templating::find(builder.finish(whole), Tags::Template);
            (Shape::Text(text, None), branch)
        });
        Some(finished.collect())
    }

    /// `Fn::Join`. A list that is not known to its end leaves a hole.
    fn join(&self, separator: &Text, list: &Value<'t>, span: Span, branch: &Branch) -> Cases<'t> {
        let unknown = || {
            let text = Text::hole(HoleKind::Unknown, "Fn::Join", span);
            smallvec![(Shape::Text(text, None), branch.clone())]
        };
        let items = list.items();
        if !items.complete || items.items.iter().any(|item| item.branch != *branch) {
            return unknown();
        }
        let mut cases = vec![(TextBuilder::default(), branch.clone())];
        for (at, item) in items.items.iter().enumerate() {
            if at > 0 && !separator.is_empty() {
                if self.charge_text(separator.len() * cases.len(), span).is_none() {
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
                    self.charge_text(builder.len(), span)?;
                    builder.clone()
                } else {
                    std::mem::take(&mut builder)
                };
                match shape {
                    Shape::Text(text, _) => {
                        self.charge_text(text.len(), span)?;
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

/// Whether what a mapping holds is a string or a list of strings. CloudFormation takes nothing else there, and no functions:
/// what refers to itself has no end.
fn is_plain(node: Node<'_>) -> bool {
    let is_string = |it: Node<'_>| it.kind() == Kind::Scalar && Function::of(it).is_none();
    let is_list = || node.kind() == Kind::Sequence && Function::of(node).is_none() && node.items().all(is_string);
    is_string(node) || is_list()
}

/// Appends a text to each case.
fn push(cases: &mut [(TextBuilder, Branch)], text: &Text) {
    for (builder, _) in cases {
        builder.push(text);
    }
}

/// `Fn::Split` of a text that is known where it is cut.
fn split<'t>(separator: &str, value: &Value<'t>) -> Option<Cases<'t>> {
    if let Some(parts) = issuer::split(separator, value) {
        return Some(parts);
    }
    let mut characters = separator.chars();
    let (Some(separator), None) = (characters.next(), characters.next()) else { return None };
    let mut cases = Cases::new();
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
            cases: smallvec![(Shape::Text(part, None), branch.clone())],
            dialect: value.dialect,
            key: None,
        });
        cases.push((Shape::Items(items.collect()), branch.clone()));
    }
    Some(cases)
}
