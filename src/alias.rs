//! `pyvenv-doctor`: venv-doctor under the name of its Python package, so that what runs a package by its name finds a
//! program of that name. It starts the program next to it.
#![allow(clippy::disallowed_methods, reason = "it starts another program of this package, and does nothing else")]

use std::env;
use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        #[allow(clippy::print_stderr, reason = "this is all that this program ever says")]
        {
            eprintln!("error: cannot start venv-doctor: {error}");
        }
        ExitCode::from(2)
    })
}

/// Starts the program next to this one.
fn run() -> io::Result<ExitCode> {
    let program = env::current_exe()?.with_file_name(format!("venv-doctor{}", env::consts::EXE_SUFFIX));
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{:?}: {error}", program.to_string_lossy()));
    start(&program).map_err(named)
}

/// Becomes the program; what returns is the error.
#[cfg(unix)]
fn start(program: &Path) -> io::Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    Err(Command::new(program).args(env::args_os().skip(1)).exec())
}

/// Runs the program, and ends as it ends.
#[cfg(not(unix))]
fn start(program: &Path) -> io::Result<ExitCode> {
    let status = Command::new(program).args(env::args_os().skip(1)).status()?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::from(2), ExitCode::from))
}
