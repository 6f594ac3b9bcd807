//! Help fits a screen, and begins with what to do first.

use crate::cli::Folder;

const COMMANDS: [&[&str]; 10] = [
    &[],
    &["check"],
    &["baseline"],
    &["config"],
    &["config", "show"],
    &["config", "schema"],
    &["rules"],
    &["explain"],
    &["completions"],
    &["man"],
];

/// The help of a command on a terminal of some width.
fn help(command: &[&str], option: &str, columns: usize) -> String {
    let folder = Folder::new();
    let mut program = folder.command([command, &[option]].concat());
    let output = program.env("COLUMNS", columns.to_string()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_fits_a_screen_and_says_what_to_do_first() {
    for command in COMMANDS {
        // `check` has more options than such a terminal has lines.
        let most = if command == ["check"] { 54 } else { 24 };
        for (option, columns, most) in [("-h", 80, 24), ("--help", 100, most)] {
            let help = help(command, option, columns);
            let lines: Vec<_> = help.lines().collect();
            assert!(lines.len() <= most, "{command:?} {option}: {} lines, of {most}\n{help}", lines.len());
            assert!(lines.iter().all(|it| it.chars().count() <= columns), "{command:?} {option}: too wide\n{help}");
            assert!(lines[0].starts_with("Start with:  "), "{command:?} {option}: what first?\n{help}");
            assert!(lines[0].contains(&format!("ekslint {}", command.join(" "))), "{command:?} {option}\n{help}");
        }
    }
}

/// `COMMANDS` is all there is.
#[test]
fn every_command_is_looked_at() {
    for command in COMMANDS {
        let help = help(command, "--help", 100);
        let Some(listed) = help.split("Commands:\n").nth(1).and_then(|it| it.split("\n\n").next()) else { continue };
        for name in listed.lines().filter_map(|it| it.split_whitespace().next()) {
            let whole = [command, &[name]].concat();
            assert!(COMMANDS.iter().any(|it| *it == whole), "{whole:?} is not in the table");
        }
    }
}

/// Notes at the end of the manual page stand as they are written.
#[test]
fn notes_are_as_wide_as_a_page() {
    let page = Folder::new().run(["man", "check"]).stdout.replace('\\', "");
    let (_, notes) = page.split_once("Exit code").map(|(before, _)| before.rsplit_once(".SH").unwrap()).unwrap();
    assert!(notes.contains("In folders, files named"), "{notes}");
    assert!(notes.lines().all(|it| it.chars().count() <= 112), "{notes}");
}

/// The long help leaves out no option that the manual page has, and the short one says that there is more.
#[test]
fn the_long_help_has_every_option() {
    let folder = Folder::new();
    let page = folder.run(["man", "check"]).stdout.replace('\\', "");
    let synopsis = page.lines().find(|it| it.starts_with("fBekslint check")).unwrap();
    let named: Vec<&str> = synopsis.split("fB--").skip(1).filter_map(|it| it.split("fR").next()).collect();
    assert!(named.len() > 20, "{synopsis}");
    let (short, long) = (help(&["check"], "-h", 80), help(&["check"], "--help", 100));
    for option in named {
        assert!(long.contains(&format!("--{option}")), "--{option} is not in\n{long}");
    }
    assert!(!short.contains("--stdin-filename") && short.contains("see more with '--help'"), "{short}");
}
