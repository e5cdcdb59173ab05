//! The interpreter is a program for this machine, but the dynamic loader or a library that it needs is missing.

use bstr::ByteSlice;

use super::dangling::CELLAR_REMOVED;
use super::support::problem::{self, Description, RELINK};
use crate::environment::Survey;
use crate::host::Platform;
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
loading shared libraries`, and the exit code is 127; on macOS, dyld reports `Library not loaded`, and the process ends with \
SIGABRT.",
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
process with SIGBUS, and nothing is printed. On macOS, the usual reason is a library for the other processor: `incompatible \
architecture (have 'x86_64', need 'arm64')`.",
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

pub(in crate::rules) static LOADER_UNUSABLE: Rule = Rule {
    code: Code("VD134"),
    name: "loader-unusable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The dynamic loader that the interpreter names exists, but the kernel cannot start it.",
    why: "\
Before the kernel starts a program, it opens the dynamic loader that the program names. If that is a directory or not \
executable, execve fails with EACCES; if it is shorter than the headers of a program, with EIO; if it is not a program for \
this processor, with ELIBBAD. A copied root file system that lost its modes, and an interrupted upgrade of the C library, \
leave such files.",
    example: "\
$ .venv/bin/python
bash: .venv/bin/python: Accessing a corrupted shared library",
    fix: "Reinstall what provides the loader (the C library), or use an interpreter that names another one.",
    sources: &["Linux fs/binfmt_elf.c: load_elf_binary", "execve(2): ELIBBAD, EACCES, EIO"],
};

pub(in crate::rules) static SYMBOL_MISSING: Rule = Rule {
    code: Code("VD135"),
    name: "symbol-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "No library that the loader takes defines a symbol that the interpreter needs.",
    why: "\
The loader takes the first file with the right name. If that is another library, such as the libexpat of a simulation \
suite or a stub, symbols are missing: those of data are looked up before Python runs, those of functions when they are \
called. The loader reports `symbol lookup error`, and the exit code is 127.",
    example: "\
$ LD_LIBRARY_PATH=/opt/suite/lib .venv/bin/python
.venv/bin/python: symbol lookup error: .venv/bin/python: undefined symbol: XML_SetStartElementHandler",
    fix: "Unset LD_LIBRARY_PATH, or remove the file that has the name of another library.",
    sources: &["glibc elf/dl-lookup.c: _dl_lookup_symbol_x", "ld.so(8)"],
};

pub(in crate::rules) static PROGRAM_ONLY_LISTED: Rule = Rule {
    code: Code("VD136"),
    name: "program-only-listed",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A variable makes the dynamic loader print something instead of running the interpreter.",
    why: "\
If LD_TRACE_LOADED_OBJECTS is set, even to an empty text, the loader lists the libraries of every program and ends with \
exit code 0: this is how ldd works. LD_DEBUG=help prints the words that LD_DEBUG accepts. A profile that exports one of \
them stops every program, and nothing reports an error.",
    example: "\
$ LD_TRACE_LOADED_OBJECTS=1 .venv/bin/python -c 'print(1)'
	linux-vdso.so.1 (0x00007ffd5b5e6000)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2790f3e000)",
    fix: "Unset the variable.",
    sources: &["ld.so(8): LD_TRACE_LOADED_OBJECTS, LD_DEBUG"],
};

pub(in crate::rules) static LIBRARY_FORBIDDEN: Rule = Rule {
    code: Code("VD137"),
    name: "library-forbidden",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter runs with the rights of somebody else, and the loader does not accept its library therefore.",
    why: "\
A program with the set-user-ID or set-group-ID bit, or with file capabilities (`setcap`), runs in secure execution: the \
loader ignores LD_LIBRARY_PATH, and accepts $ORIGIN in the DT_RUNPATH of the program only where it leads to a directory of \
the system. Relocatable builds find their libpython by $ORIGIN. For root, capabilities change nothing, so it still works \
there.",
    example: "\
$ sudo setcap cap_net_bind_service=+ep /opt/py/bin/python3.12
$ /opt/py/bin/python3.12
python3.12: error while loading shared libraries: libpython3.12.so.1.0: cannot open shared object file",
    fix: "Remove the rights from the interpreter, or use a build that names its library by an absolute path.",
    sources: &["ld.so(8): secure-execution mode", "glibc elf/dl-load.c: _dl_dst_substitute", "capabilities(7)"],
};

pub(in crate::rules) static LOADING_UNKNOWN: Rule = Rule {
    code: Code("VD138"),
    name: "loading-unknown",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Whether the dynamic loader can start the interpreter depends on something that cannot be determined.",
    why: "\
Functions of libraries are looked up when they are called, so a file that lacks some of them under the name of a needed \
library may do no harm. A C library of another build than the loader, libraries for some processors only, and a library \
in LD_AUDIT may change everything. Nothing is claimed then: neither that Python starts nor that it does not.",
    example: "\
$ LD_LIBRARY_PATH=/opt/stubs .venv/bin/python
.venv/bin/python: /opt/stubs/libm.so.6: no version information available (required by libpython3.12.so.1.0)",
    fix: "Remove the file, or unset the variable that leads to it; or compare with a real start.",
    sources: &["ld.so(8)", "glibc elf/dl-lookup.c: _dl_lookup_symbol_x"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &LOADER_MISSING,
        &LIBRARY_MISSING,
        &LIBRARY_BROKEN,
        &LIBRARY_TOO_OLD,
        &LOADER_UNUSABLE,
        &SYMBOL_MISSING,
        &PROGRAM_ONLY_LISTED,
        &LIBRARY_FORBIDDEN,
        &LOADING_UNKNOWN,
        &FRAMEWORK_COPIED,
    ],
    judges: &[Judge { when: When::Startup(102), find }],
};

const NOT_LOADED: &str = "the dynamic loader fails with exit code 127 before any Python runs";
const BROKEN: &str = "the dynamic loader fails with exit code 127 before any Python runs; a library that was cut after \
                      its headers ends the process with SIGBUS instead";
const ABORTED: &str = "dyld says `Library not loaded` and ends the process with SIGABRT before any Python runs";
const UNDEFINED: &str = "the dynamic loader ends the process with exit code 127 before Python runs any code";
const LISTED: &str = "every program prints a list and ends with exit code 0, and nothing of Python runs";
const REFUSED: &str = "the kernel refuses to start it";
const CRASHES: &str = "the process ends with a signal before any Python runs";
const UNKNOWN: &str = "Python starts, or ends with a signal, or with an error of the dynamic loader";
const TOO_OLD: &str = "the dynamic loader fails with exit code 1 before any Python runs";

/// Finds out why the dynamic loader cannot start the program.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(problem) = &survey.resolution.identification.problem else { return };
    let Some(description) = describe(problem) else { return };
    let finding = problem::finding(survey, problem, description.rule);
    let is_of_dyld = survey.platform() == Platform::Macos
        && matches!(problem, Problem::MissingLibrary { .. } | Problem::BadLibrary { .. });
    let finding = if is_of_dyld { finding.effect(ABORTED) } else { finding };
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
        Problem::BadLoader { loader, error, .. } => {
            let effect = if error.is_some() { REFUSED } else { CRASHES };
            Description::of(&LOADER_UNUSABLE, effect, sentence!("names the dynamic loader ", loader))
        }
        Problem::ForbiddenLibrary { library, .. } => {
            Description::of(&LIBRARY_FORBIDDEN, NOT_LOADED, sentence!("needs ", library))
        }
        Problem::MissingSymbol { symbol, .. } => {
            Description::of(&SYMBOL_MISSING, UNDEFINED, sentence!("needs the symbol ", symbol, " of a library"))
        }
        Problem::OnlyListed { variable } => {
            let evidence = sentence!("is listed instead of run because of ", variable.as_bytes());
            Description::of(&PROGRAM_ONLY_LISTED, LISTED, evidence)
        }
        Problem::LoadingUnknown { object, .. } => {
            Description::of(&LOADING_UNKNOWN, UNKNOWN, sentence!("depends on ", object))
        }
        Problem::BadLibrary { library, .. } => Description::of(&LIBRARY_BROKEN, BROKEN, sentence!("needs ", library)),
        Problem::MissingVersion { library, version, .. } => {
            let evidence = sentence!("needs the version ", version, " of ", library);
            Description::of(&LIBRARY_TOO_OLD, TOO_OLD, evidence)
        }
        _ => return None,
    })
}
