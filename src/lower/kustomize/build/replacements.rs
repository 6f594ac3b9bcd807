//! `replacements`: values that are copied from one object into others.

use super::data::{Data, Mapping};
use super::object::{Object, Selector};
use crate::lower::kustomize::changes::steps;
use crate::source::{Text, TextBuilder};

/// How many objects are compared with all targets of one replacement.
const MOST_COMPARISONS: usize = 100_000;

/// How many steps it takes to copy a value, and to cut texts into parts.
const COPIED: usize = 4;
const CUT: usize = 64;

/// How many steps a path may have.
const LONGEST: usize = 100;

/// Carries out a replacement. False if it cannot be read; then anything may be changed. `left` counts the steps; nothing if they do
/// not suffice.
pub fn replace(objects: &mut [Object], replacement: &Data, left: &mut usize) -> Option<bool> {
    let mut made = 0;
    let is_done = carry_out(objects, replacement, *left, &mut made).is_some();
    *left = left.checked_sub(made)?;
    Some(is_done)
}

/// [`replace`], which may make so much. `made` is how much it is.
fn carry_out(objects: &mut [Object], replacement: &Data, most: usize, made: &mut usize) -> Option<()> {
    let source = replacement.get("source")?;
    let value = source_value(objects, source);
    let targets = replacement.get("targets")?.list()?;
    if targets.items.len().saturating_mul(objects.len()) > MOST_COMPARISONS {
        return None;
    }
    for target in &targets.items {
        let select = Selector::new(target.get("select")?, true)?;
        let rejects = target.get("reject").and_then(Data::list).map_or(&[][..], |it| &it.items);
        let rejects: Vec<Selector> = rejects.iter().map(|it| Selector::new(it, false)).collect::<Option<_>>()?;
        let options = Options::of(target.get("options"));
        let fields = target.get("fieldPaths").and_then(Data::list).map_or(&[][..], |it| &it.items);
        let mut paths: Vec<Vec<String>> = fields.iter().map(|it| it.str().map(steps)).collect::<Option<_>>()?;
        if paths.iter().any(|it| it.len() > LONGEST) {
            return None;
        }
        if paths.is_empty() {
            paths.push(vec!["metadata".to_owned(), "name".to_owned()]);
        }
        for object in objects.iter_mut() {
            if !select.chooses(object) || rejects.iter().any(|it| it.chooses(object)) {
                continue;
            }
            for path in &paths {
                // What is copied may not be known: it may be of an object that is about something else.
                let unknown;
                let value = match &value {
                    Some(value) => value,
                    None => {
                        unknown = Data::unknown(source.span());
                        &unknown
                    }
                };
                // Each may have been made longer by the one before.
                let is_cut = options.delimiter.is_some();
                *made += (value.size() + object.data().size()) * if is_cut { CUT } else { COPIED };
                if *made > most {
                    return None;
                }
                put(object.change(), path, value, &options);
            }
            object.remember();
        }
    }
    Some(())
}

/// How a part of a text is taken or replaced.
#[derive(Default)]
struct Options {
    delimiter: Option<String>,
    index: i64,
    create: bool,
}

impl Options {
    fn of(data: Option<&Data>) -> Self {
        let text = |key: &str| data.and_then(|it| it.get(key)).and_then(Data::str);
        Self {
            delimiter: text("delimiter").filter(|it| !it.is_empty()).map(str::to_owned),
            index: text("index").and_then(|it| it.parse().ok()).unwrap_or_default(),
            create: text("create") == Some("true"),
        }
    }
}

fn source_value(objects: &[Object], source: &Data) -> Option<Data> {
    let select = Selector::new(source, false)?;
    let mut found = objects.iter().filter(|it| select.chooses(it));
    let object = found.next().filter(|_| found.next().is_none())?;
    let path = match source.get("fieldPath") {
        Some(path) => steps(path.str()?),
        None => vec!["metadata".to_owned(), "name".to_owned()],
    };
    let value = path.iter().try_fold(object.data(), |data, step| child(data, step))?;
    let options = Options::of(source.get("options"));
    match (&options.delimiter, value) {
        (Some(delimiter), value) => {
            let parts = split(value.text()?, delimiter);
            Some(Data::string(parts.get(usize::try_from(options.index).ok()?)?.clone()))
        }
        (None, value) => Some(value.clone()),
    }
}

fn split(text: &Text, delimiter: &str) -> Vec<Text> {
    let mut start = 0;
    let parts = text.bytes().split(delimiter).map(|part| {
        let range = start..start + part.len();
        start = range.end + delimiter.len();
        text.part(range)
    });
    parts.collect()
}

fn child<'d>(data: &'d Data, step: &str) -> Option<&'d Data> {
    match data {
        Data::Mapping(it) => it.get(step),
        Data::List(it) => it.items.get(place(&it.items, step)?),
        Data::Scalar(_) => None,
    }
}

/// The item of a list that a step means: `0`, or `name=app`.
fn place(items: &[Data], step: &str) -> Option<usize> {
    match step.split_once('=') {
        Some((key, value)) => items.iter().position(|it| it.get(key).and_then(Data::str) == Some(value)),
        None => step.parse().ok().filter(|at| *at < items.len()),
    }
}

fn put(data: &mut Data, path: &[String], value: &Data, options: &Options) {
    let Some((step, rest)) = path.split_first() else {
        *data = match (&options.delimiter, data.text(), value.text()) {
            (Some(delimiter), Some(own), Some(new)) => Data::string(spliced(own, delimiter, options.index, new)),
            _ => value.clone(),
        };
        return;
    };
    match data {
        Data::Mapping(it) if step == "*" => it.values_mut().for_each(|it| put(it, rest, value, options)),
        Data::List(it) if step == "*" => it.items.iter_mut().for_each(|it| put(it, rest, value, options)),
        Data::List(it) => match step.split_once('=') {
            // All that are so.
            Some((key, wanted)) => {
                let is_it = |it: &&mut Data| it.get(key).and_then(Data::text).is_some_and(|it| it.bytes() == wanted);
                it.items.iter_mut().filter(is_it).for_each(|it| put(it, rest, value, options));
            }
            None => {
                if let Some(at) = place(&it.items, step) {
                    put(&mut it.items[at], rest, value, options);
                }
            }
        },
        Data::Mapping(it) => match it.get_mut(step) {
            Some(_) if rest.is_empty() && options.delimiter.is_none() => {
                it.set(Text::written(step, value.span()), value.clone());
            }
            Some(own) => put(own, rest, value, options),
            None if options.create => {
                let mut new = if rest.is_empty() { value.clone() } else { empty(value) };
                put(&mut new, rest, value, options);
                it.set(Text::written(step, value.span()), new);
            }
            None => {}
        },
        // What stands in a text is not read.
        Data::Scalar(it) => *data = Data::unknown(it.text.whole()),
    }
}

fn empty(value: &Data) -> Data {
    Data::Mapping(Mapping::new(value.span()))
}

/// A text with one of its parts replaced, or with another part before or behind all of them.
fn spliced(own: &Text, delimiter: &str, index: i64, new: &Text) -> Text {
    let mut parts = split(own, delimiter);
    match usize::try_from(index) {
        Ok(at) if at < parts.len() => parts[at] = new.clone(),
        Ok(_) => parts.push(new.clone()),
        Err(_) => parts.insert(0, new.clone()),
    }
    let mut builder = TextBuilder::default();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            builder.push_written(delimiter, part.span());
        }
        builder.push(part);
    }
    builder.finish(own.whole())
}
