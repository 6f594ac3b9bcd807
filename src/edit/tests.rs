//! Spelling, structure and application of changes.
