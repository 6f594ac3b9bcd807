//! What kustomize makes of objects: the same objects as they are deployed, each value with the place where it was written.
//!
//! This is the reader of one kustomization at a time. Which of them build on which, `workspace/kustomize` knows.

mod data;
mod generators;
mod layer;
mod merge;
mod object;
mod operations;
mod references;
mod replacements;
mod transform;

pub use data::Data;
pub use layer::{Dialect, Files, Layer, Patch};
pub use object::Object;

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
/// `vars` are those of all kustomizations of the build.
pub fn finish(objects: &mut Vec<Object>, vars: &[Data], substitutions: Option<&Data>) {
    for object in objects.iter_mut().filter(|it| it.is_hashed) {
        let name = object.data().at(&["metadata", "name"]).and_then(Data::text).map(with_hash);
        if let (Some(name), Some(own)) = (name, object.change().get_mut("metadata").and_then(|it| it.get_mut("name"))) {
            *own = Data::string(name);
        }
    }
    let names = Names::new(objects);
    objects.iter_mut().for_each(|it| follow_names(it, &names));
    let vars: Vec<(String, Option<Text>)> = vars.iter().filter_map(|it| variable(objects, it)).collect();
    if !vars.is_empty() {
        let value = |name: &str| vars.iter().find(|it| it.0 == name).map(|it| it.1.clone());
        fill_in(objects, "$(", ")", &|inner| value(inner));
    }
    objects.retain(|it| !it.is_local());
    if let Some(substitutions) = substitutions {
        substitute(objects, substitutions);
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
fn substitute(objects: &mut [Object], post_build: &Data) {
    let values = post_build.get("substitute");
    let others = post_build.get("substituteFrom").and_then(Data::list).is_some_and(|it| !it.items.is_empty());
    fill_in(objects, "${", "}", &|inner| {
        let (name, default) = match inner.split_once(":=").or_else(|| inner.split_once(":-")) {
            Some((name, default)) => (name, Some(default)),
            None => (inner, None),
        };
        if !name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
            return None;
        }
        match values.and_then(|it| it.get(name)) {
            Some(value) => value.text().map(|it| Some(it.clone())),
            // ConfigMaps and Secrets of the cluster may say it.
            None if others => None,
            None => default.filter(|it| !it.contains('$')).map(|it| Some(Text::written(it, NOWHERE))),
        }
    });
}

/// Stands for a default, which is written where the variable is.
const NOWHERE: Span = Span { file: FileId::new(0), start: 0, end: 0 };

/// Replaces what stands between two marks. `value` answers nothing for what stays, and `Some(None)` for what is unknown.
fn fill_in(objects: &mut [Object], open: &str, close: &str, value: &dyn Fn(&str) -> Option<Option<Text>>) {
    let change = |text: &Text| -> Option<Text> {
        // What other tools fill in is a hole by now.
        let wanted = |written: &str| value(written.strip_prefix(open)?.strip_suffix(close)?);
        let is_wanted = text.pieces().any(|it| matches!(it, Piece::Hole(hole) if wanted(&hole.written).is_some()));
        if !is_wanted {
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
                    Some(Some(value)) => builder.push(&value),
                    Some(None) | None => builder.push(&own),
                },
                Piece::Known(_) => builder.push(&own),
            }
        }
        Some(builder.finish(text.whole()))
    };
    for object in objects {
        // Asked first, because most objects have nothing to fill in.
        let mut found = false;
        let mut look = object.data().clone();
        look.each_text(&mut |text| {
            let changed = change(text);
            found |= changed.is_some();
            changed
        });
        if found {
            *object.change() = look;
        }
    }
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
    let mut data = object.data().clone();
    quote_annotations(&mut data);
    let text = render(&data, &file);
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
            std::sync::Arc::make_mut(&mut map.meta).built.written_name = Some(written.as_str().into());
        }
    }
    // Those that are for everything are for objects that cannot make use of them, too.
    let common: Vec<Span> = common.iter().map(|it| Span { file: file(it.file), ..*it }).collect();
    for meta in facts.objects.iter_mut().filter(|it| it.kind.is("ServiceAccount") != Some(true)) {
        let is_common = |it: &crate::facts::Annotation| common.iter().any(|of| of.contains(it.key.whole()));
        if meta.annotations.iter().any(is_common) {
            let meta = std::sync::Arc::make_mut(meta);
            meta.annotations.iter_mut().for_each(|it| it.is_written &= !is_common(it));
        }
    }
    true
}
