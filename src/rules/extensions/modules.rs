//! The extension modules of every distribution: their names tell, or else their headers.

use super::support::loose;
use super::{bytecode, headers, tags};
use crate::environment::{Distribution, Survey};
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[],
    judges: &[Judge { when: When::Environment(710), find }, Judge { when: When::Environment(720), find: loose::find }],
};

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for distribution in survey.distributions() {
        findings.extend(of(survey, distribution));
        bytecode::find(survey, distribution, findings);
    }
}

/// What is wrong with the modules of a distribution.
pub(in crate::rules) fn of(survey: &Survey<'_>, distribution: &Distribution) -> Option<Finding> {
    tags::find(survey, distribution).or_else(|| headers::find(survey, distribution))
}
