//! Runs the judges that look at the scripts of an environment. They have one entry, so that the scripts are read once.

use super::support::mismatched;
use super::{activation, creation, first_line, foreign, mode, moved, orphans, relocatable};
use crate::environment::Survey;
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(530), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !survey.is_environment() {
        return;
    }
    let scripts = survey.scripts();
    let activations = survey.activations();
    let mismatches = mismatched::find(survey, scripts, &activations);
    moved::find(survey, &mismatches, findings);
    first_line::find(survey, scripts, findings);
    mode::find(survey, scripts, findings);
    foreign::find(survey, scripts, &mismatches, findings);
    activation::find(survey, &activations, findings);
    creation::find(survey, findings);
    relocatable::find(survey, scripts, findings);
    orphans::find(survey, scripts, &mismatches, findings);
}
