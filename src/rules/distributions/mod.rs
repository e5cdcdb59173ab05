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

use super::Finding;
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
    if survey.is_thorough() && !distribution.is_managed(survey) {
        files::find(survey, distribution, findings);
    }
}
