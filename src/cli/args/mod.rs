//! The command line as clap parses it. These types stay within `src/cli`.
#![allow(clippy::doc_markdown, reason = "clap shows these comments as plain text")]

mod call;
mod output;
mod which;

use std::ffi::OsString;

use crate::interpreter::Version;
use crate::rules::{Selector, Severity};
use clap::{Args, Parser, Subcommand, ValueEnum};
use globset::Glob;

use super::what_if::WhatIfArguments;

pub use call::{Call, Subject};
pub use output::{CheckFormat, Destination, Format, JsonFormat, Output, PageFormat, RuleFormat};
pub use which::WhichArguments;

const OVERVIEW: &str = "\
Examples:
  venv-doctor explain              What does this environment's Python do when it starts?
  venv-doctor check                What is wrong with it, and which commands fix it?
  venv-doctor fix                  Repair it, after showing how and asking
  venv-doctor which requests       Which file does `import requests` get, and why?
  venv-doctor scan ~ --broken      Which environments below my home directory are broken?
  venv-doctor rule VD102           What does a finding mean?

Exit codes:
  0  Success: Python starts, or is not simulated, and there is no error
  1  Problems: Python does not start, or there is an error
  2  Invalid arguments or input: there is no complete answer";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  venv-doctor explain                             The active environment, or else the nearest
  venv-doctor explain .venv/bin/python -v         Show all reasons and every lookup
  venv-doctor explain .venv --launch module=pytest
  venv-doctor explain python3 -I --json           A name on PATH, isolated mode, JSON
  venv-doctor explain .venv --env PYTHONPATH=src  As if this variable were set
  venv-doctor explain .venv --format html -o report.html
  venv-doctor explain .venv --what-if --set include-system-site-packages=true
  venv-doctor explain .venv/bin/pytest            The Python that a command starts
  venv-doctor explain --snapshot report.json      A Python on another machine
  venv-doctor explain --root image /usr/bin/python3

Exit codes:
  0  Python starts, or is not simulated (another program, Python 2, an unknown release), and no finding is an error
  1  Python does not start, or a finding is an error
  2  Invalid arguments or input: there is no answer";

const CHECK_EXAMPLES: &str = "\
Examples:
  venv-doctor check                               The active environment, or else the nearest
  venv-doctor check .venv other/bin/python        Several environments in one report
  venv-doctor check .venv --severity info         Report findings of every severity
  venv-doctor check .venv --files                 Compare installed files with their RECORD
  venv-doctor check .venv --select VD2,dangling-symlink --fail-on warning
  venv-doctor check .venv --format sarif > venv.sarif
  venv-doctor check .venv --format html -o report.html
  venv-doctor rule VD102                          Explain a rule

Exit codes:
  0  No finding reaches the severity of --fail-on (default: error)
  1  At least one finding does
  2  Invalid arguments or input: not every environment was checked";

const DIFF_EXAMPLES: &str = "\
Examples:
  venv-doctor diff .venv ../other/.venv           Why does it work there and not here?
  venv-doctor diff .venv/bin/python python3       An environment and a command on PATH
  venv-doctor snapshot .venv --redact -o here.json
  venv-doctor diff here.json there.json           Two machines, each with its snapshot
  venv-doctor diff last-week.json .venv           What has changed since?
  venv-doctor diff a/.venv b/.venv --json | jq -r .headline
  venv-doctor diff a/.venv b/.venv --format html -o report.html

Exit codes:
  0  Everything was compared, and nothing is different
  1  Something is different
  2  There is no answer: invalid arguments or input, or what was compared is the same and not everything was recorded";

const FIX_EXAMPLES: &str = "\
Examples:
  venv-doctor fix                                 Plan for the active environment, or else the nearest; asks first
  venv-doctor fix .venv --yes                     Apply the safe fixes without asking
  venv-doctor fix .venv --dry-run --json          The plan as JSON; nothing is written
  venv-doctor fix .venv --select VD5 --yes        Only the fixes of some rules
  venv-doctor fix .venv --unsafe --yes --verify   Also the others, then start the interpreter
  venv-doctor undo                                Take the last one back

Exit codes:
  0  Nothing is left that a fix could do
  1  Something is left or planned; unsafe fixes count
  2  Refused, or invalid arguments: nothing was changed";

const UNDO_EXAMPLES: &str = "\
Examples:
  venv-doctor undo                                Undo the last transaction
  venv-doctor undo --list                         Which transactions can be undone?
  venv-doctor undo 20260102T030405Z-678 --json

Exit codes:
  0  Undone, or listed
  1  There is nothing to undo
  2  Refused, or invalid arguments: nothing was changed";

const SCAN_EXAMPLES: &str = "\
Examples:
  venv-doctor scan                                Every environment below this directory
  venv-doctor scan / --one-file-system --broken   Broken environments on this file system
  venv-doctor scan ~ --by base                    Group environments by their base interpreter
  venv-doctor scan ~ --unused-for 180 --sort size What could go, and what would that free?
  venv-doctor scan ~ --duplicates                 Which distributions take space several times?
  venv-doctor scan --root /mnt /home              The system on a mounted disk
  venv-doctor scan ~ --format html -o report.html
  venv-doctor scan /srv --check --json | jq -r 'select(.errors > 0).path'

Exit codes:
  0  Every environment that was shown is healthy; one whose Python is not simulated counts as healthy without errors
  1  At least one is not
  2  Invalid arguments or input: the scan is incomplete";

const RULE_EXAMPLES: &str = "\
Examples:
  venv-doctor rule VD102                          By code
  venv-doctor rule dangling-symlink               By name
  venv-doctor rule VD2 --json                     Every rule whose code begins with VD2
  venv-doctor rule --all --format markdown

Exit codes:
  0  The rules were printed
  2  Invalid arguments: no rule has this code or name";

const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  venv-doctor snapshot .venv/bin/python -o snapshot.json
  venv-doctor snapshot .venv --redact             Without user names and home directories
  venv-doctor snapshot .venv --check -o s.json    For `check --snapshot s.json`
  venv-doctor snapshot .venv --imports yaml       For `which --snapshot FILE yaml`
  venv-doctor snapshot .venv | ssh host venv-doctor explain --snapshot -

Exit codes:
  0  The snapshot was written, whatever is wrong with the environment
  2  Invalid arguments or input: there is no snapshot";

const VERIFY_EXAMPLES: &str = "\
Examples:
  venv-doctor verify .venv/bin/python
  venv-doctor verify .venv -S --json              Without the site module, JSON
  venv-doctor verify .venv --launch module=pytest

Exit codes:
  0  The interpreter behaves exactly as predicted
  1  At least one value differs from the prediction
  2  No comparison was possible: only an interpreter is executed, no script and nothing that is not simulated";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  venv-doctor schema explain > explain.schema.json
  venv-doctor schema what-if                      The document of `explain --what-if --json`

Exit codes:
  0  The schema was printed
  2  Invalid arguments";

/// Explain, without running it, what a Python interpreter does when it starts, and find what is wrong.
#[derive(Debug, Parser)]
#[command(name = "venv-doctor", version, after_help = OVERVIEW, disable_help_subcommand = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explain what a Python does when it starts, without running it
    ///
    /// Repeats Python's startup: reads the files that Python would read, in the same order, and shows which file decides
    /// which value of sys and site, which code would run, and what is wrong. Executes nothing.
    #[command(after_long_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArguments),
    /// Find problems in environments, with their causes and fixes
    ///
    /// Repeats the startup of each Python as `explain` does, then checks scripts, activation scripts, installed
    /// distributions, extension modules and permissions. Executes nothing. Each finding has a rule, the place that is
    /// evidence of it, what follows, and the commands that fix it.
    #[command(after_long_help = CHECK_EXAMPLES)]
    Check(CheckArguments),
    /// Show which file an import gets, and why
    ///
    /// Follows an import through the finders of this Python, entry by entry of sys.path, as importlib does, and executes
    /// nothing. Shows the file, who installed it, what it hides, and for a module that is not found, the nearest things
    /// that explain it.
    #[command(after_long_help = which::EXAMPLES)]
    Which(WhichArguments),
    /// Show in what two environments differ, and what explains it
    ///
    /// Compares the interpreters, flags and variables, pyvenv.cfg, the values of sys and site, sys.path, startup hooks,
    /// distributions with their origins, scripts, and findings. What explains what comes first: startup is repeated with
    /// each variable, flag, line and file of the other environment alone, and what then agrees follows from it. Executes
    /// nothing. Paths are compared by where they lie: below the environment, its base, its project or the home directory.
    #[command(after_long_help = DIFF_EXAMPLES)]
    Diff(DiffArguments),
    /// Fix what is wrong, after showing what will be changed
    ///
    /// Plans all fixes of `check` together: does what they do to an image of the machine in memory, checks the
    /// environment there, and repeats that until nothing new is found. Shows the plan with the differences of all files,
    /// and asks before it writes anything. A fix is safe if that check shows that it fixes what it is for, that nothing
    /// as bad is new, and that nothing outside of the environment changes; only safe fixes are applied, unless --unsafe
    /// is given. Each change is atomic, and all can be undone with `undo`, also after a crash.
    #[command(after_long_help = FIX_EXAMPLES)]
    Fix(FixArguments),
    /// Undo what `fix` has done
    ///
    /// Restores content, mode, owner, times and symlinks. Refuses, and changes nothing, if something that was fixed has
    /// changed since. A fix that ran a program cannot be undone.
    #[command(after_long_help = UNDO_EXAMPLES)]
    Undo(UndoArguments),
    /// Find all environments below some directories, and which of them are broken
    ///
    /// Finds environments with a pyvenv.cfg, conda environments, and environments of old virtualenv releases, and
    /// examines each as `explain` does. Executes nothing, does not follow symlinks, and counts directories that cannot
    /// be read.
    #[command(after_long_help = SCAN_EXAMPLES)]
    Scan(ScanArguments),
    /// Explain rules: what they find, why it is a problem, and how to fix it
    ///
    /// A rule is named by its code (VD102), by its name (dangling-symlink), or together with others by the beginning of
    /// their codes (VD1). Codes may be written in lower case.
    #[command(after_long_help = RULE_EXAMPLES)]
    Rule(RuleArguments),
    /// Run the interpreter and compare it with the prediction
    ///
    /// This is the only command that EXECUTES the interpreter, and with it all startup hooks of the environment: lines
    /// in .pth files, sitecustomize and usercustomize. Use it only on environments that you would run anyway. With
    /// --launch module=NAME or script=PATH, the module or script itself is not run; with --launch interactive, the file
    /// of PYTHONSTARTUP is.
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(VerifyArguments),
    /// Record what `explain` and `diff` read, to explain or compare it on another machine
    ///
    /// The snapshot contains the paths that the startup of this Python looks up, the content of the files that it reads
    /// (pyvenv.cfg, .pth files, sitecustomize), which distributions and scripts are installed, facts about the interpreter,
    /// and those environment variables that startup consults. Review it before you share it. --redact replaces user names and home directories.
    #[command(after_long_help = SNAPSHOT_EXAMPLES)]
    Snapshot(SnapshotArguments),
    /// Print the JSON Schema of a document
    ///
    /// Every JSON document of venv-doctor names its schema and its version, such as venv-doctor/explain/1.
    #[command(after_long_help = SCHEMA_EXAMPLES)]
    Schema(SchemaArguments),
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[command(flatten)]
    pub subject: Subject,

    /// Read a snapshot instead of this machine; `-` reads standard input
    ///
    /// Without PYTHON, explains the Python that was recorded. Flags, --launch, --env, --unset, --cwd and --python-version
    /// override what the snapshot says. The report names every lookup that the snapshot cannot answer.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    #[command(flatten)]
    pub what_if: WhatIfArguments,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    /// Show all reasons and every lookup with its answer
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Interpreters, environments or commands to check: paths, file: URLs, or names on PATH
    ///
    /// Without PATH: VIRTUAL_ENV, else the active environment of conda, else .venv or venv in this directory or one of its
    /// parents, else python3 on PATH. The report says which was used.
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,

    #[command(flatten)]
    pub call: Call,

    /// Read a snapshot instead of this machine; `-` reads standard input
    ///
    /// A snapshot made by `snapshot --check` contains everything that a check reads.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<OsString>,

    /// Compare every installed file with its RECORD entry
    #[arg(long, help_heading = "Findings")]
    pub files: bool,

    /// Rules to apply, by code, code prefix or name [default: all]
    ///
    /// Separate several with commas, or repeat the option: --select VD2,dangling-symlink
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<Selector>,

    /// Rules to leave out, by code, code prefix or name
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<Selector>,

    /// Minimum severity to report
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = Level::Warning, help_heading = "Findings")]
    pub severity: Level,

    /// Minimum severity for exit code 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t = FailOn::Error, help_heading = "Findings")]
    pub fail_on: FailOn,

    #[command(flatten)]
    pub output: Output<CheckFormat>,

    #[command(flatten)]
    pub destination: Destination,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct DiffArguments {
    /// An environment, an interpreter, a command on PATH, or a file that `snapshot` has written; `-` reads a snapshot
    #[arg(value_name = "A")]
    pub a: OsString,

    /// What to compare with it
    #[arg(value_name = "B")]
    pub b: OsString,

    /// Compare every installed file with its RECORD entry, as `check --files` does
    #[arg(long)]
    pub files: bool,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    /// Show every difference, also where there are many of one kind
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `fix`.
#[derive(Debug, Args)]
pub struct FixArguments {
    /// Interpreters or environments to fix: paths, file: URLs, or names on PATH
    ///
    /// Without PATH: VIRTUAL_ENV, else .venv or venv in this directory or one of its parents. An installation is fixed
    /// only if it is named.
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,

    /// Apply the fixes without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub yes: bool,

    /// Also apply fixes that are not safe, some of which run programs and cannot be undone
    #[arg(id = "unsafe", long = "unsafe")]
    pub with_unsafe: bool,

    /// Show the plan and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Afterwards start the interpreter
    #[arg(long)]
    pub verify: bool,

    /// Compare every installed file with its RECORD entry, as `check --files` does
    #[arg(long, help_heading = "Findings")]
    pub files: bool,

    /// Rules whose findings to fix, by code, code prefix or name [default: all]
    ///
    /// Separate several with commas, or repeat the option: --select VD2,dangling-symlink
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<Selector>,

    /// Rules to leave out, by code, code prefix or name
    #[arg(long, value_name = "RULES", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<Selector>,

    #[command(flatten)]
    pub output: Output<Format>,

    #[command(flatten)]
    pub look: Look,
}

/// Options of `undo`.
#[derive(Debug, Args)]
pub struct UndoArguments {
    /// The transaction to undo [default: the last]
    #[arg(value_name = "TRANSACTION")]
    pub transaction: Option<String>,

    /// Undo the last transaction
    #[arg(long, conflicts_with_all = ["transaction", "list"])]
    pub last: bool,

    /// List the transactions that can be undone
    #[arg(long, conflicts_with = "transaction")]
    pub list: bool,

    #[command(flatten)]
    pub output: Output<Format>,
}

/// Options of `scan`.
#[derive(Debug, Args)]
pub struct ScanArguments {
    /// Directories to scan [default: this directory]
    #[arg(value_name = "DIR")]
    pub dirs: Vec<OsString>,

    /// Scan the system in this directory, which counts as /: an unpacked container image, or a mounted disk
    ///
    /// The directories to scan are then those of that system [default: all of it].
    #[arg(long, value_name = "ROOT")]
    pub root: Option<OsString>,

    /// Check each environment as `check` does
    #[arg(long)]
    pub check: bool,

    /// Measure the disk usage of each environment
    ///
    /// A file with several hard links counts once. Reclaimable is what would be free without the environment: no file that
    /// has another hard link elsewhere, as in the cache of uv. Blocks that file systems share (reflinks) cannot be told, and
    /// count as reclaimable.
    #[arg(long)]
    pub size: bool,

    /// List distributions that several environments have in the same version, and what the copies take; implies --size
    #[arg(long)]
    pub duplicates: bool,

    /// Report installed interpreters as well
    #[arg(long)]
    pub interpreters: bool,

    /// Show only environments that do not start or have an error
    #[arg(long, help_heading = "Filtering and order")]
    pub broken: bool,

    /// Show only environments with this Python version
    #[arg(long, value_name = "X.Y[.Z]", help_heading = "Filtering and order")]
    pub python: Option<Version>,

    /// Show only environments whose pyvenv.cfg is older than this many days
    #[arg(long, value_name = "DAYS", help_heading = "Filtering and order")]
    pub older_than: Option<u64>,

    /// Show only environments that were not used for this many days, as far as their files show; implies --size
    ///
    /// The newest change of any file, or the newest access to bytecode or an activation script, counts as the last use. File
    /// systems that keep no times of access show changes only, and backups may read files.
    #[arg(long, value_name = "DAYS", help_heading = "Filtering and order")]
    pub unused_for: Option<u64>,

    /// Sort environments by this property
    #[arg(long, value_name = "KEY", value_enum, default_value_t, help_heading = "Filtering and order")]
    pub sort: SortKey,

    /// Group environments by this property
    #[arg(long, value_name = "KEY", value_enum, help_heading = "Filtering and order")]
    pub by: Option<GroupKey>,

    /// Maximum depth below each directory; 0 is the directory itself
    #[arg(long, value_name = "LEVELS", help_heading = "Traversal")]
    pub depth: Option<usize>,

    /// Skip directories whose path matches this pattern, such as '**/node_modules' (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = "Traversal")]
    pub exclude: Vec<Glob>,

    /// Do not cross file system boundaries
    #[arg(short = 'x', long, help_heading = "Traversal")]
    pub one_file_system: bool,

    /// Also search inside the packages of environments
    #[arg(long, help_heading = "Traversal")]
    pub nested: bool,

    /// Follow symlinks to directories
    #[arg(short = 'L', long, help_heading = "Traversal")]
    pub follow: bool,

    /// Also search directories that are skipped because they cannot contain environments (see the manual)
    #[arg(long, help_heading = "Traversal")]
    pub no_prune: bool,

    /// Number of threads
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    #[arg(help_heading = "Traversal")]
    pub threads: Option<u16>,

    #[command(flatten)]
    pub output: Output<PageFormat>,

    #[command(flatten)]
    pub destination: Destination,

    #[command(flatten)]
    pub look: Look,
}

/// What environments are sorted by.
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

/// What environments are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum GroupKey {
    Base,
}

/// Options of `rule`.
#[derive(Debug, Args)]
pub struct RuleArguments {
    /// Rules to explain, by code, code prefix or name
    #[arg(value_name = "RULE", required_unless_present = "all")]
    pub rules: Vec<Selector>,

    /// Explain every rule
    #[arg(long, conflicts_with = "rules")]
    pub all: bool,

    #[command(flatten)]
    pub output: Output<RuleFormat>,

    #[command(flatten)]
    pub look: Look,
}

/// How text looks.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct Look {
    /// When to use colors
    ///
    /// `auto` uses colors on a terminal. NO_COLOR turns them off, CLICOLOR_FORCE turns them on.
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,

    /// Width of the text in columns, 40 to 200 [default: width of the terminal, else 100]
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
    pub output: Output<Format>,

    /// Also show the values that agree
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,

    #[command(flatten)]
    pub look: Look,

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

    /// Also record what `which` looks up for these imports (repeatable)
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = "Output")]
    pub imports: Vec<OsString>,

    /// Also record what `check` reads: scripts, installed distributions, permissions
    #[arg(long, help_heading = "Output")]
    pub check: bool,

    /// With --check, also record every installed file, for `check --files`
    #[arg(long, requires = "check", help_heading = "Output")]
    pub files: bool,

    /// Replace user names and home directories consistently
    #[arg(long, help_heading = "Output")]
    pub redact: bool,

    #[command(flatten)]
    pub format: Output<JsonFormat>,
}

/// Options of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The document whose schema is printed
    #[arg(value_enum)]
    pub document: Document,

    #[command(flatten)]
    pub format: Output<JsonFormat>,
}

/// A severity as it is typed.
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

/// The minimum severity for exit code 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Info,
    Warning,
    Error,
    Never,
}

impl FailOn {
    /// Whether the worst finding is that severe.
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
    Fix,
    Undo,
    Which,
    Diff,
}
