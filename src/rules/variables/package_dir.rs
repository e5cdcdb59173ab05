//! Directories of modules next to a module of the same name.

use bstr::{BStr, BString, ByteSlice};

use super::support::importing;
use crate::environment::Survey;
use crate::finders;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::{Origin, PathEntry};
use crate::text::sentence;

pub(in crate::rules) static MODULE_HIDES_PACKAGE: Rule = Rule {
    code: Code("VD347"),
    name: "module-hides-package",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A module is next to a directory of the same name that has modules and no __init__.py, and hides them.",
    why: "\
In one directory, import prefers a package with __init__.py, then a module, and takes a directory without __init__.py only \
if there is neither. So app.py hides everything in app/: No module named 'app.models'; 'app' is not a package. What \
worked as a namespace package fails as soon as somebody, or another distribution, adds the file. The standard library and \
the packages of the base are not examined, nor names that projects use for what nobody imports, such as tests.",
    example: "\
$ ls
app  app.py
$ ls app
models.py
$ python3 -c 'import app.models'
ModuleNotFoundError: No module named 'app.models'; 'app' is not a package",
    fix: "Add an __init__.py to the directory, or rename one of the two.",
    sources: &["PEP 420", "CPython Lib/importlib/_bootstrap_external.py: FileFinder.find_spec"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&MODULE_HIDES_PACKAGE], judges: &[Judge { when: When::Environment(218), find }] };

/// The most findings.
const MOST: usize = 16;
/// What projects call directories from which nobody imports.
const UNIMPORTED: [&str; 12] =
    ["benchmarks", "build", "dist", "doc", "docs", "example", "examples", "scripts", "setup", "test", "tests", "tools"];

/// Judges the directories of `sys.path` that are not the standard library's.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(sys) = &survey.resolution.sys else { return };
    let before = findings.len();
    let mut seen: Vec<BString> = Vec::new();
    for entry in sys.path.iter().filter(|entry| is_filled(survey, entry)) {
        let dir = match &survey.resolution.invocation.cwd {
            Some(cwd) if entry.value.is_empty() => cwd.clone(),
            _ => survey.absolute(entry.value.as_bstr()),
        };
        if !seen.contains(&dir) {
            hidden(survey, dir.as_bstr(), entry, findings);
            seen.push(dir);
        }
    }
    findings.truncate(before + MOST);
}

/// Whether the user or an installer fills a directory for this environment.
fn is_filled(survey: &Survey<'_>, entry: &PathEntry) -> bool {
    match entry.origin {
        Origin::Launch | Origin::PythonPath | Origin::PthFile => entry.exists,
        Origin::SitePackages => survey.own_site_dirs().any(|site| site.path == survey.absolute(entry.value.as_bstr())),
        _ => false,
    }
}

fn hidden(survey: &Survey<'_>, dir: &BStr, entry: &PathEntry, findings: &mut Vec<Finding>) {
    let (Some(names), Some(suffixes)) = (survey.names(dir), importing::suffixes(survey)) else { return };
    for name in names.iter() {
        let Some(module) = importing::module_name(name).filter(|module| name == module) else { continue };
        // The files of a module come right after a directory of its name.
        if UNIMPORTED.contains(&module) || survey.has_suffixed(dir, module.into()) != Some(true) {
            continue;
        }
        let package = survey.join(dir, name);
        let Some(inside) = survey.names(package.as_bstr()) else { continue };
        let Some(first) = inside.iter().find(|inside| inside.ends_with(b".py")) else { continue };
        let Some(file) = finders::find_module(survey.ask, dir, module, &suffixes) else { continue };
        if survey.parent(file.as_bstr()) == dir {
            findings.push(finding(survey, entry, module, (&package, first), &file));
        }
    }
}

fn finding(
    survey: &Survey<'_>,
    entry: &PathEntry,
    module: &str,
    (package, first): (&BString, &BString),
    file: &BString,
) -> Finding {
    let stem = first.strip_suffix(b".py").unwrap_or(first);
    let message = sentence!(file, " hides the directory ", package, ", which has modules and no __init__.py");
    let advice = sentence!("add an __init__.py to ", package, " if it is a package, or rename one of the two");
    Finding::new(&MODULE_HIDES_PACKAGE, message)
        .evidence(Evidence::about(file.clone(), sentence!("is imported as ", module)))
        .evidence(Evidence::about(survey.join(package, first), sentence!("cannot be imported as ", module, ".", stem)))
        .effect(sentence!("import ", module, ".", stem, " fails: '", module, "' is not a package"))
        .fix(Fix::advice(advice))
        .step(entry.step)
}
