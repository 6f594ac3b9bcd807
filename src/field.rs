//! What a property holds: its cases, each with the branch it holds under, and what cannot be known.
//!
//! A property is absent, unknown, or known, and it may be all three under different conditions of its template. The
//! types here make a rule's policy about that one visible line: `for mode in cluster.authentication_mode.known()`.

use std::fmt::Write;
use std::sync::Arc;

mod cases;
mod wrong_type;

pub use cases::Cases;
pub use wrong_type::{Type, WrongType};

use crate::reads::{count, counted};
use crate::source::{ConditionId, Span, Text};

/// The conditions of a template under which something holds; empty if it always does.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Branch(Option<Arc<Vec<Part>>>);

/// A condition, and whether it is true.
type Part = (ConditionId, bool);

impl Branch {
    pub fn always() -> Self {
        Self::default()
    }

    /// This branch, and `condition` is true (or false). `None` if that can never be.
    pub fn and(&self, condition: &ConditionId, value: bool) -> Option<Self> {
        match self.parts().iter().find(|(name, _)| name == condition) {
            Some((_, known)) if *known == value => Some(self.clone()),
            Some(_) => None,
            None => {
                Some(Self(Some(Arc::new(self.parts().iter().cloned().chain([(condition.clone(), value)]).collect()))))
            }
        }
    }

    /// The conditions. Every item of a list shares those that it is under.
    fn parts(&self) -> &[Part] {
        count();
        self.0.as_ref().map_or(&[], |it| it)
    }

    /// Both branches at once. `None` if they exclude each other.
    pub fn join(&self, other: &Self) -> Option<Self> {
        // Nearly always one of the two says nothing new.
        if self.is_always() {
            return Some(other.clone());
        }
        other.parts().iter().try_fold(self.clone(), |branch, (name, value)| branch.and(name, *value))
    }

    pub fn is_always(&self) -> bool {
        self.parts().is_empty()
    }

    /// True if whenever this branch holds, `other` does.
    pub fn implies(&self, other: &Self) -> bool {
        other.parts().iter().all(|part| self.parts().contains(part))
    }

    /// True if there is certainly a deploy in which both hold: one of them implies the other.
    pub fn surely_meets(&self, other: &Self) -> bool {
        self.implies(other) || other.implies(self)
    }

    /// The branch in words, to follow a sentence: ` if `Private``; empty if it always holds.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for (at, (name, value)) in self.parts().iter().enumerate() {
            let word = match (at, value) {
                (0, true) => "if",
                (0, false) => "unless",
                (_, true) => "and if",
                (_, false) => "and unless",
            };
            write!(shown, " {word} `{}`", name.name).expect("writing to a string cannot fail");
        }
        shown
    }
}

/// A property that holds one value: its cases.
#[derive(Clone, Debug)]
pub struct Field<T> {
    /// Never empty: an absent property has one case that says so.
    pub cases: Cases<T>,
    /// The property's key where it is written.
    pub key: Option<Span>,
}

/// What a property is under one branch of its template.
#[derive(Clone, Debug)]
pub struct Case<T> {
    pub value: Value<T>,
    pub branch: Branch,
}

#[derive(Clone, Debug)]
pub enum Value<T> {
    Known(T),
    /// Not written, or removed with `AWS::NoValue`.
    Absent,
    /// Only a deploy can know, or it is of a kind that says nothing.
    Unknown,
}

impl<T: 'static> Field<T> {
    pub fn absent() -> Self {
        Self { cases: Cases::absent(), key: None }
    }

    pub fn unknown() -> Self {
        Self { cases: Cases::unknown(), key: None }
    }

    pub fn of(value: T) -> Self {
        let known = Case { value: Value::Known(value), branch: Branch::always() };
        Self { cases: Cases::from_iter([known]), key: None }
    }

    /// The values that the property is known to have, in some branch.
    pub fn known(&self) -> impl Iterator<Item = &T> {
        self.known_under().map(|(value, _)| value)
    }

    /// The known values with the branch each holds under.
    pub fn known_under(&self) -> impl Iterator<Item = (&T, &Branch)> {
        counted(self.cases.iter()).filter_map(|case| match &case.value {
            Value::Known(value) => Some((value, &case.branch)),
            _ => None,
        })
    }

    /// The value, if there is one that holds in every branch.
    pub fn only(&self) -> Option<&T> {
        count();
        match &*self.cases {
            [Case { value: Value::Known(value), .. }] => Some(value),
            _ => None,
        }
    }

    /// True if the property has no value in any branch.
    pub fn is_absent(&self) -> bool {
        counted(self.cases.iter()).all(|case| matches!(case.value, Value::Absent))
    }

    /// True if something is written for the property, whatever it is.
    pub fn is_written(&self) -> bool {
        counted(self.cases.iter()).any(|case| !matches!(case.value, Value::Absent))
    }

    pub fn map<U: 'static>(self, mut f: impl FnMut(T) -> Option<U>) -> Field<U> {
        let cases = self.cases.into_iter().map(|case| Case {
            value: match case.value {
                Value::Known(value) => f(value).map_or(Value::Unknown, Value::Known),
                Value::Absent => Value::Absent,
                Value::Unknown => Value::Unknown,
            },
            branch: case.branch,
        });
        Field { cases: cases.collect(), key: self.key }
    }
}

impl Field<Text> {
    /// Where the first of the values is written that are known.
    pub fn place(&self) -> Option<Span> {
        self.known().next().map(Text::span)
    }

    /// The strings that are known to their last byte.
    pub fn strings(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.known().filter_map(|text| Some((text.as_str()?, text)))
    }

    /// The one string that the property certainly is.
    pub fn string(&self) -> Option<&str> {
        self.only()?.as_str()
    }

    /// Whether the property is `wanted`, in every branch. `None`: in some, or only a deploy can know.
    pub fn is(&self, wanted: &str) -> Option<bool> {
        let mut answers = counted(self.cases.iter()).map(|case| match &case.value {
            Value::Known(text) => text.is(wanted),
            Value::Absent => Some(false),
            Value::Unknown => None,
        });
        let first = answers.next()??;
        answers.all(|answer| answer == Some(first)).then_some(first)
    }

    /// Whether two properties are certainly the same string in every branch.
    pub fn same(&self, other: &Self) -> Option<bool> {
        self.only()?.same(other.only()?)
    }
}

/// A property that holds several values.
#[derive(Clone, Debug)]
pub struct List<T> {
    pub items: Vec<Item<T>>,
    /// False if there may be values that the file does not show.
    pub complete: bool,
    /// The property's key where it is written.
    pub key: Option<Span>,
}

#[derive(Clone, Debug)]
pub struct Item<T> {
    pub value: T,
    pub branch: Branch,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), complete: true, key: None }
    }
}

impl<T> List<T> {
    /// Forgets all items but the first ones; then it is not known what else there is.
    pub fn truncate(&mut self, kept: usize) {
        if kept < self.items.len() {
            self.items.truncate(kept);
            self.complete = false;
        }
    }

    pub fn unknown() -> Self {
        Self { complete: false, ..Self::default() }
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        counted(self.items.iter()).map(|item| &item.value)
    }

    /// True if there is certainly nothing in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.complete
    }

    /// Whether an item answers yes. `None`: one of them, or one that the file does not show, may.
    pub fn any(&self, mut question: impl FnMut(&T) -> Option<bool>) -> Option<bool> {
        let mut unknown = !self.complete;
        for item in counted(self.items.iter()) {
            match question(&item.value) {
                Some(true) if item.branch.is_always() => return Some(true),
                Some(false) => {}
                _ => unknown = true,
            }
        }
        if unknown { None } else { Some(false) }
    }

    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> List<U> {
        let items = self.items.into_iter().map(|item| Item { value: f(item.value), branch: item.branch });
        List { items: items.collect(), complete: self.complete, key: self.key }
    }
}

/// A value and where it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}
