//! Whether the metadata of a distribution is complete and readable.

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
    summary: "A distribution has no RECORD, so installers do not know which files it installed.",
    why: "\
RECORD lists the files of a distribution. Without it pip refuses to uninstall or upgrade (`Cannot uninstall six \
1.16.0 ... no RECORD file was found`), and --force-reinstall fails in the same way, because it uninstalls first. \
Startup and imports never read it. Packages of operating systems omit it on purpose: outside of an environment, and \
where INSTALLER names conda, this is normal and not reported.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/six-1.16.0.dist-info
INSTALLER  METADATA  WHEEL",
    fix: "Install the same version over it with --ignore-installed, which does not uninstall anything first.",
    sources: &["pypa/pip#12645", "pypa/pip#8954", "PEP 376"],
};

pub(in crate::rules) static METADATA_MISSING: Rule = Rule {
    code: Code("VD603"),
    name: "metadata-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The metadata of a distribution is missing, or lacks its name or version.",
    why: "\
The name of the directory is enough for a distribution to be listed; its METADATA (PKG-INFO in an egg-info directory) \
is read later. If that is missing, `pip list` shows no version or fails with a TypeError, and \
importlib.metadata.version() returns None; from 3.15 on it raises MetadataNotFound. An empty directory of this kind \
is left by an interrupted removal or a synchronized directory.",
    example: "\
$ ls -A .venv/lib/python3.12/site-packages/requests-2.31.0.dist-info
$ .venv/bin/pip list | grep requests
requests    None",
    fix: "Remove the directory if it is empty; otherwise remove it and reinstall the distribution.",
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
    summary: "A RECORD is empty, or cannot be parsed from some line on.",
    why: "\
Each line has a path, a hash and a size, as comma-separated values. importlib.metadata.files() raises TypeError for a \
blank line or one with four fields, and ValueError if the size is not a number; installers do not remove the files \
that are listed after the damage. A RECORD that was truncated or emptied by a full disk or a synchronized directory \
looks like this.",
    example: "\
$ tail -1 .venv/lib/python3.12/site-packages/six-1.16.0.dist-info/RECORD
six.py,sha256=4V",
    fix: "Install the same version over it with --ignore-installed.",
    sources: &["PEP 376", "CPython Lib/importlib/metadata/__init__.py: Distribution.files"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&RECORD_MISSING, &METADATA_MISSING, &RECORD_MALFORMED], judges: &[] };

/// The largest `INSTALLER` that is read.
const LONGEST_NAME: u64 = 4096;

/// Checks the metadata of a distribution.
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

/// The field that tools need and that the file certainly lacks.
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
        Fix::advice("remove the empty directory").command(fixes::remove_empty(survey, dir.as_bstr())).safe()
    } else {
        let aside = fixes::unused(survey, &dir, ".unused");
        fixes::reinstall_over(survey, distribution).preceded_by(fixes::rename(survey, dir.as_bstr(), aside))
    };
    let found = if held == 0 { "the directory is empty" } else { "the file does not exist" };
    Finding::new(&METADATA_MISSING, sentence!(dir, " has no ", file, ", although tools list it as a distribution"))
        .evidence(Evidence::about(survey.join(&dir, file), found))
        .effect(effect(survey))
        .fix(fix)
}

fn effect(survey: &Survey<'_>) -> &'static str {
    if survey.has(Behavior::MetadataNotFound) {
        "importlib.metadata raises MetadataNotFound for it, and pip cannot determine its version"
    } else {
        "importlib.metadata.version() returns None for it, and pip lists it without a version or fails"
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

/// Package managers of operating systems and conda keep their own lists, and omit `RECORD`.
fn record_missing(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    let installer = distribution.read(survey, "INSTALLER", LONGEST_NAME).ok();
    let installer = installer.map(|text| text.trim().to_owned()).unwrap_or_default();
    let by_pip = matches!(installer.as_slice(), b"pip" | b"uv");
    let usual = distribution.is_managed(survey) || (!survey.is_environment() && !by_pip) || installer == b"conda";
    if usual {
        return None;
    }
    let path = survey.join(distribution.path(survey), "RECORD");
    let message = sentence!(distribution.title(), " has no RECORD, the list of its files");
    let finding = Finding::new(&RECORD_MISSING, message)
        .evidence(Evidence::about(path, "the file does not exist"))
        .effect("no installer can uninstall or replace it: pip reports \"no RECORD file was found\"")
        .fix(fixes::reinstall_over(survey, distribution));
    Some(finding)
}

fn malformed(survey: &Survey<'_>, distribution: &Distribution, line: usize, fault: Fault) -> Finding {
    let path = survey.join(distribution.path(survey), "RECORD");
    let what = match fault {
        Fault::Empty => "it is empty, but should at least list itself".to_owned(),
        Fault::NotUtf8 => format!("line {line} is not UTF-8"),
        Fault::Nul => format!("line {line} contains a NUL byte"),
        Fault::Fields(0) => format!("line {line} is blank"),
        Fault::Fields(1) => format!("line {line} has 1 field instead of 3"),
        Fault::Fields(count) => format!("line {line} has {count} fields instead of 3"),
        Fault::Size => format!("the size in line {line} is not a number"),
    };
    let effect = match fault {
        Fault::Empty => "uninstalling removes nothing, and importlib.metadata finds no files of the distribution",
        Fault::Fields(1 | 2) | Fault::Nul => "uninstalling does not remove the files that are listed after the damage",
        _ => "importlib.metadata.files() raises an exception, and uninstalling may fail",
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
