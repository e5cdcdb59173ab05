//! What the simulation could not know.

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
    summary: "Startup runs code that is not recognized, and code can change anything.",
    why: "\
A line of a .pth file, a .start file or a customization module runs before anything else. What it does to sys.path or to \
the process cannot be told without running it, so that the prediction is certain only up to that point.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; hook.install()",
    fix: "Nothing is wrong: read the code, or compare with `venv-doctor verify`.",
    sources: &["CPython Lib/site.py: addpackage"],
};

pub(in crate::rules) static UNKNOWN_COMPILED_VALUE: Rule = Rule {
    code: Code("VD902"),
    name: "unknown-compiled-value",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The search needed a value that is compiled into the interpreter and could not be learnt.",
    why: "\
Prefix, library directory and the like are compiled into the binary. They are read from what the build left behind; where \
that is missing, values that come from them are missing too.",
    example: "A snapshot written by hand whose compiled.prefix is null, and whose standard library is nowhere else.",
    fix: "Examine the interpreter where it is installed, or say the value in the snapshot.",
    sources: &["CPython Modules/getpath.c: PREFIX, EXEC_PREFIX, VPATH"],
};

pub(in crate::rules) static UNKNOWN_MICRO_RELEASE: Rule = Rule {
    code: Code("VD903"),
    name: "unknown-micro-release",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "What happens depends on the micro release, which is not known; the newest is assumed.",
    why: "\
Some behavior of startup changed within a branch. Where only X.Y could be learnt, the prediction holds for the newest \
release of the branch and may differ for older ones.",
    example: "$ venv-doctor check .venv --python-version 3.12",
    fix: "Say the whole version with --python-version X.Y.Z.",
    sources: &["src/startup/rules.rs"],
};

pub(in crate::rules) static UNANSWERED_QUESTION: Rule = Rule {
    code: Code("VD904"),
    name: "unanswered-question",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The snapshot does not answer a question, and nothing is guessed in its place.",
    why: "\
A snapshot holds what one startup asked. Under other flags or variables it asks more, and where the answer is not in \
the document, everything that hangs on it is uncertain.",
    example: "$ venv-doctor explain --snapshot report.json --env PYTHONPATH=/elsewhere",
    fix: "Take the snapshot again with the flags and variables that are asked about.",
    sources: &["docs/manual.md: snapshot"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&UNKNOWN_CODE, &UNKNOWN_COMPILED_VALUE, &UNKNOWN_MICRO_RELEASE, &UNANSWERED_QUESTION],
    judges: &[Judge { when: When::Startup(600), find }],
};

/// So many pieces of unknown code are told of: certainty ends with the first.
const MOST_CODE: usize = 64;

/// Says what could not be known. Code that runs twice is reported once.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    for doubt in &survey.resolution.doubts {
        findings.push(match doubt {
            Doubt::Code { file, line, .. } if seen.len() == MOST_CODE || !seen.insert((file, line)) => continue,
            Doubt::Code { file, line, text, step } => {
                let message = sentence!("the prediction is certain up to ", file, ", whose code could change anything");
                let evidence = Evidence { line: *line, ..Evidence::about(file.clone(), text.clone()) };
                Finding::new(&UNKNOWN_CODE, message).evidence(evidence).step(*step)
            }
            Doubt::Compiled(fact) => compiled(survey, fact),
            Doubt::Unanswered { path, op, step } => {
                let message = sentence!(
                    "the snapshot does not answer ",
                    op.name(),
                    " of ",
                    path,
                    ", and nothing is guessed in its place"
                );
                let fix = Fix::advice("take the snapshot again under the flags and variables that are asked about");
                let evidence = Evidence::about(path.clone(), "is not in the snapshot");
                Finding::new(&UNANSWERED_QUESTION, message).evidence(evidence).fix(fix).step(*step)
            }
            Doubt::Micro(behavior) => Finding::new(&UNKNOWN_MICRO_RELEASE, micro(*behavior)),
        });
    }
}

fn compiled(survey: &Survey<'_>, fact: &str) -> Finding {
    let message =
        sentence!("the search needed ", fact, ", which could not be learnt, so that values taken from it are missing");
    Finding::new(&UNKNOWN_COMPILED_VALUE, message)
        .evidence(Evidence::about(survey.executable(), "does not tell"))
        .fix(Fix::advice("examine the interpreter where it is installed, or say the value in the snapshot"))
}

fn micro(behavior: Behavior) -> BString {
    let rule = behavior.row();
    let first: Vec<String> = rule.since.iter().map(ToString::to_string).collect();
    sentence!(
        "the micro release is not known, and the newest is assumed; this differs between them: ",
        rule.effect,
        " (",
        rule.issue,
        ", first in ",
        first.join(", "),
        ")"
    )
}
