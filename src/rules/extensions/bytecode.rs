//! Compiled modules without a source, which are imported as they are or not at all.

use bstr::ByteSlice;

use super::file_of;
use crate::environment::{Distribution, Survey, magic};
use crate::rules::all_evidence::record_line;
use crate::rules::{Code, Evidence, Finding, fixes};
use crate::text::sentence;

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
            Finding::new(Code::BytecodeBadMagic, message)
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
