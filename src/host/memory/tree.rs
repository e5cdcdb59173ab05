//! The file system of an imaginary machine: one map from real paths to what they name.
//!
//! No path in the map leads through a symlink. So a path that is found in it as it is spelled is answered at once; only one
//! that is not has to be walked name by name, as the kernel does it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use super::super::path::{Flavor, module};
use super::super::{Access, FileKind, HostError, ProgramKind};

/// `MAXSYMLINKS` of Linux: the most symlinks that are followed to find one path.
const MOST_LINKS: usize = 40;
/// `NAME_MAX` and `PATH_MAX` of Linux, the latter with its terminating NUL.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 4096;
/// No real path of an imaginary machine is longer: symlinks among its directories could otherwise make endless ones.
const DEEPEST: usize = 16 << 10;

/// What a path names.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A directory and the names in it.
    Directory(Vec<BString>),
    /// A regular file; its content may be unknown.
    File { content: Option<Vec<u8>>, executable: bool },
    /// A symlink, with its target as written and as a key.
    Symlink { target: BString, key: Vec<u8> },
    /// A pipe, a socket or a device.
    Special(FileKind),
}

/// A file, a directory or a symlink.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The real path, spelled as it was given.
    pub(super) path: BString,
    pub(super) kind: Kind,
    /// What every question about the content is answered with.
    pub(super) error: Option<HostError>,
    pub(super) hidden: bool,
    /// What kind of program the file is, where that is told.
    pub(super) program: Option<ProgramKind>,
    /// Who may do what with it, where that is told.
    pub(super) access: Option<Access>,
    /// When its content was last changed, where that is told.
    pub(super) modified: Option<SystemTime>,
    /// Whether this is a directory that may not be entered.
    pub(super) closed: bool,
    /// Counts as the inode number.
    pub(super) number: u64,
}

impl Node {
    pub(super) fn file_kind(&self) -> FileKind {
        match &self.kind {
            Kind::Directory(_) => FileKind::Directory,
            Kind::File { .. } => FileKind::File,
            Kind::Symlink { .. } => FileKind::Symlink,
            Kind::Special(kind) => *kind,
        }
    }

    fn is_directory(&self) -> bool {
        matches!(self.kind, Kind::Directory(_))
    }
}

/// Whether a symlink at the end of a path is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Followed,
    Kept,
}

/// Every node by its key: the real path, the root being empty; on Windows in lower case, a drive's root without its
/// separator.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    flavor: Flavor,
    nodes: HashMap<Vec<u8>, Node>,
    numbers: u64,
    /// Whether any directory may not be entered, so that every way has to be walked.
    has_closed: bool,
    /// The keys of the directories at which another file system than that of the root begins.
    mounts: Vec<Vec<u8>>,
}

impl Tree {
    pub(super) fn new(flavor: Flavor) -> Self {
        let mut tree = Self { flavor, nodes: HashMap::new(), numbers: 0, has_closed: false, mounts: Vec::new() };
        if flavor == Flavor::Posix {
            tree.create(Vec::new(), "/".into(), Kind::Directory(Vec::new()));
        }
        tree
    }

    /// What `path` names, as one system call finds it.
    pub(super) fn find(&self, path: &BStr, last: LastLink) -> Result<&Node, HostError> {
        if self.flavor == Flavor::Posix && path.len() >= LONGEST_PATH {
            return Err(HostError::NameTooLong);
        }
        self.locate(path, last)
    }

    /// What `path` names, of whatever length: `realpath(3)` asks the kernel for one name after the other.
    pub(super) fn locate(&self, path: &BStr, last: LastLink) -> Result<&Node, HostError> {
        if path.is_empty() {
            return Err(HostError::NotFound);
        }
        if path.contains(&0) {
            return Err(HostError::InvalidPath);
        }
        let key = self.key(path);
        let node = self.known(&key, last).unwrap_or_else(|| self.walk(&key, last))?;
        // To Windows, the name of a file with a separator behind it is no name.
        let ends = self.flavor == Flavor::Windows && matches!(path.last(), Some(b'\\' | b'/'));
        if ends && matches!(node.kind, Kind::File { .. }) { Err(HostError::NotFound) } else { Ok(node) }
    }

    /// What `name` is in the directory `dir`, whether or not that may be entered.
    pub(super) fn entry(&self, dir: &Node, name: &BString) -> Option<&Node> {
        let mut key = self.own_key(dir);
        key.push(self.flavor.separator());
        key.extend_from_slice(&module::normcase(self.flavor, name.as_bstr()));
        self.nodes.get(&key)
    }

    /// The number of the file system that `node` lies on.
    pub(super) fn device(&self, node: &Node) -> u64 {
        if self.mounts.is_empty() {
            return 0;
        }
        let key = self.own_key(node);
        let holds = |mount: &[u8]| {
            key.strip_prefix(mount).is_some_and(|rest| rest.first().is_none_or(|&byte| byte == self.flavor.separator()))
        };
        let innermost = self.mounts.iter().enumerate().filter(|(_, mount)| holds(mount)).max_by_key(|(_, it)| it.len());
        innermost.map_or(0, |(index, _)| index as u64 + 1)
    }

    /// The key of a node, made of its real path.
    fn own_key(&self, node: &Node) -> Vec<u8> {
        let mut key = self.key(node.path.as_bstr()).into_owned();
        if key.last() == Some(&self.flavor.separator()) {
            key.pop();
        }
        key
    }

    /// The answer where `key` or its parent is in the map as it is spelled.
    fn known(&self, key: &[u8], last: LastLink) -> Option<Result<&Node, HostError>> {
        if self.has_closed {
            return None;
        }
        if let Some(node) = self.nodes.get(key) {
            let followed = last == LastLink::Followed && matches!(node.kind, Kind::Symlink { .. });
            return (!followed).then_some(Ok(node));
        }
        let end = key.rfind_byte(self.flavor.separator())?;
        let name = &key[end + 1..];
        let plain = !matches!(name, b"" | b"." | b"..");
        (plain && self.nodes.get(&key[..end])?.is_directory()).then(|| Err(self.missing(name)))
    }

    /// Looks `key` up name by name. The directory reached so far exists and has no symlink above it.
    fn walk(&self, key: &[u8], last: LastLink) -> Result<&Node, HostError> {
        let mut directory = Vec::with_capacity(key.len());
        let rest = self.enter_root(key, &mut directory);
        if rest.len() == key.len() || !self.nodes.contains_key(&directory) {
            return Err(HostError::NotFound);
        }
        let mut names: Vec<&[u8]> = self.names(rest).rev().collect();
        let mut links = 0;
        while let Some(name) = names.pop() {
            // Even `.` is a name that has to be looked up in it; the empty one behind a separator is not.
            if self.has_closed && !name.is_empty() && self.nodes.get(&directory).is_some_and(|node| node.closed) {
                return Err(HostError::PermissionDenied);
            }
            match name {
                b"" | b"." => continue,
                b".." => {
                    self.leave(&mut directory);
                    continue;
                }
                _ => {}
            }
            let above = directory.len();
            directory.push(self.flavor.separator());
            directory.extend_from_slice(name);
            let node = self.nodes.get(&directory).ok_or_else(|| self.missing(name))?;
            match &node.kind {
                Kind::Directory(_) => {}
                Kind::Symlink { key, .. } if last == LastLink::Followed || !names.is_empty() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(HostError::SymlinkLoop);
                    }
                    directory.truncate(above);
                    names.extend(self.names(self.enter_root(key, &mut directory)).rev());
                }
                _ if names.is_empty() => return Ok(node),
                // A separator at the end asks for a directory too.
                _ => return Err(self.no_directory()),
            }
        }
        self.nodes.get(&directory).ok_or(HostError::NotFound)
    }

    fn names<'p>(&self, path: &'p [u8]) -> impl DoubleEndedIterator<Item = &'p [u8]> + use<'p> {
        let separator = self.flavor.separator();
        path.split(move |&byte| byte == separator)
    }

    /// Moves to the root that `key` begins with, if any, and returns what is left of `key`.
    fn enter_root<'k>(&self, key: &'k [u8], directory: &mut Vec<u8>) -> &'k [u8] {
        let (drive, root, tail) = module::split_root(self.flavor, key.as_bstr());
        if !drive.is_empty() {
            directory.clear();
            directory.extend_from_slice(drive);
        } else if !root.is_empty() {
            directory.truncate(self.drive_len(directory));
        }
        tail
    }

    /// Moves one directory up; above a root there is the root.
    fn leave(&self, directory: &mut Vec<u8>) {
        let above = directory.rfind_byte(self.flavor.separator()).unwrap_or(0);
        directory.truncate(above.max(self.drive_len(directory)));
    }

    fn drive_len(&self, path: &[u8]) -> usize {
        module::split_root(self.flavor, path.as_bstr()).0.len()
    }

    /// What a path leads through is a file.
    fn no_directory(&self) -> HostError {
        match self.flavor {
            Flavor::Posix => HostError::NotADirectory,
            // The path is not found.
            Flavor::Windows => HostError::NotFound,
        }
    }

    fn missing(&self, name: &[u8]) -> HostError {
        let too_long = self.flavor == Flavor::Posix && name.len() > LONGEST_NAME;
        if too_long { HostError::NameTooLong } else { HostError::NotFound }
    }

    /// `path` as a key, where it is not yet known to be real. Windows folds `..` before it asks a file system.
    fn key<'p>(&self, path: &'p BStr) -> Cow<'p, [u8]> {
        match self.flavor {
            Flavor::Posix => Cow::Borrowed(path),
            Flavor::Windows if is_plain(path) => Cow::Owned(path.to_ascii_lowercase()),
            Flavor::Windows => {
                let mut key = Vec::from(module::normcase(self.flavor, self.spelling(path).as_bstr()));
                let bare = key.trim_end_with(|c| c == '\\').len();
                key.truncate(bare);
                Cow::Owned(key)
            }
        }
    }

    /// `path` as real paths are spelled, as far as its text tells.
    fn spelling(&self, path: &BStr) -> BString {
        match self.flavor {
            Flavor::Posix => path.to_owned(),
            Flavor::Windows => {
                let path = module::normpath(self.flavor, path);
                // `\\?\C:\x` is `C:\x`, taken literally, and `\\.\C:\x` is the same on a device.
                match path.strip_prefix(br"\\?\").or_else(|| path.strip_prefix(br"\\.\")) {
                    Some(plain @ [_, b':', ..]) => plain.into(),
                    _ => path,
                }
            }
        }
    }
}

/// Whether `path` is a key already, but for its case: nothing in it to fold, and a drive in front.
fn is_plain(path: &BStr) -> bool {
    let folds = |pair: &[u8]| matches!(pair, [b'\\', b'\\' | b'.'] | [_, b'/']);
    path.is_ascii() && path.get(1) == Some(&b':') && !path.ends_with(br"\") && !path.windows(2).any(folds)
}

/// Building the tree.
impl Tree {
    /// Makes `path` name what `change` makes of what it named before: a file of unknown content where it is new. Its
    /// parents become directories; symlinks among them are followed.
    ///
    /// `None` where it cannot exist: below symlinks in a loop, far too deep, or not absolute.
    pub(super) fn put(&mut self, path: &BStr, change: impl FnOnce(&Kind) -> Kind) -> Option<&mut Node> {
        let key = self.place(path)?;
        let node = self.nodes.get_mut(&key)?;
        let kind = change(&node.kind);
        let inhabited = matches!(&node.kind, Kind::Directory(names) if !names.is_empty());
        if !inhabited {
            node.kind = kind;
        } else if matches!(kind, Kind::Symlink { .. }) {
            self.graft(&key, kind);
        }
        // Whatever else is said of it, what has something below it is a directory.
        self.nodes.get_mut(&key)
    }

    /// Makes a directory of `path` that may not be entered.
    pub(super) fn close(&mut self, path: &BStr) {
        if let Some(node) = self.put(path, |_| Kind::Directory(Vec::new())) {
            node.closed = true;
            self.has_closed = true;
        }
    }

    /// Lets a file system of its own begin at the directory `path`.
    pub(super) fn mount(&mut self, path: &BStr) {
        let Some(node) = self.put(path, |_| Kind::Directory(Vec::new())).map(|node| node.clone()) else { return };
        let key = self.own_key(&node);
        self.mounts.push(key);
    }

    /// A symlink to `target`.
    pub(super) fn link(&self, target: &BStr) -> Kind {
        Kind::Symlink { target: target.to_owned(), key: self.key(target).into_owned() }
    }

    /// Puts a symlink in the place of a directory, which was known only through what is below it, and moves that along.
    fn graft(&mut self, key: &[u8], link: Kind) {
        let separator = self.flavor.separator();
        let below = |other: &[u8]| other.strip_prefix(key).is_some_and(|rest| rest.first() == Some(&separator));
        let mut moved: Vec<Node> = self.nodes.extract_if(|other, _| below(other)).map(|(_, node)| node).collect();
        moved.sort_by_key(|node| node.number);
        if let Some(node) = self.nodes.get_mut(key) {
            node.kind = link;
        }
        for Node { path, kind, error, hidden, program, access, modified, closed, .. } in moved {
            let kind = if let Kind::Directory(_) = kind { Kind::Directory(Vec::new()) } else { kind };
            if let Some(node) = self.put(path.as_bstr(), |_| kind) {
                node.error = error.or(node.error.take());
                node.hidden |= hidden;
                node.program = program.or(node.program);
                node.access = access.or(node.access);
                node.modified = modified.or(node.modified);
                node.closed |= closed;
            }
        }
    }

    /// The key of `path`, which is created with all its parents where it does not exist.
    fn place(&mut self, path: &BStr) -> Option<Vec<u8>> {
        let path = self.spelling(path);
        if !module::is_absolute(self.flavor, path.as_bstr()) {
            return None;
        }
        let mut directory = Vec::new();
        let mut names = self.follow(path.as_bstr(), &mut directory);
        let mut links = 0;
        while let Some(name) = names.pop() {
            if name == ".." {
                self.leave(&mut directory);
                continue;
            }
            let above = directory.len();
            if above > DEEPEST {
                return None;
            }
            directory.push(self.flavor.separator());
            directory.extend_from_slice(&module::normcase(self.flavor, name.as_bstr()));
            let last = names.is_empty();
            match self.nodes.get_mut(&directory).map(|node| &mut node.kind) {
                None if last => self.create_below(above, &directory, name, unknown()),
                None => self.create_below(above, &directory, name, Kind::Directory(Vec::new())),
                Some(Kind::Symlink { target, .. }) if !last => {
                    links += 1;
                    if links > MOST_LINKS {
                        return None;
                    }
                    let target = target.clone();
                    directory.truncate(above);
                    names.extend(self.follow(target.as_bstr(), &mut directory));
                }
                Some(Kind::Directory(_)) => {}
                Some(_) if last => {}
                Some(file) => *file = Kind::Directory(Vec::new()),
            }
        }
        Some(directory)
    }

    /// Moves to the root that `path` begins with, creating it, and returns the names that follow, the last one first.
    fn follow(&mut self, path: &BStr, directory: &mut Vec<u8>) -> Vec<BString> {
        let (drive, _, _) = module::split_root(self.flavor, path);
        let tail = self.enter_root(path, directory);
        let key = Vec::from(module::normcase(self.flavor, drive));
        if !drive.is_empty() {
            directory.clone_from(&key);
            if !self.nodes.contains_key(&key) {
                self.create(key, [drive.as_bytes(), br"\"].concat().into(), Kind::Directory(Vec::new()));
            }
        }
        let path = self.spelling(tail.as_bstr());
        self.names(&path).filter(|name| !matches!(*name, b"" | b".")).map(BString::from).rev().collect()
    }

    fn create_below(&mut self, parent: usize, key: &[u8], name: BString, kind: Kind) {
        let separator = self.flavor.separator();
        if let Some(Node { path, kind: Kind::Directory(names), .. }) = self.nodes.get_mut(&key[..parent]) {
            let mut path = path.clone();
            if path.last() != Some(&separator) {
                path.push(separator);
            }
            path.extend_from_slice(&name);
            names.push(name);
            self.create(key.to_vec(), path, kind);
        }
    }

    fn create(&mut self, key: Vec<u8>, path: BString, kind: Kind) {
        self.numbers += 1;
        self.nodes.insert(
            key,
            Node {
                path,
                kind,
                error: None,
                hidden: false,
                program: None,
                access: None,
                modified: None,
                closed: false,
                number: self.numbers,
            },
        );
    }
}

/// A file of which nothing but its existence is known.
fn unknown() -> Kind {
    Kind::File { content: None, executable: false }
}
