//! A machine in memory.

use venv_doctor::host::{HostError, MemoryHost, Platform};

/// An environment made by uv, with a package that was moved away behind its `.pth` file's back.
pub fn ada() -> MemoryHost {
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
