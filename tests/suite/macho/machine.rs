//! macOS machines with Pythons as people have them, in memory, with Mach-O files from which they are identified.

use venv_doctor::internals::host::{Machine, MemoryHost, Platform};

use super::build::File;

pub const APPLE: Machine = Machine { elf: 183, is_64: true };
pub const INTEL: Machine = Machine { elf: 62, is_64: true };

/// A Mac without any Python.
pub fn mac() -> MemoryHost {
    MemoryHost::new(Platform::Macos)
        .machine(APPLE)
        .cwd("/Users/u/work")
        .variable("HOME", "/Users/u")
        .variable("PATH", "/usr/local/bin:/usr/bin:/bin")
        .directory("/Users/u/work")
}

/// A program or library.
pub fn binary(host: MemoryHost, path: &str, bytes: &[u8]) -> MemoryHost {
    host.file(path, bytes).executable(path)
}

/// The standard library of that release below `prefix`, with the variables of the build.
pub fn library(host: MemoryHost, prefix: &str, version: &str, compiled: &str, framework: &str) -> MemoryHost {
    let python = format!("python3.{}", version.split('.').nth(1).unwrap());
    let suffix = format!(".cpython-3{}-darwin.so", version.split('.').nth(1).unwrap());
    let variables = format!(
        "build_time_vars = {{'EXT_SUFFIX': '{suffix}',\n 'PLATLIBDIR': 'lib',\n 'PYTHONFRAMEWORK': '{framework}',\n \
         'VPATH': '',\n 'exec_prefix': '{compiled}',\n 'prefix': '{compiled}'}}\n"
    );
    host.file(format!("{prefix}/lib/{python}/os.py"), "")
        .file(format!("{prefix}/lib/{python}/site.py"), "")
        .file(format!("{prefix}/lib/{python}/encodings/__init__.py"), "")
        .file(format!("{prefix}/lib/{python}/_sysconfigdata__darwin_darwin.py"), variables)
        .file(format!("{prefix}/include/{python}/patchlevel.h"), format!("#define PY_VERSION \"{version}\"\n"))
        .directory(format!("{prefix}/lib/{python}/site-packages"))
        .directory(format!("{prefix}/lib/{python}/lib-dynload"))
}

/// A framework build in `versions/3.Y`, whose stub and library name the library as `id`.
pub fn framework(host: MemoryHost, versions: &str, version: &str, name: &str, id: &str) -> MemoryHost {
    let minor = version.split('.').nth(1).unwrap();
    let prefix = format!("{versions}/3.{minor}");
    let python = format!("python3.{minor}");
    let stub = File::stub(id).bytes();
    let interpreter = File::main(id).bytes();
    let host = library(host, &prefix, version, &prefix, name);
    let host = binary(host, &format!("{prefix}/{name}"), &File::library(id).python(version).bytes());
    let host = binary(host, &format!("{prefix}/bin/{python}"), &stub);
    binary(host, &format!("{prefix}/Resources/Python.app/Contents/MacOS/Python"), &interpreter)
        .symlink(format!("{prefix}/bin/python3"), python)
}

/// An environment that `venv` made.
pub fn environment(host: MemoryHost, dir: &str, base: &str, minor: &str) -> MemoryHost {
    let home = base.rsplit_once('/').unwrap().0;
    host.symlink(format!("{dir}/bin/python3"), base)
        .symlink(format!("{dir}/bin/python"), "python3")
        .file(
            format!("{dir}/pyvenv.cfg"),
            format!("home = {home}\ninclude-system-site-packages = false\nversion = {minor}\n"),
        )
        .directory(format!("{dir}/lib/python{minor}/site-packages"))
}

/// A program that the system keeps in `/usr/bin` for one of the developer tools.
pub fn developer_tool(host: MemoryHost, path: &str) -> MemoryHost {
    let program = File::program().needs("/usr/lib/libxcselect.dylib").imports(&["xcselect_invoke_xcrun"]);
    binary(host, path, &program.bytes())
}
