//! How a finding is shown to people, in every report alike: in the style of rustc and ruff.
//!
//! ```text
//! error[VD205] home-gone: the directory that home in .venv/pyvenv.cfg names does not exist
//!  --> .venv/pyvenv.cfg:1:8
//!   |
//! 1 | home = /opt/gone/bin
//!   |        ^^^^^^^^^^^^^
//!   = Python searches the standard library from there, and finds none
//!   = help: name the directory of the base interpreter (safe fix)
//!           $ sed -i '1s|.*|home = /usr/bin|' .venv/pyvenv.cfg
//! ```
//!
//! Prose is wrapped. Places and commands are not, however narrow the page: they are to be followed and pasted.

pub(in crate::report) mod excerpt;

use owo_colors::Style as Paint;

use super::text::page::Page;
use super::text::shown::quote;
use crate::rules::{Confidence, Evidence, Finding, Fix};

/// So many pieces of evidence are shown of one finding; the documents for programs have all.
const MOST_EVIDENCE: usize = 6;
/// The beginning of every addition.
const BULLET: &str = "= ";
const HELP: &str = "help: ";
/// What is said of a finding that goes by resemblance.
pub(in crate::report) const HEURISTIC: &str = "this rule is heuristic: it goes by resemblance, and may be mistaken";

/// Writes one finding.
pub(in crate::report) fn render(page: &mut Page, finding: &Finding) {
    headline(page, finding);
    let gutter = excerpt::gutter(shown(finding));
    for (index, evidence) in shown(finding).iter().enumerate() {
        place(page, gutter, if index == 0 { "-->" } else { ":::" }, evidence);
        if let Some(line) = evidence.line {
            excerpt::render(page, gutter, line, evidence, finding.severity);
        }
    }
    let hidden = finding.evidence.len() - shown(finding).len();
    if hidden > 0 {
        addition(page, gutter, &format!("and {hidden} more like {}", if hidden == 1 { "this" } else { "these" }));
    }
    if let Some(effect) = &finding.effect {
        let effect = page.show(effect);
        addition(page, gutter, &effect);
    }
    if finding.rule.confidence == Confidence::Heuristic {
        addition(page, gutter, HEURISTIC);
    }
    if let Some(fix) = &finding.fix {
        help(page, gutter, fix);
    }
}

/// The pieces of evidence that are shown.
pub(in crate::report) fn shown(finding: &Finding) -> &[Evidence] {
    &finding.evidence[..finding.evidence.len().min(MOST_EVIDENCE)]
}

/// `error[VD205]`.
pub(in crate::report) fn label(finding: &Finding) -> String {
    format!("{}[{}]", finding.severity.name(), finding.code())
}

/// Severity, code and name, and the sentence that says what is wrong.
fn headline(page: &mut Page, finding: &Finding) {
    let palette = page.palette;
    let label = label(finding);
    let message = format!("{}: {}", finding.rule.name, page.show(&finding.message));
    page.labelled(0, &label, palette.severity(finding.severity), label.len() + 1, &message, palette.strong);
}

/// Where the evidence is, and what was found out about it where no line of it is shown.
fn place(page: &mut Page, gutter: usize, arrow: &str, evidence: &Evidence) {
    let palette = page.palette;
    let place = at_line(page.show(&evidence.file), evidence);
    page.row(gutter, &[(arrow, arrow.len() + 1, palette.faint), (&place, 0, Paint::new())]);
    if is_told(evidence) {
        let indent = gutter + arrow.len() + 1;
        page.paragraph(indent, &page.show(&evidence.text), palette.faint);
    }
}

/// The file as it is shown, and the line and the column in it.
pub(in crate::report) fn at_line(file: String, evidence: &Evidence) -> String {
    match (evidence.line, excerpt::column(evidence)) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        (None, _) => file,
    }
}

/// Whether the evidence says more than its place, and is no line of a file. That for a finding about a path is the path
/// itself.
pub(in crate::report) fn is_told(evidence: &Evidence) -> bool {
    evidence.line.is_none() && !evidence.text.is_empty() && evidence.text != evidence.file
}

/// One more thing to know.
fn addition(page: &mut Page, gutter: usize, text: &str) {
    let faint = page.palette.faint;
    page.labelled(gutter + 1, BULLET.trim_end(), faint, BULLET.len(), text, Paint::new());
}

/// What to do in words, then the commands, each on a line of its own that is never broken: it is to be pasted.
fn help(page: &mut Page, gutter: usize, fix: &Fix) {
    let palette = page.palette;
    let advice = format!("{}{}", page.show(&fix.advice), kind(fix));
    let label = format!("{BULLET}{HELP}");
    page.labelled(gutter + 1, label.trim_end(), palette.good, label.len(), &advice, Paint::new());
    for command in &fix.commands {
        page.row(gutter + 1 + label.len(), &[("$", 2, palette.faint), (&quote(command), 0, palette.strong)]);
    }
}

/// Whether the commands can be pasted without a second thought; nothing where there is none.
pub(in crate::report) fn kind(fix: &Fix) -> &'static str {
    match (fix.commands.is_empty(), fix.safe) {
        (true, _) => "",
        (false, true) => " (safe fix)",
        (false, false) => " (unsafe fix)",
    }
}
