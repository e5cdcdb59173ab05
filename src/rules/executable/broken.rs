//! What keeps the file from being started.

use bstr::{BStr, BString, ByteSlice};

use super::support::own_fixes;
use super::{dangling, mount};
use crate::environment::Survey;
use crate::interpreter::Problem;
use crate::rules::executable::dangling::CELLAR_REMOVED;
use crate::rules::{Code, Confidence, Evidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::startup::Resolution;
use crate::text::sentence;

/// The fix that most of these rules share.
const RELINK: &str = "\
Where an interpreter of the same feature release is found, the commands delete the broken names and have it link the \
environment anew (python -m venv --upgrade --without-pip): what is installed stays. Otherwise make the environment \
anew.";

pub(in crate::rules) static EXECUTABLE_MISSING: Rule = Rule {
    code: Code("VD101"),
    name: "executable-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "There is no file of the name under which Python is to be started.",
    why: "\
A creation that was interrupted, `git clean`, or a virus scanner leave directories and pyvenv.cfg, and no interpreter in \
bin or Scripts. Shells say No such file or directory or command not found; editors and Poetry do not see the \
environment, or make another one.",
    example: "\
$ ls .venv
lib  pyvenv.cfg
$ .venv/bin/python
bash: .venv/bin/python: No such file or directory",
    fix: RELINK,
    sources: &["python-poetry/poetry#2756", "microsoft/python-environment-tools#321"],
};

pub(in crate::rules) static DANGLING_LINK: Rule = Rule {
    code: Code("VD102"),
    name: "dangling-link",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a link to a file that does not exist.",
    why: "\
An environment holds no interpreter but links to that of its base. When the base is removed or upgraded to another \
directory, or when the environment comes to a machine that never had it, the links lead nowhere. The kernel answers No \
such file or directory, although ls lists the name, and scripts end with bad interpreter. No Python ever runs that \
could say more.",
    example: "\
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12
$ ls /opt/python-3.12.1
ls: cannot access '/opt/python-3.12.1': No such file or directory",
    fix: RELINK,
    sources: &["astral-sh/uv#12168", "pypa/pipx#146", "pre-commit/pre-commit#1363"],
};

pub(in crate::rules) static LINK_LOOP: Rule = Rule {
    code: Code("VD103"),
    name: "link-loop",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The links of the interpreter lead in a circle.",
    why: "\
Links that were made by hand, or an environment that was made with its own interpreter, end where they began. The \
kernel gives up after forty links: Too many levels of symbolic links.",
    example: "\
$ ls -l .venv/bin
python -> python3
python3 -> python",
    fix: RELINK,
    sources: &["astral-sh/uv#249", "python/cpython#74994"],
};

pub(in crate::rules) static EXECUTABLE_IS_DIRECTORY: Rule = Rule {
    code: Code("VD104"),
    name: "executable-is-directory",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A directory stands where the interpreter should be.",
    why: "A directory cannot be executed. Mostly the directory of an environment or an installation was named instead of \
the program in its bin.",
    example: "\
$ /opt/python3.12
bash: /opt/python3.12: Is a directory",
    fix: "Name the interpreter in it.",
    sources: &["execve(2): EACCES"],
};

pub(in crate::rules) static EXECUTABLE_IS_NO_FILE: Rule = Rule {
    code: Code("VD105"),
    name: "executable-is-no-file",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A pipe, a socket or a device stands where the interpreter should be.",
    why: "The kernel executes regular files and nothing else; for anything else it answers Permission denied, \
whatever its mode is.",
    example: "\
$ ls -l .venv/bin/python
prwxr-xr-x 1 ada ada 0 .venv/bin/python",
    fix: RELINK,
    sources: &["execve(2): EACCES"],
};

pub(in crate::rules) static EXECUTABLE_UNREACHABLE: Rule = Rule {
    code: Code("VD106"),
    name: "executable-unreachable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter lies below a directory that this user may not enter.",
    why: "\
The base was installed by root into its own home, or by another user, and now a service or a container runs as \
somebody else. The kernel answers Permission denied, scripts end with bad interpreter: Permission denied, and test -e \
says that there is no such file.",
    example: "\
$ readlink -f .venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c '%A %U' /srv/private
drwx------ root",
    fix: "Make the environment anew with an interpreter in a place that everybody may enter. Do not open the home.",
    sources: &["astral-sh/uv#13309", "astral-sh/uv#7758"],
};

pub(in crate::rules) static NOT_EXECUTABLE: Rule = Rule {
    code: Code("VD107"),
    name: "not-executable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter has no execution bit, or none for this user.",
    why: "\
Zip files, artifacts of CI services, FAT and synchronizing programs lose the bits, mostly those of every script in bin \
as well. The kernel answers Permission denied.",
    example: "\
$ ls -l .venv/bin/python
-rw-r--r-- 1 ada ada 17600 .venv/bin/python",
    fix: "The command gives the bits back, to the scripts beside it too.",
    sources: &["execve(2): EACCES", "pypa/pipx#689"],
};

pub(in crate::rules) static EXECUTABLE_EMPTY: Rule = Rule {
    code: Code("VD108"),
    name: "executable-empty",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is an empty file.",
    why: "\
A full disk or an interrupted copy left a name without content. A shell takes an empty file for a script without \
lines: nothing is printed, and the status is 0. Other programs get Exec format error.",
    example: "\
$ .venv/bin/python -c 'print(1)'
$ echo $?
0",
    fix: RELINK,
    sources: &["execve(2): ENOEXEC"],
};

pub(in crate::rules) static LINK_BECAME_TEXT: Rule = Rule {
    code: Code("VD109"),
    name: "link-became-text",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a small text that holds a path: a link that lost its nature on the way.",
    why: "\
Git with core.symlinks=false, zip files and shares of Windows store the target of a link as the content of a file. \
Where that file is executable, a shell runs its content as a command, without the arguments: another Python may start, \
or nothing happens, with status 0.",
    example: "\
$ cat .venv/bin/python
python3.12",
    fix: "The commands make links of the texts again where that gives the environment an interpreter.",
    sources: &["execve(2): ENOEXEC", "git-config(1): core.symlinks"],
};

pub(in crate::rules) static EXECUTABLE_IS_SCRIPT: Rule = Rule {
    code: Code("VD110"),
    name: "executable-is-script",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a script that starts another one, such as a shim of pyenv.",
    why: "\
A shim executes the real interpreter under the real interpreter's path. Python then looks for pyvenv.cfg there and not \
beside the name that was typed: sys.prefix is the base, and the packages of the environment are not found.",
    example: "\
$ readlink .venv/bin/python
/opt/shims/python
$ head -1 /opt/shims/python
#!/usr/bin/env bash",
    fix: "Link the environment to the real interpreter, which `pyenv which python` names.",
    sources: &["pypa/pipenv#3012", "astral-sh/uv#2503"],
};

pub(in crate::rules) static NOT_A_PROGRAM: Rule = Rule {
    code: Code("VD111"),
    name: "not-a-program",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is in no format that the system executes.",
    why: "\
The file has neither the marks of a program nor #!. The kernel answers Exec format error, and a shell then tries to \
run the bytes as its own script.",
    example: "\
$ file .venv/bin/python
.venv/bin/python: data",
    fix: RELINK,
    sources: &["execve(2): ENOEXEC"],
};

pub(in crate::rules) static EXECUTABLE_TRUNCATED: Rule = Rule {
    code: Code("VD112"),
    name: "executable-truncated",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter ends before its own headers say.",
    why: "A full disk, an interrupted copy or the placeholder of a cloud directory left a part of the program. The \
kernel maps what there is, and kills the process when it reaches what is not.",
    example: "\
$ .venv/bin/python
Segmentation fault",
    fix: RELINK,
    sources: &["Linux fs/binfmt_elf.c: load_elf_binary"],
};

pub(in crate::rules) static WRONG_ARCHITECTURE: Rule = Rule {
    code: Code("VD113"),
    name: "wrong-architecture",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is built for another processor.",
    why: "\
The environment, or the image that it lies in, comes from a machine of another kind, such as x86-64 on ARM. The kernel \
has no way to run it unless an emulator is registered: Exec format error. Extension modules in it are of the same \
kind.",
    example: "\
$ uname -m
aarch64
$ file -b .venv/bin/python3.12
ELF 64-bit LSB pie executable, x86-64",
    fix: "Make the environment anew on this machine; what is installed has to be installed again.",
    sources: &["pyca/cryptography#8170", "Linux Documentation/admin-guide/binfmt-misc.rst"],
};

pub(in crate::rules) static WRONG_SYSTEM: Rule = Rule {
    code: Code("VD114"),
    name: "wrong-system",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a program for another operating system.",
    why: "The file is in the format of macOS or Windows, or of Linux on macOS: the environment was carried here, \
or is shared with a container or another system. The kernel answers Exec format error.",
    example: "\
$ file -b .venv/bin/python3.12
Mach-O 64-bit executable arm64",
    fix: "Make the environment anew on this system, in a directory of its own where both use the project.",
    sources: &["copier-org/copier#2226", "execve(2): ENOEXEC"],
};

pub(in crate::rules) static LOADER_MISSING: Rule = Rule {
    code: Code("VD115"),
    name: "loader-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The dynamic loader that the interpreter names does not exist.",
    why: "\
A program names the loader that the kernel starts in its stead: that of glibc, or that of musl. An interpreter of \
Debian finds none on Alpine, and the reverse; a prebuilt one finds none on NixOS. The kernel answers No such file or \
directory, for a file that is there.",
    example: "\
$ .venv/bin/python
sh: .venv/bin/python: not found
$ readelf -l .venv/bin/python | grep interpreter
      [Requesting program interpreter: /lib64/ld-linux-x86-64.so.2]",
    fix: "Make the environment anew with an interpreter of this system: what is installed is built for the other \
C library too.",
    sources: &["astral-sh/uv#6782", "execve(2): ENOENT"],
};

pub(in crate::rules) static LIBRARY_MISSING: Rule = Rule {
    code: Code("VD116"),
    name: "library-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The library that holds the interpreter is in none of the places where the loader looks.",
    why: "\
In a shared build the executable is small, and libpythonX.Y is the interpreter. A copied executable outlives the \
directory in which the library was; an executable that was moved looks in the old one. The loader says error while \
loading shared libraries, and the exit code is 127.",
    example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: libpython3.12.so.1.0: cannot open shared object file",
    fix: RELINK,
    sources: &["ld.so(8)", "pypa/virtualenv#1933"],
};

pub(in crate::rules) static NOT_PYTHON: Rule = Rule {
    code: Code("VD117"),
    name: "not-python",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The file is a program that shows no sign of being a Python.",
    why: "It runs, but it neither needs a library of Python nor exports what an interpreter exports. Nothing can \
be said about its startup.",
    example: "\
$ readlink .venv/bin/python
/usr/bin/true",
    fix: RELINK,
    sources: &["CPython Programs/python.c"],
};

pub(in crate::rules) static LIBRARY_BROKEN: Rule = Rule {
    code: Code("VD118"),
    name: "library-broken",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The file that the loader takes for the interpreter's library is none.",
    why: "\
The loader takes the first file of the name. If it is empty, cut short or no shared object at all, the loader gives up \
and looks no further: file too short, invalid ELF header.",
    example: "\
$ .venv/bin/python
.venv/bin/python: error while loading shared libraries: /opt/py/lib/libpython3.12.so.1.0: file too short",
    fix: "Install the base again, or link the environment to another interpreter of the same release.",
    sources: &["glibc elf/dl-load.c: open_verify"],
};

pub(in crate::rules) static FRAMEWORK_COPIED: Rule = Rule {
    code: Code("VD131"),
    name: "framework-copied",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter was copied out of a macOS framework, which it needs beside itself.",
    why: "\
The executables of Xcode's Command Line Tools and of old framework builds name their library relative to themselves, \
@executable_path/../Python3. A copy in the bin of an environment has no such file beside it: dyld: Library not \
loaded.",
    example: "\
$ .venv/bin/python3
dyld: Library not loaded: @executable_path/../Python3",
    fix: "Link the environment instead of copying, or use a Python of python.org, Homebrew or uv.",
    sources: &["python-poetry/install.python-poetry.org#24", "pypa/virtualenv#1402"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &EXECUTABLE_MISSING,
        &DANGLING_LINK,
        &LINK_LOOP,
        &EXECUTABLE_IS_DIRECTORY,
        &EXECUTABLE_IS_NO_FILE,
        &EXECUTABLE_UNREACHABLE,
        &NOT_EXECUTABLE,
        &EXECUTABLE_EMPTY,
        &LINK_BECAME_TEXT,
        &EXECUTABLE_IS_SCRIPT,
        &NOT_A_PROGRAM,
        &EXECUTABLE_TRUNCATED,
        &WRONG_ARCHITECTURE,
        &WRONG_SYSTEM,
        &LOADER_MISSING,
        &LIBRARY_MISSING,
        &NOT_PYTHON,
        &LIBRARY_BROKEN,
        &FRAMEWORK_COPIED,
    ],
    judges: &[Judge { when: When::Startup(100), find }],
};

/// Judges the executable.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let resolution = survey.resolution;
    let identification = &resolution.identification;
    let executable = resolution.invocation.executable.as_bstr();
    let (Some(problem), Some(complaint)) = (&identification.problem, identification.complaint(executable)) else {
        return;
    };
    if *problem == Problem::NotExecutable
        && let Some(finding) = mount::refused(survey)
    {
        findings.push(finding.step(resolution.outcome.step));
        return;
    }
    let specific = match problem {
        Problem::DanglingLink { link, target, nearest } => {
            dangling::judge(survey, link.as_bstr(), target.as_bstr(), nearest.as_ref())
        }
        _ => None,
    };
    let finding = specific.unwrap_or_else(|| {
        let finding = Finding::new(code(problem), message(executable, problem, &complaint));
        let finding = finding.fix(own_fixes::fix(survey, problem));
        // That is what version managers put on PATH. In an environment, its packages are lost.
        let is_by_design =
            problem.is_started() && matches!(problem, Problem::Script { .. }) && !survey.is_environment();
        if is_by_design { finding.severity(Severity::Info) } else { finding }
    });
    let effect = finding.effect.clone().unwrap_or_else(|| effect(problem).into());
    findings.push(finding.all_evidence(shown_by(resolution, problem)).effect(effect).step(resolution.outcome.step));
}

fn code(problem: &Problem) -> &'static Rule {
    match problem {
        Problem::Missing => &EXECUTABLE_MISSING,
        Problem::DanglingLink { .. } => &DANGLING_LINK,
        Problem::LinkLoop => &LINK_LOOP,
        Problem::Directory => &EXECUTABLE_IS_DIRECTORY,
        Problem::NotAFile => &EXECUTABLE_IS_NO_FILE,
        Problem::Unreachable { .. } => &EXECUTABLE_UNREACHABLE,
        Problem::NotExecutable => &NOT_EXECUTABLE,
        Problem::Empty => &EXECUTABLE_EMPTY,
        Problem::TextLink { .. } => &LINK_BECAME_TEXT,
        Problem::Script { .. } => &EXECUTABLE_IS_SCRIPT,
        Problem::NotAProgram => &NOT_A_PROGRAM,
        Problem::Truncated => &EXECUTABLE_TRUNCATED,
        Problem::WrongArchitecture { .. } => &WRONG_ARCHITECTURE,
        Problem::WrongSystem { .. } => &WRONG_SYSTEM,
        Problem::MissingLoader { .. } => &LOADER_MISSING,
        Problem::MissingLibrary { library, .. } if library.contains_str("/Cellar/") => &CELLAR_REMOVED,
        Problem::MissingLibrary { library, .. } if library.starts_with(b"@executable_path/") => &FRAMEWORK_COPIED,
        Problem::MissingLibrary { .. } => &LIBRARY_MISSING,
        Problem::NotPython => &NOT_PYTHON,
        Problem::BadLibrary { .. } => &LIBRARY_BROKEN,
    }
}

/// What whoever starts it is told.
fn effect(problem: &Problem) -> &'static str {
    match problem {
        Problem::Missing | Problem::DanglingLink { .. } => {
            "the kernel answers No such file or directory; scripts that name it end with bad interpreter"
        }
        Problem::LinkLoop => "the kernel answers Too many levels of symbolic links",
        Problem::Directory => "the shell answers Is a directory",
        Problem::NotAFile => "the kernel answers Permission denied; a shell that looks into a pipe waits for ever",
        Problem::Unreachable { .. } | Problem::NotExecutable => {
            "the kernel answers Permission denied, for every script that names it too"
        }
        Problem::Empty | Problem::TextLink { .. } | Problem::NotAProgram => {
            "the kernel answers Exec format error; a shell then runs the file as a script of its own, without the \
             arguments, and may end with status 0 without having done anything"
        }
        Problem::Script { interpreter_exists: false, .. } | Problem::MissingLoader { .. } => {
            "the kernel answers No such file or directory, for a file that exists"
        }
        Problem::Script { .. } => {
            "the Python that the script starts goes by its own path: it does not see the pyvenv.cfg beside the script"
        }
        Problem::Truncated => "the kernel kills the process as soon as it reaches what is not there",
        Problem::WrongArchitecture { .. } | Problem::WrongSystem { .. } => "the kernel answers Exec format error",
        Problem::MissingLibrary { .. } | Problem::BadLibrary { .. } => {
            "the dynamic loader gives up with exit code 127 before any Python runs"
        }
        Problem::NotPython => "it is started, but what it does is not what a Python does",
    }
}

/// What was typed and what it comes to; where the complaint is about that very path, it says both.
fn message(executable: &BStr, problem: &Problem, complaint: &BString) -> BString {
    let verdict = if problem.is_started() { " is no Python itself: " } else { " starts no Python: " };
    let rest = complaint.strip_prefix(executable.as_bytes());
    match rest.filter(|rest| rest.starts_with(b" ")) {
        Some(_) if !problem.is_started() => complaint.clone(),
        _ => sentence!(executable, verdict, complaint),
    }
}

/// The links on the way, and what was found at their end where that is not told by the last of them.
fn shown_by(resolution: &Resolution, problem: &Problem) -> Vec<Evidence> {
    let identification = &resolution.identification;
    let hops = identification.hops.iter();
    let mut evidence: Vec<Evidence> =
        hops.map(|hop| Evidence::about(hop.path.clone(), sentence!("a link to ", hop.target))).collect();
    if !matches!(problem, Problem::DanglingLink { .. } | Problem::LinkLoop) {
        let file = identification.file.as_ref().unwrap_or(&resolution.invocation.executable);
        evidence.push(Evidence::about(file.clone(), what_it_is(problem)));
    }
    evidence
}

/// What stands at the end of the links, in a few words.
fn what_it_is(problem: &Problem) -> BString {
    match problem {
        Problem::Missing => "does not exist".into(),
        Problem::Unreachable { path } => sentence!("lies below ", path, ", which may not be entered"),
        Problem::NotExecutable => "has no execution bit".into(),
        Problem::TextLink { target } => sentence!("reads ", target),
        Problem::Script { interpreter, .. } if interpreter.is_empty() => "is a script".into(),
        Problem::Script { interpreter, .. } => sentence!("begins with #!, for ", interpreter),
        Problem::MissingLoader { loader } => sentence!("names the dynamic loader ", loader),
        Problem::MissingLibrary { library, .. } | Problem::BadLibrary { library } => sentence!("needs ", library),
        Problem::WrongArchitecture { built_for } => sentence!("is built for ", built_for),
        Problem::WrongSystem { format } => sentence!("is in the format ", format.as_bytes()),
        Problem::Directory => "is a directory".into(),
        Problem::NotAFile => "is no regular file".into(),
        Problem::Empty => "is empty".into(),
        Problem::NotAProgram => "has no executable format".into(),
        Problem::Truncated => "is shorter than its headers say".into(),
        Problem::NotPython => "shows no sign of being a Python".into(),
        Problem::DanglingLink { target, .. } => sentence!("leads to ", target),
        Problem::LinkLoop => "leads in a circle".into(),
    }
}
