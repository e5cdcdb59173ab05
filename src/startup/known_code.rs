//! Startup code whose effects are known.
//!
//! A line is recognized only if every one of its statements is. Everything else may do anything.

use bstr::{BString, ByteSlice};

/// What a statement does to `sys.path` for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Imports a module that does not touch `sys.path`; where it is missing the line fails.
    Imports(String),
    /// Imports a module, provided that a variable has a certain value; where the module is missing the line fails.
    ImportsWhen {
        /// The top-level module.
        module: String,
        /// The variable.
        variable: &'static str,
        /// The value that it has to have.
        value: &'static str,
        /// What counts where it is not set.
        default: String,
    },
    /// `sys.path.append(PATH)`.
    Append(BString),
    /// `sys.path.insert(N, PATH)`.
    Insert(usize, BString),
    /// `site.addsitedir(PATH)`.
    AddSiteDir(BString),
    /// easy-install's first bracket: remembers the length of `sys.path`.
    MarkEggs,
    /// easy-install's second bracket: moves what was added since to the front.
    MoveEggs,
    /// Ends the process: the exception as a traceback shows it.
    Exits(String),
    /// Cannot be compiled, so that not even its first statement runs.
    SyntaxError,
}

/// A line that is recognized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it does, in words.
    pub what: &'static str,
    /// Its effects, in order.
    pub effects: Vec<Effect>,
}

fn known(what: &'static str, effects: Vec<Effect>) -> Known {
    Known { what, effects }
}

/// Modules that are part of every interpreter's binary, or frozen into it, and so need no file.
pub const BUILT_IN: &[&str] = &[
    "_abc",
    "_ast",
    "_codecs",
    "_collections",
    "_functools",
    "_imp",
    "_io",
    "_locale",
    "_operator",
    "_signal",
    "_sre",
    "_stat",
    "_string",
    "_symtable",
    "_thread",
    "_tracemalloc",
    "_warnings",
    "_weakref",
    "abc",
    "atexit",
    "builtins",
    "codecs",
    "errno",
    "faulthandler",
    "gc",
    "io",
    "itertools",
    "marshal",
    "os",
    "posix",
    "posixpath",
    "pwd",
    "site",
    "stat",
    "sys",
    "time",
    "zipimport",
    "importlib",
    "genericpath",
    "ntpath",
    "_collections_abc",
    "_sitebuiltins",
];

/// Lines that do not change `sys.path`: a text that only such a line contains, the module that must exist (if any), and
/// what the line does.
const HARMLESS: &[(&str, Option<&str>, &str)] = &[
    ("import _virtualenv", Some("_virtualenv"), "virtualenv's patch of distutils, which does not change sys.path"),
    (
        "import coverage; coverage.process_startup()",
        Some("coverage"),
        "the startup code of coverage for subprocesses, which does not change sys.path",
    ),
    ("COV_CORE_SOURCE", None, "the startup code of pytest-cov for subprocesses, which does not change sys.path"),
    ("COVERAGE_PROCESS_START", None, "the startup code of coverage for subprocesses, which does not change sys.path"),
    ("COVERAGE_PROCESS_CONFIG", None, "the startup code of coverage for subprocesses, which does not change sys.path"),
    (
        "has_mfs = sys.version_info > (3, 5)",
        None,
        "the setup of a namespace package by setuptools, which does not change sys.path",
    ),
    (
        "importlib.machinery.PathFinder.find_spec",
        None,
        "the setup of a namespace package by setuptools, which does not change sys.path",
    ),
];

/// Recognizes a line of a `.pth` file that begins with `import`.
pub fn line(code: &[u8]) -> Option<Known> {
    let text = code.to_str().ok()?.trim();
    if !is_import_statement(split_statements(text)?.first()?) {
        return Some(known("a line that is not valid Python", vec![Effect::SyntaxError]));
    }
    if let Some(known) = setuptools_distutils(text) {
        return Some(known);
    }
    if let Some((_, module, what)) = HARMLESS.iter().find(|(mark, _, _)| is_whole_or_part(text, mark)) {
        return Some(known(what, module.map(|name| Effect::Imports(name.to_owned())).into_iter().collect()));
    }
    if let Some(module) = editable_finder(text) {
        return Some(known(
            "the finder of an editable install, which does not change sys.path",
            vec![Effect::Imports(module)],
        ));
    }
    if text == "import sys; sys.__plen = len(sys.path)" {
        return Some(known(
            "the first bracket of easy-install, which remembers the length of sys.path",
            vec![Effect::MarkEggs],
        ));
    }
    if text.starts_with("import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:];") {
        return Some(known(
            "the second bracket of easy-install, which moves everything added since the first to the front",
            vec![Effect::MoveEggs],
        ));
    }
    statements(text)
}

/// Whether a first statement that begins with `import` can be compiled: dotted names with an `as` each, commas between.
fn is_import_statement(statement: &str) -> bool {
    let Some(names) = statement.strip_prefix("import") else { return false };
    let is_name = |name: &str| {
        name.chars().next().is_some_and(|c| c == '_' || c.is_alphabetic())
            && name.chars().all(|c| c == '_' || c.is_alphanumeric())
    };
    names.split(',').all(|part| {
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            [name] => name.split('.').all(is_name),
            [name, "as", alias] => name.split('.').all(is_name) && is_name(alias),
            // Spaces around dots are unusual, but allowed.
            _ => part.contains('.') && !words.is_empty(),
        }
    })
}

/// A mark that consists of whole statements must be the whole line; any other mark may be anywhere in it.
fn is_whole_or_part(text: &str, mark: &str) -> bool {
    if mark.starts_with("import ") { text.trim_end_matches(';') == mark } else { text.contains(mark) }
}

/// The variable by which setuptools' users choose their distutils.
pub const DISTUTILS_VARIABLE: &str = "SETUPTOOLS_USE_DISTUTILS";

/// `distutils-precedence.pth`, which tests a variable and then imports `_distutils_hack`. What counts where the
/// variable is not set has changed between releases of setuptools.
fn setuptools_distutils(text: &str) -> Option<Known> {
    if !text.contains(DISTUTILS_VARIABLE) {
        return None;
    }
    let what = "the choice of distutils by setuptools, which does not change sys.path";
    let hack = "_distutils_hack";
    let default = text.split_once("os.environ.get(var, '").and_then(|(_, rest)| rest.split_once("') == 'local'"));
    let is_import = text.contains(&format!("enabled and __import__('{hack}')"));
    let effects = match default {
        Some((default, _)) if is_import && default.chars().all(char::is_alphanumeric) => vec![Effect::ImportsWhen {
            module: hack.to_owned(),
            variable: DISTUTILS_VARIABLE,
            value: "local",
            default: default.to_owned(),
        }],
        _ => Vec::new(),
    };
    Some(known(what, effects))
}

/// `import __editable___NAME_finder; __editable___NAME_finder.install()`.
fn editable_finder(text: &str) -> Option<String> {
    let (import, call) = text.split_once(';')?;
    let module = import.strip_prefix("import ")?.trim();
    let is_finder = module.starts_with("__editable__") && module.ends_with("_finder");
    (is_finder && call.trim() == format!("{module}.install()")).then(|| module.to_owned())
}

/// Plain statements whose effect is certain: imports of `sys`, `site` and `os`, and calls with literal arguments.
fn statements(text: &str) -> Option<Known> {
    let mut effects = Vec::new();
    for statement in split_statements(text)? {
        if let Some(names) = statement.strip_prefix("import ") {
            let plain = names.split(',').all(|name| matches!(name.trim(), "sys" | "site" | "os"));
            if !plain {
                return None;
            }
        } else {
            effects.push(call(statement)?);
        }
    }
    if effects.is_empty() {
        return Some(known("an import of modules that are already loaded", effects));
    }
    Some(known("code whose effect on sys.path is certain", effects))
}

fn call(statement: &str) -> Option<Effect> {
    if let Some(exception) = system_exit(statement) {
        return Some(Effect::Exits(exception));
    }
    let (function, rest) = statement.split_once('(')?;
    let arguments = rest.strip_suffix(')')?.trim();
    match function.trim() {
        "sys.path.append" => Some(Effect::Append(literal(arguments)?)),
        "site.addsitedir" => Some(Effect::AddSiteDir(literal(arguments)?)),
        "sys.path.insert" => {
            let (at, path) = arguments.split_once(',')?;
            Some(Effect::Insert(at.trim().parse().ok()?, literal(path.trim())?))
        }
        _ => None,
    }
}

/// Splits at semicolons outside quotes; none where a quote is left open.
fn split_statements(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, ';') => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            (None, '#') => {
                parts.push(text[start..at].trim());
                start = text.len();
                break;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    quote.is_none().then_some(parts)
}

/// A string literal without escapes.
fn literal(text: &str) -> Option<BString> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains([quote, '\\'])).then(|| inner.into())
}

/// The modules that the first statement of a line imports, in order.
pub fn imported_modules(code: &[u8]) -> Vec<String> {
    let Ok(text) = code.to_str() else { return Vec::new() };
    let first = text.split([';', '#']).next().unwrap_or_default();
    let Some(names) = first.trim().strip_prefix("import").filter(|rest| rest.starts_with([' ', '\t'])) else {
        return Vec::new();
    };
    let is_name = |c: char| c == '_' || c == '.' || c.is_alphanumeric();
    names
        .split(',')
        .map(|name| name.split_whitespace().next().unwrap_or_default())
        .take_while(|name| !name.is_empty() && name.chars().all(is_name))
        .map(ToOwned::to_owned)
        .collect()
}

/// The exception of a module whose first statement ends the process.
pub fn exit_of_module(content: &[u8]) -> Option<String> {
    let text = content.to_str().ok()?;
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    system_exit(first.trim_end())
}

/// `raise SystemExit` or `sys.exit()`, with a whole number or nothing.
fn system_exit(statement: &str) -> Option<String> {
    let arguments = ["raise SystemExit", "sys.exit"].iter().find_map(|call| statement.strip_prefix(call))?;
    let status = match arguments {
        "" if statement.starts_with("raise") => "",
        _ => arguments.strip_prefix('(')?.strip_suffix(')')?.trim(),
    };
    if status.is_empty() {
        return Some("SystemExit".to_owned());
    }
    status.parse::<i32>().ok().map(|status| format!("SystemExit: {status}"))
}

/// Recognizes a customization module by its whole text.
pub fn module(content: &[u8]) -> Option<&'static str> {
    let text = content.to_str().ok()?;
    let mut code = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_apport =
        ["try:", "import apport_python_hook", "except ImportError:", "pass", "else:", "apport_python_hook.install()"];
    if code.clone().eq(is_apport) {
        return Some("the distribution's crash reporter, which leaves sys.path alone");
    }
    code.next().is_none().then_some("a module without code")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_whose_every_statement_is_known() {
        let effects = |code: &str| line(code.as_bytes()).map(|known| known.effects);
        assert_eq!(effects("import _virtualenv"), Some(vec![Effect::Imports("_virtualenv".into())]));
        assert_eq!(effects("import site; site.addsitedir('/a b')"), Some(vec![Effect::AddSiteDir("/a b".into())]));
        assert_eq!(effects("import sys; sys.path.insert(0, \"/a;b\");"), Some(vec![Effect::Insert(0, "/a;b".into())]));
        assert_eq!(effects("import sys; sys.exit(3)"), Some(vec![Effect::Exits("SystemExit: 3".into())]));
        assert_eq!(effects("import os, sys"), Some(vec![]));
        for wrong in ["import ", "import sys sub", "import a as", "import a,"] {
            assert_eq!(effects(wrong), Some(vec![Effect::SyntaxError]), "{wrong}");
        }
        for unknown in
            ["import sys; sys.path.append(x)", "import foo", "import sys; foo()", "import sys; sys.path.append('a\\n')"]
        {
            assert_eq!(effects(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn setuptools_imports_its_hook_where_the_variable_says_so() {
        let hook = |default: &str| {
            let code = format!(
                "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, '{default}') == 'local'; \
                 enabled and __import__('_distutils_hack').add_shim(); "
            );
            line(code.as_bytes()).map(|known| known.effects)
        };
        for default in ["local", "stdlib"] {
            let expected = Effect::ImportsWhen {
                module: "_distutils_hack".into(),
                variable: DISTUTILS_VARIABLE,
                value: "local",
                default: default.into(),
            };
            assert_eq!(hook(default), Some(vec![expected]));
        }
        assert_eq!(line(b"import os; os.environ['SETUPTOOLS_USE_DISTUTILS']").map(|known| known.effects), Some(vec![]));
    }

    #[test]
    fn modules_of_the_first_statement() {
        assert_eq!(imported_modules(b"import a.b, c as d; import e"), ["a.b", "c"]);
        assert!(imported_modules(b"importx").is_empty());
    }
}
