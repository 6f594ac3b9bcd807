//! Cuts a stream of YAML documents, so that only those that can matter are read.
//!
//! A line that begins with `---` ends a document wherever it stands (YAML 1.2, section 9.1.2): no scalar can hold one.
//! So a file with a hundred manifests costs one search, and a reading of the few that are about identity.

use memchr::memmem;

use crate::source::Text;

/// The documents of a file that hold a mark, each with its place in the stream.
pub fn documents(text: &Text, matters: impl Fn(&[u8]) -> bool) -> Vec<(u32, Text)> {
    let bytes = text.bytes();
    let is_json = bytes.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with(['{', '[']);
    // A directive stands before the `---` of the document that it is for.
    let has_directive = bytes.starts_with('%') || bytes.contains("\n%");
    let borders = if is_json || has_directive { Vec::new() } else { borders(bytes) };
    if borders.is_empty() {
        return vec![(0, text.clone())];
    }
    let starts = [0].into_iter().chain(borders.iter().copied());
    let ends = borders.iter().copied().chain([bytes.len()]);
    let parts = starts.zip(ends).enumerate().filter(|(_, (start, end))| {
        let part = &bytes[*start..*end];
        matters(part.as_bytes()) && !is_definition(part)
    });
    parts.map(|(at, (start, end))| (at as u32, text.part(start..end))).collect()
}

/// Where lines begin that are a document marker, but for the first line of the text.
fn borders(bytes: &str) -> Vec<usize> {
    let is_end = |at: usize| matches!(bytes.as_bytes().get(at), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
    memmem::find_iter(bytes.as_bytes(), b"\n---").filter(|at| is_end(at + 4)).map(|at| at + 1).collect()
}

/// True for a definition of a kind of resource: long, full of the words of manifests, and none itself.
fn is_definition(part: &str) -> bool {
    part.starts_with("kind: CustomResourceDefinition") || part.contains("\nkind: CustomResourceDefinition")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn only_marked_documents_are_kept() {
        let cases: [(&str, &[&str], &str); 7] = [
            ("a: mark\n", &["a: mark\n"], "one document"),
            ("a: 1\n---\nb: mark\n", &["---\nb: mark\n"], "the second"),
            ("--- \na: mark\n---\nb: 1\n", &["--- \na: mark\n"], "the first, with a marker"),
            ("a: mark\n----\n", &["a: mark\n----\n"], "four dashes are no marker"),
            ("a: |\n  mark\n  ---\n  x\n", &["a: |\n  mark\n  ---\n  x\n"], "an indented marker is text"),
            ("%TAG ! x\n---\na: 1\n", &["%TAG ! x\n---\na: 1\n"], "a directive keeps the stream whole"),
            ("a: 1\n---\nkind: CustomResourceDefinition\nx: mark\n", &[], "a definition is no object"),
        ];
        for (stream, wanted, why) in cases {
            let text = Text::of_file(FileId(0), stream.into());
            let found = documents(&text, |bytes| memmem::find(bytes, b"mark").is_some());
            let found: Vec<_> = found.iter().map(|(_, part)| part.bytes()).collect();
            assert_eq!(found, wanted, "{why}");
        }
    }
}
