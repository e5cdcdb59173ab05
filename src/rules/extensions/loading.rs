//! VD711: extension modules that the dynamic loader cannot load, because something that they need is not on this machine.

use bstr::{BStr, BString, ByteSlice};

use super::support::place::file_of;
use crate::environment::{Abi, Distribution, ExtensionName, Survey, System};
use crate::interpreter::LoaderVariables;
use crate::interpreter::dependencies::{Lack, Loader};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::Origin;
use crate::text::sentence;

pub(in crate::rules) static EXTENSION_LACKS_LIBRARY: Rule = Rule {
    code: Code("VD711"),
    name: "extension-lacks-library",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An extension module needs a shared library, or a version of its symbols, that this machine does not have.",
    why: "\
The dynamic loader loads every library that a module names, and theirs. Where one is missing, or is older than the one \
that the module was built with, the import fails: ImportError, cannot open shared object file, or version `GLIBC_2.38' \
not found; on macOS, Library not loaded. An upgrade of the system that replaced a library, a slim image, and modules that were built on a newer system \
cause this. Libraries that a distribution of the environment brings along may be loaded by its code, and are not reported. \
Modules of the standard library that many systems leave out, such as _tkinter, are an info.",
    example: "\
$ .venv/bin/python -c 'import ssl'
ImportError: libssl.so.1.1: cannot open shared object file: No such file or directory",
    fix: "Install the library with the system's package manager, or rebuild what needs it on this system.",
    sources: &["pyenv/pyenv#3262", "astral-sh/uv#16510", "glibc elf/dl-version.c: match_symbol"],
};

pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&EXTENSION_LACKS_LIBRARY], judges: &[Judge { when: When::Environment(715), find }] };

/// How many modules of a distribution are read, unless the check is thorough.
const MOST_MODULES: usize = 64;
/// How many findings there are at most.
const MOST_FINDINGS: usize = 16;
/// Modules of the standard library whose libraries many systems leave out.
const OPTIONAL: [&[u8]; 9] =
    [b"_tkinter", b"readline", b"_curses", b"_curses_panel", b"_dbm", b"_gdbm", b"nis", b"ossaudiodev", b"_crypt"];

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(abi) = survey.abi().filter(|abi| matches!(abi.system, System::Linux | System::Macos)) else { return };
    let Some(executable) = &survey.resolution.identification.file else { return };
    let library_path = LoaderVariables::of(&survey.resolution.invocation).library_path;
    let loader = Loader::of(survey.ask, executable.as_bstr(), library_path);
    let before = findings.len();
    for file in of_library(survey, abi) {
        if let Some(lack) = loader.lack(file.as_bstr()) {
            findings.push(finding(survey, &file, &lack, None));
        }
    }
    for distribution in survey.distributions() {
        let mut files = of_distribution(survey, abi, distribution).into_iter();
        // The modules of a distribution usually need the same.
        let lack =
            files.find_map(|file| Some((loader.lack(file.as_bstr()).filter(|lack| !is_brought(survey, lack))?, file)));
        if let Some((lack, file)) = lack {
            findings.push(finding(survey, &file, &lack, Some(distribution)));
        }
    }
    findings.truncate(before + MOST_FINDINGS);
}

/// The extension modules of the standard library.
fn of_library(survey: &Survey<'_>, abi: &Abi) -> Vec<BString> {
    let entries = survey.resolution.sys.iter().flat_map(|sys| &sys.path);
    let dirs = entries.filter(|entry| entry.origin == Origin::PlatStdlib && entry.exists);
    let mut files = Vec::new();
    for dir in dirs {
        let names = survey.list(dir.value.as_bstr());
        let fitting = names.iter().filter(|name| fits(abi, name.as_bstr()) && !is_test(name));
        files.extend(fitting.map(|name| survey.join(&dir.value, name)));
    }
    files
}

/// The extension modules of a distribution.
fn of_distribution(survey: &Survey<'_>, abi: &Abi, distribution: &Distribution) -> Vec<BString> {
    let Ok(contents) = distribution.contents(survey) else { return Vec::new() };
    let most = if survey.is_thorough() { usize::MAX } else { MOST_MODULES };
    let places = contents.modules.iter().filter(|place| fits(abi, survey.base_name(place.path.as_bstr()).as_bstr()));
    places.take(most).filter_map(|place| file_of(survey, distribution, place)).collect()
}

/// Whether the importer takes a file of this name, and it is certainly a module.
fn fits(abi: &Abi, name: &BStr) -> bool {
    ExtensionName::parse(name).is_some_and(|name| name.tag.is_some() && abi.misfit(&name).is_none())
}

/// The standard library's own tests need nothing of the user.
fn is_test(name: &BString) -> bool {
    name.starts_with(b"_test") || name.starts_with(b"_ctypes_test") || name.starts_with(b"xx")
}

/// Whether a distribution of the environment has a library of that name: its code may load it before. One that `RECORD` lists
/// and that was removed is none.
fn is_brought(survey: &Survey<'_>, lack: &Lack) -> bool {
    let Lack::Library { library, .. } = lack else { return false };
    // On macOS, the name is a path.
    let end = [b"/", survey.base_name(library.as_bstr()).as_slice()].concat();
    let has = |distribution: &Distribution| {
        let record = distribution.record(survey);
        record.is_ok_and(|record| {
            let mut libraries = record.entries().filter(|entry| entry.path.ends_with(&end));
            libraries.any(|entry| !survey.is_missing(survey.join(&distribution.site, entry.path.as_bytes()).as_bstr()))
        })
    };
    survey.distributions().iter().any(has)
}

fn finding(survey: &Survey<'_>, file: &BString, lack: &Lack, distribution: Option<&Distribution>) -> Finding {
    let (what, needed_by, evidence) = match lack {
        Lack::Library { library, needed_by } => (
            sentence!("the library ", library, ", which the dynamic loader does not find"),
            needed_by,
            sentence!("needs ", library),
        ),
        Lack::Version { library, version, needed_by } => (
            sentence!("the version ", version, ", which ", library, " does not have"),
            needed_by,
            sentence!("needs the version ", version, " of ", library),
        ),
    };
    let name = survey.base_name(file.as_bstr());
    let stem = name.split_str(".").next().unwrap_or_default();
    let is_optional = distribution.is_none() && OPTIONAL.contains(&stem);
    let advice =
        sentence!("install what provides it with the system's package manager, or rebuild ", file, " on this system");
    let fix = match (distribution, lack) {
        (Some(distribution), Lack::Version { .. }) => fixes::reinstall(survey, distribution),
        _ => Fix::advice(advice),
    };
    Finding::new(&EXTENSION_LACKS_LIBRARY, sentence!(file, " cannot be loaded: it needs ", what))
        .severity(if is_optional { Severity::Info } else { Severity::Warning })
        .evidence(Evidence::about(needed_by.clone(), evidence))
        .effect("the import of the module fails with ImportError")
        .fix(fix)
}
