//! What an entry point of a `.start` file names: `package.module:object`, as `pkgutil.resolve_name(strict=True)` finds it.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use super::hook::{At, Import};
use crate::finders::{self, Suffixes};
use crate::host::path::is_absolute;
use crate::startup::MOST_BYTES;
use crate::startup::fatal::Fatal;
use crate::startup::known_code::{self, Effect};
use crate::startup::record::Fault;
use crate::text::python;
use crate::text::sentence;

/// An entry point.
pub(super) struct EntryPoint<'l> {
    /// The names of its module.
    modules: Vec<&'l str>,
    /// The first name of its object.
    attribute: &'l str,
    /// Whether it has one name in front of the colon and one behind it.
    is_plain: bool,
}

/// What is known of an entry point that Python finds.
pub(super) enum Called {
    /// It may do anything.
    Unknown,
    /// It is known, and harmless.
    Quiet,
    /// It is known, and adds paths to `sys.path`.
    Extends,
    /// It fails, and Python goes on.
    Failed,
}

/// What certainly fails.
pub(super) enum Unresolved {
    /// The top-level module is nowhere: its name.
    TopModule(String),
    /// Something in a package, or in a module that is none: its name, and what it has to be in.
    Part(String, BString),
}

impl<'l> EntryPoint<'l> {
    /// Reads a line; none where it has another form.
    pub(super) fn parse(line: &'l BStr) -> Option<Self> {
        let (module, object) = line.to_str().ok()?.split_once(':')?;
        let is_name = |name: &&str| {
            let mut chars = name.chars();
            chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
                && chars.all(|c| c == '_' || c.is_alphanumeric())
        };
        let modules: Vec<&str> = module.split('.').collect();
        let objects: Vec<&str> = object.split('.').collect();
        (modules.iter().chain(&objects).all(is_name)).then(|| {
            let is_plain = modules.len() == 1 && objects.len() == 1;
            Self { modules, attribute: objects[0], is_plain }
        })
    }
}

impl Site<'_, '_, '_> {
    /// What certainly keeps Python from finding what the entry point names; none where it may be found.
    pub(super) fn unresolved(&self, entry: &EntryPoint<'_>) -> Option<Unresolved> {
        let (top, inner) = entry.modules.split_first()?;
        if !self.is_importable(top) {
            return Some(Unresolved::TopModule((*top).to_owned()));
        }
        let (mut file, _) = self.find_module(top).filter(|_| !known_code::BUILT_IN.contains(top))?;
        let mut name = (*top).to_owned();
        for part in inner {
            let content = self.source(file.as_bstr())?;
            if !is_package(file.as_bstr()) {
                return Some(Unresolved::Part(format!("{name}.{part}"), file));
            }
            let next = self.submodule(file.as_bstr(), part);
            name = format!("{name}.{part}");
            match next {
                Some(next) => file = next,
                None if is_open(&content) || self.has_directory(file.as_bstr(), part) => return None,
                None => return Some(Unresolved::Part(name, file)),
            }
        }
        let content = self.source(file.as_bstr())?;
        // An import anywhere in a package sets an attribute of it, and a submodule is one.
        let is_submodule = is_package(file.as_bstr())
            && content.contains_str("import")
            && (self.submodule(file.as_bstr(), entry.attribute).is_some()
                || self.has_directory(file.as_bstr(), entry.attribute));
        let is_special = entry.attribute.starts_with("__");
        if is_special || is_submodule || is_open(&content) || known_code::may_define(&content, entry.attribute) {
            return None;
        }
        Some(Unresolved::Part(format!("{name}:{}", entry.attribute), file))
    }

    /// Imports the module of an entry point, and calls its function, as far as the code of the module is known.
    pub(super) fn call_known(&mut self, at: At<'_>, entry: &EntryPoint<'_>) -> Result<Called, Fatal> {
        let module = entry.modules[0];
        let ending = match (module, entry.attribute) {
            ("sys", "exit") => Some(Effect::Exits("SystemExit".to_owned())),
            ("os", "abort") => Some(Effect::Ends("os.abort()".to_owned())),
            _ => None,
        };
        if let Some(effect) = ending.filter(|_| entry.is_plain) {
            self.apply(at, effect)?;
        }
        if !entry.is_plain || known_code::BUILT_IN.contains(&module) || self.find_module(module).is_none() {
            return Ok(Called::Unknown);
        }
        let unresolved = sentence!("Error resolving entry point ", at.line, " from ", at.file);
        match self.judge_module(module, Some(entry.attribute)) {
            Import::Quiet => Ok(Called::Quiet),
            Import::Appends(path) => {
                self.append_once(at, path);
                Ok(Called::Quiet)
            }
            Import::Extends(variables) => {
                self.extend_from_all(at, variables);
                Ok(Called::Extends)
            }
            Import::Ends(effect) => {
                self.apply(at, effect)?;
                Ok(Called::Failed)
            }
            Import::Invalid => {
                self.trace.print_text(unresolved);
                let fault = Fault::Raises(format!("SyntaxError in the module {module}"));
                self.note_fault(at.file, Some(at.number), fault);
                Ok(Called::Failed)
            }
            Import::Raises(exception, fault) => {
                // The search for the object raises the same for a line of another form.
                let is_value_error = exception.starts_with("ValueError") || exception.starts_with("Unicode");
                let shown = python::repr(at.line, self.trace.charset);
                let invalid = sentence!("Invalid entry point syntax in ", at.file, ": ", shown);
                self.trace.print_text(if is_value_error { invalid } else { unresolved });
                self.trace.print_text(format!("  {exception}"));
                self.note_fault(at.file, Some(at.number), fault);
                Ok(Called::Failed)
            }
            // That the function is missing is told elsewhere.
            Import::Lacks(_) | Import::Unknown(_) => Ok(Called::Unknown),
        }
    }

    /// The text of a module; none where it is not known.
    fn source(&self, file: &BStr) -> Option<Vec<u8>> {
        // Python reads the compiled file where that is fresh, so this is no lookup of its startup.
        let is_source = file.ends_with(b".py") && is_absolute(self.input.invocation.platform, file);
        let content = is_source.then(|| self.trace.ask.host().read(file, MOST_BYTES).ok()).flatten()?;
        content.to_str().is_ok().then_some(content)
    }

    fn submodule(&self, package: &BStr, name: &str) -> Option<BString> {
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        finders::find_module(&self.trace.ask, directory(package), name, &suffixes)
    }

    fn has_directory(&self, package: &BStr, name: &str) -> bool {
        let dir = self.join(&[directory(package), name.into()]);
        self.trace.ask.metadata(dir.as_bstr()).is_ok()
    }
}

/// Whether a module may replace itself, or look for its parts elsewhere.
fn is_open(content: &[u8]) -> bool {
    ["__path__", "sys.modules", "extend_path", "__getattr__"].iter().any(|text| content.contains_str(text))
}

fn is_package(file: &BStr) -> bool {
    file.ends_with(b"__init__.py")
}

fn directory(file: &BStr) -> &BStr {
    file.rfind_byteset(b"/\\").map_or(b"".as_bstr(), |end| file[..end].as_bstr())
}
