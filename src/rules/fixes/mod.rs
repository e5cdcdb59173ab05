//! Fixes that many rules share, as commands that fit who made the environment.

mod edit;
mod packages;
mod recreate;
mod relink;

use super::fix::Fix;
use super::shell::Line;
use crate::environment::Survey;
use crate::host::Platform;

pub use edit::{delete_lines, pattern, remove, remove_file, rename, replacement, rewrite, sed, set_key, without_mark};
pub use packages::{
    base_pip, install, is_by_uv, reinstall, reinstall_another, reinstall_over, same_again, seed, uninstall,
};
pub use recreate::{kept, recreate};
pub use relink::{relink, relink_names, restore};

/// A command line in the shell of the machine that was examined.
pub fn line(survey: &Survey<'_>, program: impl AsRef<[u8]>) -> Line {
    Line::new(survey.platform(), program)
}

/// `pythonX.Y`, or `python3` where the version is unknown.
pub fn python(survey: &Survey<'_>) -> String {
    match survey.version() {
        Some(version) => format!("python{}.{}", version.major, version.minor),
        None => survey.wanted().map_or_else(|| "python3".to_owned(), |wanted| wanted.name().to_string()),
    }
}

/// Removes a variable from the shell.
pub fn unset(survey: &Survey<'_>, name: &str) -> Fix {
    let advice = format!("remove {name} from the environment, and from the profile of the shell that sets it");
    let line = if survey.platform() == Platform::Windows {
        Line::new(survey.platform(), "set").word(format!("{name}="))
    } else {
        line(survey, "unset").word(name)
    };
    Fix::advice(advice).command(line).safe()
}
