//! Scripts that may not be executed.

use bstr::ByteSlice;

use super::{naming, owners};
use crate::environment::{Script, Survey};
use crate::host::path::Flavor;
use crate::rules::{Code, Evidence, Finding, Fix, fixes};
use crate::text::sentence;

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
        Finding::new(Code::ScriptNotExecutable, sentence!(subject, verb, " no permission to be executed"))
            .all_evidence(found.iter().take(3).map(evidence))
            .effect("a shell answers Permission denied")
            .fix(Fix::advice("set the execution bits that the installer had set").command(line).safe()),
    );
}
