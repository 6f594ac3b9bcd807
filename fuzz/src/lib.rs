//! The checks of `tests/suite/checks`, for the fuzz targets.

#[path = "../../tests/suite/checks/mod.rs"]
pub mod checks;
