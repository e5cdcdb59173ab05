//! Environments that are activated in the shell, according to its variables.

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
    summary: "VIRTUAL_ENV names an environment other than the examined one, or one that does not exist.",
    why: "\
The activate scripts set the variable, and it persists in terminals, multiplexers and editors. CPython itself does not \
read it: the interpreter finds its environment from its own location. uv, Poetry, PDM and editors do read it, and \
install into the environment that it names, or warn and ignore it. The interpreter and the tools of one shell can \
therefore work on two different environments. If the programs of the other environment are on PATH, it was activated \
on purpose, and the severity is info.",
    example: "\
$ echo $VIRTUAL_ENV
/home/ada/other/.venv
$ uv sync
warning: `VIRTUAL_ENV=/home/ada/other/.venv` does not match the project environment path `.venv` and will be ignored",
    fix: "Run deactivate, or unset VIRTUAL_ENV, and activate the intended environment.",
    sources: &["python-poetry/poetry#4413", "astral-sh/uv#11315"],
};

pub(in crate::rules) static CONDA_AND_VENV_ACTIVE: Rule = Rule {
    code: Code("VD310"),
    name: "conda-and-venv-active",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A conda environment and a virtual environment are active at the same time.",
    why: "\
Both put a directory at the beginning of PATH, and each sets variables that tools rank differently. If conda comes \
first, which happens when its hook runs after activate, python and pip are conda's while the prompt shows both, and \
packages are installed into conda's base environment. If the virtual environment comes first, its Python is found, and \
the severity is info.",
    example: "\
(.venv) (base) $ which python
/opt/conda/bin/python
(.venv) (base) $ echo $VIRTUAL_ENV
/home/ada/project/.venv",
    fix: "\
Run conda deactivate before activating the environment; to make that permanent, run conda config --set \
auto_activate_base false.",
    sources: &["astral-sh/uv#8940", "conda/conda#10754", "wntrblm/nox#801"],
};

pub(in crate::rules) static ACTIVATED_BUT_SHADOWED: Rule = Rule {
    code: Code("VD316"),
    name: "activated-but-shadowed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The environment is active, but another Python comes before it on PATH.",
    why: "\
A profile, a version manager or another tool put its directory before the environment's bin directory after the \
environment was activated. The prompt shows the environment, but python and pip are other programs. Shell aliases have \
the same effect, but a child process cannot see them.",
    example: "\
(.venv) $ echo $PATH
/opt/shims:/home/ada/project/.venv/bin:/usr/bin
(.venv) $ command -v python
/opt/shims/python",
    fix: "Activate the environment last and run hash -r, or call its programs by their paths.",
    sources: &["numpy/numpy#18451", "mcedit/mcedit2#434"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&VIRTUAL_ENV_MISMATCH, &CONDA_AND_VENV_ACTIVE, &ACTIVATED_BUT_SHADOWED],
    judges: &[
        Judge { when: When::Startup(226), find: startup },
        Judge { when: When::Environment(220), find: environment },
    ],
};

/// The most directories of `PATH` that are examined.
const MOST: usize = 64;

/// Judges `VIRTUAL_ENV`. Where it names what runs, nothing has to be asked.
fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(active) = settings::set(survey, "VIRTUAL_ENV").filter(|active| *active != survey.root()) else { return };
    if survey.is_missing(active) {
        findings.push(gone(survey, active));
    } else if survey.is_environment() && survey.exists(active) && !survey.same_file(active, survey.root()) {
        // Users who ask about a Python outside of any environment mean that one, whatever is active.
        findings.push(other(survey, active));
    }
}

/// Judges what comes on `PATH` before the examined environment, if that is the active one.
fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(active) = settings::set(survey, "VIRTUAL_ENV") else { return };
    if survey.is_environment() && survey.same_file(active, survey.root()) {
        let shadow = shadow(survey, active);
        let conda = conda(survey, active, shadow.as_ref());
        findings.extend(conda.or_else(|| shadow.map(|shadow| shadowed(survey, active, &shadow))));
    }
}

fn gone(survey: &Survey<'_>, active: &BStr) -> Finding {
    let effect = "Python never reads it; uv, Poetry and editors do, and warn or create another environment";
    Finding::new(&VIRTUAL_ENV_MISMATCH, sentence!("VIRTUAL_ENV names ", active, ", which does not exist"))
        .evidence(settings::evidence("VIRTUAL_ENV", active))
        .effect(effect)
        .fix(fixes::unset(survey, "VIRTUAL_ENV"))
}

/// Another environment is active. If its programs are on `PATH`, it was activated on purpose, and users who name this
/// one by its path know that; otherwise the variable is probably left over.
fn other(survey: &Survey<'_>, active: &BStr) -> Finding {
    let bin = bin(survey, active);
    let is_on_purpose = dirs(survey).iter().any(|dir| is_same(survey, dir, bin.as_bstr()));
    let message = sentence!("VIRTUAL_ENV names ", active, ", not ", survey.root());
    let effect = sentence!(
        "uv pip and Poetry, when run from this shell, install into ",
        active,
        ", while ",
        survey.executable(),
        " uses ",
        survey.root()
    );
    Finding::new(&VIRTUAL_ENV_MISMATCH, message)
        .severity(if is_on_purpose { Severity::Info } else { Severity::Warning })
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
    /// Its directory, as `PATH` names it.
    dir: BString,
    /// Its name.
    name: &'static str,
}

/// The first directory of `PATH` with a Python, if it comes before the environment's own.
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
    // The shims of pyenv start the Python of the environment that pyenv has activated itself.
    let is_dispatched = matches!(survey.creator(), Creator::PyenvVirtualenv(_)) && found.dir.ends_with(b"shims");
    (!is_dispatched).then_some(found)
}

fn all_evidence(survey: &Survey<'_>, active: &BStr, shadow: &Shadow) -> [Evidence; 2] {
    let path = settings::set(survey, "PATH").unwrap_or_default();
    [settings::evidence("VIRTUAL_ENV", active), settings::evidence("PATH", path).marking(&shadow.dir)]
}

fn shadowed(survey: &Survey<'_>, active: &BStr, shadow: &Shadow) -> Finding {
    let program = survey.join(&shadow.dir, shadow.name);
    let message = sentence!(active, " is active, but the command ", shadow.name, " runs ", program);
    let effect = sentence!(
        shadow.dir,
        " comes before the environment on PATH: ",
        shadow.name,
        " -m pip installs outside the environment, although the prompt shows it"
    );
    Finding::new(&ACTIVATED_BUT_SHADOWED, message)
        .all_evidence(all_evidence(survey, active, shadow))
        .effect(effect)
        .fix(reactivate(survey, active))
}

fn reactivate(survey: &Survey<'_>, active: &BStr) -> Fix {
    let advice =
        "activate the environment last, after everything else that changes PATH, and clear the shell's command cache";
    if survey.flavor() == Flavor::Windows {
        return Fix::advice(advice).command(fixes::line(survey, survey.join(active, r"Scripts\activate")));
    }
    let script = survey.join(active, "bin/activate");
    Fix::advice(advice).command(fixes::line(survey, ".").word(script).raw("&&").words(["hash", "-r"]))
}

/// A virtual environment and a conda environment are both active: harmless as long as the former comes first on `PATH`.
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
        sentence!("the conda environment ", prefix, " is active at the same time as ", active),
    )
    .evidence(settings::evidence("CONDA_PREFIX", prefix));
    finding = match first {
        Some(shadow) => finding.all_evidence(all_evidence(survey, active, shadow)).effect(sentence!(
            "conda comes first on PATH: ",
            shadow.name,
            " and pip are those of ",
            prefix,
            ", although the prompt shows the virtual environment"
        )),
        None => finding.severity(Severity::Info).evidence(settings::evidence("VIRTUAL_ENV", active)).effect(
            "the virtual environment comes first on PATH, so its Python is found; tools that check for conda before \
             VIRTUAL_ENV choose the conda environment",
        ),
    };
    let advice = "deactivate conda first, and stop it from activating its base environment automatically";
    let off = fixes::line(survey, "conda").words(["config", "--set", "auto_activate_base", "false"]);
    Some(finding.fix(Fix::advice(advice).command(fixes::line(survey, "conda").word("deactivate")).command(off)))
}
