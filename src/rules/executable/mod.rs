//! VD1xx: the file that is started.

mod support;

use super::family::{Family, Topic};
use crate::environment::Survey;
use crate::startup::StepId;

include!(concat!(env!("OUT_DIR"), "/rules/executable.rs"));

/// The family.
pub(super) static FAMILY: Family = Family { prefix: "VD1", title: "The file that is started", topics: TOPICS };

/// The step that says what the executable is.
fn step(survey: &Survey<'_>) -> Option<usize> {
    let mut steps = survey.resolution.steps.iter();
    steps.find(|step| step.id == StepId::Identify).map(|step| step.number)
}
