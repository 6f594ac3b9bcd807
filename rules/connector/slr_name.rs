//! Another name for the connector's service-linked role, which has only one.

use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

const NAME: &str = "AWSServiceRoleForAmazonEKSConnector";
const PATH: &str = "aws-service-role/eks-connector.amazonaws.com/";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for role in workspace.facts.service_linked_roles.iter().filter(|it| it.is_of_connector()) {
        for suffix in role.suffix.known() {
            findings
                .at(suffix.span(), "service-linked role of the connector takes no suffix")
                .why(format!("the role is always `{NAME}`"))
                .help("remove `CustomSuffix`");
        }
    }
    for resource in workspace.documents().resources() {
        let Some(arn) = Arn::of_role(resource) else { continue };
        let (path, Some(name)) = (arn.path(), arn.name()) else { continue };
        let Some(written) = name.as_str() else { continue };
        let path = path.as_ref().map_or(Some(""), Text::as_str);
        if path == Some(PATH) && !written.contains(['*', '?']) && written != NAME {
            findings
                .at(name.span(), format!("no role of this service is named `{written}`"))
                .why(format!("the role of the connector is always `{NAME}`"))
                .fix(Safety::Activating, "write the name of the role", Change::write(&name, NAME))
                .level(Level::Warning);
        } else if path == Some("") && written == NAME {
            findings
                .at(name.span(), format!("ARN of `{NAME}` without its path"))
                .why("service-linked roles have a path: this ARN is no one's")
                .fix(Safety::Activating, "write the path", Change::insert_before(&name, PATH))
                .level(Level::Warning);
        }
    }
}
