//! The directories and zip files before the standard library, searched for its modules.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::content::{self, Verdict};
use super::table::Module;
use crate::finders::{self, Suffixes};
use crate::host::path::{Flavor, module as arithmetic};
use crate::host::{HostError, Lookups};
use crate::interpreter;
use crate::startup::getpath::{Input, RawEntry};
use crate::startup::record::Origin;
use crate::startup::trace::Trace;

/// The entries before the standard library.
pub struct Search<'a> {
    input: &'a Input<'a>,
    suffixes: Suffixes,
    /// Each with the place where it is searched.
    entries: Vec<(BString, RawEntry)>,
    stdlib: Option<BString>,
    /// Whether what is found here is imported; otherwise it may have been imported already.
    pub is_certain: bool,
}

/// Where an entry of `sys.path` is searched: an empty one means the working directory, and so does a relative one.
pub fn place(input: &Input<'_>, entry: &BStr) -> Option<BString> {
    let flavor = Flavor::of(input.invocation.platform);
    if arithmetic::is_absolute(flavor, entry) {
        return Some(entry.to_owned());
    }
    let cwd = input.invocation.cwd.as_ref()?;
    Some(if entry.is_empty() { cwd.clone() } else { arithmetic::join(flavor, &[cwd.as_bstr(), entry]) })
}

impl<'a> Search<'a> {
    /// The entries of `path` that come before the standard library, and that people add: each place once.
    pub fn before_stdlib(lookups: &Lookups<'_>, input: &'a Input<'a>, path: &[RawEntry]) -> Self {
        let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
        let stdlib = path.iter().find(|entry| entry.origin == Origin::Stdlib).map(|entry| entry.value.clone());
        let is_stdlib = |entry: &RawEntry| matches!(entry.origin, Origin::Zip | Origin::Stdlib);
        if path.first().is_none_or(is_stdlib) {
            return Self { input, suffixes, entries: Vec::new(), stdlib, is_certain: true };
        }
        let identity = |place: &BString| lookups.metadata(place.as_bstr()).ok().and_then(|found| found.identity);
        let own = stdlib.as_ref().and_then(&identity);
        let mut seen = HashSet::new();
        let mut entries = Vec::new();
        for entry in path {
            if matches!(entry.origin, Origin::Zip | Origin::Stdlib) {
                break;
            }
            let Some(place) = place(input, entry.value.as_bstr()) else { continue };
            if Some(&place) == stdlib.as_ref() || own.is_some() && identity(&place) == own {
                break;
            }
            if matches!(entry.origin, Origin::Launch | Origin::PythonPath | Origin::PthFile)
                && seen.insert(place.clone())
            {
                entries.push((place, entry.clone()));
            }
        }
        Self { input, suffixes, entries, stdlib, is_certain: true }
    }

    /// Lists each directory once, as Python does, where many modules are searched for.
    pub fn list(&self, lookups: &Lookups<'_>) {
        for (place, _) in &self.entries {
            if lookups.is_dir(place.as_bstr()) {
                // Where it cannot be listed, no file is found in it.
                let _ = lookups.list_dir(place.as_bstr());
            }
        }
    }

    /// The first file that hides a module, and the entry that holds it.
    pub fn find(&self, lookups: &Lookups<'_>, name: &str) -> Option<(BString, RawEntry)> {
        self.entries.iter().find_map(|(place, entry)| {
            let file = finders::find_module(lookups, place.as_bstr(), name, &self.suffixes)?;
            Some((file, entry.clone()))
        })
    }

    /// What follows where that file is imported.
    pub fn judge(&self, trace: &Trace<'_>, module: &Module, file: &BString, entry: &RawEntry) -> Verdict {
        let verdict = self.judge_file(trace, module, file, entry);
        if self.is_certain { verdict } else { Verdict::Unknown }
    }

    fn judge_file(&self, trace: &Trace<'_>, module: &Module, file: &BString, entry: &RawEntry) -> Verdict {
        let is_source = file.ends_with(b".py") || file.ends_with(b".pyw");
        if !is_source && !file.ends_with(b".pyc") {
            return Verdict::Unknown;
        }
        let is_init = file.ends_with(b"__init__.py") || file.ends_with(b"__init__.pyc");
        if module.is_package && !is_init {
            // Its submodules cannot be imported from a plain module.
            return Verdict::Fails;
        }
        let text = match trace.read(file.as_bstr()) {
            Ok(text) => text,
            Err(HostError::PermissionDenied) => return Verdict::Fails,
            Err(HostError::NotFound | HostError::NotADirectory) => {
                match place(self.input, entry.value.as_bstr())
                    .and_then(|place| finders::read_in_zip(&trace.ask, place.as_bstr(), file.as_bstr()))
                {
                    Some(text) => text.into(),
                    None => return Verdict::Unknown,
                }
            }
            Err(_) => return Verdict::Unknown,
        };
        if !is_source {
            return match interpreter::magic(self.input.interpreter) {
                None => Verdict::Unknown,
                Some(magic) if !text.starts_with(&magic.to_le_bytes()) => Verdict::Fails,
                Some(_) => content::judge(module, &text, false),
            };
        }
        if module.name == "encodings" && is_init {
            return self.judge_encodings(trace, module, file, &text);
        }
        if !is_init && self.is_own(trace, module.name, &text) {
            return Verdict::Works;
        }
        content::judge(module, &text, true)
    }

    /// A package `encodings` needs a module of its own, and the codec of the locale.
    fn judge_encodings(&self, trace: &Trace<'_>, module: &Module, file: &BString, text: &[u8]) -> Verdict {
        let is_own = self.is_own(trace, "encodings/__init__", text);
        let package = arithmetic::dirname(Flavor::of(self.input.invocation.platform), file.as_bstr());
        let lacks = |name: &str| {
            finders::find_module(&trace.ask, package.as_bstr(), name, &self.suffixes).is_none()
                && trace.ask.is_dir(package.as_bstr())
        };
        let wants_aliases = text.lines().any(|line| line == b"from . import aliases");
        match content::judge(module, text, true) {
            _ if wants_aliases && lacks("aliases") => Verdict::Fails,
            Verdict::Unknown if is_own && !lacks("utf_8") => Verdict::Works,
            verdict => verdict,
        }
    }

    /// Whether the text is that of the standard library.
    fn is_own(&self, trace: &Trace<'_>, name: &str, text: &[u8]) -> bool {
        let Some(stdlib) = &self.stdlib else { return false };
        let own = finders::join(&trace.ask, stdlib.as_bstr(), &format!("{name}.py"));
        trace.ask.metadata(own.as_bstr()).is_ok_and(|found| found.len == text.len() as u64)
            && trace.read(own.as_bstr()).is_ok_and(|own| own.as_slice() == text)
    }
}
