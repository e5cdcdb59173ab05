//! How a plan comes about: one fix after the other is done in imagination, and the environment is checked again, until
//! nothing new appears. Faults hide one another: scripts are not looked at where there is no `pyvenv.cfg`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use super::operation::{Operation, What, counts_for, work_out};
use super::paths::is_below;
use super::plan::{PlannedFix, Progress, Subject, Wanted};
use super::state::State;
use super::within::{Objection, objection};
use super::{proof, recorded};
use crate::explanation::Explanation;
use crate::host::{Host, HostError, OverlayHost};
use crate::rules::{Action, Edit, Finding, Fix};
use crate::text::sentence;

/// The most rounds of checks.
const MOST_ROUNDS: usize = 8;

/// A plan that is being made.
pub(super) struct Draft<'d> {
    pub(super) host: &'d dyn Host,
    pub(super) before: &'d Explanation,
    pub(super) examine: &'d dyn Fn(&dyn Host) -> Explanation,
    wanted: &'d Wanted,
    /// Whose findings were to be fixed by which actions, whatever became of it.
    tried: Vec<(Subject, Vec<Action>)>,
    pub(super) fixes: Vec<PlannedFix>,
}

/// Which fixes a round adds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Those that may be safe. Others are left for later: perhaps they are not needed then.
    Safe,
    /// All the others. What runs a program is not imagined.
    Unsafe,
}

/// What the fixes of one round have changed.
#[derive(Default)]
struct Round {
    /// These paths.
    changed: Vec<BString>,
    /// Of files from which nothing but lines were deleted, the first of those lines.
    deleted: BTreeMap<BString, usize>,
}

impl Round {
    fn note(&mut self, fix: &Fix, operations: &[Operation]) {
        for path in operations.iter().flat_map(|one| one.what.paths()) {
            match deleted(fix) {
                Some((first, _)) if !self.changed.contains(path) || self.deleted.contains_key(path) => {
                    self.deleted.insert(path.clone(), first);
                }
                _ => drop(self.deleted.remove(path)),
            }
            self.changed.push(path.clone());
        }
    }

    /// Whether a fix counts the lines of a file, and another one may be at that number now.
    fn has_moved_lines(&self, fix: &Fix, operations: &[Operation]) -> bool {
        let counts = |action: &Action| matches!(action, Action::Write { edit, .. } if edit.counts_lines());
        let is_before =
            |path: &BString| deleted(fix).zip(self.deleted.get(path)).is_some_and(|((_, last), next)| last < *next);
        let is_moved = |path: &BString| self.changed.contains(path) && !is_before(path);
        fix.actions.iter().any(counts) && operations.iter().flat_map(|one| one.what.paths()).any(is_moved)
    }
}

impl<'d> Draft<'d> {
    pub(super) fn new(
        host: &'d dyn Host,
        before: &'d Explanation,
        examine: &'d dyn Fn(&dyn Host) -> Explanation,
        wanted: &'d Wanted,
    ) -> Self {
        Self { host, before, examine, wanted, tried: Vec::new(), fixes: Vec::new() }
    }

    pub(super) fn into_fixes(self) -> Vec<PlannedFix> {
        self.fixes
    }

    /// Adds all fixes, and returns what is found after those that are to be done.
    pub(super) fn complete(&mut self) -> Explanation {
        let mut after = self.rounds(Stage::Safe, self.before.clone());
        for _ in 0..MOST_ROUNDS {
            let fixes = self.fixes.len();
            after = proof::demote_what_is_not_proven(self, after);
            if self.fixes.len() == fixes {
                break;
            }
            // What was built on a fix that is not proven is planned without it.
            after = self.rounds(Stage::Safe, after);
        }
        // What was not proven is offered as an unsafe fix.
        self.rounds(Stage::Unsafe, after)
    }

    /// The machine after all fixes that are to be done.
    pub(super) fn imagined(&self) -> OverlayHost<'d> {
        imagine(self.host, self.fixes.iter())
    }

    /// Takes those fixes out of the plan that need another one which is not done, so that they can be planned without it.
    pub(super) fn drop_what_cannot_be_done(&mut self) {
        let mut overlay = OverlayHost::new(self.host);
        let tried = &mut self.tried;
        self.fixes.retain(|fix| {
            let is_kept = fix.progress != Progress::Planned || perform(fix, &mut overlay);
            if !is_kept {
                tried.retain(|(subject, _)| !fix.subjects.contains(subject));
            }
            is_kept
        });
    }

    fn rounds(&mut self, stage: Stage, first: Explanation) -> Explanation {
        let mut current = first;
        let mut overlay = self.imagined();
        for _ in 0..MOST_ROUNDS {
            let mut round = Round::default();
            let mut findings: Vec<&Finding> = current.findings.iter().collect();
            findings.retain(|finding| self.wanted.selection.counts(finding));
            // The numbers of lines stay true where those at the end are deleted first.
            findings.sort_by_key(|finding| finding.fix.as_ref().and_then(deleted).map(Reverse));
            for finding in findings {
                self.add(stage, finding, &current, &mut overlay, &mut round);
            }
            if round.changed.is_empty() {
                break;
            }
            current = (self.examine)(&overlay);
        }
        current
    }

    /// Adds the fix of a finding, and does it in imagination.
    fn add(
        &mut self,
        stage: Stage,
        finding: &Finding,
        current: &Explanation,
        overlay: &mut OverlayHost<'d>,
        round: &mut Round,
    ) {
        let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.actions.is_empty()) else { return };
        let subject = Subject::of(finding);
        let is_done = self.tried.iter().any(|(tried, with)| *tried == subject && *with == fix.actions);
        if is_done || stage == Stage::Safe && !fix.safe {
            return;
        }
        let root = self.root(current);
        let operations = match self.work_out(fix, overlay, &root) {
            Ok(operations) => operations,
            Err(reason) => return self.skip(finding, fix, Vec::new(), reason),
        };
        if operations.is_empty() {
            return self.merge(finding, fix);
        }
        // What another fix has just changed is looked at again before it is changed once more.
        if operations.iter().any(|one| replaces_any(one, &round.changed)) || round.has_moved_lines(fix, &operations) {
            return;
        }
        let objection = objection(self.host, &root, current.environment.as_ref(), finding, &operations);
        match (stage, objection) {
            (Stage::Safe, Some(_)) => {}
            (Stage::Unsafe, Some(Objection::Managed(reason))) => self.skip(finding, fix, operations, reason),
            (Stage::Unsafe, objection) if !self.wanted.with_unsafe => {
                let why = match objection {
                    Some(Objection::Outside(reason)) => sentence!(reason, ", so it is not safe"),
                    _ => "it is not safe".into(),
                };
                self.skip(finding, fix, operations, sentence!(why, ": `--unsafe` applies it"));
            }
            _ => {
                round.note(fix, &operations);
                let mut planned = planned(finding, fix, operations);
                planned.safe = stage == Stage::Safe;
                self.tried.push((subject, fix.actions.clone()));
                perform(&planned, overlay);
                self.fixes.push(planned);
            }
        }
    }

    fn root(&self, current: &Explanation) -> BString {
        let identity = current.environment.as_ref().or(self.before.environment.as_ref());
        identity.map_or_else(BString::default, |identity| identity.root.clone())
    }

    /// Works out the actions one after the other, each over what the others have done.
    fn work_out(&self, fix: &Fix, overlay: &OverlayHost<'d>, root: &BString) -> Result<Vec<Operation>, BString> {
        let cwd = self.before.resolution.invocation.cwd.as_ref();
        let mut operations = Vec::new();
        let mut scratch = OverlayHost::new(overlay);
        for (number, action) in fix.actions.iter().enumerate() {
            let Some(operation) = work_out(&scratch, action, cwd)? else { continue };
            let impossible = |error: HostError| sentence!("it cannot be done: ", error.to_string());
            if !fix.runs_a_program() || counts_for(&fix.actions[number + 1..], &operation.what) {
                operation.what.perform(&mut scratch).map_err(impossible)?;
            }
            operations.push(operation);
        }
        operations.extend(recorded::updates(&scratch, root, &operations)?);
        Ok(operations)
    }

    fn skip(&mut self, finding: &Finding, fix: &Fix, operations: Vec<Operation>, reason: BString) {
        self.tried.push((Subject::of(finding), fix.actions.clone()));
        let skipped = PlannedFix {
            progress: Progress::Skipped,
            reason: Some(reason),
            safe: false,
            ..planned(finding, fix, operations)
        };
        self.fixes.push(skipped);
    }

    /// Another fix does the same: both findings have one cause.
    fn merge(&mut self, finding: &Finding, fix: &Fix) {
        let subject = Subject::of(finding);
        self.tried.push((subject.clone(), fix.actions.clone()));
        let cwd = self.before.resolution.invocation.cwd.as_ref();
        let mut paths = fix.actions.iter().filter_map(|action| work_out(self.host, action, cwd).ok().flatten());
        let first = paths.find_map(|operation| operation.what.path().cloned());
        let touches = |planned: &&mut PlannedFix| {
            planned.operations.iter().flat_map(|one| one.what.paths()).any(|path| Some(path) == first.as_ref())
        };
        if let Some(other) = self.fixes.iter_mut().find(touches) {
            if !other.codes.contains(&finding.code()) {
                other.codes.push(finding.code());
            }
            other.severity = other.severity.max(finding.severity);
            other.subjects.push(subject);
        }
    }
}

/// Whether an operation replaces or removes what is at one of these paths, or below or above it.
fn replaces_any(operation: &Operation, changed: &[BString]) -> bool {
    let is_edit = matches!(operation.what, What::Write { .. } | What::SetMode { .. });
    let clashes = |path: &BString, other: &BString| {
        let (path, other) = (path.as_bstr(), other.as_bstr());
        if path == other { !is_edit } else { is_below(path, other) || is_below(other, path) }
    };
    operation.what.paths().any(|path| changed.iter().any(|other| clashes(path, other)))
}

/// The numbers of the first and the last line that a fix deletes, which does nothing else.
fn deleted(fix: &Fix) -> Option<(usize, usize)> {
    match fix.actions.as_slice() {
        [Action::Write { edit: Edit::DeleteLines(numbers), .. }] => {
            Some((numbers.iter().min().copied()?, numbers.iter().max().copied()?))
        }
        _ => None,
    }
}

/// A machine after the planned ones of these fixes. Nothing is imagined of one that runs a program.
pub(super) fn imagine<'h, 'f>(host: &'h dyn Host, fixes: impl Iterator<Item = &'f PlannedFix>) -> OverlayHost<'h> {
    let mut overlay = OverlayHost::new(host);
    for fix in fixes.filter(|fix| fix.progress == Progress::Planned) {
        perform(fix, &mut overlay);
    }
    overlay
}

/// Does a fix in imagination, unless it runs a program. Where something is not as it was when the fix was planned, nothing is
/// done; returns whether it was.
fn perform(fix: &PlannedFix, overlay: &mut OverlayHost<'_>) -> bool {
    if fix.runs_a_program() {
        return true;
    }
    let mut scratch = OverlayHost::new(overlay);
    let is_possible = fix.operations.iter().all(|operation| {
        let path = operation.what.path();
        let now = path.map(|path| State::of(&scratch, path.as_bstr()));
        let is_expected = now.is_some_and(|now| now.is_ok_and(|now| now.is_like(&operation.before)));
        is_expected && operation.what.perform(&mut scratch).is_ok()
    });
    is_possible && fix.operations.iter().all(|operation| operation.what.perform(overlay).is_ok())
}

fn planned(finding: &Finding, fix: &Fix, operations: Vec<Operation>) -> PlannedFix {
    PlannedFix {
        codes: vec![finding.code()],
        title: fix.advice.as_bstr().to_owned(),
        safe: false,
        progress: Progress::Planned,
        reason: None,
        operations,
        commands: fix.commands.clone(),
        inventory: fix.inventory.clone(),
        subjects: vec![Subject::of(finding)],
        severity: finding.severity,
    }
}
