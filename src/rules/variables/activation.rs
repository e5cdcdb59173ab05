//! VD309, VD310 and VD316: what the shell believes to be active.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings;
use crate::environment::{Creator, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static VIRTUAL_ENV_MISMATCH: Rule = Rule {
    code: Code("VD309"),
    name: "virtual-env-mismatch",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "VIRTUAL_ENV names another environment than the one that is examined, or none that exists.",
    why: "\
The activate scripts set it, and it stays behind in terminals, multiplexers and editors. No Python of upstream's reads \
it: the interpreter goes by its own place. uv, Poetry, pdm and editors do read it, and install into what it names, or \
warn and ignore it. So the interpreter and the tools of one shell can work on two environments. Where the other one's \
programs are on PATH it has been activated in earnest, and that is told as an information.",
    example: "\
$ echo $VIRTUAL_ENV
/home/ada/other/.venv
$ uv sync
warning: `VIRTUAL_ENV=/home/ada/other/.venv` does not match the project environment path `.venv` and will be ignored",
    fix: "deactivate, or unset VIRTUAL_ENV, and activate the environment that is meant.",
    sources: &["python-poetry/poetry#4413", "astral-sh/uv#11315"],
};

pub(in crate::rules) static CONDA_AND_VENV_ACTIVE: Rule = Rule {
    code: Code("VD310"),
    name: "conda-and-venv-active",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An environment of conda and a virtual environment are active together.",
    why: "\
Both put a directory at the beginning of PATH, and each has variables that tools rank differently. Where conda comes \
first, which happens when its hook runs after activate, python and pip are conda's while the prompt shows both; \
packages land in conda's base. Where the environment comes first it is found, and that is told as an information.",
    example: "\
(.venv) (base) $ which python
/opt/conda/bin/python
(.venv) (base) $ echo $VIRTUAL_ENV
/home/ada/project/.venv",
    fix: "conda deactivate before activating the environment; conda config --set auto_activate_base false.",
    sources: &["astral-sh/uv#8940", "conda/conda#10754", "wntrblm/nox#801"],
};

pub(in crate::rules) static ACTIVATED_BUT_SHADOWED: Rule = Rule {
    code: Code("VD316"),
    name: "activated-but-shadowed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The environment is active, but another Python comes before it on PATH.",
    why: "\
A profile, a version manager or another tool put its directory before the environment's bin after that had been \
activated. The prompt shows the environment, python and pip are others. Shell aliases do the same and cannot be seen \
from a child process.",
    example: "\
(.venv) $ echo $PATH
/opt/shims:/home/ada/project/.venv/bin:/usr/bin
(.venv) $ command -v python
/opt/shims/python",
    fix: "Activate last, and hash -r; or call the environment's programs by their path.",
    sources: &["numpy/numpy#18451", "mcedit/mcedit2#434"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&VIRTUAL_ENV_MISMATCH, &CONDA_AND_VENV_ACTIVE, &ACTIVATED_BUT_SHADOWED],
    judges: &[Judge { when: When::Environment(220), find }],
};

/// The most directories of `PATH` that are looked into.
const MOST: usize = 64;

/// Judges `VIRTUAL_ENV`, and where it is right, what comes before it on `PATH`.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(active) = settings::set(survey, "VIRTUAL_ENV") else { return };
    if survey.is_missing(active) {
        findings.push(gone(survey, active));
    } else if !survey.is_environment() || !survey.exists(active) {
        // Whoever asks about a Python that is no environment means it, whatever is active.
    } else if survey.same_file(active, survey.root()) {
        let shadow = shadow(survey, active);
        let conda = conda(survey, active, shadow.as_ref());
        findings.extend(conda.or_else(|| shadow.map(|shadow| shadowed(survey, active, &shadow))));
    } else {
        findings.push(other(survey, active));
    }
}

fn gone(survey: &Survey<'_>, active: &BStr) -> Finding {
    let effect = "Python never reads it; uv, Poetry and editors do, and complain, or make another environment";
    Finding::new(&VIRTUAL_ENV_MISMATCH, sentence!("VIRTUAL_ENV names ", active, ", which does not exist"))
        .evidence(settings::evidence("VIRTUAL_ENV", active))
        .effect(effect)
        .fix(fixes::unset(survey, "VIRTUAL_ENV"))
}

/// Another environment is active. Where it is so in earnest, its programs on `PATH`, whoever asks about this one by its
/// path knows that; a variable that is left over from elsewhere is another matter.
fn other(survey: &Survey<'_>, active: &BStr) -> Finding {
    let bin = bin(survey, active);
    let is_in_earnest = dirs(survey).iter().any(|dir| is_same(survey, dir, bin.as_bstr()));
    let message = sentence!("VIRTUAL_ENV names ", active, ", and not ", survey.root());
    let effect = sentence!(
        "uv pip and Poetry install into ",
        active,
        " when they are called from this shell, while ",
        survey.executable(),
        " uses ",
        survey.root()
    );
    Finding::new(&VIRTUAL_ENV_MISMATCH, message)
        .severity(if is_in_earnest { Severity::Info } else { Severity::Warning })
        .evidence(settings::evidence("VIRTUAL_ENV", active))
        .effect(effect)
        .fix(fixes::unset(survey, "VIRTUAL_ENV"))
}

/// The directories of `PATH`.
fn dirs<'a>(survey: &Survey<'a>) -> Vec<&'a BStr> {
    let path = settings::set(survey, "PATH").unwrap_or_default();
    path.split(|&byte| byte == survey.flavor().delimiter()).map(BStr::new).take(MOST).collect()
}

/// Where the programs of an environment are.
fn bin(survey: &Survey<'_>, environment: &BStr) -> BString {
    survey.join(environment, if survey.flavor() == Flavor::Windows { "Scripts" } else { "bin" })
}

fn is_same(survey: &Survey<'_>, dir: &BStr, other: &BStr) -> bool {
    !dir.is_empty() && (dir == other || survey.same_file(dir, other))
}

/// An interpreter that the shell finds before the environment's own.
struct Shadow {
    /// Its directory, as it stands in `PATH`.
    dir: BString,
    /// Its name.
    name: &'static str,
}

/// The first directory of `PATH` that has a Python, where the environment's own comes later.
fn shadow(survey: &Survey<'_>, active: &BStr) -> Option<Shadow> {
    let is_windows = survey.flavor() == Flavor::Windows;
    let names: &[&'static str] = if is_windows { &["python.exe"] } else { &["python", "python3"] };
    let (dirs, bin) = (dirs(survey), bin(survey, active));
    let own = dirs.iter().position(|dir| is_same(survey, dir, bin.as_bstr()))?;
    let earlier = dirs.get(..own)?.iter().filter(|dir| !dir.is_empty());
    let found = earlier.into_iter().find_map(|dir| {
        let is_there = |name: &&&str| survey.ask.may_execute(survey.join(dir, **name).as_bstr());
        let name = names.iter().filter(|name| survey.is_file(survey.join(dir, **name).as_bstr())).find(is_there)?;
        Some(Shadow { dir: (*dir).to_owned(), name })
    })?;
    // The shims of pyenv find the environment that it has activated itself.
    let is_dispatched = matches!(survey.creator(), Creator::PyenvVirtualenv(_)) && found.dir.ends_with(b"shims");
    (!is_dispatched).then_some(found)
}

fn all_evidence(survey: &Survey<'_>, active: &BStr, shadow: &Shadow) -> [Evidence; 2] {
    let path = settings::set(survey, "PATH").unwrap_or_default();
    [settings::evidence("VIRTUAL_ENV", active), settings::evidence("PATH", path).marking(&shadow.dir)]
}

fn shadowed(survey: &Survey<'_>, active: &BStr, shadow: &Shadow) -> Finding {
    let program = survey.join(&shadow.dir, shadow.name);
    let message = sentence!(active, " is active, and yet ", shadow.name, " is ", program);
    let effect = sentence!(
        shadow.dir,
        " comes before the environment on PATH: what is installed with ",
        shadow.name,
        " -m pip lands outside of it, although the prompt shows it"
    );
    Finding::new(&ACTIVATED_BUT_SHADOWED, message)
        .all_evidence(all_evidence(survey, active, shadow))
        .effect(effect)
        .fix(activate_again(survey, active))
}

fn activate_again(survey: &Survey<'_>, active: &BStr) -> Fix {
    let advice =
        "activate the environment last, after whatever else changes PATH, and have the shell forget what it found";
    if survey.flavor() == Flavor::Windows {
        return Fix::advice(advice).command(fixes::line(survey, survey.join(active, r"Scripts\activate")));
    }
    let script = survey.join(active, "bin/activate");
    Fix::advice(advice).command(fixes::line(survey, ".").word(script).raw("&&").words(["hash", "-r"]))
}

/// An environment that was activated beside one of conda: harmless as long as the environment comes first on `PATH`.
fn conda(survey: &Survey<'_>, active: &BStr, shadow: Option<&Shadow>) -> Option<Finding> {
    let prefix = settings::set(survey, "CONDA_PREFIX")?;
    if survey.same_file(prefix, active) || survey.is_missing(prefix) {
        return None;
    }
    let first = shadow.filter(|shadow| survey.is_below(shadow.dir.as_bstr(), prefix));
    if first.is_none() && shadow.is_some() {
        return None;
    }
    let mut finding = Finding::new(
        &CONDA_AND_VENV_ACTIVE,
        sentence!("an environment of conda, ", prefix, ", is active together with ", active),
    )
    .evidence(settings::evidence("CONDA_PREFIX", prefix));
    finding = match first {
        Some(shadow) => finding.all_evidence(all_evidence(survey, active, shadow)).effect(sentence!(
            "conda comes first on PATH: ",
            shadow.name,
            " and pip are those of ",
            prefix,
            ", although the prompt shows the environment"
        )),
        None => finding.severity(Severity::Info).evidence(settings::evidence("VIRTUAL_ENV", active)).effect(
            "the environment comes first on PATH, and its Python is found; tools that look for conda before \
             VIRTUAL_ENV choose the other",
        ),
    };
    let advice = "deactivate conda first, and keep it from activating its base by itself";
    let off = fixes::line(survey, "conda").words(["config", "--set", "auto_activate_base", "false"]);
    Some(finding.fix(Fix::advice(advice).command(fixes::line(survey, "conda").word("deactivate")).command(off)))
}
