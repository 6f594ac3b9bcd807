//! Ignore files against paths, and the index of a repository.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("ignored", data));
