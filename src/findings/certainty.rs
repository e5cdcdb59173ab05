//! VD9xx: where certainty ends.

use bstr::BString;

use super::{Finding, Proof, Severity};
use crate::sentence;
use crate::startup::rules::{self, Behaviour};
use crate::startup::{Doubt, Resolution};

/// Says what could not be known. Code that runs twice is reported once.
pub fn find(resolution: &Resolution, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for doubt in &resolution.doubts {
        match doubt {
            Doubt::Code { file, line, text, step } => {
                if seen.contains(&(file, line)) {
                    continue;
                }
                seen.push((file, line));
                let evidence = vec![Proof { file: file.clone(), line: *line, text: text.clone() }];
                let message = sentence!("the prediction is certain up to ", file, ", whose code could change anything");
                findings.push(info("VD901", message, evidence, Some(*step)));
            }
            Doubt::Compiled(fact) => {
                let message = sentence!(
                    "the search needed ",
                    fact,
                    ", which could not be learnt, so that values taken from it are missing"
                );
                findings.push(Finding { severity: Severity::Warning, ..info("VD902", message, Vec::new(), None) });
            }
            Doubt::Unanswered { path, op, step } => {
                let message = sentence!(
                    "the snapshot does not answer ",
                    op.name(),
                    " of ",
                    path,
                    ", and nothing is guessed in its place"
                );
                findings
                    .push(Finding { severity: Severity::Warning, ..info("VD904", message, Vec::new(), Some(*step)) });
            }
            Doubt::Micro(behaviour) => findings.push(info("VD903", micro(*behaviour), Vec::new(), None)),
        }
    }
}

fn micro(behaviour: Behaviour) -> BString {
    let rule = rules::lookup(behaviour);
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

fn info(code: &'static str, message: BString, evidence: Vec<Proof>, step: Option<usize>) -> Finding {
    Finding { code, severity: Severity::Info, message, evidence, fix: None, step }
}
