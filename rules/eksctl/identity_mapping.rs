//! An identity mapping that eksctl rejects, or that it cannot add to `aws-auth`.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for item in workspace.facts.eksctl_items.iter().filter(|it| it.kind == ItemKind::IdentityMapping) {
        let of_account =
            [EksctlKey::Arn, EksctlKey::Username, EksctlKey::Groups, EksctlKey::ServiceName, EksctlKey::Namespace];
        let of_identity = [EksctlKey::Arn, EksctlKey::Username, EksctlKey::Groups];
        if let Some(account) = item.set(EksctlKey::Account) {
            let mut others = of_account.iter().filter_map(|it| item.set(*it));
            if let Some(other) = others.next() {
                findings
                    .at(
                        account.at,
                        format!("`account` of `{}` cannot be set together with `{}`", item.path, other.name),
                    )
                    .why("eksctl rejects the file")
                    .label(other.at, "this is also set")
                    .help("write two mappings");
            }
        } else if let Some(service) = item.set(EksctlKey::ServiceName) {
            if of_identity.iter().all(|it| item.set(*it).is_some()) {
                let arn = item.set(EksctlKey::Arn).map_or(service.at, |it| it.at);
                findings
                    .at(service.at, format!("`serviceName` of `{}` cannot be set together with an ARN", item.path))
                    .why("eksctl rejects the file")
                    .label(arn, "this is also set")
                    .help("write two mappings");
            } else if is_unset(item, EksctlKey::Namespace) {
                findings
                    .at(service.at, format!("`serviceName` of `{}` without a `namespace`", item.path))
                    .why("eksctl rejects the file")
                    .help("add the `namespace` that the service may use");
            }
        } else if let Some(namespace) =
            item.set(EksctlKey::Namespace).filter(|_| is_unset(item, EksctlKey::ServiceName))
        {
            findings
                .at(namespace.at, format!("`namespace` of `{}` without a `serviceName`", item.path))
                .why("eksctl rejects the file")
                .help("add the `serviceName`, or remove the `namespace`");
        } else if [EksctlKey::Arn, EksctlKey::Account, EksctlKey::ServiceName].iter().all(|it| is_unset(item, *it)) {
            let (at, why) = match item.key(EksctlKey::Arn) {
                Some(key) => (key.at, "this is empty"),
                None => (item.at, "it names no principal"),
            };
            findings
                .at(at, format!("identity mapping `{}` has no ARN", item.path))
                .why(why)
                .help("set `arn` to the ARN of an IAM role or user");
        }
    }
}

/// True if a key certainly has no value.
fn is_unset(item: &EksctlItem, name: EksctlKey) -> bool {
    let is_unset = item.key(name).is_none_or(|it| it.is_set == Some(false));
    is_unset && !item.has_unknown_keys
}
