//! VD4xx: `.pth` files.

use super::{Facts, Finding, Proof, Severity};
use crate::sentence;

/// Judges the lines of `.pth` files.
pub fn find(facts: &Facts<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for (file, line, path, step) in &facts.site.missing {
        if seen.contains(&(file, line)) {
            continue;
        }
        seen.push((file, line));
        findings.push(Finding {
            code: "VD401",
            severity: Severity::Warning,
            message: sentence!(file, " names ", path, ", which does not exist"),
            evidence: vec![Proof { file: file.clone(), line: Some(*line), text: path.clone() }],
            fix: Some(sentence!("reinstall what ", path, " held, or remove the line")),
            step: Some(*step),
        });
    }
}
