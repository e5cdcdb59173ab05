//! VD4xx: `.pth` and `.start` files, and the customization modules.

mod customize;
mod editable;
mod egg_link;
mod failures;
mod files;
mod inventory;
mod literal;
mod own_fixes;
mod passed_over;
mod pth;
mod rules;
mod start;
mod suspicious;

use super::Finding;
use crate::environment::Survey;

pub use rules::RULES;

/// What startup shows.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    failures::find(survey, findings);
    passed_over::find(survey, findings);
    pth::find(survey, findings);
    start::find(survey, findings);
    customize::startup(survey, findings);
    inventory::startup(survey, findings);
}

/// What further reading shows.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    editable::find(survey, findings);
    egg_link::find(survey, findings);
    inventory::find(survey, findings);
    customize::environment(survey, findings);
}
