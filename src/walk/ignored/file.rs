//! An ignore file, its lines, and what they are called in messages.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ekslint::patterns::Patterns;
use ekslint::report::{visible, visible_path};

use super::super::paths;

/// An ignore file that was read.
pub(super) struct IgnoreFile {
    pub(super) path: PathBuf,
    pub(super) patterns: Patterns,
    /// What its patterns have cost so far.
    pub(super) steps: AtomicU64,
}

/// A line of an ignore file.
#[derive(Clone)]
pub struct Rule {
    pub(super) file: Arc<IgnoreFile>,
    pub(super) line: u32,
}

/// Why something is hidden.
#[derive(Clone)]
pub enum By {
    Rule(Rule),
    /// Its name starts with a dot.
    Dot,
    /// There are more ignore files than are read, or their patterns take too much work, so nobody knows.
    TooMuch,
}

impl By {
    /// In words, as the rest of a sentence, with the pattern. It costs a search in the ignore file.
    pub fn reason(&self) -> String {
        match self {
            Self::Rule(Rule { file, line }) => {
                let pattern = file.patterns.line(*line);
                format!("ignored by `{}` ({}:{line})", visible(&pattern), visible_path(&here(&file.path)))
            }
            Self::Dot | Self::TooMuch => self.short_reason(),
        }
    }

    /// The same without the pattern, for each of many.
    pub fn short_reason(&self) -> String {
        match self {
            Self::Rule(Rule { file, line }) => format!("ignored by {}:{line}", visible_path(&here(&file.path))),
            Self::Dot => "hidden: its name, or that of a folder above it, starts with a dot".to_owned(),
            Self::TooMuch => "left out: ignore files are too large, or their patterns take too much work".to_owned(),
        }
    }
}

/// A path as messages show it: relative to the working directory, if it is below.
pub fn here(path: &Path) -> String {
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    paths::shown(path.strip_prefix(&here).unwrap_or(path))
}
