//! The page of `check`.

use askama::Template;
use bstr::BString;

use super::about::{About, about};
use super::drawing::Tone;
use super::filters;
use super::findings::{RuleView, findings, rules};
use super::frame::Frame;
use super::marked::Marked;
use super::more::More;
use super::words::Words;
use super::written;
use crate::report::check::{Examined, Report, listing};
use crate::rules::Severity;
use crate::which::Surroundings;

/// The environments that are shown.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "check.html")]
struct CheckPage {
    frame: Frame,
    summary: String,
    tone: Tone,
    hidden: Marked,
    environments: Vec<EnvironmentView>,
    more: More,
    rules: Vec<RuleView>,
}

struct EnvironmentView {
    id: String,
    about: About,
    promise: Marked,
}

/// What is wrong with environments; `surroundings` are theirs, in the same order.
pub fn check(report: &Report, surroundings: &[Option<Surroundings>], home: Option<BString>) -> String {
    let words = Words::new(home);
    let of = |index: usize| surroundings.get(index).and_then(Option::as_ref);
    let shown = report.examined.iter().take(MOST).enumerate();
    let mut environments: Vec<EnvironmentView> =
        shown.map(|(index, examined)| environment(&words, report, examined, (index + 1, of(index)))).collect();
    let mut is_told = false;
    for environment in &mut environments {
        environment.about.findings.tell_how_once(&mut is_told);
    }
    let (summary, hidden) = listing::words(report);
    let tone = match report.worst() {
        Some(Severity::Error) => Tone::Bad,
        Some(Severity::Warning) => Tone::Doubtful,
        Some(Severity::Info) | None => Tone::Good,
    };
    written(&CheckPage {
        frame: Frame::new("check", &summary),
        summary,
        tone,
        hidden: Marked::new(&hidden),
        more: More::new(report.examined.len() - environments.len(), "more environment"),
        environments,
        rules: rules(report.examined.iter().flat_map(|examined| report.shown(examined))),
    })
}

fn environment(
    words: &Words,
    report: &Report,
    examined: &Examined,
    (number, surroundings): (usize, Option<&Surroundings>),
) -> EnvironmentView {
    let id = format!("environment-{number}");
    let findings = findings(words, report.shown(examined), false);
    let prefix = format!("{id}-");
    EnvironmentView {
        about: about(words, &examined.explanation, surroundings, &examined.notes, (findings, &prefix)),
        id,
        promise: Marked::new(&examined.forecast.map(listing::promise).unwrap_or_default()),
    }
}
