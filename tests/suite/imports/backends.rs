//! What build backends write for editable installs: texts of the backends themselves, where they are on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use crate::support::interpreters;

/// Texts of backends.
pub struct Backends {
    /// The module with a finder that setuptools writes, of several versions: `{name!r}`, `{mapping!r}` and
    /// `{namespaces!r}` are to be replaced.
    pub setuptools: Vec<String>,
    /// The module that scikit-build-core writes, without its last line.
    pub scikit_build_core: Vec<String>,
    /// The module that meson-python writes, without its end.
    pub meson_python: Vec<String>,
    /// The directory of the package `editables`.
    pub editables: Option<PathBuf>,
}

/// The backends, looked for once.
pub static BACKENDS: LazyLock<Backends> = LazyLock::new(find);

/// Versions that differ in what they write.
const VERSIONS: &[&[&str]] = &[
    &["setuptools==64.0.3", "scikit-build-core==0.5.1", "meson-python==0.13.2", "editables==0.5"],
    &["setuptools==69.5.1", "scikit-build-core==0.10.7", "meson-python==0.17.1"],
    &["setuptools==80.9.0", "scikit-build-core==0.11.6", "meson-python==0.18.0"],
    &["setuptools", "scikit-build-core", "meson-python"],
];

/// The backends of the interpreters found, and those of `VENV_DOCTOR_BACKENDS`: directories with unpacked wheels,
/// separated by colons. Where `VENV_DOCTOR_TOOLS` says that installing is wanted, several versions are installed.
fn find() -> Backends {
    let mut places: Vec<PathBuf> = interpreters::installed()
        .map(|python| PathBuf::from(python.stdlib.to_string()).join("site-packages"))
        .chain([PathBuf::from("/usr/lib/python3/dist-packages")])
        .collect();
    if let Some(list) = std::env::var_os("VENV_DOCTOR_BACKENDS") {
        places.extend(std::env::split_paths(&list));
    }
    if std::env::var_os("VENV_DOCTOR_TOOLS").is_some_and(|wanted| !wanted.is_empty()) {
        places.extend(VERSIONS.iter().filter_map(|versions| install(versions)));
    }
    let texts = |path: &str| {
        let mut texts: Vec<String> =
            places.iter().filter_map(|place| fs::read_to_string(place.join(path)).ok()).collect();
        texts.sort();
        texts.dedup();
        texts
    };
    Backends {
        setuptools: texts("setuptools/command/editable_wheel.py").iter().filter_map(|text| template(text)).collect(),
        scikit_build_core: texts("scikit_build_core/resources/_editable_redirect.py"),
        meson_python: texts("mesonpy/_editable.py"),
        editables: places.iter().map(|place| place.join("editables")).find(|dir| dir.is_dir()),
    }
}

/// The template in the source of setuptools, with braces as they are written.
fn template(source: &str) -> Option<String> {
    let (_, rest) = source.split_once("_FINDER_TEMPLATE = \"\"\"\\\n")?;
    let (text, _) = rest.split_once("\"\"\"\n")?;
    Some(text.replace("{{", "{").replace("}}", "}"))
}

fn install(requirements: &[&str]) -> Option<PathBuf> {
    let python = interpreters::installed().find(|python| python.minor == 12)?;
    let dir: PathBuf = python.world.work_outside().join(format!("backends-{}", requirements.concat().len()));
    let output = Command::new(Path::new(&python.exe.to_string()))
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--timeout", "15", "--target"])
        .arg(&dir)
        .args(requirements)
        .output()
        .ok()?;
    output.status.success().then_some(dir)
}
