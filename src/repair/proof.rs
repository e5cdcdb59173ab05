//! Whether fixes do what they say, and nothing else: judged by a check of the machine that they would leave.

use bstr::BString;

use super::draft::{Draft, imagine};
use super::plan::{PlannedFix, Progress, Subject};
use crate::explanation::Explanation;
use crate::rules::{Finding, Severity};
use crate::text::sentence;

/// The most fixes that are taken out of a plan one by one, and the most that are tried for one finding that was not there
/// before: each trial checks the whole machine again.
const MOST_TRIALS: usize = 64;
/// Rules report their first findings one by one, no rule fewer than so many, and how many more there are. Once the first are
/// fixed, those are reported that were there before.
const ALL_REPORTED: usize = 16;

/// Takes out of the plan every fix whose findings are still there after all fixes, and every one that adds a finding as
/// bad as its own. `after` is what is found after all fixes; returns what is found after those that are left.
pub(super) fn demote_what_is_not_proven(draft: &mut Draft<'_>, mut after: Explanation) -> Explanation {
    for trial in 0..=draft.fixes.len().min(MOST_TRIALS) {
        let Some((index, reason)) = unproven(draft, &after) else { break };
        if trial == MOST_TRIALS {
            let planned = draft.fixes.iter_mut().filter(|fix| fix.progress == Progress::Planned);
            planned.for_each(|fix| demote(fix, "there are more fixes than can be judged one by one".into()));
        } else {
            demote(&mut draft.fixes[index], reason);
        }
        draft.drop_what_cannot_be_done();
        after = (draft.examine)(&draft.imagined());
    }
    after
}

fn demote(fix: &mut PlannedFix, reason: BString) {
    fix.safe = false;
    fix.progress = Progress::Skipped;
    fix.reason = Some(reason);
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
    let suspects = draft.fixes.iter().enumerate().filter(|(_, fix)| is_suspect(fix)).map(|(index, _)| index);
    suspects.take(MOST_TRIALS).find(|index| {
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
        let is_more =
            |count: fn(&Explanation, &Subject) -> usize| count(after, &subject) > count(draft.before, &subject);
        // All of them were told of before, or there are more now than there were.
        let was_told = of_rule(draft.before, &subject) < ALL_REPORTED || is_more(of_rule);
        finding.severity >= minimum && is_more(count) && was_told
    })
}

/// How many findings of a rule there are.
fn of_rule(explanation: &Explanation, subject: &Subject) -> usize {
    explanation.findings.iter().filter(|finding| finding.code() == subject.code).count()
}

/// How many findings of a rule there are about a file.
fn count(explanation: &Explanation, subject: &Subject) -> usize {
    explanation.findings.iter().filter(|finding| Subject::of(finding).is_in_file_of(subject)).count()
}
