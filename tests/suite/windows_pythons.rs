//! Real Pythons for Windows under Wine: what the program says about them, here about a snapshot and there about what is on the
//! drive, is what they do. The drivers are in `tests/windows`, whose README says what each of them compares.
//!
//! `VENV_DOCTOR_WINDOWS` names a directory that `tests/windows/prepare.sh` made. What runs in Wine needs the program for
//! Windows, which `tests/windows/build.sh` builds. `VENV_DOCTOR_LAYOUTS` and `VENV_DOCTOR_SEED` count as in the other tests.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::support::numbers::{number, seed};
use crate::support::program::{PROGRAM, scratch};

/// The directory with Wine, where there is one.
fn wine() -> Option<OsString> {
    let root = std::env::var_os("VENV_DOCTOR_WINDOWS").filter(|root| !root.is_empty());
    if root.is_none() {
        println!("skipped: real Pythons for Windows (VENV_DOCTOR_WINDOWS is not set)");
    }
    root
}

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/windows")
}

/// The program for Windows, where it can be built.
fn program_for_windows() -> Option<&'static str> {
    static BUILT: OnceLock<String> = OnceLock::new();
    let printed = BUILT.get_or_init(|| {
        let built = Command::new("bash").arg(tests().join("build.sh")).output().expect("bash starts");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        String::from_utf8(built.stdout).expect("a path").trim().to_owned()
    });
    if printed.starts_with("missing: ") {
        println!("skipped: the program for Windows ({printed})");
        return None;
    }
    Some(printed)
}

/// Both; without Wine, nothing is built.
fn wine_with_program() -> Option<(OsString, &'static str)> {
    let root = wine()?;
    Some((root, program_for_windows()?))
}

/// Runs a driver to its end.
fn run(driver: &str, root: OsString, arguments: &[&str]) {
    let mut command = Command::new("python3");
    command.arg("-B").arg(tests().join(driver)).arg("--root").arg(root).args(arguments);
    let status = command.status().expect("python3 starts");
    assert!(status.success(), "{driver}: see above for what differs");
}

#[test]
fn snapshots_of_windows_start_as_the_real_pythons_do() {
    let Some(root) = wine() else { return };
    let work = scratch();
    let (count, seed) = (number("VENV_DOCTOR_LAYOUTS", 160).to_string(), seed(1).to_string());
    let work = work.path().to_str().expect("a path");
    run("differential.py", root, &["--bin", PROGRAM, "--count", &count, "--seed", &seed, "--work", work]);
}

#[test]
fn what_is_on_a_drive_starts_as_the_real_pythons_do_and_is_recorded() {
    let Some((root, program)) = wine_with_program() else { return };
    let work = scratch();
    let (count, seed) = (number("VENV_DOCTOR_LAYOUTS", 160).to_string(), seed(1).to_string());
    let work = work.path().to_str().expect("a path");
    let arguments = ["--bin", PROGRAM, "--live", program, "--count", &count, "--seed", &seed, "--work", work];
    run("differential.py", root, &arguments);
}

#[test]
fn real_environments_of_windows_are_as_predicted_and_recorded() {
    let Some((root, program)) = wine_with_program() else { return };
    run("environments.py", root, &["--bin", PROGRAM, "--exe", program]);
}

#[test]
fn the_program_for_windows_works_as_a_program() {
    let Some((root, program)) = wine_with_program() else { return };
    run("program.py", root, &["--exe", program]);
}

#[test]
fn hostile_environments_of_windows_end_in_reports() {
    let Some((root, program)) = wine_with_program() else { return };
    let (count, seed) = (number("VENV_DOCTOR_LAYOUTS", 200).to_string(), seed(1).to_string());
    run("hostile.py", root, &["--bin", PROGRAM, "--exe", program, "--count", &count, "--seed", &seed]);
}
