//! One start: what is started, how, and where.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::OnceLock;

use bstr::{BStr, BString, ByteSlice};

use super::damage::Library;
use crate::support::interpreters::Interpreter;

/// Code that says it ran, whatever became of the standard streams and of the standard library.
pub const PROGRAM: &str = "import posix; posix.write(1, b'STARTED\\n')\n";

/// The interpreter of the situations, with a directory for them.
pub struct Subject<'p> {
    /// The interpreter.
    pub python: &'p Interpreter,
    dir: BString,
    library: OnceLock<Library>,
}

impl<'p> Subject<'p> {
    /// The subject, with a program to run in its directory.
    pub fn new(python: &'p Interpreter) -> Self {
        Self::named(python, "table")
    }

    /// The same in a directory of another name, for tests that run next to each other.
    pub fn named(python: &'p Interpreter, name: &str) -> Self {
        let dir = BString::from(format!("{}/{name}-{}", python.world.work(), python.label.replace([' ', ','], "-")));
        let subject = Self { python, dir, library: OnceLock::new() };
        for name in ["cwd/app", "home"] {
            fs::create_dir_all(subject.outside(name)).unwrap();
        }
        for name in ["cwd/vdmain.py", "cwd/app/__main__.py"] {
            fs::write(subject.outside(name), PROGRAM).unwrap();
        }
        subject
    }

    /// A path in its directory, as programs see it.
    pub fn path(&self, name: &str) -> BString {
        format!("{}/{name}", self.dir).into()
    }

    /// The same from outside.
    pub fn outside(&self, name: &str) -> PathBuf {
        self.python.world.outside(self.path(name).as_bstr())
    }

    /// A path of the interpreter from outside.
    pub fn outside_of(&self, path: &BStr) -> PathBuf {
        self.python.world.outside(path)
    }

    /// The library that is damaged.
    pub fn library(&self) -> &Library {
        self.library.get_or_init(|| Library::new(self))
    }

    /// An environment without any startup code, so that nothing is imported before its time.
    pub fn environment(&self, name: &str) -> BString {
        let exe = self.path(&format!("{name}/bin/python"));
        let outside = self.outside(name);
        if !outside.join("bin").exists() {
            fs::create_dir_all(outside.join("bin")).unwrap();
            fs::create_dir_all(outside.join(self.site_packages())).unwrap();
            let cfg = format!("home = {}\ninclude-system-site-packages = false\n", self.python.bin());
            fs::write(outside.join("pyvenv.cfg"), cfg).unwrap();
            symlink(self.python.exe.to_str().unwrap(), outside.join("bin/python")).unwrap();
        }
        exe
    }

    /// The directory for packages below an environment.
    pub fn site_packages(&self) -> String {
        format!("lib/python{}/site-packages", self.python.xy())
    }
}

/// What Python runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launch {
    /// `-c`.
    Command,
    /// `-m` with the module of this name.
    Module(&'static str),
    /// The file of this name.
    Script(&'static str),
    /// What is started is itself a script.
    Itself,
}

/// One start.
pub struct Situation {
    /// For people.
    pub label: String,
    /// What is started.
    pub exe: BString,
    /// Flags and options, as both programs take them.
    pub words: Vec<BString>,
    /// What is run.
    pub launch: Launch,
    /// The working directory; empty for the usual one.
    pub cwd: BString,
    /// The variables, beyond the usual ones.
    pub env: Vec<(String, BString)>,
    /// Puts things back in order.
    pub undo: Box<dyn FnOnce()>,
}

impl Situation {
    /// A plain start of `exe`.
    pub fn new(label: String, exe: BString) -> Self {
        Self {
            label,
            exe,
            words: Vec::new(),
            launch: Launch::Command,
            cwd: BString::default(),
            env: Vec::new(),
            undo: Box::new(|| ()),
        }
    }

    /// The arguments of Python.
    pub fn arguments(&self) -> Vec<BString> {
        let mut arguments = self.words.clone();
        match self.launch {
            Launch::Command => arguments.extend(["-c", PROGRAM].map(BString::from)),
            Launch::Module(name) => arguments.extend(["-m", name].map(BString::from)),
            Launch::Script(path) => arguments.push(path.into()),
            Launch::Itself => {}
        }
        arguments
    }

    /// The same for venv-doctor.
    pub fn told(&self) -> Vec<BString> {
        let mut arguments = vec!["explain".into(), self.exe.clone(), "--json".into()];
        arguments.extend(self.words.iter().cloned());
        let launch = match self.launch {
            Launch::Command => "command".to_owned(),
            Launch::Module(name) => format!("module={name}"),
            Launch::Script(path) => format!("script={path}"),
            Launch::Itself => return arguments,
        };
        arguments.extend(["--launch".into(), launch.into()]);
        arguments
    }

    /// All variables.
    pub fn variables(&self) -> Vec<(String, BString)> {
        let usual = [("PATH", "/usr/bin:/bin"), ("LC_ALL", "C.UTF-8")];
        let mut all: Vec<_> = usual
            .into_iter()
            .filter(|(name, _)| self.env.iter().all(|(own, _)| own != name))
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        all.extend(self.env.iter().cloned());
        all
    }

    /// The label with how it is started.
    pub fn shown(&self) -> String {
        format!("{} {:?} {:?} {:?}", self.label, self.words, self.launch, self.env)
    }
}
