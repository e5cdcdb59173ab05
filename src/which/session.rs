//! An interpreter whose imports are followed, with what is asked about it more than once.

use std::cell::OnceCell;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Distribution, Survey};
use crate::host::Lookups;
use crate::host::path::Flavor;
use crate::imports::{Finder, Import};
use crate::startup::{PathEntry, Resolution};

/// An interpreter after its startup.
pub(super) struct Session<'a> {
    pub(super) survey: Survey<'a>,
    pub(super) finder: Finder<'a>,
    distributions: OnceCell<Vec<Distribution>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(resolution: &'a Resolution, ask: &'a Lookups<'a>) -> Self {
        Self {
            survey: Survey::new(resolution, ask),
            finder: Finder::new(resolution, ask),
            distributions: OnceCell::new(),
        }
    }

    pub(super) fn resolution(&self) -> &'a Resolution {
        self.survey.resolution
    }

    /// `sys.path`.
    pub(super) fn path(&self) -> &'a [PathEntry] {
        self.resolution().sys.as_ref().map_or(&[], |sys| sys.path.as_slice())
    }

    /// The directory that an entry of a path means; the empty one is the working directory.
    pub(super) fn dir(&self, entry: &BStr) -> BString {
        match (&self.resolution().invocation.cwd, entry.is_empty()) {
            (Some(cwd), true) => cwd.clone(),
            _ => self.survey.absolute(entry),
        }
    }

    /// Everything that is installed in a directory of `sys.path`, in its order.
    pub(super) fn distributions(&self) -> &[Distribution] {
        self.distributions.get_or_init(|| {
            let mut dirs: Vec<BString> = Vec::new();
            for entry in self.path().iter().filter(|entry| entry.exists) {
                let dir = self.dir(entry.value.as_bstr());
                if !dirs.contains(&dir) {
                    dirs.push(dir);
                }
            }
            dirs.iter().flat_map(|dir| self.survey.distributions_in(dir.as_bstr())).collect()
        })
    }

    /// Whether a directory is searched by an import of a top-level module, under whatever name.
    pub(super) fn is_searched(&self, dir: &BStr) -> bool {
        self.path().iter().any(|entry| {
            let searched = self.dir(entry.value.as_bstr());
            searched == dir || entry.exists && self.survey.same_file(searched.as_bstr(), dir)
        })
    }

    /// The path of a file below a directory, with `/` between its names.
    pub(super) fn below(&self, path: &BStr, dir: &BStr) -> Option<BString> {
        if !self.survey.is_below(path, dir) {
            return None;
        }
        let is_separator = |c: char| c == '/' || c == '\\' && self.survey.flavor() == Flavor::Windows;
        let rest = path.get(dir.trim_end_with(is_separator).len()..)?.trim_start_with(is_separator);
        let rest: BString =
            if self.survey.flavor() == Flavor::Windows { rest.replace("\\", "/") } else { rest.into() }.into();
        (!rest.is_empty()).then_some(rest)
    }

    /// The entry of `sys.path` that provides the top-level package of what was found.
    pub(super) fn entry_of(&self, import: &Import) -> Option<&'a PathEntry> {
        let top = import.name.split_str(".").next()?.as_bstr();
        let entry = if top == import.name {
            import.found_by.as_ref()?.entry.clone()?
        } else {
            self.finder.find(top).found_by?.entry?
        };
        self.path().iter().find(|known| known.value == entry)
    }
}
