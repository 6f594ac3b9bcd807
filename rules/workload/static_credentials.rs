//! A container that is given an access key.

use crate::prelude::*;

pub const LEVEL: Level = Level::Warning;

const KEYS: &[&str] = &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/// Settings that say the key is for something that only speaks the language of S3.
const ENDPOINTS: &[&str] = &["AWS_ENDPOINT_URL", "S3_ENDPOINT", "MINIO", "ENDPOINT"];

/// Other services that speak it, as words in the names of their secrets.
const OTHER_STORES: &[&str] = &[
    "minio",
    "ceph",
    "rook",
    "rgw",
    "radosgw",
    "noobaa",
    "garage",
    "seaweedfs",
    "zenko",
    "cloudserver",
    "localstack",
    "wasabi",
    "backblaze",
    "b2",
    "r2",
    "cloudflare",
    "digitalocean",
    "spaces",
    "linode",
    "vultr",
    "scaleway",
    "scw",
    "ovh",
    "hetzner",
    "exoscale",
    "storj",
    "idrive",
    "storagegrid",
    "gcs",
];

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for workload in &workspace.facts.workloads {
        let annotated = workspace.service_accounts().role_of(workload);
        for container in workload.containers.iter() {
            let names = || container.env.iter().filter_map(|it| it.name.string());
            let elsewhere = names().any(|it| ENDPOINTS.iter().any(|word| it.to_ascii_uppercase().contains(word)));
            let first = KEYS.iter().find_map(|key| container.variable(key));
            let variables = KEYS.iter().filter_map(|key| container.variable(key));
            if elsewhere || !container.env.complete || variables.clone().any(is_of_another_store) {
                continue;
            }
            let Some((variable, name)) = first.and_then(|it| Some((it, it.name.known().next()?))) else { continue };
            // An empty value turns a key off that the image may have. A key of the documentation opens nothing, and wins over
            // a role all the same.
            let is_example = variable.value.known().any(|it| it.as_str().is_some_and(|it| it.ends_with("EXAMPLE")));
            let opens_nothing = is_example || is_of_none(variable);
            if variable.value.known().any(Text::is_empty) || opens_nothing && annotated.is_none() {
                continue;
            }
            let value = variable.value.known().find(|it| it.as_str().is_some_and(is_access_key));
            match (annotated, value) {
                (Some(role), _) => {
                    findings
                        .at(
                            name.span(),
                            format!(
                                "with `{}` the container does not use the role of its service account",
                                name.shown()
                            ),
                        )
                        .why("SDKs take the access key first")
                        .label(role.span(), "the role that is not used")
                        .help("remove the key from the container, and delete it in IAM");
                }
                (None, Some(value)) => {
                    findings
                        .at(value.span(), "an access key in clear text")
                        .why("whoever can read this file has it")
                        .help("delete the key in IAM, and give the pod a role instead");
                }
                (None, None) => {
                    findings
                        .at(name.span(), "the container uses an access key instead of a role")
                        .why("it does not expire by itself")
                        .help("give the pod's service account a role")
                        .possible();
                }
            }
        }
    }
}

/// True for a key that comes from the secret of another store, or says so itself: `minioadmin`.
fn is_of_another_store(variable: &EnvVar) -> bool {
    let names = variable.source.known().chain(variable.source_key.known()).filter_map(Text::as_str);
    let mut words = names.flat_map(|it| it.split(['-', '_', '.']));
    let is_one = |word: &str| {
        OTHER_STORES.iter().any(|it| word.eq_ignore_ascii_case(it)) || word.to_ascii_lowercase().contains("minio")
    };
    words.any(is_one) || variable.value.known().any(|it| it.as_str().is_some_and(|it| it.contains("minio")))
}

/// True for an id that AWS never gave out, such as `admin`: the key is for another store. Whoever is to fill one in may
/// fill in one of AWS.
fn is_of_none(variable: &EnvVar) -> bool {
    let is_id = variable.name.is(KEYS[0]) == Some(true);
    let is_other = |it: &Text| {
        let may_be = |id: &str| id.starts_with("AKIA") || id.starts_with("ASIA");
        !it.is_unfilled() && it.as_str().is_some_and(|id| !may_be(id))
    };
    is_id && variable.value.known().any(is_other)
}

/// `AKIA…` or `ASIA…`.
fn is_access_key(value: &str) -> bool {
    let rest = value.strip_prefix("AKIA").or_else(|| value.strip_prefix("ASIA"));
    let plain = |it: &str| it.len() == 16 && it.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    rest.is_some_and(plain)
}
