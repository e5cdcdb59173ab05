//! Whether a distribution's metadata are whole.

use bstr::ByteSlice;

use crate::environment::{Distribution, Fault, Form, Headers, Survey};
use crate::host::HostError;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub(in crate::rules) static RECORD_MISSING: Rule = Rule {
    code: Code("VD602"),
    name: "record-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A distribution has no RECORD, so that no installer knows which files belong to it.",
    why: "\
RECORD lists the files of a distribution. Without it pip refuses to remove or upgrade (`Cannot uninstall six 1.16.0 \
... no RECORD file was found`), and --force-reinstall fails in the same way, because it removes first. Python itself \
never reads it. Packages of operating systems leave it out on purpose: outside of an environment, and where \
INSTALLER names conda, this is usual and not reported.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/six-1.16.0.dist-info
INSTALLER  METADATA  WHEEL",
    fix: "Install the same release over it with --ignore-installed, which does not try to remove anything first.",
    sources: &["pypa/pip#12645", "pypa/pip#8954", "PEP 376"],
};

pub(in crate::rules) static METADATA_MISSING: Rule = Rule {
    code: Code("VD603"),
    name: "metadata-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The metadata of a distribution are missing, or lack its name or version.",
    why: "\
The name of the directory alone makes a distribution visible; its METADATA (PKG-INFO in an egg-info directory) is read \
later. Where that is missing, `pip list` shows no version or dies of a TypeError, and importlib.metadata.version() \
answers None, from 3.15 on it raises MetadataNotFound. An empty directory of this kind is what an interrupted removal \
or a synchronized directory leaves.",
    example: "\
$ ls -A .venv/lib/python3.12/site-packages/requests-2.31.0.dist-info
$ .venv/bin/pip list | grep requests
requests    None",
    fix: "Remove the directory if it is empty, otherwise remove it and install the distribution again.",
    sources: &[
        "pypa/pip#11352",
        "python/cpython#91216",
        "CPython Lib/importlib/metadata/__init__.py: Distribution.metadata",
    ],
};

pub(in crate::rules) static RECORD_MALFORMED: Rule = Rule {
    code: Code("VD619"),
    name: "record-malformed",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A RECORD cannot be understood from some line on.",
    why: "\
Each line has a path, a hash and a size, as comma-separated values. importlib.metadata.files() raises TypeError over \
a blank line or one with four fields, and ValueError where the size is no number; installers do not remove what \
stands behind the damage. A RECORD that was cut short or emptied by a full disk or a synchronized directory looks like \
this.",
    example: "\
$ tail -1 .venv/lib/python3.12/site-packages/six-1.16.0.dist-info/RECORD
six.py,sha256=4V",
    fix: "Install the same release over it with --ignore-installed.",
    sources: &["PEP 376", "CPython Lib/importlib/metadata/__init__.py: Distribution.files"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&RECORD_MISSING, &METADATA_MISSING, &RECORD_MALFORMED], judges: &[] };

/// More of `INSTALLER` than any name has.
const LONGEST_NAME: u64 = 4096;

/// What is wrong with the metadata, if anything is.
pub fn find(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    match distribution.metadata(survey) {
        Err(HostError::NotFound) => return Some(metadata_missing(survey, distribution)),
        Ok(headers) => {
            if let Some(field) = unnamed(headers) {
                return Some(metadata_without(survey, distribution, field));
            }
        }
        Err(_) => {}
    }
    if distribution.form == Form::EggInfo {
        return None;
    }
    match distribution.contents(survey) {
        Err(HostError::NotFound) => record_missing(survey, distribution),
        Ok(contents) => {
            let (line, fault) = contents.fault?;
            Some(malformed(survey, distribution, line, fault))
        }
        Err(_) => None,
    }
}

/// The field that tools cannot do without, where it is certain that the file has none.
fn unnamed(headers: &Headers) -> Option<&'static str> {
    if headers.is_cut {
        None
    } else if headers.name.is_none() {
        Some("Name")
    } else {
        headers.version.is_none().then_some("Version")
    }
}

fn metadata_missing(survey: &Survey<'_>, distribution: &Distribution) -> Finding {
    let dir = distribution.path(survey);
    let file = if distribution.form == Form::DistInfo { "METADATA" } else { "PKG-INFO" };
    let held = survey.names(dir.as_bstr()).map_or(1, |names| names.len());
    let fix = if held == 0 && survey.flavor() != crate::host::path::Flavor::Windows {
        Fix::advice("remove the empty directory").command(fixes::line(survey, "rmdir").word("--").word(&dir)).safe()
    } else {
        let mut fix = fixes::reinstall_over(survey, distribution);
        if !fix.commands.is_empty() {
            fix.commands.insert(0, fixes::remove(survey, [&dir]).into());
        }
        fix
    };
    let found = if held == 0 { "the directory is empty" } else { "there is no such file" };
    Finding::new(&METADATA_MISSING, sentence!(dir, " has no ", file, ", though tools take it for a distribution"))
        .evidence(Evidence::about(survey.join(&dir, file), found))
        .effect(effect(survey))
        .fix(fix)
}

fn effect(survey: &Survey<'_>) -> &'static str {
    if survey.has(Behavior::MetadataNotFound) {
        "importlib.metadata raises MetadataNotFound for it, and pip cannot tell its version"
    } else {
        "importlib.metadata.version() answers None for it, and pip shows it without a version or fails"
    }
}

fn metadata_without(survey: &Survey<'_>, distribution: &Distribution, field: &str) -> Finding {
    let file = if distribution.form == Form::DistInfo { "METADATA" } else { "PKG-INFO" };
    let path = survey.join(distribution.path(survey), file);
    let path = if survey.exists(path.as_bstr()) { path } else { distribution.path(survey) };
    Finding::new(&METADATA_MISSING, sentence!(path, " has no field ", field))
        .evidence(Evidence::about(path, sentence!("no line begins with ", field, ":")))
        .effect(effect(survey))
        .fix(fixes::reinstall_over(survey, distribution))
}

/// Who installs for a whole system keeps its own lists, and leaves `RECORD` out.
fn record_missing(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let installer = distribution.read(survey, "INSTALLER", LONGEST_NAME).ok();
    let installer = installer.map(|text| text.trim().to_owned()).unwrap_or_default();
    let by_pip = matches!(installer.as_slice(), b"pip" | b"uv");
    let usual = distribution.is_managed(survey) || (!survey.is_environment() && !by_pip) || installer == b"conda";
    if usual {
        return None;
    }
    let path = survey.join(distribution.path(survey), "RECORD");
    let message = sentence!(distribution.title(), " has no RECORD, the list of the files that belong to it");
    let finding = Finding::new(&RECORD_MISSING, message)
        .evidence(Evidence::about(path, "there is no such file"))
        .effect("no installer can remove or replace it: pip answers \"no RECORD file was found\"")
        .fix(fixes::reinstall_over(survey, distribution));
    Some(finding)
}

fn malformed(survey: &Survey<'_>, distribution: &Distribution, line: usize, fault: Fault) -> Finding {
    let path = survey.join(distribution.path(survey), "RECORD");
    let what = match fault {
        Fault::Empty => "it is empty, and should at least name itself".to_owned(),
        Fault::NotUtf8 => format!("line {line} is not UTF-8"),
        Fault::Nul => format!("line {line} holds a NUL byte"),
        Fault::Fields(0) => format!("line {line} is blank"),
        Fault::Fields(1) => format!("line {line} has 1 field in the place of 3"),
        Fault::Fields(count) => format!("line {line} has {count} fields in the place of 3"),
        Fault::Size => format!("the size in line {line} is no number"),
    };
    let effect = match fault {
        Fault::Empty => "nothing is removed when it is uninstalled, and importlib.metadata finds no file of it",
        Fault::Fields(1 | 2) | Fault::Nul => "what stands behind the damage is not removed when it is uninstalled",
        _ => "importlib.metadata.files() fails with an exception, and so may uninstalling",
    };
    let text = distribution.record(survey).ok().and_then(|record| record.line(line));
    let evidence = match text {
        Some(text) if !text.is_empty() => Evidence::line(path, line, text).span(0..text.len()),
        Some(_) => Evidence::line(path, line, ""),
        None => Evidence::about(path, "the file is empty"),
    };
    Finding::new(&RECORD_MALFORMED, sentence!("the RECORD of ", distribution.title(), " is damaged: ", what))
        .evidence(evidence)
        .effect(effect)
        .fix(fixes::reinstall_over(survey, distribution))
}
