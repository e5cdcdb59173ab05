//! What the kernel and the dynamic loader make of damaged programs and libraries, and of their variables, word for word,
//! next to really started ones.
//!
//! Copies of the interpreters of this machine are edited byte by byte; no compiler is needed.

#![expect(clippy::disallowed_methods, reason = "programs are found below the user's home")]

mod contents;
mod elf;
mod program_loader;
mod rights;
mod search_paths;
mod variables;

use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use bstr::{BStr, BString, ByteSlice};
use tempfile::TempDir;
use venv_doctor::Host;
use venv_doctor::internals::host::{LiveHost, Lookups, Platform};
use venv_doctor::internals::interpreter::{LoaderVariables, Problem, identify};

use crate::outcome::loaders::programs;
use crate::support::world;

/// A program whose Python is in a library.
struct Shared {
    program: PathBuf,
    bytes: Vec<u8>,
    /// The content of the library.
    library: Vec<u8>,
    /// The name by which the program needs it.
    name: String,
    /// The search path that the build wrote.
    built_in: String,
}

/// One of so many programs, as far as their Python is in a library.
fn shared(step: usize) -> impl Iterator<Item = Shared> {
    programs().into_iter().step_by(step).filter_map(|(program, library)| {
        let (bytes, library) = (fs::read(&program).expect("a file"), fs::read(library?).expect("a file"));
        let name = elf::python_library(&bytes).expect("it needs one");
        let prefix = program.parent().and_then(|bin| bin.parent()).expect("a prefix");
        let built_in = prefix.join("lib").display().to_string();
        Some(Shared { program, bytes, library, name, built_in })
    })
}

/// Whether the tests may give rights to programs.
fn is_root() -> bool {
    LiveHost.process().euid == 0
}

/// What a program prints. Another thread may still hold the file open that was written for it.
fn output(command: &mut Command) -> io::Result<Output> {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    world::spawn(command).and_then(Child::wait_with_output)
}

/// A directory with a copy of a program as `python`, and with `lib` for libraries.
struct Room {
    dir: TempDir,
}

impl Room {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("a mode");
        fs::create_dir(dir.path().join("lib")).expect("a directory");
        Self { dir }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.at(name);
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        path
    }

    /// What is foreseen of `python` in the room, with these variables.
    fn problem(&self, variables: &[(&str, &str)]) -> Option<Problem> {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| BStr::new(value));
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let loader = LoaderVariables {
            library_path: set("LD_LIBRARY_PATH"),
            preload: set("LD_PRELOAD"),
            audit: set("LD_AUDIT"),
            bind_now: set("LD_BIND_NOW"),
            trace: variable("LD_TRACE_LOADED_OBJECTS"),
            debug: set("LD_DEBUG"),
        };
        let (host, path) = (LiveHost, bytes(&self.at("python")));
        identify(&Lookups::new(&host, Some(bytes(self.dir.path()))), path.as_bstr(), loader).problem
    }
}

fn bytes(path: &Path) -> BString {
    path.as_os_str().as_bytes().into()
}

/// The library of that name that the system has.
fn system_library(name: &str) -> Option<Vec<u8>> {
    let dirs = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib/aarch64-linux-gnu"];
    dirs.iter().find_map(|dir| fs::read(Path::new(dir).join(name)).ok())
}

/// Counts what was compared.
#[derive(Debug, Default)]
struct Counts {
    starts: usize,
    fatal: usize,
    unknown: usize,
    different: Vec<String>,
}

impl Counts {
    /// Starts `python -V` in the room with these variables, and compares that with what is foreseen.
    fn judge(&mut self, room: &Room, variables: &[(&str, &str)], situation: &str) {
        let program = room.at("python");
        let mut command = Command::new(&program);
        command.arg("-V").env_clear().envs(variables.iter().copied()).current_dir(room.dir.path());
        let real = output(&mut command);
        let problem = room.problem(variables);
        self.compare(&real, problem.as_ref(), bytes(&program).as_bstr(), situation);
    }

    fn compare(&mut self, real: &io::Result<Output>, problem: Option<&Problem>, program: &BStr, situation: &str) {
        let agrees = match (problem, real) {
            (None, Ok(real)) => {
                self.starts += 1;
                real.status.success() && real.stdout.starts_with(b"Python 3.")
            }
            (Some(Problem::LoadingUnknown { .. }), _) => {
                self.unknown += 1;
                true
            }
            (Some(Problem::OnlyListed { .. }), Ok(real)) => {
                self.fatal += 1;
                real.status.success() && !real.stdout.starts_with(b"Python 3.")
            }
            (Some(problem), Ok(real)) => {
                self.fatal += 1;
                let status = match problem {
                    Problem::MissingVersion { .. } => Some(1),
                    Problem::BadLibrary { complaint: None, .. } | Problem::BadLoader { error: None, .. } => None,
                    _ => Some(127),
                };
                real.status.code() == status
                    && first_line(&real.stderr) == problem.printed(Platform::Linux, program, program)
            }
            (Some(problem), Err(error)) => {
                self.fatal += 1;
                let (number, is_absent) = (error.raw_os_error(), matches!(error.raw_os_error(), Some(2 | 20)));
                match problem {
                    Problem::MissingLoader { .. } => is_absent,
                    Problem::BadLoader { error: Some(name), .. } => number.is_some() && number == errno(name),
                    _ => false,
                }
            }
            (None, Err(_)) => false,
        };
        if !agrees {
            self.different.push(format!("{situation}: {problem:?}, but really {real:?}"));
        }
    }

    fn close(&self, what: &str) {
        let Self { starts, fatal, unknown, different } = self;
        let count = starts + fatal + unknown;
        println!("{what}: {count} situations, {fatal} fatal, {unknown} not decided, {} different", different.len());
        assert!(different.is_empty(), "{what}: {}", different.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
    }
}

/// What the loader prints first, its warnings left out.
fn first_line(stderr: &[u8]) -> Option<BString> {
    let is_warning =
        |line: &&[u8]| line.contains_str("no version information available") || line.starts_with(b"ERROR: ld.so: ");
    stderr.lines().find(|line| !is_warning(line)).map(BString::from)
}

fn errno(name: &str) -> Option<i32> {
    [("EACCES", 13), ("EIO", 5), ("ELIBBAD", 80), ("ELOOP", 40)]
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|found| found.1)
}
