//! An instance profile that nodes cannot get their role from.

use crate::collections::HashMap;
use crate::prelude::*;
use crate::source::Attribute;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for profile in &workspace.facts.instance_profiles {
        let place = profile.roles.key.unwrap_or(profile.origin.name);
        if profile.roles.is_empty() {
            findings
                .at(place, "instance profile has no role")
                .why("instances that have it get no credentials")
                .help("name one role in `Roles`");
            continue;
        }
        let is_certain =
            |it: &&Item<Text>| it.branch.is_always() && (it.value.as_str().is_some() || it.value.reference().is_some());
        let certain: Vec<_> = profile.roles.items.iter().filter(is_certain).collect();
        if let [first, second, ..] = certain.as_slice()
            && first.value.same(&second.value) != Some(true)
        {
            findings
                .at(second.value.span(), "instance profile has more than one role")
                .why("IAM takes one role in an instance profile")
                .label(first.value.span(), "the first role")
                .help("keep one role, and attach to it what the other one may do");
        }
    }
    for template in &workspace.facts.launch_templates {
        for text in workspace.values_in(&template.origin, &template.profile_arn) {
            if let Some(profile) = workspace.nodes().instance_profile(text)
                && text.reference().is_some_and(|it| it.attribute == Attribute::Ref)
            {
                let found = findings.at(text.span(), "`Arn` is set to the name of an instance profile");
                found.why("`Ref` of an instance profile is its name");
                found.label(profile.origin.name, "the instance profile");
                found.otherwise("write its ARN here, or the name under `Name`");
                found.fix_if(Safety::Activating, "write its ARN", Change::swap_reference(text));
                continue;
            }
            if let Some(violation) = Arn::slip(text) {
                findings
                    .at(violation.span, format!("`{}` {}", text.shown(), violation.what))
                    .why("EC2 looks for an instance profile of this ARN")
                    .help("write `arn:aws:iam::<account id>:instance-profile/<path and name>`");
                continue;
            }
            let by_arn = Arn::parse(text).is_some_and(|arn| arn.is_iam("role"));
            if !by_arn && workspace.roles().named(text).is_none() {
                continue;
            }
            findings
                .at(text.span(), "`Arn` is set to a role, not an instance profile")
                .why("EC2 looks for an instance profile of this ARN")
                .help("declare an `AWS::IAM::InstanceProfile` that holds the role, and refer to its ARN");
        }
        let names = workspace.values_in(&template.origin, &template.profile_name);
        for text in names.filter(|_| !template.takes_either) {
            let is_arn = text.starts_with("arn:") == Some(true)
                || text.reference().is_some_and(|it| it.attribute == Attribute::Arn);
            if is_arn {
                findings
                    .at(text.span(), "`Name` is set to an ARN, not the name of an instance profile")
                    .why("`Name` takes the name alone")
                    .help("put the ARN under `Arn`, or write the name here");
            } else if let Some(role) = workspace.roles().by_ref(text).filter(|_| text.reference().is_some()) {
                findings
                    .at(text.span(), "`Name` is set to a role, not an instance profile")
                    .why("EC2 looks for an instance profile of this name")
                    .label(role.origin.name, "the role")
                    .help("declare an `AWS::IAM::InstanceProfile` that holds the role, and refer to it");
            }
        }
    }
    managed_groups(workspace, findings);
    own_groups(workspace, findings);
    if workspace.facts.node_classes.is_empty() {
        return;
    }
    // For each role the first profile that holds it.
    let mut holders: HashMap<OriginKey, &InstanceProfile> = HashMap::default();
    for profile in &workspace.facts.instance_profiles {
        for role in profile.roles.iter().filter_map(|it| workspace.roles().named(it)) {
            holders.entry(role.origin.key()).or_insert(profile);
        }
    }
    workspace.facts.node_classes.iter().for_each(|it| node_class(workspace, it, &holders, findings));
}

/// `spec.instanceProfile` of a node class takes the name of an instance profile, and only where there is no `spec.role`.
fn node_class(
    workspace: &Workspace,
    class: &NodeClass,
    holders: &HashMap<OriginKey, &InstanceProfile>,
    findings: &mut Findings,
) {
    if let (Some(role), Some(profile)) = (class.role.only(), class.instance_profile.only()) {
        findings
            .at(profile.span(), "node class names a role and an instance profile")
            .why("the API server accepts exactly one of the two")
            .label(role.span(), "the role")
            .help("remove one of them");
        return;
    }
    for text in workspace.values(&class.instance_profile) {
        if let Some(arn) = Arn::parse(text) {
            if arn.is_iam("role") {
                findings
                    .at(text.span(), "`instanceProfile` is set to a role")
                    .why("EC2 looks for an instance profile of this name")
                    .help("write the name of the role under `role`, or the name of an instance profile here");
                continue;
            }
            let found = findings.at(text.span(), "`instanceProfile` is set to an ARN, not a name");
            found.why("`instanceProfile` takes the name alone");
            let name = arn.name().and_then(|it| it.as_str().map(str::to_owned)).filter(|it| !it.is_empty());
            match name.filter(|_| arn.is_iam("instance-profile") && !text.has_holes()) {
                Some(name) => found.fix_to(Safety::Suggestion, text, &name),
                None => found.help("write the name of the instance profile"),
            };
            continue;
        }
        let Some(role) = workspace.roles().named(text).filter(|_| workspace.nodes().may_be_no_profile(text)) else {
            continue;
        };
        // A console makes a profile of the same name for each role. Where another profile holds the role, nobody needs that one.
        let holder = holders.get(&role.origin.key());
        let found = findings.at(text.span(), "`instanceProfile` is set to the name of a role");
        found.why("EC2 looks for an instance profile of this name").label(role.origin.name, "the role");
        match holder {
            Some(holder) => found.likely().label(holder.origin.name, "the instance profile that holds it"),
            None => found.possible(),
        };
        found.help("name the role under `role`, or the instance profile that holds it here");
    }
}

/// Machines of a scaling group that are to join a cluster, and have no profile to do it with.
fn own_groups(workspace: &Workspace, findings: &mut Findings) {
    for group in &workspace.facts.auto_scaling_groups {
        let template = group.launch_template.only().and_then(|it| workspace.nodes().launch_template(it));
        let Some(template) = template else { continue };
        if template.joins_a_cluster() && template.profile.is_absent() {
            findings
                .at(template.origin.name, "nodes start without an instance profile")
                .why("its user data joins a cluster, for which a node needs a role")
                .label(group.origin.name, "these machines have no credentials")
                .help("declare an `AWS::IAM::InstanceProfile` with the node role, and name it in `IamInstanceProfile`")
                .likely();
        }
    }
}

/// EKS makes the instance profile of a managed node group from `NodeRole`, and refuses another.
fn managed_groups(workspace: &Workspace, findings: &mut Findings) {
    for group in &workspace.facts.node_groups {
        for (text, branch) in group.launch_template.known_under() {
            let Some(template) = workspace.nodes().launch_template(text) else { continue };
            let meets = |(_, under): &(&Span, &Branch)| branch.surely_meets(under);
            let Some((profile, _)) = template.profile.known_under().find(meets) else { continue };
            let place = template.profile.key.unwrap_or(*profile);
            findings
                .at(place, "launch template of a managed node group names an instance profile")
                .why("EKS refuses a launch template that does")
                .label(text.span(), "the node group launches from this template")
                .help("remove it here: a managed node group takes its role from `NodeRole`");
        }
    }
}
