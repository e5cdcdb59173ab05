//! A document as text: one line for each file, so that people can read it and compare two.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use super::document::Document;
use crate::text::document::without_controls;

/// The document as JSON, ending in a newline.
pub fn write(document: &Document) -> Vec<u8> {
    let mut text = Vec::with_capacity(32 << 10);
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Layout::default());
    // Every key is a string and the buffer takes everything, so that this cannot fail.
    document.serialize(&mut serializer).unwrap_or_default();
    text.push(b'\n');
    without_controls(text)
}

/// Breaks the two outer objects and the arrays in them into lines; everything further inside stays on one line.
#[derive(Default)]
struct Layout {
    /// For each open object and array, whether it is broken into lines, and whether it already has an element.
    open: Vec<(bool, bool)>,
}

/// Objects are broken down to this depth.
const BROKEN_OBJECTS: usize = 2;

impl Layout {
    fn is_broken(&self) -> bool {
        self.open.last().is_some_and(|(broken, _)| *broken)
    }

    fn begin<W: io::Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8], broken: bool) -> io::Result<()> {
        self.open.push((broken, false));
        writer.write_all(bracket)
    }

    fn end<W: io::Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        if let Some((true, true)) = self.open.pop() {
            self.break_line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn item<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(if self.is_broken() { b"," } else { b", " })?;
        }
        if let Some((broken, inhabited)) = self.open.last_mut() {
            *inhabited = true;
            if *broken {
                return self.break_line(writer);
            }
        }
        Ok(())
    }

    fn break_line<W: io::Write + ?Sized>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        self.open.iter().try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let broken = self.is_broken();
        self.begin(writer, b"[", broken)
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        let in_objects = self.open.len() < BROKEN_OBJECTS && self.open.iter().all(|(broken, _)| *broken);
        self.begin(writer, b"{", in_objects)
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.item(writer, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
