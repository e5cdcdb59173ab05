//! An environment that was found, examined: which Python it runs, whether it starts, what is wrong with it.
#![allow(clippy::disallowed_methods, reason = "asks when an environment was made, which startup does not")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use bstr::{BStr, BString, ByteSlice};

use super::Options;
use super::bases::Bases;
use super::known::{BINS, INTERPRETERS};
use super::look::Mark;
use super::shared::{Answers, SharedHost};
use super::size::{self, Size};
use super::walk::Found;
use crate::environment::Identity;
use crate::explanation;
use crate::host::{Host, HostError, LiveHost, Lookups};
use crate::interpreter::Version;
use crate::invocation::Invocation;
use crate::rules::{Rule, Severity};
use crate::startup::Status;

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Whatever is merely worth knowing.
    pub infos: usize,
}

/// An environment, and what became of its examination.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its directory.
    pub root: BString,
    /// By what it was found.
    pub mark: Mark,
    /// Its interpreter, as it was examined.
    pub python: BString,
    /// What its interpreter belongs to: the creator and what else is told of it, as in an explanation.
    pub identity: Option<Identity>,
    /// The implementation of its Python, such as `cpython`.
    pub implementation: String,
    /// The version that would run, or where nothing runs, the one that it was made for, as far as that can be told.
    pub version: Option<Version>,
    /// The base interpreter: the file at the end of its links, or where that is gone, the one that they name.
    pub base: Option<BString>,
    /// Whether that file is there.
    pub base_exists: bool,
    /// Whether it starts.
    pub status: Status,
    /// Why not, or what limits the answer.
    pub reason: Option<BString>,
    /// The findings, counted.
    pub tally: Tally,
    /// The first finding: the worst.
    pub first: Option<(&'static Rule, Severity, BString)>,
    /// How long ago its `pyvenv.cfg` (or where it has none, its directory) was written.
    pub age: Option<Duration>,
    /// What it takes of the disk, where that was asked for.
    pub size: Option<Size>,
}

impl Environment {
    /// Whether its Python starts and no finding is an error.
    pub fn is_healthy(&self) -> bool {
        self.status == Status::Starts && self.tally.errors == 0
    }
}

/// Examines environments, and remembers what they have in common.
pub struct Inspector<'o> {
    options: &'o Options,
    now: SystemTime,
    invocation: Result<Invocation, HostError>,
    bases: Bases,
    answers: Answers,
}

impl<'o> Inspector<'o> {
    /// One that knows nothing yet.
    pub fn new(options: &'o Options, now: SystemTime) -> Self {
        let mut invocation = Invocation::on(&LiveHost, "");
        if let Ok(invocation) = &mut invocation {
            invocation.read_checked_variables(&LiveHost);
        }
        Self { options, now, invocation, bases: Bases::default(), answers: Answers::new() }
    }

    /// Examines what was found.
    pub fn inspect(&self, found: &Found) -> Environment {
        let root = BString::from(found.root.as_os_str().as_bytes());
        let host = SharedHost::new(&self.answers, root.as_bstr());
        let python = interpreter(&host, root.as_bstr());
        let size = self.options.size.then(|| size::of(&found.root));
        let age = self.age(&found.root);
        let mut environment = self.examine(&host, root.clone(), python, found.mark);
        environment.size = size;
        environment.age = age;
        environment
    }

    fn examine(&self, host: &SharedHost<'_>, root: BString, python: BString, mark: Mark) -> Environment {
        let invocation = match &self.invocation {
            Ok(invocation) => Invocation { executable: python.clone(), ..invocation.clone() },
            Err(error) => return unexamined(root, python, mark, error),
        };
        let lookups = Lookups::new(host, invocation.cwd.clone());
        let end = end_of_links(&lookups, python.as_bstr());
        // These questions were not Python's.
        lookups.take_log();
        let options = self.bases.options(&end);
        let depth = self.options.depth_of_examination;
        let explanation = explanation::examine_asking(lookups, &invocation, &options, depth);
        self.bases.remember(&end, &explanation.identification, &options);
        let count = |severity| explanation.findings.iter().filter(|finding| finding.severity == severity).count();
        let tally =
            Tally { errors: count(Severity::Error), warnings: count(Severity::Warning), infos: count(Severity::Info) };
        let first = explanation.findings.first();
        let resolution = &explanation.resolution;
        Environment {
            root,
            mark,
            python,
            version: resolution
                .identification
                .interpreter
                .version
                .or_else(|| made_for(explanation.environment.as_ref()?)),
            identity: explanation.environment.clone(),
            implementation: resolution.identification.interpreter.implementation.name().to_owned(),
            base_exists: resolution.identification.file.is_some(),
            base: Some(resolution.identification.file.clone().unwrap_or(end)),
            status: resolution.outcome.status,
            reason: resolution.outcome.reason.clone(),
            tally,
            first: first.map(|finding| (finding.rule, finding.severity, finding.message.clone())),
            age: None,
            size: None,
        }
    }

    fn age(&self, root: &Path) -> Option<Duration> {
        let cfg = fs::metadata(root.join("pyvenv.cfg")).or_else(|_| fs::metadata(root)).ok()?;
        self.now.duration_since(cfg.modified().ok()?).ok()
    }
}

/// What nothing could be learnt of, since this process does not know where it is.
fn unexamined(root: BString, python: BString, mark: Mark, error: &HostError) -> Environment {
    Environment {
        root,
        mark,
        python,
        identity: None,
        implementation: "unknown".to_owned(),
        version: None,
        base: None,
        base_exists: false,
        status: Status::FailsToExecute,
        reason: Some(error.to_string().into()),
        tally: Tally::default(),
        first: None,
        age: None,
        size: None,
    }
}

/// The interpreter of an environment; where there is none, the one that there should be.
fn interpreter(host: &SharedHost<'_>, root: &BStr) -> BString {
    let path = |bin: &[u8], name: &str| BString::from(bstr::join("/", [root.as_bytes(), bin, name.as_bytes()]));
    let mut candidates = BINS.iter().flat_map(|bin| INTERPRETERS.iter().map(|name| path(bin, name)));
    let found = candidates.find(|path| host.link_metadata(path.as_bstr()).is_ok());
    found.unwrap_or_else(|| path(b"bin", "python"))
}

/// The path at the end of the links of an interpreter, whatever is there.
fn end_of_links(lookups: &Lookups<'_>, python: &BStr) -> BString {
    const MOST_LINKS: usize = 40;
    let mut path = python.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = lookups.read_link(path.as_bstr()) else { break };
        path = if target.starts_with(b"/") {
            target
        } else {
            let end = path.rfind_byte(b'/').unwrap_or(0);
            bstr::concat([&path[..end], b"/", &target]).into()
        };
    }
    path
}

/// The version that it was made for.
fn made_for(identity: &Identity) -> Option<Version> {
    identity.python_version.as_ref()?.parse().ok()
}
