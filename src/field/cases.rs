//! The cases of a property, kept small: most properties are absent or have one value.

use std::ops::Deref;
use std::vec;

use super::{Branch, Case, Value};

/// The cases of a [`Field`](super::Field), as a slice that is never empty.
#[derive(Clone, Debug)]
pub struct Cases<T>(Kept<T>);

#[derive(Clone, Debug)]
enum Kept<T> {
    /// One case: unknown in every branch.
    Unknown,
    /// None of these stands for one case: absent in every branch. Neither takes memory of its own.
    These(Box<[Case<T>]>),
}

impl<T> Cases<T> {
    pub fn absent() -> Self {
        Self(Kept::These(Box::default()))
    }

    pub fn unknown() -> Self {
        Self(Kept::Unknown)
    }
}

impl<T: 'static> Cases<T> {
    const ABSENT: &'static [Case<T>] = &[Case { value: Value::Absent, branch: Branch(None) }];
    const UNKNOWN: &'static [Case<T>] = &[Case { value: Value::Unknown, branch: Branch(None) }];
}

impl<T: 'static> Deref for Cases<T> {
    type Target = [Case<T>];

    fn deref(&self) -> &[Case<T>] {
        match &self.0 {
            Kept::Unknown => Self::UNKNOWN,
            Kept::These(cases) if cases.is_empty() => Self::ABSENT,
            Kept::These(cases) => cases,
        }
    }
}

impl<T> FromIterator<Case<T>> for Cases<T> {
    fn from_iter<I: IntoIterator<Item = Case<T>>>(cases: I) -> Self {
        let mut cases = cases.into_iter();
        let Some(first) = cases.next() else { return Self::absent() };
        let second = cases.next();
        match (&first.value, &second) {
            (Value::Absent, None) if first.branch.is_always() => Self::absent(),
            (Value::Unknown, None) if first.branch.is_always() => Self::unknown(),
            (_, None) => Self(Kept::These(Box::new([first]))),
            (_, Some(_)) => Self(Kept::These([first].into_iter().chain(second).chain(cases).collect())),
        }
    }
}

impl<T> IntoIterator for Cases<T> {
    type Item = Case<T>;
    type IntoIter = vec::IntoIter<Case<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let always = |value| vec![Case { value, branch: Branch::always() }];
        let cases = match self.0 {
            Kept::Unknown => always(Value::Unknown),
            Kept::These(cases) if cases.is_empty() => always(Value::Absent),
            Kept::These(cases) => cases.into_vec(),
        };
        cases.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{ConditionId, FileId, UnitId};

    #[test]
    fn what_is_kept_is_what_was_put_in() {
        let unit = UnitId { file: FileId::new(0), document: 0 };
        let condition = ConditionId { unit, name: "C".into() };
        let under = Branch::always().and(&condition, true).expect("nothing excludes it");
        let case = |value, branch: &Branch| Case { value, branch: branch.clone() };
        let always = Branch::always();
        let lists: [Vec<Case<u8>>; 6] = [
            vec![case(Value::Absent, &always)],
            vec![case(Value::Unknown, &always)],
            vec![case(Value::Known(1), &always)],
            vec![case(Value::Absent, &under)],
            vec![case(Value::Unknown, &under)],
            vec![case(Value::Known(1), &under), case(Value::Absent, &always), case(Value::Known(2), &always)],
        ];
        for list in lists {
            let wanted = format!("{list:?}");
            let cases: Cases<u8> = list.into_iter().collect();
            assert_eq!(format!("{:?}", &*cases), wanted);
            assert_eq!(format!("{:?}", cases.into_iter().collect::<Vec<_>>()), wanted);
        }
        assert_eq!(size_of::<Cases<String>>(), 2 * size_of::<usize>());
    }
}
