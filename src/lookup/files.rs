//! Which files may fill a placeholder in, by their names: scripts, build files, pipelines, documents for people.

use std::sync::LazyLock;

use crate::collections::HashSet;

/// How a file is searched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// A mention counts: the file is a script, or tells people what to replace.
    Mentions,
    /// A command that replaces it counts. Other YAML and JSON mostly holds the same placeholder once more.
    Replaces,
    /// A mention counts if the file begins with `#!`: its name does not say what it is.
    MentionsIfScript,
}

/// Extensions of scripts, programs, templates, settings and documents.
const EXTENSIONS: &str = "
    sh bash zsh ksh fish bats ps1 psm1 psd1 bat cmd py rb pl pm php lua tcl js mjs cjs jsx ts mts cts tsx go rs
    java kt kts groovy gradle scala sc cs csx fs fsx swift dart ex exs clj hs r awk sed tf tfvars tofu hcl tftpl
    tpl tmpl gotmpl j2 jinja jinja2 erb ejs mustache hbs cue jsonnet libsonnet star bzl bazel dhall pkl nix mk mak
    just dockerfile containerfile env envrc properties ini cfg conf toml md mdx markdown rst adoc asciidoc org txt
    ipynb pp jenkinsfile
";

/// Files that build or deploy, whatever their extension; lowercase.
const NAMES: &str = "
    makefile gnumakefile bsdmakefile taskfile justfile jenkinsfile dockerfile containerfile tiltfile rakefile
    gemfile vagrantfile earthfile procfile snakefile fastfile helmfile skaffold buildspec appspec
    cloudbuild azure-pipelines bitbucket-pipelines package.json composer.json devbox.json cdk.json codefresh
    garden okteto devspace werf compose docker-compose appveyor wercker screwdriver magefile noxfile .gitlab-ci
    .travis .drone .cirrus .woodpecker .appveyor .pre-commit-config .env .envrc .justfile .buildkite .semaphore
    codemagic lefthook mise process-compose
";

/// Documents and build files, unless their extension says that they are data; lowercase.
const OTHERS: &[&str] = &["readme", "install", "contributing", "usage", "build", "workspace"];

/// Folders of pipelines: all in them is read as a script is.
const FOLDERS: &str = "
    .github .gitlab .gitea .forgejo .circleci .azuredevops .azure-pipelines .azure .buildkite .woodpecker
    .semaphore .tekton .harness .teamcity .drone .ci ci pipelines .pipelines azure-pipelines .jenkins jenkins
    .devcontainer .codebuild .gcb .cloudbuild buildspecs .argo-ci .concourse concourse
";

/// Whether a file may fill something in, and how it is searched. `path` is relative to what is searched, with `/` between its
/// parts.
pub fn reading(path: &str) -> Option<Reading> {
    let lowercase = path.to_ascii_lowercase();
    let (folders, name) = lowercase.rsplit_once('/').unwrap_or(("", &lowercase));
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    };
    let is_data = matches!(extension, "yaml" | "yml" | "json" | "template");
    // `Dockerfile.dev`, `buildspec-prod.yml`, `.env.production`, `docker-compose.override.yml`.
    let begins_with = |known: &str| {
        let rest = name.strip_prefix(known);
        rest.is_some_and(|it| it.is_empty() || it.starts_with(['.', '-', '_']))
    };
    // Every file of a repository is asked.
    static OF_PIPELINES: LazyLock<HashSet<&str>> = LazyLock::new(|| FOLDERS.split_whitespace().collect());
    static NAMED: LazyLock<Vec<&str>> = LazyLock::new(|| NAMES.split_whitespace().collect());
    static OF_SCRIPTS: LazyLock<HashSet<&str>> = LazyLock::new(|| EXTENSIONS.split_whitespace().collect());
    let is_pipeline = folders.split('/').any(|it| OF_PIPELINES.contains(it));
    let is_meant = is_pipeline && (is_data || extension.is_empty())
        || NAMED.iter().any(|it| begins_with(it))
        || stem.ends_with("buildspec") && is_data
        || !is_data && (OF_SCRIPTS.contains(extension) || OTHERS.contains(&stem))
        || extension.is_empty() && name.ends_with("file");
    match (is_meant, is_data, extension) {
        (true, _, _) => Some(Reading::Mentions),
        (_, true, _) => Some(Reading::Replaces),
        // `bin/deploy`.
        (_, _, "") => Some(Reading::MentionsIfScript),
        _ => None,
    }
}

/// Folders of other people's code, and those of version control.
pub fn is_skipped_folder(name: &str) -> bool {
    [
        ".git",
        ".hg",
        ".svn",
        ".jj",
        "node_modules",
        ".terraform",
        ".terragrunt-cache",
        ".venv",
        "venv",
        "__pycache__",
        ".tox",
    ]
    .contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_by_their_names() {
        for path in [
            "deploy.sh",
            "scripts/Install.PS1",
            "Makefile",
            "build/Makefile.prod",
            "taskfile.yml",
            "Taskfile.dist.yaml",
            "justfile",
            ".justfile",
            "buildspec.yaml",
            "buildspec-prod.yml",
            "app-buildspec.yml",
            "Dockerfile",
            "Dockerfile.dev",
            "api.Dockerfile",
            ".github/workflows/deploy.yml",
            ".github/actions/render/action.yml",
            ".gitlab-ci.yml",
            ".gitlab/deploy.yaml",
            ".circleci/config.yml",
            "azure-pipelines.yml",
            "azure-pipelines-prod.yml",
            "Jenkinsfile",
            "Jenkinsfile.release",
            "cloudbuild.yaml",
            "cloudbuild-dev.yaml",
            "README",
            "README.md",
            "docs/setup.markdown",
            "Tiltfile",
            ".env",
            ".env.example",
            "prod.env",
            "main.tf",
            "templates/sa.yaml.tpl",
            "package.json",
            "bitbucket-pipelines.yml",
            "Rakefile",
            "Brewfile",
            "skaffold.yaml",
        ] {
            assert_eq!(reading(path), Some(Reading::Mentions), "{path}");
        }
        for path in [
            "k8s/sa.yaml",
            "install.yaml",
            "stack.template",
            "values.json",
            "ansible/roles/app/main.yml",
            "tsconfig.json",
            // What a kustomization sets is known by what it says, not by the words in it.
            "overlays/dev/kustomization.yaml",
            "kustomization.yml",
        ] {
            assert_eq!(reading(path), Some(Reading::Replaces), "{path}");
        }
        for path in ["bin/deploy", "LICENSE", ".gitignore"] {
            assert_eq!(reading(path), Some(Reading::MentionsIfScript), "{path}");
        }
        for path in ["logo.png", "a.zip", "Cargo.lock", "x.pem"] {
            assert_eq!(reading(path), None, "{path}");
        }
    }
}
