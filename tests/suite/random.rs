//! Random input that is the same on every run: what the gate says of a commit must not depend on luck.
//!
//! Other input is for whoever looks for faults: the fuzz targets, or `ARBTEST_BUDGET_MS=60000 cargo test`.

use arbtest::arbitrary::{Result, Unstructured};

/// How many bytes of chance an input is made of, by turns.
const SIZES: [u64; 4] = [1 << 8, 1 << 10, 1 << 12, 1 << 16];

/// Tries a property on so many inputs.
pub fn holds(count: u64, property: impl Fn(&mut Unstructured<'_>) -> Result<()>) {
    if std::env::var_os("ARBTEST_BUDGET_MS").is_some() {
        arbtest::arbtest(property).run();
        return;
    }
    for (at, size) in (1..=count).zip(SIZES.into_iter().cycle()) {
        // The lower half of a seed is the size.
        arbtest::arbtest(&property).seed(at << 32 | size).run();
    }
}
