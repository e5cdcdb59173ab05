//! Compiled modules without a source, which are imported as they are or not at all.

use bstr::ByteSlice;

use super::support::place::file_of;
use crate::environment::{Distribution, Survey, magic};
use crate::rules::all_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static BYTECODE_BAD_MAGIC: Rule = Rule {
    code: Code("VD707"),
    name: "bytecode-bad-magic",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A compiled module without source was made by another release of Python.",
    why: "\
A .pyc file that stands beside other modules and not in __pycache__ is imported where there is no source. Its first \
four bytes name the release that wrote it. In a cache a wrong number is no more than a reason to compile again; here \
there is nothing to compile: ImportError: bad magic number.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/vendor
__init__.py  engine.pyc
$ head -c 2 .venv/lib/python3.12/site-packages/vendor/engine.pyc | od -An -tu2
  3495",
    fix: "Install a release of the distribution that was made for this Python.",
    sources: &["CPython Lib/importlib/_bootstrap_external.py: SourcelessFileLoader"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&BYTECODE_BAD_MAGIC], judges: &[] };

/// Compares the first bytes of one such module with those that this Python writes; of all, on demand.
pub fn find(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    let Ok(contents) = distribution.contents(survey) else { return };
    if contents.bytecode.is_empty() {
        return;
    }
    let (Some(own), Some(version)) = (magic::of(survey), survey.version()) else { return };
    let most = if survey.is_thorough() { contents.bytecode.len() } else { 1 };
    for place in contents.bytecode.iter().take(most) {
        let Some(file) = file_of(survey, distribution, place) else { continue };
        let Some(head) = survey.head(file.as_bstr(), 4) else { continue };
        let Some(found) = head.first_chunk::<4>().map(|bytes| u32::from_le_bytes(*bytes)) else { continue };
        let source = file.strip_suffix(b"c").unwrap_or(&file);
        if found == own || !survey.is_missing(source.as_bstr()) {
            continue;
        }
        let maker = match magic::release(found) {
            Some(minor) => format!("Python 3.{minor}"),
            None => "another Python".to_owned(),
        };
        let message = sentence!(file, " was compiled by ", maker, " and has no source; this is ", version.to_string());
        findings.push(
            Finding::new(&BYTECODE_BAD_MAGIC, message)
                .evidence(Evidence::about(
                    file.clone(),
                    format!("begins with {found:#010x}, and this Python wants {own:#010x}"),
                ))
                .evidence(record_line(survey, distribution, place.line, &place.path))
                .effect("importing it ends with ImportError: bad magic number")
                .fix(fixes::reinstall(survey, distribution)),
        );
        return;
    }
}
