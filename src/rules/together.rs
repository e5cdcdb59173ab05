//! Fixes of one report that would undo one another.
//!
//! People paste what is printed, from the top to the bottom. Whoever creates an environment again, and then follows the
//! advice about a file of the old one, damages the new one.

use std::collections::HashSet;

use bstr::{BStr, BString};

use super::action::Action;
use super::finding::Finding;
use crate::host::Platform;
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

/// Where a fix counts the lines of a file that one above it changes, has this program do it, which counts them again: after
/// the first of two `sed -i 2d`, the line that the second one means has another number.
pub fn count_lines_once(findings: &mut [Finding], platform: Platform, root: &BStr) {
    let mut changed: HashSet<BString> = HashSet::new();
    for finding in findings {
        let code = finding.code();
        let Some(fix) = finding.fix.as_mut().filter(|fix| !fix.commands.is_empty()) else { continue };
        let writes: Vec<_> = fix.actions.iter().filter_map(written).collect();
        if writes.iter().any(|(path, counts)| *counts && changed.contains(*path)) {
            fix.commands.clear();
            fix.spell_out(platform, code, root);
        } else {
            changed.extend(writes.into_iter().map(|(path, _)| path.clone()));
        }
    }
}

/// The file that an action writes to, and whether it counts its lines.
fn written(action: &Action) -> Option<(&BString, bool)> {
    match action {
        Action::Write { path, edit } => Some((path, edit.counts_lines())),
        _ => None,
    }
}
