//! XML, as far as reports need it: elements, attributes and text.
//!
//! By hand, because what is hard about it here is not the brackets but the characters that XML 1.0 cannot hold in any
//! spelling, and writers of libraries pass those on.

use super::visible;

pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// `<name key="value">`, or with `/` before its end if it is empty.
pub fn open(out: &mut String, name: &str, attributes: &[(&str, &str)], is_empty: bool) {
    out.push('<');
    out.push_str(name);
    for (key, value) in attributes {
        out.push_str(&format!(" {key}=\"{}\"", escape(value)));
    }
    out.push_str(if is_empty { "/>" } else { ">" });
}

/// Text for an element or an attribute. Line breaks are kept as references, everything else hidden is made visible.
pub fn escape(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(escape_line).collect();
    lines.join("&#10;")
}

fn escape_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The two characters that are not hidden, and yet no XML.
            '\u{FFFE}' | '\u{FFFF}' => out.push_str(&format!("&lt;U+{:04X}&gt;", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}
