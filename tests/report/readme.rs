//! The example of the README, resolved on a machine in memory.

use bstr::BString;
use venv_doctor::host::{HostError, MemoryHost, Platform};
use venv_doctor::interpreter::Version;
use venv_doctor::invocation::Invocation;
use venv_doctor::report::text::{Style, render};
use venv_doctor::startup::Options;

const README: &str = include_str!("../../README.md");
/// Stands in the README for lines that are left out.
const ELISION: &str = "\n  …\n";

/// An environment made by uv, with a package that was moved away behind its `.pth` file's back.
fn machine() -> MemoryHost {
    let python = "/usr/local/bin/python3.12";
    let packages = "/home/ada/app/.venv/lib/python3.12/site-packages";
    MemoryHost::new(Platform::Linux)
        // No ELF file is built here: it may be executed, but not read, and the version is given.
        .file(python, "python")
        .executable(python)
        .error(python, HostError::PermissionDenied)
        .file("/usr/local/lib/python3.12/os.py", "")
        .file("/usr/local/lib/python3.12/encodings/__init__.py", "")
        .directory("/usr/local/lib/python3.12/lib-dynload")
        .symlink("/home/ada/app/.venv/bin/python", python)
        .file(
            "/home/ada/app/.venv/pyvenv.cfg",
            "home = /usr/local/bin\nimplementation = CPython\nuv = 0.9.2\nversion_info = 3.12.1\n\
             include-system-site-packages = false\n",
        )
        .file(format!("{packages}/_virtualenv.pth"), "import _virtualenv")
        .file(format!("{packages}/_virtualenv.py"), "")
        .file(format!("{packages}/app.pth"), "/home/ada/app/src\n")
        .file(format!("{packages}/plotlib.pth"), "/home/ada/plotlib/src\n")
        .directory("/home/ada/app/src")
        .variable("HOME", "/home/ada")
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .cwd("/home/ada/app")
}

fn output() -> String {
    let host = machine();
    let invocation = Invocation::on(&host, ".venv/bin/python").unwrap();
    let options = Options { python_version: Some(Version::new(3, 12, 1)) };
    let style = Style { width: 100, color: false, verbose: false, home: Some(BString::from("/home/ada")) };
    render(&venv_doctor::explain(&host, &invocation, &options), &[], &style)
}

#[test]
fn the_readme_shows_what_the_program_says() {
    let output = output();
    let example = README.split("$ venv-doctor explain .venv/bin/python\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let mut rest = output.as_str();
    for shown in example.split(ELISION) {
        let at = rest.find(shown.trim_end_matches('\n'));
        assert!(at.is_some(), "the README shows\n{shown}\nbut the program says\n{output}");
        rest = &rest[at.unwrap()..];
    }
}
