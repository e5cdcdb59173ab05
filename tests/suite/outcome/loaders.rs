//! What the dynamic loader makes of damaged programs and libraries, next to really started ones.
//!
//! Copies of the interpreters of this machine are edited: names of needed libraries, versions of symbols, and the files
//! that `LD_LIBRARY_PATH` puts before the real ones.

#![expect(clippy::disallowed_methods, reason = "programs are found below the user's home")]

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use bstr::{BString, ByteSlice};
use tempfile::TempDir;
use venv_doctor::internals::host::{LiveHost, Lookups};
use venv_doctor::internals::interpreter::{LoaderVariables, Problem, identify};

use crate::support::world;

/// What a Python may need directly.
const LIBRARIES: [&str; 7] =
    ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "libutil.so.1", "libz.so.1", "libexpat.so.1"];
/// How many versions are tried of each file.
const MOST_VERSIONS: usize = 5;
/// What the file under a library's name is.
const CONTENTS: [Content; 6] =
    [Content::Empty, Content::Text, Content::Cut, Content::OtherClass, Content::Directory, Content::Whole];

#[derive(Clone, Copy, Debug)]
enum Content {
    Empty,
    Text,
    Cut,
    OtherClass,
    Directory,
    Whole,
}

/// The programs of the machine with the libraries of Python below their prefix.
pub fn programs() -> Vec<(PathBuf, Option<PathBuf>)> {
    let home = std::env::var("HOME").unwrap_or_default();
    let versions = fs::read_dir(Path::new(&home).join(".pyenv/versions"));
    let prefixes = versions.into_iter().flatten().flatten().map(|entry| entry.path());
    let library_of = |prefix: &Path| {
        let names = fs::read_dir(prefix.join("lib")).ok()?.flatten().map(|entry| entry.path());
        names.filter(|path| path.as_os_str().as_bytes().ends_with(b".so.1.0")).find(|path| path.is_file())
    };
    let mut found: Vec<_> = prefixes.map(|prefix| (prefix.join("bin/python3"), library_of(&prefix))).collect();
    found.push(("/usr/bin/python3".into(), None));
    found.retain(|(program, _)| program.is_file());
    found.sort();
    found
}

/// A directory with a copy of a program, and a directory of libraries.
struct Room {
    dir: TempDir,
}

impl Room {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        fs::create_dir(dir.path().join("lib")).expect("a directory");
        Self { dir }
    }

    fn write(&self, name: &str, content: &[u8]) {
        let path = self.dir.path().join(name);
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
    }

    fn library(&self, name: &str, content: Content) -> bool {
        let real =
            ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib/aarch64-linux-gnu"];
        let Some(mut bytes) = real.iter().find_map(|dir| fs::read(Path::new(dir).join(name)).ok()) else {
            return false;
        };
        let path = format!("lib/{name}");
        match content {
            Content::Empty => self.write(&path, b""),
            Content::Text => self.write(&path, &b"this is no library at all\n".repeat(8)),
            Content::Cut => self.write(&path, &bytes[..8192.min(bytes.len())]),
            Content::OtherClass => {
                (bytes[4], bytes[18]) = (1, 3);
                self.write(&path, &bytes);
            }
            Content::Directory => fs::create_dir(self.dir.path().join(path)).expect("a directory"),
            Content::Whole => self.write(&path, &bytes),
        }
        true
    }

    /// Starts the program, and compares how that ends with what is said of it.
    fn judge(&self, situation: &str, counts: &mut Counts) {
        let program = self.dir.path().join("python");
        let libraries = self.dir.path().join("lib");
        let mut command = Command::new(&program);
        command.arg("-V").env("LD_LIBRARY_PATH", &libraries).stdout(Stdio::piped()).stderr(Stdio::piped());
        let real = world::spawn(&mut command).and_then(Child::wait_with_output).expect("it is executed");
        let (host, path) = (LiveHost, BString::from(program.as_os_str().as_bytes()));
        let list = BString::from(libraries.as_os_str().as_bytes());
        let variables = LoaderVariables { library_path: Some(list.as_bstr()), ..LoaderVariables::default() };
        let problem = identify(&Lookups::new(&host, None), path.as_bstr(), variables).problem;
        counts.add(&real, problem.as_ref(), situation);
    }
}

#[derive(Debug, Default)]
struct Counts {
    starts: usize,
    fails: usize,
    unforeseen: Vec<String>,
}

impl Counts {
    fn add(&mut self, real: &Output, problem: Option<&Problem>, situation: &str) {
        let says = |text: &[u8]| real.stderr.contains_str(text);
        match problem {
            None if real.status.success() => self.starts += 1,
            None => self.unforeseen.push(format!("{situation}: {real:?}")),
            Some(problem) => {
                let fits = match problem {
                    Problem::MissingLibrary { library, .. } => {
                        let text = [library.as_slice(), b": cannot open shared object file"].concat();
                        real.status.code() == Some(127) && says(&text)
                    }
                    Problem::MissingVersion { version, .. } => {
                        let text = [b"version `", version.as_slice(), b"' not found"].concat();
                        real.status.code() == Some(1) && says(&text)
                    }
                    // A library that was cut ends the process with a signal, and says nothing.
                    Problem::BadLibrary { library, .. } => {
                        real.status.code().is_none() || real.status.code() == Some(127) && says(library)
                    }
                    _ => false,
                };
                assert!(fits, "{situation}: {problem:?}, but really {real:?}");
                self.fails += 1;
            }
        }
    }

    fn close(&self, what: &str) {
        println!("{what}: {} start, {} fail", self.starts, self.fails);
        assert!(self.unforeseen.is_empty(), "{what}: {:#?}", self.unforeseen);
    }
}

/// `dl_elf_hash`, by which versions are compared.
fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0, |hash: u32, byte| {
        let hash = (hash << 4).wrapping_add(u32::from(*byte));
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}

/// The versions of the C library that a file names.
fn versions(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    for at in file.find_iter("\0GLIBC_2.") {
        let name = file[at + 1..].split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        if name.len() < 16 && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The file with `GLIBC_9.x` where it needed `GLIBC_2.x`.
fn needing_newer(file: &[u8], version: &[u8]) -> Vec<u8> {
    let newer = version.replacen(b"GLIBC_2", b"GLIBC_9", 1);
    let text = |name: &[u8]| [b"\0", name, b"\0"].concat();
    let hashes = [hash(version), hash(&newer)].map(u32::to_le_bytes);
    file.replace(text(version), text(&newer)).replace(hashes[0], hashes[1])
}

#[test]
fn versions_are_compared_as_the_loader_does() {
    let mut counts = Counts::default();
    for (program, library) in programs() {
        for file in [Some(&program), library.as_ref()].into_iter().flatten() {
            let bytes = fs::read(file).expect("a file");
            for version in versions(&bytes).into_iter().take(MOST_VERSIONS) {
                let room = Room::new();
                room.write("python", &fs::read(&program).expect("a file"));
                let name = file.file_name().and_then(|name| name.to_str()).expect("ASCII");
                let name = if *file == program { "python".to_owned() } else { format!("lib/{name}") };
                room.write(&name, &needing_newer(&bytes, &version));
                room.judge(&format!("{} needs newer {}", file.display(), version.as_bstr()), &mut counts);
            }
        }
    }
    counts.close("versions");
}

#[test]
fn needed_libraries_are_looked_for_as_the_loader_does() {
    let mut counts = Counts::default();
    for (program, library) in programs() {
        for file in [Some(&program), library.as_ref()].into_iter().flatten() {
            let bytes = fs::read(file).expect("a file");
            for needed in LIBRARIES.iter().filter(|name| bytes.contains_str(format!("\0{name}\0"))) {
                let room = Room::new();
                room.write("python", &fs::read(&program).expect("a file"));
                let name = file.file_name().and_then(|name| name.to_str()).expect("ASCII");
                let name = if *file == program { "python".to_owned() } else { format!("lib/{name}") };
                let gone = needed.replacen("lib", "lqb", 1);
                room.write(&name, &bytes.replace(format!("\0{needed}\0"), format!("\0{gone}\0")));
                room.judge(&format!("{} needs {gone}", file.display()), &mut counts);
            }
        }
    }
    counts.close("needed libraries");
}

#[test]
fn files_under_the_name_of_a_library_are_taken_as_the_loader_does() {
    let mut counts = Counts::default();
    for (program, _) in programs() {
        for (name, content) in LIBRARIES.iter().flat_map(|name| CONTENTS.map(|content| (name, content))) {
            let room = Room::new();
            room.write("python", &fs::read(&program).expect("a file"));
            if room.library(name, content) {
                room.judge(&format!("{} with {content:?} {name}", program.display()), &mut counts);
            }
        }
    }
    counts.close("files under the name of a library");
}
