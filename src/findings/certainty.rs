//! VD9xx: where certainty ends.

use super::{Facts, Finding, Proof, Severity};
use crate::sentence;
use crate::startup::rules;

/// Says what could not be known.
pub fn find(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for doubt in &facts.site.uncertain {
        if seen.contains(&(&doubt.file, doubt.line)) {
            continue;
        }
        seen.push((&doubt.file, doubt.line));
        let evidence = vec![Proof { file: doubt.file.clone(), line: doubt.line, text: doubt.text.clone() }];
        let message = sentence!("the prediction is certain up to ", doubt.file, ", whose code could change anything");
        findings.push(info("VD901", message, evidence, Some(doubt.step)));
    }
    if let Some(fact) = facts.config.and_then(|config| config.unknown) {
        let message = sentence!("the search needed ", fact, ", which could not be learnt, so that values taken from it are missing");
        findings.push(Finding { severity: Severity::Warning, ..info("VD902", message, Vec::new(), None) });
    }
    for &behaviour in facts.unsure {
        let rule = rules::lookup(behaviour);
        let first: Vec<String> = rule.since.iter().map(ToString::to_string).collect();
        let message = sentence!(
            "the micro release is not known, and the newest is assumed; this differs between them: ", rule.effect,
            " (", rule.issue, ", first in ", first.join(", "), ")"
        );
        findings.push(info("VD903", message, Vec::new(), None));
    }
}

fn info(code: &'static str, message: impl Into<bstr::BString>, evidence: Vec<Proof>, step: Option<usize>) -> Finding {
    Finding { code, severity: Severity::Info, message: message.into(), evidence, fix: None, step }
}
