//! A document without the names of people.
//!
//! A home directory keeps its parent and its depth, and gets another name: `/home/alice` becomes `/home/user`, `/root`
//! becomes `/user`. Relative symlinks therefore keep their targets, and startup makes the same decisions.

use std::collections::{BTreeMap, BTreeSet};

use bstr::{BStr, BString, ByteSlice};

use super::document::{Document, PlatformName, ProblemDocument, ResultDocument};
use super::text::{Base64, Text};
use crate::host::path::{Flavor, module};

/// Directories in which people have their homes.
const DIRS_OF_HOMES: [&[u8]; 2] = [b"/home/", b"/Users/"];
/// Directories next to home directories that are not a user's.
const NOBODY: [&[u8]; 6] = [b"Default", b"Public", b"Shared", b"linuxbrew", b"nonexistent", b"empty"];
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
    let homes = homes(&document);
    // The replacement is chosen so that files keep their order and no two get the same name.
    let letters = (b'a'..=b'z').map(|letter| format!("{}-user", char::from(letter)));
    let mut candidates = std::iter::once("user".to_owned()).chain(letters);
    let chosen = candidates.find_map(|stand_in| {
        let redactor = Redactor::new(&document, &homes, &stand_in);
        redactor.keeps_order(&document).then_some(redactor)
    });
    chosen.unwrap_or_else(|| Redactor::new(&document, &homes, "user")).document(document)
}

fn flavor(document: &Document) -> Flavor {
    if matches!(document.platform, PlatformName::Windows) { Flavor::Windows } else { Flavor::Posix }
}

/// The home directories that the document mentions, that of the process first.
fn homes(document: &Document) -> Vec<BString> {
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
    mentioned.into_iter().for_each(add);
    homes
}

/// The paths of the form `/home/NAME`, `/Users/NAME` and `C:\Users\NAME` in a text.
fn homes_in(flavor: Flavor, text: &[u8]) -> Vec<BString> {
    let mut homes = Vec::new();
    for (at, _) in text.iter().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'\\')) {
        let (before, rest) = text.split_at(at);
        let plain: Vec<u8> = rest.iter().take(7).map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
        let Some(dir) = DIRS_OF_HOMES.iter().find(|dir| plain.starts_with(dir)) else { continue };
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

/// Whether the byte can be part of an unquoted name.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') || byte >= 0x80
}

/// Whether the byte can be part of a word.
fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// What is replaced, and by what.
struct Redactor {
    /// Names, replaced wherever they occur as a word.
    words: BTreeMap<BString, BString>,
    /// Home directories whose names are too common for that.
    paths: BTreeMap<BString, BString>,
    flavor: Flavor,
}

impl Redactor {
    fn new(document: &Document, homes: &[BString], stand_in: &str) -> Self {
        let flavor = flavor(document);
        let mut redactor = Self { words: BTreeMap::new(), paths: BTreeMap::new(), flavor };
        let mut stand_ins: BTreeMap<BString, BString> = BTreeMap::new();
        for home in homes {
            let (parent, name) = (module::dirname(flavor, home.as_bstr()), module::basename(flavor, home.as_bstr()));
            let name = redactor.case(name.as_bstr());
            let next = stand_ins.len() + 1;
            let stand_in = stand_ins.entry(name.clone()).or_insert_with(|| match next {
                1 => stand_in.into(),
                number => format!("{stand_in}{number}").into(),
            });
            if name.len() < 3 || COMMON_WORDS.contains(&name.as_slice()) {
                let mut renamed = parent.clone();
                if !matches!(renamed.last(), Some(b'/' | b'\\')) {
                    renamed.push(home[parent.len()]);
                }
                renamed.extend_from_slice(stand_in);
                redactor.paths.insert(redactor.case(home.as_bstr()), renamed);
            } else {
                redactor.words.insert(name, stand_in.clone());
            }
        }
        redactor
    }

    /// Names compare without case on Windows.
    fn case(&self, text: &BStr) -> BString {
        match self.flavor {
            Flavor::Posix => text.to_owned(),
            Flavor::Windows => text.to_ascii_lowercase().into(),
        }
    }

    fn bytes(&self, text: &[u8]) -> BString {
        let folded = self.case(text.as_bstr());
        let mut out = BString::from(Vec::with_capacity(text.len()));
        let mut at = 0;
        while at < text.len() {
            if let Some((len, stand_in)) = self.replacement(&folded, at) {
                out.extend_from_slice(stand_in);
                at += len;
            } else {
                out.push(text[at]);
                at += 1;
            }
        }
        out
    }

    /// What is to be replaced at `at`: its length, and its replacement.
    fn replacement(&self, text: &[u8], at: usize) -> Option<(usize, &BString)> {
        let rest = &text[at..];
        let occurs = |pattern: &BString, is_inner: fn(u8) -> bool| {
            rest.starts_with(pattern)
                && (at == 0 || !is_inner(text[at - 1]))
                && rest.get(pattern.len()).is_none_or(|byte| !is_inner(*byte))
        };
        let path = self.paths.iter().find(|(path, _)| occurs(path, is_name_byte));
        let found = path.or_else(|| self.words.iter().find(|(word, _)| occurs(word, is_word_byte)));
        found.map(|(pattern, stand_in)| (pattern.len(), stand_in))
    }

    /// Whether the files of each directory keep their order, in which `.pth` files are processed, and no two get the same
    /// name.
    fn keeps_order(&self, document: &Document) -> bool {
        let mut paths: Vec<&BString> = document.files.iter().map(|file| &file.path.0).collect();
        paths.sort();
        let renamed: Vec<BString> = paths.iter().map(|path| self.bytes(path)).collect();
        let distinct: BTreeSet<BString> = renamed.iter().map(|path| self.case(path.as_bstr())).collect();
        let dir = |path: &BString| module::dirname(self.flavor, path.as_bstr());
        let in_order =
            paths.windows(2).zip(renamed.windows(2)).all(|(old, new)| dir(old[0]) != dir(old[1]) || new[0] < new[1]);
        distinct.len() == renamed.len() && in_order
    }

    fn text(&self, text: &mut Text) {
        text.0 = self.bytes(&text.0);
    }

    fn document(&self, mut document: Document) -> Document {
        for file in &mut document.files {
            if let Some(target) = &mut file.target {
                *target = Text(self.target(file.path.as_bstr(), target.as_bstr()));
            }
        }
        each_text(&mut document, &mut |text| self.text(text));
        for file in &mut document.files {
            if let Some(text) = &mut file.text {
                // What is valid UTF-8 stays so: whole words are replaced by ASCII.
                *text = String::from_utf8_lossy(&self.bytes(text.as_bytes())).into_owned();
            }
            if let Some(Base64(bytes)) = &mut file.base64 {
                *bytes = self.bytes(bytes).into();
            }
        }
        document
    }

    /// The target of a symlink. A relative one that leads up to the root and down to a home directory of a common name
    /// mentions only that name.
    fn target(&self, link: &BStr, target: &BStr) -> BString {
        if module::is_absolute(self.flavor, target) {
            return target.to_owned();
        }
        let dir = module::dirname(self.flavor, link);
        let whole = module::normpath(self.flavor, module::join(self.flavor, &[dir.as_bstr(), target]).as_bstr());
        let whole = self.case(whole.as_bstr());
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

/// Every string of the document that comes from the machine.
fn each_string(document: &Document, visit: &mut dyn FnMut(&[u8])) {
    each_text(&mut document.clone(), &mut |text| visit(&text.0));
    for file in &document.files {
        if let Some(text) = &file.text {
            visit(text.as_bytes());
        }
        if let Some(Base64(bytes)) = &file.base64 {
            visit(bytes);
        }
    }
}

fn each_text(document: &mut Document, visit: &mut dyn FnMut(&mut Text)) {
    visit(&mut document.executable);
    document.cwd.iter_mut().for_each(&mut *visit);
    document.removed_cwd.iter_mut().for_each(&mut *visit);
    document.options.iter_mut().for_each(&mut *visit);
    document.switches.iter_mut().for_each(&mut *visit);
    document.launch.target.iter_mut().for_each(&mut *visit);
    document.environment.0.values_mut().for_each(&mut *visit);
    document.process.home.iter_mut().for_each(&mut *visit);
    document.notes.iter_mut().for_each(&mut *visit);
    let hives = [&mut document.registry.current_user, &mut document.registry.local_machine];
    hives.into_iter().flatten().flat_map(|hive| hive.0.values_mut()).for_each(&mut *visit);
    for file in &mut document.files {
        visit(&mut file.path);
        file.target.iter_mut().for_each(&mut *visit);
    }
    each_text_of_interpreter(document, visit);
}

fn each_text_of_interpreter(document: &mut Document, visit: &mut dyn FnMut(&mut Text)) {
    let interpreter = &mut document.interpreter;
    let compiled = &mut interpreter.compiled;
    let facts = [
        &mut compiled.prefix,
        &mut compiled.exec_prefix,
        &mut compiled.platlibdir,
        &mut compiled.pythonpath,
        &mut compiled.vpath,
        &mut interpreter.library,
        &mut interpreter.real_executable,
    ];
    facts.into_iter().flatten().for_each(&mut *visit);
    for evidence in &mut interpreter.evidence {
        visit(&mut evidence.value);
        visit(&mut evidence.from);
    }
    for lookup in &mut interpreter.checks {
        visit(&mut lookup.path);
        if let ResultDocument::Resolved { path } = &mut lookup.result {
            visit(path);
        }
    }
    match &mut interpreter.problem {
        Some(
            ProblemDocument::TextLink { target: text }
            | ProblemDocument::MissingLoader { loader: text }
            | ProblemDocument::BadLoader { loader: text, .. }
            | ProblemDocument::LoadingUnknown { object: text, .. }
            | ProblemDocument::MissingSymbol { needed_by: text, .. }
            | ProblemDocument::BadLibrary { library: text, .. },
        ) => visit(text),
        Some(ProblemDocument::Script { interpreter, real, .. }) => {
            visit(interpreter);
            real.iter_mut().for_each(visit);
        }
        Some(ProblemDocument::MissingVersion { library, needed_by, .. }) => {
            visit(library);
            visit(needed_by);
        }
        Some(ProblemDocument::ForbiddenLibrary { library, found, .. }) => {
            visit(library);
            visit(found);
        }
        Some(ProblemDocument::MissingLibrary { library, searched, .. }) => {
            visit(library);
            searched.iter_mut().for_each(visit);
        }
        _ => {}
    }
}
