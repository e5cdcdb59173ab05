//! The arguments of `scan`.

use std::ffi::OsString;

use clap::{Args, ValueEnum};
use globset::Glob;

use super::{Destination, Look, Output, PageFormat};
use crate::interpreter::Version;

pub const EXAMPLES: &str = "\
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
