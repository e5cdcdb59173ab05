//! Lines and files that fail, as the simulation has noted them.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::support::{files, own_fixes};
use crate::environment::Survey;
use crate::rules::startup_code::customize::CUSTOMIZE_FAILS;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{Failure, Fault, HookKind};
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static PTH_IMPORT_FAILS: Rule = Rule {
    code: Code("VD402"),
    name: "pth-import-fails",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "\
A line of a .pth file raises an exception at every start, mostly because the module that it imports is gone.",
    why: "\
A line that begins with import is executed. Up to 3.14 an exception is printed and ends the file, so that the lines \
after it have no effect; from 3.15 on only the line is lost. An environment of 3.14 or before prints it twice, for its \
directory is processed twice. Programs that compare standard error, or that parse it, stumble over the text. It is left \
over when a package is removed and its .pth file is not.",
    example: "\
$ .venv/bin/python -c pass
Error processing line 1 of .venv/lib/python3.12/site-packages/distutils-precedence.pth:

  Traceback (most recent call last):
  ModuleNotFoundError: No module named '_distutils_hack'

Remainder of file ignored",
    fix: "Install the owner of the file again; a file that nobody owns is removed.",
    sources: &["CPython Lib/site.py: addpackage", "pdm-project/pdm#821", "pypa/get-pip#226"],
};

pub(in crate::rules) static PTH_NOT_UTF8: Rule = Rule {
    code: Code("VD403"),
    name: "pth-not-utf8",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A .pth file cannot be decoded, and Python does not start.",
    why: "\
The file is decoded as a whole: in the locale's encoding up to 3.12.3, from then on as UTF-8 and only then in the \
locale's. One byte that does not fit raises UnicodeDecodeError, which the site module does not catch. Whoever uses \
another locale may see nothing of it. A path with letters of an old code page is the usual cause.",
    example: "\
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 8: invalid continuation byte",
    fix: "Write the file as UTF-8; until then it is put where Python does not look.",
    sources: &["CPython Lib/site.py: addpackage", "python/cpython#113356", "python/cpython#77102"],
};

pub(in crate::rules) static PTH_STOPS_STARTUP: Rule = Rule {
    code: Code("VD407"),
    name: "pth-stops-startup",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A line of a .pth file ends, blocks or may not finish the start of every Python.",
    why: "\
Code in a .pth file runs inside the import of site. SystemExit is no Exception, so that nothing catches it and Python \
dies; a line that waits is waited for twice, once for each time that an environment's directory is processed; a line that \
starts another Python starts itself there again. Whether code that is not known gets so far cannot be told without \
running it: such a line is reported as a warning, with the call that speaks for it.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/guard.pth
import sys; sys.exit(3)
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
SystemExit: 3",
    fix: "Put the file where Python does not look, read it, and install its owner again.",
    sources: &["CPython Lib/site.py: addpackage", "BerriAI/litellm#24521"],
};

pub(in crate::rules) static START_SYNTAX: Rule = Rule {
    code: Code("VD412"),
    name: "start-syntax",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .start file is no package.module:callable.",
    why: "\
From 3.15 on each line of a .start file names one function, with one colon and without blanks or brackets. Anything \
else is reported at every start and not called, while Python goes on. A dot in the place of the colon is the usual \
mistake.",
    example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks.install
$ .venv/bin/python -c pass
Invalid entry point syntax in .venv/lib/python3.15/site-packages/app.start: 'app.hooks.install'",
    fix: "Write package.module:callable, or install the owner of the file again.",
    sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
};

pub(in crate::rules) static START_UNRESOLVED: Rule = Rule {
    code: Code("VD413"),
    name: "start-unresolved",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .start file names a module that does not exist.",
    why: "\
The entry points of .start files are imported after all paths are on sys.path. One that is not found is reported at \
every start; the others are called. It is what remains of a package that was removed by hand, or of an editable \
install whose project moved.",
    example: "\
$ cat .venv/lib/python3.15/site-packages/app.start
app.hooks:install
$ .venv/bin/python -c pass
Error resolving entry point app.hooks:install from .venv/lib/python3.15/site-packages/app.start",
    fix: "Install the owner of the file again, or what holds the module, or remove the line.",
    sources: &["PEP 829", "python/cpython#149109"],
};

pub(in crate::rules) static NSPKG_LEGACY: Rule = Rule {
    code: Code("VD417"),
    name: "nspkg-legacy",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The .pth file of a namespace package reads a variable that this pre-release of 3.15 does not have.",
    why: "\
Namespace packages of old releases of setuptools are set up by a line that looks for the variable sitedir in the \
function that executes it. The first two betas of 3.15 executed such lines in another function, and every start \
printed a KeyError. 3.15.0b3 put the variable back.",
    example: "\
$ .venv/bin/python -c pass
Error in import line from .venv/lib/python3.15/site-packages/repoze.lru-0.7-nspkg.pth: import sys, types, os;...
  KeyError: \"local variable ''sitedir'' is not defined\"",
    fix: "Use 3.15.0b3 or later, or releases of the packages that need no such file.",
    sources: &["python/cpython#149671", "python/cpython#156404", "tox-dev/tox#3937"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PTH_IMPORT_FAILS, &PTH_NOT_UTF8, &PTH_STOPS_STARTUP, &START_SYNTAX, &START_UNRESOLVED, &NSPKG_LEGACY],
    judges: &[Judge { when: When::Startup(400), find }],
};

/// Judges what fails. A file that is processed twice is reported once.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut seen: HashSet<(&BStr, Option<usize>)> = HashSet::new();
    let mut told = 0;
    for failure in &survey.resolution.failures {
        let place = (failure.file.as_bstr(), failure.line);
        // A line of a companion file of macOS is nothing that anybody wrote.
        if !seen.insert(place) || files::is_apple_double(survey, place.0) {
            continue;
        }
        // What ends Python is told in any case.
        told += 1;
        if told > files::MOST_TOLD && !failure.fault.is_fatal() {
            continue;
        }
        findings.push(judge(survey, failure).step(failure.step));
    }
    if let Some(more) = told.checked_sub(files::MOST_TOLD + 1) {
        let message = format!("{} more lines and files fail at every start", more + 1);
        let advice = "make the environment anew, or remove the files that nothing needs";
        findings.push(Finding::new(&PTH_IMPORT_FAILS, message).fix(Fix::advice(advice)));
    }
}

fn judge(survey: &Survey<'_>, failure: &Failure) -> Finding {
    match &failure.fault {
        Fault::MissingModule(module) => missing_module(survey, failure, module),
        Fault::Syntax => fails(survey, failure, "is no Python", b"import"),
        Fault::NulByte => fails(survey, failure, "holds a NUL byte", b"\0"),
        Fault::SitedirGone => sitedir(survey, failure),
        Fault::EntryPointForm => entry_point_form(survey, failure),
        Fault::EntryPointModule(module) => entry_point_module(survey, failure, module),
        Fault::Exits(exception) => exits(survey, failure, exception),
        Fault::Undecodable(error) => undecodable(survey, failure, error),
        Fault::Blocks => blocks(survey, failure),
    }
}

fn place(survey: &Survey<'_>, failure: &Failure) -> BString {
    let whose = own_fixes::whose(&survey.owner_of(failure.file.as_bstr()));
    let line = failure.line.map_or_else(String::new, |line| format!("line {line} of "));
    sentence!(line, failure.file, whose)
}

fn evidence(survey: &Survey<'_>, failure: &Failure, needle: &[u8]) -> Evidence {
    let file = failure.file.as_bstr();
    match failure.line {
        Some(line) => files::line_evidence(survey, file, line, needle),
        None => Evidence::about(file, needle),
    }
}

fn missing_module(survey: &Survey<'_>, failure: &Failure, module: &str) -> Finding {
    let what = format!("imports {module}, which is nowhere on sys.path");
    fails(survey, failure, &what, module.as_bytes())
}

/// An import line, or a path, that raises an exception which Python survives.
fn fails(survey: &Survey<'_>, failure: &Failure, what: &str, needle: &[u8]) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    let fix = match failure.line {
        // The other lines may be alive.
        Some(line) if ownership.is_nobody() && files::count_meaningful(survey, file) > 1 => {
            own_fixes::delete_line(survey, file, line)
        }
        _ => own_fixes::reinstall_or_remove(survey, file, &ownership, true),
    };
    let effect = if files::has(survey, Behavior::StartFiles) {
        "Python prints an error at every start, and goes on with the next line"
    } else {
        "Python prints an error at every start, and ignores the rest of the file"
    };
    Finding::new(&PTH_IMPORT_FAILS, sentence!(place(survey, failure), " ", what))
        .evidence(evidence(survey, failure, needle))
        .effect(effect)
        .fix(fix)
}

fn sitedir(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let version = survey.version().map(|version| version.to_string()).unwrap_or_default();
    let message = sentence!(
        place(survey, failure),
        " reads sitedir from the function that runs it, and Python ",
        version,
        " has no such variable there"
    );
    Finding::new(&NSPKG_LEGACY, message)
        .evidence(evidence(survey, failure, b"sys._getframe(1).f_locals['sitedir']"))
        .effect("Python prints a KeyError at every start, and the namespace package is not set up by this line")
        .fix(Fix::advice(
            "use 3.15.0b3 or later, which has the variable again, or a release of the distribution without this file",
        ))
}

fn entry_point_form(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let file = failure.file.as_bstr();
    let line = failure.line.and_then(|line| files::lines(survey, file).into_iter().nth(line.saturating_sub(1)));
    let wanted = line.unwrap_or_default();
    let wanted = python::strip(&wanted);
    let message = sentence!(place(survey, failure), ", ", wanted, ", is no package.module:callable");
    Finding::new(&START_SYNTAX, message)
        .evidence(evidence(survey, failure, wanted))
        .effect("Python prints an error at every start, and does not call what is meant")
        .fix(in_start_file(survey, file, "write the line as package.module:callable"))
}

fn entry_point_module(survey: &Survey<'_>, failure: &Failure, module: &str) -> Finding {
    let file = failure.file.as_bstr();
    let message = sentence!(place(survey, failure), " names ", module, ", which is nowhere on sys.path");
    Finding::new(&START_UNRESOLVED, message)
        .evidence(evidence(survey, failure, module.as_bytes()))
        .effect("Python prints an error at every start, and goes on without the call")
        .fix(in_start_file(survey, file, "install what holds the module, or remove the line"))
}

/// The owner is installed again; without one, somebody has to write the line anew.
pub fn in_start_file(survey: &Survey<'_>, file: &BStr, advice: &str) -> Fix {
    let ownership = survey.owner_of(file);
    match ownership.owner() {
        Some(_) => own_fixes::reinstall_or_remove(survey, file, &ownership, false),
        None => Fix::advice(advice),
    }
}

fn exits(survey: &Survey<'_>, failure: &Failure, exception: &str) -> Finding {
    let file = failure.file.as_bstr();
    let is_module = failure.line.is_none();
    let code = if is_module { &CUSTOMIZE_FAILS } else { &PTH_STOPS_STARTUP };
    let needle: &[u8] = if is_module { b"" } else { exit_call(survey, failure) };
    let evidence = if is_module { module_exit(survey, file, exception) } else { evidence(survey, failure, needle) };
    Finding::new(code, sentence!(place(survey, failure), " ends the process: ", exception))
        .severity(Severity::Error)
        .evidence(evidence)
        .effect("Python dies while it imports site, before it runs anything else")
        .fix(own_fixes::set_aside(survey, file, &survey.owner_of(file)))
}

/// The call by which a line ends the process.
fn exit_call(survey: &Survey<'_>, failure: &Failure) -> &'static [u8] {
    const CALLS: [&[u8]; 2] = [b"raise SystemExit", b"sys.exit"];
    let code = survey.resolution.startup.iter().find(|it| it.file == failure.file && it.line == failure.line);
    let code = code.and_then(|it| it.code.as_ref());
    let found = CALLS.into_iter().find(|call| code.is_some_and(|code| code.contains_str(call)));
    found.unwrap_or_default()
}

/// The first statement of a module, which ends the process.
fn module_exit(survey: &Survey<'_>, file: &BStr, exception: &str) -> Evidence {
    let content = files::content(survey, file).unwrap_or_default();
    let is_code = |line: &[u8]| !line.trim().is_empty() && !line.starts_with(b"#");
    match content.lines().enumerate().find(|(_, line)| is_code(line)) {
        Some((index, line)) => Evidence::line(file, index + 1, files::shortened(line.as_bstr())).marking(line.trim()),
        None => Evidence::about(file, exception),
    }
}

fn undecodable(survey: &Survey<'_>, failure: &Failure, error: &str) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    let message = sentence!(failure.file, own_fixes::whose(&ownership), " cannot be decoded: ", error);
    let fix = match latin_1(survey, file) {
        Some(path) if ownership.owner().is_none() => {
            let advice = sentence!("write ", file, " as UTF-8: read as ISO-8859-1 it names ", path, ", which exists");
            let iconv = ["iconv", "-f", "ISO-8859-1", "-t", "UTF-8"];
            Fix::advice(advice).commands(fixes::rewrite(survey, file, &iconv))
        }
        _ => own_fixes::set_aside(survey, file, &ownership),
    };
    Finding::new(&PTH_NOT_UTF8, message)
        .all_evidence(first_bad_line(survey, file))
        .effect("Python dies while it imports site, before it runs anything else")
        .fix(fix)
}

/// The first line that is not UTF-8, or in a locale that knows only ASCII, not ASCII.
fn first_bad_line(survey: &Survey<'_>, file: &BStr) -> Option<Evidence> {
    let content = files::content(survey, file).ok()?;
    let lines = || python::universal_lines(&content).into_iter().enumerate();
    let at_bad = |line: &[u8]| line.to_str().err().map(|error| error.valid_up_to());
    let found = lines().find_map(|(index, line)| Some((index, line, at_bad(line)?)));
    let (index, line, at) = found.or_else(|| {
        lines().find_map(|(index, line)| Some((index, line, line.iter().position(|byte| !byte.is_ascii())?)))
    })?;
    Some(Evidence::line(file, index + 1, files::shortened(line)).span(at..at + 1))
}

/// A path that exists where the bytes of its line are read as ISO-8859-1.
fn latin_1(survey: &Survey<'_>, file: &BStr) -> Option<BString> {
    let content = files::content(survey, file).ok()?;
    let dir = survey.parent(file);
    let lines = python::universal_lines(&content).into_iter().filter(|line| !line.is_ascii()).take(8);
    let paths = lines.map(|line| {
        let read: String = python::strip_end(line).iter().copied().map(char::from).collect();
        survey.join(&dir, read)
    });
    paths.into_iter().find(|path| survey.exists(path.as_bstr()))
}

fn blocks(survey: &Survey<'_>, failure: &Failure) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    Finding::new(
        &PTH_STOPS_STARTUP,
        sentence!(failure.file, own_fixes::whose(&ownership), " is no regular file, and opening it can take for ever"),
    )
    .evidence(Evidence::about(file, "a pipe, a socket or a device"))
    .effect("Python waits at every start for what somebody else writes there")
    .fix(own_fixes::set_aside(survey, file, &ownership))
}

/// The kinds of code that stand in a line of a file.
pub fn is_line(kind: HookKind) -> bool {
    matches!(kind, HookKind::PthImport | HookKind::StartEntryPoint)
}
