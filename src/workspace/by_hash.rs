//! An index that takes sixteen bytes for each entry, whatever the keys are.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;

use crate::facts::{Origin, Table};
use crate::source::ResourceId;

/// Where facts are, by the hashes of their keys: who asks compares the keys, which are in the facts.
#[derive(Default, Debug)]
pub(super) struct ByHash {
    state: RandomState,
    /// Sorted.
    entries: Vec<(u64, u32)>,
}

impl ByHash {
    pub(super) fn new<K: Hash>(keys: impl Iterator<Item = (K, usize)>) -> Self {
        let state = RandomState::default();
        let mut entries: Vec<(u64, u32)> = keys.map(|(key, at)| (state.hash_one(key), at as u32)).collect();
        entries.sort_unstable();
        entries.shrink_to_fit();
        Self { state, entries }
    }

    /// The place of the resource with a name, among the facts that this index is of.
    pub(super) fn of_resource<T>(&self, id: &ResourceId, facts: &Table<T>, of: fn(&T) -> &Origin) -> Option<usize> {
        self.candidates(id).filter(|at| of(&facts[*at]).resource.as_ref() == Some(id)).last()
    }

    /// The places of those that have a key, in their order, and rarely of another.
    pub(super) fn candidates(&self, key: impl Hash) -> impl Iterator<Item = usize> {
        let hash = self.state.hash_one(key);
        let start = self.entries.partition_point(|(it, _)| *it < hash);
        self.entries[start..].iter().take_while(move |(it, _)| *it == hash).map(|(_, at)| *at as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_key_in_their_order() {
        let keys = ["b", "a", "c", "a", "a"];
        let index = ByHash::new(keys.iter().zip(0..));
        assert_eq!(index.candidates(&"a").collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(index.candidates(&"d").count(), 0);
    }
}
