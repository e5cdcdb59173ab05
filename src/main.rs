//! The command `venv-doctor`.

use std::process::ExitCode;

/// The allocator of musl asks the kernel for memory so often that a start takes 0.4 ms longer (`docs/performance.md`).
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[cfg(not(windows))]
fn main() -> ExitCode {
    venv_doctor::cli::main()
}

/// The stack that Linux gives to the first thread. On Windows it has an eighth of that, which nested files would exceed.
#[cfg(windows)]
const STACK: usize = 8 << 20;

#[cfg(windows)]
fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(venv_doctor::cli::main);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => venv_doctor::cli::main(),
    }
}
