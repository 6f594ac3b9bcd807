//! Text into trees, as YAML and as JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("tree", data));
