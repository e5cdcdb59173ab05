//! `.pth` files that Python cannot decode.

use bstr::{BStr, BString, ByteSlice};

use super::support::{by_owner, files};
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Encoding, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::Failure;
use crate::text::{python, sentence};

pub(in crate::rules) static PTH_NOT_UTF8: Rule = Rule {
    code: Code("VD403"),
    name: "pth-not-utf8",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A .pth file cannot be decoded, and Python fails to start.",
    why: "\
Python decodes the file as a whole: up to 3.12.3 in the locale's encoding, later as UTF-8 and only then in the \
locale's encoding. A single byte that does not fit raises UnicodeDecodeError, which the site module does not catch. \
Users of another locale may see no error. The usual cause is a path with letters in a legacy encoding.",
    example: "\
$ .venv/bin/python
Fatal Python error: init_import_site: Failed to import the site module
UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 8: invalid continuation byte",
    fix: "Convert the file to UTF-8; until then, rename it so that Python ignores it.",
    sources: &["CPython Lib/site.py: addpackage", "python/cpython#113356", "python/cpython#77102"],
};

/// The rules of this file. The judge of [`super::failures`] finds them.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&PTH_NOT_UTF8], judges: &[] };

/// A file whose decoding ends startup with this error.
pub fn finding(survey: &Survey<'_>, failure: &Failure, error: &str) -> Finding {
    let file = failure.file.as_bstr();
    let ownership = survey.owner_of(file);
    let message = sentence!(failure.file, by_owner::origin(&ownership), " cannot be decoded: ", error);
    let fix = match latin_1(survey, file) {
        Some(path) if ownership.owner().is_none() => {
            let advice =
                sentence!("convert ", file, " to UTF-8: read as ISO-8859-1, it names ", path, ", which exists");
            Fix::advice(advice).commands(fixes::to_utf8(survey, file, Encoding::Latin1))
        }
        _ => by_owner::disable(survey, file, &ownership),
    };
    Finding::new(&PTH_NOT_UTF8, message)
        .all_evidence(first_bad_line(survey, file))
        .effect("Python fails to start: it exits while it imports site, before it runs anything else")
        .fix(fix)
}

/// The first line that is not UTF-8 or, if all are, the first that is not ASCII: some locales know nothing else.
fn first_bad_line(survey: &Survey<'_>, file: &BStr) -> Option<Evidence> {
    let content = files::content(survey, file).ok()?;
    let lines = || python::universal_lines(&content).into_iter().enumerate();
    let at_bad = |line: &[u8]| line.to_str().err().map(|error| error.valid_up_to());
    let found = lines().find_map(|(index, line)| Some((index, line, at_bad(line)?)));
    let (index, line, at) = found.or_else(|| {
        lines().find_map(|(index, line)| Some((index, line, line.iter().position(|byte| !byte.is_ascii())?)))
    })?;
    Some(Evidence::line(file, index + 1, files::shortened(line)).span(at..at + 1))
}

/// A path that exists if the bytes of its line are read as ISO-8859-1.
fn latin_1(survey: &Survey<'_>, file: &BStr) -> Option<BString> {
    let content = files::content(survey, file).ok()?;
    let dir = survey.parent(file);
    let lines = python::universal_lines(&content).into_iter().filter(|line| !line.is_ascii()).take(8);
    let paths = lines.map(|line| {
        let read: String = python::strip_end(line).iter().copied().map(char::from).collect();
        survey.join(&dir, read)
    });
    paths.into_iter().find(|path| survey.exists(path.as_bstr()))
}
