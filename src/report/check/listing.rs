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
fn promise(Forecast { fixes, after }: Forecast) -> String {
    let left = match tally(after.errors, after.warnings, 0) {
        text if text.is_empty() => "no error and no warning".to_owned(),
        text => text,
    };
    let safe = if fixes == 1 { "1 safe fix".to_owned() } else { format!("{fixes} safe fixes") };
    format!("`venv-doctor fix` applies {safe}, which leaves {left}.")
}

fn summary(page: &mut Page, report: &Report) {
    let [errors, warnings, infos] =
        [Severity::Error, Severity::Warning, Severity::Info].map(|severity| report.count(severity));
    let checked = format!("{} checked", count(report.examined.len(), "environment"));
    let palette = page.palette;
    if errors + warnings + infos == 0 {
        page.paragraph(0, &format!("{checked}: no problems found"), palette.good);
        return;
    }
    let paint = match (errors, warnings) {
        (0, 0) => palette.good,
        (0, _) => palette.doubtful,
        _ => palette.bad,
    };
    page.paragraph(0, &format!("{checked}: {}", tally(errors, warnings, infos)), paint);
    let hidden = hidden(report);
    if hidden > 0 {
        let findings = count(hidden, "finding");
        let advice = format!("Not shown: {findings} below the minimum severity (`--severity info` shows all).");
        page.paragraph(0, &advice, palette.faint);
    }
    if errors + warnings + infos > hidden {
        page.paragraph(0, "`venv-doctor rule CODE` explains a rule.", palette.faint);
    }
}

/// How many findings are selected, and not severe enough to be shown.
fn hidden(report: &Report) -> usize {
    let findings = report.examined.iter().flat_map(|one| &one.explanation.findings);
    findings.filter(|finding| report.selection.counts(finding) && !report.selection.shows(finding)).count()
}
