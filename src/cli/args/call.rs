//! Which Python a command is about, and how it is called: the options that most commands share.
#![allow(clippy::doc_markdown, reason = "clap shows these comments as plain text")]

use std::ffi::OsString;

use bstr::BString;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use thiserror::Error;

use crate::host::os::{self, OsStrExt};
use crate::interpreter::Version;
use crate::invocation::{Flags, Launch};

/// Which Python, and how it is called.
#[derive(Debug, Args)]
pub struct Subject {
    /// An interpreter, an environment, or any command: a path, or a name on PATH
    ///
    /// A command is followed to the interpreter that it starts: a script, a zip application, a shim of pyenv, asdf or mise.
    ///
    /// A path (anything with a slash) is used exactly as typed, because Python's startup depends on the path by which it
    /// is called. A name without a slash is looked up on PATH. The directory of an environment means its bin/python.
    /// Without PYTHON: VIRTUAL_ENV, else the active environment of conda, else .venv or venv in this directory or one of
    /// its parents, else python3 on PATH. The base environment of conda comes after .venv and venv.
    #[arg(value_name = "PYTHON")]
    pub python: Option<OsString>,

    #[command(flatten)]
    pub call: Call,
}

/// How Python is called.
#[derive(Debug, Default, Args)]
pub struct Call {
    #[command(flatten)]
    pub flags: FlagArguments,

    /// A -X option of Python, such as utf8=1 or frozen_modules=off (repeatable)
    #[arg(short = 'X', value_name = "NAME[=VALUE]", help_heading = "Python invocation")]
    pub options: Vec<OsString>,

    /// A filter of warnings, as for Python (repeatable)
    #[arg(short = 'W', value_name = "FILTER", help_heading = "Python invocation")]
    pub warnings: Vec<OsString>,

    /// When Python compares compiled modules with the hash of their source: default, always or never
    #[arg(long, value_name = "MODE", hide_short_help = true, help_heading = "Python invocation")]
    pub check_hash_based_pycs: Option<OsString>,

    /// What Python runs: command (default), interactive, module=NAME or script=PATH
    #[arg(long, value_name = "KIND", value_parser = OsStringValueParser::new().try_map(parse_launch))]
    #[arg(help_heading = "Python invocation")]
    pub launch: Option<Launch>,

    /// Set an environment variable (repeatable)
    #[arg(long, value_name = "NAME=VALUE", value_parser = OsStringValueParser::new().try_map(parse_assignment))]
    #[arg(help_heading = "Python invocation")]
    pub env: Vec<Assignment>,

    /// Remove an environment variable (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "Python invocation")]
    pub unset: Vec<OsString>,

    /// Remove all environment variables, except those that --env sets
    #[arg(long, help_heading = "Python invocation")]
    pub clean_env: bool,

    /// Working directory of Python [default: this directory]
    #[arg(long, value_name = "DIR", help_heading = "Python invocation")]
    pub cwd: Option<OsString>,

    /// Ask about the system in this directory: an unpacked container image, or a mounted disk
    ///
    /// DIR counts as / for every path: for PYTHON, and for absolute symlinks below it. Variables and user are those of
    /// this process, as they are for `chroot DIR`.
    #[arg(long, value_name = "DIR", help_heading = "Machine")]
    pub root: Option<OsString>,

    /// Treat the interpreter as this version, instead of detecting it
    #[arg(long, value_name = "X.Y[.Z]", help_heading = "Python invocation")]
    pub python_version: Option<Version>,
}

/// Python's own flags, by Python's own letters.
#[derive(Clone, Copy, Debug, Default, Args)]
#[command(next_help_heading = "Python invocation")]
pub struct FlagArguments {
    /// Isolated mode: ignore PYTHON* variables and the user site, and do not prepend an entry to sys.path
    #[arg(short = 'I', overrides_with = "isolated")]
    isolated: bool,
    /// Ignore all environment variables whose names begin with PYTHON
    #[arg(short = 'E', overrides_with = "ignore_environment")]
    ignore_environment: bool,
    /// Do not add the user site to sys.path
    #[arg(short = 's', overrides_with = "no_user_site")]
    no_user_site: bool,
    /// Do not import the site module
    #[arg(short = 'S', overrides_with = "no_site")]
    no_site: bool,
    /// Safe path: do not prepend the script's or working directory to sys.path (3.11 and later)
    #[arg(short = 'P', overrides_with = "safe_path")]
    safe_path: bool,
    /// Randomize the hashes of text, whatever PYTHONHASHSEED says
    #[arg(short = 'R', overrides_with = "random_hash", hide_short_help = true)]
    random_hash: bool,
    /// Warn about comparisons of bytes with text; -bb makes them errors
    #[arg(short = 'b', action = clap::ArgAction::Count, hide_short_help = true)]
    bytes_warning: u8,
    /// Write no .pyc files
    #[arg(short = 'B', overrides_with = "no_bytecode", hide_short_help = true)]
    no_bytecode: bool,
    /// Print debugging output of the parser
    #[arg(short = 'd', overrides_with = "debug", hide_short_help = true)]
    debug: bool,
    /// Stay interactive after what is run
    #[arg(short = 'i', overrides_with = "inspect", hide_short_help = true)]
    inspect: bool,
    /// Do not execute assert statements; -OO also drops docstrings
    #[arg(short = 'O', action = clap::ArgAction::Count, hide_short_help = true)]
    optimize: u8,
    /// Print no banner
    #[arg(short = 'q', overrides_with = "quiet", hide_short_help = true)]
    quiet: bool,
    /// Do not buffer the standard streams
    #[arg(short = 'u', overrides_with = "unbuffered", hide_short_help = true)]
    unbuffered: bool,
    /// Skip the first line of the script
    #[arg(short = 'x', overrides_with = "skip_first_line", hide_short_help = true)]
    skip_first_line: bool,
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

    /// The flags that decide no path, as they are typed.
    pub fn switches(self) -> impl Iterator<Item = BString> {
        let given = [
            ("-R", u8::from(self.random_hash)),
            ("-b", self.bytes_warning),
            ("-B", u8::from(self.no_bytecode)),
            ("-d", u8::from(self.debug)),
            ("-i", u8::from(self.inspect)),
            ("-O", self.optimize),
            ("-q", u8::from(self.quiet)),
            ("-u", u8::from(self.unbuffered)),
            ("-x", u8::from(self.skip_first_line)),
        ];
        // More than twice is as twice.
        given.into_iter().flat_map(|(flag, times)| std::iter::repeat_n(BString::from(flag), usize::from(times.min(2))))
    }
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
    let bytes = os::into_bytes(typed);
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

#[allow(clippy::needless_pass_by_value, reason = "the signature that clap's try_map requires")]
fn parse_assignment(typed: OsString) -> Result<Assignment, AssignmentError> {
    let bytes = typed.as_bytes();
    let equals = bytes.iter().position(|&byte| byte == b'=').filter(|&at| at > 0).ok_or(AssignmentError)?;
    Ok(Assignment { name: os::text(&bytes[..equals]).into_owned(), value: os::text(&bytes[equals + 1..]).into_owned() })
}
