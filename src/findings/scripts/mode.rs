//! Scripts that may not be executed.

use bstr::ByteSlice;

use super::{naming, owners};
use crate::environment::{Script, Survey};
use crate::findings::{Code, Cure, Finding, Proof, recipes};
use crate::host::path::Flavour;
use crate::sentence;

/// Judges the scripts of distributions that have no execution bit.
pub fn find(survey: &Survey<'_>, scripts: &[Script], findings: &mut Vec<Finding>) {
    if survey.flavour() == Flavour::Windows {
        return;
    }
    let candidates = scripts.iter().filter(|script| !script.executable && script.start.is_some()).take(64);
    let found: Vec<&Script> = candidates.filter(|it| owners::of(survey, it.name.as_bstr()).is_some()).collect();
    if found.is_empty() {
        return;
    }
    let (subject, several) = naming::list(naming::names(found.iter().copied()), survey.bin());
    let verb = naming::verb(several, " has", " have");
    let proof = |script: &&Script| Proof::about(script.path.clone(), "has no execution bit");
    let line = recipes::line(survey, "chmod").word("+x").words(found.iter().map(|script| &script.path));
    findings.push(
        Finding::new(Code::ScriptNotExecutable, sentence!(subject, verb, " no permission to be executed"))
            .proofs(found.iter().take(3).map(proof))
            .effect("a shell answers Permission denied")
            .cure(Cure::advice("set the execution bits that the installer had set").command(line).safe()),
    );
}
