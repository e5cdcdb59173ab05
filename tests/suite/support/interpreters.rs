//! The interpreters of this machine, and what is known about each.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use bstr::{BStr, BString, ByteSlice};

use super::world::{Cwd, Start, World};

/// The minor versions of a complete run.
pub const WANTED: std::ops::RangeInclusive<u32> = 6..=15;

/// An interpreter that the tests may run.
#[derive(Clone)]
pub struct Interpreter {
    /// Its name in reports: version, and what distinguishes it.
    pub label: String,
    /// The world that it is installed in.
    pub world: Arc<World>,
    /// The binary itself, symlinks resolved.
    pub exe: BString,
    /// The minor version.
    pub minor: u32,
    /// The micro version.
    pub micro: u32,
    /// Its `sys.base_prefix` when it is started outside of environments.
    pub prefix: BString,
    /// The directory of the standard library.
    pub stdlib: BString,
    /// Whether an unprivileged user can run it.
    pub open_to_all: bool,
    /// Whether it has Debian's patched `site`.
    pub debian: bool,
    /// Whether it is a PyPy, whose directories have other names.
    pub pypy: bool,
    /// Whether the compiled-in prefix is another than the prefix in use.
    pub relocated: bool,
}

/// Which interpreters were found, and which were not.
pub struct Found {
    /// The interpreters, by version.
    pub interpreters: Vec<Interpreter>,
    /// One sentence for each interpreter that was not found or cannot be used.
    pub missed: Vec<String>,
}

impl Interpreter {
    /// The directory of the binary.
    pub fn bin(&self) -> BString {
        let end = self.exe.rfind_byte(b'/').unwrap_or(0);
        BString::from(&self.exe[..end])
    }

    /// What its directories are named after: `python` or `pypy`.
    pub fn stem(&self) -> &'static str {
        if self.pypy { "pypy" } else { "python" }
    }

    /// Whether its own lines wait in a buffer where standard error is no terminal, and what the C code prints overtakes
    /// them: up to 3.8 (bpo-13601), and in a PyPy of 3.9.
    pub fn buffers_errors(&self) -> bool {
        self.minor < 9 || self.pypy && self.minor == 9
    }

    /// `X.Y`.
    pub fn xy(&self) -> String {
        format!("3.{}", self.minor)
    }

    /// `XY`.
    pub fn nodot(&self) -> String {
        format!("3{}", self.minor)
    }
}

const QUESTION: &str = "import sys, os\n\
    print(sys.version_info[0], sys.version_info[1], sys.version_info[2])\n\
    print(os.path.realpath(sys.executable))\n\
    print(sys.base_prefix)\n\
    print(os.path.dirname(os.__file__))\n\
    print('dist-packages' in repr(__import__('site').getsitepackages()), sys.implementation.name)\n";

static ALL: LazyLock<Found> = LazyLock::new(|| find().expect("interpreters can be looked for"));
static CPYTHON: LazyLock<Found> = LazyLock::new(|| {
    let all = &*ALL;
    let interpreters = all.interpreters.iter().filter(|python| !python.pypy).cloned().collect();
    Found { interpreters, missed: all.missed.clone() }
});

/// The interpreters of CPython, looked for once per process. What is missing is printed for each test that asks.
pub fn found() -> &'static Found {
    tell(&CPYTHON)
}

/// The interpreters, those of PyPy too.
pub fn found_all() -> &'static Found {
    tell(&ALL)
}

fn tell(found: &'static Found) -> &'static Found {
    for missed in &found.missed {
        println!("skipped: {missed}");
    }
    found
}

/// The interpreters of this machine outside of root directories.
pub fn installed() -> impl Iterator<Item = &'static Interpreter> + Clone {
    found().interpreters.iter().filter(|python| python.world.root().is_none())
}

fn find() -> io::Result<Found> {
    let mut missed = Vec::new();
    let mut interpreters = Vec::new();
    let here = Arc::new(World::new(None)?);
    for candidate in candidates_here() {
        add(&mut interpreters, &mut missed, &here, &BString::from(candidate.as_os_str().as_bytes()));
    }
    match std::env::var_os("VENV_DOCTOR_ROOT").filter(|root| !root.is_empty()) {
        None => missed.push("no root directory: VENV_DOCTOR_ROOT is not set".to_owned()),
        Some(root) => add_root(&mut interpreters, &mut missed, &PathBuf::from(root)),
    }
    let only = std::env::var("VENV_DOCTOR_ONLY").unwrap_or_default();
    interpreters.retain(|python| python.label.contains(&only));
    interpreters.sort_by_key(|python| (python.minor, python.micro, python.label.clone()));
    let present: BTreeSet<u32> = interpreters.iter().map(|python| python.minor).collect();
    missed.extend(WANTED.filter(|minor| !present.contains(minor)).map(|minor| format!("no Python 3.{minor}")));
    Ok(Found { interpreters, missed })
}

fn candidates_here() -> Vec<PathBuf> {
    let mut candidates = Vec::new();
    let pyenv = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".pyenv")));
    if let Some(Ok(versions)) = pyenv.map(|pyenv| std::fs::read_dir(pyenv.join("versions"))) {
        candidates.extend(versions.flatten().map(|version| version.path().join("bin/python3")));
    }
    candidates.push(PathBuf::from("/usr/bin/python3"));
    let search = std::env::var_os("PATH").unwrap_or_default();
    candidates.extend(std::env::split_paths(&search).map(|entry| entry.join("python3")));
    if let Some(list) = std::env::var_os("VENV_DOCTOR_PYTHONS") {
        candidates.extend(std::env::split_paths(&list));
    }
    candidates.retain(|candidate| candidate.is_file());
    candidates.sort();
    candidates
}

fn add_root(interpreters: &mut Vec<Interpreter>, missed: &mut Vec<String>, root: &Path) {
    let world = match root.canonicalize().and_then(|root| World::new(Some(root))) {
        Ok(world) => Arc::new(world),
        Err(error) => return missed.push(format!("root directory {}: {error}", root.display())),
    };
    for minor in WANTED {
        let exe = format!("/usr/bin/python3.{minor}");
        if world.outside(BStr::new(&exe)).is_file() {
            add(interpreters, missed, &world, &BString::from(exe));
        }
    }
    if world.outside(b"/usr/bin/pypy3".as_bstr()).is_file() {
        add(interpreters, missed, &world, &BString::from("/usr/bin/pypy3"));
    }
}

fn add(interpreters: &mut Vec<Interpreter>, missed: &mut Vec<String>, world: &Arc<World>, exe: &BString) {
    match identify(world, exe) {
        Ok(Some(python)) => {
            // Several names lead to one binary, and a shim of a version manager leads to another binary.
            if !interpreters.iter().any(|known| known.exe == python.exe && Arc::ptr_eq(&known.world, world)) {
                interpreters.push(python);
            }
        }
        Ok(None) => missed.push(format!("{exe}: not CPython 3.6 to 3.15")),
        Err(error) => missed.push(format!("{exe}: {error}")),
    }
}

fn identify(world: &Arc<World>, exe: &BString) -> io::Result<Option<Interpreter>> {
    let ask = |exe: &BString, unprivileged: bool| {
        let cwd = Cwd::At(BString::from("/"));
        world.run(&Start {
            file: exe.clone(),
            arg0: exe.clone(),
            args: ["-I", "-c", QUESTION].map(BString::from).into(),
            env: vec![("PATH".to_owned(), BString::from("/usr/bin:/bin"))],
            cwd: &cwd,
            unprivileged,
            stdin: None,
            capture: world.work_outside().join("identify"),
        })
    };
    let answer = ask(exe, false)?;
    let mut lines = answer.stdout.lines();
    let mut line = || BString::from(lines.next().unwrap_or_default());
    let (version, exe, prefix, stdlib, kind) = (line(), line(), line(), line(), line().to_string());
    let version: Vec<u32> = version.to_string().split(' ').filter_map(|part| part.parse().ok()).collect();
    let &[3, minor, micro] = version.as_slice() else { return Ok(None) };
    let pypy = kind.ends_with("pypy");
    if !(kind.ends_with("cpython") || pypy) || !WANTED.contains(&minor) {
        return Ok(None);
    }
    let debian = kind.starts_with("True");
    // A Python that was moved after it was built has another prefix compiled in than the one in use.
    let relocated = !debian && !pypy && has_foreign_prefix(world, &exe, &prefix);
    let origin = match (debian, world.root().is_some()) {
        (true, false) => " Debian",
        (true, true) => " Debian, root directory",
        _ if relocated => " relocated",
        _ => "",
    };
    let open_to_all = ask(&exe, true).is_ok_and(|answer| answer.code == Some(0));
    Ok(Some(Interpreter {
        label: format!("{}3.{minor}.{micro}{origin}", if pypy { "PyPy " } else { "" }),
        world: Arc::clone(world),
        exe,
        minor,
        micro,
        prefix,
        stdlib,
        open_to_all,
        debian,
        pypy,
        relocated,
    }))
}

/// Whether `sysconfig` names another prefix than the one in use.
fn has_foreign_prefix(world: &World, exe: &BString, prefix: &BString) -> bool {
    const QUESTION: &str = "import sys, sysconfig, importlib\n\
        name = sysconfig._get_sysconfigdata_name()\n\
        print(importlib.import_module(name).build_time_vars['prefix'])";
    let cwd = Cwd::At(BString::from("/"));
    let answer = world.run(&Start {
        file: exe.clone(),
        arg0: exe.clone(),
        args: ["-I", "-c", QUESTION].map(BString::from).into(),
        env: Vec::new(),
        cwd: &cwd,
        unprivileged: false,
        stdin: None,
        capture: world.work_outside().join("identify"),
    });
    answer.is_ok_and(|answer| answer.code == Some(0) && answer.stdout.trim_ascii() != prefix.as_slice())
}
