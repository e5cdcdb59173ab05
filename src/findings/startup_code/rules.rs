//! What the rules of this family mean.

use crate::findings::rule::Rule;
use crate::findings::{Code, Severity};

/// The rules, in the order of their codes.
pub const RULES: &[Rule] = &[Rule {
    code: Code::PthTargetMissing,
    name: "pth-target-missing",
    severity: Severity::Warning,
    heuristic: false,
    summary: "A line of a .pth file names a path that does not exist.",
    reason: "\
The site module adds a path only where it exists. Up to 3.14 it passes over any other without a word, and what was \
meant to be importable is not: No module named 'proj', while pip still lists it. 3.15 says so at every start. The usual \
cause is a project that was moved or removed after an editable install.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib.pth
/home/ada/plotlib/src
$ ls -d /home/ada/plotlib/src
ls: cannot access '/home/ada/plotlib/src': No such file or directory",
    cure: "Install the project again from where it is now, or remove the line that nothing owns.",
    sources: &["CPython Lib/site.py: addpackage", "python/cpython#149109"],
}];
