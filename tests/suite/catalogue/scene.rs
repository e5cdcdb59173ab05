//! A directory with an environment and a base in it, to be broken.

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use bstr::{BStr, BString, ByteSlice};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::interpreters::Interpreter;
use crate::support::world::{Cwd, Start};

/// What a builder has made: how to ask, and what betrays the fault.
#[derive(Default)]
pub struct Case {
    /// What is asked about: an executable or a directory.
    pub python: PathBuf,
    /// Further arguments of `explain`.
    pub arguments: Vec<String>,
    /// A path that the reason of a failure must name.
    pub culprit: Option<PathBuf>,
    /// Values in the report that betray the fault: JSON pointer and value.
    pub betrayal: Vec<(&'static str, Value)>,
    /// Whether somebody asks who owns nothing.
    pub stranger: bool,
}

impl Case {
    /// Asks about `python`.
    pub fn of(python: impl Into<PathBuf>) -> Self {
        Self { python: python.into(), ..Self::default() }
    }

    /// The reason must name this.
    pub fn culprit(self, path: impl Into<PathBuf>) -> Self {
        Self { culprit: Some(path.into()), ..self }
    }

    /// The report must hold this value.
    pub fn betrayed_by(mut self, pointer: &'static str, value: impl Into<Value>) -> Self {
        self.betrayal.push((pointer, value.into()));
        self
    }

    /// With further arguments.
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(ToString::to_string));
        self
    }
}

/// Why a situation could not be made.
pub enum Unmade {
    /// It cannot be made on this machine.
    Reason(String),
    /// It should have been possible.
    Failed(io::Error),
}

impl From<io::Error> for Unmade {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// What a builder answers.
pub type Made = Result<Case, Unmade>;

/// A directory of its own for one situation.
pub struct Scene<'p> {
    /// The interpreter that plays.
    pub python: &'p Interpreter,
    _dir: TempDir,
    path: PathBuf,
}

/// The library that holds the interpreter, where the build is a shared one.
pub fn shared_library(python: &Interpreter) -> Option<PathBuf> {
    let path = Path::new(as_str(&python.prefix)).join(format!("lib/libpython{}.so.1.0", python.xy()));
    path.is_file().then_some(path)
}

fn as_str(path: &BString) -> &str {
    path.to_str().expect("interpreters live in directories with readable names")
}

impl<'p> Scene<'p> {
    /// An empty scene.
    pub fn new(python: &'p Interpreter) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("vdcat").tempdir()?;
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755))?;
        let path = dir.path().canonicalize()?;
        Ok(Self { python, _dir: dir, path })
    }

    /// A path in the scene.
    pub fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The same as text.
    pub fn text(&self, name: &str) -> String {
        self.at(name).to_str().expect("a temporary directory has a readable name").to_owned()
    }

    /// `pythonX.Y`.
    pub fn name(&self) -> String {
        format!("python{}", self.python.xy())
    }

    /// The interpreter that is installed on this machine.
    pub fn installed(&self) -> PathBuf {
        PathBuf::from(as_str(&self.python.exe))
    }

    /// Its prefix.
    pub fn installed_prefix(&self) -> String {
        as_str(&self.python.prefix).to_owned()
    }

    /// The directory that it lies in.
    pub fn installed_bin(&self) -> String {
        self.python.bin().to_string()
    }

    /// Its standard library.
    pub fn stdlib(&self) -> PathBuf {
        PathBuf::from(as_str(&self.python.stdlib))
    }

    /// Writes a file that anybody may execute.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> io::Result<PathBuf> {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.path))?;
        fs::write(&path, content)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// Makes a directory.
    pub fn dir(&self, name: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(self.at(name))?;
        Ok(self.at(name))
    }

    /// Makes a link.
    pub fn link(&self, name: &str, target: impl AsRef<Path>) -> io::Result<PathBuf> {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.path))?;
        symlink(target, &path)?;
        Ok(path)
    }

    /// An environment in `env` whose interpreter is a link to the installed one, with this `pyvenv.cfg`.
    pub fn environment(&self, cfg: &str) -> io::Result<PathBuf> {
        self.bare_environment()?;
        self.write("env/pyvenv.cfg", cfg)?;
        Ok(self.at("env/bin/python"))
    }

    /// The same without a `pyvenv.cfg`.
    pub fn bare_environment(&self) -> io::Result<PathBuf> {
        self.dir(&self.site_packages())?;
        self.link("env/bin/python", self.installed())
    }

    /// The environment's site-packages, in the scene.
    pub fn site_packages(&self) -> String {
        format!("env/lib/{}/site-packages", self.name())
    }

    /// `home = …` and nothing else that matters.
    pub fn sound_cfg(&self) -> String {
        cfg(&self.installed_bin())
    }

    /// A copy of the installed interpreter in `base/bin`, with links to all of its standard library.
    pub fn base(&self) -> io::Result<PathBuf> {
        self.link(&format!("base/lib/{}", self.name()), self.stdlib())?;
        self.write(&format!("base/bin/{}", self.name()), self.binary()?)
    }

    /// The bytes of the installed interpreter.
    pub fn binary(&self) -> io::Result<Vec<u8>> {
        fs::read(self.installed())
    }

    /// Runs a command of the program on a case.
    pub fn run(&self, command: &str, case: &Case, format: &str) -> io::Result<(Option<i32>, Vec<u8>, Vec<u8>)> {
        let world = &self.python.world;
        let mut args: Vec<BString> = vec![command.into(), case.python.as_os_str().as_bytes().into()];
        args.extend(case.arguments.iter().map(|argument| BString::from(argument.as_str())));
        args.extend(["--format", format].map(BString::from));
        let program: BString = bstr::concat([world.work(), BStr::new("/venv-doctor")]).into();
        let cwd = Cwd::At(self.path.as_os_str().as_bytes().into());
        let ended = world.run(&Start {
            file: program.clone(),
            arg0: program,
            args,
            env: vec![("PATH".to_owned(), "/usr/bin:/bin".into()), ("HOME".to_owned(), "/nonexistent".into())],
            cwd: &cwd,
            unprivileged: case.stranger,
            stdin: None,
            capture: world.work_outside().join("catalogue"),
        })?;
        Ok((ended.code, ended.stdout, ended.stderr))
    }
}

/// A `pyvenv.cfg` with this `home`.
pub fn cfg(home: &str) -> String {
    format!("home = {home}\ninclude-system-site-packages = false\n")
}
