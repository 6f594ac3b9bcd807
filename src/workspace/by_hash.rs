//! An index that takes some seventeen bytes for each entry, whatever the keys are.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;

use crate::facts::{Origin, Table};
use crate::reads::counted;
use crate::source::ResourceId;

/// Entries that share the first bits of their hashes, on average: a question looks at few of them.
const OF_A_GROUP: usize = 4;

/// Where facts are, by the hashes of their keys: who asks compares the keys, which are in the facts.
#[derive(Default, Debug)]
pub(super) struct ByHash {
    state: RandomState,
    /// Sorted.
    entries: Vec<(u64, u32)>,
    /// Where the entries begin that share the first bits of their hashes, and where the last ones end.
    starts: Vec<u32>,
}

impl ByHash {
    pub(super) fn new<K: Hash>(keys: impl Iterator<Item = (K, usize)>) -> Self {
        let state = RandomState::default();
        let mut entries: Vec<(u64, u32)> = keys.map(|(key, at)| (state.hash_one(key), at as u32)).collect();
        entries.sort_unstable();
        entries.shrink_to_fit();
        let groups = (entries.len() / OF_A_GROUP).next_power_of_two();
        let mut starts = Vec::with_capacity(groups + 1);
        for (at, (hash, _)) in (0..).zip(&entries) {
            starts.resize(starts.len().max(group(*hash, groups) + 1), at);
        }
        starts.resize(groups + 1, entries.len() as u32);
        Self { state, entries, starts }
    }

    /// The place of the resource with a name, among the facts that this index is of.
    pub(super) fn of_resource<T>(&self, id: &ResourceId, facts: &Table<T>, of: fn(&T) -> &Origin) -> Option<usize> {
        self.candidates(id).filter(|at| of(&facts[*at]).resource.as_ref() == Some(id)).last()
    }

    /// The places of those that have a key, in their order, and rarely of another.
    pub(super) fn candidates(&self, key: impl Hash) -> impl Iterator<Item = usize> {
        let hash = self.state.hash_one(key);
        let group = group(hash, self.starts.len().saturating_sub(1));
        let bound = |at: usize| self.starts.get(at).map_or(0, |it| *it as usize);
        let entries = &self.entries[bound(group)..bound(group + 1)];
        let start = entries.partition_point(|(it, _)| *it < hash);
        counted(entries[start..].iter()).take_while(move |(it, _)| *it == hash).map(|(_, at)| *at as usize)
    }
}

/// The group of a hash by its first bits. `groups`: how many there are, a power of two.
fn group(hash: u64, groups: usize) -> usize {
    ((u128::from(hash) * groups as u128) >> u64::BITS) as usize
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
        assert_eq!(ByHash::default().candidates(&"a").count(), 0);
    }

    #[test]
    fn each_of_many() {
        for count in [0, 1, 7, 8, 1_000, 1_025] {
            let index = ByHash::new((0..count).map(|it| (it, it)));
            for key in 0..count {
                assert!(index.candidates(key).eq([key]), "{key} of {count}");
            }
            assert_eq!(index.candidates(count).count(), 0);
        }
    }
}
