//! The home directories that a document mentions.

use std::collections::BTreeSet;

use bstr::{BString, ByteSlice};

use super::super::document::Document;
use super::strings::each_string;
use super::{flavor, is_name_byte};
use crate::host::path::{Flavor, module};

/// Directories in which people have their homes.
const DIRS_OF_HOMES: [&[u8]; 2] = [b"/home/", b"/Users/"];
/// Directories next to home directories that are not a user's.
const NOBODY: [&[u8]; 6] = [b"Default", b"Public", b"Shared", b"linuxbrew", b"nonexistent", b"empty"];
/// More users than any snapshot of one environment mentions.
const MOST_HOMES: usize = 4096;

/// The home directories that the document mentions, that of the process first.
pub(super) fn homes(document: &Document) -> Vec<BString> {
    let flavor = flavor(document);
    let variables = ["HOME", "USERPROFILE"].iter().filter_map(|name| document.environment.0.get(*name));
    let mut homes: Vec<BString> = Vec::new();
    let mut add = |home: BString| {
        let name = module::basename(flavor, home.as_bstr());
        let is_home = module::is_absolute(flavor, home.as_bstr()) && !name.is_empty();
        if is_home && !NOBODY.contains(&name.as_slice()) && !homes.contains(&home) {
            homes.push(home);
        }
    };
    for told in document.process.home.iter().chain(variables) {
        let bare = told.0.trim_end_with(|c| c == '/' || c == '\\');
        add(bare.into());
    }
    let mut mentioned = BTreeSet::new();
    each_string(document, &mut |text| mentioned.extend(homes_in(flavor, text)));
    mentioned.into_iter().take(MOST_HOMES).for_each(add);
    homes
}

/// The paths of the form `/home/NAME`, `/Users/NAME` and `C:\Users\NAME` in a text.
fn homes_in(flavor: Flavor, text: &[u8]) -> Vec<BString> {
    let mut homes = Vec::new();
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'\\')) {
        let (before, rest) = text.split_at(at);
        let plain: Vec<u8> = rest.iter().take(7).map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
        let is_dir = |dir: &&&[u8]| plain.get(..dir.len()).is_some_and(|start| start.eq_ignore_ascii_case(dir));
        let Some(dir) = DIRS_OF_HOMES.iter().find(is_dir) else { continue };
        let start = match (flavor, before) {
            (Flavor::Windows, [.., _, b':']) => at - 2,
            (Flavor::Posix, [.., last]) if is_name_byte(*last) => continue,
            _ => at,
        };
        let name = rest[dir.len()..].iter().take_while(|byte| is_name_byte(**byte)).count();
        if name > 0 {
            homes.push(text[start..at + dir.len() + name].into());
        }
    }
    homes
}
