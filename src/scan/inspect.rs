//! The examination of an environment that was found: which Python it runs, whether it starts, what is wrong with it.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use bstr::{BStr, BString, ByteSlice};

use super::Options;
use super::bases::Bases;
use super::find::Found;
use super::known::{BINS, CFG, INTERPRETERS, LOCAL_BIN, is_interpreter};
use super::look::Mark;
use super::paths::Paths;
use super::shared::{Answers, SharedHost};
use super::size::{self, LastUse, Measure, PackageSize, Shared, Size};
use crate::environment::{EnvironmentKind, Identity, newest_first, redirected};
use crate::explanation;
use crate::host::path::{Flavor, module};
use crate::host::{Host, HostError, Lookups, Platform};
use crate::interpreter::Version;
use crate::invocation::Invocation;
use crate::rules::{Rule, Severity};
use crate::startup::{Resolution, Status};

/// So many interpreters of one installation are examined.
const MOST_INTERPRETERS: usize = 32;

/// Names the active environment.
const ACTIVE: &str = "VIRTUAL_ENV";

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
    /// Where its directory leads, where that is a symlink or a file that names another directory.
    pub target: Option<BString>,
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
    /// The rule of each finding, the worst first.
    pub rules: Vec<&'static Rule>,
    /// The worst finding: its rule, severity and message.
    pub first: Option<(&'static Rule, Severity, BString)>,
    /// How long ago its `pyvenv.cfg` was last changed, or its directory where it has none; none where the host knows no times.
    pub age: Option<Duration>,
    /// What it takes of the disk, where [`Options::size`] asks for it.
    pub size: Option<Size>,
    /// What each of its distributions takes of the disk, likewise.
    pub packages: Vec<PackageSize>,
    /// Its files that have other names elsewhere, likewise.
    pub shared: Vec<Shared>,
    /// When it was last used, as far as its files show, likewise.
    pub last_use: Option<LastUse>,
    /// How long ago that was.
    pub unused: Option<Duration>,
}

impl Environment {
    /// Whether no finding is an error and nothing shows that its Python fails to start. One that is not simulated is
    /// not known to be broken.
    pub fn is_healthy(&self) -> bool {
        !self.status.fails() && self.tally.errors == 0
    }

    /// The version that a virtual environment was made for, where the one that would run is of another minor version: its
    /// base was upgraded.
    pub fn made_for_another(&self) -> Option<Version> {
        let identity = self.identity.as_ref().filter(|it| it.kind == EnvironmentKind::VirtualEnvironment)?;
        let (running, wanted) = (self.version?, made_for(identity)?);
        ((running.major, running.minor) != (wanted.major, wanted.minor)).then_some(wanted)
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

    /// Examines what was found: an installation may have several interpreters, each with a library of its own.
    pub fn inspect(&self, found: &Found) -> Vec<Environment> {
        let target = self.target(found);
        let named = target.as_ref().filter(|_| found.mark == Mark::Redirect);
        let root = named.unwrap_or(&found.root).as_bstr();
        let host = SharedHost::new(self.host, &self.answers, root);
        let pythons = self.interpreters(&host, root, found.mark);
        // Before anything is read, which changes times of access.
        let measure = self.options.size.then(|| size::of(self.host, root));
        let age = self.age(root);
        let examine = |python: BString| {
            let environment = self.examine(&host, root.to_owned(), python, found.mark);
            let environment = Environment { root: found.root.clone(), target: target.clone(), age, ..environment };
            self.measured(environment, measure.as_ref())
        };
        pythons.into_iter().map(examine).collect()
    }

    fn measured(&self, environment: Environment, measure: Option<&Measure>) -> Environment {
        let Some(measure) = measure.cloned() else { return environment };
        let unused = measure.last_use.as_ref().and_then(|last| self.now?.duration_since(last.when).ok());
        let Measure { size, packages, shared, last_use } = measure;
        Environment { size: Some(size), packages, shared, last_use, unused, ..environment }
    }

    /// Where the file or symlink in the place of a project's environment leads.
    fn target(&self, found: &Found) -> Option<BString> {
        let path = found.root.as_bstr();
        match found.mark {
            Mark::Redirect => redirected(self.host, path).map(|redirect| redirect.dir),
            Mark::Symlink => {
                let (flavor, target) = (self.paths.flavor, self.host.read_link(path).ok()?);
                let dir = self.paths.parent(path)?;
                Some(module::normpath(flavor, module::join(flavor, &[dir, target.as_bstr()]).as_bstr()))
            }
            _ => None,
        }
    }

    fn examine(&self, host: &SharedHost<'_>, root: BString, python: BString, mark: Mark) -> Environment {
        let mut invocation = match &self.invocation {
            Ok(invocation) => Invocation { executable: python.clone(), ..invocation.clone() },
            Err(error) => return unexamined(root, python, mark, error),
        };
        if self.is_other_active(host, &invocation, root.as_bstr()) {
            invocation.environment.remove(ACTIVE);
        }
        let lookups = Lookups::new(host, invocation.cwd.clone());
        let end = self.end_of_symlinks(&lookups, python.as_bstr());
        // Python does not ask these questions.
        lookups.take_log();
        let options = self.bases.options(&end);
        let depth = self.options.depth_of_examination;
        let explanation = explanation::examine_asking(lookups, &invocation, &options, depth);
        // What a script leads to is not what it is.
        if explanation.resolution.command.is_none() {
            self.bases.remember(&end, &explanation.resolution.identification, &options);
        }
        let count = |severity| explanation.findings.iter().filter(|finding| finding.severity == severity).count();
        let tally =
            Tally { errors: count(Severity::Error), warnings: count(Severity::Warning), infos: count(Severity::Info) };
        let first = explanation.findings.first();
        let resolution = &explanation.resolution;
        let copied_from = self.copied_from(root.as_bstr(), resolution);
        Environment {
            root,
            mark,
            target: None,
            python,
            version: resolution
                .identification
                .interpreter
                .version
                .or_else(|| made_for(explanation.environment.as_ref()?)),
            identity: explanation.environment.clone(),
            implementation: resolution.identification.interpreter.implementation.name().to_owned(),
            base_exists: match &copied_from {
                Some(base) => host.metadata(base.as_bstr()).is_ok(),
                None => resolution.identification.file.is_some(),
            },
            base: copied_from.or_else(|| Some(resolution.identification.file.clone().unwrap_or(end))),
            status: resolution.outcome.status,
            reason: resolution.outcome.reason.clone(),
            tally,
            rules: explanation.findings.iter().map(|finding| finding.rule).collect(),
            first: first.map(|finding| (finding.rule, finding.severity, finding.message.clone())),
            age: None,
            size: None,
            packages: Vec::new(),
            shared: Vec::new(),
            last_use: None,
            unused: None,
        }
    }

    /// Whether another environment is active: that says nothing about each of those that are found.
    fn is_other_active(&self, host: &SharedHost<'_>, invocation: &Invocation, root: &BStr) -> bool {
        let Some(active) = invocation.variable(ACTIVE).filter(|active| *active != root) else { return false };
        host.metadata(self.paths.join(active, CFG.as_bstr()).as_bstr()).is_ok()
    }

    fn age(&self, root: &BStr) -> Option<Duration> {
        let cfg = self.host.metadata(self.paths.join(root, CFG.as_bstr()).as_bstr());
        let modified = cfg.or_else(|_| self.host.metadata(root)).ok()?.modified?;
        self.now?.duration_since(modified).ok()
    }

    /// The interpreter of which an environment has a copy; none where its interpreter is a symlink.
    fn copied_from(&self, root: &BStr, resolution: &Resolution) -> Option<BString> {
        let separator = Flavor::of(self.host.platform()).separator();
        let is_inside =
            |path: &BStr| path.strip_prefix(root.as_bytes()).is_some_and(|rest| rest.first() == Some(&separator));
        let file = resolution.identification.file.as_ref().filter(|file| is_inside(file.as_bstr()))?;
        let sys = resolution.sys.as_ref().filter(|sys| sys.base_prefix != *root)?;
        let known = sys.base_executable.clone().filter(|base| !is_inside(base.as_bstr()));
        let named = || {
            let home = self.paths.join(sys.base_prefix.as_bstr(), "bin".into());
            self.paths.join(home.as_bstr(), self.paths.name(file.as_bstr()))
        };
        Some(known.unwrap_or_else(named))
    }

    /// The interpreters of what was found: one of an environment, all of an installation that are different files. Where
    /// there is none, the one that there should be.
    fn interpreters(&self, host: &SharedHost<'_>, root: &BStr, mark: Mark) -> Vec<BString> {
        let usual = self.usual_interpreter(host, root);
        if usual.is_some() && mark != Mark::Installation {
            return usual.into_iter().collect();
        }
        let mut found: Vec<BString> = usual.into_iter().chain(self.versioned_interpreters(host, root)).collect();
        // A name that was left behind is no interpreter, unless there is nothing else.
        let is_there = |path: &BString| host.metadata(path.as_bstr()).is_ok();
        if found.iter().any(is_there) {
            found.retain(is_there);
        }
        if mark != Mark::Installation {
            found.truncate(1);
        }
        let mut seen = HashSet::new();
        found.retain(|path| seen.insert(host.real_path(path.as_bstr()).unwrap_or_else(|_| path.clone())));
        if found.is_empty() { vec![self.expected_interpreter(host, root)] } else { found }
    }

    /// Those whose names tell the version, such as `python3.12`.
    fn versioned_interpreters(&self, host: &SharedHost<'_>, root: &BStr) -> Vec<BString> {
        let bin = self.paths.join(root, BINS[0].as_bstr());
        let Ok(names) = host.list_dir(bin.as_bstr()) else { return Vec::new() };
        let mut names: Vec<BString> =
            names.into_iter().filter(|name| name.contains(&b'.') && is_interpreter(name)).collect();
        newest_first(&mut names);
        names.truncate(MOST_INTERPRETERS);
        names.into_iter().map(|name| self.paths.join(bin.as_bstr(), name.as_bstr())).collect()
    }

    /// The interpreter by one of the names that every environment has.
    fn usual_interpreter(&self, host: &SharedHost<'_>, root: &BStr) -> Option<BString> {
        let bins = BINS.iter().chain(&[LOCAL_BIN]);
        // Of an environment of Windows, no other system can start anything.
        let is_windows = host.platform() == Platform::Windows;
        let names = || INTERPRETERS.iter().filter(move |name| is_windows || **name != "python.exe");
        let mut candidates = bins.flat_map(|bin| names().map(|name| self.program(root, bin, name)));
        candidates.find(|path| host.link_metadata(path.as_bstr()).is_ok())
    }

    fn expected_interpreter(&self, host: &SharedHost<'_>, root: &BStr) -> BString {
        match host.platform() {
            Platform::Windows => self.program(root, b"Scripts", "python.exe"),
            Platform::Linux | Platform::Macos => self.program(root, b"bin", "python"),
        }
    }

    fn program(&self, root: &BStr, bin: &[u8], name: &str) -> BString {
        let dir = self.paths.join(root, bin.as_bstr());
        self.paths.join(dir.as_bstr(), name.into())
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
        target: None,
        python,
        identity: None,
        implementation: "unknown".to_owned(),
        version: None,
        base: None,
        base_exists: false,
        status: Status::FailsToExecute,
        reason: Some(error.to_string().into()),
        tally: Tally::default(),
        rules: Vec::new(),
        first: None,
        age: None,
        size: None,
        packages: Vec::new(),
        shared: Vec::new(),
        last_use: None,
        unused: None,
    }
}

/// The version that it was made for.
fn made_for(identity: &Identity) -> Option<Version> {
    identity.python_version.as_ref()?.parse().ok()
}
