//! `venv-doctor check`: find what is wrong with environments.

use std::ffi::OsStr;

use crate::Depth;
use crate::Explanation;
use crate::host::os::OsStrExt;
use crate::host::{Host, LiveHost};
use crate::repair::{Progress, Wanted, look_at_effects, plan_for};
use crate::report::check::{Examined, Forecast, Report};
use crate::report::html;
use crate::rules::{Finding, Selection};
use crate::which::{self, Surroundings};
use bstr::BString;

use super::args::{CheckArguments, CheckFormat};
use super::exit::Exit;
use super::output;
use super::source::{Source, SourceError, told_from_outside};
use super::subject::{Subject, Unfound};
use super::terminal;

/// Checks what the arguments name. A path that cannot be checked is an error, and the others are checked all the same.
pub fn run(arguments: &CheckArguments) -> Exit {
    let named: Vec<Option<&OsStr>> = match arguments.paths.as_slice() {
        [] => vec![None],
        paths => paths.iter().map(|path| Some(path.as_os_str())).collect(),
    };
    let mut examined = Vec::with_capacity(named.len());
    let mut surroundings = Vec::new();
    let mut home = None;
    let mut failed = None;
    for path in named {
        match examine(arguments, path) {
            Ok(Found { one, around, host }) => {
                examined.push(one);
                surroundings.push(around);
                home = home.or_else(|| terminal::home(host.as_ref()));
            }
            Err(error) => failed = Some(output::refuse(&error)),
        }
    }
    if examined.is_empty() {
        return failed.unwrap_or(Exit::Unusable);
    }
    let selection = Selection {
        select: arguments.select.clone(),
        ignore: arguments.ignore.clone(),
        severity: arguments.severity.into(),
    };
    let report = Report { examined, selection, dir: LiveHost.current_dir().ok() };
    let exit = if arguments.fail_on.is_reached(report.worst()) { Exit::Problems } else { Exit::Success };
    let rendered = render(&report, &surroundings, arguments, home);
    output::deliver(arguments.destination.file(), &rendered, failed.unwrap_or(exit))
}

/// What was found out.
struct Found {
    /// The environment.
    one: Examined,
    /// What a page shows around it.
    around: Option<Surroundings>,
    /// The machine that was asked, which knows the home directory for the report.
    host: Box<dyn Host>,
}

/// One environment.
fn examine(arguments: &CheckArguments, path: Option<&OsStr>) -> Result<Found, SourceError> {
    let wanted = if arguments.files { Depth::Files } else { Depth::Environment };
    let unfound = match arguments.output.format() {
        CheckFormat::Json => Unfound::Reported,
        CheckFormat::Text | CheckFormat::Html | CheckFormat::Sarif | CheckFormat::Github | CheckFormat::Gitlab => {
            Unfound::Refused
        }
    };
    let Source { host, mut subject, depth, .. } = match &arguments.snapshot {
        Some(file) => Source::snapshot(file, (path, unfound), &arguments.call, wanted)?,
        None => Source::live((path, unfound), &arguments.call, wanted)?,
    };
    if depth < wanted {
        let option = if depth == Depth::Startup { "--check" } else { "--check --files" };
        subject.notes.push(
            format!("the snapshot does not contain everything that is checked; `snapshot {option}` records it").into(),
        );
    }
    let mut explanation = crate::examine(host.as_ref(), &subject.invocation, &subject.options, depth);
    // A snapshot does not hold what a fix would change.
    let forecast =
        if arguments.snapshot.is_none() { prove(host.as_ref(), &subject, depth, &mut explanation) } else { None };
    if arguments.output.format() == CheckFormat::Json && arguments.snapshot.is_none() {
        look_at_effects(host.as_ref(), &mut explanation);
    }
    let disregarded: Vec<BString> = subject.disregarded(&explanation.resolution).collect();
    subject.notes.extend(disregarded);
    if arguments.output.format() != CheckFormat::Json {
        told_from_outside(arguments.call.root.as_deref(), &mut explanation, &mut subject.notes);
    }
    let asked = path.map(|path| BString::from(path.as_bytes()));
    let is_seen = arguments.output.format() == CheckFormat::Html && arguments.snapshot.is_none();
    let around = is_seen.then(|| which::surroundings(host.as_ref(), &subject.invocation, &subject.options));
    Ok(Found { one: Examined { asked, explanation, notes: subject.notes, forecast }, around, host })
}

/// Calls those fixes safe of which the plan of all fixes proves it, and says what they would leave.
fn prove(host: &dyn Host, subject: &Subject, depth: Depth, explanation: &mut Explanation) -> Option<Forecast> {
    let is_claimed = |finding: &Finding| finding.fix.as_ref().is_some_and(|fix| fix.safe && !fix.actions.is_empty());
    if !explanation.findings.iter().any(is_claimed) {
        return None;
    }
    let examine = |host: &dyn Host| crate::examine(host, &subject.invocation, &subject.options, depth);
    let plan = plan_for(host, explanation, &examine, &Wanted::safe());
    for finding in explanation.findings.iter_mut().filter(|finding| is_claimed(finding)) {
        let is_proven = plan.is_safe(finding).unwrap_or(false);
        if let Some(fix) = &mut finding.fix {
            fix.safe = is_proven;
        }
    }
    let fixes = plan.fixes.iter().filter(|fix| fix.progress == Progress::Planned).count();
    (fixes > 0).then_some(Forecast { fixes, after: plan.after })
}

fn render(
    report: &Report,
    surroundings: &[Option<Surroundings>],
    arguments: &CheckArguments,
    home: Option<BString>,
) -> Vec<u8> {
    match arguments.output.format() {
        CheckFormat::Text => output::text(report.to_text(&terminal::style(arguments.look, home))),
        CheckFormat::Json => report.to_json(),
        CheckFormat::Html => output::text(html::check(report, surroundings, home)),
        CheckFormat::Sarif => report.to_sarif(),
        CheckFormat::Github => report.to_github().into_bytes(),
        CheckFormat::Gitlab => report.to_gitlab(),
    }
}
