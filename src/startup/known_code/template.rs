//! Lines that tools write, as they write them: the same tokens, with holes for what differs.

use std::sync::{LazyLock, OnceLock};

use bstr::{BString, ByteSlice};

use super::{DISTUTILS_VARIABLE, Effect, Known, known};
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

type Make = fn(&[Token]) -> Option<Vec<Effect>>;

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
            Some(vec![Effect::ExtendFrom { variable: pex_variable(holes)?, separator: Some(separator) }])
        },
    ),
    (
        "import os, sys; sys.path.extend(entry for entry in os.environ.get(__TEXT__, '').split(os.pathsep) if entry)",
        "pex's code, which adds the paths of a variable",
        |holes| Some(vec![Effect::ExtendFrom { variable: pex_variable(holes)?, separator: None }]),
    ),
    (
        "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(__ROOT__, *(__TEXTS__));\
         importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');\
         m = has_mfs and sys.modules.setdefault(__TEXT__, importlib.util.module_from_spec(\
         importlib.machinery.PathFinder.find_spec(__TEXT__, [os.path.dirname(p)])));\
         m = m or sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));importlib = __import__('importlib.util');\
         __import__('importlib.machinery');m = sys.modules.setdefault(__TEXT__, importlib.util.module_from_spec(\
         importlib.machinery.PathFinder.find_spec(__TEXT__, [os.path.dirname(p)])));\
         m = m or sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));\
         ie = os.path.exists(os.path.join(p,'__init__.py'));\
         m = not ie and sys.modules.setdefault(__TEXT__, types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        namespace,
    ),
    (
        "import sys, types, os;p = os.path.join(__ROOT__, *(__TEXTS__));\
         ie = os.path.exists(os.path.join(p,'__init__.py'));\
         m = not ie and sys.modules.setdefault(__TEXT__,types.ModuleType(__TEXT__));\
         mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)",
        NAMESPACE,
        namespace,
    ),
    ("import os, sys; exec(__TEXT__)", COVERAGE, executes),
    ("import sys; exec(__TEXT__)", COVERAGE, executes),
    ("import os; exec(__TEXT__)", COVERAGE, executes),
];

/// Texts that tools run with `exec`. What they do depends on variables, and changes nothing of `sys.path`.
const EXECUTED: &[&str] = &[
    "if 'COV_CORE_SOURCE' in os.environ:\n try:\n  from pytest_cov.embed import init\n  init()\n except Exception as exc:\n  \
     sys.stderr.write(\n   \"pytest-cov: Failed to setup subprocess coverage. \"\n   \"Environ: {0!r} \"\n   \
     \"Exception: {1!r}\\n\".format(\n    dict((k, v) for k, v in os.environ.items() if k.startswith('COV_CORE')),\n    \
     exc\n   )\n  )\n",
    "if 'COV_CORE_SOURCE' in os.environ:\n try:\n  from pytest_cov.embed import init\n  init()\n except ImportError:\n  \
     sys.stderr.write(\"Failed to setup coverage.\"\n  \"Sources: {[COV_CORE_SOURCE]!r}\"\n  \"Config: \
     {[COV_CORE_CONFIG]!r}\"\n  \"Exception: {!r}\\n\".format(os.environ, os.environ, exc))",
    "import os\n\nif os.getenv(\"COVERAGE_PROCESS_START\") or os.getenv(\"COVERAGE_PROCESS_CONFIG\"):\n try:\n  \
     import coverage\n except:\n  pass\n else:\n  coverage.process_startup(slug=\"pth\")",
    "import os\n\nif os.getenv(\"COVERAGE_PROCESS_START\") or os.getenv(\"COVERAGE_PROCESS_CONFIG\"):\n try:\n  \
     import coverage\n except:\n  pass\n else:\n  coverage.process_startup()",
    "try: import coverage; coverage.process_startup()\nexcept Exception: pass",
    "try: import coverage; coverage.process_startup()\nexcept ImportError: pass",
    "try:\n import coverage\n coverage.process_startup()\nexcept ImportError:\n pass",
    "try: __import__(\"coloredlogs\").auto_install() if os.environ.get(\"COLOREDLOGS_AUTO_INSTALL\") else None\n\
     except ImportError: pass",
];

/// The tokens of [`EXECUTED`], each parsed when it is first compared.
static EXECUTED_TOKENS: [OnceLock<Option<Vec<Token>>>; EXECUTED.len()] = [const { OnceLock::new() }; EXECUTED.len()];

fn imports(module: &str, function: Option<&str>) -> Effect {
    Effect::Imports { module: module.to_owned(), function: function.map(ToOwned::to_owned) }
}

/// Only variables that an invocation keeps can be read.
fn pex_variable(holes: &[Token]) -> Option<BString> {
    text(holes, 0)
        .filter(|name| matches!(name.as_str(), "PEX_EXTRA_SYS_PATH" | "__PEX_EXTRA_SYS_PATH__"))
        .map(Into::into)
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

/// The hole of the directory is a string, or nothing for the variable `sitedir`.
#[expect(clippy::unnecessary_wraps, reason = "has the type of those that can fail")]
fn namespace(holes: &[Token]) -> Option<Vec<Effect>> {
    let is_sitedir = holes.first() == Some(&Token::Name(ROOT.to_owned()));
    Some(if is_sitedir { vec![Effect::ReadsSitedir] } else { Vec::new() })
}

fn executes(holes: &[Token]) -> Option<Vec<Effect>> {
    let code = normalized(text(holes, 0)?.as_bytes())?;
    let mut known = EXECUTED.iter().zip(&EXECUTED_TOKENS);
    let is_it = |(text, tokens): (&&str, &OnceLock<Option<Vec<Token>>>)| {
        tokens.get_or_init(|| normalized(text.as_bytes())).as_ref() == Some(&code)
    };
    known.any(is_it).then(Vec::new)
}

/// The tokens of a text, by the newest grammar.
fn normalized(code: &[u8]) -> Option<Vec<Token>> {
    let newest = Grammar::of(&Behaviors::of(crate::interpreter::Version::new(3, 15, 0)));
    tokens(code, newest).ok().filter(|found| found.is_sure).map(|found| found.list)
}

/// Recognizes the tokens of a line.
pub(super) fn line(code: &[Token]) -> Option<Known> {
    let code = without_end(code);
    let code = without_parent(code);
    LINES.iter().zip(&PATTERNS).find_map(|((text, what, make), pattern)| {
        if !begins_alike(text, code) {
            return None;
        }
        let pattern = pattern.get_or_init(|| normalized(text.as_bytes())).as_ref()?;
        let holes = matches(without_end(pattern), code)?;
        make(&holes).map(|effects| known(what, effects))
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

/// Without `;m and setattr(sys.modules['PARENT'], 'NAME', m)`, which sets up a namespace package inside another.
fn without_parent(code: &[Token]) -> &[Token] {
    // What ends otherwise is not worth parsing it.
    let [.., Token::Op(","), Token::Name(module), Token::Op(")")] = code else { return code };
    let Some(tail) = PARENT.as_deref().filter(|_| module == "m") else { return code };
    let tail = without_end(tail);
    let Some(at) = code.len().checked_sub(tail.len()) else { return code };
    if matches(tail, &code[at..]).is_some() { &code[..at] } else { code }
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
                let is_part = |token: &&Token| matches!(token, Token::Text(Some(_)) | Token::Op(","));
                let length = code.iter().take_while(is_part).count();
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
        // Two of distutils, one of coverage, and the one that imports any module.
        assert_eq!(alike.count(), 4);
    }
}
