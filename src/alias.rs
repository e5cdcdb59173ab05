//! `pyvenv-doctor`: venv-doctor under the name of its Python package, so that what runs a package by its name finds a
//! program of that name. It starts the program next to it.
#![allow(clippy::disallowed_methods, reason = "it starts another program of this package, and does nothing else")]

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let program = beside();
    let error = match &program {
        Ok(program) => start(program),
        Err(error) => Err(io::Error::new(error.kind(), error.to_string())),
    };
    match error {
        Ok(code) => code,
        Err(error) => {
            let program = program.unwrap_or_else(|_| PathBuf::from("venv-doctor"));
            #[allow(clippy::print_stderr, reason = "this is all that this program ever says")]
            {
                eprintln!("error: cannot start {:?}: {error}", program.to_string_lossy());
            }
            ExitCode::from(2)
        }
    }
}

/// The program next to this one.
fn beside() -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name(format!("venv-doctor{}", env::consts::EXE_SUFFIX)))
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
