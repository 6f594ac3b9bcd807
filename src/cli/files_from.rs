//! `--files-from`: a list of files, as other programs print it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use ekslint::report::visible_path;

use super::git::path_of;
use super::streams::Failure;
use crate::walk;

/// Reads a list. With a NUL anywhere in it, it is of names that each end in one; without, of lines.
pub fn read(list: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut bytes = Vec::new();
    let filled = match walk::is_stdin(list) {
        true => walk::fill(&mut bytes, io::stdin().lock()),
        false => File::open(list).and_then(|it| walk::fill(&mut bytes, it)),
    };
    filled.map_err(|it| Failure(format!("--files-from: {}: {}", name(list), walk::reason(&it))))?;
    Ok(entries(&bytes))
}

/// What a list is called in messages.
pub fn name(list: &Path) -> String {
    if walk::is_stdin(list) {
        return "on standard input".to_owned();
    }
    visible_path(&list.to_string_lossy()).into_owned()
}

fn entries(list: &[u8]) -> Vec<PathBuf> {
    let has_nul = list.contains(&0);
    let names = list.split(|it| *it == if has_nul { 0 } else { b'\n' });
    let names = names.map(|it| if has_nul { it } else { it.strip_suffix(b"\r").unwrap_or(it) });
    let paths = names.filter(|it| !it.is_empty()).map(path_of);
    // In a list it is the name of a file.
    paths.map(|it| if walk::is_stdin(&it) { Path::new(".").join(it) } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_of_lines_or_of_names_that_end_in_nul() {
        let table: [(&str, &[&str], &str); 8] = [
            ("", &[], "nothing"),
            ("a.yaml\nb/c.yaml\n", &["a.yaml", "b/c.yaml"], "lines"),
            ("a.yaml\nb.yaml", &["a.yaml", "b.yaml"], "the last line may have no end"),
            ("a.yaml\r\n\r\nb.yaml\r\n", &["a.yaml", "b.yaml"], "as Windows writes them"),
            ("a b.yaml\0c\nd.yaml\0", &["a b.yaml", "c\nd.yaml"], "a name may hold a line feed"),
            ("a.yaml\r\0\0", &["a.yaml\r"], "or end in a carriage return"),
            ("-\n--watch\n-q.yaml\n", &["./-", "--watch", "-q.yaml"], "names, no options"),
            (" a.yaml \n#b.yaml\n", &[" a.yaml ", "#b.yaml"], "nothing is cut off, and there are no comments"),
        ];
        for (list, expected, reason) in table {
            let expected: Vec<_> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(entries(list.as_bytes()), expected, "{reason}");
        }
    }
}
