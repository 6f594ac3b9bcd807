//! Cuts a stream of YAML documents, so that only those that can matter are read.
//!
//! A line that begins with `---` ends a document wherever it stands (YAML 1.2, section 9.1.2): no scalar can hold one.
//! So a file with a hundred manifests costs one search, and a reading of the few that are about identity.

use std::ops::Range;

use memchr::memmem;

use crate::source::Text;

/// The documents of a text that are wanted, each with its place in the stream. Where a directive, or a `...`, keeps two of
/// them together, they are wanted together.
pub fn documents(text: &Text, wanted: impl Fn(&[u8]) -> bool) -> Vec<(u32, Text)> {
    let parts = parts(text.bytes().as_bytes(), wanted);
    parts.into_iter().map(|(at, range)| (at, text.part(range))).collect()
}

/// Where the documents stand that are wanted.
pub fn parts(bytes: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<(u32, Range<usize>)> {
    // A directive stands before the `---` of the document that it is for.
    let borders = if is_json(bytes) || has_directive(bytes) { Vec::new() } else { borders(bytes) };
    let starts = [0].into_iter().chain(borders.iter().copied());
    let ends = borders.iter().copied().chain([bytes.len()]);
    let ranges = starts.zip(ends).map(|(start, end)| start..end).enumerate();
    ranges.filter(|(_, range)| wanted(&bytes[range.clone()])).map(|(at, range)| (at as u32, range)).collect()
}

/// True for text that begins like JSON. YAML in brackets does, too.
pub fn is_json(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    matches!(start.first(), Some(b'{' | b'['))
}

/// Where lines begin that are a document marker, but for the first line of the text.
fn borders(bytes: &[u8]) -> Vec<usize> {
    let is_end = |at: usize| matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\r' | b'\n'));
    memmem::find_iter(bytes, b"\n---").filter(|at| is_end(at + 4)).map(|at| at + 1).collect()
}

/// True for a definition of a kind of resource, and nothing else: long, full of the words of manifests, and none itself.
pub fn is_definition(part: &[u8]) -> bool {
    const KIND: &[u8] = b"kind: CustomResourceDefinition";
    let is_key = |at: usize| at == 0 || part[at - 1] == b'\n';
    let has_more = || memmem::find(part, b"\n...").is_some() || has_directive(part);
    memmem::find_iter(part, KIND).any(is_key) && !has_more()
}

fn has_directive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%") || memmem::find(bytes, b"\n%").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn only_marked_documents_are_kept() {
        const BEHIND: &str = "kind: CustomResourceDefinition\n...\na: mark\n";
        let cases: [(&str, &[&str], &str); 8] = [
            ("a: mark\n", &["a: mark\n"], "one document"),
            ("a: 1\n---\nb: mark\n", &["---\nb: mark\n"], "the second"),
            ("--- \na: mark\n---\nb: 1\n", &["--- \na: mark\n"], "the first, with a marker"),
            ("a: mark\n----\n", &["a: mark\n----\n"], "four dashes are no marker"),
            ("a: |\n  mark\n  ---\n  x\n", &["a: |\n  mark\n  ---\n  x\n"], "an indented marker is text"),
            ("%TAG ! x\n---\na: mark\n", &["%TAG ! x\n---\na: mark\n"], "a directive keeps the stream whole"),
            ("a: 1\n---\nkind: CustomResourceDefinition\nx: mark\n", &[], "a definition is no object"),
            ("kind: CustomResourceDefinition\n...\na: mark\n", &[BEHIND], "what follows `...` is another document"),
        ];
        for (stream, wanted, why) in cases {
            let text = Text::of_file(FileId::new(0), stream.into());
            let found = documents(&text, |bytes| memmem::find(bytes, b"mark").is_some() && !is_definition(bytes));
            let found: Vec<_> = found.iter().map(|(_, part)| part.bytes()).collect();
            assert_eq!(found, wanted, "{why}");
        }
    }
}
