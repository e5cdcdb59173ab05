//! `venv-doctor fix`: plan repairs, show them, and carry them out.

mod run;

use std::ffi::OsString;

use bstr::{BString, ByteSlice};

use super::args::{Call, FixArguments, Format};
use super::exit::Exit;
use super::journal;
use super::output;
use super::subject::{Subject, Unfound};
use super::target;
use super::terminal;
use crate::Depth;
use crate::environment::EnvironmentKind;
use crate::explanation::{Explanation, examine};
use crate::host::os;
use crate::host::{Host, LiveHost};
use crate::invocation::Invocation;
use crate::repair::{self, Failure, Journal, Operation, Plan, PlannedFix, Progress, Standing, Wanted};
use crate::report::fix::Report;
use crate::rules::{Selection, Severity};

/// Plans the repair of what the arguments name, and carries it out where that is wanted.
pub fn run(arguments: &FixArguments) -> Exit {
    let is_asked = !arguments.yes && !arguments.dry_run && is_text(arguments) && terminal::can_ask();
    let may_write = !arguments.dry_run && (arguments.yes || is_asked);
    // While it is held, nobody else changes anything: what is planned now is still true when it is carried out.
    let opened = if may_write { journal::open().map(Some) } else { Ok(None) };
    let (journal, notes) = match opened {
        Ok(Some(opened)) => (Some((opened.journal, opened.lock)), opened.notes),
        Ok(None) => (None, Vec::new()),
        Err(error) => return output::refuse(&error),
    };
    let subjects = match subjects(arguments) {
        Ok(subjects) => subjects,
        Err(exit) => return exit,
    };
    let mut report = Report { plans: Vec::new(), transaction: None };
    for subject in &subjects {
        match planned(arguments, subject) {
            Ok(plan) => report.plans.push(plan),
            Err(exit) => return exit,
        }
    }
    if let Some((journal, _lock)) = &journal {
        let is_wanted = report.count(Progress::Planned) > 0;
        if is_wanted && (!is_asked || confirmed(arguments, &report, &notes)) {
            return carry_out(arguments, journal, &subjects, report, &notes);
        }
        if is_wanted {
            return Exit::Problems;
        }
    }
    let exit = if report.is_complete() { Exit::Success } else { Exit::Problems };
    show(arguments, &report, &notes, exit)
}

fn is_text(arguments: &FixArguments) -> bool {
    arguments.output.format() == Format::Text
}

fn show(arguments: &FixArguments, report: &Report, notes: &[BString], exit: Exit) -> Exit {
    let style = terminal::style(arguments.look, terminal::home(&LiveHost));
    let text = match arguments.output.format() {
        Format::Text => output::text(report.to_text(&style, notes)),
        Format::Json => {
            for text in notes {
                output::note(text.as_bstr());
            }
            report.to_json()
        }
    };
    output::print(&text, exit)
}

fn confirmed(arguments: &FixArguments, report: &Report, notes: &[BString]) -> bool {
    show(arguments, report, notes, Exit::Success) == Exit::Success && output::confirm("Apply these fixes?")
}

/// The Pythons that the arguments name; without any, that of the nearest environment.
fn subjects(arguments: &FixArguments) -> Result<Vec<Subject>, Exit> {
    let mut paths: Vec<OsString> = arguments.paths.clone();
    if paths.is_empty() {
        let invocation = Invocation::on(&LiveHost, "")
            .map_err(|error| output::refuse(&format_args!("cannot determine the working directory: {error}")))?;
        let Some(executable) = target::nearest_environment(&LiveHost, &invocation) else {
            return Err(output::refuse(&target::NoEnvironment));
        };
        paths.push(os::text(&executable).into_owned());
    }
    let subject = |path: &OsString| {
        let python = (Some(path.as_os_str()), Unfound::Refused);
        Subject::on_machine(&LiveHost, python, &Call::default(), Depth::Environment).map_err(|it| output::refuse(&it))
    };
    paths.iter().map(subject).collect()
}

fn check(arguments: &FixArguments, host: &dyn Host, subject: &Subject) -> Explanation {
    let depth = if arguments.files { Depth::Files } else { Depth::Environment };
    examine(host, &subject.invocation, &subject.options, depth)
}

fn planned(arguments: &FixArguments, subject: &Subject) -> Result<Plan, Exit> {
    let before = check(arguments, &LiveHost, subject);
    let kind = before.environment.as_ref().map(|identity| identity.kind);
    if arguments.paths.is_empty() && kind != Some(EnvironmentKind::VirtualEnvironment) {
        return Err(output::refuse(&target::NoEnvironment));
    }
    let selection =
        Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone(), severity: Severity::Info };
    let wanted = Wanted { selection, with_unsafe: arguments.with_unsafe };
    Ok(repair::plan_for(&LiveHost, &before, &|host| check(arguments, host, subject), &wanted))
}

/// Does what is planned: first all that can be undone, in one transaction, then each fix that runs a program.
fn carry_out(
    arguments: &FixArguments,
    journal: &Journal,
    subjects: &[Subject],
    mut report: Report,
    notes: &[BString],
) -> Exit {
    let mut notes = notes.to_vec();
    let planned = |fix: &PlannedFix| fix.progress == Progress::Planned;
    let all = |report: &Report, is_run: bool| -> Vec<(usize, usize)> {
        let plans = report.plans.iter().enumerate();
        let fixes = plans.flat_map(|(plan, it)| it.fixes.iter().enumerate().map(move |(fix, it)| ((plan, fix), it)));
        fixes.filter(|(_, fix)| planned(fix) && fix.runs_a_program() == is_run).map(|(index, _)| index).collect()
    };
    let (reversible, programs) = (all(&report, false), all(&report, true));
    let batches = Some(reversible).filter(|batch| !batch.is_empty()).into_iter();
    for batch in batches.chain(programs.into_iter().map(|index| vec![index])) {
        match perform(journal, &report, &batch) {
            Ok(id) => {
                // A transaction that ran a program is not one that can be undone.
                let is_reversible = batch.iter().all(|&(plan, fix)| !report.plans[plan].fixes[fix].runs_a_program());
                report.transaction = Some(id).filter(|_| is_reversible).or(report.transaction);
                mark(&mut report, &batch, Progress::Applied, None);
            }
            Err(failure) => {
                notes.extend(failure.left.iter().map(|path| crate::text::sentence!("cannot be restored: ", path)));
                mark(&mut report, &batch, Progress::Failed, Some(&failure.reason));
            }
        }
    }
    for (plan, subject) in report.plans.iter_mut().zip(subjects) {
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

fn perform(journal: &Journal, report: &Report, batch: &[(usize, usize)]) -> Result<String, Failure> {
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
    repair::apply(journal, &operations, done.to_value(), &mut run::run)
}

fn mark(report: &mut Report, batch: &[(usize, usize)], progress: Progress, reason: Option<&BString>) {
    for &(plan, fix) in batch {
        let fix = &mut report.plans[plan].fixes[fix];
        fix.progress = progress;
        fix.reason = reason.cloned();
    }
}
