//! A few files, from bytes to the formats for programs.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("report", data));
