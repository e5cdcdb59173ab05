//! The check as text: every environment with its findings, and a summary.

use owo_colors::Style as Paint;

use super::{Examined, Forecast, Report};
use crate::report::finding;
use crate::report::text::page::Page;
use crate::report::text::{Style, count, headline, tally};
use crate::rules::Severity;

const INDENT: usize = 2;
const LABELS: usize = 6;

/// Every environment with its findings, and a summary.
pub fn render(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    for (index, examined) in report.examined.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        environment(&mut page, report, examined);
    }
    page.blank();
    summary(&mut page, report);
    page.finish()
}

fn environment(page: &mut Page, report: &Report, examined: &Examined) {
    headline(page, &examined.explanation);
    for note in &examined.notes {
        let note = page.show(note);
        page.labelled(INDENT, "note", page.palette.name, LABELS, &note, Paint::new());
    }
    for finding in report.shown(examined) {
        page.blank();
        finding::render(page, finding);
    }
    if let Some(forecast) = examined.forecast {
        page.blank();
        page.paragraph(INDENT, &promise(forecast), page.palette.strong);
    }
}

/// What `fix` would do.
pub(in crate::report) fn promise(Forecast { fixes, after }: Forecast) -> String {
    let left = match tally(after.errors, after.warnings, 0) {
        text if text.is_empty() => "no error and no warning".to_owned(),
        text => text,
    };
    format!("`venv-doctor fix` applies {}, which leaves {left}.", count(fixes, "safe fix"))
}

fn summary(page: &mut Page, report: &Report) {
    let palette = page.palette;
    let (summary, advice) = words(report);
    let paint = match report.worst() {
        Some(Severity::Error) => palette.bad,
        Some(Severity::Warning) => palette.doubtful,
        Some(Severity::Info) | None => palette.good,
    };
    page.paragraph(0, &summary, paint);
    if !advice.is_empty() {
        page.paragraph(0, &advice, palette.faint);
    }
    if report.examined.iter().any(|examined| report.shown(examined).next().is_some()) {
        page.paragraph(0, "`venv-doctor rule CODE` explains a rule.", palette.faint);
    }
}

/// What was found in all, and what of it is not shown; the second may be empty.
pub(in crate::report) fn words(report: &Report) -> (String, String) {
    let [errors, warnings, infos] =
        [Severity::Error, Severity::Warning, Severity::Info].map(|severity| report.count(severity));
    let checked = format!("{} checked", count(report.examined.len(), "environment"));
    if errors + warnings + infos == 0 {
        return (format!("{checked}: no problems found"), String::new());
    }
    let hidden = hidden(report);
    let advice =
        format!("Not shown: {} below the minimum severity (`--severity info` shows all).", count(hidden, "finding"));
    (format!("{checked}: {}", tally(errors, warnings, infos)), if hidden > 0 { advice } else { String::new() })
}

/// How many findings are selected, and not severe enough to be shown.
fn hidden(report: &Report) -> usize {
    let findings = report.examined.iter().flat_map(|one| &one.explanation.findings);
    findings.filter(|finding| report.selection.counts(finding) && !report.selection.shows(finding)).count()
}
