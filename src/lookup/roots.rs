//! What belongs to repositories, to be found for a repository without asking all others.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use crate::source::are_apart;

/// Something for each repository, by the path of its root; nothing for what is in none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByRoot<T>(BTreeMap<Option<Arc<Path>>, T>);

impl<T> Default for ByRoot<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> ByRoot<T> {
    /// That of a repository itself.
    pub fn get(&self, root: Option<&Arc<Path>>) -> Option<&T> {
        self.0.get(&root.cloned())
    }

    /// Those of all repositories that are not apart from this one: itself, those around it and in it, and what is in none.
    pub fn near<'t>(&'t self, root: Option<&Arc<Path>>) -> impl Iterator<Item = &'t T> {
        let around = root.into_iter().flat_map(|it| it.ancestors()).map(|it| Some(Arc::from(it))).chain([None]);
        let around = around.filter_map(|it| self.0.get(&it));
        // Paths below a path come next to it. Nothing is apart from what is in no repository.
        let below = self.0.range((Bound::Excluded(root.cloned()), Bound::Unbounded));
        let below = below.take_while(move |(it, _)| !are_apart(it.as_deref(), root.map(|it| &**it)));
        around.chain(below.map(|(_, it)| it))
    }
}

impl<T: Default> ByRoot<T> {
    pub fn own(&mut self, root: Option<Arc<Path>>) -> &mut T {
        self.0.entry(root).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near() {
        let roots = [Some("/a"), Some("/a/in"), Some("/a/in/x"), Some("/ab"), None];
        let arc = |it: Option<&str>| it.map(|it| Arc::from(Path::new(it)));
        let mut all: ByRoot<Vec<Option<&str>>> = ByRoot::default();
        roots.iter().for_each(|it| all.own(arc(*it)).push(*it));
        for root in roots.into_iter().chain([Some("/b"), Some("/a/in/x/y")]) {
            let mut near: Vec<_> = all.near(arc(root).as_ref()).flatten().copied().collect();
            let mut wanted: Vec<_> =
                roots.into_iter().filter(|it| !are_apart(it.map(Path::new), root.map(Path::new))).collect();
            near.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(near, wanted, "{root:?}");
        }
    }
}
