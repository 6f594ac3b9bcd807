//! Finding the configuration and reading it, and `ekslint config`.
//!
//! One configuration holds for a run: facts are linked across all its files. It is the nearest one above the deepest
//! folder that holds all that is linted, wherever the user stands, and no further up than the root of that repository.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use ekslint::Analysis;
use ekslint::config::{self, ConfigError, Configuration, Origin};
use ekslint::report::visible;
use ekslint::source::{self, Source};

use super::streams::{Failure, print};
use crate::walk::inside::{self, Stopped};
use crate::walk::{self, Request, Walk, is_stdin};

/// Why a run could not find anything, whatever the files hold.
pub const NO_RULE: &str = "no rule can report: `select`, `ignore` and `levels` turn all of them off; \
    `ekslint config show` says where each is set";

/// Why no rule can report anything in the folders that were named, although files were read there: the overrides say so. Files
/// that were named one by one do not count, because hooks name those that a commit changes.
pub fn silenced(analysis: &Analysis, request: &Request, walked: &Walk) -> Option<String> {
    let is_of_folders = request.listed.is_empty() && request.paths.iter().all(|it| !is_stdin(it) && it.is_dir());
    let files = walked.walked.iter().flat_map(|it| &it.inputs).map(PathBuf::as_path);
    let place = analysis.selection().silenced_by(files).filter(|_| is_of_folders)?;
    let paths: Vec<String> = request.paths.iter().map(|it| visible(&it.to_string_lossy()).into_owned()).collect();
    Some(format!(
        "no rule can report in {}: the override at {} turns all of them off for every file that was read; `exclude` is for files \
         that are not to be linted",
        paths.join(", "),
        visible(place)
    ))
}

/// What the file is called. Two of them in one folder are an error.
const NAMES: [&str; 3] = ["ekslint.toml", ".ekslint.toml", ".config/ekslint.toml"];

/// Bytes that a configuration may have.
const LIMIT: u64 = 1 << 20;

/// What is said of a link out of the repository, whatever is there.
const LINK_OUT: &str = "a symbolic link that leads to no file in the repository, so it is not followed";
const LINK_INTO_GIT: &str = "a symbolic link that leads into `.git`, so it is not followed";

/// Options that say what the configuration says too.
#[derive(Args, Default)]
#[command(next_help_heading = "Rules")]
pub struct Options {
    /// Run only these rules: ids, areas, `all`
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,

    /// Leave out these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Least level that is shown [default: warning]
    ///
    /// Where nothing is said and --fail-on is less, it is that.
    #[arg(long, value_name = "LEVEL", value_parser = ["note", "warning", "error"])]
    level: Option<String>,

    /// Least level that exits with 1 [default: warning]
    #[arg(long, value_name = "LEVEL", value_parser = ["note", "warning", "error", "never"])]
    fail_on: Option<String>,

    /// A configuration file, or one setting: `--config fail-on=error`
    #[arg(long, value_name = "FILE|K=V", hide_short_help = true)]
    config: Vec<String>,

    /// Read no configuration file
    #[arg(long, hide_short_help = true)]
    isolated: bool,

    /// Leave out what fits a pattern of .gitignore
    ///
    /// Files and folders, besides those that the configuration leaves out. It may be given several times.
    #[arg(long, value_name = "PATTERN", help_heading = "Files")]
    exclude: Vec<String>,
}

/// What `ekslint config` can do.
#[derive(Subcommand)]
pub enum Command {
    /// Show the value of each key, and where it came from
    #[command(before_help = "Start with:  ekslint config show          what holds in this folder")]
    Show {
        /// Files and folders, as for `check`
        #[arg(default_value = ".")]
        paths: Vec<PathBuf>,

        #[command(flatten)]
        options: Options,
    },
    /// Print the JSON Schema of the file
    #[command(before_help = "Start with:  ekslint config schema > ekslint.schema.json")]
    Schema,
}

/// Does what `ekslint config` is asked for.
pub fn run(command: &Command) -> Result<u8, Failure> {
    let text = match command {
        Command::Show { paths, options } => {
            let configuration = load(options, paths, "<stdin>")?;
            let file = configuration.layers().iter().find(|it| it.origin == Origin::File);
            let file = file.map_or("no configuration file", |it| &it.source.path);
            format!("# {}\n{}", visible(file), configuration.show())
        }
        Command::Schema => format!("{:#}\n", config::schema()),
    };
    print(&text)?;
    Ok(0)
}

/// Reads the configuration of a run: defaults, the file, `--config`, and the options with names of their own.
pub fn load(options: &Options, paths: &[PathBuf], stdin_name: &str) -> Result<Configuration, Failure> {
    let here = working_folder()?;
    let (inline, files): (Vec<_>, Vec<_>) = options.config.iter().partition(|it| is_setting(it));
    let mut configuration = Configuration::defaults();
    let mut errors = Vec::new();
    let mut add = |origin, source: Source, base: &Path| {
        if let Err(wrong) = configuration.add(origin, source, base) {
            errors.extend(wrong);
        }
    };
    let found = match files.as_slice() {
        [] if options.isolated => None,
        [] => nearest(&start(&here, paths, stdin_name), &here)?,
        // What was named is relative to where it was named.
        [file] => Some(Found { path: PathBuf::from(file), name: PathBuf::from(file), base: here.clone() }),
        [first, second, ..] => {
            let (first, second) = (visible(first), visible(second));
            return Err(Failure(format!("two configuration files: `{first}` and `{second}`; name one")));
        }
    };
    if options.isolated && !files.is_empty() {
        return Err(Failure("`--isolated` reads no configuration file, and `--config` names one".to_owned()));
    }
    if let Some(Found { path, name, base }) = found {
        add(Origin::File, read(&path, &shown(&name, &here))?, &base);
    }
    for setting in inline {
        add(Origin::Inline, Source::new("--config", in_toml(setting)), &here);
    }
    let list = |key: &str, values: &[String]| {
        (!values.is_empty()).then(|| (key.to_owned(), serde_json::Value::from(values).to_string()))
    };
    let word =
        |key: &str, value: &Option<String>| Some((key.to_owned(), serde_json::Value::from(value.clone()?).to_string()));
    let said = [
        list("select", &options.select),
        list("ignore", &options.ignore),
        list("exclude", &options.exclude),
        word("level", &options.level),
        word("fail-on", &options.fail_on),
    ];
    for (key, value) in said.into_iter().flatten() {
        add(Origin::Option, Source::new(format!("--{key}"), format!("{key} = {value}")), &here);
    }
    if errors.is_empty() { Ok(configuration) } else { Err(failure(&errors)) }
}

/// The working directory, without links.
pub fn working_folder() -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    here.map_err(|it| Failure(format!("cannot tell the working directory: {}", walk::reason(&it))))
}

/// The configuration of the working directory.
pub fn here() -> Result<Configuration, Failure> {
    load(&Options::default(), &[PathBuf::from(".")], "")
}

/// The files that say what the configuration is: those that are read, and those that would be if they were there.
pub fn candidates(options: &Options, paths: &[PathBuf], stdin_name: &str) -> Vec<PathBuf> {
    let named = options.config.iter().filter(|it| !is_setting(it)).map(PathBuf::from);
    let named: Vec<PathBuf> = named.collect();
    if options.isolated || !named.is_empty() {
        return named;
    }
    let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
    let folders = folders(&start(&here, paths, stdin_name));
    folders.iter().flat_map(|folder| NAMES.iter().map(|it| folder.join(it))).collect()
}

/// The baseline that the configuration names, as a path without links. What a file of the repository says leads to no place
/// outside of it; what somebody types may.
pub fn baseline(configuration: &Configuration) -> Result<Option<PathBuf>, Failure> {
    let Some(named) = configuration.baseline() else { return Ok(None) };
    let base = &named.layer.base;
    if named.layer.origin != Origin::File {
        return Ok(Some(base.join(named.path)));
    }
    let why = match inside::within(inside::root(base), base, named.path) {
        Ok(real) => return Ok(Some(real)),
        Err(Stopped::Outside) => format!(
            "`baseline` leads out of the repository ({}); name a file in it, or name this one on the command line: \
             --config baseline=FILE",
            inside::root(base).display()
        ),
        Err(Stopped::Git) => "`baseline` leads into `.git`; name a file beside it".to_owned(),
        Err(Stopped::Failed(error)) => format!("`baseline`: {}", walk::reason(&error)),
    };
    Err(failure(&[named.error(why)]))
}

/// The path without links of a file that nobody named, in the working directory.
pub fn unnamed(name: &str) -> Result<PathBuf, Failure> {
    let here = working_folder()?;
    inside::within(inside::root(&here), &here, Path::new(name)).map_err(|it| match it {
        Stopped::Outside => Failure(format!("{name}: {LINK_OUT}; put a file in its place, or name another one")),
        Stopped::Git => Failure(format!("{name}: {LINK_INTO_GIT}; put a file in its place, or name another one")),
        Stopped::Failed(error) => Failure(format!("{name}: {}", walk::reason(&error))),
    })
}

fn failure(errors: &[ConfigError]) -> Failure {
    let lines = errors.iter().map(|it| format!("{}: {}", visible(&it.place), visible(&it.message)));
    Failure(lines.collect::<Vec<_>>().join("\n"))
}

/// Whether an argument of `--config` is a setting: what stands before its `=` can be no path that anybody means.
fn is_setting(argument: &str) -> bool {
    let is_key = |key: &str| {
        !key.trim().is_empty()
            && key.chars().all(|c| c.is_alphanumeric() || "-_. \"'".contains(c) || c == '/' && key.contains('"'))
    };
    argument.split_once('=').is_some_and(|(key, _)| is_key(key))
}

/// A setting as TOML: a word without quotes is a string, since shells take quotes away.
fn in_toml(setting: &str) -> String {
    let Some((key, value)) = setting.split_once('=') else { return setting.to_owned() };
    let is_word = |it: &str| {
        it.starts_with(|c: char| c.is_ascii_alphabetic())
            && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            && !matches!(it, "true" | "false" | "inf" | "nan")
    };
    if is_word(value.trim()) { format!("{key}= \"{}\"", value.trim()) } else { setting.to_owned() }
}

/// The deepest folder that holds all that is linted.
fn start(here: &Path, paths: &[PathBuf], stdin_name: &str) -> PathBuf {
    let mut folders: HashSet<PathBuf> = HashSet::new();
    for path in paths {
        let is_stdin = walk::is_stdin(path);
        let full = here.join(if is_stdin { Path::new(stdin_name) } else { path });
        let is_folder = !is_stdin && full.is_dir();
        folders.insert(if is_folder { full } else { full.parent().map_or(full.clone(), Path::to_owned) });
    }
    // A folder that is not there is another error, and the search begins above it.
    let real = folders.iter().filter_map(|it| it.ancestors().find_map(|it| fs::canonicalize(it).ok()));
    let common = real.reduce(|a, b| a.ancestors().find(|it| b.starts_with(it)).unwrap_or(&a).to_owned());
    common.unwrap_or_else(|| here.to_owned())
}

/// A configuration file.
struct Found {
    path: PathBuf,
    /// Its path as messages begin with it.
    name: PathBuf,
    /// The folder that its paths are relative to.
    base: PathBuf,
}

/// The nearest configuration file. Nobody typed its name, so a link in its path is followed in the repository only.
fn nearest(start: &Path, here: &Path) -> Result<Option<Found>, Failure> {
    for folder in folders(start) {
        // A link that leads nowhere was meant to be read.
        let is_there = |it: &PathBuf| fs::symlink_metadata(it).is_ok() && !it.is_dir();
        let mut found = NAMES.iter().map(|it| folder.join(it)).filter(is_there);
        if let Some(file) = found.next() {
            if let Some(other) = found.next() {
                let (file, other) = (shown(&file, here), shown(&other, here));
                let (file, other) = (visible(&file), visible(&other));
                return Err(Failure(format!(
                    "two configuration files in one folder: `{file}` and `{other}`; keep one"
                )));
            }
            let path = inside::within(inside::root(&folder), &folder, &file).map_err(|it| {
                let why = match it {
                    Stopped::Outside => format!(
                        "{LINK_OUT}; put a file in its place, name the file it leads to with --config FILE, or leave \
                         it out with --isolated"
                    ),
                    Stopped::Git => format!("{LINK_INTO_GIT}; put a file in its place"),
                    Stopped::Failed(error) => walk::reason(&error),
                };
                Failure(format!("{}: {why}", visible(&shown(&file, here))))
            })?;
            return Ok(Some(Found { path, name: file, base: folder }));
        }
    }
    Ok(None)
}

/// A folder and those above it, up to the root of its repository.
fn folders(start: &Path) -> Vec<PathBuf> {
    let root = inside::repository(start).unwrap_or(Path::new(""));
    start.ancestors().take_while(|it| it.starts_with(root)).map(Path::to_owned).collect()
}

/// Reads a configuration file. `name`: how messages call it.
fn read(path: &Path, name: &str) -> Result<Source, Failure> {
    let fail = |why: &str| Failure(format!("{}: {why}", visible(name)));
    let meta = fs::metadata(path).map_err(|it| fail(&walk::reason(&it)))?;
    if !meta.is_file() {
        return Err(fail("not a regular file"));
    }
    if meta.len() > LIMIT {
        return Err(fail("larger than 1 MiB, which no configuration is"));
    }
    let bytes = fs::read(path).map_err(|it| fail(&walk::reason(&it)))?;
    let source = Source::decode(name, &bytes);
    match source.error.as_deref() {
        Some(source::DecodeError::NotUtf8 { offset, byte, .. }) => {
            Err(fail(&format!("byte {offset} (0x{byte:02x}) is not UTF-8; TOML is UTF-8")))
        }
        None => Ok(source),
    }
}

/// A path as it is shown: from where the user stands, if that is not far.
fn shown(path: &Path, here: &Path) -> String {
    let mut up = String::new();
    for folder in here.ancestors() {
        if let Ok(inside) = path.strip_prefix(folder).map(Path::to_string_lossy)
            && folder.parent().is_some()
        {
            return format!("{up}{}", inside.replace('\\', "/"));
        }
        up.push_str("../");
    }
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_and_files_are_told_apart() {
        let table = [
            ("fail-on=error", true, "a key"),
            ("levels.aws-auth = \"note\"", true, "a key of a table"),
            ("levels.\"aws-auth/role-path\"=\"off\"", true, "a key in quotes may hold a slash"),
            ("ekslint.toml", false, "no `=`"),
            ("./a=b/ekslint.toml", false, "a path"),
            ("=x", false, "no key"),
        ];
        for (argument, expected, reason) in table {
            assert_eq!(is_setting(argument), expected, "{argument}: {reason}");
        }
    }

    #[test]
    fn words_need_no_quotes() {
        let table = [
            ("fail-on=error", "fail-on= \"error\"", "a word"),
            ("select=[\"irsa\"]", "select=[\"irsa\"]", "a list stays"),
            ("account=123", "account=123", "so does a number, which is told apart by who reads it"),
            ("x=true", "x=true", "and what TOML knows"),
        ];
        for (setting, expected, reason) in table {
            assert_eq!(in_toml(setting), expected, "{reason}");
        }
    }

    #[test]
    fn paths_are_shown_from_where_one_stands() {
        let table = [
            ("/r/a/ekslint.toml", "/r/a", "ekslint.toml"),
            ("/r/ekslint.toml", "/r/a/b", "../../ekslint.toml"),
            ("/other/ekslint.toml", "/r/a", "/other/ekslint.toml"),
        ];
        for (path, here, expected) in table {
            assert_eq!(shown(Path::new(path), Path::new(here)), expected);
        }
    }
}
