//! VD9xx: where certainty ends.

mod rules;

use bstr::BString;

use super::{Code, Finding, Proof};
use crate::environment::Survey;
use crate::sentence;
use crate::startup::Doubt;
use crate::startup::rules::{Behaviour, lookup};

pub use rules::RULES;

/// Says what could not be known. Code that runs twice is reported once.
pub fn start_up(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for doubt in &survey.resolution.doubts {
        findings.push(match doubt {
            Doubt::Code { file, line, .. } if seen.contains(&(file, line)) => continue,
            Doubt::Code { file, line, text, step } => {
                seen.push((file, line));
                let message = sentence!("the prediction is certain up to ", file, ", whose code could change anything");
                let proof = Proof { line: *line, ..Proof::about(file.clone(), text.clone()) };
                Finding::new(Code::UnknownCode, message).proof(proof).step(*step)
            }
            Doubt::Compiled(fact) => Finding::new(
                Code::UnknownCompiled,
                sentence!(
                    "the search needed ",
                    fact,
                    ", which could not be learnt, so that values taken from it are missing"
                ),
            ),
            Doubt::Unanswered { path, op, step } => {
                let question = sentence!(op.name(), " of ", path);
                let message =
                    sentence!("the snapshot does not answer ", question, ", and nothing is guessed in its place");
                Finding::new(Code::Unanswered, message).step(*step)
            }
            Doubt::Micro(behaviour) => Finding::new(Code::UnknownMicro, micro(*behaviour)),
        });
    }
}

fn micro(behaviour: Behaviour) -> BString {
    let rule = lookup(behaviour);
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
