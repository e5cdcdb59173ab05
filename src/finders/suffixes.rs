//! The suffixes by which `importlib` knows the file of a module.

use bstr::ByteSlice;

use crate::host::Platform;
use crate::interpreter::{Implementation, Interpreter, Version};

/// The suffixes of modules, in the order in which `importlib` tries them.
#[derive(Debug)]
pub struct Suffixes {
    /// With `*` in place of the platform's triplet.
    patterns: Vec<String>,
    /// The same with the triplet, where it is known and the file system distinguishes case.
    exact: Option<Vec<String>>,
}

impl Suffixes {
    /// The suffixes of an interpreter.
    pub fn of(platform: Platform, interpreter: &Interpreter, version: Version) -> Self {
        if platform == Platform::Windows {
            return Self::on_windows(interpreter, version);
        }
        if interpreter.implementation == Implementation::PyPy {
            let patterns = [format!(".pypy{}-*.so", version.nodot()), ".py".to_owned(), ".pyc".to_owned()];
            return Self { patterns: patterns.into(), exact: None };
        }
        let with = |first: String| {
            let others = [".abi3.so", ".so", ".py", ".pyc"].map(ToOwned::to_owned);
            std::iter::once(first).chain(others).collect()
        };
        let known = interpreter.extension_suffix.as_ref().and_then(|suffix| suffix.to_str().ok());
        Self {
            patterns: with(format!(".cpython-{}*.so", version.nodot())),
            exact: known.map(|suffix| with(suffix.to_owned())),
        }
    }

    /// `_PyImport_DynLoadFiletab` of `Python/dynload_win.c`, and `.pyw`, which counts as a source on Windows.
    fn on_windows(interpreter: &Interpreter, version: Version) -> Self {
        let debug = interpreter.debug_suffix();
        let thread = interpreter.compiled.abi_thread.as_ref().map(ToString::to_string).unwrap_or_default();
        let patterns = vec![
            format!("{debug}.cp{}{thread}-*.pyd", version.nodot()),
            format!("{debug}.pyd"),
            ".py".to_owned(),
            ".pyw".to_owned(),
            ".pyc".to_owned(),
        ];
        Self { patterns, exact: None }
    }

    /// The whole suffixes, where no listing is needed to tell them.
    pub(super) fn exact(&self) -> Option<&[String]> {
        self.exact.as_deref()
    }

    /// The place of a suffix in the order; none where it is not the suffix of a module.
    pub(super) fn rank(&self, suffix: &[u8]) -> Option<usize> {
        self.patterns.iter().position(|pattern| matches(suffix, pattern))
    }
}

fn matches(suffix: &[u8], pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => suffix == pattern.as_bytes(),
        Some((start, end)) => {
            suffix.len() > start.len() + end.len()
                && suffix.starts_with(start.as_bytes())
                && suffix.ends_with(end.as_bytes())
        }
    }
}
