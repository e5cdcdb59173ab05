//! VD303 and VD305 to VD308: the entries of `PYTHONPATH`, as far as asking whether they exist tells.

use std::ops::Range;

use bstr::{BStr, BString, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::host::path::{Flavor, is_absolute};
use crate::host::{FileKind, HostError};
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static PYTHONPATH_OTHER_VERSION: Rule = Rule {
    code: Code("VD303"),
    name: "pythonpath-other-version",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONPATH names the site-packages of another release of Python.",
    why: "\
PYTHONPATH comes before everything else, in an environment too. Packages in it win over those that are installed in the \
environment, and what is compiled in them was compiled for another release: numpy ends with No module named \
numpy.core._multiarray_umath. Setup scripts of ROS, modules of computing centres and editors export it for one Python \
and every other one obeys.",
    example: "\
$ echo $PYTHONPATH
/opt/ros/foxy/lib/python3.8/site-packages
$ .venv/bin/python --version
Python 3.12.1",
    fix: "Remove the entry from PYTHONPATH, or start Python with -I where the variable is needed elsewhere.",
    sources: &["ros2/ros2#1094", "numpy/numpy#22929", "CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_EMPTY_ENTRY: Rule = Rule {
    code: Code("VD305"),
    name: "pythonpath-empty-entry",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONPATH has an empty entry, so that the working directory can be imported from.",
    why: "\
A colon at the beginning, at the end, or two in a row leave an empty entry, which Python makes absolute against the \
working directory. It mostly comes from PYTHONPATH=$PYTHONPATH:/x while the variable was not set. A script that is run \
in a directory of somebody else then imports that person's random.py.",
    example: "\
$ export PYTHONPATH=$PYTHONPATH:/opt/tools
$ echo $PYTHONPATH
:/opt/tools",
    fix: "Set the variable without the stray separator: PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}/opt/tools.",
    sources: &["jsk-ros-pkg/coral_usb_ros#17", "CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_ODD_ENTRY: Rule = Rule {
    code: Code("VD306"),
    name: "pythonpath-odd-entry",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An entry of PYTHONPATH is relative, or written in a notation that Python does not know.",
    why: "\
The value is split at the separator of the system and nothing in it is expanded: no ~, no $HOME, no quotes. ~/lib \
becomes a directory of the name ~ in the working directory, and a list in the notation of another system becomes one long \
name. A relative entry is another directory in each working directory, which may be what is wanted; it is told as an \
information.",
    example: "\
$ export PYTHONPATH='~/lib;/opt/tools'
$ python3 -c 'import sys; print(sys.path[1])'
/home/ada/project/~/lib;/opt/tools",
    fix: "Write whole paths, separated by : (by ; on Windows).",
    sources: &["CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_MISSING: Rule = Rule {
    code: Code("VD307"),
    name: "pythonpath-missing",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "An entry of PYTHONPATH does not exist.",
    why: "\
Python puts it on sys.path without asking, and each import looks there first and in vain. What it held is not found, \
and whoever makes a directory of that name later decides what is imported.",
    example: "\
$ echo $PYTHONPATH
/home/ada/old-project/src
$ ls /home/ada/old-project
ls: cannot access '/home/ada/old-project': No such file or directory",
    fix: "Remove the entry from the variable.",
    sources: &["CPython Doc/using/cmdline.rst: PYTHONPATH"],
};

pub(in crate::rules) static PYTHONPATH_OTHER_ENVIRONMENT: Rule = Rule {
    code: Code("VD308"),
    name: "pythonpath-other-environment",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONPATH names the site-packages of another environment.",
    why: "\
Its packages come before those that are installed in this one, so that two environments are mixed: versions are not \
those of the lock file, importlib.metadata and pip find the metadata of the wrong copy first, and an upgrade here \
changes nothing that is imported.",
    example: "\
$ echo $PYTHONPATH
/home/ada/other/.venv/lib/python3.12/site-packages
$ .venv/bin/python -c 'import requests; print(requests.__file__)'
/home/ada/other/.venv/lib/python3.12/site-packages/requests/__init__.py",
    fix: "Remove the entry, and install what is needed into this environment.",
    sources: &["RoboStack/ros-noetic#54", "CPython Doc/using/cmdline.rst: PYTHONPATH"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[
        &PYTHONPATH_OTHER_VERSION,
        &PYTHONPATH_EMPTY_ENTRY,
        &PYTHONPATH_ODD_ENTRY,
        &PYTHONPATH_MISSING,
        &PYTHONPATH_OTHER_ENVIRONMENT,
    ],
    judges: &[Judge { when: When::Startup(220), find }],
};

/// The variable.
pub const NAME: &str = "PYTHONPATH";

/// The most entries that are judged.
const MOST: usize = 64;

/// A part of the variable between two separators.
pub struct Item<'v> {
    /// What stands there.
    pub text: &'v BStr,
    /// What marks it in the whole value: itself, or the separator beside an empty one.
    pub span: Range<usize>,
}

/// What is wrong with an entry.
struct Fault {
    rule: &'static Rule,
    severity: Severity,
    message: BString,
    effect: BString,
}

impl Fault {
    fn warning(rule: &'static Rule, message: BString, effect: impl Into<BString>) -> Self {
        Self { rule, severity: Severity::Warning, message, effect: effect.into() }
    }
}

/// The entries of `PYTHONPATH`, where it counts, with the whole value.
pub fn items<'a>(survey: &Survey<'a>) -> Option<(&'a BStr, Vec<Item<'a>>)> {
    let value = settings::counted(survey, NAME)?;
    let delimiter = survey.flavor().delimiter();
    let mut start = 0;
    let parts = value.split(move |&byte| byte == delimiter).map(|part| {
        let span = start..start + part.len();
        start = span.end + 1;
        let mark = if part.is_empty() { span.start.saturating_sub(1)..span.start.max(1) } else { span };
        Item { text: part.as_bstr(), span: mark }
    });
    Some((value, parts.take(MOST).collect()))
}

/// Judges every entry. Each fix drops what it is about and every other entry that does harm, so that one will do.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some((value, items)) = items(survey) else { return };
    let faults: Vec<Option<Fault>> = items.iter().map(|item| judge(survey, item.text)).collect();
    let judged = || items.iter().zip(&faults);
    let step = settings::step(survey, StepId::Path);
    let mut told: Vec<&BStr> = Vec::new();
    for (item, fault) in judged() {
        let Some(fault) = fault.as_ref().filter(|_| !told.contains(&item.text)) else { continue };
        told.push(item.text);
        let kept = judged().filter(|(other, fault)| {
            other.text != item.text && fault.as_ref().is_none_or(|fault| fault.severity == Severity::Info)
        });
        findings.push(
            Finding::new(fault.rule, fault.message.clone())
                .severity(fault.severity)
                .evidence(settings::evidence(NAME, value).span(item.span.clone()))
                .effect(fault.effect.clone())
                .fix(settings::keep(survey, NAME, kept.map(|(other, _)| other.text)))
                .step(step),
        );
    }
}

/// The variable without one of its entries, and without those that are empty.
pub fn without(survey: &Survey<'_>, items: &[Item<'_>], text: &BStr) -> Fix {
    let kept = items.iter().map(|other| other.text).filter(|other| *other != text && !other.is_empty());
    settings::keep(survey, NAME, kept)
}

fn judge(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    if text.is_empty() {
        return Some(empty());
    }
    match survey.metadata(text) {
        Ok(metadata) if metadata.kind == FileKind::File => lone_file(text),
        Ok(_) => foreign(survey, text),
        Err(HostError::NotFound) => odd(survey, text).or_else(|| absent(survey, text)),
        Err(_) => None,
    }
    .or_else(|| relative(survey, text))
}

fn empty() -> Fault {
    let message = "PYTHONPATH has an empty entry, which stands for the working directory";
    let effect = "whatever file lies in the directory in which a command is typed can be imported in the place of any \
                  module, also by programs that are installed elsewhere";
    Fault::warning(&PYTHONPATH_EMPTY_ENTRY, message.into(), effect)
}

/// What is left of another notation and was taken literally, where nothing of that name exists.
fn odd(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    let is_windows = survey.flavor() == Flavor::Windows;
    let drive = if is_windows { 2 } else { 0 };
    let other = if is_windows { b':' } else { b';' };
    let reason = if text.starts_with(b"~") {
        "begins with ~, which only a shell expands, and not within quotes"
    } else if text.contains(&b'$') || is_windows && text.contains(&b'%') {
        "names a variable that no shell has expanded"
    } else if matches!(text.first(), Some(b'"' | b'\'')) {
        "has quotes in it, which are taken for a part of the name"
    } else if text.get(drive..).is_some_and(|rest| rest.contains(&other)) {
        "has the separator of another system in it, and is taken for one directory"
    } else {
        return None;
    };
    let message = sentence!("the entry ", text, " of PYTHONPATH ", reason);
    let effect = sentence!("Python looks for modules in ", survey.absolute(text), ", which does not exist");
    Some(Fault::warning(&PYTHONPATH_ODD_ENTRY, message, effect))
}

/// A file, which counts only where it is an archive.
fn lone_file(text: &BStr) -> Option<Fault> {
    let is_module = [".py", ".pyc", ".pth", ".so", ".pyd"].iter().any(|suffix| text.ends_with(suffix.as_bytes()));
    let message = || sentence!("the entry ", text, " of PYTHONPATH is a single file");
    let effect = "Python looks for modules in directories and zip archives, and never finds anything there";
    is_module.then(|| Fault::warning(&PYTHONPATH_ODD_ENTRY, message(), effect))
}

/// An entry that is another directory for each working directory. Many a project wants that.
fn relative(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    if is_absolute(survey.platform(), text) {
        return None;
    }
    let message = sentence!("the entry ", text, " of PYTHONPATH is relative");
    let effect =
        sentence!("it is made absolute against the working directory of each start, here to ", survey.absolute(text));
    Some(Fault { rule: &PYTHONPATH_ODD_ENTRY, severity: Severity::Info, message, effect })
}

fn absent(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    if !is_absolute(survey.platform(), text) {
        return None;
    }
    let message = sentence!("the entry ", text, " of PYTHONPATH does not exist");
    let effect = "it stands on sys.path, where every import passes over it".into();
    Some(Fault { rule: &PYTHONPATH_MISSING, severity: Severity::Info, message, effect })
}

/// Packages of another release, or of another environment.
fn foreign(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    let path = survey.absolute(text);
    let name = survey.base_name(path.trim_end_with(|c| c == '/' || c == '\\').as_bstr());
    if name != "site-packages" && name != "dist-packages" {
        return None;
    }
    let (own, other) = (survey.version()?, made_for(path.as_bstr()));
    if let Some(other) = other.filter(|other| *other != (own.major, own.minor)) {
        let (other, own) = (format!("{}.{}", other.0, other.1), own.short());
        let message = sentence!(
            "PYTHONPATH puts ",
            text,
            ", the packages of Python ",
            other,
            ", before all others of this ",
            own
        );
        let effect = sentence!(
            "every package in it is imported in the place of the one that is installed in ",
            survey.root(),
            "; what is compiled in it was compiled for ",
            other
        );
        return Some(Fault::warning(&PYTHONPATH_OTHER_VERSION, message, effect));
    }
    other_environment(survey, path.as_bstr(), text)
}

fn other_environment(survey: &Survey<'_>, path: &BStr, text: &BStr) -> Option<Fault> {
    let levels = if survey.flavor() == Flavor::Windows { 2 } else { 3 };
    let root = (0..levels).fold(path.to_owned(), |dir, _| survey.parent(dir.as_bstr()));
    let cfg = survey.join(&root, "pyvenv.cfg");
    if root == survey.root() || !survey.is_file(cfg.as_bstr()) || survey.same_file(root.as_bstr(), survey.root()) {
        return None;
    }
    let message =
        sentence!("PYTHONPATH puts ", text, ", the packages of another environment, before those of ", survey.root());
    let effect = sentence!(
        "what is installed in both is imported from ",
        root,
        ", and pip lists and removes what it finds there first"
    );
    Some(Fault::warning(&PYTHONPATH_OTHER_ENVIRONMENT, message, effect))
}

/// The release that a directory is made for: `python3.11` on POSIX, `Python311` on Windows, as one of its names.
pub fn made_for(path: &BStr) -> Option<(u8, u8)> {
    let names = path.split(|byte| matches!(byte, b'/' | b'\\')).rev();
    names.into_iter().find_map(|name| {
        let digits =
            name.to_str().ok()?.strip_prefix("python").or_else(|| name.to_str().ok()?.strip_prefix("Python"))?;
        let (major, minor) = digits.split_once('.').or_else(|| digits.split_at_checked(1))?;
        Some((major.parse().ok()?, minor.trim_end_matches('t').parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dirs_tell_what_they_are_made_for() {
        for (path, version) in [
            ("/opt/ros/lib/python3.8/site-packages", Some((3, 8))),
            ("/opt/x/lib/python3.13t/site-packages", Some((3, 13))),
            (r"C:\Python39\Lib\site-packages", Some((3, 9))),
            ("/usr/lib/python3/dist-packages", None),
            ("/home/u/python-tools", None),
            ("/python3./x", None),
        ] {
            assert_eq!(made_for(path.into()), version, "{path}");
        }
    }
}
