//! YAML with and without the parser library.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("quick", data));
