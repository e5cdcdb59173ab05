//! Findings for people: what is wrong, the line that shows it, what follows from it, and what to type.

use owo_colors::Style as Paint;

use super::{Examined, Report, snippet};
use crate::report::text::findings::fix;
use crate::report::text::page::Page;
use crate::report::text::shown::quote;
use crate::report::text::{Style, count, headline};
use crate::rules::{Evidence, Finding, Severity};

const INDENT: usize = 2;
const LABELS: usize = 6;
/// So many evidence are shown of one finding; the documents for programs have all.
const MOST_EVIDENCE: usize = 6;

/// Every environment with its findings, and a summary.
pub fn render(report: &Report, style: &Style) -> String {
    let mut page = Page::new(style);
    for (index, examined) in report.examined.iter().enumerate() {
        if index > 0 {
            page.blank();
        }
        environment(&mut page, report, examined, style);
    }
    page.blank();
    summary(&mut page, report);
    page.finish()
}

fn environment(page: &mut Page, report: &Report, examined: &Examined, style: &Style) {
    headline(page, &examined.explanation);
    for note in &examined.notes {
        let note = page.show(note);
        page.labelled(INDENT, "note", page.palette.name, LABELS, &note, Paint::new());
    }
    for finding in report.shown(examined) {
        page.blank();
        one(page, finding, style);
    }
}

fn one(page: &mut Page, finding: &Finding, style: &Style) {
    let palette = page.palette;
    let label = format!("{}[{}]", finding.severity.name(), finding.code());
    let message = page.show(&finding.message);
    let column = label.len() + 1;
    page.labelled(0, &label, palette.severity(finding.severity), column, &message, palette.strong);
    for evidence in finding.evidence.iter().take(MOST_EVIDENCE) {
        show_evidence(page, evidence, finding.severity, style);
    }
    if finding.evidence.len() > MOST_EVIDENCE {
        let more = format!("and {} more", finding.evidence.len() - MOST_EVIDENCE);
        page.labelled(INDENT, "see", palette.name, LABELS, &more, Paint::new());
    }
    if let Some(effect) = &finding.effect {
        let effect = page.show(effect);
        page.labelled(INDENT, "so", palette.name, LABELS, &effect, Paint::new());
    }
    if let Some(found) = &finding.fix {
        fix(page, INDENT, found);
    }
    let rule = finding.rule;
    let step = finding.step.map(|step| format!("step {step} of explain · ")).unwrap_or_default();
    let help = format!("{} · {step}venv-doctor rule {}", rule.name, rule.code);
    page.labelled(INDENT, "rule", palette.faint, LABELS, &help, palette.faint);
}

fn show_evidence(page: &mut Page, evidence: &Evidence, severity: Severity, style: &Style) {
    let place = page.show(&evidence.file);
    if let Some(line) = evidence.line {
        let shown = snippet::render(evidence, line, &place, severity, (style.color, style.width));
        page.verbatim(&shown);
    } else {
        let text = if evidence.text.is_empty() { place } else { format!("{place}: {}", quote(&evidence.text)) };
        page.labelled(INDENT, "see", page.palette.name, LABELS, &text, Paint::new());
    }
}

fn summary(page: &mut Page, report: &Report) {
    let [errors, warnings, infos] =
        [Severity::Error, Severity::Warning, Severity::Info].map(|severity| report.count(severity));
    let examined = count(report.examined.len(), "environment");
    let palette = page.palette;
    if errors + warnings + infos == 0 {
        page.paragraph(0, &format!("{examined} examined, nothing found"), palette.good);
        return;
    }
    let mut counts = Vec::new();
    for (number, noun) in [(errors, "error"), (warnings, "warning"), (infos, "note")] {
        if number > 0 {
            counts.push(count(number, noun));
        }
    }
    let hidden = report.examined.iter().flat_map(|one| &one.explanation.findings);
    let hidden = hidden.filter(|finding| report.selection.counts(finding) && !report.selection.shows(finding)).count();
    let more = if hidden > 0 { format!(" ({hidden} not shown: --severity info shows all)") } else { String::new() };
    let paint = if errors > 0 {
        palette.bad
    } else if warnings > 0 {
        palette.doubtful
    } else {
        palette.good
    };
    page.paragraph(0, &format!("{examined} examined: {}{more}", counts.join(", ")), paint);
}
