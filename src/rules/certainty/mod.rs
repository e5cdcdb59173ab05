//! VD9xx: where certainty ends.

mod rules;
mod unseen;

use std::collections::HashSet;

use bstr::BString;

use super::{Code, Evidence, Finding, Fix};
use crate::environment::Survey;
use crate::startup::Doubt;
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub use rules::RULES;

/// So many pieces of unknown code are told of: certainty ends with the first.
const MOST_CODE: usize = 64;

/// Says what could not be known. Code that runs twice is reported once.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for doubt in &survey.resolution.doubts {
        findings.push(match doubt {
            Doubt::Code { file, line, .. } if seen.len() == MOST_CODE || !seen.insert((file, line)) => continue,
            Doubt::Code { file, line, text, step } => {
                let message = sentence!("the prediction is certain up to ", file, ", whose code could change anything");
                let evidence = Evidence { line: *line, ..Evidence::about(file.clone(), text.clone()) };
                Finding::new(Code::UnknownCode, message).evidence(evidence).step(*step)
            }
            Doubt::Compiled(fact) => compiled(survey, fact),
            Doubt::Unanswered { path, op, step } => {
                let message = sentence!(
                    "the snapshot does not answer ",
                    op.name(),
                    " of ",
                    path,
                    ", and nothing is guessed in its place"
                );
                let fix = Fix::advice("take the snapshot again under the flags and variables that are asked about");
                let evidence = Evidence::about(path.clone(), "is not in the snapshot");
                Finding::new(Code::Unanswered, message).evidence(evidence).fix(fix).step(*step)
            }
            Doubt::Micro(behavior) => Finding::new(Code::UnknownMicro, micro(*behavior)),
        });
    }
}

fn compiled(survey: &Survey<'_>, fact: &str) -> Finding {
    let message =
        sentence!("the search needed ", fact, ", which could not be learnt, so that values taken from it are missing");
    Finding::new(Code::UnknownCompiled, message)
        .evidence(Evidence::about(survey.executable(), "does not tell"))
        .fix(Fix::advice("examine the interpreter where it is installed, or say the value in the snapshot"))
}

/// What further reading could not see.
pub fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    unseen::find(survey, findings);
}

fn micro(behavior: Behavior) -> BString {
    let rule = behavior.row();
    let first: Vec<String> = rule.since.iter().map(ToString::to_string).collect();
    sentence!(
        "the micro release is not known, and the newest is assumed; this differs between them: ",
        rule.effect,
        " (",
        rule.issue,
        ", first in ",
        first.join(", "),
        ")"
    )
}
