//! Makes [`Declared`] of the settings.

use std::sync::Arc;

use crate::collections::HashMap;
use crate::field::Spanned;
use crate::source::{FileId, Source, Span, Text};

use super::values::{AccountId, Namespace, PartitionId, Patterns, Region};
use super::{Configuration, Declared, Globs, Layer, Origin, Place};

/// Makes texts that stand in the sources of [`Declared`].
struct Writer<'c> {
    layers: Vec<(usize, &'c Layer)>,
    ids: &'c [FileId],
}

impl Writer<'_> {
    /// A string with its place between the quotes.
    fn text(&self, value: &str, span: Span) -> Text {
        let at = self.layers.iter().position(|(layer, _)| *layer == span.file.number() as usize);
        let at = at.expect("what is written is in a file or an option of the command line");
        let whole = Span { file: self.ids[at], ..span };
        let is_plain = (span.end - span.start) as usize == value.len() + 2;
        let inside = if is_plain { Span { start: whole.start + 1, end: whole.end - 1, ..whole } } else { whole };
        Text::written(value, inside)
    }

    fn globs(&self, span: Span, paths: &Patterns) -> Globs {
        let (_, layer) = self.layers.iter().find(|(at, _)| *at == span.file.number() as usize).expect("see above");
        Globs::of(&layer.source.path, &layer.base, paths.texts())
    }
}

impl Configuration {
    /// The texts that were written, in the order of their layers.
    pub fn texts(&self) -> impl Iterator<Item = &Source> {
        self.layers.iter().filter(|it| it.origin != Origin::Default).map(|it| &it.source)
    }

    /// What is said besides rules and levels, if anything is. `ids`: what the run calls its [`Configuration::texts`].
    pub fn declared(&self, ids: &[FileId]) -> Option<Declared> {
        let clusters = self.get(|it| &it.clusters).map_or(&[][..], |it| &it.value);
        let environments = self.get(|it| &it.environments).map_or(&[][..], |it| &it.value);
        let default_namespace = self.get(|it| &it.default_namespace);
        if clusters.is_empty() && environments.is_empty() && default_namespace.is_none() {
            return None;
        }
        let layers = self.layers.iter().enumerate();
        let writer = Writer { layers: layers.filter(|(_, it)| it.origin != Origin::Default).collect(), ids };
        let account = |it: &Option<Spanned<AccountId>>| Some(writer.text(&it.as_ref()?.value.0, it.as_ref()?.span));
        let region = |it: &Option<Spanned<Region>>| Some(writer.text(&it.as_ref()?.value.0, it.as_ref()?.span));
        let partition = |it: &Option<Spanned<PartitionId>>| Some(writer.text(&it.as_ref()?.value.0, it.as_ref()?.span));
        let namespace = |it: &Option<Spanned<Namespace>>| Some(writer.text(&it.as_ref()?.value.0, it.as_ref()?.span));
        let clusters = clusters.iter().filter_map(|it| {
            let it = &it.value;
            let name = it.name.as_ref()?;
            Some(Place {
                name: writer.text(&name.value.0, name.span),
                account: account(&it.account),
                region: region(&it.region),
                partition: partition(&it.partition),
                default_namespace: namespace(&it.default_namespace),
                mode: it.authentication_mode.as_ref().map(|it| writer.text(it.value.name(), it.span)),
                version: it.version.as_ref().map(|it| writer.text(&it.value.0, it.span)),
                paths: it.paths.as_ref().map(|it| writer.globs(it.span, &it.value)),
            })
        });
        let environments = environments.iter().filter_map(|it| {
            let it = &it.value;
            let (name, paths) = (it.name.as_ref()?, it.paths.as_ref()?);
            Some(Place {
                name: writer.text(&name.value.0, name.span),
                account: account(&it.account),
                region: region(&it.region),
                partition: partition(&it.partition),
                default_namespace: namespace(&it.default_namespace),
                mode: None,
                version: None,
                paths: Some(writer.globs(paths.span, &paths.value)),
            })
        });
        Some(Declared {
            clusters: clusters.collect(),
            environments: environments.collect(),
            default_namespace: default_namespace.map(|it| writer.text(&it.value.0, it.span)),
            located: HashMap::default(),
            sources: ids.iter().copied().zip(self.texts().cloned().map(Arc::new)).collect(),
        })
    }
}
