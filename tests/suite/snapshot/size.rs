//! A snapshot of an ordinary environment is small enough for a bug report.

use std::fs;

use venv_doctor::Depth;
use venv_doctor::internals::host::{MemoryHost, Platform};
use venv_doctor::internals::invocation::Invocation;
use venv_doctor::internals::snapshot;
use venv_doctor::internals::startup::Options;

use crate::support::program::{environment, run, scratch, stderr};

/// The bound that is promised.
const MOST: usize = 64 << 10;

#[test]
fn an_environment_with_a_few_dozen_packages_fits() {
    let base = "/home/somebody/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu";
    let venv = "/home/somebody/projects/application/.venv";
    let packages = format!("{venv}/lib/python3.12/site-packages");
    let mut host = MemoryHost::new(Platform::Linux)
        .executable(format!("{base}/bin/python3.12"))
        .file(format!("{base}/lib/python3.12/os.py"), "")
        .file(format!("{base}/lib/python3.12/encodings/__init__.py"), "")
        .directory(format!("{base}/lib/python3.12/lib-dynload"))
        .symlink(format!("{venv}/bin/python"), format!("{base}/bin/python3.12"))
        .file(format!("{venv}/pyvenv.cfg"), format!("home = {base}/bin\ninclude-system-site-packages = true\n"))
        .file(format!("{packages}/editable.pth"), "/home/somebody/projects/library/src\n")
        .variable("HOME", "/home/somebody")
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .cwd("/home/somebody/projects/application");
    for number in 0..60 {
        let name = format!("package_with_a_name_{number}");
        host = host
            .file(format!("{packages}/{name}/__init__.py"), "")
            .file(format!("{packages}/{name}-1.2.{number}.dist-info/METADATA"), "x".repeat(10_000))
            .file(format!("{packages}/_{name}.py"), "x = 1\n".repeat(1000))
            .file(format!("{base}/lib/python3.12/module_{number}.py"), "x = 1\n".repeat(1000));
    }
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some("3.12.1".parse().unwrap()), ..Options::default() };
    let document = snapshot::write(&snapshot::record(&host, &invocation, &options, &[], (Depth::Startup, &[])));
    let report = crate::snapshot::report_value(&document);
    assert_eq!(report["site"]["enabled"], true, "{report:#}");
    println!("{} bytes", document.len());
    assert!(document.len() < MOST, "{}", document.len());
}

#[test]
fn what_no_command_would_read_is_not_written() {
    let dir = scratch();
    let site = environment(dir.path());
    for number in 0..20 {
        fs::write(site.join(format!("{number}.pth")), "# nothing\n".repeat(100_000)).unwrap();
    }
    let output = run(dir.path(), &["snapshot", "env", "-o", "snapshot.json"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("nothing was written"), "{}", stderr(&output));
    assert!(!dir.path().join("snapshot.json").exists());
}
