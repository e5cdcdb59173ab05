//! Runs the judges that look at one installed distribution at a time. They have one entry, so that a distribution with
//! unusable metadata is not judged further.

use super::{bytecode, files, metadata, missing, requires, symlinks, wheel};
use crate::environment::{Distribution, Survey};
use crate::rules::{Finding, Judge, Topic, When};

pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[], judges: &[Judge { when: When::Environment(630), find }] };

fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut symlinked = Vec::new();
    for (index, distribution) in survey.distributions().iter().enumerate() {
        let symlink = symlinks::find(survey, distribution, index);
        let is_readable = symlink.as_ref().is_none_or(|symlink| !symlink.is_dangling);
        symlinked.extend(symlink);
        if is_readable {
            judge(survey, distribution, findings);
        }
    }
    symlinks::report(survey, &symlinked, findings);
}

fn judge(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    if let Some(finding) = metadata::find(survey, distribution) {
        let is_unusable = *finding.rule == metadata::METADATA_MISSING;
        findings.push(finding);
        if is_unusable {
            return;
        }
    }
    findings.extend(missing::find(survey, distribution));
    findings.extend(requires::find(survey, distribution));
    findings.extend(wheel::find(survey, distribution));
    // Operating systems strip the files of their packages after RECORD was written, and verify them by other means.
    if survey.is_thorough() && !distribution.is_managed(survey) {
        files::find(survey, distribution, findings);
        bytecode::find(survey, distribution, findings);
    }
}
