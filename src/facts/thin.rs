//! A list that takes little memory while it is empty.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// A [`Vec`] that takes one word while it is empty. The facts of a file have a list for each kind of fact, and nearly all of
/// them are empty.
pub struct Thin<T>(Option<Box<Full<T>>>);

#[derive(Clone)]
struct Full<T>(Vec<T>);

impl<T> Thin<T> {
    pub fn push(&mut self, item: T) {
        self.vec().push(item);
    }

    /// Moves the items of another list to the end of this one.
    pub fn append(&mut self, other: Self) {
        let Some(mut other) = other.0 else { return };
        match &mut self.0 {
            Some(own) => own.0.append(&mut other.0),
            None => self.0 = Some(other),
        }
    }

    pub fn shrink_to_fit(&mut self) {
        match &mut self.0 {
            Some(full) if full.0.is_empty() => self.0 = None,
            Some(full) => full.0.shrink_to_fit(),
            None => {}
        }
    }

    /// The list as a vector, for what only a vector can do.
    pub fn vec(&mut self) -> &mut Vec<T> {
        &mut self.0.get_or_insert_with(|| Box::new(Full(Vec::new()))).0
    }
}

impl<T> Deref for Thin<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |it| &it.0)
    }
}

impl<T> DerefMut for Thin<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.0.as_mut().map_or(&mut [], |it| &mut it.0)
    }
}

impl<T> Default for Thin<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Clone> Clone for Thin<T> {
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
        Self((!items.is_empty()).then(|| Box::new(Full(items))))
    }
}

impl<T> Extend<T> for Thin<T> {
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

impl<'t, T> IntoIterator for &'t mut Thin<T> {
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
