//! How files are changed.
//!
//! A rule says what is to change in the terms of its facts: write this value here, remove that entry, add an item to that
//! list ([`Change`]). Only this module handles byte offsets. It looks at every string around the place (a quoted scalar, a block
//! scalar, a policy in a JSON string inside `Fn::Sub`) and spells the change from the inside out. Each result is applied to
//! a copy and read again; a change that does not give exactly the tree that was asked for is dropped, and the finding
//! gives its advice in words instead.
//!
//! ```text
//! Change ─locate▶ innermost document ─spell▶ its text ─spell▶ … the string around it … ─▶ Edit
//! ```
//!
//! [`layers`] finds the documents around a place, [`strings`] spells strings, [`collections`] adds and removes entries and
//! items, [`draft`] goes through all this for one proposal, [`plan`] for a run, [`model`] verifies, and [`apply`] puts edits
//! into text.

mod apply;
mod change;
mod children;
mod collections;
mod draft;
mod fix;
mod layers;
mod model;
mod plan;
mod references;
mod strings;
#[cfg(test)]
mod tests;

pub(crate) use apply::insert;
pub use apply::{Attempt, EditSet, OffsetMap, apply, settle};
pub use change::{Change, Target};
pub use fix::{Fixed, fix};
pub use plan::write_fixes;
