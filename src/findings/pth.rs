//! VD4xx: `.pth` files.

use super::{Finding, Proof, Severity};
use crate::sentence;
use crate::startup::Resolution;

/// Judges the lines of `.pth` files. A file that is processed twice is reported once.
pub fn find(resolution: &Resolution, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for missing in &resolution.missing {
        if seen.contains(&(&missing.file, missing.line)) {
            continue;
        }
        seen.push((&missing.file, missing.line));
        let evidence = Proof { file: missing.file.clone(), line: Some(missing.line), text: missing.path.clone() };
        findings.push(Finding {
            code: "VD401",
            severity: Severity::Warning,
            message: sentence!(missing.file, " names ", missing.path, ", which does not exist"),
            evidence: vec![evidence],
            fix: Some(sentence!("reinstall what ", missing.path, " held, or remove the line")),
            step: Some(missing.step),
        });
    }
}
