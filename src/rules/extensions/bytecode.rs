//! VD707: compiled modules without a source, which Python cannot recompile.

use bstr::{BString, ByteSlice};

use super::support::place::file_of;
use crate::environment::{Distribution, Survey, magic};
use crate::interpreter::Version;
use crate::rules::record_evidence::record_line;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::text::sentence;

pub(in crate::rules) static BYTECODE_BAD_MAGIC: Rule = Rule {
    code: Code("VD707"),
    name: "bytecode-bad-magic",
    severity: Severity::Error,
    confidence: Confidence::Certain,
    summary: "A compiled module without source was compiled by a different version of Python.",
    why: "\
Python imports a .pyc file that is next to other modules, not in __pycache__, if there is no source. Its first four \
bytes identify the version that wrote it. In __pycache__, a different number only makes Python recompile the source; \
here there is no source: ImportError: bad magic number.",
    example: "\
$ ls .venv/lib/python3.12/site-packages/vendor
__init__.py  engine.pyc
$ head -c 2 .venv/lib/python3.12/site-packages/vendor/engine.pyc | od -An -tu2
  3495",
    fix: "Install a release of the distribution that was built for this Python.",
    sources: &["CPython Lib/importlib/_bootstrap_external.py: SourcelessFileLoader"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&BYTECODE_BAD_MAGIC], judges: &[] };

/// Compares the first bytes of one such module with those that this Python writes; those of all modules in a thorough
/// check.
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
        findings.push(
            finding(&file, found, own, version)
                .evidence(record_line(survey, distribution, place.line, &place.path))
                .fix(fixes::reinstall(survey, distribution)),
        );
        return;
    }
}

/// How many modules of a site directory that no distribution has recorded are compared.
const MOST_UNRECORDED: usize = 16;

/// The same for modules right in a site directory that no distribution has recorded.
pub fn unrecorded(survey: &Survey<'_>, site: &BString, names: &[BString]) -> Option<Finding> {
    let has = |name: &[u8]| names.binary_search_by(|known| known.as_slice().cmp(name)).is_ok();
    // No import takes `__main__` from here: that is the name of what was launched.
    let is_module = |it: &[u8]| it.ends_with(b".py") && it != b"__main__.py";
    let lone = names.iter().filter(|name| name.strip_suffix(b"c").is_some_and(|it| is_module(it) && !has(it)));
    let mut lone = lone.take(MOST_UNRECORDED).peekable();
    lone.peek()?;
    let (own, version) = (magic::of(survey)?, survey.version()?);
    let is_recorded = |name: &BString| {
        let here = survey.distributions().iter().filter(|distribution| distribution.site == *site);
        here.filter_map(|it| it.contents(survey).ok()).any(|it| it.bytecode.iter().any(|place| place.path == *name))
    };
    lone.find_map(|name| {
        let file = survey.join(site, name);
        let found = u32::from_le_bytes(*survey.head(file.as_bstr(), 4)?.first_chunk::<4>()?);
        let finding = (found != own && !is_recorded(name)).then(|| finding(&file, found, own, version))?;
        let advice = sentence!("replace it with its source, or with a file that was compiled for this Python");
        Some(finding.fix(Fix::advice(advice)))
    })
}

fn finding(file: &BString, found: u32, own: u32, version: Version) -> Finding {
    let writer = match magic::release(found) {
        Some(minor) => format!("Python 3.{minor}"),
        None => "another version of Python".to_owned(),
    };
    let message =
        sentence!(file, " was compiled by ", writer, " and has no source; this Python is ", version.to_string());
    let shown = format!("begins with {found:#010x}, but this Python expects {own:#010x}");
    Finding::new(&BYTECODE_BAD_MAGIC, message)
        .evidence(Evidence::about(file.clone(), shown))
        .effect("importing it fails with ImportError: bad magic number")
}
