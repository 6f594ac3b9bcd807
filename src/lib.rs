//! ekslint: who may become whom on an Amazon EKS cluster, and what is wrong with that.
//!
//! The whole program in one line: sources are parsed into trees, trees are lowered into facts, facts are linked into a
//! [`Workspace`], and each rule is a function over it. Nothing in this library does IO, and nothing in it fails: broken
//! input is a diagnostic about the user's file.

pub mod analysis;
pub mod baseline;
pub mod collections;
pub mod config;
pub mod date;
pub mod diagnostic;
pub mod edit;
pub mod facts;
pub mod field;
pub mod fingerprint;
pub mod former;
pub mod iam;
pub mod lookup;
pub mod lower;
pub mod names;
pub mod page;
pub mod patterns;
pub mod prelude;
#[doc(hidden)]
pub mod reads;
pub mod report;
pub mod rule;
pub mod selector;
pub mod source;
pub mod stage;
pub mod suppress;
pub mod symptoms;
pub mod syntax;
pub mod workspace;

#[path = "../rules/mod.rs"]
pub mod rules;

#[cfg(test)]
#[path = "../tests/suite/random.rs"]
mod random;

pub use analysis::{Analysis, INTERNAL_ERROR, Outcome, lint, lint_with};
