//! The extension modules of every distribution: judges their names, and their headers where the names fit.

use super::{bytecode, headers, tags};
use crate::environment::{Distribution, Survey};
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(710), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for distribution in survey.distributions() {
        findings.extend(of(survey, distribution));
        bytecode::find(survey, distribution, findings);
    }
}

/// What is wrong with the extension modules of a distribution.
pub(in crate::rules) fn of(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    tags::find(survey, distribution).or_else(|| headers::find(survey, distribution))
}
