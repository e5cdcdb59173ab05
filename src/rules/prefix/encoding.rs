//! VD210 to VD213: a `pyvenv.cfg` that is no text that Python can read.

use bstr::{BString, ByteSlice};

use super::support::base;
use super::support::cause::Cause;
use crate::environment::{Cfg, Survey};
use crate::host::HostError;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::Status;
use crate::startup::StepId;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static CFG_BYTE_ORDER_MARK: Rule = Rule {
    code: Code("VD210"),
    name: "cfg-byte-order-mark",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg begins with a byte-order mark, which hides its first key.",
    why: "\
Editors on Windows like to begin files with the bytes EF BB BF. Neither reader of pyvenv.cfg takes them away, so that \
the first key is not home but home with an invisible letter before it. home counts as missing; a copy of a relocatable \
build dies of that.",
    example: "\
$ head -c 8 .venv/pyvenv.cfg | xxd
00000000: efbb bf68 6f6d 6520                      ...home ",
    fix: "Save the file as UTF-8 without the mark.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
};

pub(in crate::rules) static CFG_NOT_UTF8: Rule = Rule {
    code: Code("VD211"),
    name: "cfg-not-utf8",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg is not UTF-8, and Python dies over the first bad byte.",
    why: "\
The site module decodes the whole file, also the lines that nobody needs. One bad byte in the prompt is enough for \
Failed to import the site module and a UnicodeDecodeError. PowerShell's > writes UTF-16; names of users were written in \
the code page of the system by old releases. With -S Python still starts.",
    example: "\
$ .venv/bin/python -c pass
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    fix: "Write the file again as UTF-8.",
    sources: &["CPython Lib/site.py: venv", "pypa/virtualenv#457", "pypa/pipenv#2648"],
};

pub(in crate::rules) static CFG_UNREADABLE: Rule = Rule {
    code: Code("VD212"),
    name: "cfg-unreadable",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg may not be read by whoever starts Python, or is no file that can be read.",
    why: "\
The path configuration passes over a file that it may not read. The site module does not, and Python dies with a \
PermissionError. An administrator whose new files are for himself alone makes such environments; those who run as him \
see nothing of it. From 3.11 on a file of 32 KiB or more is fatal too.",
    example: "\
$ ls -l .venv/pyvenv.cfg
-rw------- 1 root root 164 Jan  1 12:00 .venv/pyvenv.cfg",
    fix: "Let everybody read the file.",
    sources: &["CPython Lib/site.py: venv", "CPython Modules/getpath.c: getpath_readlines"],
};

pub(in crate::rules) static CFG_IS_DIRECTORY: Rule = Rule {
    code: Code("VD213"),
    name: "cfg-is-directory",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "pyvenv.cfg is a directory.",
    why: "\
Containers make a directory where a file that is to be mounted does not exist. Up to 3.13 Python ignores it, and the \
environment is the base under another name. From 3.14 on it counts as an empty file: the environment is active, without \
a base and with the system's packages in sight.",
    example: "\
$ docker run -v ./pyvenv.cfg:/app/.venv/pyvenv.cfg app
$ ls -ld .venv/pyvenv.cfg
drwxr-xr-x 2 root root 4096 Jan  1 12:00 .venv/pyvenv.cfg",
    fix: "Put a file in its place.",
    sources: &["CPython Modules/getpath.py: READ pyvenv.cfg", "CPython Lib/site.py: venv"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&CFG_BYTE_ORDER_MARK, &CFG_NOT_UTF8, &CFG_UNREADABLE, &CFG_IS_DIRECTORY], judges: &[] };

/// `MAX_FILE` of `Modules/getpath.c`: a file has to be smaller.
const MOST_OF_GETPATH: usize = 32 << 10;

/// Judges the file as a whole.
pub fn find(survey: &Survey<'_>, cfg: &Cfg, cause: Option<&Cause>, findings: &mut Vec<Finding>) {
    match &cfg.content {
        // The path configuration of 3.11 on takes a much smaller file than is read here.
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

fn dies(survey: &Survey<'_>) -> bool {
    survey.resolution.outcome.status == Status::FailsToInitialize
}

/// An error where Python dies, and a warning where it gets by: without `site`, say.
fn severity(survey: &Survey<'_>) -> Severity {
    if dies(survey) { Severity::Error } else { Severity::Warning }
}

/// What the bytes seem to be, and what `iconv` calls it.
fn guess(content: &[u8]) -> (&'static str, &'static str) {
    match content {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16, as PowerShell writes it by default", "UTF-16"),
        _ if content.iter().any(|byte| (0x80..0xa0).contains(byte)) => ("Windows-1252, it seems", "WINDOWS-1252"),
        _ => ("Latin-1, it seems", "ISO-8859-1"),
    }
}

fn not_utf8(survey: &Survey<'_>, cfg: &Cfg, content: &[u8]) -> Finding {
    let (looks, encoding) = guess(content);
    let at = std::str::from_utf8(content).err().map_or(0, |error| error.valid_up_to());
    let byte = content.get(at).copied().unwrap_or_default();
    let message = sentence!(
        cfg.path,
        " is not UTF-8: byte ",
        format!("0x{byte:02x}"),
        " at offset ",
        at.to_string(),
        " (",
        looks,
        ")"
    );
    let effect = if dies(survey) {
        "the site module decodes the whole file as UTF-8, and Python dies over the first bad byte, whichever line it is in"
    } else {
        "Python starts only because site does not decode the file this time; it dies as soon as it does"
    };
    Finding::new(&CFG_NOT_UTF8, message)
        .severity(severity(survey))
        .evidence(bad_line(cfg, at))
        .effect(effect)
        .fix(transcode(survey, cfg, content, encoding))
        .step(base::step(survey, StepId::SiteVenvCfg))
}

/// The line that holds the bad byte; UTF-16 has no lines for anybody who takes it for bytes.
fn bad_line(cfg: &Cfg, at: usize) -> Evidence {
    let mut found = cfg.lines.iter().filter(|line| std::str::from_utf8(&line.text).is_err());
    match found.next() {
        Some(line) if at > 0 => {
            let start = std::str::from_utf8(&line.text).err().map_or(0, |error| error.valid_up_to());
            Evidence::line(cfg.path.clone(), line.number, line.text.clone()).span(start..start + 1)
        }
        _ => Evidence::about(cfg.path.clone(), "the file begins with bytes that are no UTF-8"),
    }
}

/// `iconv` loses nothing.
fn transcode(survey: &Survey<'_>, cfg: &Cfg, content: &[u8], encoding: &str) -> Fix {
    if survey.flavor() == Flavor::Windows {
        return Fix::advice(sentence!("save ", cfg.path, " as UTF-8 without a byte-order mark"));
    }
    if encoding != "UTF-16" && names_raw_dir(survey, cfg) {
        let fix = fixes::recreate(survey);
        return Fix { advice: sentence!("give the directory a name in UTF-8, then ", fix.advice), ..fix };
    }
    let iconv = ["iconv", "-f", encoding, "-t", "UTF-8"];
    let fix = Fix::advice(sentence!("write ", cfg.path, " as UTF-8")).commands(fixes::rewrite(
        survey,
        cfg.path.as_bstr(),
        &iconv,
    ));
    if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) { fix.safe() } else { fix }
}

/// Whether a directory really has the name whose bytes are no text.
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
            sentence!(message, ", so that its first key, ", key, ", is not recognized"),
            sentence!("neither reader of the file takes the mark away: ", key, " counts as missing"),
            if dies(survey) { Severity::Error } else { Severity::Warning },
        ),
        None => (
            message,
            "it stands before a line that nobody reads, so that nothing follows from it".into(),
            Severity::Info,
        ),
    };
    let mut fix = Fix::advice(sentence!("take the mark away from the beginning of ", cfg.path));
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
        HostError::PermissionDenied => (sentence!(path, " may not be read"), sentence!("let everybody read ", path)),
        error => (
            sentence!(path, " cannot be read: ", error.to_string()),
            sentence!("put a sound file in the place of ", path),
        ),
    };
    let mut fix = Fix::advice(advice);
    if *error == HostError::PermissionDenied && survey.flavor() != Flavor::Windows {
        fix = fix.command(fixes::line(survey, "chmod").word("a+r").word(path));
    }
    let effect = match error {
        HostError::TooLarge { .. } => {
            "from 3.11 on the path configuration takes files of less than 32 KiB, and dies over any other"
        }
        _ => "the path configuration may pass over the file, but the site module dies over it",
    };
    Finding::new(&CFG_UNREADABLE, message)
        .severity(severity(survey))
        .evidence(Evidence::about(path.clone(), error.to_string()))
        .effect(effect)
        .fix(fix)
        .step(survey.resolution.outcome.step)
}

fn directory(survey: &Survey<'_>, cfg: &Cfg) -> Finding {
    let anchors = survey.version().is_some_and(|version| version.minor >= 14);
    let effect = if anchors {
        "from 3.14 on it counts as an empty file: the environment is active with default settings, and sees the packages of its base"
    } else {
        "up to 3.13 it is ignored: this is the base interpreter under another name, and what is installed here is not seen"
    };
    let fix = match (base::real_home(survey), survey.flavor()) {
        (Some(home), Flavor::Posix) => {
            let lines = write_anew(survey, cfg, &home);
            let fix = Fix::advice(sentence!("put a file in the place of the directory ", cfg.path))
                .command(fixes::line(survey, "rmdir").word("--").word(&cfg.path))
                .command(lines);
            // As an empty file it counts from 3.14 on, and lets the packages of the base in.
            if anchors { fix } else { fix.safe() }
        }
        _ => fixes::recreate(survey),
    };
    Finding::new(&CFG_IS_DIRECTORY, sentence!(cfg.path, " is a directory, and should be a file"))
        .severity(severity(survey))
        .evidence(Evidence::about(cfg.path.clone(), "a directory"))
        .effect(effect)
        .fix(fix)
        .step(base::step(survey, StepId::VenvSearch))
}

/// The command that writes the least that an environment needs.
pub fn write_anew(survey: &Survey<'_>, cfg: &Cfg, home: &BString) -> crate::rules::Line {
    minimal(survey, home).raw(">").word(&cfg.path)
}

/// The command that prints the least that an environment needs.
pub fn minimal(survey: &Survey<'_>, home: &BString) -> crate::rules::Line {
    let version = survey.version().map(|version| format!("version = {version}"));
    fixes::line(survey, "printf")
        .word("%s\\n")
        .word(sentence!("home = ", home))
        .word("include-system-site-packages = false")
        .words(version)
}
