//! The plan for people: what is done and why, with the differences of files.

use bstr::{BStr, BString};
use owo_colors::Style as Paint;

use super::{Report, State};
use crate::environment::Installed;
use crate::repair::{Operation, Plan, PlannedFix, Progress, Standing, State as Was, What};
use crate::report::text::page::Page;
use crate::report::text::shown::quote;
use crate::report::text::{Style, count, tally};
use crate::text::escape::escape;

const INDENT: usize = 2;
const CODE: usize = 7;
/// What is below the title of a fix is indented so far.
const BELOW: usize = INDENT + CODE;

pub(super) fn render(report: &Report, style: &Style, notes: &[BString]) -> String {
    let mut page = Page::new(style);
    for note in notes {
        let text = page.show(note);
        page.labelled(0, "note", page.palette.name, 6, &text, Paint::new());
    }
    for (index, plan) in report.plans.iter().enumerate() {
        if index > 0 || !notes.is_empty() {
            page.blank();
        }
        environment(&mut page, plan);
    }
    page.blank();
    summary(&mut page, report);
    page.finish()
}

fn environment(page: &mut Page, plan: &Plan) {
    let palette = page.palette;
    let path = page.show(&plan.path);
    page.row(0, &[(&path, 0, palette.strong)]);
    let is_done = plan.fixes.iter().any(|fix| fix.progress == Progress::Applied);
    page.labelled(INDENT, "before", palette.faint, CODE, &standing(plan.before), Paint::new());
    if plan.fixes.iter().any(|fix| matches!(fix.progress, Progress::Applied | Progress::Planned)) {
        let label = if is_done { "now" } else { "then" };
        page.labelled(INDENT, label, palette.faint, CODE, &standing(plan.after), Paint::new());
    }
    for fix in &plan.fixes {
        page.blank();
        one(page, fix);
    }
}

fn standing(standing: Standing) -> String {
    match tally(standing.errors, standing.warnings, 0) {
        text if text.is_empty() => format!("{}, no errors, no warnings", standing.status),
        text => format!("{}, {text}", standing.status),
    }
}

fn one(page: &mut Page, fix: &PlannedFix) {
    let palette = page.palette;
    let kind = if fix.safe { "safe" } else { "unsafe" };
    let codes: Vec<&str> = fix.codes.iter().map(|code| code.text()).collect();
    let title = format!("{} ({kind} fix, {})", page.show(&fix.title), fix.progress.name());
    let paint = if fix.safe { palette.good } else { palette.doubtful };
    page.labelled(INDENT, &codes.join(" "), paint, CODE, &title, Paint::new());
    if let Some(reason) = &fix.reason {
        let reason = page.show(reason);
        page.paragraph(BELOW, &reason, palette.faint);
    }
    for operation in &fix.operations {
        action(page, operation);
    }
    for one in &fix.inventory {
        page.row(BELOW, &[("holds", 8, page.palette.faint), (&distribution(page, one), 0, Paint::new())]);
    }
    // What a program of the system does is for its user to do.
    if fix.progress == Progress::Skipped {
        for command in &fix.commands {
            page.row(BELOW, &[("$", 2, palette.faint), (&quote(command), 0, palette.strong)]);
        }
    }
}

fn action(page: &mut Page, operation: &Operation) {
    let faint = page.palette.faint;
    let (name, text) = match &operation.what {
        What::Write { path, .. } => ("write", page.show(path)),
        What::Symlink { path, target } => {
            ("symlink", format!("{} -> {}{}", page.show(path), page.show(target), was(page, operation)))
        }
        What::Remove { path } => ("remove", page.show(path)),
        What::Rename { path, to } => ("rename", format!("{} to {}", page.show(path), page.show(to))),
        What::MakeDir { path } => ("mkdir", page.show(path)),
        What::SetMode { path, mode } => {
            let was = operation.before.mode().map(|mode| format!(" (was {mode:04o})")).unwrap_or_default();
            ("chmod", format!("{mode:04o} {}{was}", page.show(path)))
        }
        What::Run { argv, builds, .. } => {
            let words = argv.iter().map(quote).collect::<Vec<_>>().join(" ");
            ("run", if builds.is_empty() { format!("{words} (cannot be undone)") } else { words })
        }
    };
    page.row(BELOW, &[(name, 8, faint), (&text, 0, Paint::new())]);
    // The first two lines name the file once more.
    for line in operation.diff.iter().flat_map(|diff| diff.lines().skip(2)) {
        let paint = match line.as_bytes().first() {
            Some(b'+') => page.palette.good,
            Some(b'-') => page.palette.bad,
            _ => faint,
        };
        page.row(BELOW + INDENT, &[(&escape(BStr::new(line)), 0, paint)]);
    }
}

/// Name, version, and where it came from.
fn distribution(page: &Page, one: &Installed) -> String {
    let mut text = page.show(&one.name);
    if let Some(version) = &one.version {
        text = format!("{text} {}", page.show(version));
    }
    match (&one.editable, &one.direct_url) {
        (Some(dir), _) => text = format!("{text}, editable from {}", page.show(dir)),
        (None, Some(url)) => text = format!("{text} from {}", escape(BStr::new(url))),
        (None, None) => {}
    }
    if one.is_gone { format!("{text}, which is gone") } else { text }
}

fn was(page: &Page, operation: &Operation) -> String {
    match &operation.before {
        Was::Symlink { target } => format!(" (was {})", page.show(target)),
        Was::File { .. } => " (was a file)".to_owned(),
        _ => String::new(),
    }
}

fn summary(page: &mut Page, report: &Report) {
    let palette = page.palette;
    let number = |progress| {
        let fixes = report.count(progress);
        (count(fixes, "fix"), if fixes == 1 { "it" } else { "them" })
    };
    let (text, paint) = match report.state() {
        State::Nothing => ("There is nothing to fix.".to_owned(), palette.good),
        State::Planned if report.count(Progress::Planned) == 0 => {
            (format!("No fix is applied; {} left.", number(Progress::Skipped).0), palette.doubtful)
        }
        State::Planned => {
            let (fixes, them) = number(Progress::Planned);
            (format!("{fixes} planned: `--yes` applies {them}."), palette.strong)
        }
        State::Failed => ("No fix was applied.".to_owned(), palette.bad),
        State::Applied => {
            let (fixes, them) = number(Progress::Applied);
            let undo = report.transaction.as_ref().map(|id| format!("; `venv-doctor undo {id}` takes {them} back"));
            (format!("{fixes} applied{}.", undo.unwrap_or_default()), palette.good)
        }
    };
    page.paragraph(0, &text, paint);
    let is_lost = |fix: &PlannedFix| fix.progress == Progress::Applied && !fix.is_reversible();
    if report.plans.iter().flat_map(|plan| &plan.fixes).any(is_lost) {
        page.paragraph(0, "What other programs have done cannot be undone.", palette.doubtful);
    }
}
