//! What musl's loader makes of programs, next to really started ones: `musl-gcc` builds a small Python, and libraries are put
//! where the loader finds them, or something else instead.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use bstr::{BString, ByteSlice};
use tempfile::TempDir;
use venv_doctor::internals::host::{LiveHost, Lookups, Platform};
use venv_doctor::internals::interpreter::dependencies::{Lack, Loader};
use venv_doctor::internals::interpreter::{LoaderVariables, Problem, identify};

use crate::support::numbers::{number, seed};
use crate::support::rng::Rng;
use crate::support::world;

const LOADER: &str = "/lib/ld-musl-x86_64.so.1";
const MAIN: &str = "int Py_BytesMain(int, char **); int main(int c, char **v) { return Py_BytesMain(c, v); }";
const PYTHON: &str = "#include <stdio.h>\nint extra(void); const unsigned long Py_Version = 0x030c01f0; void Py_GetVersion(void) {}\n\
                      int Py_BytesMain(int c, char **v) { puts(\"Python 3.12.1\"); return extra(); }";
/// The file of that library, and what a program that needs it is linked with.
const LIBRARY: &str = "libpython3.12.so.1.0";
const NEEDS_LIBRARY: [&str; 3] = ["-L.", "-l:libpython3.12.so.1.0", "-Wl,--allow-shlib-undefined"];
const EXTRA: &str = "int extra(void) { return 0; }";
/// The same under the same name, without the function.
const OTHER: &str = "int another(void) { return 0; }";
/// How often programs are started with other files and variables.
const ROUNDS: usize = 400;

/// What is under the name of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Whole,
    Other,
    Empty,
    Text,
    Directory,
    Loop,
    Absent,
}

const CONTENTS: [Content; 7] =
    [Content::Whole, Content::Other, Content::Empty, Content::Text, Content::Directory, Content::Loop, Content::Absent];

/// Programs, each with its search path, and libraries.
struct Built {
    dir: TempDir,
    programs: Vec<PathBuf>,
    libraries: Vec<PathBuf>,
}

fn compile(dir: &Path, name: &str, source: &str, arguments: &[&str]) -> Option<PathBuf> {
    let file = dir.join(format!("{name}.c"));
    fs::write(&file, source).expect("a file");
    let output = dir.join(name);
    let mut command = Command::new("musl-gcc");
    command.arg(&file).arg("-o").arg(&output).args(arguments).current_dir(dir);
    command.status().ok().filter(std::process::ExitStatus::success).map(|_| output)
}

/// Search paths of objects, and whether they are `DT_RPATH` or `DT_RUNPATH`.
const RUN_PATHS: [&str; 9] = [
    "",
    "lib",
    "$ORIGIN/lib",
    "${ORIGIN}/more:lib",
    "$ORIGIN",
    ":lib:",
    "$LIB",
    "$ORIGIN/lib:$PLATFORM",
    "/nowhere:$ORIGIN/more/",
];

impl Built {
    fn new() -> Option<Self> {
        if !Path::new(LOADER).exists() {
            println!("skipped: {LOADER} is not installed");
            return None;
        }
        let dir = TempDir::new().expect("a directory");
        let at = dir.path();
        let shared = ["-shared", "-fPIC"];
        let Some(_) = compile(at, "libextra.so", EXTRA, &shared) else {
            println!("skipped: there is no musl-gcc");
            return None;
        };
        compile(at, "other.so", OTHER, &shared)?;
        let (mut programs, mut libraries) = (Vec::new(), Vec::new());
        for (index, path) in RUN_PATHS.iter().enumerate() {
            let tags = if index % 2 == 0 { "-Wl,--enable-new-dtags" } else { "-Wl,--disable-new-dtags" };
            let rpath = format!("-Wl,-rpath,{path}");
            let written: &[&str] = if path.is_empty() { &[] } else { &[&rpath, tags] };
            let needs = [&shared, &["-L.", "-l:libextra.so"], written].concat();
            let library = compile(at, LIBRARY, PYTHON, &needs)?;
            let kept = at.join(format!("library-{index}"));
            fs::rename(&library, &kept).expect("a file");
            fs::copy(&kept, &library).expect("a file");
            libraries.push(kept);
            programs.push(compile(at, &format!("program-{index}"), MAIN, &[&NEEDS_LIBRARY, written].concat())?);
        }
        Some(Self { dir, programs, libraries })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// Puts something under a library's name.
fn put(built: &Built, path: &Path, content: Content, whole: &Path) {
    match content {
        Content::Whole => drop(fs::copy(whole, path).expect("a file")),
        Content::Other => drop(fs::copy(built.at("other.so"), path).expect("a file")),
        Content::Empty => fs::write(path, b"").expect("a file"),
        Content::Text => fs::write(path, b"no library\n".repeat(40)).expect("a file"),
        Content::Directory => fs::create_dir(path).expect("a directory"),
        Content::Loop => symlink(path.file_name().unwrap(), path).expect("a symlink"),
        Content::Absent => {}
    }
}

/// A directory with `python` in it, and libraries in some places.
fn room(built: &Built, random: &mut Rng) -> (TempDir, String) {
    let dir = TempDir::new().expect("a directory");
    let program = random.below(built.programs.len());
    fs::copy(&built.programs[program], dir.path().join("python")).expect("a file");
    let library = random.below(built.libraries.len());
    let mut told = format!("program {:?}, library {:?}:", RUN_PATHS[program], RUN_PATHS[library]);
    let usual =
        |random: &mut Rng| if random.below(3) == 0 { CONTENTS[random.below(CONTENTS.len())] } else { Content::Whole };
    for place in ["lib", "more", "."] {
        fs::create_dir_all(dir.path().join(place)).expect("a directory");
        for (name, whole) in [(LIBRARY, built.libraries[library].clone()), ("libextra.so", built.at("libextra.so"))] {
            let content = if random.below(3) == 0 { Content::Absent } else { usual(random) };
            put(built, &dir.path().join(place).join(name), content, &whole);
            told += &format!(" {place}/{name} {content:?},");
        }
    }
    (dir, told)
}

const LIBRARY_PATHS: [&str; 8] = ["", "lib", ":lib", "more::lib", "/nowhere\nmore", ".", "lib/:more/", "lib/x:lib"];

fn output(dir: &Path, library_path: &str) -> Output {
    let mut command = Command::new(dir.join("python"));
    command.arg("-V").env_clear().current_dir(dir).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if !library_path.is_empty() {
        command.env("LD_LIBRARY_PATH", library_path);
    }
    world::spawn(&mut command).and_then(Child::wait_with_output).expect("it is executed")
}

fn bytes(path: &Path) -> BString {
    path.as_os_str().as_bytes().into()
}

fn problem(dir: &Path, library_path: &str) -> Option<Problem> {
    let (host, path) = (LiveHost, bytes(&dir.join("python")));
    let list = (!library_path.is_empty()).then(|| library_path.into());
    let variables = LoaderVariables { library_path: list, ..LoaderVariables::default() };
    identify(&Lookups::new(&host, Some(bytes(dir))), path.as_bstr(), variables).problem
}

#[derive(Default, Debug)]
struct Counts {
    starts: usize,
    fails: usize,
    unknown: usize,
    different: Vec<String>,
}

impl Counts {
    fn compare(&mut self, dir: &Path, real: &Output, problem: Option<&Problem>, situation: &str) {
        let program = bytes(&dir.join("python"));
        let agrees = match problem {
            None => {
                self.starts += 1;
                real.status.success() && real.stdout.starts_with(b"Python 3.12.1")
            }
            Some(Problem::LoadingUnknown { .. }) => {
                self.unknown += 1;
                true
            }
            Some(Problem::BadLibrary { complaint: None, .. }) => real.status.signal().is_some(),
            Some(problem) => {
                self.fails += 1;
                let line = problem.printed(Platform::Linux, program.as_bstr(), program.as_bstr());
                real.status.code() == Some(127)
                    && line.as_ref().map(|line| line.as_slice()) == real.stderr.lines().next()
            }
        };
        if !agrees {
            let said = real.stderr.as_bstr();
            self.different.push(format!("{situation}\n  foreseen {problem:?}\n  but {:?} {said}", real.status));
        }
    }
}

#[test]
fn programs_of_musl_end_as_foreseen() {
    let Some(built) = Built::new() else { return };
    let rounds = number("VENV_DOCTOR_LAYOUTS", ROUNDS);
    let mut random = Rng::new(seed(20), 0);
    let mut counts = Counts::default();
    for _ in 0..rounds {
        let (dir, told) = room(&built, &mut random);
        let list = LIBRARY_PATHS[random.below(LIBRARY_PATHS.len())];
        let found = problem(dir.path(), list);
        counts.compare(
            dir.path(),
            &output(dir.path(), list),
            found.as_ref(),
            &format!("{told} LD_LIBRARY_PATH={list:?}"),
        );
    }
    println!("{} start, {} fail, {} unknown", counts.starts, counts.fails, counts.unknown);
    let shown: Vec<&String> = counts.different.iter().take(3).collect();
    assert!(counts.different.is_empty(), "{} differ: {shown:#?}", counts.different.len());
    assert!(counts.starts > rounds / 10 && counts.fails > rounds / 10 && counts.unknown < rounds / 10);
}

/// What names of glibc's files mean to musl.
#[test]
fn the_loader_is_the_library_of_many_names() {
    let Some(built) = Built::new() else { return };
    let dir = built.dir.path();
    let arguments = ["-shared", "-fPIC", "-Wl,-soname,libm.so.6"];
    compile(dir, "libm.so.6", "int unused(void) { return 0; }", &arguments).expect("a library");
    let needs = [&NEEDS_LIBRARY[..], &["-l:libm.so.6", "-Wl,--no-as-needed"]].concat();
    let source = format!("{MAIN}\nint unused(void); int (*user)(void) = unused;");
    let program = compile(dir, "python", &source, &needs).expect("a program");
    assert!(program.exists());
    let mut counts = Counts::default();
    let found = problem(dir, ".");
    // Its symbol is nowhere, although the file is in the directory.
    assert!(matches!(found, Some(Problem::MissingSymbol { .. })), "{found:?}");
    counts.compare(dir, &output(dir, "."), found.as_ref(), "libm.so.6");
    assert!(counts.different.is_empty(), "{:#?}", counts.different);
}

/// The kernel does not find the loader that the program names, and says that there is no such file.
#[test]
fn a_system_of_glibc_has_no_loader_of_musl() {
    let Some(built) = Built::new() else { return };
    let dir = built.dir.path();
    let loader = "-Wl,--dynamic-linker,/nowhere/ld-musl-x86_64.so.1";
    compile(dir, "python", MAIN, &[&NEEDS_LIBRARY[..], &[loader]].concat()).expect("a program");
    let expected = Problem::MissingLoader { loader: "/nowhere/ld-musl-x86_64.so.1".into() };
    assert_eq!(problem(dir, ""), Some(expected));
    let error =
        Command::new(dir.join("python")).spawn().and_then(|mut child| child.wait()).expect_err("it does not start");
    assert_eq!(error.raw_os_error(), Some(2));
}

/// An extension module finds libraries by the search path of the program, too, and needs no file for the C library.
#[test]
fn modules_of_musl_need_what_the_loader_does_not_find() {
    let Some(built) = Built::new() else { return };
    let dir = built.dir.path();
    let run_path = "-Wl,-rpath,$ORIGIN/private";
    compile(dir, "python", MAIN, &[&NEEDS_LIBRARY[..], &[run_path]].concat()).expect("a program");
    let shared = ["-shared", "-fPIC", "-L.", "-Wl,--no-as-needed"];
    let source = "int extra(void); int PyInit_x(void) { return extra(); }";
    let module = compile(dir, "x.so", source, &[&shared[..], &["-l:libextra.so"]].concat()).expect("a module");
    let of_glibc =
        compile(dir, "y.so", OTHER, &[&shared[..], &["-l:libextra.so", "-Wl,-soname,libpthread.so.0"]].concat());
    fs::rename(of_glibc.expect("a library"), built.at("libpthread.so.0")).expect("a file");
    let plain = compile(dir, "z.so", OTHER, &[&shared[..], &["-l:libpthread.so.0"]].concat()).expect("a module");
    let lack = |module: &Path| {
        let (host, program) = (LiveHost, bytes(&built.at("python")));
        let lookups = Lookups::new(&host, None);
        Loader::of(&lookups, program.as_bstr(), None).lack(bytes(module).as_bstr())
    };
    fs::create_dir(built.at("private")).expect("a directory");
    fs::rename(built.at("libextra.so"), built.at("libextra.kept")).expect("a file");
    assert_eq!(lack(&module), Some(Lack::Library { library: "libextra.so".into(), needed_by: bytes(&module) }));
    fs::rename(built.at("libextra.kept"), built.at("private/libextra.so")).expect("a file");
    assert_eq!(lack(&module), None);
    fs::remove_file(built.at("libpthread.so.0")).expect("a file");
    assert_eq!(lack(&plain), None);
}
