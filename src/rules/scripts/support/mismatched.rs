//! Scripts that start a Python other than that of the environment in which they are.

use bstr::{BStr, BString};

use super::owners;
use crate::environment::{Activation, Script, Start, Survey};

/// In how many former directories of the environment further evidence is looked for.
const MOST_ROOTS: usize = 16;
/// How many scripts of one directory are looked up in the metadata of distributions.
const MOST_SCRIPTS: usize = 16;

/// The Python that a script names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedPython {
    /// It does not exist; it was this environment's before the environment was moved.
    FormerlyHere,
    /// It exists in another environment, from which this one was copied or moved.
    OtherEnvironment,
    /// It exists, and has nothing to do with this environment.
    Other,
    /// It does not exist, and never was this environment's.
    Missing,
}

/// A script that starts another Python.
#[derive(Debug)]
pub struct Mismatch<'s> {
    /// The script.
    pub script: &'s Script,
    /// The line in which it names its Python.
    pub start: &'s Start,
    /// The directory above that of the Python.
    pub root: BString,
    /// What that Python is.
    pub python: NamedPython,
}

/// The scripts that name a Python by its path which is certainly not that of this environment.
pub fn find<'s>(survey: &Survey<'_>, scripts: &'s [Script], activations: &[Activation]) -> Vec<Mismatch<'s>> {
    let mismatches = scripts.iter().filter_map(|script| {
        let start = script.interpreter(survey)?;
        let dir = survey.parent(start.program.as_ref());
        let root = survey.parent(dir.as_ref());
        let is_own = dir == *survey.bin()
            || root == *survey.root()
            || survey.same_file(dir.as_ref(), survey.bin())
            || survey.same_file(root.as_ref(), survey.root());
        let python = if is_own { None } else { named_python(survey, start, root.as_ref(), activations) };
        python.map(|python| Mismatch { script, start, root, python })
    });
    let mut mismatches: Vec<Mismatch<'s>> = mismatches.collect();
    // A script that somebody wrote for another Python says nothing about where this environment was.
    for (index, (root, python)) in former_roots(&mismatches).into_iter().enumerate() {
        if index < MOST_ROOTS && was_here(survey, &mismatches, &root, python, activations) {
            continue;
        }
        let unrelated = if python == NamedPython::FormerlyHere { NamedPython::Missing } else { NamedPython::Other };
        let same = mismatches.iter_mut().filter(|it| it.python == python && it.root == root);
        same.for_each(|it| it.python = unrelated);
    }
    mismatches
}

fn named_python(survey: &Survey<'_>, start: &Start, root: &BStr, activations: &[Activation]) -> Option<NamedPython> {
    let is_environment = || survey.exists(survey.join(root, "pyvenv.cfg").as_ref());
    if survey.exists(start.program.as_ref()) {
        return Some(if is_environment() { NamedPython::OtherEnvironment } else { NamedPython::Other });
    }
    if !survey.is_missing(start.program.as_ref()) {
        return None;
    }
    let was_environment = survey.is_missing(root) || is_environment() || is_activated(activations, root);
    Some(if was_environment { NamedPython::FormerlyHere } else { NamedPython::Missing })
}

fn is_activated(activations: &[Activation], root: &BStr) -> bool {
    activations.iter().any(|activation| activation.dir == root)
}

/// The directories where this environment may have been, each with the Python that is named there.
fn former_roots(mismatches: &[Mismatch<'_>]) -> Vec<(BString, NamedPython)> {
    let mut roots: Vec<(BString, NamedPython)> = Vec::new();
    let is_candidate =
        |it: &&Mismatch<'_>| matches!(it.python, NamedPython::FormerlyHere | NamedPython::OtherEnvironment);
    for mismatch in mismatches.iter().filter(is_candidate) {
        if !roots.iter().any(|(root, python)| *root == mismatch.root && *python == mismatch.python) {
            roots.push((mismatch.root.clone(), mismatch.python));
        }
    }
    roots
}

/// Whether something else confirms that the environment was in `root`: an activation script, the command by which it
/// was created, or a distribution that installed one of the scripts.
fn was_here(
    survey: &Survey<'_>,
    mismatches: &[Mismatch<'_>],
    root: &BString,
    python: NamedPython,
    activations: &[Activation],
) -> bool {
    let same = mismatches.iter().filter(|it| it.python == python && it.root == *root);
    is_activated(activations, root.as_ref())
        || command(survey).is_some_and(|command| command.ends_with(root))
        || same.take(MOST_SCRIPTS).any(|it| owners::of(survey, it.script.name.as_ref()).is_some())
}

/// The command that created the environment, which venv writes into `pyvenv.cfg` since 3.11.
fn command<'s>(survey: &'s Survey<'_>) -> Option<&'s BStr> {
    survey.cfg_line("command").map(|line| line.value.as_ref())
}
