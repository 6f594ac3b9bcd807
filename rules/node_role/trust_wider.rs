//! A node role that other services can assume too.

use crate::iam::EC2_PRINCIPALS;
use crate::prelude::*;

pub const LEVEL: Level = Level::Note;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in &workspace.facts.roles {
        let by_use = workspace.roles().links(role).node_use().filter(|it| it.evidence == Evidence::Reference);
        let by_use = by_use.map(|it| (it.span, Certainty::Certain));
        let by_policy = || {
            let policy = workspace.policies().attached(role, "AmazonEKSWorkerNodePolicy")?;
            Some((policy.span(), Certainty::Likely))
        };
        let Some((clue, certainty)) = by_use.or_else(by_policy) else { continue };
        for trust in role.trust.known() {
            if trust.may_be_assumed_by(&EC2_PRINCIPALS) != Some(true) {
                continue;
            }
            let principals =
                trust.allowing("sts:AssumeRole").flat_map(|it| it.principals.iter()).filter(|it| it.is_kind("Service"));
            let others: Vec<&Text> =
                principals.map(|it| &it.value).filter(|it| it.is_one_of(&EC2_PRINCIPALS) == Some(false)).collect();
            let Some(first) = others.first() else { continue };
            let names = crate::names::listed(others.iter().map(|it| it.bytes()));
            let found = findings.at(first.span(), format!("a node role that trusts {names} too"));
            for other in &others {
                found.label(other.span(), "with this role it can join the cluster as a node");
            }
            found
                .certainty(certainty)
                .label(clue, "the role of nodes")
                .help("give the other services roles of their own");
        }
    }
}
