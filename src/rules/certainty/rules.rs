//! What the rules of this family mean.

use crate::rules::rule::Rule;
use crate::rules::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::UnknownCode,
        name: "unknown-code",
        severity: Severity::Info,
        heuristic: false,
        summary: "Startup runs code that is not recognized, and code can change anything.",
        reason: "\
A line of a .pth file, a .start file or a customization module runs before anything else. What it does to sys.path or to \
the process cannot be told without running it, so that the prediction is certain only up to that point.",
        example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; hook.install()",
        fix: "Nothing is wrong: read the code, or compare with `venv-doctor verify`.",
        sources: &["CPython Lib/site.py: addpackage"],
    },
    Rule {
        code: Code::UnknownCompiled,
        name: "unknown-compiled-value",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The search needed a value that is compiled into the interpreter and could not be learnt.",
        reason: "\
Prefix, library directory and the like are compiled into the binary. They are read from what the build left behind; where \
that is missing, values that come from them are missing too.",
        example: "A snapshot written by hand whose compiled.prefix is null, and whose standard library is nowhere else.",
        fix: "Examine the interpreter where it is installed, or say the value in the snapshot.",
        sources: &["CPython Modules/getpath.c: PREFIX, EXEC_PREFIX, VPATH"],
    },
    Rule {
        code: Code::UnknownMicro,
        name: "unknown-micro-release",
        severity: Severity::Info,
        heuristic: false,
        summary: "What happens depends on the micro release, which is not known; the newest is assumed.",
        reason: "\
Some behavior of startup changed within a branch. Where only X.Y could be learnt, the prediction holds for the newest \
release of the branch and may differ for older ones.",
        example: "$ venv-doctor check .venv --python-version 3.12",
        fix: "Say the whole version with --python-version X.Y.Z.",
        sources: &["src/startup/rules.rs"],
    },
    Rule {
        code: Code::Unanswered,
        name: "unanswered-question",
        severity: Severity::Warning,
        heuristic: false,
        summary: "The snapshot does not answer a question, and nothing is guessed in its place.",
        reason: "\
A snapshot holds what one startup asked. Under other flags or variables it asks more, and where the answer is not in \
the document, everything that hangs on it is uncertain.",
        example: "$ venv-doctor explain --snapshot report.json --env PYTHONPATH=/elsewhere",
        fix: "Take the snapshot again with the flags and variables that are asked about.",
        sources: &["docs/manual.md: snapshot"],
    },
    Rule {
        code: Code::NotExamined,
        name: "not-examined",
        severity: Severity::Warning,
        heuristic: false,
        summary: "Part of the environment could not be examined, so that nothing is said about it.",
        reason: "\
A directory may not be listed, a file is larger than is read, or the interpreter is unknown. What could not be seen is not \
judged: the absence of findings about it means nothing.",
        example: "\
$ ls .venv/lib/python3.12/site-packages
ls: cannot open directory '.venv/lib/python3.12/site-packages': Permission denied",
        fix: "Run the check as a user who may read the environment.",
        sources: &["docs/manual.md: check"],
    },
];
