//! VD336 and VD337: `VIRTUAL_ENV` names no environment, or another one than the Python that a bare name starts.

use bstr::{BStr, BString, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::host::path::{Flavor, module};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static VIRTUAL_ENV_IS_NONE: Rule = Rule {
    code: Code("VD336"),
    name: "virtual-env-is-none",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "VIRTUAL_ENV names something that exists, but is no environment.",
    why: "\
CPython does not read the variable; uv, Poetry, PDM, editors and shell prompts do. If the directory has neither pyvenv.cfg \
nor an interpreter, because the environment was emptied, its volume is not mounted, or the variable names the project \
instead of its environment, these tools fail or create an environment there, and python is another program than the \
prompt suggests.",
    example: "\
$ echo $VIRTUAL_ENV
/home/ada/project
$ ls /home/ada/project
pyproject.toml  src",
    fix: "Unset VIRTUAL_ENV, or activate the intended environment.",
    sources: &["astral-sh/uv#11315", "python-poetry/poetry#4413"],
};

pub(in crate::rules) static ACTIVE_ENVIRONMENT_NOT_RUN: Rule = Rule {
    code: Code("VD337"),
    name: "active-environment-not-run",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An environment is active, but the name that was typed starts a Python outside of it.",
    why: "\
Activating an environment puts its directory of programs first on PATH. If a login shell, a profile, sudo or a scheduler \
replaces PATH and keeps VIRTUAL_ENV, the prompt and many tools show the environment, while python and pip are those of \
the system. Only a bare name is judged: a path says which Python is meant.",
    example: "\
(.venv) $ echo $VIRTUAL_ENV
/home/ada/project/.venv
(.venv) $ command -v python3
/usr/bin/python3",
    fix: "Activate the environment again, or start its Python by its path.",
    sources: &["numpy/numpy#18451", "python-poetry/poetry#4413"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&VIRTUAL_ENV_IS_NONE, &ACTIVE_ENVIRONMENT_NOT_RUN],
    judges: &[Judge { when: When::Startup(225), find }],
};

/// Where an environment has its interpreter.
const INTERPRETERS: [&str; 4] = ["bin/python", "bin/python3", "bin/pypy3", "Scripts/python.exe"];
/// What makes a directory an environment.
const MARKS: [&str; 2] = ["pyvenv.cfg", "conda-meta"];

/// A bare name is looked up on `PATH`, which activation changes, so that the variable and the program should agree. What
/// was typed as a path is meant, whatever is active, but other tools still read the variable.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(active) = active(survey) else { return };
    if is_none(survey, active) {
        findings.push(none(survey, active));
    } else if let Some(own) = Some(active).filter(|_| is_bare_name(survey)).and_then(|active| not_run(survey, active)) {
        findings.push(outside(survey, active, &own));
    }
}

/// `VIRTUAL_ENV`, unless it names what runs, which is known without a question.
fn active<'a>(survey: &Survey<'a>) -> Option<&'a BStr> {
    let active = settings::set(survey, "VIRTUAL_ENV")?;
    let sys = survey.resolution.sys.as_ref();
    let is_running = sys.is_some_and(|sys| sys.prefix == active && sys.prefix != sys.base_prefix);
    (!is_running).then_some(active)
}

fn is_bare_name(survey: &Survey<'_>) -> bool {
    let typed = &survey.resolution.invocation.executable;
    survey.flavor() == Flavor::Posix && !typed.contains(&b'/') && survey.resolution.sys.is_some()
}

/// Whether something is there, and has nothing of an environment. A missing one is reported as that.
fn is_none(survey: &Survey<'_>, active: &BStr) -> bool {
    let lacks = |name: &&str| survey.is_missing(survey.join(active, *name).as_bstr());
    survey.exists(active) && MARKS.iter().chain(&INTERPRETERS).all(lacks)
}

fn none(survey: &Survey<'_>, active: &BStr) -> Finding {
    let effect = "uv, Poetry and editors that read it find no environment there, and fail or create one";
    Finding::new(&VIRTUAL_ENV_IS_NONE, sentence!("VIRTUAL_ENV names ", active, ", which is no environment"))
        .evidence(settings::evidence("VIRTUAL_ENV", active))
        .evidence(Evidence::about(active, "has neither pyvenv.cfg nor an interpreter"))
        .effect(effect)
        .fix(fixes::unset(survey, "VIRTUAL_ENV"))
}

/// The program of the active environment with the name that was typed, if another one was started. An environment
/// without that name was not meant.
fn not_run(survey: &Survey<'_>, active: &BStr) -> Option<BString> {
    let sys = survey.resolution.sys.as_ref()?;
    let name = &survey.resolution.invocation.executable;
    let own = survey.join(survey.join(active, "bin"), name);
    let is_environment = survey.is_file(survey.join(active, "pyvenv.cfg").as_bstr());
    let runs = module::normpath(survey.flavor(), active) == sys.prefix
        || survey.same_file(active, sys.prefix.as_bstr())
        || survey.same_file(active, survey.root());
    (is_environment && !runs && survey.exists(own.as_bstr())).then_some(own)
}

fn outside(survey: &Survey<'_>, active: &BStr, own: &BString) -> Finding {
    let name = &survey.resolution.invocation.executable;
    let message = sentence!(
        "VIRTUAL_ENV names ",
        active,
        ", but ",
        name,
        " is ",
        survey.executable(),
        ", a Python outside of it"
    );
    let path = settings::set(survey, "PATH").unwrap_or_default();
    Finding::new(&ACTIVE_ENVIRONMENT_NOT_RUN, message)
        .evidence(settings::evidence("VIRTUAL_ENV", active))
        .evidence(settings::evidence("PATH", path))
        .effect(sentence!("the packages of ", active, " cannot be imported, although the shell shows it as active"))
        .fix(fix(survey, active, own))
}

fn fix(survey: &Survey<'_>, active: &BStr, own: &BString) -> Fix {
    let advice = sentence!("activate the environment again, after everything that changes PATH, or start ", own);
    let script = survey.join(active, "bin/activate");
    if !survey.is_file(script.as_bstr()) {
        return Fix::advice(advice);
    }
    Fix::advice(advice).command(fixes::line(survey, ".").word(script).raw("&&").words(["hash", "-r"]))
}
