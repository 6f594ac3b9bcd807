//! The VPC CNI of a cluster of one IP family with the permissions for the other.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const IPV4: &str = "ec2:AssignPrivateIpAddresses";
const IPV6: &str = "ec2:AssignIpv6Addresses";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for cluster in &workspace.facts.clusters {
        let family = workspace.shipped(&cluster.origin, &cluster.ip_family).map(|it| it.value);
        let is_ipv6 = match family.and_then(Text::as_str) {
            Some("ipv6") => true,
            Some("ipv4") => false,
            None if cluster.ip_family.is_absent() => false,
            _ => continue,
        };
        let Some(roles) = workspace.clusters().cni_roles(Some(cluster)) else { continue };
        let of_its_own = !roles.is_empty();
        let roles: Vec<(&Role, &Text)> = if of_its_own {
            roles.into_iter().filter_map(|it| Some((workspace.roles().named(it)?, it))).collect()
        } else {
            workspace.clusters().node_roles_of(cluster)
        };
        let (needed, other) = if is_ipv6 { (IPV6, IPV4) } else { (IPV4, IPV6) };
        for (role, name) in roles {
            let lacks = workspace.policies().grant(role, needed) == Some(false)
                && workspace.policies().grant(role, other) == Some(true);
            if !lacks {
                continue;
            }
            let policy = workspace.policies().attached(role, "AmazonEKS_CNI_Policy");
            let place = policy.map_or_else(|| role.policies_place(), Text::span);
            let (has, wants) = if is_ipv6 { ("IPv4", "IPv6") } else { ("IPv6", "IPv4") };
            let found = findings.at(place, format!("VPC CNI of an {wants} cluster has the permissions for {has}"));
            found.certainty(workspace.certainty_of(name)).why(format!("no policy of this role allows `{needed}`"));
            match family {
                Some(family) => found.label(family.span(), format!("the cluster gives its pods {wants} addresses")),
                None => found.label(cluster.origin.name, "a cluster is of IPv4 unless it says otherwise"),
            };
            found.help(if is_ipv6 {
                "attach a policy of your own with `ec2:AssignIpv6Addresses`: AWS manages none for IPv6"
            } else {
                "attach `arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy`"
            });
            // Another role, elsewhere, may be the one that the CNI uses.
            if !of_its_own || !is_ipv6 {
                found.likely();
            }
        }
    }
}
