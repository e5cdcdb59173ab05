//! The lines of `.pth` files: paths that do not exist, and text that Python does not read as it was meant.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::support::{by_owner, files, hooks};
use super::{editable, egg_link};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::MissingPath;
use crate::startup::behaviors::Behavior;
use crate::text::{python, sentence};

pub(in crate::rules) static PTH_TARGET_MISSING: Rule = Rule {
    code: Code("VD401"),
    name: "pth-target-missing",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A line of a .pth file names a path that does not exist.",
    why: "\
The site module adds a path to sys.path only if it exists. Up to 3.14, it silently ignores any other path, and what \
should be importable is not: No module named 'proj', while pip still lists it. 3.15 reports the path at every start. \
The usual cause is a directory that was moved or removed, a path from another machine, or a path written with quotes, \
~ or a variable, none of which Python interprets.",
    example: "\
$ cat .venv/lib/python3.12/site-packages/plotlib.pth
/home/ada/plotlib/src
$ ls -d /home/ada/plotlib/src
ls: cannot access '/home/ada/plotlib/src': No such file or directory",
    fix: "Reinstall what installed the file; if no distribution owns it, remove the line or the file.",
    sources: &["CPython Lib/site.py: addpackage", "python/cpython#149109", "pypa/pipx#278"],
};

pub(in crate::rules) static PTH_BYTE_ORDER_MARK: Rule = Rule {
    code: Code("VD404"),
    name: "pth-byte-order-mark",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A .pth file begins with a byte-order mark, which this version of Python reads as part of the first line.",
    why: "\
Some editors write the three bytes EF BB BF at the beginning of a file. Up to 3.12.3, they are part of the first line, \
so Python does not find its path or does not recognize its import. 3.12.4 and 3.13 skip the mark, and the same file \
works there.",
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
    summary: "\
A line of a .pth file has blanks before import: Python takes it for a path up to 3.14 and runs it since 3.15.",
    why: "\
Up to 3.14, a line is code only if import is at its very beginning; with blanks before import, the line is a path that \
does not exist. 3.15 strips the line first. The same file does nothing in one version and runs code in the next, and \
searches for import at the beginning of a line do not find it.",
    example: "\
$ cat -A .venv/lib/python3.14/site-packages/hook.pth
 import hook$",
    fix: "Read the line, and remove it or the blanks before import.",
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
    for missing in missing.iter().take(files::MOST_REPORTED) {
        let more_specific = || egg_link::of_line(survey, missing).or_else(|| editable::of_line(survey, missing));
        let finding = more_specific().unwrap_or_else(|| target_missing(survey, missing));
        findings.push(finding.step(missing.step));
    }
    findings.extend(missing.get(files::MOST_REPORTED).map(|next| others(next, missing.len() - files::MOST_REPORTED)));
}

/// Reports how many more lines there are, if there are more than are reported one by one.
fn others(next: &MissingPath, count: usize) -> Finding {
    let lines = if count == 1 {
        " more line names a path that does not exist, line "
    } else {
        " more lines name paths that do not exist, the next of them line "
    };
    let place = sentence!(count.to_string(), lines, next.line.to_string(), " of ", next.file);
    Finding::new(&PTH_TARGET_MISSING, place)
        .evidence(Evidence::about(next.file.clone(), sentence!("names ", next.path)))
        .effect("nothing in these paths can be imported")
        .fix(Fix::advice("reinstall what installed the files, or remove those that nothing needs"))
        .step(next.step)
}

fn target_missing(survey: &Survey<'_>, missing: &MissingPath) -> Finding {
    let file = missing.file.as_bstr();
    let ownership = survey.owner_of(file);
    let origin = by_owner::origin(&ownership);
    let message = sentence!(missing.file, origin, " names ", missing.path, ", which does not exist");
    let line = files::line_at(survey, file, missing.line);
    Finding::new(&PTH_TARGET_MISSING, message)
        .evidence(files::line_evidence(survey, file, missing.line, python::strip(&line)))
        .effect(effect(survey, python::strip(&line)))
        .fix(fix(survey, missing))
}

/// What Python does with a path that does not exist, and what it does not interpret in it.
pub fn effect(survey: &Survey<'_>, line: &BStr) -> BString {
    let says = if files::has(survey, Behavior::StartFiles) {
        "Python reports the line at every start, and nothing in that path can be imported"
    } else {
        "Python silently ignores the line, and nothing in that path can be imported"
    };
    sentence!(says, uninterpreted(line).unwrap_or_default())
}

/// Notation that Python takes literally, although the writer of the path probably meant something else.
fn uninterpreted(line: &BStr) -> Option<&'static str> {
    match line.first()? {
        b'"' | b'\'' => Some("; the quotes count as part of the path"),
        b'~' => Some("; Python does not expand ~"),
        b'$' | b'%' => Some("; Python does not expand variables"),
        _ => None,
    }
}

fn fix(survey: &Survey<'_>, missing: &MissingPath) -> Fix {
    let file = missing.file.as_bstr();
    if survey.base_name(file) == "pipx_shared.pth" {
        let advice = "recreate the environment that the applications of pipx share";
        return Fix::advice(advice).command(fixes::line(survey, "pipx").word("upgrade-shared"));
    }
    let ownership = survey.owner_of(file);
    if !ownership.is_nobody() {
        return by_owner::reinstall_or_remove(survey, file, &ownership, false);
    }
    if uninterpreted(python::strip(&files::line_at(survey, file, missing.line))).is_some() {
        return Fix::advice("write the full path, without quotes, ~ or variables");
    }
    let useless = survey.resolution.missing.iter().filter(|it| it.file == missing.file).map(|it| it.line);
    let useless: HashSet<usize> = useless.collect();
    let lines = files::lines(survey, file);
    let mut meaningful = (1..).zip(&lines).filter(|(_, line)| files::is_meaningful(line.as_bstr()));
    if meaningful.all(|(number, _)| useless.contains(&number)) {
        // If the path were on a volume that is not mounted now, the mount point above it would still exist.
        let is_gone = survey.is_missing(survey.parent(missing.path.as_bstr()).as_bstr());
        return by_owner::reinstall_or_remove(survey, file, &ownership, is_gone);
    }
    let fix = by_owner::delete_line(survey, file, missing.line);
    Fix { advice: sentence!("reinstall what ", missing.path, " contained, or ", fix.advice), ..fix }
}

/// A byte-order mark that this version of Python does not skip.
fn byte_order_mark(
    survey: &Survey<'_>,
    file: &BString,
    findings: &mut Vec<Finding>,
    explained: &mut HashSet<(BString, usize)>,
) {
    if files::has(survey, Behavior::PthUtf8) {
        return;
    }
    let first = files::line_at(survey, file.as_bstr(), 1);
    let Some(rest) = first.strip_prefix(python::BYTE_ORDER_MARK).map(BStr::new) else { return };
    let is_fatal = survey.resolution.failures.iter().any(|it| it.file == *file && it.fault.is_fatal());
    if is_fatal || !files::is_meaningful(rest) {
        return;
    }
    let origin = by_owner::origin(&survey.owner_of(file.as_bstr()));
    let effect = if files::is_import(rest) {
        "Python takes the first line for a path that does not exist and does not run its code; 3.13 skips the mark"
    } else {
        "the mark becomes part of the first path, which Python therefore does not find; 3.13 skips the mark"
    };
    let advice = sentence!("remove the three bytes at the beginning of ", file);
    let fix = Fix::advice(advice).commands(fixes::without_mark(survey, file.as_bstr()));
    explained.insert((file.clone(), 1));
    findings.push(
        Finding::new(&PTH_BYTE_ORDER_MARK, sentence!(file, origin, " begins with a byte-order mark"))
            .evidence(files::line_evidence(survey, file.as_bstr(), 1, python::BYTE_ORDER_MARK))
            .effect(effect)
            .fix(if fix.commands.is_empty() { fix } else { fix.safe() })
            .step(files::step_of(survey, file.as_bstr())),
    );
}

/// An import after blanks: a path up to 3.14, code since 3.15.
fn indented(
    survey: &Survey<'_>,
    file: &BString,
    findings: &mut Vec<Finding>,
    explained: &mut HashSet<(BString, usize)>,
) {
    let mut count = 0;
    for (number, line) in (1..).zip(files::lines(survey, file.as_bstr())) {
        let code = python::strip_start(&line);
        if code.len() == line.len() || !files::is_import(code) {
            continue;
        }
        explained.insert((file.clone(), number));
        count += 1;
        if count <= files::MOST_REPORTED {
            findings.push(indented_line(survey, file.as_bstr(), number, &line));
        }
    }
    if let Some(more) = count.checked_sub(files::MOST_REPORTED).filter(|more| *more > 0) {
        let message = sentence!(more.to_string(), " more lines of ", file, " have blanks before import");
        findings.push(
            Finding::new(&PTH_INDENTED_IMPORT, message)
                .evidence(Evidence::about(file.clone(), "import after blanks"))
                .effect("Python 3.15 runs them; earlier versions take them for paths that do not exist")
                .fix(Fix::advice(sentence!("read ", file, ", and recreate it"))),
        );
    }
}

fn indented_line(survey: &Survey<'_>, file: &BStr, number: usize, line: &BString) -> Finding {
    let place = hooks::place(file, Some(number), &survey.owner_of(file));
    let (message, effect) = if files::has(survey, Behavior::StartFiles) {
        (
            sentence!(place, " runs code although it has blanks before import"),
            "Python 3.15 runs it; up to 3.14, it is a path that does not exist",
        )
    } else {
        (
            sentence!(place, " does not run, because it has blanks before import"),
            "Python takes it for a path that does not exist; 3.15 runs it",
        )
    };
    Finding::new(&PTH_INDENTED_IMPORT, message)
        .evidence(files::line_evidence(survey, file, number, python::strip(line)))
        .effect(effect)
        .fix(unindent(survey, file, number))
        .step(files::step_of(survey, file))
}

/// Only people can say whether the line is meant to run. Removing it changes nothing up to 3.14.
fn unindent(survey: &Survey<'_>, file: &BStr, number: usize) -> Fix {
    let ownership = survey.owner_of(file);
    if ownership.owner().is_some() {
        return by_owner::reinstall_or_remove(survey, file, &ownership, false);
    }
    let fix = by_owner::delete_line(survey, file, number);
    let advice = sentence!(
        "read the line; if it should run in every version, remove the blanks before import, and otherwise ",
        fix.advice
    );
    Fix { advice, ..fix }
}
