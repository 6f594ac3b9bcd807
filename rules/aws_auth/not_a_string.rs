//! `mapRoles` as YAML, where a string with YAML in it is asked for.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, report: &mut Report) {
    for section in workspace.aws_auth_sections() {
        let Content::Collection(content) = section.content else { continue };
        let key = section.key.span();
        let found = report.at(key, format!("`{}` is not a string", section.kind.key()));
        found.label(key, "values of a ConfigMap are strings: the API server rejects this one");
        // The entries stand on lines of their own, deeper than the key: a bar makes them a string as they are.
        let text = &workspace.source(key.file).text;
        let between = &text[section.key.whole().end as usize..content.start as usize];
        if let Some(colon) = between.find(':')
            && between[colon + 1..].starts_with(['\n', '\r'])
            && indent(text, content.start) > indent(text, key.start)
        {
            let at = section.key.whole().end + colon as u32 + 1;
            found.fix(Safety::Activating, "add a `|`", [Edit::insert(key.file, at, " |")]);
        } else {
            found.help(format!("write `{}: |` and the entries below it, indented", section.kind.key()));
        }
    }
}

/// The blanks before the first word of the line that an offset is on.
fn indent(text: &str, offset: u32) -> usize {
    let start = text[..offset as usize].rfind('\n').map_or(0, |at| at + 1);
    text[start..].len() - text[start..].trim_start_matches(' ').len()
}
