//! What the standard libraries of later releases take from modules that are written in C, and that this one lacks there.

use bstr::BString;

use super::content::Raised;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::python_code::Outline;

/// A name that a module in C has since some release.
struct Newer {
    /// As `from MODULE import NAME` has it.
    module: &'static str,
    /// As the module calls itself, and errors do with it.
    own_name: &'static str,
    name: &'static str,
    since: Behavior,
}

/// Those that modules of startup take at once when they are imported.
const NEWER: [Newer; 3] = [
    Newer { module: "_io", own_name: "io", name: "open_code", since: Behavior::OpenCode },
    Newer { module: "_io", own_name: "io", name: "text_encoding", since: Behavior::TextEncoding },
    Newer {
        module: "_codecs",
        own_name: "_codecs",
        name: "_normalize_encoding",
        since: Behavior::EncodingsNormalizedInC,
    },
];

/// The exception with which code certainly fails because it takes a name that this release does not have.
pub fn missing(outline: &Outline, behaviors: &Behaviors) -> Option<Raised> {
    outline.taken.iter().find_map(|(module, name)| {
        let is_it = |newer: &&Newer| newer.module == module && newer.name == name && !behaviors.has(newer.since);
        let newer = NEWER.iter().find(is_it)?;
        Some(Raised { exception: (!behaviors.is_pypy()).then(|| exception(newer, behaviors)), runs: true })
    })
}

fn exception(newer: &Newer, behaviors: &Behaviors) -> BString {
    let Newer { own_name, name, .. } = newer;
    if behaviors.has(Behavior::ImportErrorNamesFile) {
        format!("ImportError: cannot import name '{name}' from '{own_name}' (unknown location)").into()
    } else {
        format!("ImportError: cannot import name '{name}'").into()
    }
}
