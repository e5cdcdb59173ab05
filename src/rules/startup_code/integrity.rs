//! Whether startup code is what was installed: who owns it, whether it was modified, and whether it looks suspicious.

use bstr::{BStr, ByteSlice};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::stops;
use super::support::failing::Failing;
use super::support::{by_owner, files, hooks, suspicious};
use crate::environment::{Checksum, Owner, Ownership, Survey};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::{Hook, HookKind};
use crate::text::sentence;

pub(in crate::rules) static STARTUP_CODE_UNOWNED: Rule = Rule {
    code: Code("VD410"),
    name: "startup-code-unowned",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file runs code at every start, and no installed distribution owns it.",
    why: "\
An installer lists every file that it puts into site-packages in the RECORD of its distribution. A .pth or .start file \
with code, or a customization module, that no RECORD lists was left over, written by hand, or put there by a program \
that hides; no uninstallation removes it. Files that virtualenv, uv and the editable installs of setuptools write are \
recognized by their text and not reported. If a distribution has no RECORD, or conda keeps its own lists, this rule \
reports nothing.",
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
    summary: "Code that runs at every start resembles code that hides what it does.",
    why: "\
Every Python that reads a .pth file runs its code, pip included, which attracts code that steals credentials: it \
decodes a text and runs it, downloads a program, or hides after hundreds of blanks in a line of thirty kilobytes. The \
rule goes by the text of the line or of the customization module, not by its name or owner: compromised packages have \
listed such files in their RECORD.",
    example: "\
$ cut -c1-90 .venv/lib/python3.12/site-packages/litellm_init.pth
import os, subprocess, sys; subprocess.Popen([sys.executable, \"-c\", \"import base64; exec(base",
    fix: "\
Keep a copy and do not start this Python; if nobody can explain the file, replace every credential that it could have \
stolen, and recreate the environment.",
    sources: &["BerriAI/litellm#24521", "ossf/malicious-packages#1299", "MITRE ATT&CK T1546.018"],
};

pub(in crate::rules) static STARTUP_CODE_MODIFIED: Rule = Rule {
    code: Code("VD422"),
    name: "startup-code-modified",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A file with startup code differs from what its distribution installed.",
    why: "\
RECORD contains the SHA-256 hash of every file. Few programs ever compare it, and hardly anybody reads a .pth file: a \
line that was added to one runs at every start of every Python that uses the environment. Only the few files that \
startup runs are compared.",
    example: "\
$ grep distutils-precedence.pth .venv/lib/python3.12/site-packages/setuptools-*.dist-info/RECORD
distutils-precedence.pth,sha256=JjjOniUJKKl9N9_tGPmUXTZqWXeKl_JWpdVWTA8aIV0,151
$ wc -c < .venv/lib/python3.12/site-packages/distutils-precedence.pth
188",
    fix: "Read the changes, and reinstall the distribution that owns the file.",
    sources: &["PEP 376", "PEP 627"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&STARTUP_CODE_UNOWNED, &STARTUP_CODE_SUSPICIOUS, &STARTUP_CODE_MODIFIED],
    judges: &[
        Judge { when: When::Startup(445), find: startup },
        Judge { when: When::Environment(420), find: environment },
    ],
};

/// Judges what every hook would run, which startup has read.
fn startup(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    for (_, lines) in hooks::by_file(survey.resolution.startup.iter()) {
        findings.extend(lines.iter().find_map(|hook| looks_suspicious(survey, hook)));
    }
}

/// Judges whose every file with startup hooks is.
fn environment(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let failing = Failing::of(survey);
    for (file, lines) in hooks::by_file(survey.resolution.startup.iter()) {
        let ownership = survey.owner_of(file);
        let is_own = survey.own_site_dirs().any(|site| survey.is_below(file, site.path.as_bstr()));
        let modified = ownership.owner().and_then(|owner| modified(survey, file, owner));
        let is_suspicious = lines.iter().any(|hook| suspicion(survey, hook).is_some());
        if !is_suspicious && is_own && ownership.is_nobody() {
            findings.extend(lines.iter().find_map(|hook| unowned(survey, hook, &failing)));
        }
        findings.extend(modified);
        findings.extend(lines.iter().find_map(|hook| stops::may_stop(survey, hook, &ownership, &failing)));
    }
}

/// What is suspicious about a hook.
fn suspicion(survey: &Survey<'_>, hook: &Hook) -> Option<(Evidence, &'static str)> {
    if hooks::is_line(hook.kind) { in_line(survey, hook) } else { in_module(survey, hook.file.as_bstr()) }
}

fn looks_suspicious(survey: &Survey<'_>, hook: &Hook) -> Option<Finding> {
    let file = hook.file.as_bstr();
    let (evidence, what) = suspicion(survey, hook)?;
    let ownership = &survey.owner_of(file);
    let place = hooks::place(file, evidence.line.or(hook.line), ownership);
    let nobody = if ownership.is_nobody() { ", and no installed distribution owns the file" } else { "" };
    let advice = sentence!(
        "copy ",
        file,
        " elsewhere and read it before you start this Python again; if it is not meant to be there, replace every \
         password and key that a program could read here, and recreate the environment"
    );
    Some(
        Finding::new(&STARTUP_CODE_SUSPICIOUS, sentence!(place, " looks suspicious: it ", what, nobody))
            .evidence(evidence)
            .effect("every Python that is started here runs it before any other code, including pip")
            .fix(Fix::advice(advice))
            .step(hook.step),
    )
}

/// What is suspicious about a line of a `.pth` or `.start` file.
fn in_line(survey: &Survey<'_>, hook: &Hook) -> Option<(Evidence, &'static str)> {
    let code = hook.code.as_ref().filter(|_| hook.known.is_none())?;
    let (what, part) = suspicious::line(code.as_bstr(), false)?;
    Some((files::line_evidence(survey, hook.file.as_bstr(), hook.line?, part), what))
}

/// The first line of a customization module that is suspicious.
fn in_module(survey: &Survey<'_>, file: &BStr) -> Option<(Evidence, &'static str)> {
    let content = files::content(survey, file).ok()?;
    let mut lines = (1..).zip(content.lines());
    lines.find_map(|(number, line)| {
        let (what, part) = suspicious::line(line.as_bstr(), true)?;
        Some((Evidence::line(file, number, files::shortened(line.as_bstr())).marking(part), what))
    })
}

/// Code that is not recognized and that no distribution owns.
fn unowned(survey: &Survey<'_>, hook: &Hook, failing: &Failing<'_>) -> Option<Finding> {
    if hook.known.is_some()
        || failing.contains(hook)
        || hook.kind == HookKind::Usercustomize
        || measures_coverage(survey, hook)
    {
        return None;
    }
    let file = hook.file.as_bstr();
    let evidence = match (hook.line, &hook.code) {
        (Some(line), Some(text)) => files::line_evidence(survey, file, line, text.trim()),
        _ => Evidence::about(file, "not listed in the RECORD of any distribution"),
    };
    let advice = sentence!("read ", file, ", and remove it unless somebody wants what it does");
    Some(
        Finding::new(
            &STARTUP_CODE_UNOWNED,
            sentence!(file, " runs code at every start, and no installed distribution owns it"),
        )
        .evidence(evidence)
        .effect("it runs before any other code, and no uninstallation removes it")
        .fix(Fix::advice(advice).command(fixes::remove_file(survey, file)))
        .step(hook.step),
    )
}

/// Whether it is the code that the documentation of coverage recommends for measuring subprocesses.
fn measures_coverage(survey: &Survey<'_>, hook: &Hook) -> bool {
    let is_call = |text: &[u8]| text.contains_str("coverage.process_startup(") && text.len() < 300;
    match &hook.code {
        Some(line) => is_call(line),
        None => files::content(survey, hook.file.as_bstr()).is_ok_and(|content| is_call(&content)),
    }
}

/// A file whose hash is not the one in the `RECORD` of its owner.
fn modified(survey: &Survey<'_>, file: &BStr, owner: &Owner<'_>) -> Option<Finding> {
    let recorded = Checksum::parse(owner.hash.as_bstr())?;
    let content = files::content(survey, file).ok()?;
    if recorded.fits(&content) {
        return None;
    }
    let (_, recorded) = owner.hash.split_once_str("=")?;
    let found = BASE64URL_NOPAD.encode(&Sha256::digest(content.as_slice()));
    let record = survey.join(owner.distribution.path(survey), "RECORD");
    let line = owner.distribution.record(survey).ok()?.entries().find(|entry| entry.line == owner.line);
    let line = line.map(|entry| sentence!(entry.path.as_bytes(), ",", entry.hash));
    let title = owner.distribution.title();
    Some(
        Finding::new(&STARTUP_CODE_MODIFIED, sentence!(file, " differs from what ", title, " installed"))
            .all_evidence(line.map(|text| Evidence::line(record, owner.line, text).marking(recorded)))
            .evidence(Evidence::about(file, sentence!("its content has sha256=", found)))
            .effect("Python runs the modified code at every start")
            .fix(by_owner::reinstall_or_remove(survey, file, &Ownership::By(owner.clone()), false)),
    )
}
