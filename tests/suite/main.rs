//! What ekslint promises, as one program of tests.

#![allow(clippy::unwrap_used)]

mod cli;
mod config;
mod coverage;
mod environments;
mod fixes;
mod given;
mod house;
mod marks;
mod output;
mod pages;
mod readme;
mod registry;
mod robust;
mod sarif;
mod suppress;
