//! What ekslint promises, as one program of tests.

#![allow(clippy::unwrap_used)]

mod across;
mod analysis;
mod baseline;
mod bounds;
mod certainty;
mod checks;
mod cli;
mod composites;
mod config;
mod context;
mod controllers;
mod coverage;
mod described;
mod determinism;
mod environments;
mod files;
mod fixes;
mod fuzz;
mod generate;
#[cfg(unix)]
mod growth;
mod help;
mod hostile;
mod house;
mod ignored;
mod imports;
mod index;
mod keywords;
mod kustomize;
mod kustomize_built;
mod kustomize_kubectl;
mod kustomize_run;
mod left_out;
mod libraries;
mod limits;
mod output;
mod outside;
mod pages;
mod placeholders;
mod projects;
mod random;
mod readme;
mod registry;
mod robust;
mod sarif;
mod silence;
mod site;
mod spellings;
mod suppress;
mod watch;
mod widths;
mod work;
mod writing;
