//! The startup hooks: the code that startup runs, line by line and module by module.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::by_owner;
use crate::environment::Ownership;
use crate::startup::{Hook, HookKind};
use crate::text::sentence;

/// The hooks of each file, with the files in the order in which they come first.
pub fn by_file<'s>(hooks: impl Iterator<Item = &'s Hook>) -> Vec<(&'s BStr, Vec<&'s Hook>)> {
    let mut files: Vec<(&BStr, Vec<&Hook>)> = Vec::new();
    let mut known: HashMap<&BStr, usize> = HashMap::new();
    for hook in hooks {
        let file = hook.file.as_bstr();
        let place = *known.entry(file).or_insert(files.len());
        match files.get_mut(place) {
            Some((_, lines)) => lines.push(hook),
            None => files.push((file, vec![hook])),
        }
    }
    files
}

/// Whether a hook of this kind is a line of a file, and not a whole module.
pub fn is_line(kind: HookKind) -> bool {
    matches!(kind, HookKind::PthImport | HookKind::StartEntryPoint)
}

/// `line 1 of FILE (from DISTRIBUTION)`, or without the line if there is none.
pub fn place(file: &BStr, line: Option<usize>, ownership: &Ownership<'_>) -> BString {
    let line = line.map_or_else(String::new, |line| format!("line {line} of "));
    sentence!(line, file, by_owner::origin(ownership))
}
