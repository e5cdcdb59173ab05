//! Findings: what is wrong, what shows it, what follows, and what to do.

use askama::Template;

use super::filters;
use super::marked::Marked;
use super::more::More;
use super::words::{Words, bounded};
use crate::report::finding::excerpt::Excerpt;
use crate::report::finding::{HEURISTIC, at_line, is_told, kind, shown};
use crate::report::text::shown::quote;
use crate::rules::{Confidence, Evidence, Finding, Rule};

/// The findings of one environment that are shown. Documents for programs have all of them.
const MOST: usize = 300;
/// The columns of an excerpt.
const EXCERPT: usize = 240;

/// The findings of one environment.
#[derive(Template)]
#[template(path = "findings.html")]
pub(super) struct Findings {
    /// The findings, the worst first.
    pub(super) shown: Vec<FindingView>,
    /// Whether it is told how to use the commands of fixes.
    tells_how: bool,
    /// The findings that are left out.
    more: More,
}

impl askama::filters::HtmlSafe for Findings {}

impl Findings {
    /// Tells how to use the commands, unless `is_told` says that the page has told it already, and notes that it has.
    pub(super) fn tell_how_once(&mut self, is_told: &mut bool) {
        let tells_how = self.tells_how && !*is_told;
        *is_told |= self.tells_how;
        self.tells_how = tells_how;
    }
}

/// A finding.
pub(super) struct FindingView {
    severity: &'static str,
    code: &'static str,
    name: &'static str,
    message: String,
    places: Vec<PlaceView>,
    /// The number of places that are left out.
    more: usize,
    effect: String,
    caution: &'static str,
    advice: String,
    kind: &'static str,
    commands: Vec<String>,
    /// Where the step is that shows it, on a page that has the steps.
    step: Option<usize>,
}

/// A place that is evidence.
struct PlaceView {
    place: String,
    line: Option<(usize, Excerpt)>,
    note: String,
}

/// A rule of which there is a finding on the page.
pub(super) struct RuleView {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) summary: Marked,
    pub(super) why: Marked,
    pub(super) fix: Marked,
}

/// The findings; on a page that `has_steps`, each leads to its step.
pub(super) fn findings<'f>(words: &Words, findings: impl Iterator<Item = &'f Finding>, has_steps: bool) -> Findings {
    let mut shown = Vec::new();
    let mut more = 0;
    for finding in findings {
        if shown.len() < MOST {
            shown.push(view(words, finding, has_steps));
        } else {
            more += 1;
        }
    }
    Findings {
        tells_how: shown.iter().any(|finding| !finding.commands.is_empty()),
        shown,
        more: More::new(more, "more finding"),
    }
}

/// The rules of some findings, each once, by their codes.
pub(super) fn rules<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<RuleView> {
    explained(findings.map(|finding| finding.rule))
}

/// Some rules, each once, by their codes.
pub(super) fn explained(rules: impl Iterator<Item = &'static Rule>) -> Vec<RuleView> {
    let mut rules: Vec<&'static Rule> = rules.collect();
    rules.sort_by_key(|rule| rule.code.text());
    rules.dedup();
    let view = |rule: &Rule| RuleView {
        code: rule.code.text(),
        name: rule.name,
        summary: Marked::new(rule.summary),
        why: Marked::new(rule.why),
        fix: Marked::new(rule.fix),
    };
    rules.into_iter().map(view).collect()
}

fn view(words: &Words, finding: &Finding, has_steps: bool) -> FindingView {
    let evidence = shown(finding);
    let fix = finding.fix.as_ref();
    FindingView {
        severity: finding.severity.name(),
        code: finding.code().text(),
        name: finding.rule.name,
        message: words.show(&finding.message),
        places: evidence.iter().map(|evidence| place(words, evidence)).collect(),
        more: finding.evidence.len() - evidence.len(),
        effect: finding.effect.as_ref().map(|effect| words.show(effect)).unwrap_or_default(),
        caution: if finding.rule.confidence == Confidence::Heuristic { HEURISTIC } else { "" },
        advice: fix.map(|fix| words.show(&fix.advice)).unwrap_or_default(),
        kind: fix.map(kind).unwrap_or_default().trim_start(),
        // A command is never cut: a part of it would do something else than the whole.
        commands: fix.map(|fix| fix.commands.iter().map(quote).collect()).unwrap_or_default(),
        step: finding.step.filter(|_| has_steps),
    }
}

fn place(words: &Words, evidence: &Evidence) -> PlaceView {
    PlaceView {
        place: at_line(words.show(&evidence.file), evidence),
        line: evidence.line.map(|line| (line, Excerpt::new(evidence, EXCERPT))),
        note: if is_told(evidence) { bounded(words.show(&evidence.text)) } else { String::new() },
    }
}
