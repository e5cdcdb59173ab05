//! The command `venv-doctor`.

use std::process::ExitCode;

fn main() -> ExitCode {
    venv_doctor::cli::main()
}
