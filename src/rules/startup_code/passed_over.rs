//! Files that startup passes over without a word, and companions that only look like `.pth` files.

use bstr::{BStr, BString, ByteSlice};

use super::{files, own_fixes, pth};
use crate::environment::Survey;
use crate::host::{HostError, Platform};
use crate::rules::{Code, Evidence, Finding, Fix, Severity, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::python;
use crate::text::sentence;

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
        Finding::new(Code::PthHidden, message)
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
        Finding::new(Code::PthHidden, sentence!(file, whose, " is passed over, because it carries ", flag))
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
            Code::PthUnreadable,
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
            Code::StartNotUtf8,
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
    Finding::new(Code::PthAppleDouble, sentence!(file, " is a companion file of macOS and no path configuration file"))
        .severity(severity)
        .evidence(Evidence::about(file, "begins with 00 05 16 07, the mark of AppleDouble"))
        .effect(effect)
        .fix(Fix::advice(advice).command(fixes::remove_file(survey, file)).safe())
}
