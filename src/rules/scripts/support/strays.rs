//! Scripts that start another Python than the one they stand beside.

use bstr::{BStr, BString};

use super::owners;
use crate::environment::{Activation, Script, Start, Survey};

/// So many places can an environment have stood in, to be looked into further.
const MOST_PLACES: usize = 16;

/// What became of the Python that a script names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is gone, with the environment that this one was when the script was written.
    Gone,
    /// It is that of another environment.
    OtherEnvironment,
    /// It is there, and is no environment's.
    OtherPython,
    /// It is gone, and never was this environment's.
    MissingPython,
}

/// A script that starts another Python.
#[derive(Debug)]
pub struct Stray<'s> {
    /// The script.
    pub script: &'s Script,
    /// What it says about its Python.
    pub start: &'s Start,
    /// The directory above that of the Python.
    pub root: BString,
    /// What became of it.
    pub fate: Fate,
}

/// The scripts whose Python, named by its path, is for certain not that of this environment.
pub fn find<'s>(survey: &Survey<'_>, scripts: &'s [Script], activations: &[Activation]) -> Vec<Stray<'s>> {
    let strays = scripts.iter().filter_map(|script| {
        let start = script.interpreter(survey)?;
        let dir = survey.parent(start.program.as_ref());
        let root = survey.parent(dir.as_ref());
        let is_own = dir == *survey.bin()
            || root == *survey.root()
            || survey.same_file(dir.as_ref(), survey.bin())
            || survey.same_file(root.as_ref(), survey.root());
        let fate = if is_own { None } else { fate(survey, start, root.as_ref(), activations) };
        fate.map(|fate| Stray { script, start, root, fate })
    });
    let mut strays: Vec<Stray<'s>> = strays.collect();
    // Somebody's own script for another Python says nothing about this environment.
    for (index, (root, fate)) in places(&strays).into_iter().enumerate() {
        if index < MOST_PLACES && was_here(survey, &strays, &root, fate, activations) {
            continue;
        }
        let other = if fate == Fate::Gone { Fate::MissingPython } else { Fate::OtherPython };
        let theirs = strays.iter_mut().filter(|stray| stray.fate == fate && stray.root == root);
        theirs.for_each(|stray| stray.fate = other);
    }
    strays
}

fn fate(survey: &Survey<'_>, start: &Start, root: &BStr, activations: &[Activation]) -> Option<Fate> {
    let is_environment = || survey.exists(survey.join(root, "pyvenv.cfg").as_ref());
    if survey.exists(start.program.as_ref()) {
        return Some(if is_environment() { Fate::OtherEnvironment } else { Fate::OtherPython });
    }
    if !survey.is_missing(start.program.as_ref()) {
        return None;
    }
    let was_environment = survey.is_missing(root) || is_environment() || is_activated(activations, root);
    Some(if was_environment { Fate::Gone } else { Fate::MissingPython })
}

fn is_activated(activations: &[Activation], root: &BStr) -> bool {
    activations.iter().any(|activation| activation.dir == root)
}

/// Where this environment may have stood, and what became of that place.
fn places(strays: &[Stray<'_>]) -> Vec<(BString, Fate)> {
    let mut places: Vec<(BString, Fate)> = Vec::new();
    for stray in strays.iter().filter(|stray| matches!(stray.fate, Fate::Gone | Fate::OtherEnvironment)) {
        if !places.iter().any(|(root, fate)| *root == stray.root && *fate == stray.fate) {
            places.push((stray.root.clone(), stray.fate));
        }
    }
    places
}

/// Whether something else says too that the environment stood at `root`: an activation script, the command by which it
/// was made, or a distribution that such a script belongs to.
fn was_here(survey: &Survey<'_>, strays: &[Stray<'_>], root: &BString, fate: Fate, activations: &[Activation]) -> bool {
    let is_theirs = |stray: &&Stray<'_>| stray.fate == fate && stray.root == *root;
    is_activated(activations, root.as_ref())
        || command(survey).is_some_and(|command| command.ends_with(root))
        || strays.iter().filter(is_theirs).take(16).any(|it| owners::of(survey, it.script.name.as_ref()).is_some())
}

/// The command that made the environment, which 3.11 and later write down.
fn command<'s>(survey: &'s Survey<'_>) -> Option<&'s BStr> {
    survey.cfg_line("command").map(|line| line.value.as_ref())
}
