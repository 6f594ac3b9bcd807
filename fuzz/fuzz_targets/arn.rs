//! ARNs, and strings with holes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ekslint_fuzz::checks::run("arn", data));
