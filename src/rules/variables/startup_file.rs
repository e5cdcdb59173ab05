//! VD338 and VD339: the file of `PYTHONSTARTUP`, which an interactive session runs before its first prompt.

use bstr::{BStr, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::invocation::Launch;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behaviors;
use crate::startup::{MOST_BYTES, StepId, SurveyedCode, survey_code};
use crate::text::sentence;

pub(in crate::rules) static STARTUP_FILE_INVALID: Rule = Rule {
    code: Code("VD338"),
    name: "startup-file-invalid",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The file that PYTHONSTARTUP names is not valid Python for this release.",
    why: "\
An interactive session runs the file before its first prompt. Python compiles the whole file first, so that one wrong line \
prints a traceback at the beginning of every session, and nothing of the file takes effect. Files that were written for \
Python 2, or use the syntax of a newer release than this one, are the usual cause.",
    example: "\
$ cat ~/.pythonrc
import readline, rlcompleter
print \"ready\"
$ PYTHONSTARTUP=~/.pythonrc python3
SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?",
    fix: "Correct the line, or unset PYTHONSTARTUP.",
    sources: &["CPython Modules/main.c: pymain_run_startup"],
};

pub(in crate::rules) static STARTUP_FILE_CHANGES_PATH: Rule = Rule {
    code: Code("VD339"),
    name: "startup-file-changes-path",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "The file that PYTHONSTARTUP names changes sys.path, in interactive sessions only.",
    why: "\
Only interactive sessions read PYTHONSTARTUP. If the file changes sys.path, imports succeed at the prompt and fail in \
scripts, or the prompt imports other versions than the scripts do. The file is the same for all environments.",
    example: "\
$ cat ~/.pythonrc
import sys
sys.path.insert(0, '/home/ada/lib')",
    fix: "Remove the change from the file, and install what it makes importable, for example with pip install -e.",
    sources: &["CPython Modules/main.c: pymain_run_startup"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&STARTUP_FILE_INVALID, &STARTUP_FILE_CHANGES_PATH],
    judges: &[Judge { when: When::Startup(228), find }],
};

/// Judges the file that startup has read.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let is_interactive = survey.resolution.invocation.launch == Launch::Interactive;
    let Some(file) = settings::counted(survey, "PYTHONSTARTUP").filter(|_| is_interactive) else { return };
    let (Some(version), true) = (survey.version(), survey.resolution.sys.is_some()) else { return };
    let Ok(content) = survey.ask.read(file, MOST_BYTES) else { return };
    let line = |number: usize| content.lines().nth(number.saturating_sub(1)).unwrap_or_default().to_owned();
    let finding = match survey_code(&content, &Behaviors::of(version)) {
        SurveyedCode::Invalid(number) => invalid(survey, file, number),
        SurveyedCode::ChangesPath(number) => changes_path(file, number),
        SurveyedCode::Other => return,
    };
    let number = finding.1;
    let step = settings::step(survey, StepId::StartupFile);
    findings.push(
        finding
            .0
            .evidence(settings::evidence("PYTHONSTARTUP", file))
            .evidence(Evidence::line(file, number, line(number)))
            .step(step),
    );
}

fn invalid(survey: &Survey<'_>, file: &BStr, number: usize) -> (Finding, usize) {
    let message = sentence!(
        "PYTHONSTARTUP names ",
        file,
        ", whose line ",
        number.to_string(),
        " is not valid Python for this release"
    );
    let finding = Finding::new(&STARTUP_FILE_INVALID, message)
        .effect("every interactive session begins with a traceback, and nothing of the file takes effect")
        .fix(fixes::unset(survey, "PYTHONSTARTUP"));
    (finding, number)
}

fn changes_path(file: &BStr, number: usize) -> (Finding, usize) {
    let message = sentence!("PYTHONSTARTUP names ", file, ", which changes sys.path in line ", number.to_string());
    let finding = Finding::new(&STARTUP_FILE_CHANGES_PATH, message)
        .effect("interactive sessions import from other directories than scripts do")
        .fix(Fix::advice(sentence!("remove the change of sys.path from ", file)));
    (finding, number)
}
