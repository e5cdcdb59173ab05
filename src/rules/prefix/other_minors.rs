//! VD250: packages for another minor version, which no interpreter here uses.

use bstr::{BStr, BString, ByteSlice};

use super::orphaned;
use crate::environment::{InterpreterName, Survey, is_package};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, only_where};
use crate::startup::Origin;
use crate::text::sentence;

pub(in crate::rules) static PACKAGES_FOR_ANOTHER_MINOR: Rule = Rule {
    code: Code("VD250"),
    name: "packages-for-another-minor",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "Packages are installed below the same lib directory for a minor version that no interpreter here has.",
    why: "\
Every minor version of Python has its own directory of packages. After an upgrade of the system, or in an image into which \
the packages of another image were copied, the packages of the old version remain, and the new Python does not search \
them: imports fail although the files are there. If an interpreter of that version, or its standard library, is next to \
them, nothing is reported. The packages in the home directory of the user are reported as info, since any interpreter \
of that version may use them.",
    example: "\
$ ls /usr/local/lib
python3.10  python3.12
$ ls /usr/local/lib/python3.10/site-packages
requests  requests-2.32.3.dist-info
$ /usr/local/bin/python3.12 -c 'import requests'
ModuleNotFoundError: No module named 'requests'",
    fix: "Install the packages for the version that runs, or copy them from a build with the same version.",
    sources: &["laoshanxi/app-mesh#214", "CPython Lib/site.py: getsitepackages"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PACKAGES_FOR_ANOTHER_MINOR],
    // In an explanation, only where startup makes other minor versions likely are directories listed that Python does not
    // list.
    judges: &[
        Judge { when: When::Startup(311), find: only_where!(is_suspicious => find) },
        Judge { when: When::Environment(311), find: only_where!(!is_suspicious => find) },
    ],
};

/// The directories of packages below `lib/pythonX.Y`.
const SITES: [&str; 2] = ["site-packages", "dist-packages"];
/// How many names below a `lib` are examined.
const MOST_NAMES: usize = 4096;
/// How many directories of `PATH` are searched for an interpreter.
const MOST_DIRS: usize = 64;

/// A directory below which each minor version has its packages.
struct Library {
    /// The directory, such as `/usr/local/lib`.
    dir: BString,
    /// Whether it is that of the user.
    is_user: bool,
}

/// Whether an environment was made for another minor version, or Python found no package at all where it searched.
fn is_suspicious(survey: &Survey<'_>) -> bool {
    let (Some(version), Some(sys)) = (survey.version(), &survey.resolution.sys) else { return false };
    if survey.is_environment() {
        return orphaned::was_made_for_another(survey, version);
    }
    let searched = survey.resolution.site.as_ref().is_some_and(|site| site.enabled);
    let mut sites = sys.path.iter().filter(|entry| entry.origin == Origin::SitePackages && entry.exists);
    searched && sites.all(|entry| orphaned::is_bare(survey, entry.value.as_bstr()))
}

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.flavor() == Flavor::Windows || survey.resolution.sys.is_none() {
        return;
    }
    let Some(version) = survey.version() else { return };
    // An environment without any package for this version is reported as a whole.
    if survey.is_environment() && !survey.own_site_dirs().any(|site| holds_packages(survey, site.path.as_bstr())) {
        return;
    }
    let own = format!("python{}", version.short());
    for library in libraries(survey) {
        let names = survey.names(library.dir.as_bstr()).unwrap_or_default();
        for name in names.iter().filter(|name| name.starts_with(b"python3.")).take(MOST_NAMES) {
            // A directory that differs only in its flags, such as python3.13t, is for another build of the same version.
            let is_parsed = InterpreterName::parse(name.as_bstr()).is_some();
            if is_parsed && name.trim_end_with(|c| c.is_ascii_alphabetic()) != own.as_bytes() {
                judge(survey, &library, name.as_bstr(), findings);
            }
        }
    }
}

fn holds_packages(survey: &Survey<'_>, site: &BStr) -> bool {
    survey.ask.list_dir(site).is_ok_and(|names| names.iter().any(|name| is_package(name.as_bstr())))
}

/// Where the packages of this Python are, one level up: those of the environment alone, or else all of the installation.
fn libraries(survey: &Survey<'_>) -> Vec<Library> {
    let Some(sys) = &survey.resolution.sys else { return Vec::new() };
    let Some(version) = survey.version() else { return Vec::new() };
    let is_environment = survey.is_environment();
    let mut libraries = Vec::new();
    let mut add = |dir: BString, is_user| {
        let is_wanted = !is_environment || survey.is_below(dir.as_bstr(), survey.root());
        if is_wanted && !libraries.iter().any(|known: &Library| known.dir == dir) {
            libraries.push(Library { dir, is_user });
        }
    };
    let prefix = if is_environment { survey.root() } else { sys.prefix.as_bstr() };
    add(survey.join(prefix, "lib"), false);
    for entry in &sys.path {
        let is_user = entry.origin == Origin::UserSite;
        let above = survey.parent(entry.value.as_bstr());
        let is_versioned = survey.base_name(above.as_bstr()) == format!("python{}", version.short()).as_str();
        if is_versioned && (is_user || entry.origin == Origin::SitePackages) {
            add(survey.parent(above.as_bstr()), is_user);
        }
    }
    // Debian's Python searches both, and its packages are in the former.
    if sys.prefix == "/usr" {
        add("/usr/local/lib".into(), false);
    }
    libraries
}

fn judge(survey: &Survey<'_>, library: &Library, name: &BStr, findings: &mut Vec<Finding>) {
    let dir = survey.join(&library.dir, name);
    for site in SITES.map(|site| survey.join(&dir, site)) {
        let Ok(names) = survey.ask.list_dir(site.as_bstr()) else { continue };
        let is_metadata = |name: &BString| name.ends_with(b".dist-info") || name.ends_with(b".egg-info");
        let mut packages: Vec<&BString> = names.iter().filter(|name| is_package(name.as_bstr())).collect();
        packages.sort_unstable_by_key(|name| (!is_metadata(name), *name));
        // What was copied without its metadata is missed just as well.
        let Some(first) = packages.first() else { continue };
        if !is_served(survey, library, &dir, name) {
            findings.push(finding(survey, library, &site, name, first));
        }
    }
}

/// Whether an interpreter may use the packages of this version: its standard library is next to them, or a program of
/// its name is where its packages would be used.
fn is_served(survey: &Survey<'_>, library: &Library, dir: &BString, name: &BStr) -> bool {
    if survey.exists(survey.join(dir, "os.py").as_bstr()) {
        return true;
    }
    let own = survey.join(survey.parent(library.dir.as_bstr()), "bin");
    let mut bins = vec![own];
    if !survey.is_environment() {
        bins.extend([BString::from("/usr/bin"), BString::from("/usr/local/bin")]);
        let path = survey.resolution.invocation.variable("PATH").unwrap_or_default();
        bins.extend(path.split(|&byte| byte == b':').take(MOST_DIRS).filter(|dir| !dir.is_empty()).map(BString::from));
    }
    // After an upgrade, python3.10 of an environment may lead to the new version.
    let runs_here = |program: &BString| survey.same_file(program.as_bstr(), survey.executable());
    bins.iter()
        .map(|bin| survey.join(bin, name))
        .any(|program| survey.exists(program.as_bstr()) && !runs_here(&program))
}

fn finding(survey: &Survey<'_>, library: &Library, site: &BString, name: &BStr, first: &BString) -> Finding {
    let running = survey.version().map_or_else(String::new, |version| version.short());
    let message =
        sentence!(site, " contains packages for ", name, ", but ", survey.executable(), " is Python ", running);
    let effect = sentence!(
        "Python ",
        running,
        " does not search this directory: what is installed only there cannot be imported"
    );
    let advice = sentence!(
        "install these packages with ",
        survey.executable(),
        " -m pip, or copy those of a Python ",
        running,
        "; remove ",
        site,
        " if nothing else uses it"
    );
    Finding::new(&PACKAGES_FOR_ANOTHER_MINOR, message)
        .severity(if library.is_user { Severity::Info } else { Severity::Warning })
        .evidence(Evidence::about(survey.join(site, first), "is installed there"))
        .effect(effect)
        .fix(Fix::advice(advice))
}
