
/// What files say is heeded, shown, and not heeded, as the options have it.
#[test]
fn options_are_followed() {
    let folder = Folder::new();
    let text = BROKEN.replace("role/team/dev", "role/team/dev # ekslint: ignore[aws-auth/role-path] until=2026-06-30 moved");
    folder.file("a.yaml", &text);
    let run = |args: &[&str], epoch: &str| {
        let output = folder.command([&["check"], args].concat()).env("SOURCE_DATE_EPOCH", epoch).output().unwrap();
        crate::cli::Run::from(output)
    };
    let (before, after) = ("1780000000", "1790000000");
    let quiet = run(&["."], before);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (Some(0), ""), "{quiet:?}");
    assert!(quiet.stderr.contains("1 suppressed, show with --show-suppressed"), "{quiet:?}");
    let shown = run(&[".", "--show-suppressed"], before);
    assert_eq!(shown.code, Some(0), "what is shown does not count: {shown:?}");
    assert!(shown.stdout.starts_with("suppressed error[aws-auth/role-path]: "), "{shown:?}");
    assert!(shown.stdout.ends_with("  suppressed: moved\n"), "{shown:?}");
    let concise = run(&[".", "--show-suppressed", "--output-format", "concise"], before).stdout;
    assert!(concise.starts_with("a.yaml:8:") && concise.ends_with(" (moved)\n"), "{concise}");
    let all = run(&[".", "--no-ignores", "--output-format", "concise"], before);
    assert_eq!((all.code, all.stdout.lines().count()), (Some(1), 1), "{all:?}");
    let over = run(&[".", "--output-format", "concise"], after);
    assert!(over.stdout.contains("suppression/expired") && over.stdout.contains("aws-auth/role-path"), "{over:?}");
    let json: serde_json::Value =
        serde_json::from_str(&run(&[".", "--show-suppressed", "--output-format", "json"], before).stdout).unwrap();
    assert_eq!((&json["summary"]["errors"], &json["summary"]["suppressed"]), (&0.into(), &1.into()));
    assert_eq!(json["suppressed"][0]["reason"], "moved");
    let sarif = |args: &[&str]| -> serde_json::Value {
        serde_json::from_str(&run(&[args, &["--output-format", "sarif"]].concat(), before).stdout).unwrap()
    };
    let wanted = serde_json::json!([{"kind": "inSource", "justification": "moved"}]);
    assert_eq!(sarif(&[".", "--show-suppressed"])["runs"][0]["results"][0]["suppressions"], wanted);
    assert_eq!(sarif(&["."])["runs"][0]["results"], serde_json::json!([]));
    let wrong = run(&["."], "yesterday");
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.starts_with("ekslint: SOURCE_DATE_EPOCH is `yesterday`"), "{wrong:?}");
}

/// An unused suppression may be for what only other files show.
#[test]
fn of_single_files_unused_suppressions_are_notes() {
    let folder = Folder::new();
    folder.file("a.yaml", ACCOUNT.replace("role/app", "role/app # ekslint: ignore[irsa/trust-mismatch]").replace(":iam:role", ":iam::222233334444:role"));
    let of_folder = folder.run(["check", ".", "--output-format", "concise"]);
    assert!(of_folder.stdout.contains("warning[suppression/unused]"), "{of_folder:?}");
    let of_file = folder.run(["check", "a.yaml", "--output-format", "concise", "--level", "note"]);
    assert!(of_file.stdout.contains("note[suppression/unused]"), "{of_file:?}");
    assert_eq!(of_file.code, Some(0), "{of_file:?}");
}

#[test]
fn add_ignore_writes_what_was_given_and_nothing_else() {
    let folder = Folder::new();
    let json = "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"eks:*\", \"Resource\": \"*\", \"Resouce\": \"*\"}]}";
    folder.file("a.yaml", BROKEN).file("b.yaml", BROKEN).file("policy.json", json);
    let added = folder.run(["check", "a.yaml", "--add-ignore=the role moves soon"]);
    assert_eq!((added.code, added.stdout.as_str()), (Some(0), ""), "{added:?}");
    assert!(added.stderr.contains("suppressed now by directives in 1 file"), "{added:?}");
    let text = fs::read_to_string(folder.0.join("a.yaml")).unwrap();
    assert!(text.contains("role/team/dev # ekslint: ignore[aws-auth/role-path] the role moves soon\n"), "{text}");
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN, "it was not given");
    let again = folder.run(["check", "a.yaml", "--add-ignore"]);
    assert_eq!((again.code, fs::read_to_string(folder.0.join("a.yaml")).unwrap()), (Some(0), text), "nothing is left to do");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3, "nothing is left beside the files");
    let stdin = folder.run_with(&["check", "-", "--add-ignore", "--stdin-filename", "b.yaml"], BROKEN.as_bytes());
    assert!(stdin.code == Some(1) && stdin.stderr.contains("standard input cannot be written to"), "{stdin:?}");
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN);
    let policy = folder.run(["check", "policy.json", "--add-ignore", "--level", "note", "--fail-on", "note"]);
    assert!(policy.code == Some(1) && policy.stderr.contains("is not suppressed: JSON has no comments"), "{policy:?}");
    for wrong in ["--add-ignore=a\nb", "--add-ignore=until=soon", "--add-ignore=# ekslint: ignore[x]"] {
        assert_eq!(folder.run(["check", "b.yaml", wrong]).code, Some(2), "{wrong:?}");
    }
    assert_eq!(fs::read_to_string(folder.0.join("b.yaml")).unwrap(), BROKEN);
}

#[cfg(unix)]
#[test]
fn add_ignore_keeps_permissions_and_follows_no_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let outside = Folder::new();
    outside.file("x.yaml", BROKEN);
    folder.file("a.yaml", BROKEN);
    fs::set_permissions(folder.0.join("a.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink(outside.0.join("x.yaml"), folder.0.join("link.yaml")).unwrap();
    let run = folder.run(["check", "a.yaml", "link.yaml", "--add-ignore"]);
    assert!(run.code == Some(1) && run.stderr.contains("it is reached through a link"), "{run:?}");
    assert_eq!(fs::read_to_string(outside.0.join("x.yaml")).unwrap(), BROKEN);
    assert!(fs::symlink_metadata(folder.0.join("link.yaml")).unwrap().is_symlink());
    let mode = fs::metadata(folder.0.join("a.yaml")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o640);
    assert!(fs::read_to_string(folder.0.join("a.yaml")).unwrap().contains("# ekslint: ignore["));
}
