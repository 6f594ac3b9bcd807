//! An access entry for nodes of another kind than its role has.

use crate::iam::{EC2_PRINCIPALS, HYBRID_SERVICES};
use crate::prelude::*;
use crate::workspace::Started;

pub const LEVEL: Level = Level::Warning;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let started = workspace.nodes().started();
    for entry in &workspace.facts.access_entries {
        let (Some(kind), Some(kind_text)) = (entry.kind_name(), entry.kind.only()) else { continue };
        let Some((role, sure)) = workspace.access_entries().role(entry) else { continue };
        let uses: Vec<_> = workspace.access_entries().uses_beside(entry).collect();
        let by = |purpose: Purpose| uses.iter().find(|it| it.purpose == purpose && it.user.is_some());
        let (auto, joins) = (by(Purpose::AutoModeNode), by(Purpose::SelfManagedNode));
        let Started { linux, windows } = started.get(&role.origin.key()).copied().unwrap_or_default();
        let is_ec2 = matches!(kind, "EC2_LINUX" | "EC2_WINDOWS");
        let mut is_shown_by_role = false;
        let mismatch = match (kind, linux, windows, auto, joins) {
            (_, Some(linux), Some(windows), ..) if is_ec2 => {
                findings
                    .at(kind_text.span(), "one access entry for Linux and Windows nodes")
                    .certainty(sure)
                    .why("fits one of the two")
                    .label(linux, "starts Linux nodes with this role")
                    .label(windows, "starts Windows nodes with this role")
                    .help("an entry has one type: give Windows nodes a role of their own")
                    .level(Level::Note);
                continue;
            }
            ("EC2_LINUX", None, Some(place), ..) => {
                (place, "starts Windows nodes with this role".to_owned(), "EC2_WINDOWS")
            }
            ("EC2_WINDOWS", Some(place), None, ..) => {
                (place, "starts Linux nodes with this role".to_owned(), "EC2_LINUX")
            }
            (_, _, _, Some(auto), None) if is_ec2 => {
                (auto.span, format!("the role of Auto Mode nodes, by {}", auto.by), "EC2")
            }
            // An entry for Fargate makes it the role of Fargate too, which is another finding.
            ("EC2" | "HYBRID_LINUX", _, windows, None, Some(joins)) => {
                let right = if windows.is_some() { "EC2_WINDOWS" } else { "EC2_LINUX" };
                (joins.span, format!("the role of self-managed nodes, by {}", joins.by), right)
            }
            _ => {
                let started = started.get(&role.origin.key()).copied().unwrap_or_default();
                is_shown_by_role = true;
                match by_role(workspace, entry, role, kind, started) {
                    Some(it) => it,
                    None => continue,
                }
            }
        };
        let (place, why, right) = mismatch;
        if right.is_empty() {
            findings
                .at(kind_text.span(), format!("access entry of type `{kind}` for the role of a capability"))
                .certainty(sure)
                .why("the role is assumed by EKS, never by nodes")
                .label(place, why)
                .help("remove the entry: EKS creates the one of a capability itself");
            continue;
        }
        let certainty = if is_shown_by_role { Certainty::Likely } else { sure };
        findings
            .at(kind_text.span(), format!("access entry of type `{kind}` for a role of other nodes"))
            .certainty(certainty)
            .why(format!("these need `{right}`"))
            .label(place, why)
            .fix_to(Safety::Suggestion, kind_text, right);
    }
}

/// What the role shows by its policies and its trust policy, where only access entries say what it is for. An empty type
/// means that it is for no nodes.
fn by_role(
    workspace: &Workspace,
    entry: &AccessEntry,
    role: &Role,
    kind: &str,
    started: Started,
) -> Option<(Span, String, &'static str)> {
    const NODES: [&str; 4] = ["EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX"];
    if !NODES.contains(&kind) {
        return None;
    }
    if let Some(shown) = workspace.roles().links(role).shown_not_on_ec2().filter(|it| it.purpose == Purpose::Capability)
    {
        return Some((shown.span, format!("the role of a capability, by {}", shown.by), ""));
    }
    // Another entry, or a mapping, claims no less than this one.
    let is_contested =
        workspace.access_entries().other_uses(entry).any(|it| it.purpose != Purpose::HybridNode && !it.is_assertion);
    let shown = workspace.access_entries().shown_type(entry, started).filter(|it| it.kind != kind && !is_contested)?;
    let is_shown = match (kind, shown.kind) {
        ("EC2_LINUX" | "EC2_WINDOWS" | "EC2", "HYBRID_LINUX") => {
            workspace.roles().links(role).shown_not_on_ec2().is_some()
        }
        ("EC2_LINUX" | "EC2_WINDOWS", "EC2") => workspace.roles().links(role).shown_auto_mode().is_some(),
        ("HYBRID_LINUX", "EC2" | "EC2_LINUX" | "EC2_WINDOWS") => {
            let trust = role.trust.only()?;
            trust.may_be_assumed_by(&EC2_PRINCIPALS) == Some(true)
                && trust.may_be_assumed_by(&HYBRID_SERVICES) == Some(false)
        }
        _ => false,
    };
    is_shown.then_some((shown.span, shown.why, shown.kind))
}
