//! Every installed distribution, one after the other: what has no metadata is judged no further.

use super::{files, links, metadata, missing, requires, wheel};
use crate::environment::{Distribution, Survey};
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(630), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
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
}

fn judge(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    if let Some(finding) = metadata::find(survey, distribution) {
        let goes_on = *finding.rule != metadata::METADATA_MISSING;
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
