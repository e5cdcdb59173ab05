//! Names in site-packages that an import does not resolve to what they seem to be.

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BStr, BString, ByteSlice};

use super::shadow;
use crate::environment::{Distribution, SiteDir, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::text::sentence;

pub(in crate::rules) static OBSOLETE_BACKPORT: Rule = Rule {
    code: Code("VD321"),
    name: "obsolete-backport",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
site-packages contains a module with the name of a standard library module, which is imported only if site-packages \
comes first.",
    why: "\
enum34, typing, dataclasses, pathlib and futures provide modules for versions that lack them. The standard library \
comes first on sys.path, so such a copy has no effect until site-packages comes earlier: with PyInstaller and other \
freezers, with PYTHONPATH, or with python -m in that directory. Imports then fail with module 'enum' has no attribute \
'IntFlag', or cannot import name 'Sequence' from 'collections'. Modules that this version no longer has (distutils, \
imp, asyncore) are not backports.",
    example: "\
$ ls .venv/lib/python3.12/site-packages
pathlib-1.0.1.dist-info  pathlib.py",
    fix: "Uninstall the distribution, and make the requirement depend on python_version.",
    sources: &["python/importlib_metadata#79", "python/cpython#97615"],
};

pub(in crate::rules) static EMPTY_DIRECTORY: Rule = Rule {
    code: Code("VD322"),
    name: "empty-directory",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An empty directory in site-packages can be imported as a package without contents.",
    why: "\
Since 3.3, a directory without __init__.py is a namespace package. A directory that an interrupted removal has left \
with nothing but __pycache__ can therefore be imported without an error, and the code fails later: module 'yaml' has \
no attribute 'load'. Programs that try an import to see whether something is installed get the wrong answer. Only \
directories that no installed distribution owns are reported.",
    example: "\
$ find .venv/lib/python3.12/site-packages/yaml
.venv/lib/python3.12/site-packages/yaml
.venv/lib/python3.12/site-packages/yaml/__pycache__
$ .venv/bin/python -c 'import yaml; print(yaml)'
<module 'yaml' (namespace)>",
    fix: "Remove the directory, and reinstall the distribution if it is needed.",
    sources: &["PEP 420", "pdm-project/pdm#649"],
};

pub(in crate::rules) static CASE_COLLISION: Rule = Rule {
    code: Code("VD323"),
    name: "case-collision",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "Two distributions install names that differ only in case, and the file system treats them as one.",
    why: "\
On macOS and Windows, crypto and Crypto are one directory, which keeps the name of the first and contains the files of \
both. Import compares names case-sensitively even there, so one of the two is not found: No module named 'Crypto'. If \
the file system distinguishes the names, the severity is info: the same requirements break on the other systems.",
    example: "\
$ pip install crypto pycryptodome
$ ls site-packages
crypto  crypto-1.4.1.dist-info  pycryptodome-3.20.0.dist-info
$ python -c 'import Crypto'
ModuleNotFoundError: No module named 'Crypto'",
    fix: "Uninstall both, and install the intended one.",
    sources: &["pypa/pip#3309", "rthalley/dnspython#303", "PEP 235"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&OBSOLETE_BACKPORT, &EMPTY_DIRECTORY, &CASE_COLLISION],
    judges: &[Judge { when: When::Environment(260), find }],
};

/// The most directories without an owner that are examined.
const MOST: usize = 64;

/// Distributions whose module has another name.
const ALIASES: [(&str, &str); 3] = [("enum", "enum34"), ("concurrent", "futures"), ("ipaddress", "py2-ipaddress")];

/// Judges the names at the top of the environment's own site-packages.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    backports(survey, findings);
    let tops = Tops::read(survey);
    empty_dirs(survey, &tops, findings);
    collisions(survey, &tops, findings);
}

/// Modules with names of standard library modules, which come first on `sys.path`.
fn backports(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(version) = survey.version().filter(|_| survey.resolution.sys.is_some()) else { return };
    for site in survey.own_site_dirs() {
        for found in shadow::shadows(survey, site.path.as_bstr(), version.minor) {
            let message =
                sentence!(found.file, " has the name of a standard library module of Python ", version.short());
            let effect = sentence!(
                "import ",
                found.name,
                " finds the standard library module; if site-packages comes earlier (PYTHONPATH, frozen applications, \
                 python -m in that directory), it finds this file, which is meant for older versions of Python"
            );
            findings.push(
                Finding::new(&OBSOLETE_BACKPORT, message)
                    .evidence(Evidence::about(
                        found.file.clone(),
                        format!("is shadowed by {} of the standard library", found.name),
                    ))
                    .effect(effect)
                    .fix(uninstall(survey, found.name, &found.file)),
            );
        }
    }
}

fn uninstall(survey: &Survey<'_>, module: &str, file: &BString) -> Fix {
    let alias = ALIASES.iter().find(|(name, _)| *name == module).map_or(module, |(_, alias)| alias);
    let name = survey.base_name(file.as_bstr());
    let owns = |distribution: &&Distribution| {
        let site = survey.parent(file.as_bstr());
        distribution.site == site
            && distribution.record(survey).is_ok_and(|record| record.tops().any(|top| top == name))
    };
    let named = survey.distributions().iter().find(|distribution| distribution.normalized() == alias);
    let Some(owner) = named.or_else(|| survey.distributions().iter().find(owns)) else {
        return Fix::advice(sentence!(
            "remove ",
            file,
            ", which no installed distribution owns, unless something else needs it"
        ));
    };
    Fix::advice(sentence!("uninstall ", owner.name, ", which this version of Python does not need"))
        .command(fixes::uninstall(survey).word(&owner.name))
}

/// The first components of the paths in every `RECORD`, each with a distribution that owns it.
struct Tops<'s> {
    owners: BTreeMap<&'s BStr, &'s Distribution>,
}

impl<'s> Tops<'s> {
    fn read(survey: &'s Survey<'_>) -> Self {
        let mut owners = BTreeMap::new();
        for distribution in survey.distributions() {
            let Ok(record) = distribution.record(survey) else { continue };
            for top in record.tops() {
                owners.entry(top).or_insert(distribution);
            }
        }
        Self { owners }
    }
}

/// Empty directories that no distribution owns: they can be imported as namespace packages.
fn empty_dirs(survey: &Survey<'_>, tops: &Tops<'_>, findings: &mut Vec<Finding>) {
    // On Windows, the root of an environment is on sys.path, and what its creator makes there is no package.
    let is_for_packages = |site: &&SiteDir| survey.flavor() == Flavor::Posix || site.path != survey.root();
    for site in survey.own_site_dirs().filter(is_for_packages) {
        let names = survey.list(site.path.as_bstr()).into_iter();
        let unowned = names.filter(|name| is_identifier(name) && !tops.owners.contains_key(name.as_bstr())).take(MOST);
        for name in unowned {
            let dir = survey.join(&site.path, &name);
            let Ok(inside) = survey.ask.list_dir(dir.as_bstr()) else { continue };
            let is_cached = inside.iter().any(|name| name == "__pycache__");
            if inside.len() > usize::from(is_cached) {
                continue;
            }
            findings.push(empty_dir(survey, &dir, &name, is_cached));
        }
    }
}

fn is_identifier(name: &BString) -> bool {
    name != "__pycache__" && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

fn empty_dir(survey: &Survey<'_>, dir: &BString, name: &BString, is_cached: bool) -> Finding {
    let content = if is_cached { "contains nothing but __pycache__" } else { "is empty" };
    let fix = Fix::advice(sentence!("remove ", dir));
    let remove = if is_cached { fixes::remove(survey, [dir]) } else { fixes::remove_empty(survey, dir.as_bstr()) };
    let fix = fix.command(remove).safe();
    Finding::new(&EMPTY_DIRECTORY, sentence!(dir, " ", content, " but can be imported as ", name))
        .evidence(Evidence::about(dir.clone(), content))
        .effect(sentence!(
            "import ",
            name,
            " succeeds with an empty namespace package, and its first use fails: module '",
            name,
            "' has no attribute …"
        ))
        .fix(fix)
}

/// Names of different distributions that differ only in case.
fn collisions(survey: &Survey<'_>, tops: &Tops<'_>, findings: &mut Vec<Finding>) {
    let mut known: BTreeMap<(&BStr, Vec<u8>), &BStr> = BTreeMap::new();
    let mut reported = BTreeSet::new();
    for (top, owner) in &tops.owners {
        let folded = (owner.site.as_bstr(), top.to_ascii_lowercase());
        let Some(other) = known.insert(folded, top) else { continue };
        let Some(first) = tops.owners.get(other).filter(|first| first.directory != owner.directory) else { continue };
        if reported.insert((&first.directory, &owner.directory)) {
            findings.push(collision(survey, (other, first), (top, owner)));
        }
    }
}

fn collision(survey: &Survey<'_>, one: (&BStr, &Distribution), other: (&BStr, &Distribution)) -> Finding {
    let site = &one.1.site;
    let paths = [one.0, other.0].map(|name| survey.join(site, name));
    let is_merged = survey.same_file(paths[0].as_bstr(), paths[1].as_bstr());
    let message = sentence!(
        one.1.name,
        " installs ",
        one.0,
        ", and ",
        other.1.name,
        " installs ",
        other.0,
        ", which differs only in case"
    );
    let (severity, effect) = if is_merged {
        let effect = "this file system treats the two names as one and stores the files of one distribution under the \
                      name of the other; import, which compares names case-sensitively, does not find them there";
        (Severity::Error, effect)
    } else {
        let effect = "this file system distinguishes the two names; on macOS and Windows, the second would overwrite \
                      the first";
        (Severity::Info, effect)
    };
    let advice = sentence!("uninstall ", one.1.name, " and ", other.1.name, ", and reinstall the one that is needed");
    let fix = Fix::advice(advice).command(fixes::uninstall(survey).word(&one.1.name).word(&other.1.name));
    let all_evidence = [one, other]
        .map(|(name, owner)| Evidence::about(survey.join(owner.path(survey), "RECORD"), sentence!("lists ", name)));
    Finding::new(&CASE_COLLISION, message).severity(severity).all_evidence(all_evidence).effect(effect).fix(fix)
}
