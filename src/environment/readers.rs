//! The readers of this module, each by itself, for the fuzz targets of this crate.
#![allow(clippy::missing_panics_doc, reason = "what must hold of any input is asserted here")]

use std::hint::black_box;
use std::rc::Rc;

use bstr::ByteSlice;

use super::{Checksum, ExtensionName, Record, normalize, pip_conf, start};
use crate::host::path::Flavor;

/// RECORD: the files of a distribution.
pub fn record(content: &[u8]) {
    let record = Record::new(Rc::new(content.to_vec()));
    if let Some(entry) = record.entries().last() {
        assert!(record.line(entry.line).is_some(), "there is no line {}", entry.line);
    }
    black_box((record.tops().count(), record.mentions(b"__init__.py"), record.contents()));
    black_box((record.find(b"plotlib/__init__.py").is_some(), record.find_each(b"plotlib/").count()));
    for field in content.fields_with(|c| matches!(c, ',' | '\n')) {
        black_box(Checksum::parse(field.as_bstr()).is_some_and(|checksum| checksum.fits(content)));
    }
}

/// The names of extension modules and distributions, one a line.
pub fn names(content: &[u8]) {
    for line in content.lines() {
        black_box(ExtensionName::parse(line.as_bstr()).is_some());
        let once = normalize(line.as_bstr());
        assert_eq!(normalize(once.as_bstr()), once);
    }
}

/// What a script starts, by its text.
pub fn script(content: &[u8]) {
    for flavor in [Flavor::Posix, Flavor::Windows] {
        black_box(start::parse(flavor, content).is_some());
        content.lines().take(64).for_each(|line| _ = black_box(start::first_line(flavor, line).is_some()));
    }
}

/// The configuration of pip, from which a snapshot leaves secrets out, and the table of mounts.
pub fn configuration(content: &[u8]) {
    assert!(pip_conf::without_secrets(content).len() <= content.len() + 1);
    black_box(crate::host::mounts::without_others(content, |path| path.starts_with(b"/h")));
}
