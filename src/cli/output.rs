//! Where reports go: `--output-format FORMAT[=FILE]`, once or several times, and `--output-file`.

use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ekslint::names;
use ekslint::report::full::Style;
use ekslint::report::{self, Run};
use supports_unicode::Stream;

use super::replace;
use super::streams::{Failure, complain, print_with};
use crate::walk;

#[derive(Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// full [default], concise, json, sarif, github, …
    ///
    /// How findings are written; `FORMAT=FILE` writes into a file. It may be given several times. For people:
    /// full (the default), concise, grouped. For programs: json, json-lines, sarif, github, gitlab, junit, checkstyle, rdjson,
    /// azure, markdown.
    #[arg(long, value_name = "FORMAT", value_parser = target)]
    output_format: Vec<Target>,

    /// Write the report into a file, if there is one report only
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    output_file: Option<PathBuf>,

    /// Count the findings of each rule instead
    ///
    /// In the formats full, concise, grouped and json.
    #[arg(long, hide_short_help = true)]
    statistics: bool,

    /// When to use colour
    ///
    /// `auto` heeds NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE and TERM.
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto, hide_short_help = true)]
    color: When,

    /// Characters to draw with
    ///
    /// `auto` takes ASCII on a terminal with TERM=dumb or a locale that is not UTF-8.
    #[arg(long, value_enum, value_name = "SET", default_value_t = Charset::Auto, hide_short_help = true)]
    charset: Charset,

    /// No summary, no progress
    #[arg(short, long, hide_short_help = true)]
    pub quiet: bool,

    /// Say on standard error how long each stage took
    ///
    /// And which rules took longest, and how much there was to do.
    #[arg(long, hide_short_help = true)]
    pub profile: bool,
}

/// A format, and the file it goes to; standard output if there is none.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    format: Format,
    file: Option<PathBuf>,
}

impl Target {
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Writes to where it goes.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        self.write_with(|out| out.write_all(text.as_bytes()))
    }

    /// Writes what is made while it is written.
    fn write_with(&self, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), Failure> {
        let Some(path) = &self.file else { return print_with(write) };
        replace::write(path, write).map_err(|it| {
            let shown = path.to_string_lossy();
            Failure(format!("cannot write to {}: {}", report::visible(&shown), walk::reason(&it)))
        })
    }
}

#[derive(Clone, Copy, PartialEq, Debug, ValueEnum)]
enum Format {
    Full,
    Concise,
    Grouped,
    Json,
    JsonLines,
    Sarif,
    Github,
    Gitlab,
    Junit,
    Checkstyle,
    Rdjson,
    Azure,
    Markdown,
}

#[derive(Clone, Copy, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, ValueEnum)]
enum Charset {
    Auto,
    Unicode,
    Ascii,
}

impl Output {
    /// How to draw for people. What does not go to a terminal is UTF-8, like the files that it is about.
    fn style(&self, stream: Option<Stream>) -> Style {
        let terminal = stream.filter(|it| match it {
            Stream::Stdout => io::stdout().is_terminal(),
            Stream::Stderr => io::stderr().is_terminal(),
        });
        let is_dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        let ascii = match self.charset {
            Charset::Unicode => false,
            Charset::Ascii => true,
            Charset::Auto => terminal.is_some_and(|it| is_dumb || !supports_unicode::on(it)),
        };
        Style { color: color(self.color, terminal.is_some()), ascii, width: width(terminal.is_some()) }
    }

    /// How to write the summary. Whatever reads it from a file or a pipe gets one line.
    pub fn summary(&self) -> Style {
        let style = self.style(Some(Stream::Stderr));
        if io::stderr().is_terminal() { style } else { Style { width: usize::MAX, ..style } }
    }

    /// The reports to write. What is wrong with them is said before anything is read.
    pub fn targets(&self) -> Result<Vec<Target>, Failure> {
        let mut targets = self.output_format.clone();
        if targets.is_empty() {
            targets.push(Target { format: Format::Full, file: None });
        }
        if let Some(file) = &self.output_file {
            match targets.as_mut_slice() {
                [Target { file: none @ None, .. }] => *none = Some(file.clone()),
                _ => {
                    let hint = "with several reports, or one that has a file, write --output-format FORMAT=FILE";
                    return Err(Failure(format!("--output-file is for one report: {hint}")));
                }
            }
        }
        let to_stdout: Vec<&str> = targets.iter().filter(|it| it.file.is_none()).map(|it| it.format.name()).collect();
        if let [first, second, ..] = to_stdout.as_slice() {
            let hint = format!("give one of them a file: --output-format {second}=FILE");
            return Err(Failure(format!("two reports for standard output, `{first}` and `{second}`; {hint}")));
        }
        let mut printed = targets.iter().filter(|it| it.file.is_none()).map(|it| it.format);
        if let Some(format) = printed.find(|it| self.statistics && !it.has_statistics()) {
            let name = format.name();
            return Err(Failure(format!("`{name}` has no place for --statistics: write --output-format json")));
        }
        let mut files = HashSet::new();
        if let Some(twice) = targets.iter().filter_map(|it| it.file.as_ref()).find(|it| !files.insert(plain(it))) {
            return Err(Failure(format!("two reports for {}", report::visible(&twice.to_string_lossy()))));
        }
        Ok(targets)
    }

    /// The one list that is written instead of reports.
    pub fn list_target<'t>(&self, targets: &'t [Target]) -> Result<&'t Target, Failure> {
        let wrong = |what: &str| Err(Failure(format!("--show-files {what}")));
        match targets {
            [target @ Target { format: Format::Full | Format::Json, .. }] => Ok(target),
            [Target { format, .. }] => {
                let name = format.name();
                wrong(&format!("finds nothing that could be written as `{name}`: write --output-format json, or none"))
            }
            _ => wrong("writes one list: give one --output-format"),
        }
    }

    /// Writes all reports, and says how many bytes they have. One that cannot be written does not keep the others from it.
    pub fn write(&self, targets: &[Target], run: &Run) -> Result<usize, Failure> {
        let mut failures = Vec::new();
        let mut bytes = 0;
        for target in targets {
            if let Some(written) = self.stream(target, run) {
                match written {
                    Ok(written) => bytes += written,
                    Err(failure) => failures.push(failure.0),
                }
                continue;
            }
            let text = self.render(target, run);
            bytes += text.len();
            failures.extend(target.write(&text).err().map(|it| it.0));
        }
        let silent = targets.iter().map(|it| it.format).filter(|it| !it.has_suppressed());
        let silent: Vec<&str> = silent.map(Format::name).collect();
        if !silent.is_empty() && !run.shown_suppressed().is_empty() {
            let silent = silent.join(", ");
            complain(&format!("suppressed findings are left out of {silent}: their readers would make alarms of them"));
        }
        if failures.is_empty() { Ok(bytes) } else { Err(Failure(failures.join("\n"))) }
    }

    /// Whether a report is of the numbers of findings: what is printed is, what goes into files for programs is not.
    fn counts(&self, target: &Target) -> bool {
        self.statistics && target.file.is_none()
    }

    /// Writes a report while it is made, if it is one that may be very large. Says how many bytes it has.
    fn stream(&self, target: &Target, run: &Run) -> Option<Result<usize, Failure>> {
        let write: fn(&Run, &mut dyn io::Write) -> io::Result<usize> = match target.format {
            Format::Json => report::json::write,
            Format::JsonLines => report::json::write_lines,
            Format::Sarif => report::sarif::write,
            Format::Gitlab => report::gitlab::write,
            Format::Junit => report::junit::write,
            Format::Rdjson => report::rdjson::write,
            _ => return None,
        };
        if self.counts(target) {
            return None;
        }
        let mut bytes = 0;
        let written = target.write_with(|out| {
            bytes = write(run, out)?;
            Ok(())
        });
        Some(written.map(|()| bytes))
    }

    fn render(&self, target: &Target, run: &Run) -> String {
        match target.format {
            Format::Json if self.counts(target) => report::statistics::json(run),
            _ if self.counts(target) => report::statistics::render(run),
            Format::Full => {
                let style = self.style(target.file.is_none().then_some(Stream::Stdout));
                let suppressed = report::full::suppressed(run.inventory, run.shown_suppressed(), style);
                let gap = if run.shown.is_empty() { "\n" } else { "" };
                let findings = report::full::findings(run.inventory, run.shown, style);
                findings + suppressed.strip_prefix(gap).unwrap_or(&suppressed)
            }
            Format::Concise => report::concise::render(run),
            Format::Grouped => report::grouped::render(run),
            Format::Json => report::json::render(run),
            Format::JsonLines => report::json::render_lines(run),
            Format::Sarif => report::sarif::render(run),
            Format::Github => report::github::render(run),
            Format::Gitlab => report::gitlab::render(run),
            Format::Junit => report::junit::render(run),
            Format::Checkstyle => report::checkstyle::render(run),
            Format::Rdjson => report::rdjson::render(run),
            Format::Azure => report::azure::render(run),
            Format::Markdown => report::markdown::render(run),
        }
    }
}

/// Whether somebody reads along who wants a summary: at a report for people, or if all reports go into files.
pub fn wants_summary(targets: &[Target]) -> bool {
    let mut printed = targets.iter().filter(|it| it.file.is_none()).map(|it| it.format);
    printed.all(|it| matches!(it, Format::Full | Format::Grouped))
}

/// The folder that the program runs in, with `/` at its end.
pub fn root() -> String {
    let here = std::env::current_dir().unwrap_or_default();
    format!("{}/", here.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/").trim_end_matches('/'))
}

impl Format {
    fn has_statistics(self) -> bool {
        matches!(self, Self::Full | Self::Concise | Self::Grouped | Self::Json)
    }

    /// Whether who reads the format can tell suppressed findings from others.
    fn has_suppressed(self) -> bool {
        !matches!(self, Self::Github | Self::Gitlab | Self::Checkstyle | Self::Rdjson | Self::Azure)
    }

    /// As it is written on the command line.
    fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Grouped => "grouped",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Rdjson => "rdjson",
            Self::Azure => "azure",
            Self::Markdown => "markdown",
        }
    }
}

/// The names of all formats.
pub fn formats() -> impl Iterator<Item = &'static str> {
    Format::value_variants().iter().map(|it| it.name())
}

/// A path by which two spellings of one file are the same, as far as that can be told before the file is there.
fn plain(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (fs::canonicalize(folder), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Reads `FORMAT` or `FORMAT=FILE`.
fn target(text: &str) -> Result<Target, String> {
    let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
    let Some(format) = Format::value_variants().iter().find(|it| it.name() == name) else {
        let hint = names::nearest(name, formats()).map_or_else(
            || format!("there are {}", formats().collect::<Vec<_>>().join(", ")),
            |it| format!("did you mean `{it}`?"),
        );
        return Err(format!("there is no format `{}`; {hint}", report::visible(name)));
    };
    if file == Some("") {
        return Err(format!("which file? write {name}=FILE, or {name} alone for standard output"));
    }
    Ok(Target { format: *format, file: file.map(|it| Path::new(it).to_owned()) })
}

/// Whether to use colour. What the user asked for on the command line wins; then the conventions of the environment,
/// refusal first.
fn color(when: When, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let on = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty() && it != "0");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if on("FORCE_COLOR") || on("CLICOLOR_FORCE") => true,
        When::Auto if std::env::var_os("CLICOLOR").is_some_and(|it| it == "0") => false,
        When::Auto => terminal && std::env::var_os("TERM").is_some_and(|it| it != "dumb"),
    }
}

/// What standard output is, if it is a terminal.
pub struct Terminal {
    /// Columns to wrap text at.
    pub width: usize,
    pub color: bool,
}

/// Nothing if a program reads along.
pub fn terminal() -> Option<Terminal> {
    io::stdout().is_terminal().then(|| Terminal { width: width(true), color: color(When::Auto, true) })
}

/// Columns to wrap text at.
fn width(terminal: bool) -> usize {
    let columns = if terminal { terminal_size::terminal_size().map(|it| usize::from(it.0.0)) } else { None };
    columns.map_or(report::full::PLAIN_WIDTH, |it| it.clamp(40, 160))
}
