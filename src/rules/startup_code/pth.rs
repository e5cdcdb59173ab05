//! The lines of `.pth` files.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::support::{files, own_fixes};
use super::{editable, egg_link};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::MissingPath;
use crate::startup::behaviors::Behavior;
use crate::text::python;
use crate::text::sentence;

pub(in crate::rules) static PTH_TARGET_MISSING: Rule = Rule {
    code: Code("VD401"),
    name: "pth-target-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .pth file names a path that does not exist.",
    why: "\
The site module adds a path only where it exists. Up to 3.14 it passes over any other without a word, and what was \
meant to be importable is not: No module named 'proj', while pip still lists it. 3.15 says so at every start. The \
usual cause is a directory that was moved or removed, a path from another machine, or a path written with quotes, ~ or a \
variable, none of which Python takes away.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib.pth
/home/ada/plotlib/src
$ ls -d /home/ada/plotlib/src
ls: cannot access '/home/ada/plotlib/src': No such file or directory",
    fix: "Install again what put the file there, or remove the line, or the file, that nothing owns.",
    sources: &["CPython Lib/site.py: addpackage", "python/cpython#149109", "pypa/pipx#278"],
};

pub(in crate::rules) static PTH_BYTE_ORDER_MARK: Rule = Rule {
    code: Code("VD404"),
    name: "pth-byte-order-mark",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .pth file begins with a byte-order mark, which this release takes for a part of the first line.",
    why: "\
Some editors put the three bytes EF BB BF at the beginning of a file. Up to 3.12.3 they belong to the first line, so \
that its path is not found and an import at its beginning is none. 3.12.4 and 3.13 take the mark away, and the same \
file works there.",
    example: "\
$ head -c 3 .venv/lib/python3.11/site-packages/plotlib.pth | od -An -tx1
 ef bb bf",
    fix: "Remove the three bytes.",
    sources: &["python/cpython#77102", "CPython Lib/site.py: addpackage"],
};

pub(in crate::rules) static PTH_INDENTED_IMPORT: Rule = Rule {
    code: Code("VD409"),
    name: "pth-indented-import",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .pth file has blanks before its import: a path up to 3.14, code that runs from 3.15 on.",
    why: "\
Up to 3.14 a line counts as code only where import stands at its very beginning; with blanks before it, it is a path \
that does not exist. 3.15 strips the line first. The same file does nothing in one release and runs in the next, and \
searches that look for import at the beginning of a line do not see it.",
    example: "\
$ cat -A .venv/lib/python3.14/site-packages/hook.pth
 import hook$",
    fix: "Read the line, and remove it or its blanks.",
    sources: &["python/cpython#149109", "CPython Lib/site.py: addpackage"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic {
    rules: &[&PTH_TARGET_MISSING, &PTH_BYTE_ORDER_MARK, &PTH_INDENTED_IMPORT],
    judges: &[Judge { when: When::Startup(420), find }],
};

/// Judges the lines of `.pth` files. A file that is processed twice is reported once.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    let mut explained = HashSet::new();
    for file in files::considered(survey) {
        byte_order_mark(survey, &file, findings, &mut explained);
        indented(survey, &file, findings, &mut explained);
    }
    let missing = survey.resolution.missing.iter().filter(|missing| {
        explained.insert((missing.file.clone(), missing.line))
            && !files::is_apple_double(survey, missing.file.as_bstr())
    });
    let missing: Vec<&MissingPath> = missing.collect();
    for missing in missing.iter().take(files::MOST_TOLD) {
        let more_specific = || egg_link::of_line(survey, missing).or_else(|| editable::of_line(survey, missing));
        let finding = more_specific().unwrap_or_else(|| target_missing(survey, missing));
        findings.push(finding.step(missing.step));
    }
    findings.extend(missing.get(files::MOST_TOLD).map(|next| others(next, missing.len() - files::MOST_TOLD)));
}

/// What is left to say where there is more than anybody reads.
fn others(next: &MissingPath, count: usize) -> Finding {
    let lines = if count == 1 {
        " more line names a path that does not exist, line "
    } else {
        " more lines name paths that do not exist, the next of them line "
    };
    let place = sentence!(count.to_string(), lines, next.line.to_string(), " of ", next.file);
    Finding::new(&PTH_TARGET_MISSING, place)
        .evidence(Evidence::about(next.file.clone(), sentence!("names ", next.path)))
        .effect("what lies there cannot be imported")
        .fix(Fix::advice("install again what the files were made by, or remove those that nothing needs"))
        .step(next.step)
}

fn target_missing(survey: &Survey<'_>, missing: &MissingPath) -> Finding {
    let file = missing.file.as_bstr();
    let ownership = survey.owner_of(file);
    let whose = own_fixes::whose(&ownership);
    let message = sentence!(missing.file, whose, " names ", missing.path, ", which does not exist");
    let line = line_at(survey, file, missing.line);
    Finding::new(&PTH_TARGET_MISSING, message)
        .evidence(files::line_evidence(survey, file, missing.line, python::strip(&line)))
        .effect(effect(survey, python::strip(&line)))
        .fix(fix(survey, missing))
}

/// A line as it stands in the file.
pub fn line_at(survey: &Survey<'_>, file: &BStr, number: usize) -> BString {
    let lines = files::lines(survey, file);
    number.checked_sub(1).and_then(|index| lines.get(index).cloned()).unwrap_or_default()
}

/// What Python does with a path that does not exist, and what may be wrong with its spelling.
pub fn effect(survey: &Survey<'_>, line: &BStr) -> BString {
    let says = if files::has(survey, Behavior::StartFiles) {
        "Python says so at every start, and what lies there cannot be imported"
    } else {
        "Python passes over the line without a word, and what lies there cannot be imported"
    };
    sentence!(says, misspelled(line).unwrap_or_default())
}

/// What Python does not understand as the writer of a path meant it.
fn misspelled(line: &BStr) -> Option<&'static str> {
    match line.first()? {
        b'"' | b'\'' => Some("; the quotes count as part of the path"),
        b'~' => Some("; nothing puts a home directory in the place of ~"),
        b'$' | b'%' => Some("; nothing puts the value of a variable in its place"),
        _ => None,
    }
}

fn fix(survey: &Survey<'_>, missing: &MissingPath) -> Fix {
    let file = missing.file.as_bstr();
    if survey.base_name(file) == "pipx_shared.pth" {
        let advice = "have pipx make anew the environment that its applications share";
        return Fix::advice(advice).command(fixes::line(survey, "pipx").word("upgrade-shared"));
    }
    let ownership = survey.owner_of(file);
    if !ownership.is_nobody() {
        return own_fixes::reinstall_or_remove(survey, file, &ownership, false);
    }
    if misspelled(python::strip(&line_at(survey, file, missing.line))).is_some() {
        return Fix::advice("write the whole path, without quotes, ~ or variables");
    }
    let dead = survey.resolution.missing.iter().filter(|it| it.file == missing.file).map(|it| it.line);
    let dead: HashSet<usize> = dead.collect();
    let lines = files::lines(survey, file);
    let mut meaningful = (1..).zip(&lines).filter(|(_, line)| files::is_meaningful(line.as_bstr()));
    if meaningful.all(|(number, _)| dead.contains(&number)) {
        // A volume that is not mounted just now would leave its mount point behind.
        let is_gone = survey.is_missing(survey.parent(missing.path.as_bstr()).as_bstr());
        return own_fixes::reinstall_or_remove(survey, file, &ownership, is_gone);
    }
    let fix = own_fixes::delete_line(survey, file, missing.line);
    Fix { advice: sentence!("reinstall what ", missing.path, " held, or ", fix.advice), ..fix }
}

/// A mark at the beginning that this release does not take away.
fn byte_order_mark(
    survey: &Survey<'_>,
    file: &BString,
    findings: &mut Vec<Finding>,
    explained: &mut HashSet<(BString, usize)>,
) {
    if files::has(survey, Behavior::PthUtf8) {
        return;
    }
    let first = line_at(survey, file.as_bstr(), 1);
    let Some(rest) = first.strip_prefix(python::BYTE_ORDER_MARK).map(BStr::new) else { return };
    let is_fatal = survey.resolution.failures.iter().any(|it| it.file == *file && it.fault.is_fatal());
    if is_fatal || !files::is_meaningful(rest) {
        return;
    }
    let whose = own_fixes::whose(&survey.owner_of(file.as_bstr()));
    let is_import = rest.starts_with(b"import ") || rest.starts_with(b"import\t");
    let effect = if is_import {
        "the first line is taken for a path that does not exist, and its code does not run; Python 3.13 drops the mark"
    } else {
        "the mark becomes part of the first path, which is not found then; Python 3.13 drops it"
    };
    let advice = sentence!("remove the three bytes at the beginning of ", file);
    let fix = Fix::advice(advice).commands(fixes::without_mark(survey, file.as_bstr()));
    explained.insert((file.clone(), 1));
    findings.push(
        Finding::new(&PTH_BYTE_ORDER_MARK, sentence!(file, whose, " begins with a byte-order mark"))
            .evidence(files::line_evidence(survey, file.as_bstr(), 1, python::BYTE_ORDER_MARK))
            .effect(effect)
            .fix(if fix.commands.is_empty() { fix } else { fix.safe() })
            .step(step_of(survey, file.as_bstr())),
    );
}

/// An import behind blanks: a path up to 3.14, code from 3.15 on.
fn indented(
    survey: &Survey<'_>,
    file: &BString,
    findings: &mut Vec<Finding>,
    explained: &mut HashSet<(BString, usize)>,
) {
    let runs = files::has(survey, Behavior::StartFiles);
    let mut told = 0;
    for (number, line) in (1..).zip(files::lines(survey, file.as_bstr())) {
        let code = python::strip_start(&line);
        let is_import = code.starts_with(b"import ") || code.starts_with(b"import\t");
        if code.len() == line.len() || !is_import {
            continue;
        }
        explained.insert((file.clone(), number));
        told += 1;
        if told > files::MOST_TOLD {
            continue;
        }
        let whose = own_fixes::whose(&survey.owner_of(file.as_bstr()));
        let place = sentence!("line ", number.to_string(), " of ", file, whose);
        let (message, effect) = if runs {
            (
                sentence!(place, " runs code although blanks stand before its import"),
                "Python 3.15 runs it; up to 3.14 it was a path that did not exist",
            )
        } else {
            (
                sentence!(place, " does not run: blanks stand before its import"),
                "Python takes it for a path that does not exist; 3.15 will run it",
            )
        };
        findings.push(
            Finding::new(&PTH_INDENTED_IMPORT, message)
                .evidence(files::line_evidence(survey, file.as_bstr(), number, python::strip(&line)))
                .effect(effect)
                .fix(unindent(survey, file.as_bstr(), number))
                .step(step_of(survey, file.as_bstr())),
        );
    }
    if told > files::MOST_TOLD {
        let more = sentence!((told - files::MOST_TOLD).to_string(), " more lines of ", file);
        findings.push(
            Finding::new(&PTH_INDENTED_IMPORT, sentence!(more, " have blanks before their import"))
                .evidence(Evidence::about(file.clone(), "import behind blanks"))
                .effect("Python 3.15 runs them; to earlier ones they are paths that do not exist")
                .fix(Fix::advice(sentence!("read ", file, ", and make it anew"))),
        );
    }
}

/// Only people can say whether the line is meant to run. Putting it out of the way changes no release up to 3.14.
fn unindent(survey: &Survey<'_>, file: &BStr, number: usize) -> Fix {
    let ownership = survey.owner_of(file);
    if ownership.owner().is_some() {
        return own_fixes::reinstall_or_remove(survey, file, &ownership, false);
    }
    let fix = own_fixes::delete_line(survey, file, number);
    let advice = sentence!("read the line: to run it everywhere, begin it with import, and otherwise ", fix.advice);
    Fix { advice, ..fix }
}

/// The step in which startup has read a file.
pub fn step_of(survey: &Survey<'_>, file: &BStr) -> Option<usize> {
    let steps = survey.resolution.steps.iter();
    steps.rev().find(|step| step.lookups.iter().any(|check| check.path == file)).map(|step| step.number)
}
