//! A `.start` file beside the `.pth` file of the same name.

use bstr::{BStr, ByteSlice};

use super::support::{files, own_fixes};
use super::{failures, pth};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::startup::behaviors::Behavior;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static START_SUPPRESSES_PTH: Rule = Rule {
    code: Code("VD415"),
    name: "start-suppresses-pth",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "A .start file keeps the import lines of the .pth file of the same name from running.",
    why: "\
From 3.15 on the mere presence of NAME.start, even an empty one, switches off the code in NAME.pth of the same directory; \
its paths still count. Projects ship both on purpose, one for the old releases and one for the new. Where the .start \
file calls nothing, or only what fails, the code that ran up to 3.14 is silently gone, and this is a warning.",
    example: "\
$ ls .venv/lib/python3.15/site-packages/hook.*
hook.pth  hook.start
$ wc -c hook.start
0 hook.start",
    fix: "Write into the .start file what is to be called, or remove it.",
    sources: &["PEP 829"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&START_SUPPRESSES_PTH], judges: &[Judge { when: When::Startup(430), find }] };

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
            &START_SUPPRESSES_PTH,
            sentence!(start, whose, " keeps the import lines of ", pth, " from running", instead),
        )
        .severity(severity)
        .evidence(files::line_evidence(survey, pth, number, python::strip(line)))
        .effect(effect)
        .fix(failures::in_start_file(survey, start, "write into the .start file what is to be called, or remove it"))
        .step(pth::step_of(survey, start)),
    )
}
