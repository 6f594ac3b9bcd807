//! JSON patches (RFC 6902).

use super::data::Data;
use crate::source::Text;

/// How deep operations may make an object. The parser takes no deeper one either.
const DEEPEST: usize = 200;

/// How many steps it takes to copy a value.
const COPIED: usize = 20;

/// Carries out the operations of a JSON patch. False if one of them cannot be: kustomize refuses to build then. `left` counts the
/// steps; nothing if they do not suffice.
pub fn patch(object: &mut Data, operations: &Data, left: &mut usize) -> Option<bool> {
    let Some(operations) = operations.list() else { return Some(false) };
    for operation in &operations.items {
        let is_copy = operation.get("op").and_then(Data::str) == Some("copy");
        let copied = operation.get("from").filter(|_| is_copy).and_then(Data::str);
        // What is copied may have been copied before, so each is counted.
        let size = copied.and_then(|it| walk(object, &steps(it))).map_or(1, |it| COPIED * (it.size() + it.depth()));
        *left = left.checked_sub(size)?;
        if operate(object, operation).is_none() || is_copy && object.depth() > DEEPEST {
            return Some(false);
        }
    }
    Some(true)
}

fn operate(object: &mut Data, operation: &Data) -> Option<()> {
    let pointer = |key: &str| Some(steps(operation.get(key)?.str()?));
    let path = pointer("path")?;
    match operation.get("op")?.str()? {
        "add" => add(object, &path, operation.get("path")?.text()?, operation.get("value")?.clone()),
        "replace" => {
            let (last, above) = path.split_last()?;
            let holder = walk(object, above)?;
            let value = operation.get("value")?.clone();
            match holder {
                // The key stands in the pointer, so it is underlined there.
                Data::Mapping(it) => {
                    it.get(last)?;
                    it.set(key(operation.get("path")?.text()?, last), value);
                }
                Data::List(it) => *it.items.get_mut(last.parse::<usize>().ok()?)? = value,
                Data::Scalar(_) => return None,
            }
            Some(())
        }
        "remove" => remove(object, &path).map(drop),
        "move" => {
            let value = remove(object, &pointer("from")?)?;
            add(object, &path, operation.get("path")?.text()?, value)
        }
        "copy" => {
            let value = walk(object, &pointer("from")?)?.clone();
            add(object, &path, operation.get("path")?.text()?, value)
        }
        // Whether it holds is seen when it is built.
        "test" => Some(()),
        _ => None,
    }
}

fn add(object: &mut Data, path: &[String], pointer: &Text, value: Data) -> Option<()> {
    let Some((last, above)) = path.split_last() else {
        *object = value;
        return Some(());
    };
    match walk(object, above)? {
        Data::Mapping(it) => it.set(key(pointer, last), value),
        Data::List(it) if last == "-" => it.items.push(value),
        Data::List(it) => {
            let at = last.parse::<usize>().ok().filter(|at| *at <= it.items.len())?;
            it.items.insert(at, value);
        }
        Data::Scalar(_) => return None,
    }
    Some(())
}

fn remove(object: &mut Data, path: &[String]) -> Option<Data> {
    let (last, above) = path.split_last()?;
    match walk(object, above)? {
        Data::Mapping(it) => it.remove(last),
        Data::List(it) => {
            let at = last.parse::<usize>().ok().filter(|at| *at < it.items.len())?;
            Some(it.items.remove(at))
        }
        Data::Scalar(_) => None,
    }
}

fn walk<'d>(object: &'d mut Data, path: &[String]) -> Option<&'d mut Data> {
    path.iter().try_fold(object, |data, step| match data {
        Data::Mapping(it) => it.get_mut(step),
        Data::List(it) => it.items.get_mut(step.parse::<usize>().ok()?),
        Data::Scalar(_) => None,
    })
}

/// The steps of a pointer: `/metadata/annotations/eks.amazonaws.com~1role-arn`.
pub fn steps(pointer: &str) -> Vec<String> {
    let steps = pointer.strip_prefix('/').map(|it| it.split('/')).into_iter().flatten().take(DEEPEST);
    steps.map(|it| it.replace("~1", "/").replace("~0", "~")).collect()
}

/// The last step of a pointer as a key, where it is written.
fn key(pointer: &Text, step: &str) -> Text {
    let start = pointer.bytes().rfind('/').map_or(0, |at| at + 1);
    let last = pointer.part(start..pointer.len());
    if last.bytes() == step { last } else { Text::written(step, last.span()) }
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn steps_of_pointers() {
        assert_eq!(steps("/metadata/annotations/a.b~1c~01"), ["metadata", "annotations", "a.b/c~1"]);
        assert_eq!(steps(""), Vec::<String>::new());
        assert_eq!(steps("/"), [""]);
    }
}
