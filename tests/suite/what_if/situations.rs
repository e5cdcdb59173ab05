//! Lookups that people ask of an environment.

use venv_doctor::internals::host::{HostError, MemoryHost, Platform};
use venv_doctor::internals::interpreter::Version;
use venv_doctor::internals::what_if::WhatIf;

/// What is started, in every situation.
pub const PYTHON: &str = ".venv/bin/python";

/// A machine, and what is supposed of it.
pub struct Situation {
    pub name: &'static str,
    pub machine: fn() -> MemoryHost,
    /// Before and after.
    pub version: (Version, Version),
    pub change: fn() -> WhatIf,
}

const OLD: Version = Version::new(3, 12, 1);

pub const SITUATIONS: &[Situation] = &[
    Situation {
        name: "include-system-site-packages",
        machine: environment,
        version: (OLD, OLD),
        change: || set("include-system-site-packages", "true"),
    },
    Situation {
        name: "the-right-home",
        machine: misled,
        version: (OLD, OLD),
        change: || set("home", "/usr/local/bin"),
    },
    Situation {
        name: "a-wrong-home",
        machine: environment,
        version: (OLD, OLD),
        change: || set("home", "/opt/gone/bin"),
    },
    Situation {
        name: "without-a-pth-file",
        machine: environment,
        version: (OLD, OLD),
        change: || without(".venv/lib/python3.12/site-packages/legacy.pth"),
    },
    Situation {
        name: "without-pyvenv-cfg",
        machine: environment,
        version: (OLD, OLD),
        change: || without(".venv/pyvenv.cfg"),
    },
    Situation {
        name: "with-sitecustomize",
        machine: environment,
        version: (OLD, OLD),
        change: || {
            let mut what_if = WhatIf::default();
            what_if.with_file.push((".venv/lib/python3.12/site-packages/sitecustomize.py".into(), Vec::new()));
            what_if
        },
    },
    Situation {
        name: "3.13-to-3.14",
        machine: both_versions,
        version: (Version::new(3, 13, 0), Version::new(3, 14, 0)),
        change: WhatIf::default,
    },
    Situation {
        name: "without-the-interpreter",
        machine: environment,
        version: (OLD, OLD),
        change: || without("/usr/local/bin"),
    },
];

fn set(key: &str, value: &str) -> WhatIf {
    let mut what_if = WhatIf::default();
    what_if.set.push((key.into(), value.into()));
    what_if
}

fn without(path: &str) -> WhatIf {
    let mut what_if = WhatIf::default();
    what_if.without.push(path.into());
    what_if
}

/// An environment of a Python below `/usr/local`, with two `.pth` files.
pub fn environment() -> MemoryHost {
    let packages = "/home/u/app/.venv/lib/python3.12/site-packages";
    installed(MemoryHost::new(Platform::Linux), "12")
        .symlink("/home/u/app/.venv/bin/python", "/usr/local/bin/python3")
        .file("/home/u/app/.venv/pyvenv.cfg", "home = /usr/local/bin\ninclude-system-site-packages = false\n")
        .file(format!("{packages}/app.pth"), "/home/u/app/src\n")
        .file(format!("{packages}/legacy.pth"), "/home/u/gone\nimport legacy\n")
        .directory("/home/u/app/src")
        .file("/usr/local/lib/python3.12/site-packages/system.pth", "/usr/local/share/system\n")
        .directory("/usr/local/share/system")
        .variable("HOME", "/home/u")
        .cwd("/home/u/app")
}

/// The same, but that `home` leads nowhere; and what was compiled in is not known.
fn misled() -> MemoryHost {
    environment().file("/home/u/app/.venv/pyvenv.cfg", "home = /opt/python/bin\ninclude-system-site-packages = false\n")
}

fn both_versions() -> MemoryHost {
    installed(installed(environment(), "13"), "14")
        .directory("/home/u/app/.venv/lib/python3.13/site-packages")
        .directory("/home/u/app/.venv/lib/python3.14/site-packages")
}

/// A Python whose file can be executed, but not read, so that its version has to be given.
fn installed(machine: MemoryHost, minor: &str) -> MemoryHost {
    let library = format!("/usr/local/lib/python3.{minor}");
    machine
        .file("/usr/local/bin/python3", "python")
        .executable("/usr/local/bin/python3")
        .error("/usr/local/bin/python3", HostError::PermissionDenied)
        .file(format!("{library}/os.py"), "")
        .file(format!("{library}/encodings/__init__.py"), "")
        .directory(format!("{library}/lib-dynload"))
        .directory(format!("{library}/site-packages"))
}
