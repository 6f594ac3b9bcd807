//! Which files belong together: a repository with two environments that use the same names.

use std::fs;
use std::path::Path;

use ekslint::Analysis;
use ekslint::diagnostic::{Diagnostic, Level};
use ekslint::source::Source;

/// The files of `testdata/environments`, with a change made to one of them.
fn files(change: impl Fn(&str, String) -> Option<String>) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/environments");
    let mut sources = Vec::new();
    for environment in ["dev", "prod"] {
        for file in crate::registry::files(&root.join(environment)) {
            let path = format!("{environment}/{}", file.file_name().unwrap().to_str().unwrap());
            if let Some(text) = change(&path, fs::read_to_string(file).unwrap()) {
                sources.push(Source::new(path, text));
            }
        }
    }
    sources
}

fn found(sources: Vec<Source>) -> Vec<Diagnostic> {
    let all = ekslint::lint(&Analysis::of(sources).snapshot(&()));
    all.into_iter().filter(|it| it.level > Level::Note).collect()
}

#[test]
fn equal_names_in_two_environments_are_two_things() {
    assert_eq!(found(files(|_, text| Some(text))), []);
}

#[test]
fn the_account_tells_roles_of_one_name_apart() {
    let wrong = found(files(|path, text| {
        Some(if path == "dev/serviceaccount.yaml" { text.replace("name: app-dev", "name: app") } else { text })
    }));
    let [only] = wrong.as_slice() else { panic!("{wrong:?}") };
    assert_eq!((only.rule, only.span.file.number()), ("irsa/trust-mismatch", 2), "{only:?}");
    assert!(
        only.labels.iter().any(|it| it.span.file.number() == 1),
        "the role of dev is shown, not that of prod: {only:?}"
    );
}

#[test]
fn without_accounts_nothing_is_said_of_roles_of_one_name() {
    let wrong = found(files(|path, text| {
        let text = text.replace("arn:aws:iam::333344445555:oidc-provider", "arn:aws:iam::${Account}:oidc-provider");
        let text = text.replace("arn:aws:iam::222233334444:oidc-provider", "arn:aws:iam::${Account}:oidc-provider");
        Some(if path == "dev/serviceaccount.yaml" { text.replace("name: app-dev", "name: app") } else { text })
    }));
    assert!(wrong.iter().all(|it| it.rule != "irsa/trust-mismatch"), "{wrong:?}");
}

#[test]
fn a_role_of_another_account_is_another_role() {
    let wrong = found(files(|path, text| match path {
        "prod/role.yaml" => None,
        "prod/serviceaccount.yaml" => Some(text.replace("app-prod", "other")),
        _ => Some(text),
    }));
    assert_eq!(wrong, [], "the only role of that name is in another account");
}
