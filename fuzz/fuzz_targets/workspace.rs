//! A few files, from bytes to findings.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("workspace", data));
