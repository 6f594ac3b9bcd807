//! Trees into facts.

/// False if nothing in these bytes can be about EKS. Takes the bytes as they are on disk, undecoded.
pub fn matters(_: &[u8]) -> bool {
    true
}
