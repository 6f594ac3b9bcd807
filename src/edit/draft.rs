//! One proposal in one file: from what is asked for to splices of each document, from the innermost out.

use std::collections::BTreeMap;
use std::ops::Range;

use super::change::{Change, Kind, Side, Target, Value};
use super::collections::{Collection, LayerEdit, rest_of_line};
use super::layers::{NodeId, Reading};
use super::model::{Effect, Model};
use super::references;
use super::strings::{ScalarType, Splice, quoted, spell, spliced};
use crate::diagnostic::Edit;
use crate::source::{Reference, Span, Text};
use crate::syntax::Style;

mod items;

/// What keeps a proposal from being written, for the user; `None` if there is nothing to say.
pub(super) type Obstacle = Option<String>;

/// One proposal in one file.
pub(super) struct Draft {
    /// What changes in each layer, and what has to come of it.
    pub layers: BTreeMap<usize, LayerEdit>,
    /// The keys that are written, each with the layer and the mapping it is written into.
    pub keys: Vec<(usize, NodeId, String)>,
    pub edits: Vec<Edit>,
}

/// A part of a string that changes, before it is spelled.
type Values = BTreeMap<(usize, NodeId), (Vec<Splice>, ScalarType)>;

impl Draft {
    /// Spells the changes of one proposal. Fails if one of them cannot be written.
    pub fn new<'c>(reading: &Reading, mut changes: impl Iterator<Item = &'c Change>) -> Result<Self, Obstacle> {
        let mut builder = Builder {
            reading,
            values: Values::new(),
            layers: BTreeMap::new(),
            removed: BTreeMap::new(),
            keys: Vec::new(),
            obstacle: None,
        };
        let edits = changes.try_for_each(|it| builder.change(it)).and_then(|()| builder.finish());
        match edits {
            Some(edits) => Ok(Self { layers: builder.layers, keys: builder.keys, edits }),
            None => Err(builder.obstacle),
        }
    }
}

struct Builder<'r> {
    reading: &'r Reading,
    values: Values,
    layers: BTreeMap<usize, LayerEdit>,
    /// The entries and items that go, by the collection they stand in.
    removed: BTreeMap<(usize, NodeId), Vec<usize>>,
    keys: Vec<(usize, NodeId, String)>,
    obstacle: Obstacle,
}

impl<'r> Builder<'r> {
    fn change(&mut self, change: &Change) -> Option<()> {
        match &change.0 {
            Kind::Write { at, value } => self.write(at, value),
            Kind::Quote { at } => self.quote(*at),
            Kind::Remove { span } => self.remove(*span),
            Kind::RemoveComment { span } => self.remove_comment(*span),
            Kind::AddEntry { beside, side, name, value } => {
                let (layer, id, _) = self.reading.scalar_at(*beside)?;
                let collection = Collection::around(self.reading.layer(layer), id)?;
                let at = collection.position(id)?;
                let name = self.as_is_spelled(layer, id, name);
                self.write_key(layer, &collection, name.clone())?;
                let context = self.reading.context(layer, id);
                let is_before = *side == Side::Before;
                self.add(layer, collection.add_entry(at, is_before, &name, value, context)?)
            }
            Kind::MakeEntry { at, name, value } => self.make_entry(at, name, value),
            Kind::AddItem { beside, value } => {
                let (layer, id, collection) = self.item(beside)?;
                let at = collection.position(id)?;
                let context = self.reading.context(layer, id);
                self.add(layer, collection.add_item(at, value, context)?)
            }
            Kind::SplitItem { item, values } => {
                let (layer, id, collection) = self.item(item)?;
                let at = collection.position(id)?;
                let context = self.reading.context(layer, id);
                self.add(layer, collection.split_item(at, values, context)?)
            }
            Kind::CopyItem { item, part, value } => self.copy_item(*item, part, value),
            Kind::AddValue { at, value } => self.add_value(at, value.as_deref()),
            Kind::Nest { key, parent } => {
                let (layer, id, _) = self.reading.scalar_at(*key)?;
                let collection = Collection::around(self.reading.layer(layer), id)?;
                let at = collection.position(id)?;
                self.write_key(layer, &collection, parent.clone())?;
                self.add(layer, collection.nest(at, parent)?)
            }
            Kind::Stringify { at } => self.stringify(*at),
            Kind::Refer { at, to } => self.refer(at, to),
        }
    }

    /// A place in the value of a scalar, which has to hold what the rule believes.
    fn place(&self, at: &Target) -> Option<(usize, NodeId, Range<usize>)> {
        let (layer, id, range) = self.reading.scalar_at(at.span)?;
        let holds = at.was.as_ref().is_none_or(|was| {
            let text = self.reading.layer(layer).value(id);
            text.bytes().get(range.clone()) == Some(was) || self.shown(layer, id, &range).as_ref() == Some(was)
        });
        holds.then_some((layer, id, range))
    }

    /// A part of a scalar's value in the user's words: the holes of its layer as they are written.
    fn shown(&self, layer: usize, id: NodeId, range: &Range<usize>) -> Option<String> {
        let layer = self.reading.layer(layer);
        let span = layer.value(id).slice(range.clone());
        let part: Text = layer.text.part(span.range());
        // What was decoded by the layer's own escapes is compared as it is.
        (part.len() == range.len()).then(|| part.shown())
    }

    fn write(&mut self, at: &Target, value: &Value) -> Option<()> {
        let Some((layer, id, range)) = self.place(at) else { return self.write_comment(at, value) };
        let (text, wanted, is_pattern) = match value {
            Value::SameType(text) => (text, ScalarType::Same, false),
            Value::Str(text) => (text, ScalarType::String, false),
            Value::Bare(text) => (text, ScalarType::Any, false),
            Value::Pattern(text) => (text, ScalarType::Same, true),
        };
        self.value(layer, id, Splice { is_pattern, ..Splice::new(range, text) }, wanted)
    }

    fn value(&mut self, layer: usize, id: NodeId, mut splice: Splice, wanted: ScalarType) -> Option<()> {
        if references::is_pattern(self.reading.layer(layer), id) {
            // Whether `${` was meant as text or as a reference nobody can tell.
            if !splice.is_pattern && splice.text.contains("${") {
                return None;
            }
            splice.is_pattern = false;
        }
        let (splices, all) = self.values.entry((layer, id)).or_insert((Vec::new(), wanted));
        splices.push(splice);
        (*all == wanted).then_some(())
    }

    /// Writes a part of a comment.
    fn write_comment(&mut self, at: &Target, value: &Value) -> Option<()> {
        let Value::SameType(text) = value else { return None };
        let (layer, range) = self.comment(at.span)?;
        if text.contains(['\n', '\r']) {
            return None;
        }
        self.add(layer, LayerEdit { splices: vec![Splice::new(range, text)], effects: Vec::new() })
    }

    /// The layer whose comment holds a place.
    fn comment(&self, span: Span) -> Option<(usize, Range<usize>)> {
        self.reading.around(span).find(|(layer, range)| {
            let comments = &self.reading.layer(*layer).parsed().comments;
            let before = comments.partition_point(|it| it.range.start <= range.start);
            comments[..before].last().is_some_and(|it| range.end <= it.range.end)
        })
    }

    fn remove_comment(&mut self, span: Span) -> Option<()> {
        let (layer, range) = self.comment(span)?;
        let bytes = self.reading.layer(layer).bytes();
        let before = self.reading.layer(layer).line_before(range.start);
        let rest = bytes[range.end..].find('\n').map_or(bytes.len() - range.end, |it| it + 1);
        let is_alone = before.trim_start_matches('\u{FEFF}').trim().is_empty();
        let line_start = range.start - before.len() + if before.starts_with('\u{FEFF}') { 3 } else { 0 };
        let ends_line = bytes[range.end..range.end + rest].trim().is_empty();
        let gone = match is_alone && ends_line {
            true => line_start..range.end + rest,
            false => range.start - (before.len() - before.trim_end().len())..range.end,
        };
        self.add(layer, LayerEdit { splices: vec![Splice::new(gone, "")], effects: Vec::new() })
    }

    /// A name with the case of the first letter that the keys beside it have: eksctl and manifests begin in lowercase.
    fn as_is_spelled(&self, layer: usize, id: NodeId, name: &str) -> String {
        let beside = self.reading.layer(layer).node(id);
        let is_lower = beside.str().is_some_and(|it| it.starts_with(char::is_lowercase));
        let is_word = name.chars().all(char::is_alphanumeric);
        let mut letters = name.chars();
        match letters.next().filter(|_| is_lower && is_word) {
            Some(first) => first.to_lowercase().chain(letters).collect(),
            None => name.to_owned(),
        }
    }

    fn quote(&mut self, at: Span) -> Option<()> {
        if let Some((layer, id, range)) = self.reading.scalar_at(at) {
            let it = self.reading.layer(layer);
            let node = it.node(id);
            let is_whole = range == (0..it.value(id).len());
            if is_whole && node.style() == Some(Style::Plain) {
                let written = it.bytes()[node.range()].to_owned();
                return self.as_quoted(layer, node.range(), &written, Some(id));
            }
            return None;
        }
        // What is no scalar yet, such as braces that were meant as text.
        let (layer, range) = self.reading.around(at).next()?;
        let it = self.reading.layer(layer);
        let written = it.bytes()[range.clone()].to_owned();
        let node = it.node_at(&range);
        self.as_quoted(layer, range, &written, node)
    }

    fn as_quoted(&mut self, layer: usize, range: Range<usize>, text: &str, id: Option<NodeId>) -> Option<()> {
        // A text that is not closed, such as a mapping with `{{` at its end, may hold no tree at all.
        if id.is_none() && self.reading.layer(layer).parsed().documents.is_empty() {
            return None;
        }
        let root = NodeId { tree: 0, node: 0 };
        let mut context = self.reading.context(layer, id.unwrap_or(root));
        context.key = false;
        let is_simple = !text.contains(['\n', '\r', '#']) && !text.is_empty();
        let is_simple = is_simple && (id.is_some() || !text.contains(['"', '\'', '\\']));
        if !is_simple {
            return None;
        }
        let splice = Splice::new(range, quoted(text, context, None));
        let effects = id.map(|id| (id, Effect::Becomes(Model::string(text)))).into_iter().collect();
        self.add(layer, LayerEdit { splices: vec![splice], effects })
    }

    fn remove(&mut self, span: Span) -> Option<()> {
        for (layer, range) in self.reading.around(span) {
            let it = self.reading.layer(layer);
            for id in it.nodes_from(range.start) {
                let Some(collection) = Collection::around(it, id) else { continue };
                if let Some(at) = collection.find(&range) {
                    if let Some(name) = references::used_resource(it, &collection, id, &range) {
                        self.obstacle = Some(format!("first remove what refers to `{name}`, then remove it"));
                        return None;
                    }
                    self.removed.entry((layer, collection.id())).or_default().push(at);
                    return Some(());
                }
            }
        }
        None
    }

    /// In a block a `|` makes a text of the lines below it; elsewhere the text is put in quotes.
    fn stringify(&mut self, at: Span) -> Option<()> {
        let (layer, range) = self.reading.around(at).next()?;
        let it = self.reading.layer(layer);
        let id = it.node_at(&range)?;
        let node = it.node(id);
        let context = self.reading.context(layer, id);
        let bytes = it.bytes();
        let key = it.node(it.key_id(id)?);
        if it.is_flow(node) || context.json {
            let text = bytes[range.clone()].to_owned();
            let splice = Splice::new(range, quoted(&text, context, None));
            let effects = vec![(id, Effect::Becomes(Model::string(text)))];
            return self.add(layer, LayerEdit { splices: vec![splice], effects });
        }
        let between = bytes.get(key.range().end..range.start)?;
        let colon = key.range().end + between.find(':')? + 1;
        let content = colon + rest_of_line(bytes, colon)?;
        let width = |at: usize| {
            let line = &bytes[it.line_start(at)..];
            line.len() - line.trim_start_matches(' ').len()
        };
        // Comments become text like the rest, and the first line says how deep the text is.
        let start = content;
        let end = range.end
            + bytes[range.end..range.end + rest_of_line(bytes, range.end)?].trim_end_matches(['\n', '\r']).len();
        let (indent, outer) = (width(range.start), width(key.range().start));
        let is_deeper = indent > outer;
        let missing = (outer + 2).saturating_sub(indent);
        let mut splices = vec![Splice::new(colon..colon, " |")];
        let is_text = bytes
            .get(start..range.start)?
            .lines()
            .next()
            .is_some_and(|line| line.len() - line.trim_start_matches(' ').len() == indent);
        if !is_text {
            return None;
        }
        let lines = bytes[start..end].split('\n');
        let mut text = String::new();
        let mut at = start;
        for line in lines {
            if !is_deeper && !line.trim().is_empty() {
                splices.push(Splice::new(at..at, " ".repeat(missing)));
            }
            text.push_str(
                line.get(indent.min(line.len() - line.trim_start_matches(' ').len())..)?.trim_end_matches('\r'),
            );
            text.push('\n');
            at += line.len() + 1;
        }
        self.add(layer, LayerEdit { splices, effects: vec![(id, Effect::Becomes(Model::string(text)))] })
    }

    fn refer(&mut self, at: &Target, to: &Reference) -> Option<()> {
        // A string that CloudFormation fills in holds references as `${…}`.
        if let Some((layer, id, range)) = self.reading.scalar_at(at.span) {
            let it = self.reading.layer(layer);
            let is_whole = range == (0..it.value(id).len());
            let is_filled = self.is_filled(layer, id);
            if is_filled && !(is_whole && it.node(id).tag().is_some_and(|tag| tag.name != "!Sub")) {
                let pattern = references::in_pattern(to)?;
                return self.value(
                    layer,
                    id,
                    Splice { is_pattern: true, ..Splice::new(range, pattern) },
                    ScalarType::Same,
                );
            }
            if is_whole && it.depth == 0 {
                let context = self.reading.context(layer, id);
                return self.add(layer, references::refer(it, id, context, to)?);
            }
            return None;
        }
        let (layer, range) = self.reading.around(at.span).next()?;
        let it = self.reading.layer(layer);
        let id = it.node_at(&range)?;
        if it.depth > 0 {
            return None;
        }
        let context = self.reading.context(layer, id);
        self.add(layer, references::refer(it, id, context, to)?)
    }

    /// True if a scalar, or a string around it, is a pattern of `Fn::Sub`.
    fn is_filled(&self, layer: usize, id: NodeId) -> bool {
        let mut place = Some((layer, id));
        while let Some((layer, id)) = place {
            let it = self.reading.layer(layer);
            if references::is_pattern(it, id) {
                return true;
            }
            let range = it.node(id).range();
            place = self.reading.outward(layer, range).map(|(layer, id, _)| (layer, id));
        }
        false
    }

    /// Refuses a key that a mapping has already: which of the two would count depends on the reader.
    fn write_key(&mut self, layer: usize, mapping: &Collection<'_>, key: String) -> Option<()> {
        if mapping.has_key(&key) {
            self.obstacle = Some(format!("`{key}` exists already: merge the two"));
            return None;
        }
        self.keys.push((layer, mapping.id(), key));
        Some(())
    }

    fn add(&mut self, layer: usize, outcome: LayerEdit) -> Option<()> {
        let all = self.layers.entry(layer).or_default();
        all.splices.extend(outcome.splices);
        all.effects.extend(outcome.effects);
        Some(())
    }

    /// Spells everything, from the innermost layers out.
    fn finish(&mut self) -> Option<Vec<Edit>> {
        for ((layer, id), mut gone) in std::mem::take(&mut self.removed) {
            gone.sort_unstable();
            gone.dedup();
            let it = self.reading.layer(layer);
            let outcome = Collection::of(it, id.tree, it.node(id))?.remove(&gone)?;
            self.add(layer, outcome)?;
        }
        let layers = self.values.keys().map(|it| it.0).chain(self.layers.keys().copied());
        let deepest = layers.map(|it| self.reading.layer(it).depth).max()?;
        let mut edits = Vec::new();
        for depth in (0..=deepest).rev() {
            let here = |layer: &usize| self.reading.layer(*layer).depth == depth;
            let values: Vec<_> = self.values.keys().copied().filter(|(layer, _)| here(layer)).collect();
            for (layer, id) in values {
                let (splices, wanted) = self.values.remove(&(layer, id))?;
                self.spell(layer, id, splices, wanted)?;
            }
            let layers: Vec<_> = self.layers.keys().copied().filter(here).collect();
            for layer in layers {
                let all = self.layers.get_mut(&layer)?;
                all.splices = in_order(std::mem::take(&mut all.splices))?;
                for splice in all.splices.clone() {
                    if depth == 0 {
                        edits.push(self.edit(layer, splice)?);
                        continue;
                    }
                    let (outer, id, range) = self.reading.outward(layer, splice.range.clone())?;
                    self.value(outer, id, Splice { range, ..splice }, ScalarType::String)?;
                }
            }
        }
        let mut changed =
            self.layers.iter().flat_map(|(layer, it)| it.effects.iter().map(move |(id, _)| (*layer, *id)));
        // What an alias names changes wherever it is named.
        if changed.any(|(layer, id)| self.reading.layer(layer).is_aliased(id)) {
            return None;
        }
        joined(edits)
    }

    fn spell(&mut self, layer: usize, id: NodeId, mut splices: Vec<Splice>, wanted: ScalarType) -> Option<()> {
        let it = self.reading.layer(layer);
        let is_pattern = splices.iter().any(|it| it.is_pattern);
        let needs_sub = is_pattern && it.depth == 0;
        if needs_sub {
            splices.extend(references::escapes(it.value(id).bytes())?);
        }
        let splices = in_order(splices)?;
        let context = self.reading.context(layer, id);
        if context.key {
            self.write_key(layer, &Collection::around(it, id)?, spliced(it.value(id).bytes(), &splices))?;
        }
        let mut spelled = spell(it.bytes(), it.node(id), &it.value(id), context, &splices, wanted)?;
        if needs_sub {
            return self.add(layer, references::substitute(it, id, context, spelled, &splices)?);
        }
        spelled.iter_mut().for_each(|it| it.is_pattern = is_pattern);
        let is_string = match wanted {
            ScalarType::Same => None,
            ScalarType::String => Some(true),
            ScalarType::Any => Some(false),
        };
        let is_string = if wanted == ScalarType::String && it.node(id).tag().is_some() { None } else { is_string };
        self.add(layer, LayerEdit { splices: spelled, effects: vec![(id, Effect::Value { splices, is_string })] })
    }

    fn edit(&self, layer: usize, splice: Splice) -> Option<Edit> {
        let it = self.reading.layer(layer);
        let span = it.text.slice(splice.range);
        // What stands for a value of a deploy in our texts is no text of the file.
        (!splice.text.contains('\u{FFFC}')).then(|| Edit::new(span, splice.text))
    }
}

/// Splices in the order of their places. `None` if they overlap.
fn in_order(mut splices: Vec<Splice>) -> Option<Vec<Splice>> {
    splices.sort_by_key(|it| (it.range.start, it.range.end));
    splices.dedup();
    splices.windows(2).all(|it| it[0].range.end <= it[1].range.start).then_some(splices)
}

/// The edits of one proposal: in order, those that touch as one.
fn joined(mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    edits.sort_by_key(|it| (it.span.start, it.span.end));
    let mut all: Vec<Edit> = Vec::new();
    for edit in edits {
        match all.last_mut() {
            Some(last) if edit.span.start < last.span.end => return None,
            Some(last) if edit.span.start == last.span.end => {
                last.span.end = edit.span.end;
                last.replacement.push_str(&edit.replacement);
            }
            _ => all.push(edit),
        }
    }
    Some(all)
}
