//! The examination of an environment that was found: which Python it runs, whether it starts, what is wrong with it.

use std::time::{Duration, SystemTime};

use bstr::{BStr, BString, ByteSlice};

use super::Options;
use super::bases::Bases;
use super::find::Found;
use super::known::{BINS, CFG, INTERPRETERS, LOCAL_BIN};
use super::look::Mark;
use super::paths::Paths;
use super::shared::{Answers, SharedHost};
use super::size::{self, Size};
use crate::environment::Identity;
use crate::explanation;
use crate::host::path::module;
use crate::host::{Host, HostError, Lookups, Platform};
use crate::interpreter::Version;
use crate::invocation::Invocation;
use crate::rules::{Rule, Severity};
use crate::startup::Status;

/// The number of findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
}

/// An environment, examined.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Environment {
    /// Its directory.
    pub root: BString,
    /// What it was recognized by.
    pub mark: Mark,
    /// The path of its interpreter.
    pub python: BString,
    /// What its interpreter belongs to: the creator and what else is told of it, as in an explanation.
    pub identity: Option<Identity>,
    /// The implementation of its Python, such as `cpython`.
    pub implementation: String,
    /// The version that would run, or where nothing runs, the one that it was made for; none where neither is known.
    pub version: Option<Version>,
    /// The base interpreter: the file to which the symlinks of its interpreter lead, whether or not it exists.
    pub base: Option<BString>,
    /// Whether that file exists.
    pub base_exists: bool,
    /// Whether its Python starts.
    pub status: Status,
    /// Why it does not start, or what limits the answer.
    pub reason: Option<BString>,
    /// The number of findings of each severity.
    pub tally: Tally,
    /// The worst finding: its rule, severity and message.
    pub first: Option<(&'static Rule, Severity, BString)>,
    /// How long ago its `pyvenv.cfg` was last changed, or its directory where it has none; none where the host knows no times.
    pub age: Option<Duration>,
    /// What it takes of the disk, where [`Options::size`] asks for it.
    pub size: Option<Size>,
}

impl Environment {
    /// Whether no finding is an error and nothing shows that its Python fails to start. One that is not simulated is
    /// not known to be broken.
    pub fn is_healthy(&self) -> bool {
        !self.status.fails() && self.tally.errors == 0
    }
}

/// Examines environments, and keeps what they have in common.
pub struct Inspector<'o> {
    host: &'o dyn Host,
    paths: Paths,
    options: &'o Options,
    now: Option<SystemTime>,
    invocation: Result<Invocation, HostError>,
    bases: Bases,
    answers: Answers,
}

impl<'o> Inspector<'o> {
    /// One that knows nothing yet.
    pub fn new(host: &'o dyn Host, options: &'o Options) -> Self {
        let mut invocation = Invocation::on(host, "");
        if let Ok(invocation) = &mut invocation {
            invocation.read_checked_variables(host);
        }
        let (paths, now) = (Paths::of(host), host.now());
        Self { host, paths, options, now, invocation, bases: Bases::default(), answers: Answers::new() }
    }

    /// Examines what was found.
    pub fn inspect(&self, found: &Found) -> Environment {
        let root = found.root.as_bstr();
        let host = SharedHost::new(self.host, &self.answers, root);
        let python = self.interpreter(&host, root);
        let size = self.options.size.then(|| size::of(self.host, root));
        let age = self.age(root);
        let mut environment = self.examine(&host, root.to_owned(), python, found.mark);
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
        let end = self.end_of_symlinks(&lookups, python.as_bstr());
        // Python does not ask these questions.
        lookups.take_log();
        let options = self.bases.options(&end);
        let depth = self.options.depth_of_examination;
        let explanation = explanation::examine_asking(lookups, &invocation, &options, depth);
        self.bases.remember(&end, &explanation.resolution.identification, &options);
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

    fn age(&self, root: &BStr) -> Option<Duration> {
        let cfg = self.host.metadata(self.paths.join(root, CFG.as_bstr()).as_bstr());
        let modified = cfg.or_else(|_| self.host.metadata(root)).ok()?.modified?;
        self.now?.duration_since(modified).ok()
    }

    /// The interpreter of an environment; where there is none, the one that there should be.
    fn interpreter(&self, host: &SharedHost<'_>, root: &BStr) -> BString {
        let path = |bin: &[u8], name: &str| {
            let dir = self.paths.join(root, bin.as_bstr());
            self.paths.join(dir.as_bstr(), name.into())
        };
        let bins = BINS.iter().chain(&[LOCAL_BIN]);
        let mut candidates = bins.flat_map(|bin| INTERPRETERS.iter().map(|name| path(bin, name)));
        let found = candidates.find(|path| host.link_metadata(path.as_bstr()).is_ok());
        found.unwrap_or_else(|| match host.platform() {
            Platform::Windows => path(b"Scripts", "python.exe"),
            Platform::Linux | Platform::Macos => path(b"bin", "python"),
        })
    }

    /// The path to which the symlinks of an interpreter lead, whether or not anything is there.
    fn end_of_symlinks(&self, lookups: &Lookups<'_>, python: &BStr) -> BString {
        const MOST_SYMLINKS: usize = 40;
        let mut path = python.to_owned();
        for _ in 0..MOST_SYMLINKS {
            let Ok(target) = lookups.read_link(path.as_bstr()) else { break };
            path = match self.paths.parent(path.as_bstr()) {
                Some(dir) if !module::is_absolute(self.paths.flavor, target.as_bstr()) => {
                    self.paths.join(dir, target.as_bstr())
                }
                _ => target,
            };
        }
        path
    }
}

/// An environment about which nothing can be said, since the working directory is not known.
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

/// The version that it was made for.
fn made_for(identity: &Identity) -> Option<Version> {
    identity.python_version.as_ref()?.parse().ok()
}
