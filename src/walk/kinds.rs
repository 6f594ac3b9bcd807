//! Kinds of files that ekslint does not read, even where they are named.

use std::path::Path;

use super::paths::candidate;

/// Why a file is not read that was named.
pub const UNSUPPORTED: &str = "not a kind of file that ekslint reads";

/// Extensions of other languages, documents, archives and images. Files of unknown extensions may hold YAML or JSON.
const EXTENSIONS: &str = "
    tf tofu tfvars hcl tfstate tfplan tftest bicep pp cue jsonnet libsonnet dhall pkl nix ncl k py ts tsx js jsx
    mjs cjs go rs java kt kts scala groovy gradle cs fs rb php pl lua swift c h cpp sh bash zsh fish ps1 psm1 bat
    cmd mk sql wasm md mdx markdown rst adoc html htm css xml csv tsv ini cfg properties toml lock pdf doc docx
    xls xlsx pptx ipynb proto rego diff patch zip gz tgz bz2 xz zst tar 7z rar jar war whl rpm deb png jpg jpeg
    gif svg webp ico drawio exe dll so dylib bin class pyc pem key crt der p12
";

/// How many bytes of a file say what it is.
const HEAD: usize = 4096;

/// Whether a file is certainly of a kind that ekslint does not read, by its name and by how it begins.
pub fn is_unsupported(path: &Path, bytes: &[u8]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let extension = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map_or("", |(_, extension)| extension);
    let head = &bytes[..bytes.len().min(HEAD)];
    if name.ends_with(".tf.json") || name.ends_with(".tofu.json") || name.ends_with(".tfvars.json") {
        return true;
    }
    if candidate(path) {
        return is_of_terraform(head);
    }
    let is_utf16 = matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]);
    EXTENSIONS.split_whitespace().any(|it| it == extension)
        || matches!(name.as_str(), "dockerfile" | "makefile" | "jenkinsfile")
        || head.starts_with(b"#!")
        || head.contains(&0) && !is_utf16 && !is_utf32(head)
        || is_of_terraform(head)
}

/// Whether bytes are UTF-32 text, with or without a byte order mark.
pub fn is_utf32(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..])
        || matches!(bytes, [a, 0, 0, 0, b, 0, 0, 0, ..] | [0, 0, 0, a, 0, 0, 0, b, ..] if *a != 0 && *b != 0)
}

/// True for what `terraform show -json` prints, and for a state: both begin with the version of Terraform.
fn is_of_terraform(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    text.starts_with('{') && has("terraform_version") && (has("format_version") || has("serial") || has("lineage"))
        || text.starts_with('{') && has("format_version") && (has("planned_values") || has("provider_schemas"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_that_are_not_read() {
        let cases: [(&str, &[u8], bool, &str); 18] = [
            ("main.tf", b"resource \"a\" \"b\" {}\n", true, "Terraform"),
            ("MAIN.TF", b"", true, "in capitals"),
            ("main.tf.json", b"{}", true, "Terraform in JSON"),
            ("plan.json", br#"{"format_version":"1.2","terraform_version":"1.9.0","variables":{}}"#, true, "a plan"),
            (
                "x.json",
                b"{\n  \"version\": 4,\n  \"terraform_version\": \"1.9.0\",\n  \"serial\": 3\n}",
                true,
                "a state",
            ),
            ("plan", br#"{"format_version":"1.2","terraform_version":"1.9.0"}"#, true, "a plan without extension"),
            ("tfplan", b"PK\x03\x04\0\0", true, "a plan as Terraform keeps it"),
            ("a.zip", b"PK\x03\x04", true, "an archive"),
            ("deploy", b"#!/bin/sh\n", true, "a script"),
            ("README.md", b"# aws-auth\n", true, "a document"),
            ("stack.ts", b"", true, "a program"),
            ("mapping.txt", b"a: b\n", false, "perhaps YAML"),
            ("config", b"apiVersion: v1\n", false, "no extension"),
            ("aws-auth.yaml.bak", b"apiVersion: v1\n", false, "a copy"),
            ("utf16.txt", b"\xFF\xFEa\0", false, "UTF-16"),
            ("utf32.txt", b"\0\0\0a\0\0\0b", false, "UTF-32, which is told otherwise"),
            ("a.yaml", b"\0", false, "YAML that is broken"),
            ("a.json", b"{\"terraform_version\": \"1.9.0\"}", false, "some settings"),
        ];
        for (name, bytes, wanted, why) in cases {
            assert_eq!(is_unsupported(Path::new(name), bytes), wanted, "{name}: {why}");
        }
    }
}
