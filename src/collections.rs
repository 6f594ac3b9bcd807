//! Maps and sets for keys that come from files: with a hasher that is quicker than the one of the standard library, and seeded
//! anew for each process, so that nobody can write files whose keys collide.

use std::collections;

use foldhash::fast::RandomState;

pub type HashMap<K, V> = collections::HashMap<K, V, RandomState>;
pub type HashSet<T> = collections::HashSet<T, RandomState>;
