//! Checks an environment that exists in memory only: what is wrong with a `pyvenv.cfg` whose home is gone?
//!
//! `cargo run --example check_in_memory`
#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::error::Error;

use venv_doctor::{HostError, Invocation, MemoryHost, Options, Platform, Version, check};

fn main() -> Result<(), Box<dyn Error>> {
    let host = MemoryHost::new(Platform::Linux)
        .executable("/usr/bin/python3.12")
        // The version is given below, so the content of the interpreter is not needed.
        .error("/usr/bin/python3.12", HostError::PermissionDenied)
        .file("/usr/lib/python3.12/os.py", "")
        .file("/usr/lib/python3.12/encodings/__init__.py", "")
        .directory("/usr/lib/python3.12/lib-dynload")
        .symlink("/app/.venv/bin/python", "/usr/bin/python3.12")
        .file("/app/.venv/pyvenv.cfg", "home = /opt/python-3.12/bin\ninclude-system-site-packages = false\n")
        .directory("/app/.venv/lib/python3.12/site-packages")
        .cwd("/app");
    let invocation = Invocation::on(&host, ".venv/bin/python")?;
    let options = Options::default().with_python_version(Version::new(3, 12, 1));

    for finding in &check(&host, &invocation, &options).findings {
        println!("{} {}: {}", finding.code(), finding.rule.name, finding.message);
        if let Some(fix) = &finding.fix {
            println!("  fix: {}", fix.advice);
        }
    }
    Ok(())
}
