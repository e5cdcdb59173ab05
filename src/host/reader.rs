//! An opened file as libraries want it: readable and seekable.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Binary, HostError};

/// Reads through a [`Binary`], a piece at a time.
pub struct BinaryReader<'h> {
    binary: Box<dyn Binary + 'h>,
    at: u64,
}

impl<'h> BinaryReader<'h> {
    /// A reader at the file's beginning.
    pub fn new(binary: Box<dyn Binary + 'h>) -> Self {
        Self { binary, at: 0 }
    }
}

impl Read for BinaryReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.binary.size().saturating_sub(self.at);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let bytes = self.binary.read_at(self.at, count).map_err(into_io)?;
        buffer[..count].copy_from_slice(&bytes);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for BinaryReader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.binary.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = target.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

fn into_io(error: HostError) -> io::Error {
    io::Error::other(error)
}
