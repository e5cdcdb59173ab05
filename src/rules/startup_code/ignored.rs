//! `.pth` and `.start` files that Python silently ignores, and AppleDouble files that it reads by mistake.

use bstr::{BStr, BString, ByteSlice};

use super::support::{by_owner, files};
use crate::environment::Survey;
use crate::host::{HostError, Platform};
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::{python, sentence};

pub(in crate::rules) static PTH_HIDDEN: Rule = Rule {
    code: Code("VD405"),
    name: "pth-hidden",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Python ignores a .pth file because it is hidden: by a flag of the file, or by a dot before its name.",
    why: "\
Since early 2024 (3.8.19, 3.9.19, 3.10.14, 3.11.8, 3.12.2 and 3.13), the site module skips hidden files, because an \
attacker would hide one. macOS sets UF_HIDDEN on the files in a directory such as .venv when it is synchronized or \
copied, and then no editable install works, without a message unless -v is given. Only the flag of the file itself \
counts, not that of its directory.",
    example: "\
$ ls -lO __editable__.app-1.0.pth
-rw-r--r--  1 ada  staff  hidden 21 __editable__.app-1.0.pth",
    fix: "Remove the flag (chflags nohidden, attrib -h), or rename the file to a name without the dot.",
    sources: &["python/cpython#113659", "python/cpython#148121", "astral-sh/uv#16977"],
};

pub(in crate::rules) static PTH_UNREADABLE: Rule = Rule {
    code: Code("VD406"),
    name: "pth-unreadable",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .pth or .start file cannot be opened, and Python silently ignores it.",
    why: "\
Python catches the error and prints nothing. A file that an administrator installed under a strict umask works for the \
administrator and for nobody else; a symlink into a cache that was cleared works for nobody at all. In both cases, \
what the file makes importable is silently missing.",
    example: "\
$ ls -l /opt/app/lib/python3.12/site-packages/app.pth
-rw------- 1 root root 21 /opt/app/lib/python3.12/site-packages/app.pth",
    fix: "Give the users of this Python permission to read the file, or reinstall the distribution that owns it.",
    sources: &["CPython Lib/site.py: addpackage"],
};

pub(in crate::rules) static START_NOT_UTF8: Rule = Rule {
    code: Code("VD414"),
    name: "start-not-utf8",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .start file is not UTF-8, and Python silently ignores it.",
    why: "\
Unlike .pth files, .start files are never decoded in the locale's encoding. Python treats one that cannot be decoded \
as if it did not exist: it calls nothing in it, and runs the import lines of the .pth file of the same name.",
    example: "\
$ file .venv/lib/python3.15/site-packages/app.start
.venv/lib/python3.15/site-packages/app.start: ISO-8859 text",
    fix: "Write the file as UTF-8, or reinstall the distribution that owns it.",
    sources: &["PEP 829", "CPython Lib/site.py: StartupState"],
};

pub(in crate::rules) static PTH_APPLE_DOUBLE: Rule = Rule {
    code: Code("VD423"),
    name: "pth-apple-double",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An AppleDouble file of macOS has a name that ends in .pth, and this version of Python reads it.",
    why: "\
On file systems that cannot store its metadata (exFAT, SMB, archives), macOS writes an AppleDouble file next to each \
file, whose name begins with ._ and whose content is binary. Versions before early 2024 read ._NAME.pth like any other \
.pth file: if it cannot be decoded, Python fails to start, and otherwise Python takes binary data for paths.",
    example: "\
$ ls -a .venv/lib/python3.12/site-packages/*plotlib.pth
._plotlib.pth  plotlib.pth",
    fix: "Remove the AppleDouble file; the other file has the actual content.",
    sources: &["python/cpython#113356", "python/cpython#113659"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PTH_HIDDEN, &PTH_UNREADABLE, &START_NOT_UTF8, &PTH_APPLE_DOUBLE],
    judges: &[Judge { when: When::Startup(410), find }],
};

/// Judges whether Python reads each file, and whether it should.
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
        findings.extend(found.map(|finding| finding.step(files::step_of(survey, file))));
    }
}

/// A name that begins with a dot. AppleDouble files are rightly ignored, and so is a name that is only a suffix.
fn by_name(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let name = survey.base_name(file);
    let bare = name.trim_start_with(|c| c == '.');
    if name.starts_with(b"._") || !bare.contains(&b'.') {
        return None;
    }
    let message = sentence!("Python ignores ", file, ", because its name begins with a dot");
    let visible = survey.join(survey.parent(file), bare);
    let fix = Fix::advice(sentence!("rename the file to ", bare, " if its content is wanted, or remove it"));
    Some(
        Finding::new(&PTH_HIDDEN, message)
            .evidence(Evidence::about(file, "its name begins with a dot"))
            .effect("Python adds none of its paths and runs none of its code; older versions do both")
            .fix(fix.command(fixes::rename(survey, file, visible))),
    )
}

/// A flag or attribute of the file itself. Linux has none, so nothing is looked up there.
fn by_flag(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    if survey.platform() == Platform::Linux || !files::has(survey, Behavior::HiddenPthSkipped) {
        return None;
    }
    survey.ask.link_exists(file).ok().filter(|metadata| metadata.hidden)?;
    let origin = by_owner::origin(&survey.owner_of(file));
    let (flag, line) = if survey.platform() == Platform::Windows {
        ("the hidden attribute", fixes::line(survey, "attrib").word("-h").word(file))
    } else {
        ("the flag UF_HIDDEN", fixes::line(survey, "chflags").word("nohidden").word(file))
    };
    let fix = Fix::advice(sentence!("remove ", flag, " from ", file)).command(line).safe();
    Some(
        Finding::new(&PTH_HIDDEN, sentence!("Python ignores ", file, origin, ", because it has ", flag))
            .evidence(Evidence::about(file, flag))
            .effect("Python silently adds none of its paths and runs none of its code")
            .fix(fix),
    )
}

fn unreadable(survey: &Survey<'_>, file: &BStr) -> Option<Finding> {
    let error = files::content(survey, file).err()?;
    let ownership = survey.owner_of(file);
    let fix = match error {
        HostError::PermissionDenied => permit(survey, file),
        // The target of the symlink may be on a volume that is not mounted now.
        HostError::NotFound | HostError::SymlinkLoop => by_owner::reinstall_or_remove(survey, file, &ownership, false),
        HostError::IsADirectory => Fix::advice(sentence!("rename the directory ", file)),
        _ => return None,
    };
    let what = match error {
        HostError::NotFound => "a symlink to a file that does not exist".to_owned(),
        other => other.to_string(),
    };
    Some(
        Finding::new(
            &PTH_UNREADABLE,
            sentence!("Python ignores ", file, by_owner::origin(&ownership), ", because it cannot be opened: ", what),
        )
        .evidence(Evidence::about(file, what))
        .effect("Python silently adds none of its paths and runs none of its code")
        .fix(fix),
    )
}

fn permit(survey: &Survey<'_>, file: &BStr) -> Fix {
    let fix = Fix::advice(sentence!("give the users of this Python permission to read ", file));
    if survey.platform() == Platform::Windows {
        return fix;
    }
    fix.command(fixes::line(survey, "sudo").words(["chmod", "a+r"]).word(file))
}

/// A `.start` file that cannot be decoded: Python ignores it, and runs the import lines of its `.pth` file.
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
        Some(_) => by_owner::reinstall_or_remove(survey, file, &ownership, false),
        None => Fix::advice(sentence!("write ", file, " as UTF-8")),
    };
    Some(
        Finding::new(
            &START_NOT_UTF8,
            sentence!("Python ignores ", file, by_owner::origin(&ownership), ", because it is not UTF-8"),
        )
        .evidence(Evidence::line(file, number, files::shortened(line.as_bstr())).span(at..at + 1))
        .effect("Python silently calls none of its entry points, but runs the import lines of its .pth file")
        .fix(fix),
    )
}

/// An AppleDouble file: versions that do not skip names with a dot read it.
fn apple_double(survey: &Survey<'_>, file: &BStr) -> Finding {
    let is_fatal = survey.resolution.failures.iter().any(|it| it.file == file && it.fault.is_fatal());
    let (severity, effect): (_, BString) = if is_fatal {
        (Severity::Error, "Python reads it, cannot decode it, and fails to start".into())
    } else {
        (Severity::Warning, "Python reads it as a path configuration file".into())
    };
    let original = survey.base_name(file);
    let original = original.strip_prefix(b"._").unwrap_or_default().as_bstr();
    let advice = sentence!("remove ", file, ", which contains only the macOS metadata of ", original);
    Finding::new(&PTH_APPLE_DOUBLE, sentence!(file, " is an AppleDouble file of macOS, not a path configuration file"))
        .severity(severity)
        .evidence(Evidence::about(file, "begins with 00 05 16 07, as AppleDouble files do"))
        .effect(effect)
        .fix(Fix::advice(advice).command(fixes::remove_file(survey, file)).safe())
}
