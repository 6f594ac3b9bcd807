//! Changes that keep a file well formed, whatever its format: rules say what, this says how it is written there.
//!
//! Where a place is written in a way that is not known here, the answer is `None`, and the finding has no fix.

use crate::diagnostic::Edit;
use crate::iam::Arn;
use crate::source::{Attribute, HoleKind, Piece, Span, Text};

use super::Workspace;

impl Workspace {
    /// Removes an entry of a mapping, given from its key to the end of its value.
    pub fn delete_entry(&self, entry: Span) -> Option<Edit> {
        let text = &*self.source(entry.file).text;
        let (start, end) = (entry.start as usize, entry.end as usize);
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        // A document in a string of JSON has its quotes escaped.
        if before.ends_with('\\') || self.written(entry).contains('\\') {
            return None;
        }
        let span = |start: usize, end: usize| Span { start: start as u32, end: end as u32, ..entry };
        let next = after.trim_start();
        let next_at = end + (after.len() - next.len());
        if let Some(behind) = next.strip_prefix(',') {
            let blank = behind.len() - behind.trim_start().len();
            return Some(Edit::delete(span(start, next_at + 1 + blank)));
        }
        if next.starts_with('}') {
            let kept = before.trim_end();
            let from = if kept.ends_with(',') { kept.len() - 1 } else { start };
            return Some(Edit::delete(span(from, end)));
        }
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let rest = after.lines().next().unwrap_or_default();
        let rest_is_empty = rest.trim().is_empty() || rest.trim_start().starts_with('#');
        if !rest_is_empty || !before[line_start..].trim().is_empty() {
            return None;
        }
        let line_end = after.find('\n').map_or(text.len(), |at| end + at + 1);
        Some(Edit::delete(span(line_start, line_end)))
    }

    /// Writes an entry with a quoted value before the entry with this key.
    pub fn insert_entry(&self, before_key: Span, name: &str, value: &str) -> Option<Edit> {
        let text = &*self.source(before_key.file).text;
        let before = text.get(..before_key.start as usize)?;
        if self.written(before_key).contains('\\') {
            return None;
        }
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let quoted = text[before_key.start as usize..].starts_with('"') || before.ends_with('"');
        let in_braces = before.trim_end().ends_with(['{', ',']);
        let comma = if in_braces { "," } else { "" };
        let after = if in_braces && !line.trim().is_empty() {
            " ".to_owned()
        } else {
            format!("\n{}", line.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect::<String>())
        };
        let name = if quoted { format!("\"{name}\"") } else { name.to_owned() };
        let written = format!("{name}: \"{value}\"{comma}{after}");
        Some(Edit::insert(before_key.file, before_key.start, written))
    }

    /// Writes the ARN of a resource where its `Ref` stands, or its `Ref` where its ARN stands.
    pub fn swap_reference(&self, text: &Text) -> Option<Edit> {
        let reference = text.reference()?;
        let name = &reference.resource;
        let to_arn = match reference.attribute {
            Attribute::Ref => true,
            Attribute::Arn => false,
            Attribute::Other(_) => return None,
        };
        let mut span = text.span();
        // The tag of the short form stands before the place of its argument.
        let before = &self.source(span.file).text[..span.start as usize];
        let tag = if to_arn { "!Ref " } else { "!GetAtt " };
        if before.ends_with(tag) {
            span.start -= tag.len() as u32;
        }
        let written = self.written(span);
        let is_json = written.starts_with('{');
        let new = match (to_arn, written.chars().next()?) {
            (true, '!') => format!("!GetAtt {name}.Arn"),
            (false, '!') => format!("!Ref {name}"),
            (true, '$') => format!("${{{name}.Arn}}"),
            (false, '$') => format!("${{{name}}}"),
            (true, _) if is_json => format!("{{ \"Fn::GetAtt\": [\"{name}\", \"Arn\"] }}"),
            (false, _) if is_json => format!("{{ \"Ref\": \"{name}\" }}"),
            (true, _) if written.starts_with("Ref:") => format!("Fn::GetAtt: [{name}, Arn]"),
            (false, _) if written.starts_with("Fn::GetAtt:") => format!("Ref: {name}"),
            _ => return None,
        };
        Some(Edit::replace(span, new))
    }

    /// The ARN of a resource of the same template where its name is written out.
    pub fn reference_to(&self, text: &Text, name: &crate::source::ResourceId) -> Option<Edit> {
        let place = self.plain_scalar(text)?;
        let new = match place {
            Place::Yaml => format!("!GetAtt {name}.Arn"),
            Place::Json => format!("{{ \"Fn::GetAtt\": [\"{name}\", \"Arn\"] }}"),
        };
        Some(Edit::replace(text.whole(), new))
    }

    /// Writes the partition of the stack where an ARN in a template names one.
    pub fn own_partition(&self, arn: &Arn) -> Option<Edit> {
        let partition = arn.partition.span();
        if self.written(partition) != arn.partition.as_str()? {
            return None;
        }
        let holes: Vec<_> = arn.whole.pieces().filter(|it| matches!(it, Piece::Hole(_))).collect();
        let in_sub = |piece: &Piece<'_>| matches!(piece, Piece::Hole(hole) if hole.written.starts_with("${"));
        if !holes.is_empty() {
            let of_a_stack = |piece: &Piece<'_>| matches!(piece, Piece::Hole(it) if it.kind != HoleKind::Unknown);
            let fits = holes.iter().all(in_sub) && holes.iter().any(of_a_stack);
            return fits.then(|| Edit::replace(partition, "${AWS::Partition}"));
        }
        if arn.whole.bytes().contains("${") {
            return None;
        }
        let before = &self.source(partition.file).text[..arn.whole.whole().start as usize];
        if ["!Sub ", "Fn::Sub: ", "\"Fn::Sub\": ", "\"Fn::Sub\":"].iter().any(|it| before.ends_with(it)) {
            return Some(Edit::replace(partition, "${AWS::Partition}"));
        }
        let rest = &arn.whole.bytes()[arn.partition.len() + "arn:".len()..];
        let value = format!("arn:${{AWS::Partition}}{rest}");
        let new = match self.plain_scalar(&arn.whole)? {
            Place::Yaml => format!("!Sub {value}"),
            Place::Json => format!("{{ \"Fn::Sub\": \"{value}\" }}"),
        };
        Some(Edit::replace(arn.whole.whole(), new))
    }

    /// How a string is written that stands by itself: as an item or value of block YAML, or in JSON.
    fn plain_scalar(&self, text: &Text) -> Option<Place> {
        let source = &*self.source(text.span().file).text;
        let whole = text.whole();
        let value = text.as_str()?;
        let written = self.written(whole);
        let quoted = written.len() == value.len() + 2 && written.contains(value);
        if written != value && !quoted {
            return None;
        }
        if source.trim_start().starts_with('{') {
            return written.starts_with('"').then_some(Place::Json);
        }
        let before = &source[..whole.start as usize];
        let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
        let ends = line.ends_with(": ") || line.ends_with("- ");
        let is_block = ends && !line.contains(['{', '[', '"', '\'', '!', '#']);
        let alone = source[whole.end as usize..].lines().next().is_none_or(|rest| {
            let rest = rest.trim_start();
            rest.is_empty() || rest.starts_with('#')
        });
        (is_block && alone).then_some(Place::Yaml)
    }
}

enum Place {
    Yaml,
    Json,
}
