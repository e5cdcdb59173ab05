//! Lookups on a host: each is logged in its order, with its answer, and no answer is fetched twice.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::{Binary, BinaryReader, FileKind, Host, HostError, Metadata};

/// The kind of a lookup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Op {
    /// Is it a regular file (`stat`)?
    IsFile,
    /// Is it a directory (`stat`)?
    IsDir,
    /// Is it a regular file with an execution bit (`stat`)?
    IsExecutable,
    /// What does it contain?
    Read,
    /// Where does this symlink point?
    ReadLink,
    /// What is its path with every symlink resolved?
    RealPath,
    /// Which names does this directory hold?
    ListDir,
    /// Does it exist (`stat`)?
    Exists,
}

impl Op {
    /// The stable name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::IsFile => "is_file",
            Self::IsDir => "is_dir",
            Self::IsExecutable => "is_executable",
            Self::Read => "read",
            Self::ReadLink => "read_link",
            Self::RealPath => "real_path",
            Self::ListDir => "list_dir",
            Self::Exists => "exists",
        }
    }
}

/// What the host answered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Answer {
    /// To `is_file`, `is_dir`, `is_executable` and `exists`.
    Bool(bool),
    /// To `read`: the number of bytes read.
    Bytes(usize),
    /// To `read_link` and `real_path`.
    Path(BString),
    /// To `list_dir`: the number of names.
    Names(usize),
    /// The host could not answer, and says why.
    Error(HostError),
}

/// A question that was put to the host, with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Lookup {
    /// What was asked.
    pub op: Op,
    /// About which path, exactly as Python spelled it (it may be relative to the working directory).
    pub path: BString,
    /// What was answered.
    pub answer: Answer,
}

/// About as many lookups as a start in a virtual environment takes: tables that grow step by step cost more.
const USUAL_LOOKUPS: usize = 112;

type Kept<T> = RefCell<HashMap<BString, Result<T, HostError>>>;

/// Looks things up on a host, logs each lookup and remembers the answers.
pub struct Lookups<'h> {
    host: &'h dyn Host,
    cwd: Option<BString>,
    /// Where the working directory was before it was removed.
    removed: Option<BString>,
    /// Whether only relative paths reach what is in the working directory.
    is_relative: OnceCell<bool>,
    log: RefCell<Vec<Lookup>>,
    metadata: Kept<Metadata>,
    contents: Kept<Rc<Vec<u8>>>,
    listings: Kept<Rc<[BString]>>,
    links: Kept<BString>,
}

impl<'h> Lookups<'h> {
    /// Lookups to `host` from the working directory `cwd` (none where it has been removed).
    pub fn new(host: &'h dyn Host, cwd: Option<BString>) -> Self {
        let removed = if cwd.is_none() { host.removed_dir() } else { None };
        Self {
            host,
            cwd,
            removed,
            is_relative: OnceCell::new(),
            log: RefCell::new(Vec::with_capacity(USUAL_LOOKUPS)),
            metadata: RefCell::new(HashMap::with_capacity(USUAL_LOOKUPS)),
            contents: RefCell::default(),
            listings: RefCell::default(),
            links: RefCell::default(),
        }
    }

    /// The host that answers.
    pub fn host(&self) -> &'h dyn Host {
        self.host
    }

    /// From here on, relative paths are relative to `cwd`.
    pub fn enter(&mut self, cwd: BString) {
        self.cwd = Some(cwd);
    }

    /// The working directory to which paths are relative.
    pub fn cwd(&self) -> Option<&BStr> {
        self.cwd.as_ref().map(|cwd| cwd.as_bstr())
    }

    /// Where the working directory was before it was removed; none where it exists, or where nobody knows.
    pub fn removed_dir(&self) -> Option<&BStr> {
        self.removed.as_ref().map(|dir| dir.as_bstr())
    }

    /// Takes the lookups logged since the last call.
    pub fn take_log(&self) -> Vec<Lookup> {
        self.log.take()
    }

    /// Is `path` a regular file, symlinks followed?
    pub fn is_file(&self, path: &BStr) -> bool {
        self.ask_metadata(Op::IsFile, path, |metadata| metadata.kind == FileKind::File)
    }

    /// Is `path` a directory, symlinks followed?
    pub fn is_dir(&self, path: &BStr) -> bool {
        self.ask_metadata(Op::IsDir, path, |metadata| metadata.kind == FileKind::Directory)
    }

    /// Is `path` a regular file with any execution bit, symlinks followed?
    pub fn is_executable(&self, path: &BStr) -> bool {
        self.ask_metadata(Op::IsExecutable, path, |metadata| metadata.kind == FileKind::File && metadata.executable)
    }

    /// Does `path` exist, symlinks followed?
    pub fn exists(&self, path: &BStr) -> bool {
        self.ask_metadata(Op::Exists, path, |_| true)
    }

    /// What `path` itself is, a symlink not followed; logged as a question whether it exists.
    ///
    /// # Errors
    /// As [`Host::link_metadata`].
    pub fn link_exists(&self, path: &BStr) -> Result<Metadata, HostError> {
        let result = self.absolute(path).and_then(|path| self.host.link_metadata(path.as_bstr()));
        self.note(Op::Exists, path, result.as_ref().map_or_else(|e| Answer::Error(e.clone()), |_| Answer::Bool(true)));
        result
    }

    /// The content of `path`, at most `limit` bytes of it.
    ///
    /// # Errors
    /// As [`Host::read`].
    pub fn read(&self, path: &BStr, limit: u64) -> Result<Rc<Vec<u8>>, HostError> {
        let result = self.recall(&self.contents, path, |host, path| Ok(host.read(path, limit)?.into()));
        self.note(
            Op::Read,
            path,
            result.as_ref().map_or_else(|e| Answer::Error(e.clone()), |c| Answer::Bytes(c.len())),
        );
        result
    }

    /// Opens `path` for reading parts of it; logged as a read of the whole.
    ///
    /// # Errors
    /// As [`Host::open`].
    pub fn open(&self, path: &BStr) -> Result<Box<dyn Binary + 'h>, HostError> {
        let result = self.absolute(path).and_then(|path| self.host.open(path.as_bstr()));
        let answer = match &result {
            Ok(binary) => Answer::Bytes(usize::try_from(binary.size()).unwrap_or(usize::MAX)),
            Err(error) => Answer::Error(error.clone()),
        };
        self.note(Op::Read, path, answer);
        result
    }

    /// The names in the directory `path`.
    ///
    /// # Errors
    /// As [`Host::list_dir`].
    pub fn list_dir(&self, path: &BStr) -> Result<Rc<[BString]>, HostError> {
        let result = self.recall(&self.listings, path, |host, path| Ok(host.list_dir(path)?.into()));
        self.note(
            Op::ListDir,
            path,
            result.as_ref().map_or_else(|e| Answer::Error(e.clone()), |n| Answer::Names(n.len())),
        );
        result
    }

    /// The names in a directory that was listed before; not logged.
    pub fn known_listing(&self, path: &BStr) -> Option<Rc<[BString]>> {
        let path = self.absolute(path).ok()?;
        self.listings.borrow().get(&path)?.as_ref().ok().cloned()
    }

    /// The target of the symlink `path`, as written.
    ///
    /// # Errors
    /// As [`Host::read_link`].
    pub fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        let result = self.recall(&self.links, path, |host, path| host.read_link(path));
        self.note(Op::ReadLink, path, path_answer(&result));
        result
    }

    /// `path` with every symlink resolved.
    ///
    /// # Errors
    /// As [`Host::real_path`].
    pub fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        let result = self.absolute(path).and_then(|path| self.host.real_path(path.as_bstr()));
        self.note(Op::RealPath, path, path_answer(&result));
        result
    }

    /// What `path` names, symlinks followed; not logged, for facts that Python itself does not ask about.
    ///
    /// # Errors
    /// As [`Host::metadata`].
    pub fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.recall(&self.metadata, path, |host, path| host.metadata(path))
    }

    /// Opens `path` for libraries that read and seek; not logged, because the caller has looked the file up.
    ///
    /// # Errors
    /// As [`Host::open`].
    pub fn reader(&self, path: &BStr) -> Result<BinaryReader<'h>, HostError> {
        let result = self.absolute(path).and_then(|path| self.host.open(path.as_bstr()));
        if let Err(HostError::Unanswered) = result {
            // What depends on it is not certain, and the log has to show that.
            self.note(Op::Read, path, Answer::Error(HostError::Unanswered));
        }
        Ok(BinaryReader::new(result?))
    }

    /// Whether the process may execute `path`; not logged, because the operating system decides it, not Python.
    pub fn may_execute(&self, path: &BStr) -> bool {
        self.absolute(path).is_ok_and(|path| self.host.may_execute(path.as_bstr()))
    }

    /// `path` as the host needs it: absolute, and otherwise as Python spelled it.
    fn absolute(&self, path: &BStr) -> Result<BString, HostError> {
        if path.is_empty() {
            return Err(HostError::NotFound);
        }
        if path.contains(&0) {
            return Err(HostError::InvalidPath);
        }
        if super::path::is_absolute(self.host.platform(), path) {
            return Ok(path.to_owned());
        }
        match &self.cwd {
            Some(cwd) if *self.is_relative.get_or_init(|| self.host.is_reached_relatively(cwd.as_bstr())) => {
                Ok(path.to_owned())
            }
            Some(cwd) => Ok(super::path::concatenate(self.host.platform(), cwd.as_bstr(), path)),
            None => self.beyond_removed(path).ok_or(HostError::NotFound),
        }
    }

    /// A path that leaves the removed working directory: the operating system still knows the directory above it. In the
    /// removed one, nothing exists.
    fn beyond_removed(&self, path: &BStr) -> Option<BString> {
        let mut dir = self.removed.as_ref()?.as_bstr();
        let mut rest = path;
        let mut has_left = false;
        loop {
            let (name, after) = rest.split_once_str("/").unwrap_or((rest, b""));
            match name {
                b"" | b"." if !rest.is_empty() => {}
                b".." => {
                    dir = &dir[..dir.rfind_byte(b'/')?];
                    has_left = true;
                }
                _ => break,
            }
            rest = after.as_bstr();
        }
        let above = if dir.is_empty() { b"/".as_bstr() } else { dir };
        let beyond = || match rest {
            rest if rest.is_empty() => above.to_owned(),
            rest => super::path::concatenate(self.host.platform(), above, rest),
        };
        has_left.then(beyond)
    }

    fn recall<T: Clone>(
        &self,
        kept: &Kept<T>,
        path: &BStr,
        ask: impl FnOnce(&dyn Host, &BStr) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        match kept.borrow_mut().entry(self.absolute(path)?) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let result = ask(self.host, place.key().as_bstr());
                place.insert(result).clone()
            }
        }
    }

    fn ask_metadata(&self, op: Op, path: &BStr, test: impl FnOnce(&Metadata) -> bool) -> bool {
        let (yes, answer) = match self.metadata(path) {
            Ok(metadata) => {
                let yes = test(&metadata);
                (yes, Answer::Bool(yes))
            }
            Err(HostError::NotFound | HostError::NotADirectory) => (false, Answer::Bool(false)),
            Err(error) => (false, Answer::Error(error)),
        };
        self.note(op, path, answer);
        yes
    }

    fn note(&self, op: Op, path: &BStr, answer: Answer) {
        self.log.borrow_mut().push(Lookup { op, path: path.to_owned(), answer });
    }
}

fn path_answer(result: &Result<BString, HostError>) -> Answer {
    match result {
        Ok(path) => Answer::Path(path.clone()),
        Err(error) => Answer::Error(error.clone()),
    }
}
