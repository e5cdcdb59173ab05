//! Tools that clear the directory of an environment when they recreate it, whatever else is in it.

use bstr::BString;

use crate::environment::{Creator, Ground, Survey};
use crate::rules::fix::Fix;
use crate::text::sentence;

/// So many names of what is in the way are told.
const MOST_TOLD: usize = 3;

/// The fix, unless its tool would delete somebody's own files: then the user moves them first.
pub(super) fn spared(survey: &Survey<'_>, fix: Fix) -> Fix {
    let creator = survey.creator();
    let Some(own) = own_names(creator) else { return fix };
    let Ground::Shared { others, .. } = survey.ground() else { return fix };
    let others: Vec<&BString> = others.iter().filter(|name| !own.iter().any(|own| *name == own)).collect();
    if others.is_empty() {
        return fix;
    }
    let told = bstr::join(", ", others.iter().take(MOST_TOLD));
    let more = match others.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Fix::advice(sentence!(
        "move ",
        told,
        more,
        " out of ",
        survey.root(),
        " first, which ",
        creator.name(),
        " clears when it recreates an environment; then recreate it with ",
        creator.name()
    ))
}

/// What a tool that clears the directory keeps in it for itself; none for a tool that leaves alone what is not its own.
fn own_names(creator: &Creator) -> Option<&'static [&'static str]> {
    match creator {
        Creator::Tox => Some(&["log", "tmp", ".pkg"]),
        Creator::Nox => Some(&["tmp"]),
        Creator::PreCommit => Some(&[".install_state_v1", ".install_state_v2"]),
        Creator::Rye => Some(&["rye-venv.json"]),
        Creator::Poetry
        | Creator::Pipenv
        | Creator::Hatch
        | Creator::Pipx(_)
        // It has venv clear what its applications share.
        | Creator::PipxShared
        | Creator::UvTool(_)
        | Creator::Pixi => Some(&[]),
        _ => None,
    }
}
