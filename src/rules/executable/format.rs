//! The interpreter's file exists, but its content is not a Python program for this machine.

use bstr::{BString, ByteSlice};

use super::support::problem::{self, Description, RELINK};
use crate::environment::Survey;
use crate::host::Platform;
use crate::interpreter::{Problem, Shim, is_python};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::Status;
use crate::text::sentence;

/// How many names of one interpreter lead to each other.
const MOST_NAMES: usize = 4;

pub(in crate::rules) static EXECUTABLE_EMPTY: Rule = Rule {
    code: Code("VD108"),
    name: "executable-empty",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is an empty file.",
    why: "\
A full disk or an interrupted copy left a file without content. A shell runs an empty file as a script without lines: \
it prints nothing, and the status is 0. Other programs fail with `Exec format error`.",
    example: "\
$ .venv/bin/python -c 'print(1)'
$ echo $?
0",
    fix: RELINK,
    sources: &["execve(2): ENOEXEC"],
};

pub(in crate::rules) static SYMLINK_BECAME_TEXT: Rule = Rule {
    code: Code("VD109"),
    name: "symlink-became-text",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a small text file that contains a path: a symlink that was stored as text.",
    why: "\
Git with core.symlinks=false, zip files and Windows shares store the target of a symlink as the content of a file. If \
that file is executable, a shell runs its content as a command, without the arguments: another Python may start, or \
nothing happens and the status is 0.",
    example: "\
$ cat .venv/bin/python
python3.12",
    fix: "The commands turn the text files back into symlinks where that gives the environment an interpreter.",
    sources: &["execve(2): ENOEXEC", "git-config(1): core.symlinks"],
};

pub(in crate::rules) static EXECUTABLE_IS_SCRIPT: Rule = Rule {
    code: Code("VD110"),
    name: "executable-is-script",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a script that starts another one, such as a shim of pyenv.",
    why: "\
A shim executes the real interpreter under the real interpreter's path. Python then looks for pyvenv.cfg near that path \
and not near the one that was typed: sys.prefix is the base, and the packages of the environment are not found. A shim of \
which the version manager finds no program, or a script whose first line the system refuses, starts no Python at all.",
    example: "\
$ readlink .venv/bin/python
/opt/shims/python
$ head -1 /opt/shims/python
#!/usr/bin/env bash",
    fix: "Point the environment's symlinks to the real interpreter, which `pyenv which python` prints.",
    sources: &["pypa/pipenv#3012", "astral-sh/uv#2503"],
};

pub(in crate::rules) static NOT_A_PROGRAM: Rule = Rule {
    code: Code("VD111"),
    name: "not-a-program",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is not in a format that the system executes.",
    why: "\
The file starts neither with the signature of a program nor with #!. Executing it fails with `Exec format error`, and a \
shell then tries to run the bytes as a shell script.",
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
    summary: "The interpreter is shorter than its own headers say.",
    why: "A full disk, an interrupted copy or the placeholder of a cloud directory left only a part of the program. The \
kernel maps that part into memory, and kills the process when it reaches a part that is missing.",
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
    summary: "The interpreter is built for another processor architecture.",
    why: "\
The environment, or the image that contains it, comes from a machine of another architecture, such as x86-64 on ARM. \
Unless an emulator is registered, the system cannot run the interpreter: `Exec format error`, on macOS `Bad CPU type in \
executable`. The extension modules in the environment are built for the same architecture.",
    example: "\
$ uname -m
aarch64
$ file -b .venv/bin/python3.12
ELF 64-bit LSB pie executable, x86-64",
    fix: "Recreate the environment on this machine and reinstall its packages.",
    sources: &["pyca/cryptography#8170", "Linux Documentation/admin-guide/binfmt-misc.rst"],
};

pub(in crate::rules) static WRONG_SYSTEM: Rule = Rule {
    code: Code("VD114"),
    name: "wrong-system",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The interpreter is a program for another operating system.",
    why: "The file is in the format of macOS or Windows, or of Linux on macOS: the environment was copied to this \
system, or is shared with a container or another system. Executing it fails with `Exec format error`.",
    example: "\
$ file -b .venv/bin/python3.12
Mach-O 64-bit executable arm64",
    fix: "Recreate the environment on this system. If both systems use the project, use one environment directory for each.",
    sources: &["copier-org/copier#2226", "execve(2): ENOEXEC"],
};

pub(in crate::rules) static NOT_PYTHON: Rule = Rule {
    code: Code("VD117"),
    name: "not-python",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "The file is a program that is no Python interpreter.",
    why: "It runs, but it does not start the interpreter of a library of Python as `python` does, nor does it export the \
symbols that an interpreter exports. It may be a \
small program that starts a Python of its own choice, as those of Nix do, or have nothing to do with Python. Or it embeds \
Python, as debuggers and editors do: it needs that library, and starts Python with a configuration of its own. Nothing \
can be said about its startup.",
    example: "\
$ readlink .venv/bin/python
/usr/bin/true",
    fix: RELINK,
    sources: &["CPython Programs/python.c"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &EXECUTABLE_EMPTY,
        &SYMLINK_BECAME_TEXT,
        &EXECUTABLE_IS_SCRIPT,
        &NOT_A_PROGRAM,
        &EXECUTABLE_TRUNCATED,
        &WRONG_ARCHITECTURE,
        &WRONG_SYSTEM,
        &NOT_PYTHON,
    ],
    judges: &[Judge { when: When::Startup(101), find }, Judge { when: When::Startup(141), find: shim_in_environment }],
};

const NO_FORMAT: &str = "starting it fails with `Exec format error`";
const NO_SLICE: &str = "starting it fails with `Bad CPU type in executable`; Rosetta, where it can be installed, runs \
                        programs for x86_64";
const RUN_BY_THE_SHELL: &str = "starting it fails with `Exec format error`; a shell then runs the file as a shell \
                                script, without the arguments, and may end with status 0 without having done anything";
const OWN_PATH: &str = "the script starts another Python under that Python's own path, so that the pyvenv.cfg next to the \
                        script is not read";
const UNKNOWN_SCRIPT: &str = "whether the script starts a Python, and which, is not known";

/// Finds out why the content of the file is not a Python that starts.
fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some(problem) = &survey.resolution.identification.problem else { return };
    let Some(description) = describe(problem) else { return };
    let mut finding = problem::finding(survey, problem, description.rule);
    // Version managers put such scripts on PATH on purpose. In an environment, their shims hide its packages. What other
    // scripts start is not known.
    let hides_packages = matches!(problem, Problem::Script { shim: Some(_), .. }) && survey.is_environment();
    if survey.platform() == Platform::Macos && matches!(problem, Problem::WrongArchitecture { .. }) {
        finding = finding.effect(NO_SLICE);
    }
    let outcome = &survey.resolution.outcome;
    if outcome.status == Status::FailsToExecute && problem.is_started() {
        finding.message = outcome.reason.clone().unwrap_or(finding.message);
        finding = finding.effect("the command ends before any Python starts");
        if let Some(advice) = repair(survey, problem) {
            finding = finding.fix(Fix::advice(advice));
        }
    } else if matches!(problem, Problem::Script { .. }) && problem.is_started() && !hides_packages {
        finding = finding.severity(Severity::Info);
        // Only a script in the place of an interpreter certainly starts one.
        if !is_python(survey.base_name(survey.resolution.invocation.executable.as_bstr()).as_bstr()) {
            finding = finding.effect(UNKNOWN_SCRIPT);
        }
    }
    let mut finding = description.complete(survey, finding);
    let facts = &survey.resolution.identification.interpreter.evidence;
    if let (Some(launcher), Some(file)) =
        (facts.iter().find(|fact| fact.fact == "launcher"), &survey.resolution.identification.file)
    {
        finding = finding.evidence(Evidence::about(file.clone(), sentence!("is a launcher for ", launcher.value)));
    }
    findings.push(finding);
}

/// What to change in a script, or about a shim, that starts nothing.
fn repair(survey: &Survey<'_>, problem: &Problem) -> Option<BString> {
    match problem {
        Problem::Script { shim: Some(_), .. } => {
            Some("install what the version manager does not find, or choose a version that is installed".into())
        }
        Problem::Script { shim: None, .. } => {
            let file = survey.resolution.identification.file.as_ref()?;
            Some(sentence!("name a Python interpreter in the first line of ", file))
        }
        _ => None,
    }
}

/// A shim in the place of an environment's interpreter. It starts a Python, but not that of the environment.
fn shim_in_environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let hops = survey.resolution.command.iter().flat_map(|command| &command.hops);
    for hop in hops.filter(|hop| hop.kind.is_shim()) {
        let python = survey.absolute(hop.path.as_bstr());
        let bin = survey.parent(python.as_bstr());
        let root = survey.parent(bin.as_bstr());
        let cfg = survey.join(&root, "pyvenv.cfg");
        let is_interpreter = is_python(survey.base_name(python.as_bstr()).as_bstr()) && bin.ends_with(b"/bin");
        if !is_interpreter || !survey.ask.is_file(cfg.as_bstr()) {
            continue;
        }
        let kind = hop.kind.words();
        let message =
            sentence!(python, " is a ", kind, ", which starts ", hop.starts, " without the environment ", root);
        let symlink = symlink_out(survey, python.clone());
        let mut fix = Fix::advice(sentence!(
            "point ",
            symlink,
            " to an interpreter of the version for which the environment was made"
        ));
        let version = survey.resolution.identification.interpreter.version;
        let library = version.map(|version| survey.join(&root, format!("lib/python{}", version.short())));
        if library.is_some_and(|library| survey.ask.is_dir(library.as_bstr())) {
            fix = fix.command(fixes::symlink(survey, &hop.starts, symlink.as_bstr())).safe();
        }
        findings.push(
            Finding::new(&EXECUTABLE_IS_SCRIPT, message)
                .evidence(Evidence::about(python, sentence!("is a ", kind)))
                .evidence(Evidence::about(cfg, "is not read"))
                .effect(sentence!("no package of ", root, " can be imported"))
                .fix(fix),
        );
    }
}

/// The last symlink in the same directory: `python3` often leads to `python`, and only that leads out.
fn symlink_out(survey: &Survey<'_>, mut path: BString) -> BString {
    for _ in 0..MOST_NAMES {
        match survey.ask.read_link(path.as_bstr()) {
            Ok(target) if !target.contains(&b'/') => path = survey.join(survey.parent(path.as_bstr()), target),
            _ => break,
        }
    }
    path
}

/// The problems that this file has rules for.
pub(super) fn describe(problem: &Problem) -> Option<Description> {
    Some(match problem {
        Problem::Empty => Description::of(&EXECUTABLE_EMPTY, RUN_BY_THE_SHELL, "is empty"),
        Problem::TextLink { target } => {
            Description::of(&SYMLINK_BECAME_TEXT, RUN_BY_THE_SHELL, sentence!("contains the text ", target))
        }
        Problem::Script { interpreter, interpreter_exists, shim, .. } => {
            let effect = if *interpreter_exists { OWN_PATH } else { problem::NOT_FOUND_THOUGH_PRESENT };
            let evidence = if interpreter.is_empty() {
                "is a script".into()
            } else if *shim == Some(Shim::DeveloperTools) {
                sentence!("needs the library ", interpreter)
            } else {
                sentence!("starts with #! and the path ", interpreter)
            };
            Description::of(&EXECUTABLE_IS_SCRIPT, effect, evidence)
        }
        Problem::NotAProgram => Description::of(&NOT_A_PROGRAM, RUN_BY_THE_SHELL, "has no executable format"),
        Problem::Truncated => {
            let effect = "the kernel kills the process when it reaches a part of the file that is missing";
            Description::of(&EXECUTABLE_TRUNCATED, effect, "is shorter than its headers say")
        }
        Problem::WrongArchitecture { built_for } => {
            Description::of(&WRONG_ARCHITECTURE, NO_FORMAT, sentence!("is built for ", built_for))
        }
        Problem::WrongSystem { format } => {
            Description::of(&WRONG_SYSTEM, NO_FORMAT, sentence!("is in the format ", format.as_bytes()))
        }
        Problem::EmbedsPython { library } => {
            let effect = "the program configures the Python in it by code of its own, so that its prefix is not known";
            Description::of(&NOT_PYTHON, effect, sentence!("needs ", library, " and starts the Python in it"))
        }
        Problem::NotPython => {
            let effect = "whether the program starts a Python, and which, is not known";
            Description::of(&NOT_PYTHON, effect, "shows no sign of being Python")
        }
        _ => return None,
    })
}
