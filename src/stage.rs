//! The stages of a run, and who may watch them.
//!
//! The library has no clock. It says when a stage begins and ends, and an [`Observer`] outside makes of it what it wants.
//! Nobody watches unless asked to: then a stage is the call of a function and nothing else.

/// A stage of a run, in the order in which they come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Finding files, reading them, putting aside those that cannot matter, and making facts of the others.
    Read,
    /// A part of [`Stage::Read`]: one document into a tree. Files are parsed by several threads at once.
    Parse,
    /// A part of [`Stage::Read`]: one document's tree into facts, with the documents that stand in its strings.
    Lower,
    /// The facts of all files into one workspace.
    Link,
    /// Looking for what fills placeholders in, in files that are not linted.
    Search,
    /// All rules.
    Rules,
    /// A part of [`Stage::Rules`]: the rule with this id. Several rules run at once.
    Rule(&'static str),
    /// Findings into text.
    Report,
}

/// Somebody who watches the stages of a run.
pub trait Observer: Sync {
    /// Does the work of a stage. Called by several threads, and for stages inside of stages.
    fn stage<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T;
}

/// Nobody.
impl Observer for () {
    fn stage<T>(&self, _: Stage, work: impl FnOnce() -> T) -> T {
        work()
    }
}
