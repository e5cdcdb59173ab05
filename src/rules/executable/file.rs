//! The interpreter's file is missing, out of reach, or not a file that this user may execute.

use bstr::ByteSlice;

use super::support::problem::{self, Description, RELINK};
use super::{dangling, mount};
use crate::environment::Survey;
use crate::interpreter::Problem;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When};
use crate::startup::Status;
use crate::text::sentence;

pub(in crate::rules) static EXECUTABLE_MISSING: Rule = Rule {
    code: Code("VD101"),
    name: "executable-missing",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter's file does not exist.",
    why: "\
An interrupted creation, `git clean` or a virus scanner can leave the directories and pyvenv.cfg, but no interpreter in \
bin or Scripts. Shells report `No such file or directory` or `command not found`; editors and Poetry do not recognize \
the environment, or create another one.",
    example: "\
$ ls .venv
lib  pyvenv.cfg
$ .venv/bin/python
bash: .venv/bin/python: No such file or directory",
    fix: RELINK,
    sources: &["python-poetry/poetry#2756", "microsoft/python-environment-tools#321"],
};

pub(in crate::rules) static DANGLING_SYMLINK: Rule = Rule {
    code: Code("VD102"),
    name: "dangling-symlink",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a symlink to a file that does not exist.",
    why: "\
An environment usually contains no interpreter, only symlinks to the interpreter of its base. When the base is removed \
or upgraded to another directory, or when the environment is copied to a machine that never had this base, the symlinks \
dangle. Starting Python fails with `No such file or directory` although `ls` lists the name, and scripts fail with `bad \
interpreter`. No Python runs that could say more.",
    example: "\
$ readlink .venv/bin/python
/opt/python-3.12.1/bin/python3.12
$ ls /opt/python-3.12.1
ls: cannot access '/opt/python-3.12.1': No such file or directory",
    fix: RELINK,
    sources: &["astral-sh/uv#12168", "pypa/pipx#146", "pre-commit/pre-commit#1363"],
};

pub(in crate::rules) static SYMLINK_LOOP: Rule = Rule {
    code: Code("VD103"),
    name: "symlink-loop",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The symlinks of the interpreter form a loop.",
    why: "\
Symlinks that were created by hand, or an environment that was created with its own interpreter, can lead back to where \
they started. The system follows 40 symlinks and then reports `Too many levels of symbolic links`.",
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
    summary: "The path of the interpreter is a directory.",
    why: "A directory cannot be executed. Usually somebody gave the directory of an environment or an installation \
instead of the program in its bin.",
    example: "\
$ /opt/python3.12
bash: /opt/python3.12: Is a directory",
    fix: "Give the path of the interpreter in that directory.",
    sources: &["execve(2): EACCES"],
};

pub(in crate::rules) static EXECUTABLE_IS_NO_FILE: Rule = Rule {
    code: Code("VD105"),
    name: "executable-is-no-file",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The path of the interpreter is a pipe, a socket or a device.",
    why: "The system executes regular files only. For anything else it reports `Permission denied`, whatever the mode.",
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
    summary: "The interpreter is below a directory that this user may not enter.",
    why: "\
Root or another user installed the base in a home directory, and a service or a container now runs as somebody else. \
Starting Python fails with `Permission denied`, scripts fail with `bad interpreter: Permission denied`, and `test -e` \
says that the file does not exist.",
    example: "\
$ readlink -f .venv/bin/python
/srv/private/python-3.12/bin/python3.12
$ stat -c '%A %U' /srv/private
drwx------ root",
    fix: "Recreate the environment with an interpreter in a directory that everybody may enter. Do not open the home \
directory to others.",
    sources: &["astral-sh/uv#13309", "astral-sh/uv#7758"],
};

pub(in crate::rules) static NOT_EXECUTABLE: Rule = Rule {
    code: Code("VD107"),
    name: "not-executable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter has no execute permission, or none for this user.",
    why: "\
Zip files, artifacts of CI services, FAT file systems and synchronization programs drop execute permissions, usually \
those of every script in bin as well. Starting Python fails with `Permission denied`.",
    example: "\
$ ls -l .venv/bin/python
-rw-r--r-- 1 ada ada 17600 .venv/bin/python",
    fix: "The command restores the permission, also for the scripts next to the interpreter.",
    sources: &["execve(2): EACCES", "pypa/pipx#689"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &EXECUTABLE_MISSING,
        &DANGLING_SYMLINK,
        &SYMLINK_LOOP,
        &EXECUTABLE_IS_DIRECTORY,
        &EXECUTABLE_IS_NO_FILE,
        &EXECUTABLE_UNREACHABLE,
        &NOT_EXECUTABLE,
    ],
    judges: &[Judge { when: When::Startup(100), find }],
};

const NOT_FOUND: &str =
    "starting it fails with `No such file or directory`, and scripts that name it fail with `bad interpreter`";
const DENIED: &str = "starting it fails with `Permission denied`, and so do all scripts that name it";

/// Finds out why the file cannot be executed, before anything is read from it.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(problem) = &survey.resolution.identification.problem else { return };
    let Some(description) = describe(problem) else { return };
    // That no Python is in an environment of conda may be as it should be.
    if survey.resolution.outcome.status == Status::NotSimulated {
        return;
    }
    if *problem == Problem::NotExecutable
        && let Some(finding) = mount::refused(survey)
    {
        findings.push(finding.step(survey.resolution.outcome.step));
        return;
    }
    let specific = match problem {
        Problem::DanglingLink { link, target, nearest } => {
            dangling::judge(survey, link.as_bstr(), target.as_bstr(), nearest.as_ref())
        }
        _ => None,
    };
    let finding = specific.unwrap_or_else(|| problem::finding(survey, problem, description.rule));
    findings.push(description.complete(survey, finding));
}

/// The problems that this file has rules for.
pub(super) fn describe(problem: &Problem) -> Option<Description> {
    Some(match problem {
        Problem::Missing => Description::of(&EXECUTABLE_MISSING, NOT_FOUND, "does not exist"),
        Problem::DanglingLink { .. } => Description::by_symlinks(&DANGLING_SYMLINK, NOT_FOUND),
        Problem::LinkLoop => {
            Description::by_symlinks(&SYMLINK_LOOP, "starting it fails with `Too many levels of symbolic links`")
        }
        Problem::Directory => {
            Description::of(&EXECUTABLE_IS_DIRECTORY, "the shell reports `Is a directory`", "is a directory")
        }
        Problem::NotAFile => Description::of(
            &EXECUTABLE_IS_NO_FILE,
            "starting it fails with `Permission denied`; a shell that reads from a pipe waits forever",
            "is not a regular file",
        ),
        Problem::Unreachable { path } => {
            let evidence = sentence!("is below ", path, ", which this user may not enter");
            Description::of(&EXECUTABLE_UNREACHABLE, DENIED, evidence)
        }
        Problem::NotExecutable => Description::of(&NOT_EXECUTABLE, DENIED, "has no execute permission"),
        _ => return None,
    })
}
