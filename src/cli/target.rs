//! Which executable the argument means, or its absence.
//!
//! A path is never resolved, because what Python finds depends on the path by which it is called. Only directories and
//! the absence of an argument are interpreted, and a note then says what was used.

use std::iter;

use crate::environment::{InterpreterName, PROJECT_ENVIRONMENT, PROJECT_ENVIRONMENTS, newest_first, redirected};
use crate::host::path::{Flavor, module};
use crate::host::{FileKind, Host, HostError, WalkOptions, WalkState, path};
use crate::invocation::Invocation;
use crate::text::escape::escape;
use bstr::{BStr, BString, ByteSlice};
use thiserror::Error;

use super::output::Failure;

/// How deep below a directory to look for environments to suggest.
const SUGGESTION_DEPTH: usize = 3;
/// How many of them to suggest.
const MOST_SUGGESTIONS: usize = 5;
/// Where `execvp` looks while `PATH` is not set (`confstr(_CS_PATH)` of glibc).
const DEFAULT_PATH: &str = "/bin:/usr/bin";
/// What an environment calls its interpreter, best first.
const INTERPRETERS: [&str; 4] = ["bin/python", "bin/python3", "bin/pypy3", "local/bin/python3"];
/// The same on Windows, where installations and environments of conda have it in the directory itself.
const WINDOWS_INTERPRETERS: [&str; 3] = [r"Scripts\python.exe", "python.exe", r"bin\python.exe"];

/// The executable, and why it was chosen where it is not what was typed.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// `argv[0]` of the Python to be explained.
    pub executable: BString,
    /// How the argument was understood.
    pub note: Option<BString>,
}

/// Why there is no executable.
#[derive(Debug, Error)]
pub enum TargetError {
    /// `""` was typed.
    #[error("the name of the interpreter is empty")]
    Empty,
    /// No directory of `PATH` has a program of this name.
    #[error("no program named {} on PATH ({})", escape(.name.as_bstr()), escape(.path.as_bstr()))]
    NotOnPath {
        /// What was typed.
        name: BString,
        /// What was searched.
        path: BString,
        /// Whether there is such a file in the working directory.
        here: bool,
    },
    /// Nothing was typed, and nothing was found.
    #[error("no Python interpreter found")]
    Nothing,
    /// A directory without an interpreter.
    #[error("no Python interpreter in {}", escape(.bin.as_bstr()))]
    NoInterpreter {
        /// Where it would be, in what was typed.
        bin: BString,
        /// The interpreter in the directory itself, which is then a `bin`.
        inside: Option<BString>,
        /// The environments below it.
        below: Vec<BString>,
    },
}

impl Failure for TargetError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Empty => vec!["give a path, a name on PATH, or the directory of an environment".to_owned()],
            Self::NotOnPath { name, here: true, .. } => {
                vec![format!("the working directory contains one: ./{}", escape(name.as_bstr()))]
            }
            Self::NotOnPath { .. } => Vec::new(),
            Self::Nothing => vec![
                "VIRTUAL_ENV is not set, there is no .venv or venv in this directory or its parents, and there is no \
                 python3 on PATH"
                    .to_owned(),
                "give the path of an interpreter or of an environment".to_owned(),
            ],
            Self::NoInterpreter { inside: Some(interpreter), .. } => {
                vec![format!("the directory itself contains one: {}", escape(interpreter.as_bstr()))]
            }
            Self::NoInterpreter { below, .. } => suggestions(below),
        }
    }
}

fn suggestions(environments: &[BString]) -> Vec<String> {
    if environments.is_empty() {
        return Vec::new();
    }
    let mut text = String::from("there are environments below this directory:");
    for environment in environments.iter().take(MOST_SUGGESTIONS) {
        text.push('\n');
        text.push_str(&escape(environment.as_bstr()));
    }
    if environments.len() > MOST_SUGGESTIONS {
        text.push_str("\nand others");
    }
    vec![text]
}

impl Target {
    /// Finds the executable that `typed` means, given the working directory and the variables of `invocation`.
    pub fn find(host: &dyn Host, invocation: &Invocation, typed: Option<&BStr>) -> Result<Self, TargetError> {
        let search = Search { host, invocation };
        match typed {
            None => search.nearest(),
            Some(typed) if typed.is_empty() => Err(TargetError::Empty),
            Some(typed) if search.is_path(typed) => search.path(typed),
            Some(typed) => search.name(typed),
        }
    }
}

/// No environment was named, and none was found.
#[derive(Debug, Error)]
#[error("no virtual environment found")]
pub struct NoEnvironment {
    /// What `VIRTUAL_ENV` names, which is none.
    active: Option<BString>,
}

impl NoEnvironment {
    /// There is none where this machine looks for it.
    pub fn on(host: &dyn Host) -> Self {
        Self { active: host.variable("VIRTUAL_ENV").filter(|active| !active.is_empty()) }
    }
}

impl Failure for NoEnvironment {
    fn help(&self) -> Vec<String> {
        let why = match &self.active {
            Some(active) => {
                format!("VIRTUAL_ENV is {}, which is not the directory of an environment", escape(active.as_bstr()))
            }
            None => "VIRTUAL_ENV is not set, and there is no .venv or venv in this directory or its parents".to_owned(),
        };
        vec![why, "give the path of an environment".to_owned()]
    }
}

/// The interpreter of the active environment, else of the nearest. Never one from PATH: what is to be changed is named.
pub fn nearest_environment(host: &dyn Host, invocation: &Invocation) -> Option<BString> {
    let search = Search { host, invocation };
    if let Some(environment) = search.set("VIRTUAL_ENV") {
        return Some(search.interpreter_of(environment).unwrap_or_else(|| search.usual(environment)));
    }
    search.project_environment().0.map(|(_, executable)| executable)
}

struct Search<'a> {
    host: &'a dyn Host,
    invocation: &'a Invocation,
}

impl Search<'_> {
    fn flavor(&self) -> Flavor {
        Flavor::of(self.invocation.platform)
    }

    fn interpreters(&self) -> &'static [&'static str] {
        if self.flavor() == Flavor::Windows { &WINDOWS_INTERPRETERS } else { &INTERPRETERS }
    }

    /// Where the interpreter of an environment usually is.
    fn usual(&self, environment: &BStr) -> BString {
        self.join(environment, self.interpreters()[0])
    }

    fn join(&self, dir: &BStr, name: impl AsRef<[u8]>) -> BString {
        let mut path = dir.to_owned();
        let ends = |byte: &u8| *byte == b'/' || *byte == self.flavor().separator();
        if !path.last().is_some_and(ends) {
            path.push(self.flavor().separator());
        }
        path.extend_from_slice(name.as_ref());
        path
    }

    /// The rest of a path below a directory.
    fn below<'p>(&self, dir: &[u8], path: &'p [u8]) -> &'p [u8] {
        let separator = char::from(self.flavor().separator());
        path[dir.len()..].trim_start_with(|c| c == '/' || c == separator)
    }

    /// The last name of a path.
    fn name_of<'p>(&self, path: &'p BStr) -> &'p [u8] {
        let separators: &[u8] = if self.flavor() == Flavor::Windows { br"\/:" } else { b"/" };
        &path[path.rfind_byteset(separators).map_or(0, |end| end + 1)..]
    }

    /// Whether a shell would treat it as a path, and not as a name.
    fn is_path(&self, typed: &BStr) -> bool {
        let has_drive = self.flavor() == Flavor::Windows && typed.get(1) == Some(&b':');
        has_drive || typed.iter().any(|&byte| byte == b'/' || byte == self.flavor().separator())
    }

    /// A path: an executable as typed, or an environment's directory.
    fn path(&self, typed: &BStr) -> Result<Target, TargetError> {
        if self.is_directory(typed) {
            self.dir(typed)
        } else if let Some(target) = self.redirected(typed) {
            Ok(target)
        } else if self.is_dangling_environment(typed) {
            Ok(Target { executable: self.usual(typed), note: None })
        } else {
            Ok(Target { executable: typed.to_owned(), note: None })
        }
    }

    /// Whether it is a symlink to nowhere in the place of a project's environment.
    fn is_dangling_environment(&self, typed: &BStr) -> bool {
        let name = self.name_of(typed);
        PROJECT_ENVIRONMENTS.iter().any(|known| name == known.as_bytes()) && self.is_remains(typed)
    }

    /// A file in the place of a project's environment that names the directory of that (the draft of PEP 832). One that
    /// names nothing still means an environment: what is wrong with it is the answer.
    fn redirected(&self, typed: &BStr) -> Option<Target> {
        let path = self.absolute(typed)?;
        let is_named = self.name_of(path.as_bstr()) == PROJECT_ENVIRONMENT.as_bytes();
        if !is_named || !self.host.metadata(path.as_bstr()).is_ok_and(|metadata| metadata.kind == FileKind::File) {
            return None;
        }
        let Some(environment) = redirected(self.host, path.as_bstr()).map(|redirect| redirect.dir) else {
            let note = sentence(&[typed, b" is a file that names no environment"]);
            return Some(Target { executable: self.usual(typed), note: Some(note) });
        };
        let (executable, what): (_, &[u8]) = match self.interpreter_of(environment.as_bstr()) {
            Some(executable) => (executable, b", whose interpreter is used"),
            None if self.exists(environment.as_bstr()) => (self.usual(typed), b", which has no interpreter"),
            None => (self.usual(typed), b", which does not exist"),
        };
        let note = sentence(&[typed, b" is a file that names the environment ", &environment, what]);
        Some(Target { executable, note: Some(note) })
    }

    /// A bare name: an environment here, else what a shell would find, else a directory here. `env` is a program on every
    /// system, and a common name of environments.
    fn name(&self, typed: &BStr) -> Result<Target, TargetError> {
        if self.is_directory(typed) && (self.is_environment(typed) || self.has_lost_cfg(typed)) {
            return self.dir(typed);
        }
        if self.is_on_path(typed) {
            return Ok(Target { executable: typed.to_owned(), note: None });
        }
        if self.is_directory(typed) {
            return self.dir(typed);
        }
        if let Some(target) = self.redirected(typed) {
            return Ok(target);
        }
        if PROJECT_ENVIRONMENTS.iter().any(|name| typed == name.as_bytes()) && self.is_remains(typed) {
            return Ok(Target { executable: self.usual(typed), note: None });
        }
        let here = self.absolute(typed).is_some_and(|path| self.host.link_metadata(path.as_bstr()).is_ok());
        Err(TargetError::NotOnPath { name: typed.to_owned(), path: self.search_path().to_owned(), here })
    }

    /// An environment's directory: its interpreter.
    fn dir(&self, dir: &BStr) -> Result<Target, TargetError> {
        if let Some(executable) = self.interpreter_of(dir) {
            let others = self.others_of(dir, executable.as_bstr());
            let note = sentence(&[dir, b" is a directory; its ", self.below(dir, &executable), b" is used", &others]);
            return Ok(Target { executable, note: Some(note) });
        }
        if self.exists(self.join(dir, "pyvenv.cfg").as_bstr()) {
            // Broken environments are what this program is for: the report says what is missing.
            let missing = self.interpreters()[0].as_bytes();
            let why = sentence(&[dir, b" has a pyvenv.cfg but no interpreter; ", missing, b" is what is missing"]);
            return Ok(Target { executable: self.usual(dir), note: Some(why) });
        }
        if self.is_directory(self.join(dir, "conda-meta").as_bstr()) {
            let missing = if self.flavor() == Flavor::Windows { "python.exe" } else { INTERPRETERS[0] };
            let why = sentence(&[dir, b" is an environment of conda, and has no ", missing.as_bytes()]);
            return Ok(Target { executable: self.join(dir, missing), note: Some(why) });
        }
        if is_named_like_interpreter(self.name_of(dir)) {
            return Ok(Target { executable: dir.to_owned(), note: None });
        }
        Err(TargetError::NoInterpreter {
            bin: self.join(dir, self.bin()),
            inside: self.names().iter().map(|name| self.join(dir, name)).find(|path| self.exists(path.as_bstr())),
            below: self.environments_below(dir),
        })
    }

    /// The environments below a directory, named as the directory was.
    fn environments_below(&self, dir: &BStr) -> Vec<BString> {
        let Some(absolute) = self.absolute(dir) else { return Vec::new() };
        let options = WalkOptions { max_depth: Some(SUGGESTION_DEPTH + 1), ..WalkOptions::default() };
        let mut found = Vec::new();
        self.host.walk(absolute.as_bstr(), options, &mut |entry| {
            if self.name_of(entry.path) == b"pyvenv.cfg" {
                found.push(module::dirname(self.flavor(), entry.path));
            }
            WalkState::Continue
        });
        found.sort();
        found
            .iter()
            .map(|environment| self.join(dir, self.below(&absolute, environment)))
            .filter(|environment| self.interpreter_of(environment.as_bstr()).is_some())
            .collect()
    }

    /// Nothing typed: the active environment, else the nearest, else `python3` on PATH. An active base environment of
    /// conda is what most shells have that use conda, and comes after an environment of the project.
    fn nearest(&self) -> Result<Target, TargetError> {
        let taken = |executable: BString, why: &[&[u8]]| Target { note: Some(sentence(why)), executable };
        if let Some(environment) = self.set("VIRTUAL_ENV") {
            // Used even where nothing is there anymore: that the active environment is gone is the answer.
            let found = self.interpreter_of(environment);
            let is_one = found.is_some() || self.is_remains(environment) || !self.exists(environment);
            let none: &[u8] = if is_one { b"" } else { b", which is no environment" };
            let executable = found.unwrap_or_else(|| self.usual(environment));
            let conda = self.also_active(environment);
            return Ok(taken(executable, &[b"no PYTHON given; VIRTUAL_ENV is ", environment, none, &conda]));
        }
        let conda = self.active_conda();
        if let Some((prefix, executable)) = conda.as_ref().filter(|_| !self.is_base_of_conda()) {
            return Ok(taken(executable.clone(), &[b"no PYTHON given; CONDA_PREFIX is ", prefix]));
        }
        let (found, passed) = self.project_environment();
        if let Some((environment, executable)) = found {
            return Ok(taken(executable, &[b"no PYTHON given; the nearest environment is ", &environment, &passed]));
        }
        if let Some((prefix, executable)) = conda {
            let why: &[u8] = b"no PYTHON given; CONDA_PREFIX is the base environment ";
            return Ok(taken(executable, &[why, prefix, &passed]));
        }
        for name in ["python3", "python"] {
            if self.is_on_path(name.into()) {
                let why = b"no PYTHON given and no environment in this directory or its parents; found on PATH: ";
                return Ok(taken(name.into(), &[why, name.as_bytes(), &passed]));
            }
        }
        Err(TargetError::Nothing)
    }

    /// A variable that is not empty.
    fn set(&self, name: &str) -> Option<&BStr> {
        self.invocation.variable(name).filter(|value| !value.is_empty())
    }

    /// The active environment of conda and its interpreter.
    fn active_conda(&self) -> Option<(&BStr, BString)> {
        let prefix = self.set("CONDA_PREFIX")?;
        Some((prefix, self.interpreter_of(prefix)?))
    }

    /// Whether the active environment of conda is its base environment, in which conda itself is.
    fn is_base_of_conda(&self) -> bool {
        match self.set("CONDA_DEFAULT_ENV") {
            Some(name) => name == "base" || name == "root",
            None => self.set("CONDA_PREFIX").is_some_and(|prefix| self.exists(self.join(prefix, "condabin").as_bstr())),
        }
    }

    /// That an environment of conda is active as well.
    fn also_active(&self, environment: &BStr) -> BString {
        match self.active_conda() {
            Some((prefix, _)) if prefix != environment => {
                sentence(&[b"; the conda environment ", prefix, b" is active too"])
            }
            _ => BString::default(),
        }
    }

    /// The environment of the project, and which `.venv` on the way to it is none.
    fn project_environment(&self) -> (Option<(BString, BString)>, BString) {
        let mut passed = BString::default();
        let Some(mut dir) = self.invocation.cwd.as_ref().map(|cwd| cwd.as_bstr()) else { return (None, passed) };
        loop {
            for name in PROJECT_ENVIRONMENTS {
                let environment = self.join(dir, name);
                if let Some(executable) = self.interpreter_of(environment.as_bstr()) {
                    return (Some((environment, executable)), passed);
                }
                if let Some(target) = self.redirected(environment.as_bstr()) {
                    return (Some((environment, target.executable)), passed);
                }
                if self.is_remains(environment.as_bstr()) {
                    let executable = self.usual(environment.as_bstr());
                    return (Some((environment, executable)), passed);
                }
                if name == PROJECT_ENVIRONMENTS[0] && passed.is_empty() && self.is_directory(environment.as_bstr()) {
                    passed = sentence(&[b"; ", &environment, b" is a directory and no environment"]);
                }
            }
            let Some(above) = self.above(dir) else { return (None, passed) };
            dir = above;
        }
    }

    /// The directory above another; none above the root.
    fn above<'d>(&self, dir: &'d BStr) -> Option<&'d BStr> {
        if self.flavor() == Flavor::Posix {
            let end = dir.rfind_byte(b'/').filter(|_| dir.len() > 1)?;
            return Some(dir[..end.max(1)].as_bstr());
        }
        let length = module::dirname(Flavor::Windows, dir).len();
        (length < dir.len()).then(|| dir[..length].as_bstr())
    }

    /// What an interpreter is called.
    fn names(&self) -> &'static [&'static str] {
        if self.flavor() == Flavor::Windows { &["python.exe"] } else { &["python", "python3"] }
    }

    /// Where an environment keeps its programs.
    fn bin(&self) -> &'static str {
        if self.flavor() == Flavor::Windows { "Scripts" } else { "bin" }
    }

    /// Whether a directory is an environment by its `pyvenv.cfg`.
    fn is_environment(&self, dir: &BStr) -> bool {
        self.exists(self.join(dir, "pyvenv.cfg").as_bstr())
    }

    /// Whether a directory was an environment, but has no `pyvenv.cfg` any more: to take `env` for the program would hide that.
    fn has_lost_cfg(&self, dir: &BStr) -> bool {
        self.exists(self.join(self.join(dir, self.bin()).as_bstr(), "activate").as_bstr())
            && self.interpreter_of(dir).is_some()
    }

    /// Whether it is what is left of an environment: to skip it would hide what is wrong.
    fn is_remains(&self, dir: &BStr) -> bool {
        let is_dangling = self.exists(dir)
            && self.absolute(dir).is_some_and(|path| self.host.metadata(path.as_bstr()) == Err(HostError::NotFound));
        is_dangling || self.is_environment(dir)
    }

    /// The interpreter in an environment's directory; a dangling symlink counts, and is worth an explanation. Where none
    /// has a usual name, it is the newest of those that are called as their version.
    fn interpreter_of(&self, dir: &BStr) -> Option<BString> {
        let usual =
            self.interpreters().iter().map(|name| self.join(dir, name)).find(|path| self.exists(path.as_bstr()));
        usual.or_else(|| {
            let versioned = self.versioned_of(dir);
            let is_there = |path: &BString| {
                self.absolute(path.as_bstr()).is_some_and(|path| self.host.metadata(path.as_bstr()).is_ok())
            };
            versioned.iter().find(|path| is_there(path)).or(versioned.first()).cloned()
        })
    }

    /// The interpreters in a directory that are called as their minor version, the newest first.
    fn versioned_of(&self, dir: &BStr) -> Vec<BString> {
        let bin = self.join(dir, self.bin());
        let names = self.absolute(bin.as_bstr()).map(|bin| self.host.list_dir(bin.as_bstr()));
        let is_versioned =
            |name: &BString| InterpreterName::parse(name.as_bstr()).is_some_and(|name| name.minor.is_some());
        let mut names: Vec<BString> = names.into_iter().flatten().flatten().filter(is_versioned).collect();
        newest_first(&mut names);
        names.into_iter().map(|name| self.join(bin.as_bstr(), name)).collect()
    }

    /// That there are others next to an interpreter that was chosen for its version.
    fn others_of(&self, dir: &BStr, executable: &BStr) -> BString {
        if self.interpreters().iter().any(|name| executable.ends_with(name.as_bytes())) {
            return BString::default();
        }
        match self.versioned_of(dir).len() {
            0 | 1 => BString::default(),
            number => format!(", one of {number} interpreters there").into(),
        }
    }

    fn search_path(&self) -> &BStr {
        let default = if self.flavor() == Flavor::Windows { "" } else { DEFAULT_PATH };
        self.invocation.variable("PATH").unwrap_or(default.into())
    }

    fn is_on_path(&self, name: &BStr) -> bool {
        // Shells of Windows find `python.exe` under the name `python`.
        let endings: Vec<BString> = iter::once(BString::default()).chain(self.invocation.program_endings()).collect();
        self.search_path().split(|&byte| byte == self.flavor().delimiter()).any(|dir| {
            let dir = if dir.is_empty() { b"." } else { dir };
            let path = self.join(dir.as_bstr(), name);
            endings.iter().any(|ending| self.is_program(bstr::concat([path.as_bytes(), ending]).as_bstr()))
        })
    }

    fn is_program(&self, path: &BStr) -> bool {
        self.absolute(path).is_some_and(|path| {
            let is_file = self.host.metadata(path.as_bstr()).is_ok_and(|metadata| metadata.kind == FileKind::File);
            is_file && self.host.may_execute(path.as_bstr())
        })
    }

    fn is_directory(&self, path: &BStr) -> bool {
        let metadata = self.absolute(path).map(|path| self.host.metadata(path.as_bstr()));
        metadata.is_some_and(|metadata| metadata.is_ok_and(|metadata| metadata.kind == FileKind::Directory))
    }

    fn exists(&self, path: &BStr) -> bool {
        self.absolute(path).is_some_and(|path| self.host.link_metadata(path.as_bstr()).is_ok())
    }

    fn absolute(&self, path: &BStr) -> Option<BString> {
        if path::is_absolute(self.invocation.platform, path) {
            return Some(path.to_owned());
        }
        Some(path::concatenate(self.invocation.platform, self.invocation.cwd.as_ref()?.as_bstr(), path))
    }
}

/// Whether something has the name of an interpreter. What is in the place of one is a problem to explain, not a mistyped
/// argument.
pub fn is_named_like_interpreter(name: &[u8]) -> bool {
    name.starts_with(b"python") || name.starts_with(b"pypy")
}

fn sentence(parts: &[&[u8]]) -> BString {
    bstr::concat(parts).into()
}
