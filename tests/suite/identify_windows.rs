//! Real Pythons of Windows are identified from their files: `VENV_DOCTOR_WINDOWS_PYTHONS` names a directory with installations.

use std::fs;
use std::path::{Path, PathBuf};

use venv_doctor::internals::host::{Lookups, MemoryHost, Platform, ProgramKind};
use venv_doctor::internals::interpreter::{Identification, Implementation, LoaderVariables, Problem, identify};

/// The installations, by their minor version: directories such as `cp312`.
fn installations() -> Vec<(String, PathBuf)> {
    let Some(dir) = std::env::var_os("VENV_DOCTOR_WINDOWS_PYTHONS").map(PathBuf::from) else {
        println!("skipped: VENV_DOCTOR_WINDOWS_PYTHONS names no directory with Pythons of Windows");
        return Vec::new();
    };
    let names = (8..=14).map(|minor| format!("3{minor}"));
    let found: Vec<_> = names.map(|digits| (digits.clone(), dir.join(format!("cp{digits}")))).collect();
    let found: Vec<_> = found.into_iter().filter(|(_, dir)| dir.join("python.exe").is_file()).collect();
    assert!(!found.is_empty(), "no Python in {}", dir.display());
    found
}

fn identified(files: &[(&str, PathBuf)], kind: Option<ProgramKind>) -> Identification {
    let mut host = MemoryHost::new(Platform::Windows);
    for (path, file) in files {
        host = host.file(path, fs::read(file).expect("a file of the installation"));
    }
    if let Some(kind) = kind {
        host = host.program(files[0].0, kind);
    }
    let lookups = Lookups::new(&host, Some(r"C:\w".into()));
    identify(&lookups, files[0].0.into(), LoaderVariables::default())
}

/// The micro version that the header names.
fn header(dir: &Path) -> String {
    let text = fs::read_to_string(dir.join("include/patchlevel.h")).expect("a header");
    let line = text.lines().find_map(|line| line.strip_prefix("#define PY_VERSION ")).expect("a version");
    line.trim().trim_matches('"').to_owned()
}

#[test]
fn installations_are_what_their_headers_say() {
    for (digits, dir) in installations() {
        let library = format!("python{digits}.dll");
        let (exe, dll) = (r"C:\Py\python.exe", format!(r"C:\Py\{library}"));
        let found = identified(&[(exe, dir.join("python.exe")), (&dll, dir.join(&library))], None);
        let python = found.interpreter;
        assert_eq!((found.problem, python.implementation), (None, Implementation::CPython), "{digits}");
        assert_eq!(python.version.expect("a version").to_string(), header(&dir));
        assert_eq!(python.compiled.winver.expect("a winver"), format!("3.{}", &digits[1..]));
        assert_eq!(python.extension_suffix.expect("a suffix"), format!(".cp{digits}-win_amd64.pyd"));
        let alone = identified(&[(exe, dir.join("python.exe"))], None).problem;
        assert!(matches!(alone, Some(Problem::MissingLibrary { library: missed, .. }) if missed == library.as_str()));
    }
}

#[test]
fn redirectors_have_the_version_of_their_python() {
    for (_, dir) in installations() {
        let scripts = dir.join("Lib/venv/scripts/nt");
        let file =
            ["venvlauncher.exe", "python.exe"].map(|name| scripts.join(name)).into_iter().find(|it| it.is_file());
        let file = file.expect("a redirector");
        let found = identified(&[(r"C:\v\Scripts\python.exe", file)], Some(ProgramKind::VenvLauncher));
        assert_eq!(found.problem, None);
        assert_eq!(found.interpreter.version.expect("a version").to_string(), header(&dir));
    }
}
