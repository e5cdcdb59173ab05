//! Removes from a snapshot what `check` has read but no rule needs, because it may be secret.

use std::collections::BTreeMap;

use bstr::{BString, ByteSlice};

use crate::environment::{is_pip_file, without_secrets};
use crate::host::Recorded;
use crate::host::mounts::without_others;
use crate::invocation::Invocation;

/// Empties the lines of pip's settings and of the table of mounts that no rule uses; the others keep their numbers.
pub fn leave_out(recorded: &mut BTreeMap<BString, Recorded>, invocation: &Invocation) {
    let paths: Vec<BString> = recorded.keys().filter(|path| !path.starts_with(b"/proc/")).cloned().collect();
    let is_needed = |point: &[u8]| {
        let bare = point.strip_suffix(b"/").unwrap_or(point);
        paths
            .iter()
            .any(|path| path.strip_prefix(bare).is_some_and(|rest| rest.first().is_none_or(|byte| *byte == b'/')))
    };
    for (path, known) in recorded.iter_mut() {
        let Some(content) = &known.content else { continue };
        if is_pip_file(invocation, path.as_bstr()) {
            known.content = Some(without_secrets(content));
        } else if path.starts_with(b"/proc/") && path.ends_with(b"/mountinfo") {
            known.content = Some(without_others(content, |point| is_needed(point)));
        }
    }
}
