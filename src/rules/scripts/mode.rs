//! Scripts that may not be executed.

use bstr::ByteSlice;

use super::support::{naming, owners};
use crate::environment::{Script, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static SCRIPT_NOT_EXECUTABLE: Rule = Rule {
    code: Code("VD510"),
    name: "script-not-executable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A script that a distribution has installed has no permission to be executed.",
    why: "\
Installers set the execution bits of what they put into bin. They get lost where the environment went through an \
archive, a file system without such bits, or a copy between systems. The shell then answers Permission denied, or does \
not find the command on PATH at all.",
    example: "\
$ .venv/bin/pytest
bash: .venv/bin/pytest: Permission denied",
    fix: "Set the bits again.",
    sources: &["PEP 427: scripts"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&SCRIPT_NOT_EXECUTABLE], judges: &[] };

/// Judges the scripts of distributions that have no execution bit.
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
    let verb = naming::verb(several, " has", " have");
    let evidence = |script: &&Script| Evidence::about(script.path.clone(), "has no execution bit");
    let line = fixes::line(survey, "chmod").word("+x").words(found.iter().map(|script| &script.path));
    findings.push(
        Finding::new(&SCRIPT_NOT_EXECUTABLE, sentence!(subject, verb, " no permission to be executed"))
            .all_evidence(found.iter().take(3).map(evidence))
            .effect("a shell answers Permission denied")
            .fix(Fix::advice("set the execution bits that the installer had set").command(line).safe()),
    );
}
