//! What a Mach-O file exports, found by name as dyld finds it: in the trie of exports, or in old files among the symbols.

use object::endian::Endianness;
use object::macho::Nlist64;

use super::symbols::{is_defined, is_external};
use super::{LONGEST_STRING, Macho, Table};
use crate::interpreter::image::Image;

/// Larger than the trie of any library: that of CPython has 100 KB.
const LARGEST_TRIE: u64 = 16 << 20;
/// More symbols than any Python has.
const MOST_SYMBOLS: u32 = 1 << 20;
/// Symbols are read in pieces of this many.
const PIECE: u32 = 1 << 12;
/// More than any node says about itself.
const LONGEST_NODE: u64 = 16 << 10;
/// `EXPORT_SYMBOL_FLAGS_REEXPORT`: the symbol is another library's.
const REEXPORT: u64 = 0x08;

/// A node of the trie that was read, up to the place that is looked at.
struct Node<'n> {
    bytes: &'n [u8],
}

impl Macho {
    /// Whether it has a table of what it exports.
    pub fn lists_exports(&self) -> bool {
        self.exports.is_some_and(|(_, size)| size > 0) || self.symbols.is_some_and(|symbols| symbols.count > 0)
    }

    /// The address of what it exports under the name that C gives it.
    pub fn export(&self, image: &Image<'_>, name: &[u8]) -> Option<u64> {
        let mangled = [b"_", name].concat();
        match self.exports.filter(|(_, size)| *size > 0) {
            Some(trie) => self.in_trie(image, trie, &mangled),
            None => self.in_symbols(image, &mangled),
        }
    }

    /// Walks from node to node; each step goes forward in the name, so that it ends.
    fn in_trie(&self, image: &Image<'_>, trie: Table, name: &[u8]) -> Option<u64> {
        let (start, size) = (trie.0, trie.1.min(LARGEST_TRIE));
        let (mut at, mut rest) = (0, name);
        loop {
            let length = usize::try_from(size.checked_sub(at)?.min(LONGEST_NODE)).ok()?;
            let bytes = self.read(image, start.checked_add(at)?, length)?;
            let mut node = Node { bytes: &bytes };
            let own = usize::try_from(node.number()?).ok()?;
            let (own, children) = (node.bytes.get(..own)?, node.bytes.get(own..)?);
            if rest.is_empty() {
                let mut own = Node { bytes: own };
                let flags = own.number()?;
                return if flags & REEXPORT == 0 { self.base()?.checked_add(own.number()?) } else { None };
            }
            let (child, taken) = Node { bytes: children }.child(rest)?;
            (at, rest) = (child, &rest[taken..]);
        }
    }

    /// The symbols one after the other, in files of linkers that wrote no trie.
    fn in_symbols(&self, image: &Image<'_>, name: &[u8]) -> Option<u64> {
        let count = self.symbols?.count.min(MOST_SYMBOLS);
        let mut first = 0;
        while first < count {
            let piece = PIECE.min(count - first);
            let symbols = self.entries(image, first, piece)?;
            let is_it = |symbol: &&_| is_external(symbol) && is_defined(symbol) && self.is_named(image, symbol, name);
            if let Some(symbol) = symbols.iter().find(is_it) {
                return Some(symbol.n_value.get(self.endian));
            }
            first += piece;
        }
        None
    }

    /// Whether that is the symbol's name.
    fn is_named(&self, image: &Image<'_>, symbol: &Nlist64<Endianness>, name: &[u8]) -> bool {
        let text = || {
            let (start, size) = self.symbols?.strings;
            let at = u64::from(symbol.n_strx.get(self.endian));
            let length = (name.len() + 1).min(LONGEST_STRING);
            (at.checked_add(length as u64)? <= size).then(|| self.read(image, start.checked_add(at)?, length))?
        };
        text().is_some_and(|text| text.strip_suffix(&[0]) == Some(name))
    }
}

impl Node<'_> {
    /// ULEB128.
    fn number(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The child whose edge `name` begins with: where it is, and how long the edge is. An edge without a text leads nowhere.
    fn child(mut self, name: &[u8]) -> Option<(u64, usize)> {
        let (&count, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        for _ in 0..count {
            let end = memchr::memchr(0, self.bytes)?;
            let (edge, rest) = self.bytes.split_at(end);
            self.bytes = &rest[1..];
            let at = self.number()?;
            if !edge.is_empty() && name.starts_with(edge) {
                return Some((at, edge.len()));
            }
        }
        None
    }
}
