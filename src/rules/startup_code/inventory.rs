//! The code that startup runs: who owns it, whether it is what was installed, and what it looks like.

use std::collections::{HashMap, HashSet};

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::{failures, files, own_fixes, suspicious};
use crate::environment::{Owner, Ownership, Survey};
use crate::rules::{Code, Evidence, Finding, Fix, Severity, fixes};
use crate::startup::{Hook, HookKind};
use crate::text::sentence;

/// The calls by which a line of code may never come back, or come back again and again; and what they do.
const STOPPERS: &[(&str, &str)] = &[
    ("os._exit(", "ends the process"),
    ("sys.exit(", "ends the process"),
    ("raise SystemExit", "ends the process"),
    ("os.abort(", "ends the process"),
    ("time.sleep(", "waits"),
    ("input(", "waits for somebody to type"),
    ("while True", "repeats without end"),
    ("os.fork(", "starts another process"),
    ("os.system(", "starts another program"),
    ("subprocess.", "starts another program"),
    ("os.exec", "starts another program"),
];

/// Judges every piece of startup code.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let startup = &survey.resolution.startup;
    let failing = failing(survey);
    for (file, lines) in by_file(startup.iter()) {
        let ownership = survey.owner_of(file);
        let is_own = survey.own_site_dirs().any(|site| survey.is_below(file, site.path.as_bstr()));
        let modified = ownership.owner().and_then(|owner| modified(survey, file, owner));
        if let Some(finding) = lines.iter().find_map(|code| looks_suspicious(survey, code, &ownership)) {
            findings.push(finding);
        } else if is_own && ownership.is_nobody() {
            findings.extend(lines.iter().find_map(|code| unowned(survey, code, &failing)));
        }
        findings.extend(modified);
        findings.extend(lines.iter().find_map(|code| may_stop(survey, code, &ownership, &failing)));
    }
}

/// The lines and files that fail.
type Failing<'s> = HashSet<(&'s BStr, Option<usize>)>;

fn failing<'s>(survey: &'s Survey<'_>) -> Failing<'s> {
    survey.resolution.failures.iter().map(|failure| (failure.file.as_bstr(), failure.line)).collect()
}

/// Whether it is known that a line fails.
fn fails(failing: &Failing<'_>, code: &Hook) -> bool {
    failing.contains(&(code.file.as_bstr(), code.line))
}

/// The code of each file, the files as they come.
fn by_file<'s>(startup: impl Iterator<Item = &'s Hook>) -> Vec<(&'s BStr, Vec<&'s Hook>)> {
    let mut files: Vec<(&BStr, Vec<&Hook>)> = Vec::new();
    let mut known: HashMap<&BStr, usize> = HashMap::new();
    for code in startup {
        let file = code.file.as_bstr();
        let place = *known.entry(file).or_insert(files.len());
        match files.get_mut(place) {
            Some((_, lines)) => lines.push(code),
            None => files.push((file, vec![code])),
        }
    }
    files
}

/// Judges what startup runs more often than it should.
pub fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let startup = &survey.resolution.startup;
    let failing = failing(survey);
    for (_, lines) in by_file(startup.iter().filter(|code| !fails(&failing, code))) {
        if lines.iter().any(|code| code.known.is_none() && failures::is_line(code.kind)) {
            findings.extend(runs_twice(survey, &lines));
        }
    }
}

fn place(code: &Hook, ownership: &Ownership<'_>) -> BString {
    let line = code.line.map_or_else(String::new, |line| format!("line {line} of "));
    sentence!(line, code.file, own_fixes::whose(ownership))
}

fn looks_suspicious(survey: &Survey<'_>, code: &Hook, ownership: &Ownership<'_>) -> Option<Finding> {
    let (evidence, what) = if failures::is_line(code.kind) {
        let line = code.code.as_ref()?;
        let (what, part) = suspicious::line(line.as_bstr(), false)?;
        (files::line_evidence(survey, code.file.as_bstr(), code.line?, part), what)
    } else {
        let content = files::content(survey, code.file.as_bstr()).ok()?;
        let mut lines = (1..).zip(content.lines());
        let (number, line, (what, part)) =
            lines.find_map(|(number, line)| Some((number, line, suspicious::line(line.as_bstr(), true)?)))?;
        (Evidence::line(code.file.clone(), number, files::shortened(line.as_bstr())).marking(part), what)
    };
    let nobody = if ownership.is_nobody() { ", and no installed distribution owns it" } else { "" };
    let subject = match evidence.line {
        Some(line) => sentence!("line ", line.to_string(), " of ", code.file, own_fixes::whose(ownership)),
        None => place(code, ownership),
    };
    let advice = sentence!(
        "copy ",
        code.file,
        " elsewhere and read it before this Python is started again; if it is not meant to be there, renew every \
         password and key that a program could reach here, and make the environment anew"
    );
    Some(
        Finding::new(Code::StartupCodeSuspicious, sentence!(subject, " looks suspicious: it ", what, nobody))
            .evidence(evidence)
            .effect("it runs in every Python that is started here, pip included, before any other code")
            .fix(Fix::advice(advice))
            .step(code.step),
    )
}

/// Code that is not recognized and that no distribution owns.
fn unowned(survey: &Survey<'_>, code: &Hook, failing: &Failing<'_>) -> Option<Finding> {
    if code.known.is_some()
        || fails(failing, code)
        || code.kind == HookKind::Usercustomize
        || is_of_coverage(survey, code)
    {
        return None;
    }
    let message = sentence!(code.file, " runs code at every start, and no installed distribution owns it");
    let evidence = match (code.line, &code.code) {
        (Some(line), Some(text)) => files::line_evidence(survey, code.file.as_bstr(), line, text.trim()),
        _ => Evidence::about(code.file.clone(), "in the RECORD of no distribution"),
    };
    let advice = sentence!("read ", code.file, ", and remove it unless somebody wants what it does");
    Some(
        Finding::new(Code::StartupCodeUnowned, message)
            .evidence(evidence)
            .effect("it runs before any other code, and no uninstallation will remove it")
            .fix(Fix::advice(advice).command(fixes::remove_file(survey, code.file.as_bstr())))
            .step(code.step),
    )
}

/// What people are told to write, into a `.pth` file or `sitecustomize`, to measure subprocesses.
fn is_of_coverage(survey: &Survey<'_>, code: &Hook) -> bool {
    let is_call = |text: &[u8]| text.contains_str("coverage.process_startup(") && text.len() < 300;
    match &code.code {
        Some(line) => is_call(line),
        None => files::content(survey, code.file.as_bstr()).is_ok_and(|content| is_call(&content)),
    }
}

/// A file whose content is not what its owner has installed.
fn modified(survey: &Survey<'_>, file: &BStr, owner: &Owner<'_>) -> Option<Finding> {
    let recorded = owner.hash.strip_prefix(b"sha256=")?;
    let content = files::content(survey, file).ok()?;
    let found = BASE64URL_NOPAD.encode(&Sha256::digest(content.as_slice()));
    if found.as_bytes() == recorded.trim_end_with(|c| c == '=') {
        return None;
    }
    let record = survey.join(owner.distribution.path(survey), "RECORD");
    let line = owner.distribution.record(survey).ok()?.entries().find(|entry| entry.line == owner.line);
    let line = line.map(|entry| sentence!(entry.path.as_bytes(), ",", entry.hash));
    let title = owner.distribution.title();
    Some(
        Finding::new(Code::StartupCodeModified, sentence!(file, " is not what ", title, " has installed"))
            .all_evidence(line.map(|text| Evidence::line(record, owner.line, text).marking(recorded)))
            .evidence(Evidence::about(file, sentence!("its content has sha256=", found)))
            .effect("Python runs at every start what somebody has written there since")
            .fix(own_fixes::reinstall_or_remove(survey, file, &Ownership::By(owner.clone()), false)),
    )
}

/// Unknown code that calls what ends or halts a process.
fn may_stop(survey: &Survey<'_>, code: &Hook, ownership: &Ownership<'_>, failing: &Failing<'_>) -> Option<Finding> {
    let text = code.code.as_ref().filter(|_| code.kind == HookKind::PthImport && code.known.is_none())?;
    let (call, what) = STOPPERS.iter().find(|(call, _)| text.contains_str(call)).filter(|_| !fails(failing, code))?;
    let message = sentence!(place(code, ownership), " probably ", what, " at every start");
    Some(
        Finding::new(Code::PthStopsStartup, message)
            .severity(Severity::Warning)
            .evidence(files::line_evidence(survey, code.file.as_bstr(), code.line?, call.as_bytes()))
            .effect(
                "whatever starts this Python waits for it or ends with it; a program that it starts may start it again",
            )
            .fix(own_fixes::set_aside(survey, code.file.as_bstr(), ownership))
            .step(code.step),
    )
}

/// An environment's own code runs once for the environment and once for its prefix, up to 3.14.
fn runs_twice(survey: &Survey<'_>, lines: &[&Hook]) -> Option<Finding> {
    let mut seen = HashSet::new();
    let again = lines.iter().filter_map(|code| Some((code, code.line?)));
    let (code, line) = again.into_iter().find(|(code, line)| !seen.insert(*line) && code.known.is_none())?;
    let needle = code.code.as_ref().map_or(&b""[..], |text| text.trim());
    Some(
        Finding::new(
            Code::PthRunsTwice,
            sentence!("line ", line.to_string(), " of ", code.file, " runs twice at every start"),
        )
        .evidence(files::line_evidence(survey, code.file.as_bstr(), line, needle))
        .effect("what it does happens twice, unless it looks whether it was there before; Python 3.15 runs it once")
        .step(code.step),
    )
}
