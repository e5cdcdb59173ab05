//! Lines and files that fail, as the simulation has noted them.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::{files, own_fixes};
use crate::environment::Survey;
use crate::rules::{Code, Evidence, Finding, Fix, Severity, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{Failure, Fault, HookKind};
use crate::text::python;
use crate::text::sentence;

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
        findings.push(Finding::new(Code::PthImportFails, message).fix(Fix::advice(advice)));
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
    Finding::new(Code::PthImportFails, sentence!(place(survey, failure), " ", what))
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
    Finding::new(Code::NspkgLegacy, message)
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
    Finding::new(Code::StartSyntax, message)
        .evidence(evidence(survey, failure, wanted))
        .effect("Python prints an error at every start, and does not call what is meant")
        .fix(in_start_file(survey, file, "write the line as package.module:callable"))
}

fn entry_point_module(survey: &Survey<'_>, failure: &Failure, module: &str) -> Finding {
    let file = failure.file.as_bstr();
    let message = sentence!(place(survey, failure), " names ", module, ", which is nowhere on sys.path");
    Finding::new(Code::StartUnresolved, message)
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
    let code = if is_module { Code::CustomizeFails } else { Code::PthStopsStartup };
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
    Finding::new(Code::PthNotUtf8, message)
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
        Code::PthStopsStartup,
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
