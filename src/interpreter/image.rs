//! A binary file, read in small pieces.

use std::borrow::Cow;

use bstr::{BStr, BString};

use crate::host::{Binary, HostError, Questions};

/// A shared Python's executable is smaller than this, so that one read brings all of it.
const HEAD: u64 = 32 << 10;

/// An open file of which the beginning has been read.
pub(super) struct Image<'h> {
    /// The path by which it was opened.
    pub path: BString,
    binary: Box<dyn Binary + 'h>,
    head: Vec<u8>,
}

impl<'h> Image<'h> {
    /// Opens `path` and reads its beginning.
    pub fn open(questions: &Questions<'h>, path: &BStr) -> Result<Self, HostError> {
        let binary = questions.open(path)?;
        let head = binary.read_at(0, usize::try_from(binary.size().min(HEAD)).unwrap_or(0))?;
        Ok(Self { path: path.to_owned(), binary, head })
    }

    /// The size of the whole file.
    pub fn size(&self) -> u64 {
        self.binary.size()
    }

    /// The beginning of the file, all of it where it is small.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Exactly `len` bytes at `offset`; none where the file ends before.
    pub fn read(&self, offset: u64, len: usize) -> Option<Cow<'_, [u8]>> {
        let end = offset.checked_add(len as u64)?;
        if end <= self.head.len() as u64 {
            let offset = usize::try_from(offset).ok()?;
            return Some(Cow::Borrowed(&self.head[offset..offset + len]));
        }
        (end <= self.size()).then(|| self.binary.read_at(offset, len).ok().map(Cow::Owned))?
    }
}
