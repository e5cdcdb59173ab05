//! Files that are imported instead of modules of the standard library.

use bstr::{BStr, BString, ByteSlice};

use super::python_path;
use super::support::{settings, stdlib_names};
use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::interpreter::Version;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::behaviors::Behavior;
use crate::startup::{Origin, StepId};
use crate::text::sentence;

pub(in crate::rules) static PYTHONPATH_HOLDS_STDLIB: Rule = Rule {
    code: Code("VD304"),
    name: "pythonpath-holds-stdlib",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
A directory on PYTHONPATH contains modules with the names of standard library modules, and they are imported instead.",
    why: "\
Every Python that is started from the same shell searches PYTHONPATH before the standard library. The standard library \
of another version fails in one of the first imports, with a different message in each version: SRE module mismatch, \
'type' object is not subscriptable, can't initialize sys standard streams. An incomplete package encodings keeps every \
version from starting. Since 3.11, io, os, codecs and similar modules are frozen into the binary and cannot be \
replaced; before, startup imports them from sys.path.",
    example: "\
$ ls /srv/tools
encodings  report.py
$ PYTHONPATH=/srv/tools .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding",
    fix: "Remove the entry from PYTHONPATH, or rename the files in it.",
    sources: &["JuliaPy/PyCall.jl#410", "pypa/virtualenv#1959", "CPython Python/frozen.c"],
};

pub(in crate::rules) static STDLIB_SHADOWED_BY_LAUNCH: Rule = Rule {
    code: Code("VD320"),
    name: "stdlib-shadowed-by-launch",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file in the first directory of sys.path has the name of a standard library module.",
    why: "\
The directory of the script, or the working directory for -c, -m and the interactive prompt, precedes the standard \
library. import random then runs the random.py in it, also for packages that need the standard one: partially \
initialized module 'random' has no attribute 'choice'. Since 3.13, the message adds that the file has the name of a \
standard library module. Modules that are loaded before the user's code (os, io, codecs, site) cannot be replaced; if \
only their names are used, the severity is info.",
    example:
        "\
$ ls
main.py  random.py
$ python3 main.py
AttributeError: partially initialized module 'random' has no attribute 'randint' (most likely due to a circular import)",
    fix: "Rename the file and remove its .pyc file from __pycache__, or start Python with -P (since 3.11) or -I.",
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
        Judge { when: When::Startup(221), find: find_on_python_path },
        Judge { when: When::Environment(210), find: find_at_launch },
    ],
};

/// The most files that are shown as evidence.
const MOST_SHOWN: usize = 8;

/// A file that an `import` of a standard library module would find.
pub struct Shadow {
    /// The module.
    pub name: &'static str,
    /// The file, or the directory of the package.
    pub file: BString,
}

/// The files in a directory that have the names of standard library modules of 3.`minor`. A directory without
/// `__init__` does not count: the import system prefers the standard library to a namespace package.
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

/// The name of the module that an entry of a directory would be, and whether it would be a package.
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

/// Whether a compiled module is a file of this installation rather than built in.
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

/// The first few names, in one line.
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

/// Judges the directories of `PYTHONPATH`, each of which startup lists for its first import.
fn find_on_python_path(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some((value, items)), Some(version)) = (python_path::items(survey), survey.version()) else { return };
    let mut seen: Vec<&BStr> = Vec::new();
    for item in &items {
        if item.text.is_empty() || seen.contains(&item.text) || !survey.is_dir(item.text) {
            continue;
        }
        seen.push(item.text);
        let dir = survey.absolute(item.text);
        let found = shadows(survey, dir.as_bstr(), version.minor);
        let active: Vec<&Shadow> = found
            .iter()
            .filter(|shadow| !stdlib_names::is_frozen(shadow.name, survey.has(Behavior::FrozenSite)))
            .collect();
        let is_own = || is_stdlib(survey, item.text) || survey.site_dirs().iter().any(|site| site.path == dir);
        if active.is_empty() || is_own() {
            continue;
        }
        let (severity, message, effect) = on_python_path(survey, dir.as_bstr(), &active, version);
        let severity = if ends_startup(survey, dir.as_bstr()) { Severity::Error } else { severity };
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

/// Whether startup fails with a file in this directory.
fn ends_startup(survey: &Survey<'_>, dir: &BStr) -> bool {
    let mut fatal = survey.resolution.imports.iter().filter(|problem| problem.fault.is_fatal());
    fatal.any(|problem| problem.fault.is_hiding() && survey.is_below(problem.file.as_bstr(), dir))
}

fn on_python_path(
    survey: &Survey<'_>,
    dir: &BStr,
    active: &[&Shadow],
    version: Version,
) -> (Severity, BString, BString) {
    let has = |name| active.iter().any(|shadow| shadow.name == name);
    let is_stdlib = has("encodings") && has("collections") && has("functools");
    let other = python_path::made_for(dir).filter(|other| *other != (3, version.minor));
    if is_stdlib {
        let whose =
            other.map_or_else(|| "another installation".to_owned(), |(major, minor)| format!("Python {major}.{minor}"));
        let breaks = other.is_some_and(|(_, other)| !version.library_may_fit(other));
        let severity = if breaks { Severity::Error } else { Severity::Warning };
        let message = sentence!("PYTHONPATH contains ", dir, ", the standard library of ", whose);
        let effect =
            "Python searches it before its own standard library, but it does not match the built-in modules of \
                      this interpreter: startup or an early import fails with an AttributeError, ImportError or \
                      AssertionError"
                .into();
        return (severity, message, effect);
    }
    let list = names(active);
    if let Some(missing) = missing_encodings_module(survey, active) {
        let message = sentence!("PYTHONPATH contains ", dir, ", whose package encodings has no module ", missing);
        let effect = "Python imports it first, instead of the one in the standard library, and fails to start without \
                      that module";
        return (Severity::Error, message, effect.into());
    }
    let message = sentence!("PYTHONPATH contains ", dir, ", which replaces these standard library modules: ", list);
    let has_frozen = survey.has(Behavior::FrozenSite);
    let early: Vec<&str> = active
        .iter()
        .map(|shadow| shadow.name)
        .filter(|name| stdlib_names::is_needed_to_start(name, has_frozen))
        .collect();
    let effect = if early.is_empty() {
        "every Python program that is started from this shell imports these files instead, including pip".into()
    } else {
        sentence!(
            "startup itself imports ",
            early.join(", "),
            " from there, and Python fails to start unless the files can replace the original modules"
        )
    };
    (Severity::Warning, message, effect)
}

/// A module that startup needs in every package `encodings`, and that this one lacks.
fn missing_encodings_module(survey: &Survey<'_>, active: &[&Shadow]) -> Option<&'static str> {
    let package = active.iter().find(|shadow| shadow.name == "encodings")?;
    let inside = survey.ask.list_dir(package.file.as_bstr()).ok()?;
    let holds = |stem: &str| {
        inside.iter().any(|name| name.strip_prefix(stem.as_bytes()).is_some_and(|rest| rest.starts_with(b".")))
    };
    ["aliases", "utf_8"].into_iter().find(|stem| !holds(stem))
}

/// Judges the directory that the launch puts first on `sys.path`, unless other rules judge it.
fn find_at_launch(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some(sys), Some(version)) = (&survey.resolution.sys, survey.version()) else { return };
    let Some(entry) = sys.path.first().filter(|entry| entry.origin == Origin::Launch) else { return };
    let cwd = survey.resolution.invocation.cwd.clone();
    let dir = if entry.value.is_empty() { cwd } else { Some(survey.absolute(entry.value.as_bstr())) };
    let Some(dir) = dir else { return };
    let is_judged_elsewhere =
        survey.site_dirs().iter().any(|site| survey.same_file(site.path.as_bstr(), dir.as_bstr()))
            || sys.path.iter().any(|other| other.origin == Origin::PythonPath && other.value == dir);
    if is_judged_elsewhere || is_stdlib(survey, dir.as_bstr()) {
        return;
    }
    let found = shadows(survey, dir.as_bstr(), version.minor);
    let (safe, active): (Vec<&Shadow>, Vec<&Shadow>) =
        found.iter().partition(|shadow| stdlib_names::is_safe_at_launch(shadow.name, survey.has(Behavior::FrozenSite)));
    let (severity, shown) = if active.is_empty() { (Severity::Info, safe) } else { (Severity::Warning, active) };
    let Some(first) = shown.first() else { return };
    let (message, effect) = if severity == Severity::Info {
        let message = sentence!(
            dir,
            " contains files with the names of standard library modules that cannot be replaced: ",
            names(&shown)
        );
        let effect = "Python loads these modules before the user's code runs, and never imports these files in their \
                      place";
        (message, effect.into())
    } else {
        let message =
            sentence!(dir, " comes first on sys.path and replaces these standard library modules: ", names(&shown));
        let (module, file) = (first.name, &first.file);
        let effect = sentence!(
            "import ",
            module,
            " runs ",
            file,
            ", in the user's code and in every package that needs the module, including pip"
        );
        (message, effect)
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

pub fn rename(survey: &Survey<'_>, dir: &BString) -> BString {
    let option = if survey.has(Behavior::SafePath) { "-P" } else { "-I" };
    sentence!(
        "rename the files and update the code that imports them, start from a directory other than ",
        dir,
        ", or start Python with ",
        option
    )
}
