//! Whether fixes do what they say, and nothing else: judged by a check of the machine that they would leave.

use bstr::BString;

use super::draft::{Draft, imagine};
use super::plan::{PlannedFix, Progress, Subject};
use crate::explanation::Explanation;
use crate::rules::{Finding, Severity};
use crate::text::sentence;

/// Takes out of the plan every fix whose findings are still there after all fixes, and every one that adds a finding as
/// bad as its own. `after` is what is found after all fixes; returns what is found after those that are left.
pub(super) fn demote_what_is_not_proven(draft: &mut Draft<'_>, mut after: Explanation) -> Explanation {
    for _ in 0..draft.fixes.len() {
        let Some((index, reason)) = unproven(draft, &after) else { break };
        let fix = &mut draft.fixes[index];
        fix.safe = false;
        fix.progress = Progress::Skipped;
        fix.reason = Some(reason);
        after = (draft.examine)(&draft.imagined());
    }
    after
}

/// A fix that is not proven, and why.
fn unproven(draft: &Draft<'_>, after: &Explanation) -> Option<(usize, BString)> {
    let planned = || draft.fixes.iter().enumerate().filter(|(_, fix)| fix.progress == Progress::Planned);
    if let Some((index, code)) = planned().find_map(|(index, fix)| Some((index, remaining(fix, after)?))) {
        return Some((index, sentence!("the check of its result still finds ", code)));
    }
    let minimum = planned().map(|(_, fix)| fix.severity).min()?;
    let added = added(draft, after, minimum)?;
    let subject = Subject::of(added);
    // The one without which it would not be there.
    let mut suspects = planned().filter(|(_, fix)| added.severity >= fix.severity);
    let cause = suspects.find(|(index, _)| {
        let without = draft.fixes.iter().enumerate().filter(|(other, _)| other != index).map(|(_, fix)| fix);
        let after = (draft.examine)(&imagine(draft.host, without));
        !after.findings.iter().any(|finding| Subject::of(finding) == subject)
    });
    let (index, _) = cause?;
    Some((index, sentence!("the check of its result finds ", subject.code.text(), ", which was not there before")))
}

/// The rule of a finding of a fix that is still there.
fn remaining(fix: &PlannedFix, after: &Explanation) -> Option<&'static str> {
    let mut findings = after.findings.iter();
    findings.find(|finding| fix.subjects.contains(&Subject::of(finding))).map(|finding| finding.code().text())
}

/// A finding that was not there before, of the minimum severity or a higher one.
fn added<'e>(draft: &Draft<'_>, after: &'e Explanation, minimum: Severity) -> Option<&'e Finding> {
    let known: Vec<Subject> = draft.before.findings.iter().map(Subject::of).collect();
    let is_new = |finding: &&Finding| finding.severity >= minimum && !known.contains(&Subject::of(finding));
    after.findings.iter().find(is_new)
}
