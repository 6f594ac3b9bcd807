//! What `ekslint completions` and `ekslint man` print knows every command and every option.

use std::process::Command;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

fn ekslint(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ekslint")).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The first words of the indented lines below the heading `Commands:`.
fn commands() -> Vec<String> {
    let help = ekslint(&["--help"]);
    let part = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    part.lines().filter_map(|it| it.split_whitespace().next()).map(str::to_owned).collect()
}

/// The long options that the help of a command lists.
fn options(command: &str) -> Vec<String> {
    let help = ekslint(&[command, "--help"]);
    let lines = help.lines().map(str::trim_start).filter(|it| it.starts_with('-'));
    let long = lines.filter_map(|it| it.split_once("--"));
    long.map(|(_, it)| it.split(|c: char| c != '-' && !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
}

#[test]
fn completions_know_all_there_is() {
    let commands = commands();
    assert!(commands.len() >= 5 && options("check").len() >= 8, "the help is not read rightly: {commands:?}");
    for shell in SHELLS {
        let script = ekslint(&["completions", shell]);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{shell} does not complete {command}");
            for option in options(command) {
                // fish writes the name without its dashes.
                assert!(script.contains(&option), "{shell} does not complete {command} --{option}");
            }
        }
        // The others complete no values that stand alone.
        if shell == "bash" || shell == "zsh" {
            for rule in ekslint::rules::RULES {
                assert!(script.contains(rule.id), "{shell} does not complete {}", rule.id);
            }
        }
    }
}

/// The script does in a shell what it is for.
#[test]
fn bash_completes() {
    let table = [
        ("ekslint ch", "check", "a command"),
        ("ekslint check --output-form", "--output-format", "an option"),
        ("ekslint check --fail-on n", "never note", "the values of an option"),
        ("ekslint explain aws-auth/role-p", "aws-auth/role-path", "a rule"),
        ("ekslint check --select aws-auth/role-p", "aws-auth/role-path", "a rule to run"),
        ("ekslint check --ignore comm", "common common/placeholder common/value-type", "an area, too"),
        ("ekslint check --output-format json", "json json-lines", "a format"),
    ];
    let script = ekslint(&["completions", "bash"]);
    for (line, wanted, what) in table {
        let test = "IFS=' ' read -ra COMP_WORDS <<< \"$1\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ekslint ekslint \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"
            printf '%s\\n' \"${COMPREPLY[@]}\" | sort | paste -sd ' '";
        let output = Command::new("bash").args(["-c", &format!("{script}\n{test}"), "bash", line]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), wanted, "{what}: {output:?}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let program = ekslint(&["man"]);
    assert!(program.contains(".TH ekslint 1"), "{program}");
    for command in commands() {
        // In roff a dash that is not to be turned into another one has a backslash.
        assert!(program.contains(&format!("ekslint\\-{command}(1)")), "the page of ekslint does not name {command}");
        let page = ekslint(&["man", &command]);
        assert!(page.contains(&format!(".TH ekslint-{command} 1")), "{page}");
        for option in options(&command) {
            assert!(page.contains(&option.replace('-', "\\-")), "the page of {command} has no --{option}");
        }
    }
}
