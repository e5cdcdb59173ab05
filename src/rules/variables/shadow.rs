//! VD304 and VD320: files that are imported in the place of modules of the standard library.

use bstr::{BStr, BString, ByteSlice};

use super::python_path;
use super::support::{settings, stdlib_names};
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::Origin;
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static PYTHONPATH_HOLDS_STDLIB: Rule = Rule {
    code: Code("VD304"),
    name: "pythonpath-holds-stdlib",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A directory on PYTHONPATH holds modules with the names of standard ones, and these are imported instead.",
    why: "\
PYTHONPATH is searched before the standard library, and that reaches every Python of that shell. The standard library \
of another release fails in one of the first imports, differently in each: SRE module mismatch, 'type' object is not \
subscriptable, can't initialize sys standard streams. A single encodings that is not whole kills every release. io, os, \
codecs and the like are frozen into the binary from 3.11 on and safe there; before, they are imported while Python \
starts.",
    example: "\
$ ls /srv/tools
encodings  report.py
$ PYTHONPATH=/srv/tools .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding",
    fix: "Remove the entry from PYTHONPATH, or rename what lies there.",
    sources: &["JuliaPy/PyCall.jl#410", "pypa/virtualenv#1959", "CPython Python/frozen.c"],
};

pub(in crate::rules) static STDLIB_SHADOWED_BY_LAUNCH: Rule = Rule {
    code: Code("VD320"),
    name: "stdlib-shadowed-by-launch",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file in the directory that comes first on sys.path has the name of a standard module.",
    why: "\
The directory of the script, or for -c, -m and the prompt the working directory, precedes the standard library. import \
random then runs the random.py that lies there, also for the packages that need the real one: partially initialized \
module 'random' has no attribute 'choice'. 3.13 and later add that the file has the name of a standard module. Modules \
that are in memory before (os, io, codecs, site) cannot be replaced and are told as an information.",
    example:
        "\
$ ls
main.py  random.py
$ python3 main.py
AttributeError: partially initialized module 'random' has no attribute 'randint' (most likely due to a circular import)",
    fix: "Rename the file, remove its __pycache__, or start with -P (3.11 on) or -I.",
    sources: &[
        "python/cpython#113769",
        "python/cpython#136094",
        "CPython Python/pathconfig.c: _PyPathConfig_ComputeSysPath0",
    ],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PYTHONPATH_HOLDS_STDLIB, &STDLIB_SHADOWED_BY_LAUNCH],
    judges: &[
        Judge { when: When::Environment(200), find: find_on_python_path },
        Judge { when: When::Environment(210), find: find_at_launch },
    ],
};

/// The most files that are shown as evidence.
const MOST_SHOWN: usize = 8;

/// A file that an `import` of a standard module would find.
pub struct Shadow {
    /// The module.
    pub name: &'static str,
    /// The file, or the directory of the package.
    pub file: BString,
}

/// What a directory holds that has the name of a standard module of 3.`minor`. A directory without `__init__` is no find:
/// the standard library is preferred to it.
pub fn shadows(survey: &Survey<'_>, dir: &BStr, minor: u8) -> Vec<Shadow> {
    let mut found: Vec<Shadow> = Vec::new();
    for entry in survey.list(dir) {
        let Some((stem, is_package)) = module_name(survey, &entry) else { continue };
        let Some(name) = stdlib_names::find(stem, minor) else { continue };
        let file = survey.join(dir, &entry);
        let is_known = found.iter().any(|shadow| shadow.name == name);
        if !is_known && (!is_package || is_package_there(survey, &file)) {
            found.push(Shadow { name, file });
        }
    }
    found.retain(|shadow| !stdlib_names::is_compiled(shadow.name) || is_on_disk(survey, shadow.name));
    found
}

/// The module that a file would be, and whether it would be as a package.
fn module_name<'n>(survey: &Survey<'_>, entry: &'n BString) -> Option<(&'n [u8], bool)> {
    let Some(dot) = entry.find_byte(b'.') else { return Some((entry, true)) };
    let (stem, suffix) = (entry.get(..dot)?, entry.get(dot..)?);
    let compiled = if survey.flavor() == Flavor::Windows { ".pyd" } else { ".so" };
    let own = survey.resolution.identification.interpreter.extension_suffix.as_ref();
    let counts = suffix == b".py"
        || suffix == b".pyc"
        || suffix == compiled.as_bytes()
        || own.is_some_and(|own| suffix == own.as_slice());
    counts.then_some((stem, false))
}

fn is_package_there(survey: &Survey<'_>, dir: &BString) -> bool {
    ["__init__.py", "__init__.pyc"].into_iter().any(|name| survey.is_file(survey.join(dir, name).as_bstr()))
}

/// Whether a compiled module is a file of this installation, and not built in.
fn is_on_disk(survey: &Survey<'_>, module: &str) -> bool {
    let Some(sys) = &survey.resolution.sys else { return false };
    let mut dirs = sys.path.iter().filter(|entry| entry.origin == Origin::PlatStdlib);
    dirs.any(|dir| {
        let names = survey.list(dir.value.as_bstr());
        names.iter().any(|name| name.strip_prefix(module.as_bytes()).is_some_and(|rest| rest.starts_with(b".")))
    })
}

/// The directory of the standard library in use.
fn stdlib<'s>(survey: &Survey<'s>) -> Option<&'s BStr> {
    let sys = survey.resolution.sys.as_ref()?;
    sys.path.iter().find(|entry| entry.origin == Origin::Stdlib).map(|entry| entry.value.as_bstr())
}

fn is_stdlib(survey: &Survey<'_>, dir: &BStr) -> bool {
    stdlib(survey).is_some_and(|own| survey.same_file(own, dir))
}

/// Names in one line, the first few of them.
fn names(shadows: &[&Shadow]) -> String {
    let shown: Vec<&str> = shadows.iter().take(MOST_SHOWN).map(|shadow| shadow.name).collect();
    let more = shadows.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn all_evidence(shadows: &[&Shadow]) -> Vec<Evidence> {
    let shown = shadows.iter().take(MOST_SHOWN);
    shown.map(|shadow| Evidence::about(shadow.file.clone(), format!("is imported as {}", shadow.name))).collect()
}

/// Judges the directories of `PYTHONPATH`.
pub fn find_on_python_path(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some((value, items)), Some(version)) = (python_path::items(survey), survey.version()) else { return };
    let mut seen: Vec<&BStr> = Vec::new();
    for item in &items {
        if item.text.is_empty()
            || seen.contains(&item.text)
            || !survey.is_dir(item.text)
            || is_stdlib(survey, item.text)
        {
            continue;
        }
        seen.push(item.text);
        let dir = survey.absolute(item.text);
        let found = shadows(survey, dir.as_bstr(), version.minor);
        let active: Vec<&Shadow> =
            found.iter().filter(|shadow| !stdlib_names::is_frozen(shadow.name, version.minor)).collect();
        if active.is_empty() || survey.site_dirs().iter().any(|site| site.path == dir) {
            continue;
        }
        let (severity, message, effect) = on_python_path(survey, dir.as_bstr(), &active, version.minor);
        findings.push(
            Finding::new(&PYTHONPATH_HOLDS_STDLIB, message)
                .severity(severity)
                .evidence(settings::evidence(python_path::NAME, value).span(item.span.clone()))
                .all_evidence(all_evidence(&active))
                .effect(effect)
                .fix(python_path::without(survey, &items, item.text))
                .step(settings::step(survey, StepId::Path)),
        );
    }
}

fn on_python_path(survey: &Survey<'_>, dir: &BStr, active: &[&Shadow], minor: u8) -> (Severity, BString, BString) {
    let has = |name| active.iter().any(|shadow| shadow.name == name);
    let is_library = has("encodings") && has("collections") && has("functools");
    let other = python_path::made_for(dir).filter(|other| *other != (3, minor));
    if is_library {
        let whose =
            other.map_or_else(|| "another installation".to_owned(), |(major, minor)| format!("Python {major}.{minor}"));
        let breaks = other.is_some_and(|(_, other)| !may_work(minor, other));
        let severity = if breaks { Severity::Error } else { Severity::Warning };
        let message = sentence!("PYTHONPATH holds ", dir, ", the standard library of ", whose);
        let effect = "it is searched before the own one, whose interpreter has other built-in modules: startup or an \
                      early import ends with an AttributeError, ImportError or AssertionError"
            .into();
        return (severity, message, effect);
    }
    let list = names(active);
    if let Some(missing) = lame_encodings(survey, active) {
        let message = sentence!("PYTHONPATH holds ", dir, ", whose package encodings has no ", missing);
        let effect = "it is the first that Python imports, in the place of the standard library's, and without that \
                      module Python dies";
        return (Severity::Error, message, effect.into());
    }
    let message = sentence!("PYTHONPATH holds ", dir, ", which takes the place of the standard library for: ", list);
    let early: Vec<&str> =
        active.iter().map(|shadow| shadow.name).filter(|name| stdlib_names::is_needed_to_start(name, minor)).collect();
    let effect = if early.is_empty() {
        "every program that this shell starts imports these files instead, pip included".into()
    } else {
        sentence!(
            "startup itself imports ",
            early.join(", "),
            " from there, and dies where that is no equal of the original"
        )
    };
    (Severity::Warning, message, effect)
}

/// Whether an interpreter of 3.`minor` gets through startup with the library of 3.`other`. A newer library always asks
/// for something that the interpreter lacks; of the older ones, `re` refuses most (SRE module mismatch).
fn may_work(minor: u8, other: u8) -> bool {
    other < minor && (other >= 7 && minor <= 10 || (other, minor) == (13, 14))
}

/// A module without which no package `encodings` is of use.
fn lame_encodings(survey: &Survey<'_>, active: &[&Shadow]) -> Option<&'static str> {
    let package = active.iter().find(|shadow| shadow.name == "encodings")?;
    let inside = survey.ask.list_dir(package.file.as_bstr()).ok()?;
    let holds = |stem: &str| {
        inside.iter().any(|name| name.strip_prefix(stem.as_bytes()).is_some_and(|rest| rest.starts_with(b".")))
    };
    ["aliases", "utf_8"].into_iter().find(|stem| !holds(stem))
}

/// Judges the directory that the launch puts first on `sys.path`.
pub fn find_at_launch(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some(sys), Some(version)) = (&survey.resolution.sys, survey.version()) else { return };
    let Some(entry) = sys.path.first().filter(|entry| entry.origin == Origin::Launch) else { return };
    let cwd = survey.resolution.invocation.cwd.as_ref();
    let Some(dir) = (if entry.value.is_empty() { cwd.cloned() } else { Some(survey.absolute(entry.value.as_bstr())) })
    else {
        return;
    };
    let is_judged_elsewhere =
        survey.site_dirs().iter().any(|site| survey.same_file(site.path.as_bstr(), dir.as_bstr()))
            || sys.path.iter().any(|other| other.origin == Origin::PythonPath && other.value == dir);
    if is_judged_elsewhere || is_stdlib(survey, dir.as_bstr()) {
        return;
    }
    let found = shadows(survey, dir.as_bstr(), version.minor);
    let (safe, active): (Vec<&Shadow>, Vec<&Shadow>) =
        found.iter().partition(|shadow| stdlib_names::is_safe_at_launch(shadow.name, version.minor));
    let (severity, shown) = if active.is_empty() { (Severity::Info, safe) } else { (Severity::Warning, active) };
    let Some(first) = shown.first() else { return };
    let (message, effect) = if severity == Severity::Info {
        (
            sentence!(dir, " holds files with names of standard modules that cannot be replaced: ", names(&shown)),
            BString::from(
                "they are in memory before the first line runs, so that these files are never imported by that name",
            ),
        )
    } else {
        (
            sentence!(dir, " comes first on sys.path and takes the place of the standard library for: ", names(&shown)),
            sentence!(
                "import ",
                first.name,
                " runs ",
                first.file,
                ", in the user's code and in every package that needs it, pip included"
            ),
        )
    };
    findings.push(
        Finding::new(&STDLIB_SHADOWED_BY_LAUNCH, message)
            .severity(severity)
            .all_evidence(all_evidence(&shown))
            .effect(effect)
            .fix(Fix::advice(rename(survey, &dir)))
            .step(entry.step),
    );
}

fn rename(survey: &Survey<'_>, dir: &BString) -> BString {
    let minor = survey.version().map_or(0, |version| version.minor);
    let else_ = if minor >= 11 { ", or start Python with -P" } else { ", or start Python with -I" };
    sentence!("rename the files, and what imports them, or start from another directory than ", dir, else_)
}
