//! The readers of this module, each by itself, for the fuzz targets of this crate.

use std::collections::BTreeMap;
use std::hint::black_box;

use bstr::BString;

use super::env::{self, Variables};
use super::{Shim, arguments, shebang, trampoline};

/// The beginning of a script.
pub fn script(text: &[u8]) {
    black_box(shebang::parse(text).is_some());
    black_box(trampoline::parse(text).is_some());
    black_box(Shim::parse(text).is_some());
}

/// The arguments of `env`, and of Python.
pub fn arguments(words: &[BString], set: &BTreeMap<String, BString>) {
    black_box(env::parse(words, &Variables { set, is_known: |name| name != "UNKNOWN" }).is_ok());
    black_box(arguments::parse(words).is_ok());
}
