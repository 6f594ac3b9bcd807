//! The command line as types.

use clap::{Parser, Subcommand};

use super::{baseline, config, list, options};

/// A linter for the identity wiring of Amazon EKS clusters: who may become whom
///
/// Reads CloudFormation templates, Kubernetes manifests and IAM policies, as YAML or JSON. Nothing is executed, and
/// nothing leaves the machine.
#[derive(Parser)]
#[command(name = "ekslint", version, max_term_width = 100, before_help = FIRST, after_help = EXAMPLES)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const FIRST: &str = "Start with:  ekslint check          this folder and all below it";

const EXAMPLES: &str = "\
Examples:
  ekslint check infra k8s/aws-auth.yaml          a folder and a file
  helm template . | ekslint check -              standard input
  ekslint explain aws-auth/role-path             what a rule is for
  ekslint explain --error \"ARN is not mapped\"    which rules speak of an error";

#[derive(Subcommand)]
pub enum Command {
    /// Look for mistakes in files and folders
    Check(options::Check),
    /// Write down what is found today, to hear only of what is new
    Baseline(baseline::Write),
    /// Show the configuration, or its schema
    #[command(before_help = "Start with:  ekslint config show     what holds here, and where it came from")]
    Config {
        #[command(subcommand)]
        command: config::Command,
    },
    /// List all rules
    #[command(before_help = "Start with:  ekslint rules | less")]
    Rules {
        /// How to write the list
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = list::Format::Text)]
        output_format: list::Format,
    },
    /// Say what a rule is for, with examples
    #[command(before_help = "Start with:  ekslint explain aws-auth/role-path")]
    Explain {
        /// The rule, as it stands in brackets in a finding: aws-auth/role-path; or an area
        #[arg(conflicts_with = "error")]
        rule: Option<String>,

        /// Find the rules whose pages speak of an error that you saw
        #[arg(long, value_name = "TEXT")]
        error: Option<String>,
    },
    /// Print a script by which a shell completes all there is to type
    #[command(before_help = "Start with:  source <(ekslint completions bash)", after_help = COMPLETIONS)]
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, of ekslint or of one command
    #[command(before_help = "Start with:  ekslint man check | man -l -", after_help = MAN)]
    Man {
        /// The command: check
        command: Vec<String>,
    },
}

const COMPLETIONS: &str = "\
Where it goes:
  bash        ekslint completions bash > ~/.local/share/bash-completion/completions/ekslint
  zsh         ekslint completions zsh > ~/.zfunc/_ekslint      (~/.zfunc has to be in $fpath)
  fish        ekslint completions fish > ~/.config/fish/completions/ekslint.fish
  elvish      ekslint completions elvish >> ~/.config/elvish/rc.elv
  powershell  ekslint completions powershell >> $PROFILE";

const MAN: &str = "\
Examples:
  ekslint man check > ~/.local/share/man/man1/ekslint-check.1";
