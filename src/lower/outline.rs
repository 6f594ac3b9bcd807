//! The outline of a JSON document: the keys of its top level, and whether values of a chart may stand somewhere in it. It says
//! what the document can be, without a tree.

/// A mapping at the top of a document, or an item of a list there.
#[derive(Default)]
pub struct Outline<'a> {
    pub entries: Vec<(&'a str, Shape<'a>)>,
    /// Whether facts of a chart's values stand somewhere in it.
    pub has_chart_values: bool,
}

/// A value of an [`Outline`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape<'a> {
    /// As it is written.
    Scalar(&'a str),
    Mapping,
    Sequence,
}

impl<'a> Outline<'a> {
    pub fn has(&self, key: &str) -> bool {
        self.shapes(key).next().is_some()
    }

    pub fn has_scalar(&self, key: &str) -> bool {
        self.scalars(key).next().is_some()
    }

    pub fn has_mapping(&self, key: &str) -> bool {
        self.shapes(key).any(|it| it == Shape::Mapping)
    }

    pub fn has_sequence(&self, key: &str) -> bool {
        self.shapes(key).any(|it| it == Shape::Sequence)
    }

    /// True if a scalar with this key is one of some words, or has escapes.
    pub fn may_say(&self, key: &str, words: &[&str]) -> bool {
        self.scalars(key).any(|it| it.contains('\\') || words.contains(&it.trim_matches('"')))
    }

    fn scalars(&self, key: &str) -> impl Iterator<Item = &'a str> {
        self.shapes(key).filter_map(|it| if let Shape::Scalar(written) = it { Some(written) } else { None })
    }

    /// The values of all entries with a key: of duplicate ones the tree takes the last.
    fn shapes(&self, key: &str) -> impl Iterator<Item = Shape<'a>> {
        self.entries.iter().filter(move |it| it.0 == key).map(|it| it.1)
    }
}
