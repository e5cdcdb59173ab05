//! VD210 to VD213: a `pyvenv.cfg` that Python cannot read as text.

use bstr::{BString, ByteSlice};

use super::support::base;
use super::support::cause::Cause;
use super::support::cfg;
use crate::environment::{Cfg, Survey};
use crate::host::HostError;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Encoding, Evidence, Finding, Fix, ModeChange, Rule, Severity, Topic, fixes};
use crate::startup::behaviors::Behavior;
use crate::startup::{Status, StepId};
use crate::text::{python, sentence};

pub(in crate::rules) static CFG_BYTE_ORDER_MARK: Rule = Rule {
    code: Code("VD210"),
    name: "cfg-byte-order-mark",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg begins with a byte-order mark, which hides its first key.",
    why: "\
Some editors on Windows begin files with the bytes EF BB BF. Neither reader of pyvenv.cfg removes them, so the first key \
is not home but home with an invisible character before it. Python treats home as missing; a copy of a relocatable \
build then fails to start.",
    example: "\
$ head -c 8 .venv/pyvenv.cfg | xxd
00000000: efbb bf68 6f6d 6520                      ...home ",
    fix: "Save the file as UTF-8 without a byte-order mark.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
};

pub(in crate::rules) static CFG_NOT_UTF8: Rule = Rule {
    code: Code("VD211"),
    name: "cfg-not-utf8",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg is not valid UTF-8, and Python fails to start when it decodes the file.",
    why: "\
The site module decodes the whole file, including the lines that it does not use. One invalid byte in the prompt is \
enough for Failed to import the site module and a UnicodeDecodeError. PowerShell's > writes UTF-16; old releases wrote \
user names in the code page of the system. With -S, Python still starts.",
    example: "\
$ .venv/bin/python -c pass
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    fix: "Convert the file to UTF-8.",
    sources: &["CPython Lib/site.py: venv", "pypa/virtualenv#457", "pypa/pipenv#2648"],
};

pub(in crate::rules) static CFG_UNREADABLE: Rule = Rule {
    code: Code("VD212"),
    name: "cfg-unreadable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg cannot be read by the user who starts Python, or cannot be read at all.",
    why: "\
The path configuration ignores a file that it may not read. The site module does not, and Python fails with a \
PermissionError. An administrator whose new files are private creates such environments, and does not see the error \
under the same account. From 3.11 on, a file of 32 KiB or more is fatal, too.",
    example: "\
$ ls -l .venv/pyvenv.cfg
-rw------- 1 root root 164 Jan  1 12:00 .venv/pyvenv.cfg",
    fix: "Make the file readable for everyone.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
};

pub(in crate::rules) static CFG_IS_DIRECTORY: Rule = Rule {
    code: Code("VD213"),
    name: "cfg-is-directory",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg is a directory instead of a file.",
    why: "\
Container engines create a directory if a file that is to be mounted does not exist. Up to 3.13, Python ignores it and \
runs as the base interpreter. From 3.14 on, it counts as an empty file: the environment is active, has no base, and \
sees the packages of the system.",
    example: "\
$ docker run -v ./pyvenv.cfg:/app/.venv/pyvenv.cfg app
$ ls -ld .venv/pyvenv.cfg
drwxr-xr-x 2 root root 4096 Jan  1 12:00 .venv/pyvenv.cfg",
    fix: "Replace it with a file.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&CFG_BYTE_ORDER_MARK, &CFG_NOT_UTF8, &CFG_UNREADABLE, &CFG_IS_DIRECTORY], judges: &[] };

/// `MAX_FILE` of `Modules/getpath.c`: the path configuration reads only smaller files.
const MOST_OF_GETPATH: usize = 32 << 10;

/// Judges the file as a whole.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    match &cfg.content {
        // From 3.11 on, the limit of the path configuration is much lower than that of the survey.
        Ok(content) if cause == Some(&Cause::Cfg) && content.len() >= MOST_OF_GETPATH => {
            findings.push(unreadable(survey, cfg, &HostError::TooLarge { limit: MOST_OF_GETPATH as u64 - 1 }));
        }
        Ok(content) if !cfg.is_text() => findings.push(not_utf8(survey, cfg, content)),
        Ok(_) if cfg.has_mark() => findings.push(mark(survey, cfg)),
        Ok(_) | Err(HostError::Unanswered | HostError::NotFound | HostError::NotADirectory) => {}
        Err(HostError::IsADirectory) => findings.push(directory(survey, cfg)),
        Err(error) => findings.push(unreadable(survey, cfg, error)),
    }
}

fn fails(survey: &Survey<'_>) -> bool {
    survey.resolution.outcome.status == Status::FailsToInitialize
}

/// An error where Python fails to start, and a warning where it starts all the same, such as without `site`.
fn severity(survey: &Survey<'_>) -> Severity {
    if fails(survey) { Severity::Error } else { Severity::Warning }
}

/// The probable encoding of the bytes, in words and as a value.
fn guess(content: &[u8]) -> (&'static str, Encoding) {
    match content {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16, as PowerShell writes it by default", Encoding::Utf16),
        _ if content.iter().any(|byte| (0x80..0xa0).contains(byte)) => ("probably Windows-1252", Encoding::Windows1252),
        _ => ("probably Latin-1", Encoding::Latin1),
    }
}

fn not_utf8(survey: &Survey<'_>, cfg: &Cfg, content: &[u8]) -> Finding {
    let (probable, encoding) = guess(content);
    let at = std::str::from_utf8(content).err().map_or(0, |error| error.valid_up_to());
    let byte = content.get(at).copied().unwrap_or_default();
    let message = sentence!(
        cfg.path,
        " is not valid UTF-8: byte ",
        format!("0x{byte:02x}"),
        " at offset ",
        at.to_string(),
        " (",
        probable,
        ")"
    );
    let effect = if fails(survey) {
        "the site module decodes the whole file as UTF-8, and Python fails at the first invalid byte, whichever line it is in"
    } else {
        "Python starts only because the site module does not decode the file this time; otherwise it fails to start"
    };
    Finding::new(&CFG_NOT_UTF8, message)
        .severity(severity(survey))
        .evidence(bad_line(cfg, at))
        .effect(effect)
        .fix(transcode(survey, cfg, content, encoding))
        .step(base::step(survey, StepId::SiteVenvCfg))
}

/// The line with the invalid byte. UTF-16 cannot be split into lines as bytes.
fn bad_line(cfg: &Cfg, at: usize) -> Evidence {
    let mut found = cfg.lines.iter().filter(|line| std::str::from_utf8(&line.text).is_err());
    match found.next() {
        Some(line) if at > 0 => {
            let start = std::str::from_utf8(&line.text).err().map_or(0, |error| error.valid_up_to());
            Evidence::line(cfg.path.clone(), line.number, line.text.clone()).span(start..start + 1)
        }
        _ => Evidence::about(cfg.path.clone(), "the file begins with bytes that are not UTF-8"),
    }
}

/// Converts the file, which loses nothing.
fn transcode(survey: &Survey<'_>, cfg: &Cfg, content: &[u8], encoding: Encoding) -> Fix {
    if survey.flavor() == Flavor::Windows {
        return Fix::advice(sentence!("save ", cfg.path, " as UTF-8 without a byte-order mark"));
    }
    if encoding != Encoding::Utf16 && names_raw_dir(survey, cfg) {
        let fix = fixes::recreate(survey);
        return Fix { advice: sentence!("give the directory a name in UTF-8, then ", fix.advice), ..fix };
    }
    let line = fixes::to_utf8(survey, cfg.path.as_bstr(), encoding);
    let fix = Fix::advice(sentence!("convert ", cfg.path, " to UTF-8")).commands(line);
    if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) { fix.safe() } else { fix }
}

/// Whether `home` names an existing directory whose name is not UTF-8.
fn names_raw_dir(survey: &Survey<'_>, cfg: &Cfg) -> bool {
    let home = cfg.last("home").map(|line| &line.value);
    home.is_some_and(|home| std::str::from_utf8(home).is_err() && survey.exists(home.as_bstr()))
}

fn mark(survey: &Survey<'_>, cfg: &Cfg) -> Finding {
    let first = cfg.lines.first();
    let hidden = first
        .and_then(|line| line.key.as_ref())
        .map(|key| BString::from(python::strip(&key[python::BYTE_ORDER_MARK.len().min(key.len())..])));
    let hidden = hidden.filter(|key| !key.is_empty() && !key.starts_with(b"#"));
    let message = sentence!(cfg.path, " begins with a UTF-8 byte-order mark");
    let (message, effect, level) = match &hidden {
        Some(key) => (
            sentence!(message, ", so Python does not recognize its first key, ", key),
            sentence!("neither reader of the file removes the mark, so ", key, " counts as missing"),
            if fails(survey) { Severity::Error } else { Severity::Warning },
        ),
        None => (message, "it precedes a line that Python does not read, so it has no effect".into(), Severity::Info),
    };
    let mut fix = Fix::advice(sentence!("remove the byte-order mark from the beginning of ", cfg.path));
    if let Some(line) = fixes::without_mark(survey, cfg.path.as_bstr()) {
        fix = fix.command(line).safe();
    }
    let line = first.map_or(BString::default(), |line| line.text.clone());
    Finding::new(&CFG_BYTE_ORDER_MARK, message)
        .severity(level)
        .evidence(Evidence::line(cfg.path.clone(), 1, line).span(0..python::BYTE_ORDER_MARK.len()))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::VenvHome))
}

fn unreadable(survey: &Survey<'_>, cfg: &Cfg, error: &HostError) -> Finding {
    let path = &cfg.path;
    let (message, advice) = match error {
        HostError::PermissionDenied => {
            (sentence!(path, " is not readable: permission denied"), sentence!("make ", path, " readable for everyone"))
        }
        error => {
            (sentence!(path, " cannot be read: ", error.to_string()), sentence!("replace ", path, " with a valid file"))
        }
    };
    let mut fix = Fix::advice(advice);
    if *error == HostError::PermissionDenied && survey.flavor() != Flavor::Windows {
        fix = fix.command(fixes::chmod(survey, ModeChange::READABLE, [path]));
    }
    let effect = match error {
        HostError::TooLarge { .. } => {
            "from 3.11 on, the path configuration reads only files of less than 32 KiB and fails on a larger one"
        }
        _ => "the path configuration may ignore the file, but the site module fails on it",
    };
    Finding::new(&CFG_UNREADABLE, message)
        .severity(severity(survey))
        .evidence(Evidence::about(path.clone(), error.to_string()))
        .effect(effect)
        .fix(fix)
        .step(survey.resolution.outcome.step)
}

fn directory(survey: &Survey<'_>, cfg: &Cfg) -> Finding {
    let is_active = survey.has(Behavior::HomelessCfgAnchors);
    let effect = if is_active {
        "from 3.14 on, it counts as an empty file: the environment is active with default settings and sees the packages of its base"
    } else {
        "up to 3.13, Python ignores it and runs as the base interpreter: packages installed here are not visible"
    };
    let fix = match (base::real_home(survey), survey.flavor()) {
        (Some(home), Flavor::Posix) => {
            let fix = Fix::advice(sentence!("replace the directory ", cfg.path, " with a file"))
                .command(fixes::remove_empty(survey, cfg.path.as_bstr()))
                .command(cfg::write_minimal(survey, &cfg.path, &home));
            // Where it is active, the environment sees the packages of its base, and the new file hides them.
            if is_active { fix } else { fix.safe() }
        }
        _ => fixes::recreate(survey),
    };
    Finding::new(&CFG_IS_DIRECTORY, sentence!(cfg.path, " is a directory, but should be a file"))
        .severity(severity(survey))
        .evidence(Evidence::about(cfg.path.clone(), "a directory"))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::VenvSearch))
}
