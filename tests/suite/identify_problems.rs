//! Every reason for which an executable cannot be started as Python.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use bstr::{BStr, BString, ByteSlice};
use proptest::prelude::*;
use tempfile::TempDir;
use venv_doctor::internals::host::{Binary, Host, HostError, LiveHost, Lookups, Machine, Metadata, Platform, Process};
use venv_doctor::internals::interpreter::{
    Hop, Identification, Implementation, LoaderVariables, Problem, Shim, Vendor, identify,
};

/// A directory whose path contains no symlinks.
struct Room {
    _dir: TempDir,
    path: PathBuf,
}

impl Room {
    fn new() -> Self {
        let dir = TempDir::new().expect("a directory");
        let path = dir.path().canonicalize().expect("its path");
        Self { _dir: dir, path }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn bytes(&self, name: &str) -> BString {
        bytes(&self.at(name))
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.at(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a mode");
        path
    }

    fn link(&self, name: &str, target: &str) -> PathBuf {
        let path = self.at(name);
        symlink(target, &path).expect("a link");
        path
    }
}

fn bytes(path: &Path) -> BString {
    path.as_os_str().as_bytes().into()
}

fn look(path: &Path) -> Identification {
    look_with(path, None, None)
}

fn look_with(path: &Path, cwd: Option<&Path>, library_path: Option<&str>) -> Identification {
    let host = LiveHost;
    let lookups = Lookups::new(&host, cwd.map(bytes));
    let variables = LoaderVariables { library_path: library_path.map(Into::into), ..LoaderVariables::default() };
    identify(&lookups, bytes(path).as_bstr(), variables)
}

fn problem(path: &Path) -> Option<Problem> {
    look(path).problem
}

/// The test's own binary: a sound program that is no Python.
fn sound_program() -> Vec<u8> {
    fs::read("/proc/self/exe").expect("the test's binary")
}

#[test]
fn paths_that_lead_nowhere() {
    let room = Room::new();
    assert_eq!(problem(&room.at("gone")), Some(Problem::Missing));
    assert_eq!(problem(&room.at("gone/deeper/python")), Some(Problem::Missing));
    assert_eq!(problem(Path::new("")), Some(Problem::Missing));
    room.write("file", "x");
    assert_eq!(problem(&room.at("file/python")), Some(Problem::Missing));
    assert_eq!(problem(&room.path), Some(Problem::Directory));
    UnixListener::bind(room.at("socket")).expect("a socket");
    assert_eq!(problem(&room.at("socket")), Some(Problem::NotAFile));
    assert_eq!(problem(Path::new("/dev/null")), Some(Problem::NotAFile));
}

#[test]
fn links_that_dangle() {
    let room = Room::new();
    room.link("python", "python3");
    room.link("python3", "versions/3.12/bin/python3.12");
    let found = look(&room.at("python"));
    let hop = |link: &str, target: &str| Hop { path: room.bytes(link), target: target.into() };
    assert_eq!(found.hops, [hop("python", "python3"), hop("python3", "versions/3.12/bin/python3.12")]);
    let dangling = Problem::DanglingLink {
        link: room.bytes("python3"),
        target: "versions/3.12/bin/python3.12".into(),
        nearest: Some(bytes(&room.path)),
    };
    assert_eq!(found.problem, Some(dangling));
    assert_eq!(found.file, None);
}

#[test]
fn links_that_loop() {
    let room = Room::new();
    room.link("a", "b");
    room.link("b", "./c");
    room.link("c", "a");
    room.link("self", "self");
    for name in ["a", "b", "c", "self", "a/python"] {
        assert_eq!(problem(&room.at(name)), Some(Problem::LinkLoop), "{name}");
    }
}

#[test]
fn files_that_are_no_programs() {
    let room = Room::new();
    assert_eq!(problem(&room.write("empty", "")), Some(Problem::Empty));
    assert_eq!(problem(&room.write("noise", [0u8, 1, 2, 3])), Some(Problem::NotAProgram));
    assert_eq!(problem(&room.write("prose", "two\nlines\n")), Some(Problem::NotAProgram));
    assert_eq!(
        problem(&room.write("mac", [0xcf, 0xfa, 0xed, 0xfe, 7, 0])),
        Some(Problem::WrongSystem { format: "Mach-O".into() })
    );
    assert_eq!(problem(&room.write("windows", b"MZ\x90\0")), Some(Problem::WrongSystem { format: "PE".into() }));
    let unmarked = room.write("unmarked", sound_program());
    fs::set_permissions(&unmarked, fs::Permissions::from_mode(0o644)).expect("a mode");
    assert_eq!(problem(&unmarked), Some(Problem::NotExecutable));
}

#[test]
fn texts_that_were_links() {
    let room = Room::new();
    for text in ["python3.12", "/usr/bin/python3\n", "../lib/python"] {
        let file = room.write("python", text);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("a mode");
        assert_eq!(problem(&file), Some(Problem::TextLink { target: text.trim().into() }));
    }
}

#[test]
fn programs_that_cannot_run_here() {
    let room = Room::new();
    let program = sound_program();
    assert_eq!(problem(&room.write("sound", &program)), Some(Problem::NotPython));
    assert_eq!(problem(&room.write("short", &program[..8192])), Some(Problem::Truncated));
    assert_eq!(problem(&room.write("shorter", &program[..40])), Some(Problem::Truncated));
    let mut foreign = program.clone();
    foreign[18] = 22;
    let built_for = "S/390, 64 bits".to_owned();
    assert_eq!(problem(&room.write("foreign", foreign)), Some(Problem::WrongArchitecture { built_for }));
    if let Some(at) = program.find("/lib64/ld-linux-x86-64.so.2\0") {
        let mut orphan = program;
        orphan[at + 1] = b'x';
        let loader = "/xib64/ld-linux-x86-64.so.2".into();
        assert_eq!(problem(&room.write("orphan", orphan)), Some(Problem::MissingLoader { loader }));
    }
}

#[test]
fn scripts() {
    let room = Room::new();
    let script = |name: &str, line: &str| match problem(&room.write(name, line)) {
        Some(Problem::Script { interpreter, shim, real, interpreter_exists }) => {
            assert_eq!((shim, real), (None, None));
            (interpreter.to_string(), interpreter_exists)
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(script("shell", "#!/bin/sh\nexec python\n"), ("/bin/sh".into(), true));
    assert_eq!(script("gone", "#! /no/such/program -x\n"), ("/no/such/program".into(), false));
    assert_eq!(script("env", "#!/usr/bin/env -S no-such-program\n"), ("no-such-program".into(), false));
    if std::env::var_os("PATH").is_some() {
        assert!(script("found", "#!/usr/bin/env sh\n").0.ends_with("/sh"));
    }
    assert_eq!(script("bare", "#!"), (String::new(), false));
}

#[test]
fn shims_and_what_they_start() {
    let room = Room::new();
    let root = room.bytes("root");
    room.write("root/versions/3.12.1/bin/python3", "real");
    room.write("root/versions/3.11.7/bin/python3", "real");
    room.write("root/version", "3.11.7\n");
    room.write("project/.python-version", "# pinned\n3.12.1\n");
    let content = format!(
        "#!/usr/bin/env bash\nset -e\nexport PYENV_ROOT=\"{root}\"\nexec \"{root}/libexec/pyenv\" exec \"$program\" \"$@\"\n"
    );
    room.write("root/shims/python3", content);
    let link = room.link("python3", "root/shims/python3");
    for (dir, version) in [("", "3.11.7"), ("project", "3.12.1")] {
        let found = look_with(&link, Some(&room.at(dir)), None);
        let Some(Problem::Script { shim, real, .. }) = found.problem else { panic!("{found:?}") };
        assert_eq!(shim, Some(Shim::Pyenv));
        assert_eq!(real, Some(room.bytes(&format!("root/versions/{version}/bin/python3"))));
    }

    room.write("asdf/installs/python/3.13.0/bin/python", "real");
    room.write(
        "asdf/shims/python",
        "#!/usr/bin/env bash\n# asdf-plugin: python 3.13.0\nexec asdf exec \"python\" \"$@\"\n",
    );
    room.write("project/.tool-versions", "ruby 3.3\npython 3.9.1 3.13.0 # both\n");
    let found = look_with(&room.at("asdf/shims/python"), Some(&room.at("project")), None);
    let Some(Problem::Script { shim, real, .. }) = found.problem else { panic!("{found:?}") };
    assert_eq!((shim, real), (Some(Shim::Asdf), Some(room.bytes("asdf/installs/python/3.13.0/bin/python"))));
}

/// The executables of shared builds under pyenv's directory, with the library directory written into each.
fn shared_pythons() -> Vec<(Vec<u8>, String)> {
    let home = std::env::var("HOME").unwrap_or_default();
    let Ok(versions) = fs::read_dir(Path::new(&home).join(".pyenv/versions")) else { return Vec::new() };
    let dirs = versions.flatten().map(|version| version.path());
    dirs.filter_map(|dir| {
        let program = fs::read(dir.join("bin/python3")).ok()?;
        let library_dir = dir.join("lib").to_str()?.to_owned();
        program.contains_str(format!("{library_dir}\0")).then_some((program, library_dir))
    })
    .collect()
}

#[test]
fn libraries_are_searched_as_the_loader_does() {
    let room = Room::new();
    for (program, dir) in shared_pythons() {
        let copy = room.write("copy", &program);
        let library = look(&copy).interpreter.library.expect("found by the run path");
        assert!(library.starts_with(dir.as_bytes()));

        let at = program.find(format!("{dir}\0")).expect("checked before");
        let mut moved = program;
        moved[at + 1] = b'#';
        let moved = room.write("moved", moved);
        let file_name = Path::new(library.to_str().expect("ASCII")).file_name().expect("a name").to_owned();
        let found = look(&moved);
        match found.problem {
            Some(Problem::MissingLibrary { library, searched, .. }) => {
                assert_eq!(library, file_name.as_bytes());
                assert!(searched.len() > 1 && searched[0].starts_with(b"/#"), "{searched:?}");
            }
            // A library of the same name in the system's directories takes its place.
            problem => assert_eq!((problem, found.interpreter.implementation), (None, Implementation::CPython)),
        }
        let found = look_with(&moved, None, Some(&format!("/nowhere:{dir}//")));
        assert_eq!(found.problem, None);
        assert_eq!(found.interpreter.library, Some(library));

        room.write(file_name.to_str().expect("ASCII"), "no library");
        let found = look_with(&moved, Some(&room.path), Some(":"));
        // An empty element is the working directory, which the loader does not print.
        let expected = BString::from(file_name.as_bytes());
        assert_eq!(
            found.problem,
            Some(Problem::BadLibrary { library: expected, complaint: Some("file too short".into()), wanted: None })
        );
    }
}

/// What the real loader makes of a program with that `LD_LIBRARY_PATH`.
fn really_start(program: &Path, library_path: &Path) -> std::process::Output {
    let mut command = std::process::Command::new(program);
    command.arg("-V").env("LD_LIBRARY_PATH", library_path).output().expect("it is executed")
}

#[test]
fn a_library_of_another_minor_version_under_the_right_name_is_the_interpreter() {
    let name_of = |dir: &str| {
        let mut names = fs::read_dir(dir).expect("a directory").flatten().map(|entry| entry.file_name());
        names.find_map(|name| Some(name.to_str()?.to_owned()).filter(|name| name.ends_with(".so.1.0")))
    };
    let all = shared_pythons();
    let mut compared = 0;
    for (program, dir) in &all {
        let Some(name) = name_of(dir) else { continue };
        for (_, other) in &all {
            let Some(other_name) = name_of(other).filter(|other| *other != name) else { continue };
            // `Py_BytesMain`, which an executable since 3.8 calls, is in every library since then.
            let is_named = |name: &str, minor: &str| name.starts_with(&format!("libpython3.{minor}"));
            let (new, old) = (["11", "12", "13"], ["8", "9", "10"]);
            if !new.iter().any(|minor| is_named(&name, minor)) || !old.iter().any(|minor| is_named(&other_name, minor))
            {
                continue;
            }
            let room = Room::new();
            let program = room.write("python", program);
            room.link(&name, &format!("{other}/{other_name}"));
            let real = really_start(&program, &room.path);
            let found = look_with(&program, None, room.path.to_str());
            let version = found.interpreter.version.expect("known");
            assert_eq!(found.problem, None);
            let expected = format!("Python 3.{}.", version.minor);
            assert!(real.stdout.starts_with(expected.as_bytes()), "{name} is {other_name}: {real:?}, not {version:?}");
            compared += 1;
        }
    }
    println!("{compared} libraries under the name of another minor version");
}

#[test]
fn a_directory_in_the_place_of_the_library_ends_the_search() {
    for (program, _) in shared_pythons() {
        let room = Room::new();
        let program = room.write("python", program);
        let library = look(&program).interpreter.library.expect("found by the run path");
        let name = Path::new(library.to_str().expect("ASCII")).file_name().expect("a name").to_owned();
        fs::create_dir(room.path.join(&name)).expect("a directory");
        let real = really_start(&program, &room.path);
        let found = look_with(&program, None, room.path.to_str());
        // DT_RPATH comes before the variable; then the library is found as before.
        if real.status.success() {
            assert_eq!(found.problem, None);
        } else {
            assert_eq!(real.status.code(), Some(127), "{real:?}");
            assert!(real.stderr.contains_str("cannot read file data"), "{real:?}");
            let complaint = Some("cannot read file data: Error 21".into());
            assert_eq!(
                found.problem,
                Some(Problem::BadLibrary { library: bytes(&room.path.join(&name)), complaint, wanted: None })
            );
        }
    }
}

#[test]
fn a_static_python_that_was_carried_off_is_recognized_still() {
    let room = Room::new();
    let Ok(program) = fs::read("/usr/bin/python3") else { return };
    let original = look(Path::new("/usr/bin/python3")).interpreter;
    if original.library.is_some() || original.implementation != Implementation::CPython {
        return;
    }
    let copy = look(&room.write("env/bin/python", program)).interpreter;
    assert_eq!(copy.version, original.version);
    assert_eq!(copy.vendor, original.vendor);
    assert_eq!(copy.compiled, original.compiled);
}

#[test]
fn a_rewritten_prefix_does_not_hide_a_standalone_build() {
    let room = Room::new();
    let Ok(program) = fs::read("/usr/bin/python3") else { return };
    let python = room.write("bin/python3", program);
    let original = look(&python).interpreter;
    let Some(version) = original.version.filter(|_| original.library.is_none()) else { return };
    let stdlib = format!("lib/python{}", version.short());
    room.write(&format!("{stdlib}/os.py"), "");
    room.write(&format!("{stdlib}/site.py"), "");
    for mark in ["'PYTHON_BUILD_STANDALONE': 1", r#"'CONFIG_ARGS': "'--enable-shared' '--prefix=/install'""#] {
        let variables =
            format!("build_time_vars = {{'PLATLIBDIR': 'lib64',\n {mark},\n 'prefix': '{}'}}\n", room.bytes(""));
        room.write(&format!("{stdlib}/_sysconfigdata_of_some_platform.py"), variables);
        let found = look(&python).interpreter;
        assert_eq!(found.compiled.prefix, Some("/install".into()));
        assert_eq!(found.compiled.platlibdir, Some("lib64".into()));
        assert_eq!(found.vendor, Vendor::PythonBuildStandalone);
    }
}

/// The live machine for a user who may not enter one directory.
struct Excluded(BString);

impl Excluded {
    fn check(&self, path: &BStr) -> Result<(), HostError> {
        let inside = path.strip_prefix(self.0.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"));
        if inside { Err(HostError::PermissionDenied) } else { Ok(()) }
    }
}

impl Host for Excluded {
    fn platform(&self) -> Platform {
        LiveHost.platform()
    }
    fn machine(&self) -> Option<Machine> {
        LiveHost.machine()
    }
    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.check(path).and_then(|()| LiveHost.metadata(path))
    }
    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.check(path).and_then(|()| LiveHost.link_metadata(path))
    }
    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        self.check(path).and_then(|()| LiveHost.read_link(path))
    }
    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        self.check(path).and_then(|()| LiveHost.read(path, limit))
    }
    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        self.check(path).and_then(|()| LiveHost.list_dir(path))
    }
    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        self.check(path).and_then(|()| LiveHost.real_path(path))
    }
    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        Err(self.check(path).err().unwrap_or(HostError::PermissionDenied))
    }
    fn may_execute(&self, path: &BStr) -> bool {
        LiveHost.may_execute(path)
    }
    fn variable(&self, name: &str) -> Option<BString> {
        LiveHost.variable(name)
    }
    fn current_dir(&self) -> Result<BString, HostError> {
        LiveHost.current_dir()
    }
    fn process(&self) -> Process {
        LiveHost.process()
    }
    fn account_home(&self) -> Option<BString> {
        LiveHost.account_home()
    }
}

#[test]
fn dirs_that_may_not_be_entered() {
    let room = Room::new();
    room.write("home/versions/bin/python3", "x");
    let link = room.link("python", "home/versions/bin/python3");
    let host = Excluded(room.bytes("home"));
    let lookups = Lookups::new(&host, None);
    let found = identify(&lookups, bytes(&link).as_bstr(), LoaderVariables::default());
    assert_eq!(found.hops.len(), 1);
    assert_eq!(found.problem, Some(Problem::Unreachable { path: room.bytes("home") }));
    // What may be executed need not be readable.
    let private = room.write("private", sound_program());
    let found = identify(&lookups, bytes(&private).as_bstr(), LoaderVariables::default());
    assert_eq!((found.problem, found.interpreter.implementation), (None, Implementation::Unknown));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the headers of a shared Python are turned into, there is an answer.
    #[test]
    fn damaged_pythons_have_an_identification(
        which in any::<prop::sample::Index>(),
        patches in prop::collection::vec((0usize..0x1800, any::<u8>()), 1..48),
        keep in 1usize..1 << 16,
    ) {
        let programs = shared_pythons();
        prop_assume!(!programs.is_empty());
        let mut program = which.get(&programs).0.clone();
        for (at, byte) in patches {
            // The headers stand at the beginning, and the dynamic section behind the code.
            let at = if at < 0x1000 { at } else { at + 0x1d00 };
            let at = at.min(program.len() - 1);
            program[at] = byte;
        }
        program.truncate(keep);
        let room = Room::new();
        let path = room.write("python", program);
        prop_assert_eq!(look(&path).file, Some(bytes(&path)));
    }
}
