//! A misspelled family of images for nodes.

use crate::names::{is_slip, nearest};
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// What eksctl accepts, in any case: `SupportedAMIFamilies` in `types.go` (2026-08-21).
const FAMILIES: [&str; 18] = [
    "AmazonLinux2023",
    "AmazonLinux2",
    "UbuntuPro2604",
    "Ubuntu2604",
    "UbuntuPro2404",
    "Ubuntu2404",
    "UbuntuPro2204",
    "Ubuntu2204",
    "UbuntuPro2004",
    "Ubuntu2004",
    "Bottlerocket",
    "BottlerocketFips",
    "WindowsServer2019CoreContainer",
    "WindowsServer2019FullContainer",
    "WindowsServer2022CoreContainer",
    "WindowsServer2022FullContainer",
    "WindowsServer2025CoreContainer",
    "WindowsServer2025FullContainer",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in workspace.facts.eksctl_items.iter().filter(|it| it.kind == ItemKind::NodeImage) {
        let Some(text) = item.key(EksctlKey::AmiFamily).and_then(|it| it.text.as_ref()) else { continue };
        let Some(name) = text.as_str() else { continue };
        if FAMILIES.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            continue;
        }
        // Another number is another family, of an earlier or a later version of eksctl.
        let numbers = |it: &str| it.chars().filter(char::is_ascii_digit).collect::<String>();
        let is_meant = |it: &&str| is_slip(name, it) && numbers(name) == numbers(it);
        if let Some(known) = nearest(name, FAMILIES).filter(is_meant) {
            findings
                .at(text.span(), format!("eksctl does not support the AMI family `{name}`"))
                .why("eksctl rejects the file")
                .fix_to(Safety::Safe, text, known);
        }
    }
}
