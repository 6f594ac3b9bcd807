//! Strings and references: quotes, other values, a `Ref` for an ARN and an ARN for a `Ref`.

use crate::diagnostic::Edit;
use crate::facts::{Content, Section};
use crate::iam::Arn;
use crate::source::{Attribute, HoleKind, Piece, ResourceId, Span, Text};

use super::{Workspace, ends_line, last_line};

/// How a string is written that stands by itself.
enum Scalar {
    /// As an item or a value of block YAML.
    Yaml,
    Json,
}

impl Workspace {
    /// Gives a string another value, with quotes around it. `None` where that would not be sure to be one string: block
    /// scalars, strings that a function makes.
    pub fn rewritten(&self, text: &Text, value: &str) -> Option<Edit> {
        let is_simple = !value.contains(['"', '\\', '\n']) && !self.written(text.whole()).starts_with(['|', '>', '!']);
        let is_known = !text.has_holes() && self.is_verbatim(text);
        (is_simple && is_known).then(|| Edit::replace(text.whole(), format!("\"{value}\"")))
    }

    /// Puts a place of `aws-auth` in quotes that do not end the quotes around its section. `None` if it holds quotes.
    pub fn in_quotes(&self, section: &Section, place: Span) -> Option<Edit> {
        let written = self.written(place);
        let Content::String(content) = &section.content else { return None };
        let (_, outer) = self.around(Span { end: content.whole().start, ..content.whole() });
        let quote = if outer.starts_with('"') { '\'' } else { '"' };
        let is_plain = !outer.starts_with('\'') && !written.contains(['"', '\'', '\\', '#', '\n']);
        is_plain.then(|| Edit::replace(place, format!("{quote}{written}{quote}")))
    }

    /// Makes a string of what stands below a key as YAML: with a bar, where it has lines of its own that are deeper.
    pub fn as_string(&self, key: &Text, content: Span) -> Option<Edit> {
        let width = |offset: u32| {
            let (before, _) = self.around(Span { start: offset, end: offset, ..content });
            let line = &self.source(content.file).text[before.len() - last_line(before).len()..];
            line.len() - line.trim_start_matches(' ').len()
        };
        let end = key.whole().end;
        let between = self.written(Span { start: end, end: content.start, ..content });
        let colon = between.find(':').filter(|at| between[at + 1..].starts_with(['\n', '\r']))?;
        let is_deeper = width(content.start) > width(key.span().start);
        is_deeper.then(|| Edit::insert(content.file, end + colon as u32 + 1, " |"))
    }

    /// Writes the ARN of a resource where its `Ref` stands, or its `Ref` where its ARN stands.
    pub fn swapped_reference(&self, text: &Text) -> Option<Edit> {
        let reference = text.reference()?;
        let name = &reference.resource;
        let to_arn = match reference.attribute {
            Attribute::Ref => true,
            Attribute::Arn => false,
            Attribute::Other(_) => return None,
        };
        let mut span = text.span();
        // The tag of the short form stands before the place of its argument.
        let (before, _) = self.around(span);
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
    pub fn reference_to(&self, text: &Text, name: &ResourceId) -> Option<Edit> {
        let new = match self.scalar(text)? {
            Scalar::Yaml => format!("!GetAtt {name}.Arn"),
            Scalar::Json => format!("{{ \"Fn::GetAtt\": [\"{name}\", \"Arn\"] }}"),
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
        let (before, _) = self.around(arn.whole.whole());
        if ["!Sub ", "Fn::Sub: ", "\"Fn::Sub\": ", "\"Fn::Sub\":"].iter().any(|it| before.ends_with(it)) {
            return Some(Edit::replace(partition, "${AWS::Partition}"));
        }
        let rest = &arn.whole.bytes()[arn.partition.len() + "arn:".len()..];
        let value = format!("arn:${{AWS::Partition}}{rest}");
        let new = match self.scalar(&arn.whole)? {
            Scalar::Yaml => format!("!Sub {value}"),
            Scalar::Json => format!("{{ \"Fn::Sub\": \"{value}\" }}"),
        };
        Some(Edit::replace(arn.whole.whole(), new))
    }

    fn scalar(&self, text: &Text) -> Option<Scalar> {
        let whole = text.whole();
        let value = text.as_str()?;
        let written = self.written(whole);
        let quoted = written.len() == value.len() + 2 && written.contains(value);
        if written != value && !quoted {
            return None;
        }
        if self.source(whole.file).text.trim_start().starts_with('{') {
            return written.starts_with('"').then_some(Scalar::Json);
        }
        let (before, after) = self.around(whole);
        let line = last_line(before);
        let ends = line.ends_with(": ") || line.ends_with("- ");
        let is_block = ends && !line.contains(['{', '[', '"', '\'', '!', '#']);
        (is_block && ends_line(after)).then_some(Scalar::Yaml)
    }
}
