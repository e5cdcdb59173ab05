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
        draft.drop_what_cannot_be_done();
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
    added(draft, after, minimum).find_map(|added| {
        let index = cause(draft, added)?;
        let code = added.code().text();
        Some((index, sentence!("the check of its result finds ", code, ", which was not there before")))
    })
}

/// The fix without which a finding would not be there. What is more severe is worth fixing though it hid that.
fn cause(draft: &Draft<'_>, added: &Finding) -> Option<usize> {
    let subject = Subject::of(added);
    let is_suspect = |fix: &PlannedFix| fix.progress == Progress::Planned && added.severity >= fix.severity;
    let mut suspects = draft.fixes.iter().enumerate().filter(|(_, fix)| is_suspect(fix)).map(|(index, _)| index);
    suspects.find(|index| {
        let without = draft.fixes.iter().enumerate().filter(|(other, _)| other != index).map(|(_, fix)| fix);
        let after = (draft.examine)(&imagine(draft.host, without));
        count(&after, &subject) <= count(draft.before, &subject)
    })
}

/// The rule of a finding of a fix that is still there.
fn remaining(fix: &PlannedFix, after: &Explanation) -> Option<&'static str> {
    let mut findings = after.findings.iter();
    findings.find(|finding| fix.subjects.contains(&Subject::of(finding))).map(|finding| finding.code().text())
}

/// The findings that were not there before, of the minimum severity or a higher one.
fn added<'e>(draft: &Draft<'_>, after: &'e Explanation, minimum: Severity) -> impl Iterator<Item = &'e Finding> {
    after.findings.iter().filter(move |finding| {
        let subject = Subject::of(finding);
        finding.severity >= minimum && count(after, &subject) > count(draft.before, &subject)
    })
}

/// How many findings of a rule there are about a file.
fn count(explanation: &Explanation, subject: &Subject) -> usize {
    explanation.findings.iter().filter(|finding| Subject::of(finding).is_in_file_of(subject)).count()
}
