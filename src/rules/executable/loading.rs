//! The interpreter is a program for this machine, but the dynamic loader or a library that it needs is missing.

use bstr::ByteSlice;

use super::dangling::CELLAR_REMOVED;
use super::support::problem::{self, Description, RELINK};
use crate::environment::Survey;
use crate::interpreter::Problem;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::text::sentence;

pub(in crate::rules) static LOADER_MISSING: Rule = Rule {
    code: Code("VD115"),
    name: "loader-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The dynamic loader that the interpreter names does not exist.",
    why: "\
A program names the dynamic loader that the kernel starts for it, such as that of glibc or that of musl. An interpreter \
of Debian finds none on Alpine, and the other way around; a prebuilt one finds none on NixOS. The system reports `No \
such file or directory`, for a file that exists.",
    example: "\
$ .venv/bin/python
sh: .venv/bin/python: not found
$ readelf -l .venv/bin/python | grep interpreter
      [Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]",
    fix: "Recreate the environment with an interpreter of this system: installed packages are built for the other C \
library, too.",
    sources: &["astral-sh/uv#6782", "execve(2): ENOENT"],
};

pub(in crate::rules) static LIBRARY_MISSING: Rule = Rule {
    code: Code("VD116"),
    name: "library-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A shared library that the interpreter needs is in none of the places that the loader searches.",
    why: "\
In a shared build the executable is small, and libpythonX.Y is the interpreter. A copied executable outlives the \
directory that contained the library; a moved executable searches the old directory. The loader reports `error while \
loading shared libraries`, and the exit code is 127.",
    example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: libpython3.12.so.1.0: cannot open shared object file",
    fix: RELINK,
    sources: &["ld.so(8)", "pypa/virtualenv#1933"],
};

pub(in crate::rules) static LIBRARY_BROKEN: Rule = Rule {
    code: Code("VD118"),
    name: "library-broken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The file that the loader takes as a library of the interpreter is not a valid shared library.",
    why: "\
The loader takes the first file of that name. If it is empty, truncated or not a shared object, the loader fails and \
searches no further: `file too short`, `invalid ELF header`. Where only the headers are whole, the kernel ends the \
process with SIGBUS, and nothing is printed.",
    example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: /opt/py/lib/libpython3.12.so.1.0: file too short",
    fix: "Reinstall the base, or point the environment's symlinks to another interpreter of the same version.",
    sources: &["glibc elf/dl-load.c: open_verify"],
};

pub(in crate::rules) static LIBRARY_TOO_OLD: Rule = Rule {
    code: Code("VD133"),
    name: "library-too-old",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A library of this system lacks a version of its symbols that the interpreter needs.",
    why: "\
An interpreter that was built on a newer system, or an image with an older C library, needs versions such as GLIBC_2.38 \
that the library found by the dynamic loader does not define. The loader compares them before any code runs; the exit \
code is 1.",
    example: "\
$ .venv/bin/python
.venv/bin/python: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by .venv/bin/python)",
    fix: "Use an interpreter that was built for this system or an older one; installed packages may need the same.",
    sources: &["glibc elf/dl-version.c: match_symbol"],
};

pub(in crate::rules) static FRAMEWORK_COPIED: Rule = Rule {
    code: Code("VD131"),
    name: "framework-copied",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter was copied out of a macOS framework and does not find its library.",
    why: "\
The executables of Xcode's Command Line Tools and of old framework builds name their library relative to themselves: \
@executable_path/../Python3. For a copy in the bin of an environment, that file does not exist: `dyld: Library not \
loaded`.",
    example: "\
$ .venv/bin/python3
dyld: Library not loaded: @executable_path/../Python3",
    fix: "Use symlinks instead of copies, or a Python from python.org, Homebrew or uv.",
    sources: &["python-poetry/install.python-poetry.org#24", "pypa/virtualenv#1402"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&LOADER_MISSING, &LIBRARY_MISSING, &LIBRARY_BROKEN, &LIBRARY_TOO_OLD, &FRAMEWORK_COPIED],
    judges: &[Judge { when: When::Startup(102), find }],
};

const NOT_LOADED: &str = "the dynamic loader fails with exit code 127 before any Python runs";
const BROKEN: &str = "the dynamic loader fails with exit code 127 before any Python runs; a library that was cut after \
                      its headers ends the process with SIGBUS instead";
const TOO_OLD: &str = "the dynamic loader fails with exit code 1 before any Python runs";

/// Finds out why the dynamic loader cannot start the program.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(problem) = &survey.resolution.identification.problem else { return };
    let Some(description) = describe(problem) else { return };
    let finding = problem::finding(survey, problem, description.rule);
    findings.push(description.complete(survey, finding));
}

/// The problems that this file has rules for.
pub(super) fn describe(problem: &Problem) -> Option<Description> {
    Some(match problem {
        Problem::MissingLoader { loader } => {
            let evidence = sentence!("names the dynamic loader ", loader);
            Description::of(&LOADER_MISSING, problem::NOT_FOUND_THOUGH_PRESENT, evidence)
        }
        Problem::MissingLibrary { library, .. } => {
            let rule = if library.contains_str("/Cellar/") {
                &CELLAR_REMOVED
            } else if library.starts_with(b"@executable_path/") {
                &FRAMEWORK_COPIED
            } else {
                &LIBRARY_MISSING
            };
            Description::of(rule, NOT_LOADED, sentence!("needs ", library))
        }
        Problem::BadLibrary { library } => Description::of(&LIBRARY_BROKEN, BROKEN, sentence!("needs ", library)),
        Problem::MissingVersion { library, version, .. } => {
            let evidence = sentence!("needs the version ", version, " of ", library);
            Description::of(&LIBRARY_TOO_OLD, TOO_OLD, evidence)
        }
        _ => return None,
    })
}
