//! How often facts are read. It is counted where debug assertions are on, so that a test sees what reads more often than the input
//! grows (`tests/suite/growth.rs`); elsewhere counting is nothing.
//!
//! Each fact, property or index entry is counted where it is handed out: going through many and looking at none of them takes time,
//! too.

#[cfg(debug_assertions)]
use std::cell::Cell;

#[cfg(debug_assertions)]
thread_local! {
    static READ: Cell<u64> = const { Cell::new(0) };
}

/// Counts that something was read.
#[inline]
pub(crate) fn count() {
    #[cfg(debug_assertions)]
    READ.with(|it| it.set(it.get() + 1));
}

/// Counts each of what is gone through.
#[inline]
pub(crate) fn counted<I: Iterator>(each: I) -> impl Iterator<Item = I::Item> {
    each.inspect(|_| count())
}

/// How often this thread has read facts.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn facts_read() -> u64 {
    READ.with(Cell::get)
}
