//! Whether a distribution's metadata are whole.

use bstr::ByteSlice;

use crate::environment::{Distribution, Fault, Form, Headers, Survey};
use crate::host::HostError;
use crate::rules::{Code, Evidence, Finding, Fix, fixes};
use crate::text::sentence;

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
    Finding::new(Code::MetadataMissing, sentence!(dir, " has no ", file, ", though tools take it for a distribution"))
        .evidence(Evidence::about(survey.join(&dir, file), found))
        .effect(effect(survey))
        .fix(fix)
}

fn effect(survey: &Survey<'_>) -> &'static str {
    if survey.version().is_some_and(|version| version.minor >= 15) {
        "importlib.metadata raises MetadataNotFound for it, and pip cannot tell its version"
    } else {
        "importlib.metadata.version() answers None for it, and pip shows it without a version or fails"
    }
}

fn metadata_without(survey: &Survey<'_>, distribution: &Distribution, field: &str) -> Finding {
    let file = if distribution.form == Form::DistInfo { "METADATA" } else { "PKG-INFO" };
    let path = survey.join(distribution.path(survey), file);
    let path = if survey.exists(path.as_bstr()) { path } else { distribution.path(survey) };
    Finding::new(Code::MetadataMissing, sentence!(path, " has no field ", field))
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
    let finding = Finding::new(Code::RecordMissing, message)
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
    Finding::new(Code::RecordMalformed, sentence!("the RECORD of ", distribution.title(), " is damaged: ", what))
        .evidence(evidence)
        .effect(effect)
        .fix(fixes::reinstall_over(survey, distribution))
}
