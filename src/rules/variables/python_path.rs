//! The entries of `PYTHONPATH`, judged by their text and by whether they exist.

use std::ops::Range;

use bstr::{BStr, BString, ByteSlice};

use super::support::notation::{self, Meaning};
use super::support::settings;
use crate::environment::Survey;
use crate::host::path::{Flavor, is_absolute};
use crate::host::{FileKind, HostError};
use crate::rules::shell::posix;
use crate::rules::{Code, Confidence, Finding, Fix, Judge, Rule, Severity, Topic, When};
use crate::startup::StepId;
use crate::text::sentence;

pub(in crate::rules) static PYTHONPATH_OTHER_VERSION: Rule = Rule {
    code: Code("VD303"),
    name: "pythonpath-other-version",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONPATH names the site-packages of another minor version of Python.",
    why: "\
PYTHONPATH precedes the standard library and every site-packages, in an environment, too. Packages in it are imported \
instead of those installed in the environment, and their extension modules were compiled for another version: numpy \
fails with No module named numpy.core._multiarray_umath. Setup scripts of ROS, module systems of computing centers, \
and editors export the variable for one Python, and every other Python obeys it.",
    example: "\
$ echo $PYTHONPATH
/opt/ros/foxy/lib/python3.8/site-packages
$ .venv/bin/python --version
Python 3.12.1",
    fix: "Remove the entry from PYTHONPATH, or start Python with -I if other programs need the variable.",
    sources: &["ros2/ros2#1094", "numpy/numpy#22929", "CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_EMPTY_ENTRY: Rule = Rule {
    code: Code("VD305"),
    name: "pythonpath-empty-entry",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "PYTHONPATH has an empty entry, which puts the working directory on sys.path.",
    why: "\
A colon at the beginning or at the end, or two in a row, leave an empty entry, which Python resolves to the working \
directory. The usual cause is PYTHONPATH=$PYTHONPATH:/x while the variable was not set. A script that is run in \
another user's directory then imports that user's random.py.",
    example: "\
$ export PYTHONPATH=$PYTHONPATH:/opt/tools
$ echo $PYTHONPATH
:/opt/tools",
    fix: "Set the variable without the extra separator: PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}/opt/tools.",
    sources: &["jsk-ros-pkg/coral_usb_ros#17", "CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_ODD_ENTRY: Rule = Rule {
    code: Code("VD306"),
    name: "pythonpath-odd-entry",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "An entry of PYTHONPATH is relative, is a single file, or uses a notation that Python does not interpret.",
    why: "\
Python splits the value at the separator of the system and interprets nothing else in it: no ~, no $HOME, no quotes. \
~/lib becomes a path below a directory named ~ in the working directory, and a list with the separators of another \
system becomes one long name. A relative entry means another directory in each working directory, which may be \
intended, so the severity is info.",
    example: "\
$ export PYTHONPATH='~/lib;/opt/tools'
$ python3 -c 'import sys; print(sys.path[1])'
/home/ada/project/~/lib;/opt/tools",
    fix: "Write absolute paths, separated by : (by ; on Windows).",
    sources: &["CPython Modules/getpath.py: UPDATE pythonpath"],
};

pub(in crate::rules) static PYTHONPATH_MISSING: Rule = Rule {
    code: Code("VD307"),
    name: "pythonpath-missing",
    severity: Severity::Info,
    confidence: Confidence::Certain,
    summary: "An entry of PYTHONPATH does not exist.",
    why: "\
Python puts the entry on sys.path without checking it, and every import searches it first and finds nothing. The \
modules that were there cannot be imported, and whoever creates a directory of that name later decides what is \
imported.",
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
Its packages precede those that are installed in this environment, so the two environments are mixed: versions are not \
those of the lock file, importlib.metadata and pip find the metadata of the wrong copy first, and upgrading a package \
here does not change what is imported.",
    example: "\
$ echo $PYTHONPATH
/home/ada/other/.venv/lib/python3.12/site-packages
$ .venv/bin/python -c 'import requests; print(requests.__file__)'
/home/ada/other/.venv/lib/python3.12/site-packages/requests/__init__.py",
    fix: "Remove the entry, and install the needed packages into this environment.",
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

/// The name of the variable.
pub const NAME: &str = "PYTHONPATH";

/// The most entries that are judged.
const MOST: usize = 64;

/// A part of the variable between two separators.
pub struct Item<'v> {
    /// The text between the separators.
    pub text: &'v BStr,
    /// The bytes of the whole value to mark: the entry itself, or a separator next to an empty one.
    pub span: Range<usize>,
}

/// What is wrong with an entry.
struct Fault {
    rule: &'static Rule,
    severity: Severity,
    message: BString,
    effect: BString,
    /// Whether the entry uses a notation that Python does not interpret.
    is_notation: bool,
}

impl Fault {
    fn warning(rule: &'static Rule, message: BString, effect: impl Into<BString>) -> Self {
        Self { rule, severity: Severity::Warning, message, effect: effect.into(), is_notation: false }
    }
}

/// The entries of `PYTHONPATH`, unless Python ignores it, with the whole value.
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

/// Judges every entry. Each fix removes its entry and every other harmful one, so that following one of them is enough.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let Some((value, items)) = items(survey) else { return };
    let faults: Vec<Option<Fault>> = items.iter().map(|item| judge(survey, item.text)).collect();
    let judged = || items.iter().zip(&faults);
    let step = settings::step(survey, StepId::Path);
    let mut reported: Vec<&BStr> = Vec::new();
    for (item, fault) in judged() {
        let Some(fault) = fault.as_ref().filter(|_| !reported.contains(&item.text)) else { continue };
        reported.push(item.text);
        let fix = corrected(survey, &items, &faults, item.text);
        findings.push(
            Finding::new(fault.rule, fault.message.clone())
                .severity(fault.severity)
                .evidence(settings::evidence(NAME, value).span(item.span.clone()))
                .effect(fault.effect.clone())
                .fix(fix)
                .step(step),
        );
    }
}

/// Sets the variable without one of its entries and without empty ones.
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
    let message = "PYTHONPATH has an empty entry, which means the working directory";
    let effect = "files in the directory in which a command is run can be imported instead of any module, even by \
                  programs that are installed elsewhere";
    Fault::warning(&PYTHONPATH_EMPTY_ENTRY, message.into(), effect)
}

/// The variable as it should be: without the entry `text` and every other harmful one, where those whose notation Python
/// does not interpret are replaced by what they mean.
fn corrected(survey: &Survey<'_>, items: &[Item<'_>], faults: &[Option<Fault>], text: &BStr) -> Fix {
    let mut kept: Vec<BString> = Vec::new();
    let mut expanded: Option<BString> = None;
    for (item, fault) in items.iter().zip(faults) {
        let is_harmful = fault.as_ref().is_some_and(|fault| fault.severity != Severity::Info) || item.text == text;
        if !is_harmful {
            kept.push(item.text.to_owned());
            continue;
        }
        if !fault.as_ref().is_some_and(|fault| fault.is_notation) {
            continue;
        }
        match notation::meaning(survey, item.text) {
            Meaning::Paths(paths) => kept.extend(paths),
            Meaning::Shell(shell) if expanded.is_none() => {
                let before = kept.iter().map(|kept| posix(kept.as_bstr()));
                expanded = Some(bstr::join(":", before.chain([shell])).into());
                kept.clear();
            }
            Meaning::Nothing => {}
            Meaning::Shell(_) | Meaning::Unknown => {
                return Fix::advice(sentence!(
                    "write the directory that ",
                    item.text,
                    " stands for into PYTHONPATH, as an absolute path"
                ));
            }
        }
    }
    let Some(expanded) = expanded else {
        return settings::keep(survey, NAME, kept.iter().map(|kept| kept.as_bstr()));
    };
    let after = kept.iter().map(|kept| posix(kept.as_bstr()));
    let whole = BString::from(bstr::join(":", std::iter::once(expanded).chain(after)));
    settings::export_expanded(survey, NAME, whole.as_bstr())
}

/// A notation that Python takes literally, if nothing of that name exists.
fn odd(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    let reason = notation::complaint(survey.flavor(), text)?;
    let message = sentence!("the entry ", text, " of PYTHONPATH ", reason);
    let mut effect = sentence!("Python looks for modules in ", survey.absolute(text), ", which does not exist");
    if let Meaning::Paths(paths) = notation::meaning(survey, text) {
        effect.extend_from_slice(&sentence!(", and not in ", bstr::join(", ", paths)));
    }
    Some(Fault { is_notation: true, ..Fault::warning(&PYTHONPATH_ODD_ENTRY, message, effect) })
}

/// A single file that is not an archive.
fn lone_file(text: &BStr) -> Option<Fault> {
    let is_module = [".py", ".pyc", ".pth", ".so", ".pyd"].iter().any(|suffix| text.ends_with(suffix.as_bytes()));
    let message = || sentence!("the entry ", text, " of PYTHONPATH is a single file");
    let effect = "Python imports modules only from directories and zip archives, and finds nothing there";
    is_module.then(|| Fault::warning(&PYTHONPATH_ODD_ENTRY, message(), effect))
}

/// An entry that means another directory in each working directory. Many projects want that.
fn relative(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    if is_absolute(survey.platform(), text) {
        return None;
    }
    let message = sentence!("the entry ", text, " of PYTHONPATH is relative");
    let effect =
        sentence!("Python resolves it against the working directory at each start, here to ", survey.absolute(text));
    Some(Fault { rule: &PYTHONPATH_ODD_ENTRY, severity: Severity::Info, message, effect, is_notation: false })
}

fn absent(survey: &Survey<'_>, text: &BStr) -> Option<Fault> {
    if !is_absolute(survey.platform(), text) {
        return None;
    }
    let message = sentence!("the entry ", text, " of PYTHONPATH does not exist");
    let effect = "it is on sys.path, where every import searches it and finds nothing".into();
    Some(Fault { rule: &PYTHONPATH_MISSING, severity: Severity::Info, message, effect, is_notation: false })
}

/// Packages of another minor version, or of another environment.
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
            ", before those of this Python ",
            own
        );
        let effect = sentence!(
            "every package in it is imported instead of the one that is installed in ",
            survey.root(),
            "; its extension modules were compiled for Python ",
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
    let effect =
        sentence!("packages that are installed in both are imported from ", root, ", where pip finds them first, too");
    Some(Fault::warning(&PYTHONPATH_OTHER_ENVIRONMENT, message, effect))
}

/// The version that a directory is made for, if a part of its path is `python3.11` (POSIX) or `Python311` (Windows).
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
    fn paths_name_the_version_they_are_made_for() {
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
