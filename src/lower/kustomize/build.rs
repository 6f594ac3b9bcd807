//! What kustomize makes of objects: the same objects as they are deployed, each value with the place where it was written.
//!
//! Applies one kustomization at a time; `workspace/kustomize` orders them.

mod data;
mod files;
mod generators;
mod layer;
mod merge;
mod object;
mod operations;
mod references;
mod replacements;
mod transform;

pub use data::Data;
pub use files::{Files, Patch};
pub use layer::{Dialect, Layer};
pub use object::Object;

use std::sync::Arc;

use crate::collections::HashMap;
use crate::facts::{Facts, Unit, UnitKind};
use crate::lower::{controllers, kubernetes};
use crate::source::{FileId, Piece, Span, Text, TextBuilder, UnitId};
use crate::syntax::{self, Hint};

use super::changes::steps;
use data::{render, with_hash};
use references::{Names, follow_names};
use transform::quote_annotations;

/// The objects of a document: itself, or the items of a `List`.
pub fn objects(document: Data, found: &mut Vec<Object>) {
    let is_list = document.get("kind").and_then(Data::str).is_some_and(|it| it.ends_with("List"));
    match document {
        Data::Mapping(mut it) if is_list && it.get("items").is_some_and(|it| it.list().is_some()) => {
            if let Some(Data::List(items)) = it.remove("items") {
                found.extend(items.items.into_iter().filter_map(Object::new));
            }
        }
        Data::List(it) => found.extend(it.items.into_iter().filter_map(Object::new)),
        document => found.extend(Object::new(document)),
    }
}

/// What is done once, at the end of a build: hashes, names that others refer to, variables, and what Flux fills in.
///
/// `vars` are those of all kustomizations of the build. `left` counts the steps; nothing if they do not suffice.
pub fn finish(
    objects: &mut Vec<Object>,
    vars: &[Arc<Data>],
    substitutions: Option<&Data>,
    left: &mut usize,
) -> Option<()> {
    for object in objects.iter_mut().filter(|it| it.is_hashed) {
        let name = object.data().at(&["metadata", "name"]).and_then(Data::text).map(with_hash);
        if let (Some(name), Some(own)) = (name, object.change().get_mut("metadata").and_then(|it| it.get_mut("name"))) {
            *own = Data::string(name);
        }
    }
    let names = Names::new(objects);
    objects.iter_mut().for_each(|it| follow_names(it, &names));
    *left = left.checked_sub(vars.len().saturating_mul(1 + objects.len()))?;
    let vars: HashMap<String, Option<Text>> = vars.iter().filter_map(|it| variable(objects, it)).collect();
    if !vars.is_empty() {
        fill_in(objects, "$(", ")", &|inner| vars.get(inner).cloned(), left)?;
    }
    objects.retain(|it| !it.is_local());
    match substitutions {
        Some(substitutions) => substitute(objects, substitutions, left),
        None => Some(()),
    }
}

/// A variable, and its value if that is known.
fn variable(objects: &[Object], var: &Data) -> Option<(String, Option<Text>)> {
    let name = var.get("name")?.str()?.to_owned();
    let path = var.at(&["fieldref", "fieldpath"]).or_else(|| var.at(&["fieldref", "fieldPath"]));
    let path = path.and_then(Data::str).unwrap_or("metadata.name");
    let (kind, of) = (var.at(&["objref", "kind"])?.str()?, var.at(&["objref", "name"])?.str()?);
    let mut found = objects.iter().filter(|it| it.ids().iter().any(|it| it.kind == kind && it.name == of));
    let object = found.next().filter(|_| found.next().is_none());
    let value = object.and_then(|it| {
        let steps = steps(path);
        it.data().at(&steps.iter().map(String::as_str).collect::<Vec<_>>())?.text().cloned()
    });
    Some((name, value))
}

/// Fills in what Flux does after the build: `${name}`, `${name:=default}`, `${name:-default}`.
fn substitute(objects: &mut [Object], post_build: &Data, left: &mut usize) -> Option<()> {
    let values = post_build.get("substitute");
    let others = post_build.get("substituteFrom").and_then(Data::list).is_some_and(|it| !it.items.is_empty());
    let value = |inner: &str| -> Option<Option<Text>> {
        let (name, default) = match inner.split_once(":=").or_else(|| inner.split_once(":-")) {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        if !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
            return None;
        }
        match values.and_then(|it| it.get(name)).and_then(Data::text) {
            // What is empty counts as not set where there is a default.
            Some(value) if default.is_none() || !value.is_empty() => Some(Some(value.clone())),
            // ConfigMaps and Secrets of the cluster may say it.
            None if others => None,
            _ => default.filter(|it| !it.contains('$')).map(|it| Some(Text::written(it, NOWHERE))),
        }
    };
    let is_off = |it: &Object| {
        let says = |holder: &str| {
            let mark = it.data().at(&["metadata", holder, "kustomize.toolkit.fluxcd.io/substitute"]);
            mark.and_then(Data::str) == Some("disabled")
        };
        says("labels") || says("annotations")
    };
    for object in objects.iter_mut().filter(|it| !is_off(it)) {
        fill_in(std::slice::from_mut(object), "${", "}", &value, left)?;
    }
    Some(())
}

/// Stands for a default, which is written where the variable is.
const NOWHERE: Span = Span { file: FileId::new(0), start: 0, end: 0 };

/// Replaces what stands between two marks. `value` answers nothing for what stays, and `Some(None)` for what is unknown.
fn fill_in(
    objects: &mut [Object],
    open: &str,
    close: &str,
    value: &dyn Fn(&str) -> Option<Option<Text>>,
    left: &mut usize,
) -> Option<()> {
    // What other tools fill in is a hole by now.
    let wanted = |written: &str| value(written.strip_prefix(open)?.strip_suffix(close)?);
    let is_wanted =
        |text: &Text| text.pieces().any(|it| matches!(it, Piece::Hole(hole) if wanted(&hole.written).is_some()));
    let mut made = 0;
    let most = *left;
    let mut change = |text: &Text| -> Option<Text> {
        if made > most || !is_wanted(text) {
            return None;
        }
        let mut builder = TextBuilder::default();
        let mut pieces = text.pieces_at().peekable();
        while let Some((at, piece)) = pieces.next() {
            let end = pieces.peek().map_or(text.len(), |it| it.0);
            let own = text.part(at..end);
            match piece {
                Piece::Hole(hole) => match wanted(&hole.written) {
                    Some(Some(value)) if value.whole() == NOWHERE => builder.push_written(value.bytes(), own.span()),
                    Some(Some(value)) if made + builder.len() <= most => builder.push(&value),
                    _ => builder.push(&own),
                },
                Piece::Known(_) => builder.push(&own),
            }
        }
        made += builder.len();
        Some(builder.finish(text.whole()))
    };
    for object in objects {
        // Asked first, because most objects have nothing to fill in.
        let mut has_one = false;
        object.data().texts(&mut |text| has_one |= is_wanted(text));
        if has_one {
            object.change().each_text(&mut change);
        }
    }
    *left = left.checked_sub(made)?;
    Some(())
}

/// Reads the facts of an object that was built. `file` says in which file its places are to be; `document` is the object's place
/// among all of them. `common`: where the annotations stand that all objects get. False if it can hold no fact.
pub fn lower(
    object: &Object,
    document: u32,
    common: &[Span],
    file: impl Fn(FileId) -> FileId,
    facts: &mut Facts,
) -> bool {
    let text = match object.has_bare_annotations() {
        true => {
            let mut data = object.data().clone();
            quote_annotations(&mut data);
            render(&data, &file)
        }
        false => render(object.data(), &file),
    };
    if !crate::lower::matters(text.bytes().as_bytes()) {
        return false;
    }
    let parsed = syntax::parse(&text, Hint::Yaml);
    for tree in &parsed.documents {
        let root = tree.root();
        let kind = controllers::unit_kind(root).unwrap_or(UnitKind::Kubernetes);
        let id = UnitId { file: root.span().file, document };
        facts.units.push(Unit::of_document(id, kind, root.span()));
        kubernetes::lower(root, facts);
    }
    let written = &object.ids()[0].name;
    if *written != object.id().name || object.is_hashed {
        for map in &mut facts.aws_auths {
            Arc::make_mut(&mut map.meta).built.written_name = Some(written.as_str().into());
        }
    }
    // Those that are for everything are for objects that cannot make use of them, too.
    let common: Vec<Span> = common.iter().map(|it| Span { file: file(it.file), ..*it }).collect();
    for meta in facts.objects.iter_mut().filter(|it| it.kind.is("ServiceAccount") != Some(true)) {
        let is_common = |it: &crate::facts::Annotation| common.iter().any(|of| of.contains(it.key.whole()));
        if meta.annotations.iter().any(is_common) {
            let meta = Arc::make_mut(meta);
            meta.annotations.iter_mut().for_each(|it| it.is_written &= !is_common(it));
        }
    }
    true
}
