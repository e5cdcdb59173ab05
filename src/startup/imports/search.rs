//! The directories and zip files before the standard library, searched for its modules.

use std::collections::HashSet;
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::bytecode;
use super::content::{self, Failing, Raised, Text, Verdict};
use super::messages;
use super::table::{Module, Need};
use crate::finders::{self, Suffixes};
use crate::host::path::{Flavor, module as arithmetic};
use crate::host::{HostError, Lookups};
use crate::interpreter;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::getpath::{Input, RawEntry};
use crate::startup::locale::{self, Encoding};
use crate::startup::record::Origin;
use crate::startup::trace::Trace;

/// The entries before the standard library.
pub struct Search<'a> {
    input: &'a Input<'a>,
    suffixes: Suffixes,
    /// Each with the place where it is searched.
    entries: Vec<(BString, RawEntry)>,
    stdlib: Option<BString>,
}

/// Where an entry of `sys.path` is searched: an empty one means the working directory, and so does a relative one.
pub fn place(input: &Input<'_>, entry: &BStr) -> Option<BString> {
    let flavor = Flavor::of(input.invocation.platform);
    if arithmetic::is_absolute(flavor, entry) {
        return Some(entry.to_owned());
    }
    let cwd = input.invocation.cwd.as_ref()?;
    Some(match entry.first() {
        None => cwd.clone(),
        Some(b'\\' | b'/') if flavor == Flavor::Windows && forgets_roots(input) => {
            arithmetic::normpath(flavor, [cwd.as_bytes(), b"\\", entry].concat().as_bstr())
        }
        Some(_) => arithmetic::join(flavor, &[cwd.as_bstr(), entry]),
    })
}

/// Whether the finder joins the working directory and an entry that has a root of its own.
fn forgets_roots(input: &Input<'_>) -> bool {
    input.behaviors.has(Behavior::FinderPathsAbsolute) && !input.behaviors.has(Behavior::FinderKnowsRoots)
}

/// Whether a relative entry is a directory although the working directory has been removed: `.` and `..` still are,
/// and what is next to it may be.
pub fn is_in_removed_cwd(lookups: &Lookups<'_>, input: &Input<'_>, entry: &BStr) -> bool {
    let flavor = Flavor::of(input.invocation.platform);
    if input.invocation.cwd.is_some() || entry.is_empty() || arithmetic::is_absolute(flavor, entry) {
        return false;
    }
    entry.split(|&byte| byte == b'/').all(|name| matches!(name, b"" | b"." | b"..")) || lookups.is_dir(entry)
}

impl<'a> Search<'a> {
    /// The entries of `path` that come before the standard library, and that people add: each place once.
    pub fn before_stdlib(lookups: &Lookups<'_>, input: &'a Input<'a>, path: &[RawEntry]) -> Self {
        let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
        let stdlib = path.iter().find(|entry| entry.origin == Origin::Stdlib).map(|entry| entry.value.clone());
        let is_stdlib = |entry: &RawEntry| matches!(entry.origin, Origin::Zip | Origin::Stdlib);
        if path.first().is_none_or(is_stdlib) {
            return Self { input, suffixes, entries: Vec::new(), stdlib };
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
        Self { input, suffixes, entries, stdlib }
    }

    /// Every entry of `path`.
    pub fn everywhere(input: &'a Input<'a>, path: &[RawEntry]) -> Self {
        let suffixes = Suffixes::of(input.invocation.platform, input.interpreter, input.behaviors.version());
        let entries = path.iter().filter_map(|entry| Some((place(input, entry.value.as_bstr())?, entry.clone())));
        Self { input, suffixes, entries: entries.collect(), stdlib: None }
    }

    /// The entries as they are written.
    pub fn values(&self) -> impl Iterator<Item = &BString> {
        self.entries.iter().map(|(_, entry)| &entry.value)
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
        let is_source = file.ends_with(b".py") || file.ends_with(b".pyw");
        if !is_source && !file.ends_with(b".pyc") {
            return Verdict::Unknown;
        }
        let content = match self.content(trace, file, entry) {
            Ok(content) => content,
            Err(HostError::PermissionDenied) => return Verdict::Fails(Failing::Raises(Raised::default())),
            Err(_) => return Verdict::Unknown,
        };
        if !is_source {
            let is_zipped = !trace.ask.is_file(file.as_bstr());
            return self.judge_compiled(module, &content, is_zipped);
        }
        if content.contains(&0)
            && !self.input.behaviors.has(Behavior::ZipImportInPython)
            && !trace.ask.is_file(file.as_bstr())
        {
            return Verdict::Unknown;
        }
        let is_init = is_init(file);
        if !is_init && self.is_own(trace, module.name, &content) {
            return Verdict::Works;
        }
        let text = content::read(&content, self.input.behaviors);
        if module.name == "encodings" && is_init {
            return self.judge_encodings(trace, module, file, &content, text);
        }
        let submodules = || module.needs.iter().filter(|need| matches!(need, Need::Submodule(_)));
        let wanted = if is_init { submodules().next() } else { submodules().next_back() };
        let Some(wanted) = wanted else { return content::judge(module, text) };
        match text {
            Text::Raises(_) | Text::Ends(_) | Text::Exits => content::judge(module, text),
            Text::Unknown if is_init => Verdict::Unknown,
            _ if is_init && !self.lacks(trace, file, wanted.name()) => Verdict::Unknown,
            Text::Blank | Text::Constants(_) => Verdict::Fails(Failing::LacksFirst(*wanted)),
            // What is no package has no submodules, whatever its code does.
            Text::Code(_) | Text::Unknown => Verdict::Fails(Failing::Lacks),
        }
    }

    /// The content of a file in a directory or a zip file.
    fn content(&self, trace: &Trace<'_>, file: &BString, entry: &RawEntry) -> Result<Rc<Vec<u8>>, HostError> {
        match trace.read(file.as_bstr()) {
            Err(HostError::NotFound | HostError::NotADirectory) => {
                let place = place(self.input, entry.value.as_bstr()).ok_or(HostError::NotFound)?;
                let text = finders::read_in_zip(&trace.ask, place.as_bstr(), file.as_bstr());
                text.map(Into::into).ok_or(HostError::NotFound)
            }
            read => read,
        }
    }

    fn judge_compiled(&self, module: &Module, content: &[u8], is_zipped: bool) -> Verdict {
        match interpreter::magic(self.input.interpreter) {
            None => Verdict::Unknown,
            Some(magic) if !content.starts_with(&magic.to_le_bytes()) => {
                let exception = if is_zipped {
                    messages::bad_magic_in_zip(self.input.behaviors, module.name, content)
                } else {
                    messages::bad_magic(module.name, content)
                };
                Verdict::Fails(Failing::Raises(Raised::at_once(exception)))
            }
            Some(_) => match bytecode::names(content, self.input.behaviors) {
                Err(cut) => {
                    let exception = cut.exception().map(BString::from);
                    Verdict::Fails(Failing::Raises(Raised { exception, runs: true }))
                }
                Ok(names) => content::judge_compiled(module, &names),
            },
        }
    }

    /// A package `encodings` needs a module of its own, and the codec of the locale.
    fn judge_encodings(
        &self,
        trace: &Trace<'_>,
        module: &Module,
        file: &BString,
        content: &[u8],
        text: Text,
    ) -> Verdict {
        if !self.is_own(trace, "encodings/__init__", content) {
            return content::judge(module, text);
        }
        let is_utf8 = locale::encoding(trace.ask.host(), self.input.invocation, self.input.behaviors) == Encoding::Utf8;
        if self.lacks(trace, file, "aliases") {
            Verdict::Fails(Failing::Raises(Raised::default()))
        } else if !is_utf8 {
            Verdict::Unknown
        } else if self.lacks(trace, file, "utf_8") {
            Verdict::Fails(Failing::Lacks)
        } else {
            Verdict::Works
        }
    }

    /// Whether a package certainly does not contain a module.
    fn lacks(&self, trace: &Trace<'_>, init: &BString, name: &str) -> bool {
        let package = arithmetic::dirname(Flavor::of(self.input.invocation.platform), init.as_bstr());
        trace.ask.is_dir(package.as_bstr())
            && finders::find_module(&trace.ask, package.as_bstr(), name, &self.suffixes).is_none()
            && !trace.ask.is_dir(finders::join(&trace.ask, package.as_bstr(), name).as_bstr())
    }

    /// Whether a file has the text of a module of the standard library.
    pub fn is_copy(&self, trace: &Trace<'_>, name: &str, file: &BString, entry: &RawEntry) -> bool {
        self.content(trace, file, entry).is_ok_and(|content| self.is_own(trace, name, &content))
    }

    /// Whether an error about a missing name is the same wherever the file is: some name the file as its entry does, and
    /// others give advice about what is next to the script.
    pub fn names_plainly(&self, need: Need, entry: Option<&(BString, Origin)>) -> bool {
        let Some((value, origin)) = entry else { return true };
        let flavor = Flavor::of(self.input.invocation.platform);
        let is_first = *origin == Origin::Launch || place(self.input, value.as_bstr()) == self.input.invocation.cwd;
        let is_relative = !value.is_empty() && !arithmetic::is_absolute(flavor, value.as_bstr());
        let names_file = is_relative && matches!(need, Need::Import(_));
        let gives_advice = is_first && self.input.behaviors.has(Behavior::ShadowingAdvice);
        !names_file && !gives_advice
    }

    /// What distinguishes the release.
    pub fn behaviors(&self) -> &Behaviors {
        self.input.behaviors
    }

    /// Whether the text is that of the standard library.
    fn is_own(&self, trace: &Trace<'_>, name: &str, text: &[u8]) -> bool {
        let Some(stdlib) = &self.stdlib else { return false };
        let own = finders::join(&trace.ask, stdlib.as_bstr(), &format!("{name}.py"));
        trace.ask.metadata(own.as_bstr()).is_ok_and(|found| found.len == text.len() as u64)
            && trace.read(own.as_bstr()).is_ok_and(|own| own.as_slice() == text)
    }
}

/// Whether a file is the `__init__` of a package.
pub fn is_init(file: &BString) -> bool {
    file.ends_with(b"__init__.py") || file.ends_with(b"__init__.pyc")
}
