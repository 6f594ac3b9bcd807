//! What every rule needs. Rules begin with `use crate::prelude::*`.

pub use crate::diagnostic::{Certainty, Level, Safety};
pub use crate::edit::Change;
pub use crate::facts::*;
pub use crate::iam::{Arn, RoleArn};
pub use crate::rule::{Finding, Findings};
pub use crate::source::{Span, Text};
pub use crate::workspace::Workspace;
