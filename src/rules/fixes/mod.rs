//! Fixes that many rules share. Their commands depend on the creator of the environment and on the platform.

mod edit;
mod maker;
mod managers;
mod packages;
mod recreate;
mod relink;
mod spare;

use super::fix::Fix;
use super::shell::Line;
use crate::environment::Survey;
use crate::host::Platform;
use crate::interpreter::Implementation;

pub use edit::{
    append, chmod, copy, delete_lines, make_dir, remove, remove_empty, remove_file, remove_files, rename, set_key,
    substitute, symlink, to_utf8, unused, without_mark, write, write_new,
};
pub use packages::{
    base_pip, install, install_into, is_by_uv, reinstall, reinstall_another, reinstall_over, same_requirement, seed,
    uninstall,
};
pub use recreate::{kept, recreate};
pub use relink::{relink, relink_names, restore};

/// A command line for the shell of the examined machine.
pub fn line(survey: &Survey<'_>, program: impl AsRef<[u8]>) -> Line {
    Line::new(survey.platform(), program)
}

/// Whether the environment is one of `PyPy`.
pub fn is_pypy(survey: &Survey<'_>) -> bool {
    python(survey).starts_with("pypy")
}

/// A command line that begins with a Python like that of the environment: by its name, and on Windows, where no name tells the
/// version, by its path, or by the launcher `py`.
pub fn by_python(survey: &Survey<'_>) -> Line {
    if survey.platform() != Platform::Windows {
        return line(survey, python(survey));
    }
    match (survey.maker(), survey.version()) {
        (Some(path), _) => line(survey, path),
        (None, Some(version)) => line(survey, "py").word(format!("-{}", version.short())),
        (None, None) => line(survey, "py"),
    }
}

/// `pythonX.Y`, for `PyPy` `pypyX.Y`, or `python3` where the version is unknown.
pub fn python(survey: &Survey<'_>) -> String {
    match survey.version() {
        Some(version) => {
            let is_pypy = survey.resolution.identification.interpreter.implementation == Implementation::PyPy;
            let stem = if is_pypy { "pypy" } else { "python" };
            format!("{stem}{}.{}", version.major, version.minor)
        }
        None => survey.wanted().map_or_else(|| "python3".to_owned(), |wanted| wanted.name().to_string()),
    }
}

/// Unsets a variable in the shell.
pub fn unset(survey: &Survey<'_>, name: &str) -> Fix {
    let advice = format!("unset {name}, and remove it from the shell profile that sets it");
    let line = if survey.platform() == Platform::Windows {
        line(survey, "Remove-Item").word(format!("Env:{name}"))
    } else {
        line(survey, "unset").word(name)
    };
    Fix::advice(advice).command(line).safe()
}
