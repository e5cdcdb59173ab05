//! VD252 and VD253: a `pyvenv.cfg` is near the interpreter, where Python does not look or under a name that it does not
//! read.

use bstr::{BStr, BString, ByteSlice};

use super::support::base;
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::{Status, StepId};
use crate::text::{python, sentence};

pub(in crate::rules) static CFG_PASSED_OVER: Rule = Rule {
    code: Code("VD252"),
    name: "cfg-passed-over",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A pyvenv.cfg is near the interpreter, but in a place or under a name that Python does not consult.",
    why: "\
Python opens pyvenv.cfg, spelled exactly so, next to the interpreter and one directory above, and nowhere else. A file \
named pyvenv.cfg.txt or PYVENV.CFG, or one that is two directories above the interpreter, has no effect: a symlinked \
interpreter runs as the base, and a copied one may find no standard library. Editors that append an ending, archives \
from systems that ignore case, and tools that move bin cause this.",
    example: "\
$ ls .venv
bin  include  lib  pyvenv.cfg.txt
$ .venv/bin/python -c 'import sys; print(sys.prefix)'
/usr",
    fix: "Rename the file to pyvenv.cfg, in the directory above the interpreter's.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

pub(in crate::rules) static INTERPRETER_IN_LOCAL_BIN: Rule = Rule {
    code: Code("VD253"),
    name: "interpreter-in-local-bin",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter of an environment is in local/bin, from where Python does not find its pyvenv.cfg.",
    why: "\
Debian and Ubuntu 22.04 changed the default installation scheme of sysconfig to posix_local. An old virtualenv that uses \
it puts the interpreter and all scripts into local/bin, and pyvenv.cfg into the environment's directory, two directories \
above the interpreter. Python looks only one directory above: it runs as the base, and pip changes the base.",
    example: "\
$ ls .venv .venv/local/bin
.venv:
local  pyvenv.cfg
.venv/local/bin:
activate  pip  python",
    fix: "Recreate the environment with a current virtualenv or with venv.",
    sources: &["pypa/virtualenv#2350", "pypa/setuptools#3278"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&CFG_PASSED_OVER, &INTERPRETER_IN_LOCAL_BIN], judges: &[] };

/// The name that counts.
const CFG: &str = "pyvenv.cfg";
/// A larger file is none that a creator wrote.
const MOST: u64 = 64 << 10;
/// What editors, packagers and people append to the name.
const ENDINGS: [&str; 12] =
    [".txt", ".bak", ".old", ".orig", ".off", ".disabled", ".save", ".rpmsave", ".dpkg-old", ".ini", ".conf", "~"];
/// Names that are mistaken for it.
const MISTAKEN: [&str; 7] =
    ["pyvenv", "pyvenv.conf", "pyvenv.config", "pyvenv.ini", "pyvenv.toml", "pyenv.cfg", ".pyvenv.cfg"];

/// An interpreter in `local/bin` of an environment: found without any lookup elsewhere.
pub fn in_local_bin(survey: &Survey<'_>, findings: &mut Vec<Finding>) -> bool {
    let (root, bin) = (survey.root(), survey.bin());
    let is_local = survey.base_name(root) == "local" && survey.base_name(bin) == "bin";
    if !is_local || !may_be_passed_over(survey) {
        return false;
    }
    let environment = survey.parent(root);
    let cfg = survey.join(&environment, CFG);
    if !survey.is_file(cfg.as_bstr()) || base::landmark(survey, root).is_some() {
        return false;
    }
    let message = sentence!(
        survey.executable(),
        " is in local/bin of the environment ",
        environment,
        ", where Python does not find its pyvenv.cfg"
    );
    findings.push(
        Finding::new(&INTERPRETER_IN_LOCAL_BIN, message)
            .evidence(Evidence::about(cfg, "is two directories above the interpreter, and is not read"))
            .effect("Python runs as the base: no package of the environment can be imported, and pip changes the base")
            .fix(recreate(survey, &environment))
            .step(base::step(survey, StepId::VenvSearch)),
    );
    true
}

/// What old releases of virtualenv put into an environment with a directory `local`.
const OF_LOCAL_ENVIRONMENTS: [&str; 9] =
    ["bin", "include", "lib", "lib64", "local", "man", "pyvenv.cfg", "share", ".gitignore"];

fn recreate(survey: &Survey<'_>, environment: &BString) -> Fix {
    let fix = Fix::advice("recreate the environment with venv or a current virtualenv, and reinstall its packages");
    let is_usual = |name: &BString| OF_LOCAL_ENVIRONMENTS.iter().any(|usual| name == usual);
    if !survey.names(environment.as_bstr()).is_some_and(|names| names.iter().all(is_usual)) {
        // Somebody's own files are in the directory, too.
        return fix;
    }
    let aside = fixes::rename(survey, environment.as_bstr(), fixes::unused(survey, environment, ".old"));
    let create = fixes::line(survey, fixes::python(survey)).words(["-m", "venv"]).word(environment);
    fix.command(aside).command(create)
}

/// Whether parts of an environment are around the interpreter. Only then are directories listed that Python does not list.
pub fn is_likely(survey: &Survey<'_>) -> bool {
    may_be_passed_over(survey)
        && base::landmark(survey, survey.root()).is_none()
        && (survey.is_file(survey.join(survey.bin(), "activate").as_bstr())
            || survey.is_file(survey.join(survey.parent(survey.root()), CFG).as_bstr()))
}

/// What a directory that is not known to be an environment has for its `pyvenv.cfg`. An installation needs none.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !may_be_passed_over(survey) || base::landmark(survey, survey.root()).is_some() {
        return;
    }
    let root = survey.root();
    let named = similar(survey, root).or_else(|| similar(survey, survey.bin()));
    findings.extend(named.map(|cfg| misnamed(survey, &cfg)).or_else(|| two_above(survey)));
}

/// Whether no Python consults a `pyvenv.cfg` of this interpreter, for there is none where it looks.
fn may_be_passed_over(survey: &Survey<'_>) -> bool {
    let resolution = survey.resolution;
    survey.flavor() == Flavor::Posix
        && survey.cfg().is_none()
        && resolution.identification.file.is_some()
        && !matches!(resolution.outcome.status, Status::FailsToExecute | Status::NotSimulated)
}

/// The file in a directory whose name is almost `pyvenv.cfg`, and which names a `home`.
pub fn similar(survey: &Survey<'_>, dir: &BStr) -> Option<BString> {
    let names = survey.names(dir)?;
    let named = names.iter().filter(|name| is_similar(name.as_bstr())).map(|name| survey.join(dir, name));
    named.take(ENDINGS.len()).find(|path| names_home(survey, path.as_bstr()))
}

fn is_similar(name: &BStr) -> bool {
    let Ok(name) = name.to_str() else { return false };
    let lower = name.to_ascii_lowercase();
    let ending = lower.strip_prefix(CFG);
    lower.trim() == CFG && name != CFG
        || ending.is_some_and(|ending| ENDINGS.contains(&ending))
        || MISTAKEN.contains(&lower.as_str())
}

fn names_home(survey: &Survey<'_>, path: &BStr) -> bool {
    let content = survey.ask.read(path, MOST).unwrap_or_default();
    let keys = content.lines().filter_map(|line| python::partition(line.as_bstr()));
    keys.into_iter().any(|(key, _)| python::lower(python::strip(key)) == "home")
}

/// A finding about a file with another name.
pub fn misnamed(survey: &Survey<'_>, cfg: &BString) -> Finding {
    let right = survey.join(survey.root(), CFG);
    let message = sentence!(cfg, " is not read: Python opens ", CFG, " only, spelled exactly so");
    let command = fixes::rename(survey, cfg.as_bstr(), &right);
    passed_over(survey, message)
        .evidence(Evidence::about(cfg.clone(), "names the home of an environment"))
        .evidence(Evidence::about(right, "missing"))
        .fix(Fix::advice(sentence!("rename it to ", CFG)).command(command).safe())
}

/// A file that is one directory too high. A symlink that leads to another environment's program is reported as that.
fn two_above(survey: &Survey<'_>) -> Option<Finding> {
    let above = survey.parent(survey.root());
    let cfg = survey.join(&above, CFG);
    if above == survey.root() || survey.base_name(survey.root()) == "local" || !names_home(survey, cfg.as_bstr()) {
        return None;
    }
    let message = sentence!(
        cfg,
        " is two directories above ",
        survey.executable(),
        ", and Python looks only one directory above"
    );
    let advice = sentence!("start the interpreter in ", survey.join(&above, "bin"), ", or recreate the environment");
    Some(passed_over(survey, message).evidence(Evidence::about(cfg, "is not read")).fix(Fix::advice(advice)))
}

fn passed_over(survey: &Survey<'_>, message: BString) -> Finding {
    let fails = survey.resolution.outcome.status == Status::FailsToInitialize;
    let effect = if fails {
        "Python does not know where the base is, and finds no standard library"
    } else {
        "Python runs as the base interpreter: packages that are installed here are not visible, and pip changes the base"
    };
    Finding::new(&CFG_PASSED_OVER, message).effect(effect).step(base::step(survey, StepId::VenvSearch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_almost_right() {
        for name in ["PYVENV.CFG", "Pyvenv.cfg", "pyvenv.cfg.txt", "pyvenv.cfg~", "pyvenv.cfg ", "pyvenv.ini"] {
            assert!(is_similar(name.into()), "{name:?}");
        }
        for name in ["pyvenv.cfg", "setup.cfg", "pyvenv.cfg.d", "mypyvenv.cfg", "tox.ini"] {
            assert!(!is_similar(name.into()), "{name:?}");
        }
    }
}
