//! Wall time of a whole process: an empty Rust program, `venv-doctor explain`, and the question put to Python itself.
//!
//! `cargo bench --bench process -- [PYTHON [PROGRAM]]` (`python3` on PATH where none is named). PROGRAM is a build of
//! venv-doctor to measure instead of the one that cargo has just built, such as that of a release. The programs take turns.
#![allow(clippy::disallowed_methods, reason = "a measurement starts the programs that it measures")]
#![allow(clippy::print_stdout, reason = "a measurement prints its result")]

use std::env;
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use turns::{candidate, measure};

mod turns;

fn main() -> Result<(), Box<dyn Error>> {
    let mut named = env::args_os().skip(1).filter(|argument| !argument.as_encoded_bytes().starts_with(b"-"));
    let python = find_python(&named.next().unwrap_or_else(|| "python3".into()))?;
    let doctor = named.next().map_or_else(|| env!("CARGO_BIN_EXE_venv-doctor").into(), PathBuf::from);
    let dir = tempfile::tempdir()?;
    measure(vec![
        candidate("empty Rust process", empty_program(dir.path())?, &[]),
        candidate("explain, text", doctor.clone(), &["explain".into(), python.clone()]),
        candidate("explain, JSON", doctor, &["explain".into(), python.clone(), "--json".into()]),
        candidate("python -m site", python.into(), &["-m".into(), "site".into()]),
    ])
}

/// The file behind a bare name, so that a version manager's shim is not measured in Python's stead.
fn find_python(named: &OsStr) -> Result<OsString, Box<dyn Error>> {
    let output = Command::new(named).args(["-c", "import sys; print(sys.executable)"]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}

/// A Rust program that does nothing, optimized as the release build is.
fn empty_program(dir: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let source = dir.join("empty.rs");
    let program = dir.join("empty");
    std::fs::write(&source, "fn main() {}\n")?;
    let built = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["-O", "-C", "lto=fat", "-C", "codegen-units=1", "-C", "panic=abort", "-C", "strip=symbols", "-o"])
        .args([&program, &source])
        .status()?;
    if built.success() { Ok(program) } else { Err("rustc did not build the empty program".into()) }
}
