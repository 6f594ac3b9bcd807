//! Where the items of a list and the entries of a mapping are written.

use std::ops::Range;

use crate::collections::{HashMap, HashSet};
use crate::syntax::{Kind, Node};

/// An item, or an entry from its key to its value, with the tag before it.
pub(super) struct Child {
    pub(super) range: Range<usize>,
    /// The item or the key.
    pub(super) node: u32,
}

/// What is in a collection.
pub(super) struct Children {
    pub(super) all: Vec<Child>,
    /// The position of each item or key.
    pub(super) positions: HashMap<u32, usize>,
    /// The positions by where the item or entry ends.
    pub(super) ends: HashMap<usize, usize>,
    pub(super) keys: HashSet<String>,
}

impl Children {
    /// `None` if the places of the children are not known, or not in order.
    pub fn of(bytes: &str, node: Node<'_>) -> Option<Self> {
        let whole = node.range();
        // An alias gives a node that is written elsewhere, perhaps in the same collection.
        let is_here = |it: Node<'_>, after: usize| after <= it.range().start && it.range().end <= whole.end;
        let start = |it: Node<'_>| it.tag_range().map_or(it.range().start, |tag| tag.start.min(it.range().start));
        let mut all: Vec<Child> = Vec::new();
        let mut keys = HashSet::default();
        match node.kind() {
            Kind::Scalar => return None,
            Kind::Sequence => {
                for item in node.items() {
                    let after = all.last().map_or(whole.start, |it| it.range.end);
                    let range = if is_here(item, after) {
                        start(item)..item.range().end
                    } else {
                        alias(bytes, after + usize::from(all.is_empty()))?
                    };
                    all.push(Child { range, node: item.id() });
                }
            }
            Kind::Mapping => {
                for (key, value) in node.written() {
                    if !is_here(key, whole.start) {
                        return None;
                    }
                    keys.extend(key.str().map(str::to_owned));
                    let end = if is_here(value, key.range().end) {
                        value.range().end
                    } else {
                        alias(bytes, key.range().end)?.end
                    };
                    all.push(Child { range: start(key)..end, node: key.id() });
                }
            }
        }
        let is_in_order = all.windows(2).all(|it| it[0].range.end <= it[1].range.start);
        let positions = all.iter().enumerate().map(|(at, it)| (it.node, at)).collect();
        let ends = all.iter().enumerate().map(|(at, it)| (it.range.end, at)).collect();
        is_in_order.then_some(Self { all, positions, ends, keys })
    }
}

/// The alias that follows a place, if nothing but the signs of the collection stand before it.
fn alias(bytes: &str, after: usize) -> Option<Range<usize>> {
    let mut at = after;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.len()
            - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | ':' | '?')).len();
        match bytes.as_bytes().get(at)? {
            b'#' => at += memchr::memchr(b'\n', &bytes.as_bytes()[at..])?,
            b'*' => break,
            _ => return None,
        }
    }
    let is_end = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
    let end = bytes[at..].find(is_end).map_or(bytes.len(), |length| at + length);
    Some(at..end)
}
