//! `configMapGenerator`.

use super::data::{Data, Mapping};
use super::files::Files;
use super::object::{Id, Object};
use crate::facts::Changed;
use crate::source::Text;

/// Makes a ConfigMap, or changes one that is there. `has_hash`: the kustomization does not turn hashes off.
pub fn generate(objects: &mut Vec<Object>, item: &Data, has_hash: bool, files: &mut dyn Files) -> Option<()> {
    let name = item.get("name")?.text()?.clone();
    let mut data = Mapping::new(item.span());
    let list = |key: &str| item.get(key).and_then(Data::list).map_or(&[][..], |it| &it.items);
    for literal in list("literals").iter().filter_map(Data::text) {
        let Some(at) = literal.bytes().find('=') else { continue };
        let value = unquoted(&literal.part(at + 1..literal.len()));
        data.set(literal.part(0..at), Data::string(value));
    }
    for entry in list("files").iter().filter_map(Data::text) {
        let (key, path) = match entry.bytes().find('=') {
            Some(at) => (entry.part(0..at), entry.part(at + 1..entry.len())),
            None => {
                let start = entry.bytes().rfind('/').map_or(0, |at| at + 1);
                (entry.part(start..entry.len()), entry.clone())
            }
        };
        let text = path.as_str().and_then(|it| files.whole(it));
        data.set(key, text.map_or_else(|| Data::unknown(path.span()), Data::string));
    }
    let id = Id {
        group: String::new(),
        kind: "ConfigMap".to_owned(),
        name: name.bytes().to_owned(),
        namespace: item.get("namespace").and_then(Data::text).map_or_else(String::new, |it| it.bytes().to_owned()),
    };
    let is_unknown = !list("envs").is_empty() || item.get("env").is_some();
    let is_off = |it: Option<&Data>| it.and_then(|it| it.get("disableNameSuffixHash")?.str()) == Some("true");
    let is_hashed = has_hash && !is_off(item.get("options"));
    let behavior = item.get("behavior").and_then(Data::str).unwrap_or("create");
    if matches!(behavior, "merge" | "replace") {
        let at = objects.iter().position(|it| it.is(&id) || it.is_nearly(&id))?;
        let object = &mut objects[at];
        object.leave(is_unknown.then_some(&Changed::Data));
        object.is_hashed &= is_hashed;
        let object = object.change();
        if behavior == "replace" {
            object.mapping_mut()?.remove("data");
        }
        let known = object.mapping_at(&["data"])?;
        data.entries().for_each(|(key, value)| known.set(key.clone(), value.clone()));
    } else {
        let mut object = Object::new(made(item, &name, data))?;
        object.leave(is_unknown.then_some(&Changed::Data));
        (object.is_hashed, object.is_changed) = (is_hashed, true);
        objects.push(object);
    }
    Some(())
}

fn made(item: &Data, name: &Text, data: Mapping) -> Data {
    let span = item.span();
    let made = |text: &str| Data::string(Text::written(text, name.span()));
    let key = |text: &str| Text::written(text, name.span());
    let mut metadata = Mapping::new(span);
    metadata.set(key("name"), Data::string(name.clone()));
    if let Some((key, namespace)) = item.mapping().and_then(|it| it.text("namespace")) {
        metadata.set(key.clone(), Data::string(namespace.clone()));
    }
    let mut object = Mapping::new(span);
    object.set(key("apiVersion"), made("v1"));
    object.set(key("kind"), made("ConfigMap"));
    object.set(key("metadata"), Data::Mapping(metadata));
    object.set(key("data"), Data::Mapping(data));
    Data::Mapping(object)
}

/// A literal without the quotes around it.
fn unquoted(text: &Text) -> Text {
    let quoted =
        ['"', '\''].iter().any(|it| text.len() > 1 && text.bytes().starts_with(*it) && text.bytes().ends_with(*it));
    if quoted { text.part(1..text.len() - 1) } else { text.clone() }
}
