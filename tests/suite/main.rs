//! What ekslint promises, as one program of tests.

#![allow(clippy::unwrap_used)]

mod cli;
mod coverage;
mod fixes;
mod house;
mod pages;
mod registry;
