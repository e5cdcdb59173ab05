//! What is wrong, what proves it, and what to do.

use owo_colors::Style as Paint;

use super::page::Page;
use super::shown::quote;
use crate::Explanation;
use crate::rules::{Evidence, Finding, Fix};

const INDENT: usize = 2;
const FURTHER: usize = 8;
const LABELS: usize = 6;

/// Writes the findings, worst first; where there are none, nothing.
pub fn render(page: &mut Page, explanation: &Explanation) {
    if explanation.findings.is_empty() {
        return;
    }
    page.heading("Findings");
    for finding in &explanation.findings {
        one(page, finding);
    }
}

fn one(page: &mut Page, finding: &Finding) {
    let palette = page.palette;
    let message = format!("{}: {}", finding.severity.name(), page.show(&finding.message));
    page.labelled(INDENT, finding.code().text(), palette.severity(finding.severity), LABELS, &message, palette.strong);
    for evidence in &finding.evidence {
        let (place, text) = shown_evidence(page, evidence);
        let text = if text.is_empty() { place } else { format!("{place}: {text}") };
        page.labelled(FURTHER, "see", palette.name, LABELS, &text, Paint::new());
    }
    if let Some(step) = finding.step {
        page.labelled(FURTHER, "step", palette.name, LABELS, &step.to_string(), Paint::new());
    }
    if let Some(effect) = &finding.effect {
        let effect = page.show(effect);
        page.labelled(FURTHER, "so", palette.name, LABELS, &effect, Paint::new());
    }
    if let Some(found) = &finding.fix {
        fix(page, FURTHER, found);
    }
}

/// What to do in words, then the commands, each on a line of its own that is never broken: it is to be pasted.
pub(in crate::report) fn fix(page: &mut Page, indent: usize, fix: &Fix) {
    let palette = page.palette;
    let safe = if fix.safe { " (undoes exactly this)" } else { "" };
    let advice = format!("{}{safe}", page.show(&fix.advice));
    page.labelled(indent, "fix", palette.good, LABELS, &advice, Paint::new());
    for command in &fix.commands {
        page.row(indent + LABELS, &[("$", 2, palette.faint), (&quote(command), 0, palette.strong)]);
    }
}

fn shown_evidence(page: &Page, evidence: &Evidence) -> (String, String) {
    let place = page.show(&evidence.file);
    let place = evidence.line.map_or_else(|| place.clone(), |line| format!("{place}:{line}"));
    (place, quote(&evidence.text))
}
