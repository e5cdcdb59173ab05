//! The variable that names directories for the dynamic loader.

use bstr::{BStr, ByteSlice};

use crate::environment::Survey;

/// Whether `LD_LIBRARY_PATH` names the directory that contains the library.
pub fn contains(survey: &Survey<'_>, library: &BStr) -> bool {
    let list = survey.resolution.invocation.variable("LD_LIBRARY_PATH").unwrap_or_default();
    let dir = survey.parent(library);
    let is_named = |part: &[u8]| !part.is_empty() && part.trim_end_with(|c| c == '/') == dir.as_slice();
    list.split(|byte| matches!(byte, b':' | b';')).any(is_named)
}
