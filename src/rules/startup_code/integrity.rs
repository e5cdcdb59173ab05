//! The code that startup runs: who owns it, whether it is what was installed, and what it looks like.

use std::collections::{HashMap, HashSet};

use bstr::{BStr, BString, ByteSlice};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::failures;
use super::support::{files, own_fixes, suspicious};
use crate::environment::{Owner, Ownership, Survey};
use crate::rules::startup_code::failures::PTH_STOPS_STARTUP;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{Hook, HookKind};
use crate::text::sentence;

pub(in crate::rules) static PTH_CODE_RUNS_TWICE: Rule = Rule {
    code: Code("VD408"),
    name: "pth-code-runs-twice",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "Code in a .pth file of the environment runs twice at every start.",
    why: "\
Up to 3.14 the site module adds the site-packages of an environment when it recognizes the environment, and once more \
as that of its prefix. The directory stands on sys.path once, but its .pth files are processed both times. 3.15 collects \
everything first and runs it once.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/hook.pth
import hook; print('started')
$ .venv/bin/python -c pass
started
started",
    fix: "Nothing has to be done where the code looks whether it ran before; otherwise let it do so.",
    sources: &["python/cpython#75723", "python/cpython#147951"],
};

pub(in crate::rules) static STARTUP_CODE_UNOWNED: Rule = Rule {
    code: Code("VD410"),
    name: "startup-code-unowned",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file runs code at every start, and no installed distribution owns it.",
    why: "\
Every file that an installer puts into site-packages stands in the RECORD of its distribution. A .pth or .start file \
with code, or a customization module, that stands in none was left over, written by hand, or put there by something \
that did not want to be found; no uninstallation removes it. What virtualenv, uv and the editable installs of \
setuptools write is known by its text and not reported. Where a distribution has no RECORD, or conda keeps its own \
lists, nothing is said.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/zz_init.pth
import zz_init
$ grep -l zz_init .venv/lib/python3.12/site-packages/*.dist-info/RECORD",
    fix: "Read the file, and remove it unless somebody wants what it does.",
    sources: &["PEP 376", "PEP 829", "ossf/malicious-packages#1299"],
};

pub(in crate::rules) static STARTUP_CODE_SUSPICIOUS: Rule = Rule {
    code: Code("VD411"),
    name: "startup-code-suspicious",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "Code that runs at every start looks as if it did not want to be understood.",
    why: "\
A .pth file runs in every Python, pip included, which makes it the place of choice for code that steals: it decodes a \
text and runs it, fetches a program, or hides behind hundreds of blanks in a line of thirty kilobytes. This goes by \
likeness, of the line or of the customization module, and not by name or owner: packages that were taken over listed \
such files in their RECORD.",
    example: "\
$ cut -c1-90 .venv/lib/python3.12/site-packages/litellm_init.pth
import os, subprocess, sys; subprocess.Popen([sys.executable, \"-c\", \"import base64; exec(base",
    fix: "\
Keep a copy, do not start this Python, and if nobody can explain the file, renew what could be stolen and make the \
environment anew.",
    sources: &["BerriAI/litellm#24521", "ossf/malicious-packages#1299", "MITRE ATT&CK T1546.018"],
};

pub(in crate::rules) static STARTUP_CODE_MODIFIED: Rule = Rule {
    code: Code("VD422"),
    name: "startup-code-modified",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file with startup code is not what its distribution has installed.",
    why: "\
RECORD holds a SHA-256 of every file. Few programs ever compare it, and nobody looks into a .pth file: a line that was \
added to one runs at every start of every Python here. Only the few files that startup runs are compared.",
    example: "\
$ grep distutils-precedence.pth .venv/lib/python3.12/site-packages/setuptools-*.dist-info/RECORD
distutils-precedence.pth,sha256=JjjOniUJKKl9N9_tGPmUXTZqWXeKl_JWpdVWTA8aIV0,151
$ wc -c < .venv/lib/python3.12/site-packages/distutils-precedence.pth
188",
    fix: "Read what was changed, and install the owner again.",
    sources: &["PEP 376", "PEP 627"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PTH_CODE_RUNS_TWICE, &STARTUP_CODE_UNOWNED, &STARTUP_CODE_SUSPICIOUS, &STARTUP_CODE_MODIFIED],
    judges: &[Judge { when: When::Startup(450), find: startup }, Judge { when: When::Environment(420), find }],
};

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
        Finding::new(&STARTUP_CODE_SUSPICIOUS, sentence!(subject, " looks suspicious: it ", what, nobody))
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
        Finding::new(&STARTUP_CODE_UNOWNED, message)
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
        Finding::new(&STARTUP_CODE_MODIFIED, sentence!(file, " is not what ", title, " has installed"))
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
        Finding::new(&PTH_STOPS_STARTUP, message)
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
            &PTH_CODE_RUNS_TWICE,
            sentence!("line ", line.to_string(), " of ", code.file, " runs twice at every start"),
        )
        .evidence(files::line_evidence(survey, code.file.as_bstr(), line, needle))
        .effect("what it does happens twice, unless it looks whether it was there before; Python 3.15 runs it once")
        .step(code.step),
    )
}
