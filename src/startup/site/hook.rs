//! The modules that recognized lines import: where they are found, and whether their code does what is expected of it.

use bstr::{BStr, BString, ByteSlice};

use super::Site;
use super::code::needs_no_file;
use crate::finders::{self, Suffixes};
use crate::startup::MOST_BYTES;
use crate::startup::fatal::Fatal;
use crate::startup::known_code::{self, Effect, End, Executed, Hook, Namespace, Place, Rest};
use crate::startup::record::Fault;
use crate::text::sentence;

/// Modules of the standard library that tools import in their hooks.
const OF_TOOLS: &[&str] = &[
    "__future__",
    "contextlib",
    "importlib",
    "itertools",
    "functools",
    "pathlib",
    "re",
    "typing",
    "types",
    "warnings",
];

/// Large tools, and the variables without which the function that a line calls does nothing.
const PACKAGES: &[(&str, &[&str])] =
    &[("coverage", &["COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"]), ("hunter", &["PYTHONHUNTER"])];

/// A line of a file.
#[derive(Clone, Copy)]
pub(super) struct At<'l> {
    pub file: &'l BStr,
    pub number: usize,
    pub line: &'l BStr,
}

/// What comes of importing a module.
pub(super) enum Import {
    /// It does nothing to `sys.path`.
    Quiet,
    /// It appends an entry.
    Appends(BString),
    /// It appends the paths of these variables.
    Extends(&'static [&'static str]),
    /// It does not have the function that is called: the exception.
    Lacks(String),
    /// It raises an exception: as printed, and for what reason.
    Raises(String, Fault),
    /// The release does not compile it.
    Invalid,
    /// It ends the process.
    Ends(Effect),
    /// It may do anything: its file.
    Unknown(BString),
}

impl Site<'_, '_, '_> {
    /// Imports the module of a recognized line, and calls a function of it; whether Python reads on.
    pub(super) fn import_known(&mut self, at: At<'_>, module: &str, function: Option<&str>) -> Result<bool, Fatal> {
        match self.judge_module(module, function) {
            Import::Quiet => {}
            Import::Appends(path) => self.append_once(at, path),
            Import::Extends(variables) => self.extend_from_all(at, variables),
            Import::Lacks(exception) => {
                self.fail(at.file, at.number, at.line, &exception, Fault::Raises(exception.clone()));
                return Ok(false);
            }
            Import::Raises(exception, fault) => {
                self.fail(at.file, at.number, at.line, &exception, fault);
                return Ok(false);
            }
            Import::Invalid => {
                let fault = Fault::Raises(format!("SyntaxError in the module {module}"));
                self.announce_failure(at.file, at.number, at.line, "SyntaxError", fault);
                return Ok(false);
            }
            Import::Ends(effect) => return self.apply(at, effect),
            Import::Unknown(source) => self.doubt_module(at, module, source.as_bstr()),
        }
        Ok(true)
    }

    /// Appends an entry unless it is there.
    pub(super) fn append_once(&mut self, at: At<'_>, path: BString) {
        if !self.sys.path.iter().any(|entry| entry.value == path) {
            self.insert_entry(at.file, at.number, path, self.sys.path.len());
        }
    }

    /// Appends the paths of variables, as far as they are set.
    pub(super) fn extend_from_all(&mut self, at: At<'_>, variables: &[&str]) {
        for variable in variables {
            self.extend_from(at.file, at.number, &BString::from(*variable), None, true);
        }
    }

    fn doubt_module(&mut self, at: At<'_>, module: &str, source: &BStr) {
        self.trace.say(sentence!("The effects of ", source, " cannot be predicted."));
        let text = sentence!(at.line, " imports ", module, " from ", source, ", whose code is not that of the tool");
        self.doubt(at.file, Some(at.number), text);
    }

    /// Runs a known text with `exec`, which catches some exceptions itself; whether Python reads on.
    pub(super) fn execute(&mut self, at: At<'_>, code: &Executed) -> Result<bool, Fatal> {
        let is_idle = !code.variables.is_empty() && !self.is_any_set(code.variables);
        if is_idle || code.is_silent && !self.is_importable(code.module) {
            return Ok(true);
        }
        match self.judge_module(code.module, code.function) {
            // No text catches what ends the process; with a variable, the module may not be imported.
            Import::Ends(effect) if code.variables.is_empty() => return self.apply(at, effect),
            Import::Quiet | Import::Appends(_) if code.variables.is_empty() => {}
            _ => {
                let text = sentence!(at.line, " runs code of ", code.module);
                self.doubt(at.file, Some(at.number), text);
            }
        }
        Ok(true)
    }

    pub(super) fn judge_module(&self, module: &str, function: Option<&str>) -> Import {
        let lacks =
            |function: &str| Import::Lacks(format!("AttributeError: module '{module}' has no attribute '{function}'"));
        let missing = |module: &str| {
            let exception = format!("ModuleNotFoundError: No module named '{module}'");
            Import::Raises(exception, Fault::MissingModule(module.to_owned()))
        };
        let Some((source, _)) = self.find_module(module) else {
            // A directory without `__init__` is a module without any function.
            return match function {
                _ if !needs_no_file(module) && !self.is_namespace(module) => missing(module),
                Some(function) => lacks(function),
                None => Import::Quiet,
            };
        };
        let content =
            source.ends_with(b".py").then(|| self.trace.ask.read(source.as_bstr(), MOST_BYTES).ok()).flatten();
        let Some(content) = content else { return Import::Unknown(source) };
        let (firsts, rest, imports) = match known_code::judge(&content, module, function, self.input.behaviors) {
            Hook::Invalid => return Import::Invalid,
            Hook::Begins { firsts, rest, imports } => (firsts, rest, imports),
        };
        match known_code::follow(firsts, |name| self.place_of_tool(name)) {
            End::Missing(name) => return missing(&name),
            End::Effect(Effect::Raises(exception)) => {
                return Import::Raises(exception.clone(), Fault::Raises(exception));
            }
            End::Effect(effect) => return Import::Ends(effect),
            End::Unknown => {}
        }
        let is_standard = |name: &String| name == "editables" || self.place_of_tool(name) == Place::Standard;
        match rest {
            Rest::Lacks => lacks(function.unwrap_or_default()),
            Rest::OfPackage if self.is_idle_package(module) => Import::Quiet,
            Rest::Quiet if imports.iter().all(is_standard) => Import::Quiet,
            Rest::Extends(variables) => Import::Extends(variables),
            Rest::Appends(path) if imports.iter().all(is_standard) => Import::Appends(path),
            _ => Import::Unknown(source),
        }
    }

    fn place_of_tool(&self, module: &str) -> Place {
        let top = module.split('.').next().unwrap_or_default();
        if OF_TOOLS.contains(&top) { Place::Standard } else { self.place_of(top) }
    }

    /// Whether a package is a large tool whose function returns at once.
    fn is_idle_package(&self, module: &str) -> bool {
        PACKAGES.iter().any(|(package, variables)| *package == module && !self.is_any_set(variables))
    }

    fn is_any_set(&self, variables: &[&str]) -> bool {
        variables.iter().any(|variable| self.input.invocation.variable(variable).is_some())
    }

    /// Sets up a namespace package; whether Python reads on.
    pub(super) fn add_namespace(&mut self, at: At<'_>, namespace: &Namespace) -> bool {
        if namespace.root.is_none() && !self.shows_sitedir() {
            let exception = "KeyError: \"local variable ''sitedir'' is not defined\"";
            self.fail(at.file, at.number, at.line, exception, Fault::SitedirGone);
            return false;
        }
        if namespace.is_found && !self.has_package(at.file, namespace) {
            let exception = "AttributeError: 'NoneType' object has no attribute 'loader'";
            self.fail(at.file, at.number, at.line, exception, Fault::Raises(exception.to_owned()));
            return false;
        }
        self.namespaces.insert(namespace.name.clone());
        let Some(parent) = namespace.parent.as_ref().filter(|parent| !self.namespaces.contains(*parent)) else {
            return true;
        };
        if self.result.doubts.is_empty() {
            let exception = format!("KeyError: '{parent}'");
            self.fail(at.file, at.number, at.line, &exception, Fault::Raises(exception.clone()));
            return false;
        }
        let text = sentence!(at.line, " needs the module ", parent, ", which other code may have loaded");
        self.doubt(at.file, Some(at.number), text);
        true
    }

    /// Whether the package is found in the directory that the line names.
    fn has_package(&self, file: &BStr, namespace: &Namespace) -> bool {
        let own = file.rfind_byteset(b"/\\").map_or(b"".as_bstr(), |end| file[..end].as_bstr());
        let mut dir: BString = namespace.root.as_ref().map_or(own, |root| root.as_bstr()).to_owned();
        let mut parts: Vec<&str> = namespace.name.split('.').collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            dir = self.join(&[dir.as_bstr(), part.into()]);
        }
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        finders::find_module(&self.trace.ask, dir.as_bstr(), last, &suffixes).is_some()
            || self.trace.ask.is_dir(self.join(&[dir.as_bstr(), last.into()]).as_bstr())
    }
}
