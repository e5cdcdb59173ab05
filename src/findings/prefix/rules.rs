//! What the rules of this family mean.

use crate::findings::rule::Rule;
use crate::findings::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[
    Rule {
        code: Code::FailsToInitialize,
        name: "fails-to-initialize",
        severity: Severity::Error,
        heuristic: false,
        summary: "Python dies before it runs any code, for a reason that no other rule names.",
        reason: "\
The path configuration or the site module ends in an error that Python does not survive. It prints what it had computed \
so far, if anything, and leaves the reader to find out which file or variable led it there.",
        example: "\
$ .venv/bin/python
Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding
ModuleNotFoundError: No module named 'encodings'",
        cure: "Repair what the step of the explanation names, or make the environment anew.",
        sources: &["CPython Python/pylifecycle.c: init_interp_main"],
    },
    Rule {
        code: Code::HomeMasked,
        name: "home-masked",
        severity: Severity::Warning,
        heuristic: false,
        summary: "home in pyvenv.cfg leads to no standard library, and Python starts only with the prefix that is compiled into it.",
        reason: "\
The compiled-in prefix is the last resort of the search for the standard library. Python starts without a word as long \
as that installation is there, and dies when it is removed. Editors and type checkers that trust home find no standard \
library at all.",
        example: "\
$ cat .venv/pyvenv.cfg
home = /opt/python-3.12-that-was/bin",
        cure: "Set home to the folder of the interpreter that the environment is linked to.",
        sources: &["python/cpython#127440", "CPython Modules/getpath.py: CALCULATE STDLIB"],
    },
];
