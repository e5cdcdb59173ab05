//! A document without the names of people.
//!
//! A home directory keeps its parent and its depth, and gets another name: `/home/alice` becomes `/home/user`, `/root`
//! becomes `/user`. Relative symlinks therefore keep their targets, and startup makes the same decisions.

mod encoded;
mod homes;
mod strings;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BStr, BString, ByteSlice};

use super::document::{Document, PlatformName};
use super::text::{Base64, Text};
use crate::host::path::{Flavor, module};
use strings::each_text;
use words::Words;

/// Names that have a meaning of their own: a user of such a name is renamed only in home directories.
const COMMON_WORDS: [&[u8]; 30] = [
    b"admin",
    b"app",
    b"apps",
    b"bin",
    b"build",
    b"cfg",
    b"command",
    b"data",
    b"dev",
    b"encodings",
    b"executable",
    b"home",
    b"import",
    b"include",
    b"lib",
    b"local",
    b"opt",
    b"os",
    b"pip",
    b"prompt",
    b"pth",
    b"py",
    b"python",
    b"root",
    b"site",
    b"src",
    b"true",
    b"usr",
    b"uv",
    b"version",
];

/// Replaces user names and home directories, consistently everywhere.
pub fn redact(document: Document) -> Document {
    let homes = homes::homes(&document);
    // The replacement is chosen so that files keep their order and no two get the same name.
    let letters = (b'a'..=b'z').map(|letter| format!("{}-user", char::from(letter)));
    let mut candidates = std::iter::once("user".to_owned()).chain(letters);
    let chosen = candidates.find_map(|stand_in| {
        let redactor = Redactor::new(&document, &homes, &stand_in);
        redactor.keeps_order(&document).then_some(redactor)
    });
    chosen.unwrap_or_else(|| Redactor::new(&document, &homes, "user")).document(document)
}

/// The files of which the content is no text, so that names in it may have been missed.
#[cfg(feature = "cli")]
pub fn unread(document: &Document) -> impl Iterator<Item = &BStr> {
    document.files.iter().filter_map(|file| {
        let Base64(bytes) = file.base64.as_ref()?;
        encoded::decode(bytes).is_none().then(|| file.path.as_bstr())
    })
}

fn flavor(document: &Document) -> Flavor {
    if matches!(document.platform, PlatformName::Windows) { Flavor::Windows } else { Flavor::Posix }
}

/// Whether the byte can be part of an unquoted name.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}

/// What stands for a name: as much of it can be encoded as of the name, so that startup fares the same.
fn like(name: &BStr, stand_in: &str) -> BString {
    let mark: &[u8] = match name.to_str() {
        Ok(name) if name.is_ascii() => b"",
        Ok(_) => "é".as_bytes(),
        Err(_) => b"\xff",
    };
    [stand_in.as_bytes(), mark].concat().into()
}

/// What is replaced, and by what.
struct Redactor {
    words: Words,
    /// Home directories whose names are too common to be replaced as words.
    paths: BTreeMap<BString, BString>,
    flavor: Flavor,
}

impl Redactor {
    fn new(document: &Document, homes: &[BString], stand_in: &str) -> Self {
        let flavor = flavor(document);
        let case = |text: &BStr| case(flavor, text);
        let (mut words, mut paths) = (BTreeMap::new(), BTreeMap::new());
        let mut stand_ins: BTreeMap<BString, BString> = BTreeMap::new();
        for home in homes {
            let (parent, name) = (module::dirname(flavor, home.as_bstr()), module::basename(flavor, home.as_bstr()));
            // The same name in another case is that of the same user.
            let name = BString::from(name.to_ascii_lowercase());
            let next = stand_ins.len() + 1;
            let stand_in = stand_ins.entry(name.clone()).or_insert_with(|| match next {
                1 => like(name.as_bstr(), stand_in),
                number => like(name.as_bstr(), &format!("{stand_in}{number}")),
            });
            if name.len() < 3 || COMMON_WORDS.contains(&name.as_slice()) {
                let mut renamed = parent.clone();
                if !matches!(renamed.last(), Some(b'/' | b'\\')) {
                    renamed.push(home[parent.len()]);
                }
                renamed.extend_from_slice(stand_in);
                paths.insert(case(home.as_bstr()), renamed);
            } else {
                words.insert(name, stand_in.clone());
            }
        }
        Self { words: Words::new(words.iter(), paths.iter(), flavor == Flavor::Posix), paths, flavor }
    }

    /// Whether the files of each directory keep their order, in which `.pth` files are processed, and no two get the same
    /// name.
    fn keeps_order(&self, document: &Document) -> bool {
        let mut paths: Vec<&BString> = document.files.iter().map(|file| &file.path.0).collect();
        paths.sort();
        let renamed: Vec<BString> = paths.iter().map(|path| self.words.replace(path)).collect();
        let distinct: BTreeSet<BString> = renamed.iter().map(|path| case(self.flavor, path.as_bstr())).collect();
        let dir = |path: &BString| module::dirname(self.flavor, path.as_bstr());
        let in_order =
            paths.windows(2).zip(renamed.windows(2)).all(|(old, new)| dir(old[0]) != dir(old[1]) || new[0] < new[1]);
        distinct.len() == renamed.len() && in_order
    }

    fn document(&self, mut document: Document) -> Document {
        for file in &mut document.files {
            if let Some(target) = &mut file.target {
                *target = Text(self.target(file.path.as_bstr(), target.as_bstr()));
            }
        }
        each_text(&mut document, &mut |text| text.0 = self.words.replace(&text.0));
        for file in &mut document.files {
            if let Some(text) = &mut file.text {
                // What is valid UTF-8 stays so: a whole word is replaced by one that is as valid.
                *text = String::from_utf8_lossy(&self.words.replace(text.as_bytes())).into_owned();
            }
            if let Some(Base64(bytes)) = &mut file.base64 {
                *bytes = self.bytes(bytes);
            }
        }
        document
    }

    /// The content of a file that is not valid UTF-8.
    fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        match encoded::decode(bytes) {
            Some((text, order)) => {
                let replaced = self.words.replace(text.as_bytes());
                encoded::encode(&replaced.to_str_lossy(), order)
            }
            None => self.words.replace(bytes).into(),
        }
    }

    /// The target of a symlink. A relative one that leads up to the root and down to a home directory of a common name
    /// mentions only that name.
    fn target(&self, link: &BStr, target: &BStr) -> BString {
        if module::is_absolute(self.flavor, target) {
            return target.to_owned();
        }
        let dir = module::dirname(self.flavor, link);
        let whole = module::normpath(self.flavor, module::join(self.flavor, &[dir.as_bstr(), target]).as_bstr());
        let whole = case(self.flavor, whole.as_bstr());
        for (home, renamed) in &self.paths {
            let is_below = whole
                .strip_prefix(home.as_slice())
                .is_some_and(|rest| rest.first().is_none_or(|byte| !is_name_byte(*byte)));
            let name = module::basename(self.flavor, home.as_bstr());
            let up = [b"../", name.as_slice()].concat();
            if let Some(at) = target.find(&up).filter(|_| is_below) {
                let new = module::basename(self.flavor, renamed.as_bstr());
                return bstr::concat([&target[..at + 3], new.as_slice(), &target[at + up.len()..]]).into();
            }
        }
        target.to_owned()
    }
}

/// Paths compare without case on Windows.
fn case(flavor: Flavor, text: &BStr) -> BString {
    match flavor {
        Flavor::Posix => text.to_owned(),
        Flavor::Windows => text.to_ascii_lowercase().into(),
    }
}
