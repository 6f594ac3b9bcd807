//! What ekslint promises, as one program of tests.

#![allow(clippy::unwrap_used)]

mod cli;
mod coverage;
mod environments;
mod fixes;
mod house;
mod pages;
mod readme;
mod registry;
mod robust;
mod suppress;
