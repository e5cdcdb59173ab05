//! Facts that the simulation could not determine.

use std::collections::HashSet;

use bstr::BString;

use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::Doubt;
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub(in crate::rules) static UNKNOWN_CODE: Rule = Rule {
    code: Code("VD901"),
    name: "unknown-code",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "Startup runs code that venv-doctor does not recognize, and code can change anything.",
    why: "\
A line of a .pth file, a .start file or a customization module runs before your code. What it does to sys.path or to \
the process is not known without running it, so the prediction is certain only up to that point.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; hook.install()",
    fix: "Nothing is wrong. Read the code, or compare with `venv-doctor verify`.",
    sources: &["CPython Lib/site.py: addpackage"],
};

pub(in crate::rules) static UNKNOWN_COMPILED_VALUE: Rule = Rule {
    code: Code("VD902"),
    name: "unknown-compiled-value",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The path search needed a value that is compiled into the interpreter and could not be determined.",
    why: "\
The prefix, the library directory and similar values are compiled into the binary. They are read from the files that \
the build left behind; if these are missing, paths that come from the values are missing, too.",
    example: "A snapshot written by hand whose compiled.prefix is null, and whose standard library is nowhere else.",
    fix: "Examine the interpreter where it is installed, or add the value to the snapshot.",
    sources: &["CPython Modules/getpath.c: PREFIX, EXEC_PREFIX, VPATH"],
};

pub(in crate::rules) static UNKNOWN_MICRO_VERSION: Rule = Rule {
    code: Code("VD903"),
    name: "unknown-micro-version",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The behavior depends on the micro version, which is not known; the newest is assumed.",
    why: "\
Some behavior of startup changed within a minor version. If only X.Y could be determined, the prediction holds for \
the newest X.Y.Z and may differ for older ones.",
    example: "$ venv-doctor check .venv --python-version 3.12",
    fix: "Give the full version with --python-version X.Y.Z.",
    sources: &["src/startup/behaviors.rs"],
};

pub(in crate::rules) static UNANSWERED_LOOKUP: Rule = Rule {
    code: Code("VD904"),
    name: "unanswered-lookup",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The snapshot does not contain the answer to a lookup, and none is guessed.",
    why: "\
A snapshot contains the lookups of one startup. With other flags or variables, startup makes more of them, and \
whatever depends on an answer that the snapshot does not contain is uncertain.",
    example: "$ venv-doctor explain --snapshot report.json --env PYTHONPATH=/elsewhere",
    fix: "Record the snapshot with the flags and variables that you want to examine.",
    sources: &["docs/manual.md: snapshot"],
};

pub(in crate::rules) static NEWER_THAN_KNOWN: Rule = Rule {
    code: Code("VD906"),
    name: "newer-than-known",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "This Python is newer than every release that venv-doctor knows; the newest of them is assumed.",
    why: "\
Startup changes with every minor version. A release that is newer than the table of behaviors is simulated as the newest \
release in it, which is usually right. What has changed since is not known: a value, a message, or whether Python starts \
at all may differ.",
    example: "$ venv-doctor explain .venv/bin/python3.16",
    fix: "Update venv-doctor, or compare with `venv-doctor verify`.",
    sources: &["src/startup/behaviors.rs"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&UNKNOWN_CODE, &UNKNOWN_COMPILED_VALUE, &UNKNOWN_MICRO_VERSION, &UNANSWERED_LOOKUP, &NEWER_THAN_KNOWN],
    judges: &[Judge { when: When::Startup(600), find }],
};

/// How many lines of unknown code are reported at most: certainty ends with the first.
const MOST_CODE: usize = 64;

/// Reports what could not be determined. Code that runs twice is reported once.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for doubt in &survey.resolution.doubts {
        findings.push(match doubt {
            Doubt::Code { file, line, .. } if seen.len() == MOST_CODE || !seen.insert((file, line)) => continue,
            Doubt::Code { file, line, text, step } => {
                let message =
                    sentence!("the prediction is certain up to ", file, ", which runs code that could change anything");
                let evidence = Evidence { line: *line, ..Evidence::about(file.clone(), text.clone()) };
                Finding::new(&UNKNOWN_CODE, message).evidence(evidence).step(*step)
            }
            Doubt::Compiled(fact) => compiled(survey, fact),
            Doubt::Unanswered { path, op, step } => {
                let message = sentence!(
                    "the snapshot does not contain the answer to the lookup ",
                    op.name(),
                    " of ",
                    path,
                    ", and none is guessed"
                );
                let fix = Fix::advice("record the snapshot with the flags and variables that you want to examine");
                let evidence = Evidence::about(path.clone(), "is not in the snapshot");
                Finding::new(&UNANSWERED_LOOKUP, message).evidence(evidence).fix(fix).step(*step)
            }
            Doubt::Newer { version, stand_in, step } => {
                let (version, known) = (version.to_string(), stand_in.short());
                Finding::new(
                    &NEWER_THAN_KNOWN,
                    sentence!(
                        "Python ",
                        version,
                        " is newer than the newest known release, ",
                        known,
                        ", which is assumed"
                    ),
                )
                .evidence(Evidence::about(survey.executable(), sentence!("is Python ", version)))
                .effect("what changed after that release is not known, and the prediction may be wrong")
                .fix(Fix::advice("update venv-doctor, or compare the prediction with `venv-doctor verify`"))
                .step(*step)
            }
            Doubt::Micro(behavior) => Finding::new(&UNKNOWN_MICRO_VERSION, micro(*behavior)),
        });
    }
}

fn compiled(survey: &Survey<'_>, fact: &str) -> Finding {
    let message = sentence!(
        "the path search needed ",
        fact,
        ", which could not be determined, so paths that come from it are missing"
    );
    Finding::new(&UNKNOWN_COMPILED_VALUE, message)
        .evidence(Evidence::about(survey.executable(), "does not show this value"))
        .fix(Fix::advice("examine the interpreter where it is installed, or add the value to the snapshot"))
}

fn micro(behavior: Behavior) -> BString {
    let rule = behavior.row();
    let first: Vec<String> = rule.since.iter().map(ToString::to_string).collect();
    sentence!(
        "the micro version is not known, and the newest is assumed; this differs between micro versions: ",
        rule.effect,
        " (",
        rule.issue,
        ", first in ",
        first.join(", "),
        ")"
    )
}
