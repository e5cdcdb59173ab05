//! A machine in memory.

use venv_doctor::internals::host::{HostError, MemoryHost, Platform};

/// An environment made by uv, with a `.pth` file whose directory was moved.
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

/// What `python3.12 -m venv .venv` makes.
#[allow(dead_code, reason = "the benchmark, which includes this file, resolves another machine")]
pub fn fresh() -> MemoryHost {
    let python = "/usr/local/bin/python3.12";
    MemoryHost::new(Platform::Linux)
        .file(python, "python")
        .executable(python)
        .error(python, HostError::PermissionDenied)
        .file("/usr/local/lib/python3.12/os.py", "")
        .file("/usr/local/lib/python3.12/encodings/__init__.py", "")
        .directory("/usr/local/lib/python3.12/lib-dynload")
        .symlink("/home/ada/app/.venv/bin/python", "python3.12")
        .symlink("/home/ada/app/.venv/bin/python3.12", python)
        .file(
            "/home/ada/app/.venv/pyvenv.cfg",
            "home = /usr/local/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n\
             executable = /usr/local/bin/python3.12\ncommand = /usr/local/bin/python3.12 -m venv /home/ada/app/.venv\n",
        )
        .directory("/home/ada/app/.venv/lib/python3.12/site-packages")
        .variable("HOME", "/home/ada")
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .cwd("/home/ada/app")
}

/// The environment of a project that was renamed from `first-try` to `app`.
#[allow(dead_code, reason = "the benchmark, which includes this file, resolves another machine")]
pub fn moved() -> MemoryHost {
    let python = "/usr/local/bin/python3.12";
    let environment = "/home/ada/app/.venv";
    let packages = format!("{environment}/lib/python3.12/site-packages");
    let script = "#!/home/ada/first-try/.venv/bin/python\nimport sys\nfrom black import patched_main\nsys.exit(patched_main())\n";
    let mut host = MemoryHost::new(Platform::Linux)
        .file(python, "python")
        .executable(python)
        .error(python, HostError::PermissionDenied)
        .file("/usr/local/lib/python3.12/os.py", "")
        .file("/usr/local/lib/python3.12/encodings/__init__.py", "")
        .directory("/usr/local/lib/python3.12/lib-dynload")
        .symlink(format!("{environment}/bin/python"), python)
        .file(
            format!("{environment}/pyvenv.cfg"),
            "home = /usr/local/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n",
        )
        .file(format!("{environment}/bin/activate"), "VIRTUAL_ENV=/home/ada/first-try/.venv\nexport VIRTUAL_ENV\n")
        .file(format!("{packages}/black/__init__.py"), "")
        .file(format!("{packages}/black-24.1.0.dist-info/METADATA"), "Metadata-Version: 2.1\nName: black\nVersion: 24.1.0\n")
        .file(
            format!("{packages}/black-24.1.0.dist-info/RECORD"),
            "../../../bin/black,,\n../../../bin/blackd,,\nblack/__init__.py,,0\nblack-24.1.0.dist-info/METADATA,,\nblack-24.1.0.dist-info/RECORD,,\n",
        )
        .variable("HOME", "/home/ada")
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .cwd("/home/ada/app");
    for name in ["black", "blackd"] {
        let path = format!("{environment}/bin/{name}");
        host = host.file(&path, script).executable(&path);
    }
    host
}
