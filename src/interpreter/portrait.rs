//! An interpreter under inspection: each fact is noted together with where it was read.

use bstr::{BStr, BString, ByteSlice};

use super::{Compiled, Fact, Implementation, Interpreter, Vendor, Version};

/// The facts found so far.
pub(super) struct Portrait(pub Interpreter);

impl Portrait {
    pub fn new() -> Self {
        Self(Interpreter::unknown())
    }

    /// Notes where a fact was read.
    pub fn note(&mut self, fact: &'static str, value: impl Into<BString>, from: impl Into<BString>) {
        self.0.evidence.push(Fact { fact: fact.into(), value: value.into(), from: from.into() });
    }

    pub fn implementation(&mut self, implementation: Implementation, from: impl Into<BString>) {
        self.note("implementation", implementation.name().to_owned(), from);
        self.0.implementation = implementation;
    }

    pub fn version(&mut self, version: Version, from: impl Into<BString>) {
        self.note("version", version.to_string(), from);
        self.0.version = Some(version);
    }

    pub fn vendor(&mut self, vendor: Vendor, from: impl Into<BString>) {
        self.note("vendor", vendor.name().to_owned(), from);
        self.0.vendor = vendor;
    }

    pub fn library(&mut self, path: &BStr, from: impl Into<BString>) {
        self.note("library", path, from);
        self.0.library = Some(path.to_owned());
    }

    /// Notes a compiled-in value, unless it is already known.
    pub fn compiled(
        &mut self,
        fact: &'static str,
        field: fn(&mut Compiled) -> &mut Option<BString>,
        value: impl Into<BString>,
        from: impl Into<BString>,
    ) {
        let field = field(&mut self.0.compiled);
        if field.is_none() {
            let value = value.into();
            *field = Some(value.clone());
            self.note(fact, value, from);
        }
    }
}

/// `words` followed by a path.
pub(super) fn words(words: &str, path: &BStr) -> BString {
    let mut text = BString::from(words);
    text.extend_from_slice(path.as_bytes());
    text
}
