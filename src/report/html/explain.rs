//! The page of `explain`.

use askama::Template;
use bstr::BString;

use super::about::{About, about};
use super::drawing::Figure;
use super::filters;
use super::findings::{RuleView, findings, rules};
use super::frame::Frame;
use super::places::places;
use super::steps::{Steps, steps};
use super::words::Words;
use super::written;
use crate::Explanation;
use crate::which::Surroundings;

#[derive(Template)]
#[template(path = "explain.html")]
struct ExplainPage {
    frame: Frame,
    about: About,
    places: Option<Figure>,
    steps: Steps,
    rules: Vec<RuleView>,
}

/// What a Python does when it starts. Without `surroundings`, the page does not tell who installed the startup hooks and
/// what hides what.
pub fn explain(
    explanation: &Explanation,
    surroundings: Option<&Surroundings>,
    notes: &[BString],
    home: Option<BString>,
) -> String {
    let words = Words::new(home);
    let findings = findings(&words, explanation.findings.iter(), true);
    let about = about(&words, explanation, surroundings, notes, (findings, ""));
    let title = format!("{} {}: {}", about.interpreter, about.verdict, about.subject);
    written(&ExplainPage {
        frame: Frame::new("explain", &title),
        places: places(&words, explanation),
        steps: steps(&words, explanation),
        rules: rules(explanation.findings.iter()),
        about,
    })
}
