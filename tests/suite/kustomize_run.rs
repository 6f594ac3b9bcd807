//! Kustomizations through the program: what is read of them, and what baselines make of several builds.

use crate::baseline::check;
use crate::cli::Folder;
use crate::context::{role, service_account};

const BASELINE: &str = "ekslint-baseline.json";

/// Two overlays with the same slip in one base: that of one of them is not that of the other.
#[test]
fn overlays_are_told_apart() {
    let folder = Folder::new();
    let overlay = |namespace: &str| format!("namespace: {namespace}\nresources: [../base]\n");
    folder
        .file("iam.yaml", role("222233334444", "app"))
        .file("base/sa.yaml", service_account("222233334444", "app"))
        .file("base/kustomization.yaml", "resources: [sa.yaml]\n");
    folder.file("a/kustomization.yaml", overlay("shop")).file("z/kustomization.yaml", overlay("wrong-z"));
    assert_eq!(folder.run(["baseline"]).code, Some(0));
    folder.file("a/kustomization.yaml", overlay("wrong-a"));
    let (code, found) = check(&folder, &["--baseline", BASELINE]);
    assert_eq!((code, found.len()), (Some(1), 1), "{found:?}");
    assert!(found[0].contains("wrong-a/app"), "{found:?}");
}

/// The mappings that a generator takes from a file hold nothing that a file could be recognised by, and are read all the same.
#[test]
fn files_of_generators_are_read() {
    let folder = Folder::new();
    let generator = "generatorOptions: {disableNameSuffixHash: true}
configMapGenerator:
- name: aws-auth
  namespace: kube-system
  files: [mapRoles=roles.txt]
";
    let roles =
        |role: &str| format!("- rolearn: arn:aws:iam::222233334444:role/{role}\n  username: dev\n  groups: [dev]\n");
    folder.file("kustomization.yaml", generator).file("roles.txt", roles("team/dev"));
    let (code, found) = check(&folder, &["."]);
    assert_eq!((code, found.len()), (Some(1), 1), "{found:?}");
    assert!(found[0].starts_with("roles.txt:1:") && found[0].contains("aws-auth/role-path"), "{found:?}");
    folder.file("roles.txt", roles("dev"));
    assert_eq!(check(&folder, &["."]), (Some(0), vec![]));
}
