//! The names of the interpreter in one environment, and the versions that they start.

use bstr::{BString, ByteSlice};

use crate::environment::{InterpreterName, Survey};
use crate::host::FileKind;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes, only_where};
use crate::text::sentence;

pub(in crate::rules) static NAMES_DISAGREE: Rule = Rule {
    code: Code("VD126"),
    name: "names-disagree",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The interpreter's names in one environment start different minor versions of Python.",
    why: "\
Running `python3.13 -m venv` over an environment of 3.12 adds python3.13 and rewrites pyvenv.cfg, but keeps python \
and python3. Scripts of pip, editors and people then use different interpreters with different site-packages \
directories, and each of them misses packages that the other has.",
    example: "\
$ .venv/bin/python -V
Python 3.12.1
$ .venv/bin/python3.13 -V
Python 3.13.0",
    fix: "\
Keep the version for which packages are installed. If packages are installed for both, recreate the environment.",
    sources: &["python/cpython#87679", "pypa/pipx#835"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&NAMES_DISAGREE],
    // Where `pyvenv.cfg` was written for another version than the one that starts, this comes early, because other findings
    // follow from it.
    judges: &[
        Judge { when: When::Startup(140), find: only_where!(is_suspect => judge) },
        Judge { when: When::Environment(100), find: only_where!(!is_suspect => judge) },
    ],
};

/// A name of the interpreter and the version that it starts.
struct Started {
    name: BString,
    path: BString,
    /// The file at the end of its symlinks.
    real: BString,
    stem: &'static str,
    minor: u8,
}

/// Whether `pyvenv.cfg` names another minor version.
fn is_suspect(survey: &Survey<'_>) -> bool {
    let resolution = survey.resolution;
    let is_read = resolution.sys.is_some() && resolution.pyvenv_cfg.is_some();
    let Some(version) = survey.version().filter(|_| is_read) else { return false };
    let Some(entry) = survey.cfg_line("version").or_else(|| survey.cfg_line("version_info")) else { return false };
    let rest = entry.value.strip_prefix(version.short().as_bytes());
    rest.is_none_or(|rest| rest.first().is_some_and(u8::is_ascii_digit))
}

/// Finds names of the interpreter that lead to different minor versions.
fn judge(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() {
        return;
    }
    let started = started(survey);
    let Some(first) = started.iter().find(|one| one.path == *survey.executable()).or(started.first()) else { return };
    let (same, other): (Vec<&Started>, Vec<&Started>) =
        started.iter().partition(|one| (one.stem, one.minor) == (first.stem, first.minor));
    let Some(another) = other.first() else { return };
    let names = |list: &[&Started]| bstr::join(", ", list.iter().map(|one| &one.name));
    let others: Vec<&Started> = other.iter().copied().filter(|one| one.minor == another.minor).collect();
    let message = sentence!(
        names(&same),
        " in ",
        survey.bin(),
        if same.len() == 1 { " starts " } else { " start " },
        version(first),
        ", but ",
        names(&others),
        if others.len() == 1 { " starts " } else { " start " },
        version(another)
    );
    let all_evidence = started.iter().map(|one| Evidence::about(one.path.clone(), sentence!("leads to ", one.real)));
    findings.push(
        Finding::new(&NAMES_DISAGREE, message)
            .all_evidence(all_evidence)
            .effect(
                "the names share one pyvenv.cfg, but each version has its own site-packages directory: packages \
                     installed with one are missing in the other",
            )
            .fix(fix(survey, &started)),
    );
}

fn version(one: &Started) -> BString {
    let name = if one.stem == "pypy" { "PyPy 3." } else { "Python 3." };
    sentence!(name, one.minor.to_string())
}

/// The version that each name starts, as far as the names of files tell it; that of the examined one is known.
fn started(survey: &Survey<'_>) -> Vec<Started> {
    let known = survey.version().map(|version| version.minor);
    let launchers = survey.launchers().into_iter();
    let files = launchers.filter(|launcher| launcher.end.as_ref().is_ok_and(|end| end.kind == FileKind::File));
    let started = files.filter_map(|launcher| {
        let real = survey.ask.real_path(launcher.path.as_bstr()).ok()?;
        let name = survey.base_name(real.as_bstr());
        let parsed = InterpreterName::parse(name.as_bstr())?;
        let examined = if launcher.path == *survey.executable() { known } else { None };
        let minor = examined.or(parsed.minor)?;
        Some(Started { stem: parsed.stem, minor, name: launcher.name, path: launcher.path, real })
    });
    started.collect()
}

/// Keeps the version for which packages are installed, if there is only one.
fn fix(survey: &Survey<'_>, started: &[Started]) -> Fix {
    let dirs = survey.library_dirs();
    let populated = dirs.iter().filter(|dir| dir.holds == Some(true)).count();
    let Some(wanted) = survey.wanted().filter(|_| populated < 2) else { return fixes::recreate(survey) };
    let is_wanted = |one: &&Started| one.stem == wanted.stem && one.minor == wanted.minor;
    let (kept, others): (Vec<&Started>, Vec<&Started>) = started.iter().partition(is_wanted);
    let outside = |one: &&&Started| !survey.is_below(one.real.as_bstr(), survey.root());
    let Some(interpreter) = kept.iter().find(outside) else { return fixes::recreate(survey) };
    let relinked = fixes::relink(survey, interpreter.real.as_bstr());
    let removal = fixes::remove_files(survey, others.iter().map(|one| &one.path));
    let advice = sentence!(
        "remove the names of the other version, and point the environment's symlinks to ",
        interpreter.real,
        "; packages installed for Python ",
        wanted.short(),
        " stay"
    );
    Fix::advice(advice).command(removal).followed_by(relinked)
}
