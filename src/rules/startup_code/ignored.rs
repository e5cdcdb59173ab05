//! Files that startup passes over without a word, and companions that only look like `.pth` files.

use bstr::{BStr, BString, ByteSlice};

use super::pth;
use super::support::{files, own_fixes};
use crate::environment::Survey;
use crate::host::{HostError, Platform};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static PTH_HIDDEN: Rule = Rule {
    code: Code("VD405"),
    name: "pth-hidden",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .pth file is passed over because it is hidden: by a flag of the file, or by a dot in front of its name.",
    why: "\
Since the releases of early 2024 (3.8.19, 3.9.19, 3.10.14, 3.11.8, 3.12.2 and 3.13) the site module skips hidden \
files, for that is where an attacker would put one. macOS sets UF_HIDDEN on what lies in a directory such as .venv when \
it is synchronized or copied, and then every editable install is gone, with no message unless -v is given. Only the \
flag of the file itself counts, not that of its directory.",
    example: "\
$ ls -lO __editable__.app-1.0.pth
-rw-r--r--  1 ada  staff  hidden 21 __editable__.app-1.0.pth",
    fix: "Take the flag away (chflags nohidden, attrib -h), or give the file a name without the dot.",
    sources: &["python/cpython#113659", "python/cpython#148121", "astral-sh/uv#16977"],
};

pub(in crate::rules) static PTH_UNREADABLE: Rule = Rule {
    code: Code("VD406"),
    name: "pth-unreadable",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .pth or .start file stands in the directory and cannot be opened, so that Python passes over it.",
    why: "\
An error while the file is opened is swallowed. A file that an administrator installed under a strict umask works for \
the administrator and for nobody else; a link into a cache that was cleared works for nobody at all. In both cases \
what the file makes importable is missing, without a word.",
    example: "\
$ ls -l /opt/app/lib/python3.12/site-packages/app.pth
-rw------- 1 root root 21 /opt/app/lib/python3.12/site-packages/app.pth",
    fix: "Let those read the file who start the Python, or install its owner again.",
    sources: &["CPython Lib/site.py: addpackage"],
};

pub(in crate::rules) static START_NOT_UTF8: Rule = Rule {
    code: Code("VD414"),
    name: "start-not-utf8",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .start file is not UTF-8, and Python passes over it without a word.",
    why: "\
Unlike .pth files, .start files are never tried in the locale's encoding. One that cannot be decoded counts as if it \
were not there: nothing in it is called, and the .pth file of the same name keeps its import lines.",
    example: "\
$ file .venv/lib/python3.15/site-packages/app.start
.venv/lib/python3.15/site-packages/app.start: ISO-8859 text",
    fix: "Write the file as UTF-8, or install its owner again.",
    sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
};

pub(in crate::rules) static PTH_APPLE_DOUBLE: Rule = Rule {
    code: Code("VD423"),
    name: "pth-apple-double",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A companion file of macOS has a name that ends in .pth, and this release reads it.",
    why: "\
On file systems without room for its metadata (exFAT, SMB, archives) macOS writes a second file for each, whose name \
begins with ._ and whose content is binary. Releases before those of early 2024 read ._NAME.pth like any other .pth \
file: where it cannot be decoded Python does not start, and otherwise rubbish is tried as paths.",
    example: "\
$ ls -a .venv/lib/python3.12/site-packages/*plotlib.pth
._plotlib.pth  plotlib.pth",
    fix: "Remove the companion file; what matters stands in the other one.",
    sources: &["python/cpython#113356", "python/cpython#113659"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PTH_HIDDEN, &PTH_UNREADABLE, &START_NOT_UTF8, &PTH_APPLE_DOUBLE],
    judges: &[Judge { when: When::Startup(410), find }],
};

/// Judges files by whether they are looked into.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let starts = if files::has(survey, Behavior::StartFiles) { files::named(survey, ".start") } else { Vec::new() };
    for file in files::named(survey, ".pth").iter().chain(&starts) {
        let file = file.as_bstr();
        let found = if files::is_skipped_by_name(survey, file) {
            by_name(survey, file)
        } else if files::is_apple_double(survey, file) {
            Some(apple_double(survey, file))
        } else {
            by_flag(survey, file).or_else(|| unreadable(survey, file)).or_else(|| start_not_utf8(survey, file))
        };
        findings.extend(found.map(|finding| finding.step(pth::step_of(survey, file))));
    }
}

/// The companions of macOS are meant to be passed over, and a name that is nothing but a suffix was never meant.
fn by_name(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let name = survey.base_name(file);
    let bare = name.trim_start_with(|c| c == '.');
    if name.starts_with(b"._") || !bare.contains(&b'.') {
        return None;
    }
    let message = sentence!(file, " is passed over, because its name begins with a dot");
    let visible = survey.join(survey.parent(file), bare);
    let fix = Fix::advice(sentence!("call it ", bare, " if what stands in it is wanted, or remove it"));
    Some(
        Finding::new(&PTH_HIDDEN, message)
            .evidence(Evidence::about(file, "a name that begins with a dot"))
            .effect("its paths are not added and its code does not run; older releases did both")
            .fix(fix.command(fixes::rename(survey, file, visible))),
    )
}

/// The flag or attribute of the file itself; no Linux file has one, and nothing is asked there.
fn by_flag(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    if survey.platform() == Platform::Linux || !files::has(survey, Behavior::HiddenPthSkipped) {
        return None;
    }
    survey.ask.link_exists(file).ok().filter(|metadata| metadata.hidden)?;
    let whose = own_fixes::whose(&survey.owner_of(file));
    let (flag, line) = if survey.platform() == Platform::Windows {
        ("the hidden attribute", fixes::line(survey, "attrib").word("-h").word(file))
    } else {
        ("the flag UF_HIDDEN", fixes::line(survey, "chflags").word("nohidden").word(file))
    };
    let fix = Fix::advice(sentence!("take ", flag, " from ", file)).command(line).safe();
    Some(
        Finding::new(&PTH_HIDDEN, sentence!(file, whose, " is passed over, because it carries ", flag))
            .evidence(Evidence::about(file, flag))
            .effect("its paths are not added and its code does not run, without a word")
            .fix(fix),
    )
}

fn unreadable(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let error = files::content(survey, file).err()?;
    let ownership = survey.owner_of(file);
    let fix = match error {
        HostError::PermissionDenied => permit(survey, file),
        // Where the link leads may be a volume that is not mounted just now.
        HostError::NotFound | HostError::SymlinkLoop => own_fixes::reinstall_or_remove(survey, file, &ownership, false),
        HostError::IsADirectory => Fix::advice(sentence!("give the directory ", file, " another name")),
        _ => return None,
    };
    let what = match error {
        HostError::NotFound => "a link to a file that does not exist".to_owned(),
        other => other.to_string(),
    };
    Some(
        Finding::new(
            &PTH_UNREADABLE,
            sentence!(file, own_fixes::whose(&ownership), " cannot be opened (", what, ") and is passed over"),
        )
        .evidence(Evidence::about(file, what))
        .effect("its paths are not added and its code does not run, without a word")
        .fix(fix),
    )
}

fn permit(survey: &Survey<'_>, file: &BStr) -> Fix {
    let fix = Fix::advice(sentence!("let whoever starts this Python read ", file));
    if survey.platform() == Platform::Windows {
        return fix;
    }
    fix.command(fixes::line(survey, "sudo").words(["chmod", "a+r"]).word(file))
}

/// A `.start` file that cannot be decoded is passed over, and does not count for its `.pth` file either.
fn start_not_utf8(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    if !file.ends_with(b".start") {
        return None;
    }
    let content = files::content(survey, file).ok()?;
    let text = content.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(&content);
    let bad = text.to_str().err()?.valid_up_to();
    let before = text.get(..bad)?;
    let number = memchr::memchr_iter(b'\n', before).count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next()?;
    let at = bad - start;
    let ownership = survey.owner_of(file);
    let fix = match ownership.owner() {
        Some(_) => own_fixes::reinstall_or_remove(survey, file, &ownership, false),
        None => Fix::advice(sentence!("write ", file, " as UTF-8")),
    };
    Some(
        Finding::new(
            &START_NOT_UTF8,
            sentence!(file, own_fixes::whose(&ownership), " is not UTF-8 and is passed over"),
        )
        .evidence(Evidence::line(file, number, files::shortened(line.as_bstr())).span(at..at + 1))
        .effect("none of its entry points is called, without a word, and import lines of its .pth file do run")
        .fix(fix),
    )
}

/// The companion of a file: in releases that do not pass over names with dots, Python reads it.
fn apple_double(survey: &Survey<'_>, file: &BStr) -> Finding {
    let is_fatal = survey.resolution.failures.iter().any(|it| it.file == file && it.fault.is_fatal());
    let (severity, effect): (_, BString) = if is_fatal {
        (Severity::Error, "Python reads it, cannot decode it, and dies while it imports site".into())
    } else {
        (Severity::Warning, "Python reads it as if it were a path configuration file".into())
    };
    let original = survey.base_name(file);
    let original = original.strip_prefix(b"._").unwrap_or_default().as_bstr();
    let advice = sentence!("remove ", file, ", which holds nothing but what macOS notes about ", original);
    Finding::new(&PTH_APPLE_DOUBLE, sentence!(file, " is a companion file of macOS and no path configuration file"))
        .severity(severity)
        .evidence(Evidence::about(file, "begins with 00 05 16 07, the mark of AppleDouble"))
        .effect(effect)
        .fix(Fix::advice(advice).command(fixes::remove_file(survey, file)).safe())
}
