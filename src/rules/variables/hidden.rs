//! Modules of the user's own that are imported instead of what is installed under the same name.

use std::collections::BTreeSet;

use bstr::{BStr, BString, ByteSlice};

use super::support::{importing, settings, stdlib_names};
use super::{python_path, shadow};
use crate::environment::{Distribution, Ownership, Survey};
use crate::finders::{self, Suffixes};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::{Origin, PathEntry, StepId};
use crate::text::sentence;

pub(in crate::rules) static PACKAGE_HIDDEN_BY_LAUNCH: Rule = Rule {
    code: Code("VD344"),
    name: "package-hidden-by-launch",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
The directory of the script, or the working directory, contains a module with the name of an installed package, which \
is imported instead.",
    why: "\
Python puts the directory of the script first on sys.path; -m, -c and the interactive interpreter put the working \
directory there. A file numpy.py next to the script, or the script itself, is then what `import numpy` finds, in every \
package that needs it, too: module 'numpy' has no attribute 'array', No module named 'numpy.random'; 'numpy' is not a \
package, or partially initialized module (most likely due to a circular import). A directory without __init__.py hides \
nothing. The severity is info if the directory is the project from which the package was installed, or if the name is \
one that projects use for what nobody imports, such as tests.",
    example: "\
$ ls
numpy.py
$ .venv/bin/python numpy.py
ModuleNotFoundError: No module named 'numpy.random'; 'numpy' is not a package",
    fix: "Rename the file and what imports it, or start Python with -P (since 3.11) or -I.",
    sources: &["numpy/numpy#24136", "jupyter/notebook#1971", "CPython Doc/library/sys.rst: sys.path"],
};

pub(in crate::rules) static PACKAGE_HIDDEN_BY_PYTHONPATH: Rule = Rule {
    code: Code("VD345"),
    name: "package-hidden-by-pythonpath",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
A directory on PYTHONPATH contains a module with the name of an installed package, which is imported instead.",
    why: "\
PYTHONPATH precedes every site-packages. A module in it that no installer put there has no metadata, so pip and \
importlib.metadata go on to show the installed package, while imports take the other one. The severity is info if the \
directory is the project from which the package was installed, or if the name is one that projects use for what nobody \
imports, such as tests.",
    example: "\
$ echo $PYTHONPATH
/srv/tools
$ ls /srv/tools
report.py  yaml.py
$ .venv/bin/python -c 'import yaml; print(yaml.__file__)'
/srv/tools/yaml.py",
    fix: "Rename the module and what imports it, or remove the directory from PYTHONPATH.",
    sources: &["CPython Doc/using/cmdline.rst: PYTHONPATH"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PACKAGE_HIDDEN_BY_LAUNCH, &PACKAGE_HIDDEN_BY_PYTHONPATH],
    judges: &[
        Judge { when: When::Environment(213), find: find_at_launch },
        Judge { when: When::Environment(216), find: find_on_python_path },
    ],
};

/// The most modules that are shown.
const MOST_SHOWN: usize = 8;
/// The most names of one directory that are searched for.
const MOST: usize = 256;
/// What projects call directories and files that nobody imports by that name; some wheels contain them by mistake.
const UNIMPORTED: [&str; 12] = [
    "benchmarks",
    "build",
    "conftest",
    "doc",
    "docs",
    "example",
    "examples",
    "scripts",
    "setup",
    "test",
    "tests",
    "tools",
];
/// What startup has imported before the launch adds its directory.
const IMPORTED: [&str; 2] = ["sitecustomize", "usercustomize"];

/// A module that is found first, and the installed one that is not.
struct Hidden<'s> {
    name: String,
    file: BString,
    installed: BString,
    owner: Option<&'s Distribution>,
    is_expected: bool,
}

/// Judges the directory that the launch puts first on `sys.path`.
fn find_at_launch(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(sys) = &survey.resolution.sys else { return };
    let Some((entry, later)) = sys.path.split_first().filter(|(entry, _)| entry.origin == Origin::Launch) else {
        return;
    };
    let dir = survey.absolute(entry.value.as_bstr());
    // What is on sys.path elsewhere, too, is judged there.
    if later.iter().any(|other| survey.same_file(other.value.as_bstr(), dir.as_bstr())) {
        return;
    }
    let hidden = hidden(survey, dir.as_bstr(), later);
    let Some((severity, shown)) = worst(&hidden) else { return };
    let message = sentence!(dir, " comes first on sys.path and hides ", installed(&shown));
    findings.push(
        finding(&PACKAGE_HIDDEN_BY_LAUNCH, message, severity, &shown)
            .fix(Fix::advice(shadow::rename(survey, &dir)))
            .step(entry.step),
    );
}

/// Judges the directories of `PYTHONPATH`.
fn find_on_python_path(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let (Some((value, items)), Some(sys)) = (python_path::items(survey), &survey.resolution.sys) else { return };
    let mut seen = BTreeSet::new();
    for item in items.iter().filter(|item| !item.text.is_empty()) {
        let dir = survey.absolute(item.text);
        let is_entry =
            |entry: &PathEntry| entry.origin == Origin::PythonPath && survey.absolute(entry.value.as_bstr()) == dir;
        let Some(at) = sys.path.iter().position(is_entry).filter(|_| seen.insert(dir.clone())) else { continue };
        let (before, later) = (&sys.path[..at], &sys.path[at + 1..]);
        let is_site = survey.site_dirs().iter().any(|site| survey.same_file(site.path.as_bstr(), dir.as_bstr()));
        if is_site {
            continue;
        }
        // Another version of a distribution is the matter of another rule, and the same version is none.
        let here: BTreeSet<BString> =
            survey.distributions_in(dir.as_bstr()).iter().map(Distribution::normalized).collect();
        let mut hidden = hidden(survey, dir.as_bstr(), later);
        hidden.retain(|hidden| !hidden.owner.is_some_and(|owner| here.contains(&owner.normalized())));
        let earlier = before.iter().filter(|entry| entry.origin == Origin::PythonPath);
        let earlier: Vec<&PathEntry> = earlier.collect();
        hidden.retain(|hidden| !is_in_any(survey, &earlier, &hidden.name));
        let Some((severity, shown)) = worst(&hidden) else { continue };
        let message = sentence!("PYTHONPATH puts ", dir, " before the packages, and it hides ", installed(&shown));
        let advice =
            sentence!("rename what is in ", dir, " and the code that imports it, or remove ", dir, " from PYTHONPATH");
        findings.push(
            finding(&PACKAGE_HIDDEN_BY_PYTHONPATH, message, severity, &shown)
                .evidence(settings::evidence(python_path::NAME, value).span(item.span.clone()))
                .fix(Fix::advice(advice))
                .step(settings::step(survey, StepId::Path)),
        );
    }
}

fn is_in_any(survey: &Survey<'_>, entries: &[&PathEntry], name: &str) -> bool {
    let Some(suffixes) = importing::suffixes(survey) else { return false };
    entries.iter().any(|entry| finders::find_module(survey.ask, entry.value.as_bstr(), name, &suffixes).is_some())
}

/// The modules in a directory that are found instead of what is installed in a site directory.
fn hidden<'s>(survey: &'s Survey<'_>, dir: &BStr, later: &[PathEntry]) -> Vec<Hidden<'s>> {
    let (Some(suffixes), Some(version), Some(names)) =
        (importing::suffixes(survey), survey.version(), survey.names(dir))
    else {
        return Vec::new();
    };
    let names: BTreeSet<&str> = names.iter().filter_map(|name| importing::module_name(name)).collect();
    let may_hide = |name: &&str| {
        let mut sites = survey.site_dirs().iter();
        !IMPORTED.contains(name)
            && stdlib_names::find(name.as_bytes(), version.minor).is_none()
            && sites.any(|site| survey.has_module(site.path.as_bstr(), name.as_bytes().as_bstr()) == Some(true))
    };
    let project = project(survey, dir);
    let of_name = |name: &str| {
        let file = finders::find_module(survey.ask, dir, name, &suffixes)?;
        let (installed, owner) = next(survey, later, name, &suffixes)?;
        let is_expected = UNIMPORTED.contains(&name) || owner.is_some_and(|owner| project.made(survey, owner));
        let differs = !survey.same_file(installed.as_bstr(), file.as_bstr());
        differs.then(|| Hidden { name: name.to_owned(), file, installed, owner, is_expected })
    };
    names.into_iter().filter(may_hide).take(MOST).filter_map(of_name).collect()
}

/// What the rest of `sys.path` would find, if that is installed in a site directory, and by which distribution.
fn next<'s>(
    survey: &'s Survey<'_>,
    later: &[PathEntry],
    name: &str,
    suffixes: &Suffixes,
) -> Option<(BString, Option<&'s Distribution>)> {
    let found = later.iter().find_map(|entry| {
        let path = survey.absolute(entry.value.as_bstr());
        Some((finders::find_module(survey.ask, path.as_bstr(), name, suffixes)?, path))
    });
    let Some((file, path)) = found else { return namespace(survey, name) };
    survey.site_dirs().iter().find(|site| site.path == path)?;
    match survey.owner_of(file.as_bstr()) {
        Ownership::By(owner) => Some((file, Some(owner.distribution))),
        Ownership::Unknown => Some((file, None)),
        // It lies in the site directory, but nobody installed it.
        Ownership::Nobody => None,
    }
}

/// A directory without `__init__.py` that a distribution has installed: a namespace package, which every module hides.
fn namespace<'s>(survey: &'s Survey<'_>, name: &str) -> Option<(BString, Option<&'s Distribution>)> {
    let owner = survey.distributions().iter().find(|distribution| {
        let contents = distribution.contents(survey);
        contents.is_ok_and(|contents| contents.tops.iter().any(|top| top.is_dir && top.name == name))
    })?;
    Some((survey.join(&owner.site, name), Some(owner)))
}

/// The projects to which a directory belongs: it is one, or lies in one as its source directory.
struct Project {
    dirs: Vec<BString>,
}

fn project(survey: &Survey<'_>, dir: &BStr) -> Project {
    let is_project =
        |dir: &BString| ["pyproject.toml", "setup.py", "setup.cfg"].iter().any(|name| has(survey, dir, name));
    let dirs = [dir.to_owned(), survey.parent(dir)];
    Project { dirs: dirs.into_iter().filter(is_project).collect() }
}

fn has(survey: &Survey<'_>, dir: &BString, name: &str) -> bool {
    survey.is_file(survey.join(dir, name).as_bstr())
}

impl Project {
    /// Whether a distribution was made of one of them: it says so, or has the name of the project. A `setup.py` may give
    /// any name, which only running it tells.
    fn made(&self, survey: &Survey<'_>, distribution: &Distribution) -> bool {
        self.dirs.iter().any(|dir| {
            let source = distribution.direct_url(survey);
            let is_source = source.is_some_and(|direct| {
                direct.url.as_bytes() == sentence!("file://", dir) || direct.editable.as_ref() == Some(dir)
            });
            is_source
                || match survey.project_name(dir.as_bstr()) {
                    Some(name) => name == distribution.normalized(),
                    None => has(survey, dir, "setup.py") || has(survey, dir, "setup.cfg"),
                }
        })
    }
}

/// What is to be reported: what is not expected, else the rest as information.
fn worst<'h, 's>(hidden: &'h [Hidden<'s>]) -> Option<(Severity, Vec<&'h Hidden<'s>>)> {
    let (expected, others): (Vec<_>, Vec<_>) = hidden.iter().partition(|hidden| hidden.is_expected);
    if others.is_empty() {
        (!expected.is_empty()).then_some((Severity::Info, expected))
    } else {
        Some((Severity::Warning, others))
    }
}

/// The installed packages that are hidden, in one line.
fn installed(shown: &[&Hidden<'_>]) -> BString {
    let name = |hidden: &&Hidden<'_>| {
        let of_owner = hidden.owner.map(|owner| sentence!(hidden.name, " of ", owner.title()));
        of_owner.unwrap_or_else(|| sentence!("the installed ", hidden.name))
    };
    let more = shown.len().saturating_sub(MOST_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    sentence!(bstr::join(", ", shown.iter().take(MOST_SHOWN).map(name)), rest)
}

fn finding(rule: &'static Rule, message: BString, severity: Severity, shown: &[&Hidden<'_>]) -> Finding {
    let evidence = shown.iter().take(MOST_SHOWN).flat_map(|hidden| {
        let first = Evidence::about(hidden.file.clone(), sentence!("is imported as ", hidden.name));
        [first, Evidence::about(hidden.installed.clone(), "is installed and not imported")]
    });
    let finding = Finding::new(rule, message).severity(severity).all_evidence(evidence);
    match shown.first() {
        Some(first) => finding.effect(sentence!(
            "import ",
            first.name,
            " runs ",
            first.file,
            ", in every package that needs the installed one, too"
        )),
        None => finding,
    }
}
