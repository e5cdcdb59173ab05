//! Startup code that runs more than once.

use std::collections::HashSet;

use bstr::ByteSlice;

use super::support::failing::Failing;
use super::support::{files, hooks};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::startup::Hook;
use crate::text::sentence;

pub(in crate::rules) static PTH_CODE_RUNS_TWICE: Rule = Rule {
    code: Code("VD408"),
    name: "pth-code-runs-twice",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "Code in a .pth file of the environment runs twice at every start.",
    why: "\
Up to 3.14, the site module adds the site-packages of an environment when it recognizes the environment, and once more \
as the site-packages of its prefix. sys.path contains the directory once, but its .pth files are processed both times. \
3.15 collects everything first and runs it once.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; print('started')
$ .venv/bin/python -c pass
started
started",
    fix: "Nothing has to be done if the code checks whether it has already run; otherwise add such a check.",
    sources: &["python/cpython#75723", "python/cpython#147951"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&PTH_CODE_RUNS_TWICE], judges: &[Judge { when: When::Startup(450), find }] };

/// Judges the files whose lines startup runs more than once.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let failing = Failing::of(survey);
    let working = survey.resolution.startup.iter().filter(|hook| !failing.contains(hook));
    for (_, lines) in hooks::by_file(working) {
        if lines.iter().any(|hook| repeats(hook) && hooks::is_line(hook.kind)) {
            findings.extend(runs_twice(survey, &lines));
        }
    }
}

/// Whether a second run does something: a second import finds the module in `sys.modules`.
fn repeats(hook: &Hook) -> bool {
    hook.known.is_none() && !hook.only_imports
}

/// The first unknown line of a file that comes a second time.
fn runs_twice(survey: &Survey<'_>, lines: &[&Hook]) -> Option<Finding> {
    let mut seen = HashSet::new();
    let mut numbered = lines.iter().filter_map(|hook| Some((hook, hook.line?)));
    let (hook, line) = numbered.find(|(hook, line)| !seen.insert(*line) && repeats(hook))?;
    let needle = hook.code.as_ref().map_or(&b""[..], |text| text.trim());
    let message = sentence!("line ", line.to_string(), " of ", hook.file, " runs twice at every start");
    Some(
        Finding::new(&PTH_CODE_RUNS_TWICE, message)
            .evidence(files::line_evidence(survey, hook.file.as_bstr(), line, needle))
            .effect("what it does happens twice, unless it checks whether it has already run; Python 3.15 runs it once")
            .step(hook.step),
    )
}
