//! `zipimport`: a module in a zip file, or in a directory within one.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Seek, SeekFrom};
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};
use zip::ZipArchive;

use super::candidates::{Code, Hit, Searched, ZipRules};
use super::compiled::{self, Stamp, Use};
use super::{flavor, is_separator, join};
use crate::host::{BinaryReader, FileKind, HostError, Lookups};
use crate::text::sentence;

/// The most that is read of a module in a zip file.
const MOST_BYTES: u64 = 1 << 20;

/// Searches an entry of `sys.path` that names a zip file, or a directory within one.
pub fn find_in_zip(lookups: &Lookups<'_>, entry: &BStr, name: &str) -> Option<BString> {
    let (file, inner) = split_at_zip(lookups, entry)?;
    let archive = open(lookups, file)?;
    let candidates =
        [format!("{name}/__init__.pyc"), format!("{name}/__init__.py"), format!("{name}.pyc"), format!("{name}.py")];
    let found = candidates.iter().find(|candidate| {
        let member = sentence!(inner, if inner.is_empty() { "" } else { "/" }, candidate);
        member.to_str().is_ok_and(|member| archive.index_for_name(member).is_some())
    })?;
    Some(found.split('/').fold(entry.to_owned(), |path, part| join(lookups, path.as_bstr(), part)))
}

/// The content of a file that [`find_in_zip`] has found: `file` is below the entry.
pub fn read_in_zip(lookups: &Lookups<'_>, entry: &BStr, file: &BStr) -> Option<Vec<u8>> {
    let (archive_file, _) = split_at_zip(lookups, entry)?;
    let separates = |c| is_separator(flavor(lookups), c);
    let member = file.strip_prefix(archive_file.as_bytes())?.trim_with(separates).to_str().ok()?.replace('\\', "/");
    content(&mut open(lookups, archive_file)?, &member)
}

/// Whether a path names a zip file: what counts is the central directory at the end of the file, not its name.
pub fn is_zip(lookups: &Lookups<'_>, path: &BStr) -> bool {
    open(lookups, path).is_some()
}

/// The zip file that an entry names, and the directory within it with a slash at its end; empty where it is the whole.
pub fn zip_parts<'a>(lookups: &Lookups<'_>, entry: &'a BStr) -> Option<(&'a BStr, String)> {
    let (file, inner) = split_at_zip(lookups, entry)?;
    let separates = |byte: &u8| is_separator(flavor(lookups), char::from(*byte));
    let parts = inner.split(separates).filter(|part| !part.is_empty()).map(|part| [part, b"/"].concat());
    Some((file, String::from_utf8(parts.collect::<Vec<_>>().concat()).ok()?))
}

/// What zip files hold, each read once.
#[derive(Debug, Default)]
pub struct Archives(RefCell<HashMap<BString, Option<Rc<BTreeSet<String>>>>>);

impl Archives {
    /// The names of the members of a zip file; none where it is no zip file.
    pub fn members(&self, lookups: &Lookups<'_>, file: &BStr, rules: &ZipRules) -> Option<Rc<BTreeSet<String>>> {
        if let Some(known) = self.0.borrow().get(file.as_bytes()) {
            return known.clone();
        }
        let is_taken = |file: &&BStr| has_end_record(lookups, file, rules).unwrap_or(false);
        let members = Some(file).filter(is_taken).and_then(|file| open(lookups, file)).map(|archive| {
            Rc::new(archive.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect())
        });
        self.0.borrow_mut().insert(file.to_owned(), members.clone());
        members
    }
}

/// `_zip_searchorder`: what comes after the name, whether that is compiled code, and whether it makes a package.
const ORDER: [(&str, bool, bool); 4] =
    [("/__init__.pyc", true, true), ("/__init__.py", false, true), (".pyc", true, false), (".py", false, false)];

/// What an entry that names a zip file, or a directory within one, has for a name: one candidate at most.
pub(super) fn candidates(
    lookups: &Lookups<'_>,
    archives: &Archives,
    entry: &BStr,
    tail: &BStr,
    rules: &ZipRules,
) -> Searched {
    let Some((file, prefix)) = zip_parts(lookups, entry) else {
        let is_missing = matches!(lookups.metadata(entry), Err(HostError::NotFound | HostError::NotADirectory));
        return if is_missing { Searched::NoEntry } else { Searched::NoFinder };
    };
    let Some(members) = archives.members(lookups, file, rules) else { return Searched::NoFinder };
    let Ok(tail) = tail.to_str() else { return Searched::In(Vec::new()) };
    let archive = Archive { lookups, file, members: &members, rules };
    Searched::In(archive.candidate(&format!("{prefix}{tail}")).into_iter().collect())
}

struct Archive<'a, 'h> {
    lookups: &'a Lookups<'h>,
    file: &'a BStr,
    members: &'a BTreeSet<String>,
    rules: &'a ZipRules,
}

impl Archive<'_, '_> {
    /// The path of a member: that of the file, and its own behind a separator.
    fn path(&self, member: &str) -> BString {
        let separator = flavor(self.lookups).separator();
        let mut path = self.file.to_owned();
        path.push(separator);
        path.extend(member.bytes().map(|byte| if byte == b'/' { separator } else { byte }));
        path
    }

    /// Whether it is a package is decided by the first member that is there, and the file by the first that can be read.
    fn candidate(&self, stem: &str) -> Option<Hit> {
        let present = ORDER.iter().filter(|(suffix, ..)| self.members.contains(&format!("{stem}{suffix}")));
        let Some((_, is_compiled, is_package)) = present.clone().next() else { return self.portion(stem) };
        let code = |is_compiled: bool| Some(if is_compiled { Code::Bytecode } else { Code::Source });
        for (suffix, is_compiled, _) in present {
            let member = format!("{stem}{suffix}");
            let used = if *is_compiled { self.judge(&member) } else { Use::Used };
            if used == Use::Ends {
                break;
            }
            if used == Use::Used {
                let path = self.path(&member);
                // The directory of the file that is really used, whatever makes the package.
                let separates = |byte: u8| is_separator(flavor(self.lookups), char::from(byte));
                let dir =
                    path.iter().rposition(|&byte| separates(byte)).map_or(BString::default(), |at| path[..at].into());
                let location = is_package.then_some(dir);
                return Some(Hit { code: code(*is_compiled), path, location, is_zipped: true, is_readable: true });
            }
        }
        let suffix = if *is_package { "/__init__.pyc" } else { ".pyc" };
        let (path, location) = (self.path(&format!("{stem}{suffix}")), is_package.then(BString::default));
        Some(Hit { code: code(*is_compiled), path, location, is_zipped: true, is_readable: false })
    }

    /// A directory is one by its own record, or in newer releases by what it contains.
    fn portion(&self, stem: &str) -> Option<Hit> {
        let dir = format!("{stem}/");
        // A name with two separators in a row makes another directory.
        let mut below = self.members.range(dir.clone()..).map_while(|member| member.strip_prefix(&dir));
        let mut is_inferred = || below.any(|rest| !rest.starts_with('/'));
        let is_dir = self.members.contains(&dir) || self.rules.infers_directories && is_inferred();
        let path = is_dir.then(|| self.path(stem))?;
        Some(Hit { code: None, location: Some(path.clone()), path, is_zipped: true, is_readable: true })
    }

    fn judge(&self, member: &str) -> Use {
        let Some(mut archive) = open(self.lookups, self.file) else { return Use::Skipped };
        let Some(compiled) = content(&mut archive, member) else { return Use::Skipped };
        let source = &member[..member.len() - 1];
        let stamp = self.members.contains(source).then(|| stamp(&mut archive, source)).flatten();
        let is_utc = stamp.is_none() || is_utc(self.lookups);
        compiled::judge(&compiled, self.rules, stamp, is_utc, || content(&mut archive, source))
    }
}

/// The content of a member.
fn content(archive: &mut ZipArchive<BinaryReader<'_>>, member: &str) -> Option<Vec<u8>> {
    let member = archive.by_name(member).ok()?;
    let mut content = Vec::new();
    member.take(MOST_BYTES).read_to_end(&mut content).ok()?;
    Some(content)
}

/// When a source was changed, and its size.
fn stamp(archive: &mut ZipArchive<BinaryReader<'_>>, member: &str) -> Option<Stamp> {
    let member = archive.by_name(member).ok()?;
    let time = member.last_modified()?;
    Some(Stamp { time: compiled::seconds(time.datepart(), time.timepart()), size: member.size() })
}

/// What the record at the end of a zip file begins with, and how large it is without a comment.
const END: &[u8] = b"PK\x05\x06";
const END_SIZE: usize = 22;
const LONGEST_COMMENT: u64 = (1 << 16) - 1;

/// Whether `zipimport` takes a file for a zip file: it looks for the last mark of an end record, be it in a comment.
fn has_end_record(lookups: &Lookups<'_>, file: &BStr, rules: &ZipRules) -> Option<bool> {
    if !matches!(lookups.metadata(file), Ok(metadata) if metadata.kind == FileKind::File) {
        return None;
    }
    let mut reader = lookups.reader(file).ok()?;
    let size = reader.seek(SeekFrom::End(0)).ok()?;
    let most = if rules.allows_comments { LONGEST_COMMENT } else { 0 } + END_SIZE as u64;
    let start = size.saturating_sub(most);
    reader.seek(SeekFrom::Start(start)).ok()?;
    let mut tail = Vec::new();
    reader.take(most).read_to_end(&mut tail).ok()?;
    let last = tail.len().checked_sub(END_SIZE)?;
    // Without a comment, the record is the last thing.
    let at = if tail[last..].starts_with(END) { last } else { tail.rfind(END)? };
    let record = tail.get(at..at + END_SIZE)?;
    let number = |at: usize| record.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let position = start + at as u64;
    let (directory, offset) = (u64::from(number(12)?), u64::from(number(16)?));
    let is_zip64 = directory == u64::from(u32::MAX) || offset == u64::from(u32::MAX);
    Some(is_zip64 || position.checked_sub(directory).is_some_and(|begin| begin >= offset))
}

/// Whether local time is universal time. Without a file that says otherwise, it is.
fn is_utc(lookups: &Lookups<'_>) -> bool {
    let zone = BStr::new("/etc/localtime");
    match lookups.host().real_path(zone) {
        Ok(path) => [&b"/UTC"[..], b"/UCT", b"/Universal", b"/Zulu"].iter().any(|name| path.ends_with(name)),
        Err(_) => true,
    }
}

/// The nearest of an entry and its parents that exists, if it is a file, and the path within it.
fn split_at_zip<'a>(lookups: &Lookups<'_>, entry: &'a BStr) -> Option<(&'a BStr, &'a BStr)> {
    let separates = |c| is_separator(flavor(lookups), c);
    let mut file = entry.trim_end_with(separates).as_bstr();
    loop {
        match lookups.metadata(file) {
            Ok(metadata) if metadata.kind == FileKind::File => {
                let inner = entry[file.len()..].trim_with(separates);
                return Some((file, inner.as_bstr()));
            }
            Ok(_) => return None,
            Err(_) => file = file[..file.iter().rposition(|&byte| separates(byte.into()))?].as_bstr(),
        }
    }
}

fn open<'h>(lookups: &Lookups<'h>, path: &BStr) -> Option<ZipArchive<BinaryReader<'h>>> {
    if !matches!(lookups.metadata(path), Ok(metadata) if metadata.kind == FileKind::File) {
        return None;
    }
    ZipArchive::new(lookups.reader(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::host::{MemoryHost, Platform};

    const MAGIC: u32 = 0x0a0d_0dcb;
    const RULES: ZipRules = ZipRules::OF_TESTS;

    /// Compiled code whose header does not depend on a source: it is never compared.
    fn compiled(magic: u32) -> Vec<u8> {
        [magic, 1, 0, 0].iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn archive(members: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in members {
            writer.start_file(name.as_str(), SimpleFileOptions::default()).expect("a member");
            writer.write_all(content).expect("its content");
        }
        writer.finish().expect("a zip file").into_inner()
    }

    fn hits(members: &[(String, Vec<u8>)], entry: &str, rules: &ZipRules) -> Vec<Hit> {
        let host = MemoryHost::new(Platform::Linux).file("/d/a.zip", archive(members));
        let lookups = Lookups::new(&host, None);
        match candidates(&lookups, &Archives::default(), entry.into(), "spam".into(), rules) {
            Searched::In(hits) => hits,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn compiled_code_comes_first_where_its_header_fits(
            present in proptest::collection::vec(any::<bool>(), 4),
            fits in proptest::collection::vec(any::<bool>(), 4),
        ) {
            let names = ORDER.map(|(suffix, ..)| format!("sub/spam{suffix}"));
            let content = |index: usize| match (ORDER[index].1, fits[index]) {
                (false, _) => b"x = 1\n".to_vec(),
                (true, fits) => compiled(if fits { MAGIC } else { MAGIC + 1 }),
            };
            let there: Vec<usize> = (0..4).filter(|&index| present[index]).collect();
            let members: Vec<_> = there.iter().map(|&index| (names[index].clone(), content(index))).collect();
            let found = hits(&members, "/d/a.zip/sub", &RULES);
            let used = there.iter().find(|&&index| !ORDER[index].1 || fits[index]);
            match (there.first(), used) {
                (None, _) => prop_assert!(found.is_empty()),
                (Some(_), None) => prop_assert!(!found[0].is_readable),
                (Some(&first), Some(&used)) => {
                    prop_assert_eq!(found[0].path.to_string(), format!("/d/a.zip/{}", names[used]));
                    prop_assert_eq!(found[0].location.is_some(), ORDER[first].2);
                    prop_assert_eq!(found[0].code == Some(Code::Bytecode), ORDER[used].1);
                }
            }
            prop_assert!(found.len() <= 1);
        }
    }

    #[test]
    fn directories_are_portions_by_their_record_or_by_their_members() {
        let members = [("spam/eggs.py".to_owned(), Vec::new())];
        let older = ZipRules { infers_directories: false, ..RULES };
        assert_eq!(hits(&members, "/d/a.zip", &RULES)[0].path, "/d/a.zip/spam");
        assert!(hits(&members, "/d/a.zip", &older).is_empty());
        assert!(hits(&[("spam//eggs.py".to_owned(), Vec::new())], "/d/a.zip", &RULES).is_empty());
    }
}
