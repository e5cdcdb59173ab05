//! Fixes of one report that would undo one another.
//!
//! People paste what is printed, from the top to the bottom. Whoever creates an environment again, and then follows the
//! advice about a file of the old one, damages the new one.

use super::finding::Finding;
use crate::text::sentence;

/// The families whose fixes change what is in the environment, as opposed to variables, the machine, and doubts.
const INSIDE: [&str; 6] = ["VD1", "VD2", "VD4", "VD5", "VD6", "VD7"];

/// If a fix creates the environment again, takes the commands from the others that change something in it.
pub fn keep_one_recreation(findings: &mut [Finding]) {
    let recreates =
        |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.recreates && !fix.commands.is_empty());
    // Of equal severity, the first: the others are consequences as often as causes.
    let worst = findings.iter().filter(|finding| recreates(finding)).map(|finding| finding.severity).max();
    let Some(kept) = findings.iter().position(|finding| recreates(finding) && Some(finding.severity) == worst) else {
        return;
    };
    let code = findings[kept].code();
    for (index, finding) in findings.iter_mut().enumerate() {
        let is_inside = INSIDE.iter().any(|family| finding.code().text().starts_with(family));
        let Some(fix) = finding.fix.as_mut().filter(|fix| index != kept && is_inside && !fix.commands.is_empty())
        else {
            continue;
        };
        fix.clear();
        fix.advice =
            sentence!("first recreate the environment, as the fix of ", code.text(), " does, and check it again");
    }
}
