//! Lines that tools write, as they write them: the same tokens, with holes for what differs.

use std::sync::{LazyLock, OnceLock};

use bstr::{BString, ByteSlice};

use super::{DISTUTILS_VARIABLE, Effect, Known, Namespace, known};
use crate::startup::behaviors::Behaviors;
use crate::startup::python_code::{Grammar, Token, tokens};

/// A hole for a string.
const TEXT: &str = "__TEXT__";
/// A hole for strings with commas between and behind them.
const TEXTS: &str = "__TEXTS__";
/// A hole for a name.
const NAME: &str = "__NAME__";
/// A hole for the directory of a namespace package.
const ROOT: &str = "__ROOT__";
/// What the directory is in an installed package.
static SITEDIR: LazyLock<Option<Vec<Token>>> = LazyLock::new(|| normalized(b"sys._getframe(1).f_locals['sitedir']"));
/// What sets up a namespace package inside another.
static PARENT: LazyLock<Option<Vec<Token>>> =
    LazyLock::new(|| normalized(b";m and setattr(sys.modules[__TEXT__], __TEXT__, m)"));
/// The tokens of [`LINES`]: each is parsed when a line begins as it does, and then kept.
static PATTERNS: [OnceLock<Option<Vec<Token>>>; LINES.len()] = [const { OnceLock::new() }; LINES.len()];

/// The variables whose paths pex adds; newer releases do that in a module that is called as the first one.
pub(super) const PEX_VARIABLES: [&str; 2] = ["PEX_EXTRA_SYS_PATH", "__PEX_EXTRA_SYS_PATH__"];

type Make = fn(&[Token]) -> Option<Vec<Effect>>;

/// A text that tools run with `exec`. It changes nothing of `sys.path` unless the module that it imports does.
#[derive(Debug, PartialEq, Eq)]
pub struct Executed {
    text: &'static str,
    /// It does nothing unless one of these variables is set; without any, it always runs.
    pub variables: &'static [&'static str],
    /// The module that it imports.
    pub module: &'static str,
    /// The function of the module that it calls.
    pub function: Option<&'static str>,
    /// Whether nothing is printed where the module is missing.
    pub is_silent: bool,
}

const fn executed(
    variables: &'static [&'static str],
    module: &'static str,
    function: Option<&'static str>,
    is_silent: bool,
    text: &'static str,
) -> Executed {
    Executed { text, variables, module, function, is_silent }
}

const COVERAGE: &str = "the startup code of coverage for subprocesses, which does not change sys.path";
const DISTUTILS: &str = "the choice of distutils by setuptools, which does not change sys.path";
const NAMESPACE: &str = "the setup of a namespace package by setuptools, which does not change sys.path";

/// Lines, what they do in words, and their effects.
const LINES: &[(&str, &str, Make)] = &[
    ("import _virtualenv", "virtualenv's patch of distutils, which does not change sys.path", |_| {
        Some(vec![imports("_virtualenv", None)])
    }),
    ("import coverage; coverage.process_startup()", COVERAGE, |_| {
        Some(vec![imports("coverage", Some("process_startup"))])
    }),
    (
        "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, __TEXT__) == 'local'; \
         enabled and __import__('_distutils_hack').__NAME__()",
        DISTUTILS,
        |holes| distutils(text(holes, 0)?, name(holes, 1).filter(|name| is_shim(name))),
    ),
    (
        "import os; enabled = os.environ.get('SETUPTOOLS_USE_DISTUTILS') == 'local'; \
         enabled and __import__('_distutils_hack')",
        DISTUTILS,
        |_| distutils(String::new(), None),
    ),
    (
        "import __NAME__; __NAME__.install()",
        "the finder of an editable install, which does not change sys.path",
        |holes| {
            let module = name(holes, 0).filter(|module| Some(module) == name(holes, 1).as_ref())?;
            let is_finder = module.starts_with("__editable__") && module.ends_with("_finder");
            is_finder.then(|| vec![imports(&module, Some("install"))])
        },
    ),
    (
        "import sys; sys.__plen = len(sys.path)",
        "the first bracket of easy-install, which remembers the length of sys.path",
        |_| Some(vec![Effect::MarkEggs]),
    ),
    (
        "import sys; new=sys.path[sys.__plen:]; del sys.path[sys.__plen:]; p=getattr(sys,'__egginsert',0); \
         sys.path[p:p]=new; sys.__egginsert = p+len(new)",
        "the second bracket of easy-install, which moves everything added since the first to the front",
        |_| Some(vec![Effect::MoveEggs]),
    ),
    (
        "import os, sys; sys.path.extend(entry for entry in os.environ.get(__TEXT__, '').split(__TEXT__) if entry)",
        "pex's code, which adds the paths of a variable",
        |holes| {
            let separator = Some(text(holes, 1)?.into()).filter(|separator: &BString| !separator.is_empty())?;
            let variable = pex_variable(holes)?;
            Some(vec![Effect::ExtendFrom { variable, separator: Some(separator), keeps_empty: false }])
        },
    ),
    (
        "import os, sys; sys.path.extend(entry for entry in os.environ.get(__TEXT__, '').split(os.pathsep) if entry)",
        "pex's code, which adds the paths of a variable",
        |holes| {
            let variable = pex_variable(holes)?;
            Some(vec![Effect::ExtendFrom { variable, separator: None, keeps_empty: false }])
        },
    ),
    (
        "import PEX_EXTRA_SYS_PATH; PEX_EXTRA_SYS_PATH.extend_sys_path(legacy=True)",
        "pex's code, which adds the paths of two variables",
        |_| Some(vec![imports(PEX_VARIABLES[0], Some("extend_sys_path"))]),
    ),
    (
        "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(__ROOT__, *(__TEXTS__));\
         importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');\
         m = has_mfs and sys.modules.setdefault(__TEXT__, importlib.util.module_from_spec(\
         importlib.machinery.PathFinder.find_spec(__TEXT__, [os.path.dirname(p)])));\
         m = m or sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        found_namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));importlib = __import__('importlib.util');\
         __import__('importlib.machinery');m = sys.modules.setdefault(__TEXT__, importlib.util.module_from_spec(\
         importlib.machinery.PathFinder.find_spec(__TEXT__, [os.path.dirname(p)])));\
         m = m or sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        found_namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));\
         ie = os.path.exists(os.path.join(p,'__init__.py'));\
         m = not ie and sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        any_namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));\
         ie = os.path.exists(os.path.join(p,'__init__.py'));\
         m = not ie and sys.modules.setdefault(__TEXT__,types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        any_namespace,
    ),
    (
        "import hunter; hunter._embed_via_environment()",
        "hunter's start by a variable, which does not change sys.path",
        |_| Some(vec![imports("hunter", Some("_embed_via_environment"))]),
    ),
    ("import __NAME__", "the finder of an editable install, which does not change sys.path", |holes| {
        let module = name(holes, 0).filter(|module| module.starts_with("_editable_impl_"))?;
        Some(vec![imports(&module, None)])
    }),
    ("import os, sys; exec(__TEXT__)", COVERAGE, executes),
    ("import sys; exec(__TEXT__)", COVERAGE, executes),
    ("import os; exec(__TEXT__)", COVERAGE, executes),
];

const PYTEST_COV: &[&str] = &["COV_CORE_SOURCE"];
const COVERAGE_VARIABLES: &[&str] = &["COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"];

/// Texts that tools run with `exec`.
static EXECUTED: [Executed; 12] = [
    executed(
        PYTEST_COV,
        "pytest_cov",
        None,
        false,
        "if 'COV_CORE_SOURCE' in os.environ:\n try:\n  from pytest_cov.embed import init\n  init()\n except Exception as exc:\n  \
     sys.stderr.write(\n   \"pytest-cov: Failed to setup subprocess coverage. \"\n   \"Environ: {0!r} \"\n   \
     \"Exception: {1!r}\\n\".format(\n    dict((k, v) for k, v in os.environ.items() if k.startswith('COV_CORE')),\n    \
     exc\n   )\n  )\n",
    ),
    executed(
        PYTEST_COV,
        "pytest_cov",
        None,
        false,
        "if 'COV_CORE_SOURCE' in os.environ:\n try:\n  from pytest_cov.embed import init\n  init()\n except ImportError:\n  \
     sys.stderr.write(\"Failed to setup coverage.\"\n  \"Sources: {[COV_CORE_SOURCE]!r}\"\n  \"Config: \
     {[COV_CORE_CONFIG]!r}\"\n  \"Exception: {!r}\\n\".format(os.environ, os.environ, exc))",
    ),
    executed(
        COVERAGE_VARIABLES,
        "coverage",
        Some("process_startup"),
        true,
        "import os\n\nif os.getenv(\"COVERAGE_PROCESS_START\") or os.getenv(\"COVERAGE_PROCESS_CONFIG\"):\n try:\n  \
     import coverage\n except:\n  pass\n else:\n  coverage.process_startup(slug=\"pth\")",
    ),
    executed(
        COVERAGE_VARIABLES,
        "coverage",
        Some("process_startup"),
        true,
        "import os\n\nif os.getenv(\"COVERAGE_PROCESS_START\") or os.getenv(\"COVERAGE_PROCESS_CONFIG\"):\n try:\n  \
     import coverage\n except:\n  pass\n else:\n  coverage.process_startup()",
    ),
    executed(
        &[],
        "coverage",
        Some("process_startup"),
        true,
        "try: import coverage; coverage.process_startup()\nexcept Exception: pass",
    ),
    executed(
        &[],
        "coverage",
        Some("process_startup"),
        true,
        "try: import coverage; coverage.process_startup()\nexcept ImportError: pass",
    ),
    executed(
        &[],
        "coverage",
        Some("process_startup"),
        true,
        "try:\n import coverage\n coverage.process_startup()\nexcept ImportError:\n pass",
    ),
    executed(
        &["COLOREDLOGS_AUTO_INSTALL"],
        "coloredlogs",
        Some("auto_install"),
        true,
        "try: __import__(\"coloredlogs\").auto_install() if os.environ.get(\"COLOREDLOGS_AUTO_INSTALL\") else None\n\
     except ImportError: pass",
    ),
    executed(
        PYTEST_COV,
        "pytest_cov",
        None,
        false,
        "if 'COV_CORE_SOURCE' in os.environ:\n try:\n  from pytest_cov.embed import init\n  init()\n except ImportError:\n  \
     sys.stderr.write(\n   \"Failed to setup coverage.\"\n   \"Sources: {[COV_CORE_SOURCE]!r}\"\n   \"Config: \
     {[COV_CORE_CONFIG]!r}\"\n   \"Exception: {!r}\\n\".format(os.environ, exc))\n",
    ),
    executed(
        &[],
        "coverage",
        Some("process_startup"),
        true,
        "try:\n    import coverage\n# coverage throws OSError when $PWD does not exist\nexcept (ImportError, OSError):\n    \
     pass\nelse:\n    coverage.process_startup()\n",
    ),
    executed(
        &[],
        "future_fstrings",
        Some("register"),
        true,
        "try:\n    import future_fstrings\nexcept ImportError:\n    pass\nelse:\n    future_fstrings.register()\n",
    ),
    executed(
        &["BETTER_EXCEPTIONS"],
        "better_exceptions",
        Some("hook"),
        false,
        "try:\n  if 'BETTER_EXCEPTIONS' in os.environ:import better_exceptions;better_exceptions.hook()\nexcept:print('An \
     error occured while automatically hooking better_exceptions.\\nIf you uninstalled better_exceptions, you should \
     probably delete any \\'better_exceptions_hook.pth\\' file on your system or unset your \\'BETTER_EXCEPTIONS\\' \
     environment variable.'); raise;",
    ),
];

/// The tokens of [`EXECUTED`], each parsed when it is first compared.
static EXECUTED_TOKENS: [OnceLock<Option<Vec<Token>>>; 12] = [const { OnceLock::new() }; 12];

fn imports(module: &str, function: Option<&str>) -> Effect {
    Effect::Imports { module: module.to_owned(), function: function.map(ToOwned::to_owned) }
}

/// Only variables that an invocation keeps can be read.
fn pex_variable(holes: &[Token]) -> Option<BString> {
    text(holes, 0).filter(|name| PEX_VARIABLES.contains(&name.as_str())).map(Into::into)
}

fn is_shim(name: &str) -> bool {
    matches!(name, "add_shim" | "ensure_shim")
}

fn text(holes: &[Token], at: usize) -> Option<String> {
    match holes.get(at)? {
        Token::Text(Some(text)) => text.to_str().ok().map(ToOwned::to_owned),
        _ => None,
    }
}

fn name(holes: &[Token], at: usize) -> Option<String> {
    match holes.get(at)? {
        Token::Name(name) => Some(name.clone()),
        _ => None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "has the type of those that can fail")]
fn distutils(default: String, function: Option<String>) -> Option<Vec<Effect>> {
    Some(vec![Effect::ImportsWhen {
        module: "_distutils_hack".to_owned(),
        function,
        variable: DISTUTILS_VARIABLE,
        value: "local",
        default,
    }])
}

/// The holes are the directory, the parts of the path, and the name wherever it is used.
fn namespace(holes: &[Token], is_found: bool) -> Option<Vec<Effect>> {
    let (root, rest) = holes.split_first()?;
    let root = match root {
        Token::Text(Some(root)) => Some(root.clone()),
        _ => None,
    };
    let path = text(rest, 0)?;
    let name = text(rest, 1)?;
    let is_one = rest[1..].iter().all(|hole| matches!(hole, Token::Text(Some(hole)) if *hole == name));
    let is_valid = is_one && path.replace('/', ".") == name && name.split('.').all(|part| !part.is_empty());
    is_valid.then(|| vec![Effect::Namespace(Namespace { root, name, is_found, parent: None })])
}

/// Where the directory has to be found.
fn found_namespace(holes: &[Token]) -> Option<Vec<Effect>> {
    namespace(holes, true)
}

/// Where the package is set up whether the directory exists or not.
fn any_namespace(holes: &[Token]) -> Option<Vec<Effect>> {
    namespace(holes, false)
}

fn executes(holes: &[Token]) -> Option<Vec<Effect>> {
    let code = normalized(text(holes, 0)?.as_bytes())?;
    let is_it = |(known, tokens): &(&Executed, &OnceLock<Option<Vec<Token>>>)| {
        tokens.get_or_init(|| normalized(known.text.as_bytes())).as_ref() == Some(&code)
    };
    let (known, _) = EXECUTED.iter().zip(&EXECUTED_TOKENS).find(is_it)?;
    Some(vec![Effect::Executes(known)])
}

/// The tokens of a text, by the newest grammar.
fn normalized(code: &[u8]) -> Option<Vec<Token>> {
    let newest = Grammar::of(&Behaviors::of(crate::interpreter::Version::new(3, 15, 0)));
    tokens(code, newest).ok().filter(|found| found.is_sure).map(|found| found.list)
}

/// Recognizes the tokens of a line.
pub(super) fn line(code: &[Token]) -> Option<Known> {
    let code = without_end(code);
    let (code, parent) = split_parent(code);
    LINES.iter().zip(&PATTERNS).find_map(|((text, what, make), pattern)| {
        if !begins_alike(text, code) {
            return None;
        }
        let pattern = pattern.get_or_init(|| normalized(text.as_bytes())).as_ref()?;
        let holes = matches(without_end(pattern), code)?;
        let mut effects = make(&holes)?;
        match (&parent, effects.as_mut_slice()) {
            (None, _) => {}
            (Some(own), [Effect::Namespace(Namespace { name, parent, .. })]) => *parent = Some(parent_of(own, name)?),
            _ => return None,
        }
        Some(known(what, effects))
    })
}

/// Whether the first module that a line imports is that of the pattern, with the same sign behind it. Few patterns are left
/// that are worth parsing.
fn begins_alike(pattern: &str, code: &[Token]) -> bool {
    let Some(names) = pattern.strip_prefix("import ") else { return true };
    let end = names.find([',', ';']).unwrap_or(names.len());
    let (module, sign) = (&names[..end], names.get(end..=end));
    match code {
        [_, Token::Name(first), rest @ ..] if module == NAME || module == first => match (sign, rest.first()) {
            (None, None) => true,
            (Some(sign), Some(Token::Op(found))) => sign == *found,
            _ => false,
        },
        _ => false,
    }
}

/// Without semicolons and the end of the line.
fn without_end(mut code: &[Token]) -> &[Token] {
    while let [rest @ .., Token::Newline | Token::Op(";")] = code {
        code = rest;
    }
    code
}

/// Splits off `;m and setattr(sys.modules['PARENT'], 'NAME', m)`, which sets up a namespace package inside another: its
/// holes.
fn split_parent(code: &[Token]) -> (&[Token], Option<Vec<Token>>) {
    // What ends otherwise is not worth parsing it.
    let [.., Token::Op(","), Token::Name(module), Token::Op(")")] = code else { return (code, None) };
    let Some(tail) = PARENT.as_deref().filter(|_| module == "m").map(without_end) else { return (code, None) };
    let Some(at) = code.len().checked_sub(tail.len()) else { return (code, None) };
    match matches(tail, &code[at..]) {
        Some(holes) => (&code[..at], Some(holes)),
        None => (code, None),
    }
}

/// The package that contains another, if the holes name both.
fn parent_of(holes: &[Token], name: &str) -> Option<String> {
    let (parent, own) = (text(holes, 0)?, text(holes, 1)?);
    (format!("{parent}.{own}") == name).then_some(parent)
}

/// What is in the holes, if the tokens match the pattern.
fn matches(pattern: &[Token], mut code: &[Token]) -> Option<Vec<Token>> {
    let mut holes = Vec::new();
    for wanted in pattern {
        let hole = if let Token::Name(name) = wanted { name.as_str() } else { "" };
        let (first, rest) = code.split_first()?;
        match (hole, first) {
            (TEXT | ROOT, Token::Text(Some(_))) | (NAME, Token::Name(_)) => holes.push(first.clone()),
            (ROOT, _) => {
                holes.push(wanted.clone());
                code = code.strip_prefix(without_end(SITEDIR.as_deref()?))?;
                continue;
            }
            (TEXTS, _) => {
                let (path, length) = path(code)?;
                holes.push(Token::Text(Some(path)));
                code = &code[length..];
                continue;
            }
            _ if wanted == first => {}
            _ => return None,
        }
        code = rest;
    }
    code.is_empty().then_some(holes)
}

/// Texts with commas between them, at least one comma: as a path, and how many tokens they are.
fn path(code: &[Token]) -> Option<(BString, usize)> {
    let mut parts: Vec<BString> = Vec::new();
    let mut at = 0;
    while let Some(Token::Text(Some(part))) = code.get(at) {
        parts.push(part.clone());
        if code.get(at + 1) != Some(&Token::Op(",")) {
            at += 1;
            break;
        }
        at += 2;
    }
    let has_comma = code[..at].contains(&Token::Op(","));
    has_comma.then(|| (bstr::join("/", parts).into(), at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_patterns_that_begin_otherwise_are_passed_over() {
        for (index, (text, ..)) in LINES.iter().enumerate() {
            let code = normalized(text.as_bytes()).expect("a pattern is Python");
            let code = without_end(&code);
            assert!(begins_alike(text, code), "{text}");
            assert!(matches(code, code).is_some() || text.contains("__TEXTS__"), "{index}");
        }
        let code = normalized(b"import os; exec('x')").expect("Python");
        let alike = LINES.iter().filter(|(text, ..)| begins_alike(text, without_end(&code)));
        // Two of distutils, one of coverage, and the one that imports any module and calls it.
        assert_eq!(alike.count(), 4);
    }
}
