//! A mapping for nodes whose user name or groups are not those of its nodes.

use crate::collections::HashMap;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const ON_EC2: &str = "{{EC2PrivateDNSName}}";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    let on_windows = roles_on_windows(workspace);
    for mapping in workspace.aws_auth().mappings().filter(|it| !it.is_damaged) {
        if mapping.section == SectionKind::Users {
            user_as_node(mapping, findings);
            continue;
        }
        let role = mapping.arn.only().and_then(|it| workspace.roles().likely(it));
        let shown = role.and_then(|(it, sure)| Some((workspace.roles().links(it).shown_not_on_ec2()?, sure)));
        if let Some((shown, sure)) = shown.filter(|_| mapping.is_for_nodes() == Some(true)) {
            not_on_ec2(mapping, shown, sure, findings);
            continue;
        }
        let on_fargate = workspace.aws_auth().role_use(mapping, Purpose::FargatePodExecution);
        match on_fargate {
            Some(used) => fargate(workspace, mapping, used, findings),
            None => username(mapping, findings),
        }
        windows(workspace, mapping, &on_windows, findings);
    }
}

fn user_as_node(mapping: &Mapping, findings: &mut Findings) {
    for username in mapping.username.known() {
        let Some(place) = username.find(ON_EC2) else { continue };
        findings
            .at(place, format!("`{ON_EC2}` in the entry of a user"))
            .why("EKS asks EC2 for the instance of a session, and a user has none: it cannot sign in")
            .help("map the role of the nodes in `mapRoles`");
    }
}

/// The role of hybrid nodes or of a capability, in a mapping for nodes on EC2.
fn not_on_ec2(mapping: &Mapping, shown: &RoleUse, sure: Certainty, findings: &mut Findings) {
    if shown.purpose == Purpose::Capability {
        let at = mapping.at();
        findings
            .at(at, "mapping for nodes with the role of a capability")
            .certainty(sure)
            .why("EKS assumes this role, nodes cannot")
            .label(shown.span, format!("the role of a capability, by {}", shown.by))
            .help("remove the mapping: EKS creates an access entry for the capability")
            .level(Level::Warning);
        return;
    }
    let Some(place) = mapping.username.only().and_then(|it| it.find(ON_EC2)) else { return };
    findings
        .at(place, format!("`{ON_EC2}` in the entry of hybrid nodes"))
        .certainty(sure)
        .why("a hybrid node is no EC2 instance: it cannot sign in")
        .label(shown.span, format!("the role of hybrid nodes, by {}", shown.by))
        .fix(Safety::Activating, "write `{{SessionName}}`", Change::write(place, "{{SessionName}}"));
}

/// The user name that a node has to have: `system:node:` and its own name.
fn username(mapping: &Mapping, findings: &mut Findings) {
    if mapping.has_group("system:nodes") != Some(true) || mapping.misspells("username") {
        return;
    }
    if mapping.mixes_nodes_and_administrators() {
        administrator(mapping, findings);
        return;
    }
    let boots = mapping.has_group("system:bootstrappers") == Some(true);
    if mapping.username.is_absent() && boots {
        let at = mapping.at();
        findings
            .at(at, "mapping for nodes gives no user name")
            .why("a node has to be called `system:node:` and its name, or it cannot join")
            .help(format!("add `username: system:node:{ON_EC2}`"));
    }
    let Some(username) = mapping.username.only() else { return };
    if username.starts_with("system:node:") == Some(false) {
        let shown = username.shown();
        let found = findings.at(username.span(), format!("`{shown}` gets the groups of nodes"));
        if boots {
            found.why("a node has to be called `system:node:` and its name, or it cannot join");
        } else {
            found.why("`system:nodes` is for nodes, which have other names").level(Level::Warning);
        }
        found.help(format!(
            "for nodes write `system:node:{ON_EC2}`; for people take out `system:nodes` and `system:bootstrappers`"
        ));
    } else if username.as_str().is_some_and(|it| it.starts_with("system:node:") && !it.contains('{')) {
        findings
            .at(username.span(), format!("every node of this role would be called `{}`", username.shown()))
            .why("a node may only use its own name")
            .help(format!("write `system:node:{ON_EC2}`"))
            .likely();
    }
}

/// `system:masters` and the groups of nodes in one entry, whose user name is not one of nodes. Whoever it is for, one of the
/// two is too much; taking out both would lock an administrator out.
fn administrator(mapping: &Mapping, findings: &mut Findings) {
    let Some(group) = mapping.groups.iter().find(|it| it.is("system:nodes") == Some(true)) else { return };
    let found = findings.at(group.span(), "one entry of `aws-auth` is for nodes and for administrators");
    found.why("`system:nodes` is for nodes, whose user names are `system:node:` and their own names");
    if let Some(masters) = mapping.groups.iter().find(|it| it.is("system:masters") == Some(true)) {
        found.label(masters.span(), "`system:masters` may do everything");
    }
    let name = if mapping.username.is_absent() { ", and add a `username`" } else { "" };
    found.level(Level::Warning).help(format!(
        "for an administrator keep `system:masters` and remove the groups of nodes{name}; for nodes remove \
         `system:masters` and write `username: system:node:{ON_EC2}`"
    ));
}

fn fargate(workspace: &Workspace, mapping: &Mapping, used: &RoleUse, findings: &mut Findings) {
    if let Some(username) = mapping.username.only()
        && let Some(place) = username.find(ON_EC2)
    {
        findings
            .at(place, format!("`{ON_EC2}` in the entry of a Fargate role"))
            .why("a Fargate node is no EC2 instance: it cannot sign in")
            .label(used.span, format!("{} starts pods with this role", used.by))
            .fix(Safety::Activating, "write `{{SessionName}}`", Change::write(place, "{{SessionName}}"));
    }
    let is_node = mapping.has_group("system:nodes") == Some(true);
    if is_node && mapping.has_group("system:node-proxier") == Some(false) {
        let by = format!("{} has this role", used.by);
        lacks(workspace, mapping, "system:node-proxier", used.span, &by, findings).level(Level::Warning);
    }
}

/// The roles of Windows nodes, each with the first of its node groups.
fn roles_on_windows(workspace: &Workspace) -> HashMap<OriginKey, &NodeGroup> {
    let mut roles = HashMap::default();
    for group in &workspace.facts.node_groups {
        let is_windows = group.ami_type.only().is_some_and(|it| it.starts_with("WINDOWS_") == Some(true));
        if is_windows && let Some(role) = workspace.roles().of(&group.role) {
            roles.entry(role.origin.key()).or_insert(group);
        }
    }
    roles
}

fn windows(
    workspace: &Workspace,
    mapping: &Mapping,
    on_windows: &HashMap<OriginKey, &NodeGroup>,
    findings: &mut Findings,
) {
    const GROUP: &str = "eks:kube-proxy-windows";
    if mapping.has_group("system:nodes") != Some(true) || mapping.has_group(GROUP) != Some(false) {
        return;
    }
    let Some(role) = workspace.roles().of(&mapping.arn) else { return };
    let Some(group) = on_windows.get(&role.origin.key()) else { return };
    let cluster =
        workspace.clusters().of(&group.cluster).filter(|_| !workspace.clusters().is_found_by_name(&group.cluster));
    let reads_only_this = cluster.is_some_and(|it| it.is_certainly_in(&["CONFIG_MAP"]));
    let found = lacks(workspace, mapping, GROUP, group.origin.name, "these Windows nodes have this role", findings);
    found.certainty(if reads_only_this { Certainty::Certain } else { Certainty::Likely });
}

fn lacks<'r>(
    workspace: &Workspace,
    mapping: &Mapping,
    group: &str,
    user: Span,
    by: &str,
    findings: &'r mut Findings,
) -> &'r mut Finding {
    let at = mapping.groups.key.unwrap_or_else(|| mapping.at());
    let found = findings.at(at, format!("mapping for nodes lacks `{group}`"));
    found.why("without it their `kube-proxy` is refused").label(user, by);
    found.otherwise(format!("add `{group}` to the groups"));
    found.fix_if(Safety::Activating, format!("add `{group}`"), workspace.aws_auth().add_group(mapping, group));
    found
}
