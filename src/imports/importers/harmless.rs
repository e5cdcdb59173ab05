//! Startup code that nobody has written down here, and that all the same cannot change what imports find.

use bstr::{BStr, BString, ByteSlice};

use super::MOST_BYTES;
use crate::imports::closures;
use crate::imports::finder::Finder;
use crate::startup::{Grammar, Source, Token};

/// What leads to the lists and dictionaries of the import system, to other code, or to names that are made at run time.
const SUSPICIOUS: &[&str] = &[
    "__builtins__",
    "__dict__",
    "__import__",
    "addsitedir",
    "compile",
    "eval",
    "exec",
    "execfile",
    "getattr",
    "globals",
    "importlib",
    "locals",
    "meta_path",
    "modules",
    "path",
    "path_hooks",
    "path_importer_cache",
    "pkgutil",
    "runpy",
    "setattr",
    "vars",
    "builtins",
    "imp",
    "zipimport",
    "site",
    "_getframe",
    "settrace",
    "setprofile",
    "addaudithook",
    "ctypes",
];
/// Modules that startup has loaded in every release.
const LOADED: &[&str] = &["sys", "os", "io", "codecs", "abc", "stat", "time", "errno", "marshal", "builtins"];

/// The modules that a file of harmless code imports; none where it may do anything.
pub(super) fn of_file(finder: &Finder<'_>, file: &BStr) -> Option<Vec<String>> {
    let content = finder.ask().read(file, MOST_BYTES).ok()?;
    of_code(finder, &content.to_vec().into())
}

/// The same of a line.
pub(super) fn of_code(finder: &Finder<'_>, code: &BString) -> Option<Vec<String>> {
    let source = Source::read(code, Grammar::of(finder.behaviors()));
    let found = source.tokens().filter(|_| source.refused().is_none())?;
    let is_suspicious = |token: &Token| match token {
        // `os.path` is harmless, and `sys.path` is not: who needs the former is not followed.
        Token::Name(name) => SUSPICIOUS.contains(&name.as_str()) || name == "raise",
        _ => false,
    };
    if found.list.iter().any(is_suspicious) {
        return None;
    }
    let imports = source.all_imports()?;
    let is_known = |name: &String| LOADED.contains(&name.as_str()) || closures::is_known(name);
    imports.iter().all(is_known).then_some(imports)
}

/// What a line that only imports modules loads: the modules, and what these import; none where one of them may do anything.
pub(super) fn of_imports(finder: &Finder<'_>, code: &BString, modules: &[String]) -> Option<Vec<String>> {
    let source = Source::read(code, Grammar::of(finder.behaviors()));
    if source.all_imports()? != modules {
        return None;
    }
    let mut loaded = modules.to_vec();
    for module in modules {
        if LOADED.contains(&module.as_str()) || closures::is_known(module) {
            continue;
        }
        let file =
            finder.find(BStr::new(module)).origin.filter(|file| !module.contains('.') && file.ends_with(b".py"))?;
        loaded.extend(of_file(finder, file.as_bstr())?);
    }
    Some(loaded)
}
