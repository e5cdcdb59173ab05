//! `venv-doctor fix`: plan repairs, show them, and carry them out.

mod carry_out;
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
use crate::repair::{self, Plan, Progress, Wanted};
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
    let mut subjects = match subjects(arguments) {
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
            return carry_out::carry_out(arguments, journal, &mut subjects, report, &notes);
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
            return Err(output::refuse(&target::NoEnvironment::on(&LiveHost)));
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
        return Err(output::refuse(&target::NoEnvironment::on(&LiveHost)));
    }
    let selection =
        Selection { select: arguments.select.clone(), ignore: arguments.ignore.clone(), severity: Severity::Info };
    let wanted = Wanted { selection, with_unsafe: arguments.with_unsafe };
    Ok(repair::plan_for(&LiveHost, &before, &|host| check(arguments, host, subject), &wanted))
}
