//! A list that takes little memory while it is empty.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A [`Vec`] that takes one word while it is empty. The facts of a file have a list for each kind of fact, and nearly all of
/// them are empty. Clones share the items until one of them is changed.
pub struct Thin<T>(Option<Arc<Vec<T>>>);

impl<T> Thin<T> {
    /// Without items.
    pub const fn new() -> Self {
        Self(None)
    }

    /// The items as they are now, if there are any.
    pub(super) fn shared(&self) -> Option<&Arc<Vec<T>>> {
        self.0.as_ref().filter(|it| !it.is_empty())
    }
}

impl<T: Clone> Thin<T> {
    pub fn push(&mut self, item: T) {
        self.vec().push(item);
    }

    /// Moves the items of another list to the end of this one.
    pub fn append(&mut self, other: Self) {
        match (&self.0, other.0) {
            (Some(_), Some(other)) => self.vec().extend(Arc::unwrap_or_clone(other)),
            (None, other @ Some(_)) => self.0 = other,
            (_, None) => {}
        }
    }

    pub fn shrink_to_fit(&mut self) {
        match &mut self.0 {
            Some(items) if items.is_empty() => self.0 = None,
            Some(items) => Arc::make_mut(items).shrink_to_fit(),
            None => {}
        }
    }

    /// The list as a vector, for what only a vector can do.
    pub fn vec(&mut self) -> &mut Vec<T> {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl<T> Deref for Thin<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |it| it)
    }
}

impl<T: Clone> DerefMut for Thin<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.as_mut().map_or(&mut [], |it| Arc::make_mut(it).as_mut_slice())
    }
}

impl<T> Default for Thin<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Clone for Thin<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Thin<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&**self).finish()
    }
}

impl<T> From<Vec<T>> for Thin<T> {
    fn from(items: Vec<T>) -> Self {
        Self((!items.is_empty()).then(|| Arc::new(items)))
    }
}

impl<T: Clone> Extend<T> for Thin<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        let mut items = items.into_iter();
        // Often there is nothing.
        if let Some(first) = items.next() {
            let all = self.vec();
            all.push(first);
            all.extend(items);
        }
    }
}

impl<'t, T> IntoIterator for &'t Thin<T> {
    type Item = &'t T;
    type IntoIter = std::slice::Iter<'t, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'t, T: Clone> IntoIterator for &'t mut Thin<T> {
    type Item = &'t mut T;
    type IntoIter = std::slice::IterMut<'t, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_takes_one_word() {
        assert_eq!(size_of::<Thin<String>>(), size_of::<usize>());
        let mut list = Thin::default();
        list.extend([]);
        list.iter_mut().for_each(|it: &mut u8| *it = 0);
        assert!(list.0.is_none() && list.is_empty());
        list.extend([1, 2]);
        list.push(3);
        let mut other = Thin::from(vec![4]);
        other.append(Thin::default());
        list.append(other);
        assert_eq!(*list, [1, 2, 3, 4]);
        list.vec().clear();
        list.shrink_to_fit();
        assert!(list.0.is_none());
    }
}

impl<T: PartialEq> PartialEq for Thin<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for Thin<T> {}
