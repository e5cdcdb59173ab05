//! `explain --what-if`: the changes that the arguments describe, and what follows from them.
#![allow(clippy::doc_markdown, reason = "clap shows these comments as plain text")]

use std::ffi::{OsStr, OsString};

use crate::Explanation;
use crate::difference::compare;
use crate::host::os::OsStrExt;
use crate::host::{Host, HostError, LiveHost};
use crate::invocation::CONSULTED_VARIABLES;
use crate::report::difference::Supposition;
use crate::startup::{MOST_BYTES, Options};
use crate::text::escape::escape;
use crate::what_if::{Changed, WhatIf, WhatIfError};
use crate::which::{Surroundings, surroundings};
use bstr::{BStr, BString, ByteSlice};
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser};
use thiserror::Error;

use super::args::{self, PageFormat};
use super::output::Failure;
use super::source::here;
use super::subject::Subject;

/// The options that change an imaginary machine.
#[derive(Debug, Args)]
#[command(next_help_heading = "What if")]
pub struct WhatIfArguments {
    /// Compare with what Python does without the changes, and show only what differs
    ///
    /// The changes are what --set, --drop, --with-file, --without, --env, --unset, --clean-env and --python-version say.
    #[arg(long)]
    pub what_if: bool,

    #[command(flatten)]
    pub changes: ChangeArguments,
}

/// What is different on an imaginary machine.
#[derive(Debug, Args)]
#[command(next_help_heading = "What if")]
pub struct ChangeArguments {
    /// Assume this line in pyvenv.cfg (repeatable)
    ///
    /// It replaces the last line with this key, or is added at the end. The file is the one that Python reads; where
    /// there is none, it is assumed to exist.
    #[arg(long, value_name = "KEY=VALUE", value_parser = OsStringValueParser::new().try_map(parse_line))]
    set: Vec<Pair>,

    /// Assume that pyvenv.cfg has no line with this key (repeatable)
    #[arg(long, value_name = "KEY", value_parser = OsStringValueParser::new().try_map(parse_key))]
    drop: Vec<BString>,

    /// Assume a file with this text, or with the content of a real file (repeatable)
    ///
    /// PATH=TEXT uses the text as it is, without a newline at its end. PATH=@FILE uses the content of FILE. A text that
    /// begins with @ is written with @@.
    #[arg(long, value_name = "PATH=TEXT", value_parser = OsStringValueParser::new().try_map(parse_file))]
    with_file: Vec<Pair>,

    /// Assume that this path does not exist, nor anything below it (repeatable)
    #[arg(long, value_name = "PATH")]
    without: Vec<OsString>,
}

/// The text before the first equals sign, and the text after it.
#[derive(Clone, Debug)]
struct Pair {
    left: BString,
    right: BString,
}

#[derive(Debug, Error)]
enum PairError {
    #[error("expected {0}")]
    Shape(&'static str),
    #[error("a line of pyvenv.cfg cannot contain a line break")]
    LineBreak,
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that clap's try_map requires")]
fn parse_line(typed: OsString) -> Result<Pair, PairError> {
    if typed.as_bytes().find_byteset(b"\r\n").is_some() {
        return Err(PairError::LineBreak);
    }
    let pair = parse_pair(&typed, "KEY=VALUE")?;
    if pair.left.trim().is_empty() { Err(PairError::Shape("KEY=VALUE")) } else { Ok(pair) }
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that clap's try_map requires")]
fn parse_key(typed: OsString) -> Result<BString, PairError> {
    let key = BStr::new(typed.as_bytes());
    let is_key = !key.trim().is_empty() && key.find_byteset(b"=\r\n").is_none();
    is_key.then(|| key.to_owned()).ok_or(PairError::Shape("a key of pyvenv.cfg"))
}

#[allow(clippy::needless_pass_by_value, reason = "the signature that clap's try_map requires")]
fn parse_file(typed: OsString) -> Result<Pair, PairError> {
    parse_pair(&typed, "PATH=TEXT or PATH=@FILE")
}

fn parse_pair(typed: &OsStr, shape: &'static str) -> Result<Pair, PairError> {
    let bytes = typed.as_bytes();
    let equals = bytes.find_byte(b'=').filter(|&at| at > 0).ok_or(PairError::Shape(shape))?;
    Ok(Pair { left: bytes[..equals].into(), right: bytes[equals + 1..].into() })
}

/// Why the changes cannot be made.
#[derive(Debug, Error)]
pub enum SuppositionError {
    /// `--what-if` alone.
    #[error("--what-if needs at least one change")]
    Nothing,
    /// The file behind an `@` could not be read.
    #[error("cannot read {} for --with-file: {reason}", escape(.file.as_bstr()))]
    File { file: BString, reason: HostError },
    /// A change cannot be made.
    #[error(transparent)]
    Change(#[from] WhatIfError),
}

impl Failure for SuppositionError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Nothing => vec![
                "add --set, --drop, --with-file, --without, --env, --unset, --clean-env or --python-version".to_owned(),
            ],
            Self::File { .. } | Self::Change(_) => Vec::new(),
        }
    }
}

impl ChangeArguments {
    /// The changes to files.
    fn changes(&self) -> Result<WhatIf, SuppositionError> {
        let with_file =
            self.with_file.iter().map(|Pair { left, right }| content(right).map(|content| (left.clone(), content)));
        Ok(WhatIf {
            without: self.without.iter().map(|path| path.as_bytes().into()).collect(),
            with_file: with_file.collect::<Result<_, _>>()?,
            drop: self.drop.clone(),
            set: self.set.iter().map(|pair| (pair.left.clone(), pair.right.clone())).collect(),
        })
    }
}

/// The text itself, or the content of the file that it names: a file of this machine, whichever is explained.
fn content(text: &BString) -> Result<Vec<u8>, SuppositionError> {
    let Some(file) = text.strip_prefix(b"@") else { return Ok(text.to_vec()) };
    if file.starts_with(b"@") {
        return Ok(file.to_vec());
    }
    let file = BStr::new(file);
    let read = here(file).and_then(|path| LiveHost.read(path.as_bstr(), MOST_BYTES));
    read.map_err(|reason| SuppositionError::File { file: file.to_owned(), reason })
}

/// What is to be said of changes to the machine of a snapshot.
const SNAPSHOT_LIMIT: &str =
    "a recorded snapshot contains only what this Python looked up; everything else counts as missing";

/// The machine with the changes, for a command that does not compare; none where nothing is changed. What was assumed
/// becomes notes.
pub fn machine<'h>(
    host: &'h dyn Host,
    subject: &Subject,
    changes: &ChangeArguments,
    is_snapshot: bool,
) -> Result<Option<Changed<'h>>, SuppositionError> {
    let what_if = changes.changes()?;
    if what_if.is_empty() {
        return Ok(None);
    }
    let mut machine = what_if.apply(host, &unchanged(host, subject))?;
    if is_snapshot {
        machine.notes.insert(0, SNAPSHOT_LIMIT.into());
    }
    machine.notes.extend(machine.supposed.iter().map(assumed));
    Ok(Some(machine))
}

fn assumed(what: &BString) -> BString {
    bstr::concat([b"assumed: ".as_slice(), what]).into()
}

/// The Python with the changes, and where asked for, without them.
pub struct Answer {
    /// With the changes.
    pub changed: Explanation,
    /// Without them, where the two are to be compared.
    unchanged: Option<Explanation>,
    supposed: Vec<BString>,
    /// How the arguments were understood, and what limits the answer.
    pub notes: Vec<BString>,
    /// What a page shows around the startup with the changes; none where no page is wanted, or where a snapshot would have
    /// to know it.
    pub surroundings: Option<Surroundings>,
}

impl Answer {
    /// Explains `subject` with the changes of the arguments.
    pub fn explain(
        host: &dyn Host,
        subject: &Subject,
        typed: &args::ExplainArguments,
    ) -> Result<Self, SuppositionError> {
        let compares = typed.what_if.what_if;
        let what_if = typed.what_if.changes.changes()?;
        let mut supposed = called_otherwise(&typed.subject);
        if compares && what_if.is_empty() && supposed.is_empty() {
            return Err(SuppositionError::Nothing);
        }
        let mut notes = subject.notes.clone();
        let is_seen = typed.output.format() == PageFormat::Html && typed.snapshot.is_none();
        let around = |host: &dyn Host| is_seen.then(|| surroundings(host, &subject.invocation, &subject.options));
        if what_if.is_empty() && !compares {
            let changed = crate::explain(host, &subject.invocation, &subject.options);
            notes.extend(subject.disregarded(&changed.resolution));
            return Ok(Self { changed, unchanged: None, supposed, notes, surroundings: around(host) });
        }
        if typed.snapshot.is_some() {
            notes.push(SNAPSHOT_LIMIT.into());
        }
        let unchanged = unchanged(host, subject);
        let version = subject.options.python_version.filter(|_| compares);
        if version.is_some() && version == unchanged.resolution.identification.interpreter.version {
            let version = supposed.pop().unwrap_or_default();
            notes.push(bstr::concat([version.as_slice(), b" is assumed with and without the changes"]).into());
        }
        let machine = what_if.apply(host, &unchanged)?;
        supposed.splice(0..0, machine.supposed);
        notes.extend(machine.notes);
        let changed = crate::explain(&machine.host, &subject.invocation, &subject.options);
        notes.extend(subject.disregarded(&changed.resolution));
        if !compares {
            notes.extend(supposed.iter().map(assumed));
        }
        let surroundings = around(&machine.host);
        Ok(Self { changed, unchanged: compares.then_some(unchanged), supposed, notes, surroundings })
    }

    /// The difference, where it was asked for.
    pub fn difference(&self) -> Option<Supposition<'_>> {
        let difference = compare(self.unchanged.as_ref()?, &self.changed);
        Some(Supposition { difference, supposed: &self.supposed, notes: &self.notes })
    }
}

/// The same Python in its own environment and with its own version. One whose version is unknown would not be
/// simulated at all, and takes the assumed version.
fn unchanged(host: &dyn Host, subject: &Subject) -> Explanation {
    let own = Options { python_version: None, ..subject.options.clone() };
    let explanation = crate::explain(host, &subject.unchanged, &own);
    let is_known = explanation.resolution.identification.interpreter.version.is_some();
    if is_known || subject.options.python_version.is_none() {
        return explanation;
    }
    crate::explain(host, &subject.unchanged, &subject.options)
}

/// The changes to the call of Python, one sentence each; the version last.
fn called_otherwise(typed: &args::Subject) -> Vec<BString> {
    let mut supposed: Vec<BString> = Vec::new();
    let is_consulted = |name: &OsStr| name.to_str().is_some_and(|name| CONSULTED_VARIABLES.contains(&name));
    if typed.call.clean_env {
        supposed.push("an empty environment".into());
    }
    for name in typed.call.unset.iter().filter(|name| is_consulted(name)) {
        supposed.push(bstr::concat([name.as_bytes(), b" is not set"]).into());
    }
    for assignment in typed.call.env.iter().filter(|assignment| is_consulted(&assignment.name)) {
        let parts = [b"the variable ", assignment.name.as_bytes(), b" = ", assignment.value.as_bytes()];
        supposed.push(bstr::concat(parts).into());
    }
    if let Some(version) = typed.call.python_version {
        supposed.push(format!("the version {version}").into());
    }
    supposed
}
