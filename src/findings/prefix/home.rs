//! VD2xx: the home key of `pyvenv.cfg`.

use crate::environment::Survey;
use crate::findings::{Code, Cure, Finding, Proof};
use crate::sentence;
use crate::startup::{Reader, Resolution, Status};

/// The rule of the step in which nothing was found, and the compiled-in prefix counts.
pub const FALLBACK: &str = "getpath.prefix.compiled";

/// The line whose home the path configuration took.
pub fn line(resolution: &Resolution) -> Vec<Proof> {
    let Some(cfg) = &resolution.pyvenv_cfg else { return Vec::new() };
    let used = cfg.entries.iter().filter(|entry| entry.used_by.contains(&Reader::Getpath));
    used.map(|entry| Proof::line(cfg.path.clone(), entry.line, entry.text.clone())).collect()
}

/// Judges a home that leads nowhere, while the compiled-in prefix still holds a standard library: it works by luck.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let evidence = line(resolution);
    let fallback = resolution.steps.iter().find(|step| step.rule == FALLBACK);
    let (Some(step), Some(sys), false) = (fallback, &resolution.sys, evidence.is_empty()) else { return };
    if resolution.outcome.status != Status::Starts {
        return;
    }
    let message = sentence!(
        "the home in pyvenv.cfg leads to no standard library; Python starts only because ",
        sys.base_prefix,
        ", which is compiled into it, still has one"
    );
    findings.push(
        Finding::new(Code::HomeMasked, message)
            .proofs(evidence)
            .cure(Cure::advice(sentence!("set home to the folder of the interpreter below ", sys.base_prefix)))
            .step(step.id),
    );
}
