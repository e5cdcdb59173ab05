//! Paths with characters that break something, and paths that are too long.

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::path::Flavor;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behaviors;
use crate::startup::decodes_as_ascii;
use crate::text::sentence;

pub(in crate::rules) static SEPARATOR_IN_PATH: Rule = Rule {
    code: Code("VD804"),
    name: "separator-in-path",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "The path of the environment contains the character that separates the entries of PATH.",
    why: "\
PATH is a list that has no way of quoting. Activating an environment in /srv/a:b puts /srv/a and b/.venv/bin on \
PATH, neither of which exists, and the shell finds the Python of the system. venv and virtualenv refuse to create \
such an environment; it comes about when a directory is renamed. Running its programs by their full path works.",
    example: "\
$ python3 -m venv 'a:b/.venv'
Error: Refusing to create a venv in a:b/.venv because it contains the PATH separator :.",
    fix: "Rename the directory, and recreate the environment.",
    sources: &["CPython Lib/venv/__init__.py: ensure_directories"],
};

pub(in crate::rules) static NEWLINE_IN_PATH: Rule = Rule {
    code: Code("VD805"),
    name: "newline-in-path",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The path of the environment or of its base contains a line break or a control character.",
    why: "\
pyvenv.cfg, RECORD, activate scripts and the first lines of scripts consist of lines and have no quoting. A path \
with a line break is cut off there: home loses its end, and the rest is read as a line of its own, which can look \
like a key.",
    example: "\
$ cat $'/srv/two\\nlines/.venv/pyvenv.cfg'
home = /usr/bin
command = /usr/bin/python3 -m venv /srv/two
lines/.venv",
    fix: "Rename the directory, and recreate the environment.",
    sources: &["CPython Lib/venv/__init__.py: create_configuration"],
};

pub(in crate::rules) static PATH_NOT_UTF8: Rule = Rule {
    code: Code("VD806"),
    name: "path-not-utf8",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The path of the environment or of its base is not UTF-8.",
    why: "\
File names are bytes, and one in Latin-1 is a valid name. Python starts there and decodes the name with surrogates. \
Text files do not accept surrogates: venv stops while it writes pyvenv.cfg ('utf-8' codec can't encode character \
'\\udce9': surrogates not allowed; up to 3.8 it left out some activate scripts instead), and so does any program \
that writes the path to a text file or prints it in an ordinary locale.",
    example: "\
$ python3 -m venv $'caf\\351/.venv'
Error: 'utf-8' codec can't encode character '\\udce9' in position 32: surrogates not allowed",
    fix: "Rename the directory (convmv does that for whole trees), and recreate the environment.",
    sources: &["pypa/virtualenv#457", "PEP 383"],
};

pub(in crate::rules) static PATH_NOT_ASCII: Rule = Rule {
    code: Code("VD807"),
    name: "path-not-ascii",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "The path has non-ASCII characters, and the locale leaves Python no way to decode them.",
    why: "\
In the C locale, Python 3.6 decodes file names as ASCII and every other byte as a surrogate. From 3.7 on, the C \
locale is coerced to UTF-8 and UTF-8 mode is enabled, unless variables disable both. Services and cron jobs start in \
the C locale, while the shell in which everything was tested does not. Such a path never equals one that was read \
from a file, and writing it to a file fails with UnicodeEncodeError.",
    example: "\
$ LC_ALL=C PYTHONUTF8=0 projé/.venv/bin/python -c 'import sys; sys.prefix.encode()'
UnicodeEncodeError: 'utf-8' codec can't encode characters in position 14-15: surrogates not allowed",
    fix: "Set a UTF-8 locale such as C.UTF-8, or PYTHONUTF8=1.",
    sources: &["PEP 538", "PEP 540"],
};

pub(in crate::rules) static PATH_TOO_LONG: Rule = Rule {
    code: Code("VD808"),
    name: "path-too-long",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    summary: "A file of an installed distribution has a path that is too long for most programs on Windows.",
    why: "\
On Windows, a path may have 259 characters unless both the system (LongPathsEnabled in its registry) and the program \
opt in. Deep projects, the long directory of the Microsoft Store's Python and packages with long names add up. \
Installing fails with `No such file or directory`, or files are missing afterwards. The registry is not read, so \
this may be fine on this machine.",
    example: "\
> pip install jupyterlab
ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\ada\\\\…'",
    fix: "\
Recreate the environment in a directory with a shorter path, or allow long paths, and reinstall the packages.",
    sources: &["pypa/pip#3055", "python/cpython#88733", "pypa/virtualenv#1769"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&SEPARATOR_IN_PATH, &NEWLINE_IN_PATH, &PATH_NOT_UTF8, &PATH_NOT_ASCII, &PATH_TOO_LONG],
    judges: &[Judge { when: When::Startup(500), find }, Judge { when: When::Environment(810), find: find_too_long }],
};

/// Examines the path of the environment and that of its base.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let root = survey.root();
    if survey.is_environment() {
        findings.extend(separator(survey, root));
    }
    let base = survey.resolution.sys.as_ref().map(|sys| sys.base_prefix.as_bstr());
    let places: Vec<&BStr> = [Some(root).filter(|_| survey.is_environment()), base].into_iter().flatten().collect();
    findings.extend(places.iter().find_map(|path| control_character(survey, path)));
    match places.iter().find(|path| path.to_str().is_err()) {
        Some(path) => findings.push(not_utf8(survey, path)),
        None => findings.extend(places.iter().find_map(|path| not_ascii(survey, path))),
    }
}

/// Advice to rename a directory.
fn rename(survey: &Survey<'_>, path: &BStr, what: &str) -> Fix {
    let advice = sentence!("rename ", path, " so that its path has ", what, ", and recreate the environment there");
    if path != survey.root() {
        return Fix::advice(advice);
    }
    Fix::advice(sentence!(advice, " with ", fixes::python(survey), " -m venv"))
}

fn separator(survey: &Survey<'_>, root: &BStr) -> Option<Finding> {
    let delimiter = survey.flavor().delimiter();
    let at = root.iter().position(|&byte| byte == delimiter)?;
    let mark = char::from(delimiter).to_string();
    let message =
        sentence!("the path of the environment, ", root, ", contains ", mark, ", which separates the entries of PATH");
    let effect = sentence!(
        "activate puts ",
        survey.bin(),
        " on PATH, and the shell reads it as two directories that do not exist; the environment's programs are not found"
    );
    Some(
        Finding::new(&SEPARATOR_IN_PATH, message)
            .evidence(Evidence::about(root, root).span(at..at + 1))
            .effect(effect)
            .fix(rename(survey, root, &format!("no {mark}"))),
    )
}

fn control_character(survey: &Survey<'_>, path: &BStr) -> Option<Finding> {
    let at = path.iter().position(u8::is_ascii_control)?;
    let is_line_end = matches!(path.get(at), Some(b'\n' | b'\r'));
    let what = if is_line_end { "a line break" } else { "a control character" };
    let effect = if is_line_end {
        "in pyvenv.cfg, RECORD and the first lines of scripts, the path ends at its line break, and the rest is read \
         as a line of its own"
    } else {
        "terminals and shells interpret it instead of showing it, and files that consist of lines and words are misread"
    };
    Some(
        Finding::new(&NEWLINE_IN_PATH, sentence!("the path ", path, " contains ", what))
            .evidence(Evidence::about(path, path).span(at..at + 1))
            .effect(effect)
            .fix(rename(survey, path, "only printable characters")),
    )
}

fn not_utf8(survey: &Survey<'_>, path: &BStr) -> Finding {
    let at = path.to_str().err().map_or(0, |error| error.valid_up_to());
    let effect = "Python decodes the name with surrogates, which cannot be written to a text file: creating an \
                  environment there fails with `surrogates not allowed`, and so does any program that writes the path";
    Finding::new(&PATH_NOT_UTF8, sentence!("the path ", path, " is not UTF-8"))
        .evidence(Evidence::about(path, path).span(at..at + 1))
        .effect(effect)
        .fix(rename(survey, path, "a name in UTF-8"))
}

/// Non-ASCII characters, where the locale leaves Python no way to decode them.
fn not_ascii(survey: &Survey<'_>, path: &BStr) -> Option<Finding> {
    let version = survey.version()?;
    let invocation = &survey.resolution.invocation;
    let (start, end, _) = path.char_indices().find(|(_, _, letter)| !letter.is_ascii())?;
    if survey.flavor() == Flavor::Windows || !decodes_as_ascii(invocation, &Behaviors::of(version)) {
        return None;
    }
    let is_off = invocation.variable("PYTHONUTF8").is_some_and(|value| value == "0");
    let why = if is_off { "the C locale is set and PYTHONUTF8=0 disables UTF-8 mode" } else { "the C locale is set" };
    let fix = if is_off {
        fixes::unset(survey, "PYTHONUTF8")
    } else {
        Fix::advice("set a UTF-8 locale").command(fixes::line(survey, "export").word("LC_ALL=C.UTF-8")).safe()
    };
    let mut finding = Finding::new(&PATH_NOT_ASCII, sentence!("the path ", path, " is not ASCII, and ", why))
        .evidence(Evidence::about(path, path).span(start..end));
    for name in ["LC_ALL", "PYTHONUTF8", "PYTHONCOERCECLOCALE"] {
        if let Some(value) = invocation.variable(name) {
            finding = finding.evidence(Evidence::about(name, value));
        }
    }
    let effect = "Python decodes every byte of these characters as a surrogate: sys.prefix and __file__ differ from \
                  what was typed and from what is read from files, and writing them fails with UnicodeEncodeError";
    Some(finding.effect(effect).fix(fix))
}

/// `MAX_PATH`: how long a path may be on Windows by default, with the NUL at its end.
const MAX_PATH: usize = 260;

/// Finds recorded paths that are too long by default. The registry, which may allow longer ones, is not read.
pub fn find_too_long(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.flavor() != Flavor::Windows {
        return;
    }
    let mut longest: Option<(usize, BString, BString)> = None;
    for distribution in survey.distributions() {
        let Ok(record) = distribution.record(survey) else { continue };
        for entry in record.entries() {
            let length = distribution.site.chars().count() + 1 + entry.path.chars().count();
            if length >= MAX_PATH && longest.as_ref().is_none_or(|(known, ..)| length > *known) {
                let file = survey.join(&distribution.site, entry.path.replace("/", "\\"));
                longest = Some((length, file, distribution.name.clone()));
            }
        }
    }
    let Some((length, file, owner)) = longest else { return };
    let message = sentence!(
        owner,
        " has a file with a path of ",
        length.to_string(),
        " characters, which is probably too long for programs that do not opt in to long paths"
    );
    let effect = "Windows refuses paths of 260 characters and more unless LongPathsEnabled is set: installing fails with \
                  `No such file or directory`, or leaves a package without some of its files";
    let set = fixes::line(survey, "reg").words(["add", r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem"]).words([
        "/v",
        "LongPathsEnabled",
        "/t",
        "REG_DWORD",
        "/d",
        "1",
        "/f",
    ]);
    findings.push(
        Finding::new(&PATH_TOO_LONG, message)
            .evidence(Evidence::about(file, format!("has {length} characters")))
            .effect(effect)
            .fix(
                Fix::advice(
                    "allow long paths as administrator, or recreate the environment in a directory with a shorter path",
                )
                .command(set),
            ),
    );
}
