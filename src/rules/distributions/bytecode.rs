//! Bytecode files that Python uses without looking at their source.

use bstr::{BString, ByteSlice};

use crate::environment::{Distribution, Survey, magic};
use crate::interpreter;
use crate::rules::{Code, Confidence, Evidence, Finding, Fix, Rule, Severity, Topic, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub(in crate::rules) static STALE_BYTECODE: Rule = Rule {
    code: Code("VD615"),
    name: "stale-bytecode",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "Python runs cached bytecode that does not match the source file next to it.",
    why: "\
Python uses a bytecode file with the flag unchecked-hash (PEP 552) as it is, and does not look at the source. \
`compileall --invalidation-mode unchecked-hash` and some packagers write such files. After an edit or a partial \
update the old code still runs, and reinstalling does not help while __pycache__ stays. Only `check --files` looks \
for this, from 3.7 on; bytecode that is validated by time and size is not checked, because Python uses it only while \
both match the source.",
    example: "\
$ python -m compileall --invalidation-mode unchecked-hash .venv/lib/python3.12/site-packages/six.py
$ sed -i s/1.16.0/9.9/ .venv/lib/python3.12/site-packages/six.py
$ .venv/bin/python -c 'import six; print(six.__version__)'
1.16.0",
    fix: "Remove the bytecode files; Python recreates them.",
    sources: &["PEP 552", "CPython Lib/importlib/_bootstrap_external.py: SourceLoader.get_code"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic = Topic { rules: &[&STALE_BYTECODE], judges: &[] };

/// The length of the header of a bytecode file since 3.7.
const HEADER: usize = 16;
/// The largest source that is read.
const LARGEST: u64 = 8 << 20;
/// How many files are shown as evidence.
const MOST_EVIDENCE: usize = 8;

/// Looks for bytecode that Python never compares with its source, and that does not match it.
pub fn find(survey: &Survey<'_>, distribution: &Distribution, findings: &mut Vec<Finding>) {
    let Some((version, magic)) = survey.version().and_then(|version| Some((version, magic::of(survey)?))) else {
        return;
    };
    let Ok(record) = distribution.record(survey) else { return };
    let suffix = format!(".cpython-{}.pyc", version.nodot());
    let sources = record.entries().filter(|entry| entry.path.ends_with(b".py") && !entry.path.starts_with(b".."));
    let stale: Vec<(BString, BString)> = sources
        .filter_map(|entry| {
            let source = survey.join(&distribution.site, entry.path.as_bytes());
            let cache = cache_of(survey, &source, &suffix)?;
            is_stale(survey, &source, &cache, magic).then_some((source, cache))
        })
        .collect();
    let Some((source, cache)) = stale.first() else { return };
    let more = if stale.len() == 1 { String::new() } else { format!(", and {} more like it", stale.len() - 1) };
    let message = sentence!("Python runs ", cache, ", which does not match its source ", source, more);
    let evidence = |(source, cache): &(BString, BString)| {
        Evidence::about(
            cache.clone(),
            sentence!("is unchecked-hash bytecode whose recorded hash does not match ", source),
        )
    };
    let remove = fixes::remove(survey, stale.iter().map(|(_, cache)| cache));
    findings.push(
        Finding::new(&STALE_BYTECODE, message)
            .all_evidence(stale.iter().take(MOST_EVIDENCE).map(evidence))
            .effect(sentence!("the code of ", distribution.title(), " that runs is not the code in its source files"))
            .fix(Fix::advice("remove the cached bytecode, which Python recreates").command(remove).safe()),
    );
}

/// `a/__pycache__/b.cpython-312.pyc` for `a/b.py`.
fn cache_of(survey: &Survey<'_>, source: &BString, suffix: &str) -> Option<BString> {
    let name = survey.base_name(source.as_bstr());
    let stem = name.strip_suffix(b".py")?;
    let dir = survey.join(survey.parent(source.as_bstr()), "__pycache__");
    Some(survey.join(dir, [stem, suffix.as_bytes()].concat()))
}

/// Flags of 1 say that the file contains a hash of its source, and that Python does not compare it (PEP 552).
fn is_stale(survey: &Survey<'_>, source: &BString, cache: &BString, magic: u32) -> bool {
    let Some(header) = survey.head(cache.as_bstr(), HEADER) else { return false };
    let (Some(own), Some(flags), Some(hash)) = (header.get(..4), header.get(4..8), header.get(8..16)) else {
        return false;
    };
    if own != magic.to_le_bytes() || flags != 1_u32.to_le_bytes() {
        return false;
    }
    let Ok(file) = survey.ask.open(source.as_bstr()) else { return false };
    let content = match usize::try_from(file.size()) {
        Ok(size) if file.size() <= LARGEST => file.read_at(0, size),
        _ => return false,
    };
    content.is_ok_and(|content| {
        interpreter::source_hash(&content, magic, survey.has(Behavior::SourceHashSipHash13)).to_le_bytes() != hash
    })
}
