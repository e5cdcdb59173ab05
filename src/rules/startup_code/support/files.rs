//! The `.pth` and `.start` files of the site directories, as startup reads them.

use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::Survey;
use crate::host::HostError;
use crate::rules::Evidence;
use crate::startup;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::text::{python, sentence};

/// The beginning of an AppleDouble file.
const APPLE_DOUBLE: &[u8] = &[0, 5, 0x16, 7];
/// The most lines that are reported one by one; of more, only their number is reported.
pub const MOST_REPORTED: usize = 64;
/// The most that is shown of a line.
const MOST_SHOWN: usize = 240;

/// Whether this version of Python has the behavior; false if the version is unknown.
pub fn has(survey: &Survey<'_>, behavior: Behavior) -> bool {
    survey.version().is_some_and(|version| Behaviors::of(version).has(behavior))
}

/// The files with a suffix in every directory that startup has listed, whether it reads them or not. This lists no
/// other directory.
pub fn named(survey: &Survey<'_>, suffix: &str) -> Vec<BString> {
    let mut files = Vec::new();
    for site in survey.site_dirs() {
        let Some(names) = survey.ask.known_listing(site.path.as_bstr()) else { continue };
        let mut names: Vec<&BString> = names.iter().filter(|name| name.ends_with(suffix.as_bytes())).collect();
        names.sort_unstable();
        files.extend(names.into_iter().map(|name| survey.join(&site.path, name)));
    }
    files
}

/// The `.pth` files that startup reads.
pub fn considered(survey: &Survey<'_>) -> Vec<BString> {
    let mut files = named(survey, ".pth");
    files.retain(|file| !is_skipped_by_name(survey, file.as_bstr()));
    files
}

/// Whether this version of Python ignores a file because its name begins with a dot.
pub fn is_skipped_by_name(survey: &Survey<'_>, file: &BStr) -> bool {
    survey.base_name(file).starts_with(b".") && has(survey, Behavior::HiddenPthSkipped)
}

/// Whether a file is an AppleDouble file: macOS writes one next to each file on a file system that cannot store
/// metadata.
pub fn is_apple_double(survey: &Survey<'_>, file: &BStr) -> bool {
    survey.base_name(file).starts_with(b"._")
        && content(survey, file).is_ok_and(|content| content.starts_with(APPLE_DOUBLE))
}

/// The content of a file; that of files which startup has read is in memory.
///
/// # Errors
/// As [`crate::host::Host::read`].
pub fn content(survey: &Survey<'_>, file: &BStr) -> Result<Rc<Vec<u8>>, HostError> {
    survey.ask.read(file, startup::MOST_BYTES)
}

/// The lines of a file, as this version of Python splits it; none if the file cannot be read.
pub fn lines(survey: &Survey<'_>, file: &BStr) -> Vec<BString> {
    let Ok(content) = content(survey, file) else { return Vec::new() };
    let lines = if has(survey, Behavior::PthUtf8) {
        python::split_lines(content.strip_prefix(python::BYTE_ORDER_MARK).unwrap_or(&content))
    } else {
        python::universal_lines(&content)
    };
    lines.into_iter().map(ToOwned::to_owned).collect()
}

/// Whether a line is neither blank nor a comment.
pub fn is_meaningful(line: &BStr) -> bool {
    !line.starts_with(b"#") && !python::strip(line).is_empty()
}

/// How many lines of a file are neither blank nor comments.
pub fn count_meaningful(survey: &Survey<'_>, file: &BStr) -> usize {
    lines(survey, file).iter().filter(|line| is_meaningful(line.as_bstr())).count()
}

/// A line of a file as evidence, with the part to mark; only the beginning of a very long line.
pub fn line_evidence(survey: &Survey<'_>, file: &BStr, number: usize, needle: &[u8]) -> Evidence {
    let lines = lines(survey, file);
    match number.checked_sub(1).and_then(|index| lines.get(index)) {
        Some(line) => {
            let shown = shortened(line.as_bstr());
            let start = line.find(needle).unwrap_or(shown.len());
            let end = (start + needle.len()).min(shown.len());
            Evidence::line(file, number, shown).span(start..end)
        }
        None => Evidence::line(file, number, needle),
    }
}

/// The beginning of a very long text, cut between characters.
pub fn shortened(line: &BStr) -> BString {
    if line.len() <= MOST_SHOWN {
        return line.to_owned();
    }
    let end = line.char_indices().map(|(_, end, _)| end).take_while(|end| *end <= MOST_SHOWN).last().unwrap_or(0);
    sentence!(line.get(..end).unwrap_or_default(), "…")
}

/// A line of a file, without its end; empty if the file has no such line.
pub fn line_at(survey: &Survey<'_>, file: &BStr, number: usize) -> BString {
    let lines = lines(survey, file);
    number.checked_sub(1).and_then(|index| lines.get(index).cloned()).unwrap_or_default()
}

/// Whether a line begins as the import lines of `.pth` files do, which Python executes.
pub fn is_import(line: &[u8]) -> bool {
    line.starts_with(b"import ") || line.starts_with(b"import\t")
}

/// The step in which startup has read a file.
pub fn step_of(survey: &Survey<'_>, file: &BStr) -> Option<usize> {
    let steps = survey.resolution.steps.iter();
    steps.rev().find(|step| step.lookups.iter().any(|check| check.path == file)).map(|step| step.number)
}
