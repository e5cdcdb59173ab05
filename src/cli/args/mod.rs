//! The command line as clap parses it: one file per command. These types stay within `src/cli`.
#![allow(clippy::doc_markdown, reason = "clap shows these comments as plain text")]

mod call;
mod check;
mod completions;
mod diff;
mod explain;
mod fix;
mod look;
mod man;
mod output;
mod rule;
mod scan;
mod schema;
mod snapshot;
mod undo;
mod verify;
mod which;

use clap::{Parser, Subcommand};

pub use call::{Call, Subject};
pub use check::CheckArguments;
pub use completions::CompletionsArguments;
pub use diff::DiffArguments;
pub use explain::ExplainArguments;
pub use fix::FixArguments;
pub use look::{Color, Look};
pub use man::ManArguments;
pub use output::{CheckFormat, Destination, Format, JsonFormat, Output, PageFormat, RuleFormat};
pub use rule::RuleArguments;
pub use scan::{ScanArguments, SortKey};
pub use schema::{Document, SchemaArguments};
pub use snapshot::SnapshotArguments;
pub use undo::UndoArguments;
pub use verify::VerifyArguments;
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
    #[command(after_long_help = explain::EXAMPLES)]
    Explain(ExplainArguments),
    /// Find problems in environments, with their causes and fixes
    ///
    /// Repeats the startup of each Python as `explain` does, then checks scripts, activation scripts, installed
    /// distributions, extension modules and permissions. Executes nothing. Each finding has a rule, the place that is
    /// evidence of it, what follows, and the commands that fix it.
    #[command(after_long_help = check::EXAMPLES)]
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
    #[command(after_long_help = diff::EXAMPLES)]
    Diff(DiffArguments),
    /// Fix what is wrong, after showing what will be changed
    ///
    /// Plans all fixes of `check` together: does what they do to an image of the machine in memory, checks the
    /// environment there, and repeats that until nothing new is found. Shows the plan with the differences of all files,
    /// and asks before it writes anything. A fix is safe if that check shows that it fixes what it is for, that nothing
    /// as bad is new, and that nothing outside of the environment changes; only safe fixes are applied, unless --unsafe
    /// is given. Each change is atomic, and all can be undone with `undo`, also after a crash.
    #[command(after_long_help = fix::EXAMPLES)]
    Fix(FixArguments),
    /// Undo what `fix` has done
    ///
    /// Restores content, mode, owner, times and symlinks. Refuses, and changes nothing, if something that was fixed has
    /// changed since. A fix that ran a program cannot be undone.
    #[command(after_long_help = undo::EXAMPLES)]
    Undo(UndoArguments),
    /// Find all environments below some directories, and which of them are broken
    ///
    /// Finds environments with a pyvenv.cfg, conda environments, and environments of old virtualenv releases, and
    /// examines each as `explain` does. Executes nothing, does not follow symlinks, and counts directories that cannot
    /// be read.
    #[command(after_long_help = scan::EXAMPLES)]
    Scan(ScanArguments),
    /// Explain rules: what they find, why it is a problem, and how to fix it
    ///
    /// A rule is named by its code (VD102), by its name (dangling-symlink), or together with others by the beginning of
    /// their codes (VD1). Codes may be written in lower case.
    #[command(after_long_help = rule::EXAMPLES)]
    Rule(RuleArguments),
    /// Run the interpreter and compare it with the prediction
    ///
    /// This is the only command that EXECUTES the interpreter, and with it all startup hooks of the environment: lines
    /// in .pth files, sitecustomize and usercustomize. Use it only on environments that you would run anyway. With
    /// --launch module=NAME or script=PATH, the module or script itself is not run; with --launch interactive, the file
    /// of PYTHONSTARTUP is.
    #[command(after_long_help = verify::EXAMPLES)]
    Verify(VerifyArguments),
    /// Record what `explain` and `diff` read, to explain or compare it on another machine
    ///
    /// The snapshot contains the paths that the startup of this Python looks up, the content of the files that it reads
    /// (pyvenv.cfg, .pth files, sitecustomize), which distributions and scripts are installed, facts about the interpreter,
    /// and those environment variables that startup consults. Review it before you share it. --redact replaces user names and home directories.
    #[command(after_long_help = snapshot::EXAMPLES)]
    Snapshot(SnapshotArguments),
    /// Print the JSON Schema of a document
    ///
    /// Every JSON document of venv-doctor names its schema and its version, such as venv-doctor/explain/1.
    #[command(after_long_help = schema::EXAMPLES)]
    Schema(SchemaArguments),
    /// Print the completions of a shell
    #[command(after_long_help = completions::EXAMPLES)]
    Completions(CompletionsArguments),
    /// Print a manual page, or write all of them
    #[command(after_long_help = man::EXAMPLES)]
    Man(ManArguments),
}
