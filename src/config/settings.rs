//! The keys of the configuration: what can be written, what it means, and what holds where nothing is written.

use crate::collections::{HashMap, HashSet};
use crate::field::Spanned;
use crate::iam::partition_of_region;
use crate::selector::Selector;

use super::read::{Reader, table};
use super::values::{
    AccountId, AuthenticationMode, FailOn, FilePath, LevelName, Levels, Name, Namespace, PagesUrl, PartitionId,
    Patterns, Region, Requirement, Version,
};

table! {
    /// The configuration of ekslint.
    Settings requires [] {
        /// The versions of ekslint that take this configuration: comparisons with `>=`, `>`, `<=`, `<` and `=`, with
        /// commas between them. Another version stops with an error.
        required_version: Requirement = "required-version";
        /// The rules that run: ids, areas, or `all`.
        select: Vec<Spanned<Selector>> = "select", default "[\"all\"]";
        /// The rules that do not run. The closer name wins: `select` with an id brings back a rule of an area that is
        /// ignored.
        ignore: Vec<Spanned<Selector>> = "ignore", default "[]";
        /// Rules, by id or area, and the level that their findings get: `error`, `warning`, `note`, or `off`. Where ekslint
        /// is unsure, a likely finding is at most a warning, and a possible one at most a note.
        levels: Levels = "levels", default "{}";
        /// The least level that is shown. Where it is not written, `warning`, or that of `fail-on` if it is less.
        level: LevelName = "level";
        /// The least level that makes the exit code 1; `never` for none.
        fail_on: FailOn = "fail-on", default "\"warning\"";
        /// Files and folders that are not read when they are come across, as patterns of `.gitignore`.
        exclude: Patterns = "exclude", default "[]";
        /// A baseline: findings that are held back because they were there when it was written. Relative to the folder
        /// of the configuration.
        baseline: FilePath = "baseline";
        /// The namespace of Kubernetes objects that name none: the one that whoever applies them is in.
        default_namespace: Namespace = "default-namespace";
        /// Where the pages of the rules are hosted: findings link `rules/AREA/NAME.html` below it. Where it is not written,
        /// reports have no links.
        docs_url: PagesUrl = "docs-url";
        /// Placeholders that something fills in before the files are deployed, as findings name them. `common/placeholder`
        /// does not report them.
        filled_placeholders: Vec<Spanned<Name>> = "filled-placeholders", default "[]";
        /// Other rules and levels for some paths. Where several fit, each changes what those before it left.
        overrides: Vec<Spanned<Override>> = "overrides", default "[]";
        /// What belongs together, where nothing in the files says so: things of two environments are not linked by
        /// their names.
        environments: Vec<Spanned<Environment>> = "environments", default "[]";
        /// The clusters, with what the files do not say of them, and the files that belong to each.
        clusters: Vec<Spanned<Cluster>> = "clusters", default "[]";
    }
}

table! {
    /// Other rules and levels for some paths.
    Override requires ["paths"] {
        /// The files that it is for, as patterns of `.gitignore`.
        paths: Patterns = "paths";
        /// The rules that speak of these files, instead of those selected above.
        select: Vec<Spanned<Selector>> = "select";
        /// Rules that do not speak of these files.
        ignore: Vec<Spanned<Selector>> = "ignore";
        /// Rules, by id or area, and the level that their findings in these files get. Where ekslint is unsure, a likely finding is
        /// at most a warning, and a possible one at most a note.
        levels: Levels = "levels";
    }
}

table! {
    /// Files that belong together.
    Environment requires ["name", "paths"] {
        /// What it is called.
        name: Name = "name";
        /// The files that belong to it, as patterns of `.gitignore`.
        paths: Patterns = "paths";
        /// The account that the files are deployed to.
        account: AccountId = "account";
        /// The region that the files are deployed to.
        region: Region = "region";
        /// The partition that the files are deployed to; that of `region` where it is not written.
        partition: PartitionId = "partition";
        /// The namespace of its Kubernetes objects that name none.
        default_namespace: Namespace = "default-namespace";
    }
}

table! {
    /// A cluster, and what belongs to it.
    Cluster requires ["name"] {
        /// The name of the cluster, as AWS knows it.
        name: Name = "name";
        /// The files that belong to it, as patterns of `.gitignore`: its `aws-auth`, its access entries, what runs on it.
        /// Where it is not written, all files that no other cluster claims.
        paths: Patterns = "paths";
        /// The account that the cluster is in.
        account: AccountId = "account";
        /// The region that the cluster is in.
        region: Region = "region";
        /// The partition that the cluster is in; that of `region` where it is not written.
        partition: PartitionId = "partition";
        /// The mode of a cluster whose template is not in the files, or does not show it.
        authentication_mode: AuthenticationMode = "authentication-mode";
        /// The version of Kubernetes of a cluster whose template is not in the files, or does not show it.
        version: Version = "version";
        /// The namespace of its Kubernetes objects that name none.
        default_namespace: Namespace = "default-namespace";
    }
}

impl Settings {
    /// Says what cannot be so together.
    pub fn check(&self, reader: &mut Reader) {
        let clusters = self.clusters.iter().flat_map(|it| &it.value);
        // Two accounts or regions may have clusters of one name; then their files tell them apart.
        let mut seen: HashMap<&str, bool> = HashMap::default();
        for cluster in clusters.clone().map(|it| &it.value) {
            let Some(name) = &cluster.name else { continue };
            let has_paths = cluster.paths.is_some();
            let all_have_paths = seen.entry(&name.value.0).and_modify(|all| {
                *all &= has_paths;
                if !*all {
                    let message = format!("a second cluster `{}`: give both `paths` to tell them apart", name.value.0);
                    reader.errors.push((name.span, message));
                }
            });
            all_have_paths.or_insert(has_paths);
        }
        let environments = self.environments.iter().flat_map(|it| &it.value);
        let mut seen: HashSet<&str> = HashSet::default();
        for name in environments.clone().filter_map(|it| it.value.name.as_ref()) {
            if !seen.insert(&name.value.0) {
                let message = format!("a second environment `{}`: put the `paths` of both into one", name.value.0);
                reader.errors.push((name.span, message));
            }
        }
        let places = clusters.map(|it| (&it.value.region, &it.value.partition));
        for (region, partition) in places.chain(environments.map(|it| (&it.value.region, &it.value.partition))) {
            let (Some(region), Some(partition)) = (region, partition) else { continue };
            let right = partition_of_region(&region.value.0).map_or("", |it| it.id);
            if right != partition.value.0 {
                let message = format!("the region `{}` is in the partition `{right}`", region.value.0);
                reader.errors.push((partition.span, message));
            }
        }
    }
}
