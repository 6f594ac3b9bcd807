//! The table of rules. Written by `cargo test` from the files in this folder: do not edit.

use crate::rule::Rule;

pub static RULES: &[Rule] = &[];
