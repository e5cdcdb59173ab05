//! A binary file, read in small pieces.

use std::borrow::Cow;

use bstr::{BStr, BString};

use crate::host::{Binary, HostError, Lookups};

/// A shared Python's executable is smaller than this, so that one read brings all of it.
const WHOLE: u64 = 24 << 10;
/// Of a larger file, what holds its headers.
const HEAD: u64 = 4 << 10;

/// How much of a file of that size is read at once.
fn first_read(size: u64) -> usize {
    let length = if size <= WHOLE { size } else { HEAD };
    usize::try_from(length).unwrap_or(0)
}

/// An open file of which the beginning has been read.
pub(super) struct Image<'h> {
    /// The path by which it was opened.
    pub path: BString,
    binary: Box<dyn Binary + 'h>,
    head: Vec<u8>,
}

impl<'h> Image<'h> {
    /// Opens `path` and reads its beginning.
    pub fn open(lookups: &Lookups<'h>, path: &BStr) -> Result<Self, HostError> {
        let binary = lookups.open(path)?;
        let head = binary.read_at(0, first_read(binary.size()))?;
        Ok(Self { path: path.to_owned(), binary, head })
    }

    /// The same, for facts that Python itself does not ask about; not logged.
    pub fn unlogged(lookups: &Lookups<'h>, path: &BStr) -> Result<Self, HostError> {
        let binary = lookups.host().open(path)?;
        let head = binary.read_at(0, first_read(binary.size()))?;
        Ok(Self { path: path.to_owned(), binary, head })
    }

    /// An image of which the bytes are at hand.
    #[cfg(any(test, feature = "internals"))]
    pub fn of_binary(binary: impl Binary + 'h) -> Self {
        let head = binary.read_at(0, first_read(binary.size())).unwrap_or_default();
        Self { path: "/image".into(), binary: Box::new(binary), head }
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

/// The whole content of a file of at most `limit` bytes, for the reader who needs it only once.
///
/// [`Lookups::read`] would keep it, at the price of a copy.
pub(super) fn read_once(lookups: &Lookups<'_>, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
    let binary = lookups.open(path)?;
    match usize::try_from(binary.size()) {
        Ok(size) if binary.size() <= limit => binary.read_at(0, size),
        _ => Err(HostError::TooLarge { limit }),
    }
}
