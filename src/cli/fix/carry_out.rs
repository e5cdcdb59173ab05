//! Doing what was planned, and looking at what has become of it.

use bstr::{BString, ByteSlice};

use super::run::{self, Tools};
use super::{check, show};
use crate::cli::args::FixArguments;
use crate::cli::exit::Exit;
use crate::cli::subject::Subject;
use crate::explanation::Explanation;
use crate::host::{Host, LiveHost};
use crate::repair::{self, Failure, Journal, Operation, Plan, PlannedFix, Progress, Standing};
use crate::report::fix::Report;
use crate::rules::Severity;
use crate::text::sentence;

/// Fixes that are done in one transaction: the number of the plan, and that of the fix in it.
type Batch = Vec<(usize, usize)>;

/// Does what is planned: first all that runs no program, in one transaction, then each fix that does.
pub(super) fn carry_out(
    arguments: &FixArguments,
    journal: &Journal,
    subjects: &mut [Subject],
    mut report: Report,
    notes: &[BString],
) -> Exit {
    let mut notes = notes.to_vec();
    for batch in batches(&report) {
        match perform(arguments, journal, subjects, &report, &batch) {
            Ok(id) => {
                let is_reversible = batch.iter().all(|&(plan, fix)| report.plans[plan].fixes[fix].is_reversible());
                report.transaction = Some(id).filter(|_| is_reversible).or(report.transaction);
                mark(&mut report, &batch, Progress::Applied, None);
            }
            Err(failure) => {
                notes.extend(failure.left.iter().map(|path| sentence!("cannot be restored: ", path)));
                mark(&mut report, &batch, Progress::Failed, Some(&failure.reason));
            }
        }
    }
    for (plan, subject) in report.plans.iter_mut().zip(subjects.iter_mut()) {
        call_by_a_name_that_exists(plan, subject);
        plan.after = Standing::of(&check(arguments, &LiveHost, subject));
    }
    let mut exit = if report.is_complete() { Exit::Success } else { Exit::Problems };
    if arguments.verify {
        for subject in subjects {
            if let Err(reason) = run::starts(&subject.invocation.executable) {
                exit = Exit::Problems;
                notes.push(reason);
            }
        }
    }
    if report.count(Progress::Applied) == 0 {
        exit = Exit::Unusable;
    }
    show(arguments, &report, &notes, exit)
}

/// All planned fixes, in the order in which they are done.
fn batches(report: &Report) -> Vec<Batch> {
    let plans = report.plans.iter().enumerate();
    let fixes = plans.flat_map(|(plan, it)| it.fixes.iter().enumerate().map(move |(fix, it)| ((plan, fix), it)));
    let planned: Vec<((usize, usize), &PlannedFix)> =
        fixes.filter(|(_, fix)| fix.progress == Progress::Planned).collect();
    let (programs, changes): (Vec<_>, Vec<_>) = planned.into_iter().partition(|(_, fix)| fix.runs_a_program());
    let changes: Batch = changes.into_iter().map(|(index, _)| index).collect();
    let changes = Some(changes).filter(|batch| !batch.is_empty());
    changes.into_iter().chain(programs.into_iter().map(|(index, _)| vec![index])).collect()
}

fn perform(
    arguments: &FixArguments,
    journal: &Journal,
    subjects: &mut [Subject],
    report: &Report,
    batch: &Batch,
) -> Result<String, Failure> {
    let fixes = batch.iter().map(|&(plan, fix)| &report.plans[plan].fixes[fix]);
    let operations: Vec<&Operation> = fixes.flat_map(|fix| &fix.operations).collect();
    let mut done = report.clone();
    mark(&mut done, batch, Progress::Applied, None);
    for (index, plan) in done.plans.iter_mut().enumerate() {
        let is_done = |fix: usize| batch.contains(&(index, fix));
        let mut number = 0;
        plan.fixes.retain(|_| {
            number += 1;
            is_done(number - 1)
        });
    }
    let mut judge = || {
        let built = batch.iter().filter(|&&(plan, fix)| report.plans[plan].fixes[fix].builds());
        built.into_iter().try_for_each(|&(plan, fix)| {
            let (plan, subject) = (&report.plans[plan], &mut subjects[plan]);
            call_by_a_name_that_exists(plan, subject);
            run::starts(&subject.invocation.executable)?;
            is_mended(plan, &plan.fixes[fix], &check(arguments, &LiveHost, subject))
        })
    };
    repair::apply(journal, &operations, done.to_value(), &mut Tools { judge: &mut judge })
}

/// Whether a new environment is better than the old one.
fn is_mended(plan: &Plan, fix: &PlannedFix, after: &Explanation) -> Result<(), BString> {
    let errors = || after.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let code = match errors().find(|finding| fix.codes.contains(&finding.code())) {
        None if errors().count() <= plan.before.errors => return Ok(()),
        None => errors().next_back(),
        same => same,
    };
    let code = code.map_or("errors", |finding| finding.code().text());
    Err(sentence!("the new environment was not kept: its check finds ", code))
}

/// A new environment for another minor version has no `python3.11`; every one has `python`.
fn call_by_a_name_that_exists(plan: &Plan, subject: &mut Subject) {
    let usual = sentence!(plan.path, "/bin/python");
    let is_there = |path: &BString| LiveHost.metadata(path.as_bstr()).is_ok();
    if !is_there(&subject.invocation.executable) && is_there(&usual) {
        subject.invocation.executable = usual;
    }
}

fn mark(report: &mut Report, batch: &Batch, progress: Progress, reason: Option<&BString>) {
    for &(plan, fix) in batch {
        let fix = &mut report.plans[plan].fixes[fix];
        fix.progress = progress;
        fix.reason = reason.cloned();
    }
}
