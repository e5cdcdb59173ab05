//! The lines of `.pth` files.

use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof};
use crate::sentence;

/// Judges the lines of `.pth` files. A file that is processed twice is reported once.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen = Vec::new();
    for missing in &survey.resolution.missing {
        if seen.contains(&(&missing.file, missing.line)) {
            continue;
        }
        seen.push((&missing.file, missing.line));
        let message = sentence!(missing.file, " names ", missing.path, ", which does not exist");
        let advice = sentence!("reinstall what ", missing.path, " held, or remove the line");
        findings.push(
            Finding::new(Code::PthTargetMissing, message)
                .proof(Proof::line(missing.file.clone(), missing.line, missing.path.clone()))
                .cure(Cure::advice(advice))
                .step(missing.step),
        );
    }
}
