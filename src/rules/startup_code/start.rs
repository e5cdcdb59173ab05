//! A `.start` file beside the `.pth` file of the same name.

use bstr::{BStr, ByteSlice};

use super::{failures, files, own_fixes, pth};
use crate::environment::Survey;
use crate::rules::{Code, Finding, Severity};
use crate::startup::behaviors::Behavior;
use crate::text::python;
use crate::text::sentence;

/// Judges pairs of files. That both are there is how a project serves old and new releases; that the new one calls
/// nothing is not.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if !files::has(survey, Behavior::StartFiles) {
        return;
    }
    let considered = files::considered(survey);
    for start in files::named(survey, ".start") {
        let Some(stem) = start.strip_suffix(b".start") else { continue };
        let pth = sentence!(stem, ".pth");
        if files::is_skipped_by_name(survey, start.as_bstr()) || !considered.contains(&pth) {
            continue;
        }
        findings.extend(pair(survey, start.as_bstr(), pth.as_bstr()));
    }
}

fn pair(survey: &Survey<'_>, start: &BStr, pth: &BStr) -> Option<Finding> {
    let content = files::content(survey, start).ok()?;
    content.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(&content).to_str().ok()?;
    let lines = files::lines(survey, pth);
    let is_import = |line: &BStr| {
        let code = python::strip(line);
        code.starts_with(b"import ") || code.starts_with(b"import\t")
    };
    let (number, line) = (1..).zip(&lines).find(|(_, line)| is_import(line.as_bstr()))?;
    let calls = files::count_meaningful(survey, start);
    let failed = survey.resolution.failures.iter().filter(|failure| failure.file == start).count();
    let severity = if calls == failed { Severity::Warning } else { Severity::Info };
    let instead = if calls == failed { ", and calls nothing itself" } else { "" };
    let whose = own_fixes::whose(&survey.owner_of(start));
    let effect = "the paths of the .pth file count, its code does not run; up to 3.14 it runs";
    Some(
        Finding::new(
            Code::StartSuppressesPth,
            sentence!(start, whose, " keeps the import lines of ", pth, " from running", instead),
        )
        .severity(severity)
        .evidence(files::line_evidence(survey, pth, number, python::strip(line)))
        .effect(effect)
        .fix(failures::in_start_file(survey, start, "write into the .start file what is to be called, or remove it"))
        .step(pth::step_of(survey, start)),
    )
}
