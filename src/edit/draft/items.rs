//! Items of lists, and values that become lists or entries.

use super::super::change::Target;
use super::super::collections::{Collection, LayerEdit};
use super::super::layers::NodeId;
use super::super::model::{Effect, Effects, Model};
use super::super::references;
use super::super::strings::Context;
use super::super::strings::{ScalarType, Splice, is_plain, scalar, spell, spliced};
use super::Builder;
use crate::source::Span;
use crate::syntax::{self, Style};

impl<'r> Builder<'r> {
    /// The item of a list that a text is the whole of.
    pub(super) fn item(&self, at: &Target) -> Option<(usize, NodeId, Collection<'r>)> {
        let (layer, id, range) = self.place(at)?;
        let it = self.reading.layer(layer);
        let is_whole = range == (0..it.value(id).len());
        let is_item = it.parent(id).is_some_and(|node| it.is_list(id.tree, node));
        let collection = Collection::around(it, id)?;
        (is_whole && is_item).then_some((layer, id, collection))
    }

    pub(super) fn copy_item(&mut self, item: Span, part: &Target, value: &str) -> Option<()> {
        let (layer, id, range) = self.place(part)?;
        let it = self.reading.layer(layer);
        let splice = Splice::new(range, value);
        let context = self.reading.context(layer, id);
        let splices = [splice];
        let spelled = spell(it.bytes(), it.node(id), &it.value(id), context, &splices, ScalarType::Same)?;
        // The item is the string, or the call of a function that it is the argument of.
        let mut top = id;
        while let Some(parent) = it.parent(top).filter(|node| !it.is_list(id.tree, *node)) {
            top.node = parent.id();
        }
        let collection = Collection::around(it, top)?;
        let at = collection.position(top)?;
        let whole = references::with_tag(it, it.node(top))?;
        let place = it.text.slice(whole.clone());
        (place.contains(item) || item.contains(place)).then_some(())?;
        let shifted: Vec<_> = spelled
            .iter()
            .map(|it| Splice::new(it.range.start - whole.start..it.range.end - whole.start, it.text.as_str()))
            .collect();
        let text = spliced(&it.bytes()[whole], &shifted);
        let effects: Effects =
            [(id, vec![Effect::Value { splices: splices.to_vec(), is_string: Some(true) }])].into_iter().collect();
        let model = Model::with_effects(it.node(top), top.tree, &effects);
        self.add(layer, collection.copy_item(at, &text, model)?)
    }

    pub(super) fn add_value(&mut self, at: &Target, value: Option<&str>) -> Option<()> {
        let (layer, id, range) = self.place(at)?;
        let it = self.reading.layer(layer);
        let is_in_sequence = it.parent(id).is_some_and(|it| it.kind() == syntax::Kind::Sequence);
        let is_item = it.parent(id).is_some_and(|node| it.is_list(id.tree, node));
        let context = self.reading.context(layer, id);
        let is_whole = range == (0..it.value(id).len());
        if !is_whole || is_in_sequence != is_item {
            return None;
        }
        if is_item {
            let value = value?;
            let collection = Collection::around(it, id)?;
            let at = collection.position(id)?;
            return self.add(layer, collection.add_item(at, value, context)?);
        }
        let node = it.node(id);
        let is_argument = it.key_of(id).is_some_and(|it| it.starts_with("Fn::"));
        if context.key || node.tag().is_some() || is_argument {
            return None;
        }
        let inside = Context { flow: true, ..context };
        let old = node.str()?.to_owned();
        let is_block = matches!(node.style()?, Style::Literal | Style::Folded);
        let is_open = node.style() == Some(Style::Plain) && !is_plain(&old, true);
        let is_same = !is_block && !is_open;
        let written = if is_same { it.bytes()[node.range()].to_owned() } else { scalar(&old, inside) };
        let mut items = vec![written];
        items.extend(value.map(|it| scalar(it, inside)));
        let list = if is_same { Model::of(node) } else { Model::string(old) };
        let models = std::iter::once(list).chain(value.map(Model::string));
        let effect = Effect::Becomes(Model::sequence(models));
        let splice = Splice::new(node.range(), format!("[{}]", items.join(", ")));
        self.add(layer, LayerEdit { splices: vec![splice], effects: vec![(id, effect)] })
    }

    /// On a line of its own an entry stands as it is; after its key it needs braces.
    pub(super) fn make_entry(&mut self, at: &Target, name: &str, value: &str) -> Option<()> {
        let (layer, id, range) = self.place(at)?;
        let it = self.reading.layer(layer);
        let node = it.node(id);
        let context = self.reading.context(layer, id);
        if range != (0..it.value(id).len()) || context.key || node.tag().is_some() {
            return None;
        }
        let is_alone = it.line_before(node.range().start).trim().is_empty() && !context.flow;
        let inside = Context { flow: !is_alone, ..context };
        let entry = format!("{}: {}", scalar(name, inside), scalar(value, inside));
        let text = if is_alone { entry } else { format!("{{ {entry} }}") };
        let effects = vec![(id, Effect::Becomes(Model::entry(name, Model::string(value))))];
        self.add(layer, LayerEdit { splices: vec![Splice::new(node.range(), text)], effects })
    }
}
