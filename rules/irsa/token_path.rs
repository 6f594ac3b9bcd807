//! `AWS_WEB_IDENTITY_TOKEN_FILE` names a file that the container does not have, or that is for somebody else.

use std::borrow::Cow;

use crate::collections::HashMap;
use crate::iam::TOKEN_FILE;
use crate::prelude::*;

pub const LEVEL: Level = Level::Error;

/// The token that every pod has for the API server.
const KUBERNETES_TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

pub fn check(workspace: &Workspace, findings: &mut Findings) {
    for workload in &workspace.facts.workloads {
        let mut volumes = None;
        for container in workload.containers.iter() {
            let Some(variable) = container.variable("AWS_WEB_IDENTITY_TOKEN_FILE") else { continue };
            for text in variable.value.known() {
                let Some(path) = text.as_str().filter(|it| it.starts_with('/')) else { continue };
                if is_same(path, KUBERNETES_TOKEN) {
                    for_the_api_server(text, findings);
                } else {
                    let volumes = volumes.get_or_insert_with(|| by_name(workload));
                    file(workload, volumes, container, text, path, findings);
                }
            }
        }
    }
    // A chart may mount anything, but this file is the same in every pod.
    let in_charts = workspace.facts.chart_token_files.iter();
    for text in in_charts.filter(|it| it.as_str().is_some_and(|it| is_same(it, KUBERNETES_TOKEN))) {
        for_the_api_server(text, findings);
    }
}

fn for_the_api_server(text: &Text, findings: &mut Findings) {
    findings
        .at(text.span(), "this token is for the API server of the cluster, not for AWS")
        .why("its audience is another, and STS refuses it")
        .help("let the webhook set the file, or project a token with the audience `sts.amazonaws.com`")
        .likely();
}

/// The path without a link: in images `/var/run` is one to `/run`.
fn canonical(path: &str) -> String {
    if path == "/run" || path.starts_with("/run/") { format!("/var{path}") } else { path.to_owned() }
}

fn is_same(path: &str, other: &str) -> bool {
    canonical(path) == canonical(other)
}

/// What of a path comes after a folder, if the file is below it, or is it.
fn below(path: &str, folder: &str) -> Option<String> {
    let (path, folder) = (canonical(path), canonical(folder.trim_end_matches('/')));
    let rest = path.strip_prefix(&folder).filter(|it| it.is_empty() || it.starts_with('/'))?;
    Some(rest.trim_start_matches('/').to_owned())
}

type Volumes<'w> = HashMap<Cow<'w, str>, &'w Volume>;

/// The volumes of a workload by the [keys](Text::key) of their names, the first of each.
fn by_name(workload: &Workload) -> Volumes<'_> {
    let mut volumes = HashMap::default();
    for volume in workload.volumes.iter() {
        if let Some(key) = volume.name.only().and_then(Text::key) {
            volumes.entry(key).or_insert(volume);
        }
    }
    volumes
}

fn file(
    workload: &Workload,
    volumes: &Volumes<'_>,
    container: &Container,
    text: &Text,
    path: &str,
    findings: &mut Findings,
) {
    if !container.mounts.complete || !workload.volumes.complete {
        return;
    }
    let covers = |mount: &&VolumeMount| {
        mount.path.known().any(|it| {
            // With a `subPath` the file itself is mounted.
            it.as_str().is_none_or(|at| below(path, at).is_some())
        })
    };
    let Some(mount) = container.mounts.iter().find(covers) else {
        if let Some(right) = crate::names::nearest(&canonical(path), [TOKEN_FILE]) {
            findings
                .at(text.span(), format!("`{path}` is not where the webhook puts the token"))
                .why(format!("did you mean `{right}`?"))
                .fix(Safety::Activating, "write the webhook's path", Change::write(text, right));
        } else if !is_same(path, TOKEN_FILE) {
            findings
                .at(text.span(), format!("nothing is mounted at `{path}`"))
                .why("the container finds no token here")
                .help("let the webhook set the file, or mount a projected token there")
                .likely();
        }
        return;
    };
    let volume = mount.name.only().and_then(Text::key).and_then(|it| volumes.get(&it));
    let volume = volume.filter(|it| it.name.same(&mount.name) == Some(true));
    let (Some(volume), Some(at)) = (volume, mount.path.string()) else { return };
    if is_same(at, path) || volume.tokens.items.is_empty() || !volume.tokens.complete {
        return;
    }
    let wanted = below(path, at).unwrap_or_else(|| path.to_owned());
    let is_there = |it: &ProjectedToken| it.path.string().is_none_or(|path| path.trim_start_matches('/') == wanted);
    if volume.tokens.iter().any(is_there) {
        return;
    }
    let found = findings.at(text.span(), format!("the volume mounted there has no token `{wanted}`"));
    found.why("the container finds no token here");
    for name in volume.tokens.iter().flat_map(|it| it.path.known()) {
        found.label(name.span(), "this is what the token is called");
    }
}
