//! The directory of scripts as a whole: it is read once, and several rules look at what is in it.

use super::support::strays;
use super::{activation, creation, first_line, foreign, kernels, linked, mode, moved, orphans};
use crate::environment::Survey;
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(530), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() {
        return;
    }
    let scripts = survey.scripts();
    let activations = survey.activations();
    let strays = strays::find(survey, scripts, &activations);
    moved::find(survey, &strays, findings);
    first_line::find(survey, scripts, findings);
    mode::find(survey, scripts, findings);
    foreign::find(survey, scripts, &strays, findings);
    activation::find(survey, &activations, findings);
    creation::find(survey, findings);
    linked::find(survey, scripts, findings);
    orphans::find(survey, scripts, &strays, findings);
    kernels::find(survey, &activations, findings);
}
