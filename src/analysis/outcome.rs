//! What came of a run.

use crate::diagnostic::{Counts, Diagnostic, Suppressed};
use crate::suppress::verdict::Verdicts;

/// What came of a run.
#[derive(Default, Debug)]
pub struct Outcome {
    /// What is to be reported, of all levels, in the order of places.
    pub findings: Vec<Diagnostic>,
    /// What directives suppress, in the order of places.
    pub suppressed: Vec<Suppressed>,
    /// What each directive did.
    pub verdicts: Verdicts,
    /// Says that findings were left out, if the run had too many. It is about the run, not about its place: no directive
    /// suppresses it, and no baseline is to hold it.
    pub left_out: Option<Diagnostic>,
    /// How many findings there are of each level, with the one that says that others were left out.
    pub counts: Counts,
}
