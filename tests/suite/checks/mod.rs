//! What has to hold for any input whatever. The fuzz targets and `cargo test` run the same checks.
//!
//! A check takes bytes and panics if something does not hold. Bytes that are not text are passed over, but for the
//! workspace, which reads files as they are.

mod arn;
mod config;
mod embedded;
mod ignored;
mod json;
mod places;
mod policy;
mod quick;
mod report;
mod sub;
mod tree;
mod workspace;

/// A check, and the name of its fuzz target and of the folder of its seeds.
pub struct Check {
    pub name: &'static str,
    pub run: fn(&[u8]),
}

pub const CHECKS: &[Check] = &[
    Check { name: "tree", run: tree::check },
    Check { name: "quick", run: quick::check },
    Check { name: "embedded", run: embedded::check },
    Check { name: "sub", run: sub::check },
    Check { name: "arn", run: arn::check },
    Check { name: "policy", run: policy::check },
    Check { name: "report", run: report::check },
    Check { name: "workspace", run: workspace::check },
    Check { name: "ignored", run: ignored::check },
    Check { name: "config", run: config::check },
];

/// Runs the check of this name.
#[allow(dead_code, reason = "the fuzz targets call it")]
pub fn run(name: &str, data: &[u8]) {
    let check = CHECKS.iter().find(|it| it.name == name).expect("each target names a check");
    (check.run)(data);
}
