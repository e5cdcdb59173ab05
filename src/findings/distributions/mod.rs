//! VD6xx: installed distributions.

mod conflicts;
mod duplicates;
mod files;
mod leftovers;
mod links;
mod metadata;
mod misplaced;
mod missing;
mod pip;
mod removed;
mod requires;
mod rules;
mod specifier;
mod wheel;

use bstr::{BString, ByteSlice};

use super::{Cure, Finding, Proof, recipes};
use crate::environment::{Distribution, Survey};

pub use rules::RULES;

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    pip::find(survey, findings);
    leftovers::find(survey, findings);
    duplicates::find(survey, findings);
    let mut linked = Vec::new();
    for (index, distribution) in survey.distributions().iter().enumerate() {
        let link = links::find(survey, distribution, index);
        let goes_on = link.as_ref().is_none_or(|link| !link.is_gone);
        linked.extend(link);
        if goes_on {
            judge(survey, distribution, findings);
        }
    }
    links::tell(survey, &linked, findings);
    removed::find(survey, findings);
    misplaced::find(survey, findings);
    conflicts::find(survey, findings);
}

/// One distribution. What has no metadata is judged no further.
fn judge(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    if let Some(finding) = metadata::find(survey, distribution) {
        let goes_on = finding.code != super::Code::MetadataMissing;
        findings.push(finding);
        if !goes_on {
            return;
        }
    }
    findings.extend(missing::find(survey, distribution));
    findings.extend(requires::find(survey, distribution));
    findings.extend(wheel::find(survey, distribution));
    // Packages of an operating system are stripped after RECORD was written, and verified by other means.
    if survey.is_thorough() && !is_managed(survey, distribution) {
        files::find(survey, distribution, findings);
    }
}

/// `requests 2.34.2`, as the directory of its metadata spells both.
fn title(distribution: &Distribution) -> BString {
    match &distribution.version {
        Some(version) => crate::sentence!(distribution.name, " ", version),
        None => distribution.name.clone(),
    }
}

/// A line of a distribution's `RECORD`, with the file that it names marked.
fn record_line(survey: &Survey<'_>, distribution: &Distribution, line: usize, path: &[u8]) -> Proof {
    let file = survey.join(distribution.path(survey), "RECORD");
    let text = distribution.record(survey).ok().and_then(|record| record.line(line));
    match text {
        Some(text) => Proof::line(file, line, text).marking(path),
        None => Proof::about(file, path),
    }
}

/// Installs the same again, by whoever installed it.
fn reinstall(survey: &Survey<'_>, distribution: &Distribution) -> Cure {
    if is_managed(survey, distribution) {
        return Cure::advice(crate::sentence!(
            "have the package manager that put ",
            distribution.name,
            " there install it again"
        ));
    }
    let version = distribution.version.as_ref().map(|version| version.as_bstr());
    recipes::reinstall(survey, distribution.name.as_bstr(), version)
}

/// Whether the operating system's packages, and not pip's, are in the folder.
fn is_managed(survey: &Survey<'_>, distribution: &Distribution) -> bool {
    !survey.is_environment() && distribution.site.ends_with(b"/python3/dist-packages")
}
