//! Scripts that are not executable.

use bstr::ByteSlice;

use super::support::{naming, owners};
use crate::environment::{Script, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, ModeChange, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static SCRIPT_NOT_EXECUTABLE: Rule = Rule {
    code: Code("VD510"),
    name: "script-not-executable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A script that a distribution installed is not executable.",
    why: "\
Installers set the execute bits of the files that they put into bin. These bits are lost when the environment passes \
through an archive, a file system without such bits, or a copy between systems. The shell then reports Permission \
denied, or does not find the command on PATH at all.",
    example: "\
$ .venv/bin/pytest
bash: .venv/bin/pytest: Permission denied",
    fix: "Set the execute bits.",
    sources: &["PEP 427: scripts"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&SCRIPT_NOT_EXECUTABLE], judges: &[] };

/// Looks for scripts of distributions without an execute bit.
pub fn find(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    if survey.flavor() == Flavor::Windows {
        return;
    }
    let candidates = scripts.iter().filter(|script| !script.executable && script.start.is_some()).take(64);
    let found: Vec<&Script> = candidates.filter(|it| owners::of(survey, it.name.as_bstr()).is_some()).collect();
    if found.is_empty() {
        return;
    }
    let (subject, several) = naming::list(naming::names(found.iter().copied()), survey.bin());
    let verb = naming::verb(several, " is", " are");
    let evidence = |script: &&Script| Evidence::about(script.path.clone(), "has no execute bit");
    let line = fixes::chmod(survey, ModeChange::EXECUTABLE, found.iter().map(|script| &script.path));
    findings.push(
        Finding::new(&SCRIPT_NOT_EXECUTABLE, sentence!(subject, verb, " not executable"))
            .all_evidence(found.iter().take(3).map(evidence))
            .effect("running it fails with Permission denied")
            .fix(Fix::advice("restore the execute bits that the installer set").command(line).safe()),
    );
}
