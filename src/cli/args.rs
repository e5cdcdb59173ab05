//! What is typed, as clap takes it apart. Nothing here reaches further than `src/cli`.
#![allow(clippy::doc_markdown, reason = "clap shows these comments to people, as they stand")]

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use bstr::BString;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use globset::Glob;
use thiserror::Error;
use venv_doctor::interpreter::Version;
use venv_doctor::invocation::{Flags, Launch};
use venv_doctor::rules::{CodePrefix, Severity};

use super::what_if::WhatIfArguments;

const EXIT_CODES: &str = "\
Exit codes:
  0  Python starts, and no finding is an error
  1  Python does not start, or a finding is an error
  2  the command line or its input was wrong: no answer";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  venv-doctor explain                             the environment in use or nearest
  venv-doctor explain .venv/bin/python -v         with every question that Python asks the machine
  venv-doctor explain .venv --launch module=pytest
  venv-doctor explain python3 -I --json           for programs
  venv-doctor explain .venv --env PYTHONPATH=src  as if the variable were set
  venv-doctor explain .venv --what-if --set include-system-site-packages=true
  venv-doctor explain --snapshot report.json      a Python of another machine

Exit codes:
  0  Python starts, and no finding is an error
  1  Python does not start, or a finding is an error
  2  the command line or its input was wrong: no answer";

const CHECK_EXAMPLES: &str = "\
Examples:
  venv-doctor check                               the environment in use or nearest
  venv-doctor check .venv other/bin/python        several, in one report
  venv-doctor check .venv --severity info         with what is merely worth knowing
  venv-doctor check .venv --files                 compare every installed file with its RECORD
  venv-doctor check .venv --select VD2,VD102 --fail-on warning
  venv-doctor check .venv --format sarif > venv.sarif
  venv-doctor rule VD102                          what a code means

Exit codes:
  0  no finding is an error (or as bad as --fail-on says)
  1  some finding is
  2  the command line or its input was wrong: an answer is missing";

const SCAN_EXAMPLES: &str = "\
Examples:
  venv-doctor scan                                every environment below this directory
  venv-doctor scan / --one-file-system --broken   which are dead after an upgrade
  venv-doctor scan ~ --by base                    who hangs on which interpreter
  venv-doctor scan ~ --older-than 180 --size --sort size
  venv-doctor scan /srv --check --format json | jq -r 'select(.errors > 0).path'

Exit codes:
  0  every environment that was shown is healthy
  1  one is not
  2  the command line or its input was wrong: an answer is missing";

const RULE_EXAMPLES: &str = "\
Examples:
  venv-doctor rule VD102
  venv-doctor rule --all --format markdown
  venv-doctor rule VD2 --format json              all whose codes begin so

Exit codes:
  0  the rules were printed
  2  no rule has such a code";

const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  venv-doctor snapshot .venv/bin/python -o snapshot.json
  venv-doctor snapshot .venv --redact             without the names of people
  venv-doctor snapshot .venv --check -o venv.json for check --snapshot
  venv-doctor snapshot .venv --launch module=pytest | ssh elsewhere venv-doctor explain --snapshot -

Exit codes:
  0  the snapshot was written, whatever is wrong with the environment
  2  the command line or its input was wrong: no snapshot";

const VERIFY_EXAMPLES: &str = "\
Examples:
  venv-doctor verify .venv/bin/python
  venv-doctor verify .venv -S --json

Exit codes:
  0  the interpreter shows exactly what was predicted
  1  something differs
  2  no comparison was possible";

/// Says, without running it, exactly what a Python will do when it starts, and why.
#[derive(Debug, Parser)]
#[command(name = "venv-doctor", version, after_help = EXIT_CODES, disable_help_subcommand = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explain what a Python does when it starts, without running it
    ///
    /// Reads what Python would read, in the same order, and says which file led to which value of sys and site, which
    /// code would run, and what is wrong. Nothing is executed.
    #[command(after_long_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArguments),
    /// Find what is wrong with environments, why, and what fixes it
    ///
    /// Repeats the startup of each Python as explain does, then reads on: scripts and activate scripts, installed
    /// distributions, extension modules, permissions. Nothing is executed. Every finding has a code, the place that
    /// proves it, what follows from it, and the commands that fix it.
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Find every environment below some directories, and say which of them are broken
    ///
    /// Looks for pyvenv.cfg, for conda's environments and for those of old virtualenvs, and examines each as explain does.
    /// Nothing is executed, links are not followed, and directories that cannot be read are counted.
    #[command(after_long_help = SCAN_EXAMPLES)]
    Scan(ScanArguments),
    /// Explain a rule: what it means, why it is bad, what fixes it
    #[command(after_long_help = RULE_EXAMPLES)]
    Rule(RuleArguments),
    /// Run the interpreter and compare it with the prediction
    ///
    /// This is the only command that EXECUTES the interpreter, and with it whatever startup code the environment
    /// holds: lines of .pth files, sitecustomize and usercustomize. Use it on environments that you would run anyway.
    /// With --launch module=NAME or script=PATH the module or script itself is not run.
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(VerifyArguments),
    /// Write down what explain asks the machine, to be explained elsewhere
    ///
    /// The snapshot holds the files, links and directories that the startup of this Python touches, the content of those
    /// that it reads (pyvenv.cfg, .pth files, sitecustomize), the facts about the interpreter, and of the variables
    /// only those that startup consults. Read it before you pass it on; --redact takes the names of people out.
    #[command(after_long_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotArguments),
    /// Print the JSON Schema of a document
    Schema(SchemaArguments),
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[command(flatten)]
    pub subject: Subject,

    /// Explain a Python of the machine in this snapshot instead of this machine; - is standard input
    ///
    /// With no PYTHON, the one that was recorded. Flags, --launch, --env, --unset, --cwd and --python-version change
    /// what the snapshot says; a question that it cannot answer is named in the report.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    #[command(flatten)]
    pub what_if: WhatIfArguments,

    #[command(flatten)]
    pub output: Output,

    /// Show every question put to the machine, with its answer
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Executables, names on PATH or environments' directories
    ///
    /// With none given: VIRTUAL_ENV, then .venv or venv here or in a parent directory, then python3 on PATH; the report
    /// says which was taken.
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,

    #[command(flatten)]
    pub call: Call,

    /// Check a Python of the machine in this snapshot instead of this machine; - is standard input
    ///
    /// A snapshot that was made with `snapshot --check` holds everything that a check reads.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    /// Compare every installed file with what its RECORD says of it
    #[arg(long, help_heading = "Findings")]
    pub files: bool,

    /// Only these codes; VD2 stands for all that begin so (repeatable, or separated by commas)
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<CodePrefix>,

    /// None of these codes
    #[arg(long, value_name = "CODES", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<CodePrefix>,

    /// The mildest that is shown: info, warning or error
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Level::Warning, hide_possible_values = true)]
    #[arg(help_heading = "Findings")]
    pub severity: Level,

    /// The mildest that makes the exit code 1: info, warning, error or never
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = FailOn::Error, hide_possible_values = true)]
    #[arg(help_heading = "Findings")]
    pub fail_on: FailOn,

    /// Form of the answer: text, json, sarif or github
    #[arg(
        long,
        value_name = "FORM",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub format: CheckFormat,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `scan`.
#[derive(Debug, Args)]
pub struct ScanArguments {
    /// Directories to look in; this directory where none is given
    #[arg(value_name = "DIR")]
    pub dirs: Vec<OsString>,

    /// Examine each environment as check does
    #[arg(long)]
    pub check: bool,

    /// Sum up the disk use of each environment
    #[arg(long)]
    pub size: bool,

    /// Look for installed interpreters, too
    #[arg(long)]
    pub interpreters: bool,

    /// Only those that do not start or have an error
    #[arg(long, help_heading = "Which are shown")]
    pub broken: bool,

    /// Only those of this version
    #[arg(long, value_name = "X.Y[.Z]", help_heading = "Which are shown")]
    pub python: Option<Version>,

    /// Only those whose pyvenv.cfg is older than so many days
    #[arg(long, value_name = "DAYS", help_heading = "Which are shown")]
    pub older_than: Option<u64>,

    /// By what they are ordered: path, python, base, status, age or size
    #[arg(long, value_name = "KEY", value_enum, default_value_t, hide_possible_values = true)]
    #[arg(help_heading = "Which are shown")]
    pub sort: SortKey,

    /// Group them by their base interpreter: base
    #[arg(long, value_name = "KEY", value_enum, hide_possible_values = true, help_heading = "Which are shown")]
    pub by: Option<GroupKey>,

    /// How deep to look below each directory; 0 is the directory itself
    #[arg(long, value_name = "LEVELS", help_heading = "Where to look")]
    pub depth: Option<usize>,

    /// Leave out directories whose path matches this pattern, such as '**/node_modules' (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = "Where to look")]
    pub exclude: Vec<Glob>,

    /// Stay on the file system of each directory
    #[arg(short = 'x', long, help_heading = "Where to look")]
    pub one_file_system: bool,

    /// Look inside the libraries of environments, too
    #[arg(long, help_heading = "Where to look")]
    pub nested: bool,

    /// Follow links to directories
    #[arg(short = 'L', long, help_heading = "Where to look")]
    pub follow: bool,

    /// Enter also the directories in which no environment can stand (the manual lists them)
    #[arg(long, help_heading = "Where to look")]
    pub no_prune: bool,

    /// How many threads walk and examine
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[arg(help_heading = "Where to look")]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub output: Output,

    #[command(flatten)]
    pub look: Look,
}

/// By what environments are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    #[default]
    Path,
    Python,
    Base,
    Status,
    Age,
    Size,
}

/// By what environments are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GroupKey {
    Base,
}

/// Options of `rule`.
#[derive(Debug, Args)]
pub struct RuleArguments {
    /// Codes such as VD102; VD2 stands for all that begin so
    #[arg(value_name = "CODE", required_unless_present = "all")]
    pub codes: Vec<CodePrefix>,

    /// Every rule
    #[arg(long, conflicts_with = "codes")]
    pub all: bool,

    /// Form of the answer: text, markdown or json
    #[arg(
        long,
        value_name = "FORM",
        value_enum,
        default_value_t,
        hide_possible_values = true,
        help_heading = "Output"
    )]
    pub format: RuleFormat,

    #[command(flatten)]
    pub look: Look,
}

/// How text looks.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Look {
    /// Color the text: auto, always or never
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, hide_possible_values = true)]
    pub color: Color,

    /// Width of the text in columns (40 to 200), instead of the terminal's
    #[arg(long, value_name = "COLUMNS", hide_short_help = true)]
    #[arg(value_parser = clap::value_parser!(u16).range(40..=200))]
    pub width: Option<u16>,
}

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    pub subject: Subject,

    #[command(flatten)]
    pub output: Output,

    /// Show the values that agree, too
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    /// Stop the interpreter after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub timeout: u64,
}

/// Options of `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArguments {
    #[command(flatten)]
    pub subject: Subject,

    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<OsString>,

    /// Hold also what check reads beyond explain: scripts, installed distributions, permissions
    #[arg(long, help_heading = "Output")]
    pub check: bool,

    /// With --check, hold also what check --files compares: every installed file
    #[arg(long, requires = "check", help_heading = "Output")]
    pub files: bool,

    /// Replace user names and home directories, the same everywhere
    #[arg(long, help_heading = "Output")]
    pub redact: bool,
}

/// Options of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// Which document: explain, check, scan, snapshot or what-if
    #[arg(value_enum, hide_possible_values = true)]
    pub document: Document,
}

/// Which Python, called how.
#[derive(Debug, Args)]
pub struct Subject {
    /// An executable, a name on PATH or an environment's directory
    ///
    /// A path (anything with a slash) is taken exactly as typed, because the startup of Python depends on how it was
    /// called. A bare name is looked up on PATH. An environment's directory stands for its bin/python. With nothing
    /// given: VIRTUAL_ENV, then .venv or venv here or in a parent directory, then python3 on PATH.
    #[arg(value_name = "PYTHON")]
    pub python: Option<OsString>,

    #[command(flatten)]
    pub call: Call,
}

/// How Python is called.
#[derive(Debug, Args)]
pub struct Call {
    #[command(flatten)]
    pub flags: FlagArguments,

    /// How Python is started: command (the default), interactive, module=NAME or script=PATH
    #[arg(long, value_name = "KIND", value_parser = OsStringValueParser::new().try_map(parse_launch))]
    #[arg(help_heading = "How Python is called")]
    pub launch: Option<Launch>,

    /// Set an environment variable (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = OsStringValueParser::new().try_map(parse_assignment))]
    #[arg(help_heading = "How Python is called")]
    pub env: Vec<Assignment>,

    /// Remove an environment variable (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "How Python is called")]
    pub unset: Vec<OsString>,

    /// Start from an empty environment
    #[arg(long, help_heading = "How Python is called")]
    pub clean_env: bool,

    /// Working directory, instead of the present one
    #[arg(long, value_name = "DIR", help_heading = "How Python is called")]
    pub cwd: Option<OsString>,

    /// Take the interpreter for this version, whatever it seems to be
    #[arg(long, value_name = "X.Y[.Z]", help_heading = "How Python is called")]
    pub python_version: Option<Version>,
}

/// Python's own flags, under Python's own letters.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "How Python is called")]
pub struct FlagArguments {
    /// Isolated mode: neither PYTHON* variables nor user site nor an implicit first entry of sys.path
    #[arg(short = 'I')]
    isolated: bool,
    /// Ignore PYTHON* variables
    #[arg(short = 'E')]
    ignore_environment: bool,
    /// No user site
    #[arg(short = 's')]
    no_user_site: bool,
    /// Do not import site
    #[arg(short = 'S')]
    no_site: bool,
    /// Safe path: no implicit first entry of sys.path (3.11 on)
    #[arg(short = 'P')]
    safe_path: bool,
}

impl FlagArguments {
    /// Sets the flags that were typed; the others stay as they are.
    pub fn apply(self, flags: &mut Flags) {
        flags.isolated |= self.isolated;
        flags.ignore_environment |= self.ignore_environment;
        flags.no_user_site |= self.no_user_site;
        flags.no_site |= self.no_site;
        flags.safe_path |= self.safe_path;
    }
}

#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Form of the answer: text or json
    #[arg(long, value_name = "FORM", value_enum, default_value_t, hide_possible_values = true)]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

impl Output {
    /// The form that was asked for, by either option.
    pub fn format(self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    #[default]
    Text,
    Json,
    Sarif,
    Github,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RuleFormat {
    #[default]
    Text,
    Markdown,
    Json,
}

/// A severity, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    Info,
    Warning,
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Info => Self::Info,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

/// From which severity on the exit code is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    /// Whether the worst finding is bad enough.
    pub fn is_reached(self, worst: Option<Severity>) -> bool {
        let least = match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
            Self::Never => return false,
        };
        worst.is_some_and(|worst| worst >= least)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Document {
    Explain,
    Check,
    Scan,
    Snapshot,
    WhatIf,
}

/// `NAME=VALUE`.
#[derive(Clone, Debug)]
pub struct Assignment {
    pub name: OsString,
    pub value: OsString,
}

#[derive(Debug, Error)]
#[error("expected command, interactive, module=NAME or script=PATH")]
struct LaunchError;

fn parse_launch(typed: OsString) -> Result<Launch, LaunchError> {
    let bytes = typed.into_vec();
    match bytes.as_slice() {
        b"command" => Ok(Launch::Command),
        b"interactive" => Ok(Launch::Interactive),
        _ => target(&bytes, b"module=")
            .map(Launch::Module)
            .or_else(|| target(&bytes, b"script=").map(Launch::Script))
            .ok_or(LaunchError),
    }
}

fn target(typed: &[u8], kind: &[u8]) -> Option<BString> {
    typed.strip_prefix(kind).filter(|name| !name.is_empty()).map(BString::from)
}

#[derive(Debug, Error)]
#[error("expected NAME=VALUE")]
struct AssignmentError;

// clap hands the value over.
#[allow(clippy::needless_pass_by_value, reason = "the signature that clap's try_map wants")]
fn parse_assignment(typed: OsString) -> Result<Assignment, AssignmentError> {
    let bytes = typed.as_bytes();
    let equals = bytes.iter().position(|&byte| byte == b'=').filter(|&at| at > 0).ok_or(AssignmentError)?;
    Ok(Assignment {
        name: OsStr::from_bytes(&bytes[..equals]).to_owned(),
        value: OsStr::from_bytes(&bytes[equals + 1..]).to_owned(),
    })
}
