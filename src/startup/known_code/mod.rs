//! Startup code whose effects are known.
//!
//! A line is recognized only if every one of its statements is, each compared token by token: a text inside a string or
//! a comment recognizes nothing. Everything else may do anything.

mod call;
mod first;
mod hook;
mod released;
mod template;

use bstr::{BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::python_code::{self, Code, Grammar, Outline, Source, Statement, Token, Wrong};
use crate::interpreter::Version;
pub use first::{End, Place, follow};
pub use hook::{Hook, Rest, judge};
pub use template::Executed;

/// What a statement does to `sys.path` for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Imports a module that does not touch `sys.path`, and calls a function of it; where one is missing the line fails.
    Imports {
        /// The top-level module.
        module: String,
        /// The function.
        function: Option<String>,
    },
    /// The same, provided that a variable has a certain value.
    ImportsWhen {
        /// The top-level module.
        module: String,
        /// The function.
        function: Option<String>,
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
    /// `sys.path.extend(…)` with the entries of a variable, between separators.
    ExtendFrom {
        /// The variable.
        variable: BString,
        /// What is between the entries; that of the platform if none.
        separator: Option<BString>,
        /// Whether an entry may be empty, where the variable is not.
        keeps_empty: bool,
    },
    /// `site.addsitedir(PATH)`.
    AddSiteDir(BString),
    /// easy-install's first bracket: remembers the length of `sys.path`.
    MarkEggs,
    /// easy-install's second bracket: moves what was added since to the front.
    MoveEggs,
    /// Sets up a namespace package.
    Namespace(Namespace),
    /// Runs a known text with `exec`.
    Executes(&'static Executed),
    /// Ends the process with an exception that nothing catches, as a traceback shows it.
    Exits(String),
    /// Ends the process on the spot, and nothing is printed: the call.
    Ends(String),
    /// Raises an exception that is caught and printed.
    Raises(String),
}

/// A namespace package that a line of setuptools sets up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The directory that contains it; that of the file if none.
    pub root: Option<BString>,
    /// Its dotted name.
    pub name: String,
    /// Whether the line fails where the package is not found there.
    pub is_found: bool,
    /// The package that has to be loaded before.
    pub parent: Option<String>,
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

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The release does not compile it, so that not even its first statement runs.
    Invalid,
    /// Every statement is recognized.
    Known(Known),
    /// It may do anything.
    Unknown {
        /// The modules that its first statements import, in order.
        imports: Vec<String>,
        /// Whether it imports modules and does nothing else, so that running it again does nothing.
        only_imports: bool,
    },
}

/// Modules that are part of every interpreter's binary, or frozen into it, and so need no file.
pub const BUILT_IN: &[&str] = &[
    "__main__",
    "_abc",
    "_ast",
    "_codecs",
    "_collections",
    "_frozen_importlib",
    "_frozen_importlib_external",
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

/// Modules in C that some builds have in the binary and others as files: that there is no file does not say that they are
/// missing.
pub const MAY_BE_BUILT_IN: &[&str] = &[
    "_asyncio",
    "_bisect",
    "_blake2",
    "_bz2",
    "_codecs_cn",
    "_codecs_hk",
    "_codecs_iso2022",
    "_codecs_jp",
    "_codecs_kr",
    "_codecs_tw",
    "_contextvars",
    "_crypt",
    "_csv",
    "_ctypes",
    "_curses",
    "_curses_panel",
    "_datetime",
    "_dbm",
    "_decimal",
    "_elementtree",
    "_gdbm",
    "_hashlib",
    "_heapq",
    "_hmac",
    "_interpchannels",
    "_interpqueues",
    "_interpreters",
    "_json",
    "_lsprof",
    "_lzma",
    "_math_integer",
    "_md5",
    "_multibytecodec",
    "_multiprocessing",
    "_opcode",
    "_overlapped",
    "_peg_parser",
    "_pickle",
    "_posixshmem",
    "_posixsubprocess",
    "_queue",
    "_random",
    "_remote_debugging",
    "_scproxy",
    "_sha1",
    "_sha2",
    "_sha256",
    "_sha3",
    "_sha512",
    "_socket",
    "_sqlite3",
    "_ssl",
    "_statistics",
    "_struct",
    "_suggestions",
    "_sysconfig",
    "_tokenize",
    "_types",
    "_typing",
    "_uuid",
    "_winapi",
    "_xxinterpchannels",
    "_xxsubinterpreters",
    "_zoneinfo",
    "_zstd",
    "array",
    "audioop",
    "binascii",
    "cmath",
    "fcntl",
    "grp",
    "math",
    "mmap",
    "msvcrt",
    "nis",
    "nt",
    "ossaudiodev",
    "parser",
    "pyexpat",
    "readline",
    "resource",
    "select",
    "spwd",
    "syslog",
    "termios",
    "unicodedata",
    "winreg",
    "winsound",
    "xxsubtype",
    "zlib",
];

/// The variable by which setuptools' users choose their distutils.
pub const DISTUTILS_VARIABLE: &str = "SETUPTOOLS_USE_DISTUTILS";

/// Recognizes a line of a `.pth` file that begins with `import`.
pub fn line(code: &[u8], behaviors: &Behaviors) -> Line {
    // No release compiles code that contains a NUL byte.
    if code.contains(&0) {
        return Line::Invalid;
    }
    match python_code::line(code, Grammar::of(behaviors)) {
        Err(Wrong::Invalid(_)) => Line::Invalid,
        Err(Wrong::Unsure) => Line::Unknown { imports: Vec::new(), only_imports: false },
        Ok(code) => recognize(&code, behaviors).map_or_else(|| unknown(&code), Line::Known),
    }
}

fn recognize(code: &Code, behaviors: &Behaviors) -> Option<Known> {
    if !code.is_sure {
        return None;
    }
    if let Some(known) = template::line(&code.tokens) {
        return Some(known);
    }
    // quit and exit exist only after the site module has processed the files; 3.15 keeps lines for later.
    let has_quit = behaviors.has(Behavior::StartFiles);
    let effects = call::effects(&code.statements, has_quit)?;
    if effects.is_empty() {
        return Some(known("an import of modules that are already loaded", effects));
    }
    Some(known("code whose effect is certain", effects))
}

fn unknown(code: &Code) -> Line {
    let mut imports = Vec::new();
    for statement in &code.statements {
        match statement {
            Statement::Import(names) => imports.extend(names.iter().map(|(module, _)| module.clone())),
            _ => break,
        }
    }
    let is_import = |statement: &Statement| matches!(statement, Statement::Import(_) | Statement::From(_));
    Line::Unknown { imports, only_imports: code.statements.iter().all(is_import) }
}

/// What a customization module certainly does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Module {
    /// The release does not compile it: the line, from 1.
    Invalid(usize),
    /// Its first statements are certain: what they do, up to the first one that is not.
    Begins(Vec<First>),
    /// It does nothing to `sys.path`: what it does.
    Known(&'static str),
    /// It may do anything.
    Unknown,
}

/// What one of the first statements of a module does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// It imports a module, and fails where there is none: its dotted name.
    Imports(String),
    /// It ends the module, or the process.
    Ends(Effect),
}

/// Recognizes a customization module by its whole text.
pub fn module(content: &[u8], behaviors: &Behaviors) -> Module {
    if has_other_encoding(content) {
        return Module::Unknown;
    }
    let line_at = |at: usize| memchr::memchr_iter(b'\n', content.get(..at).unwrap_or_default()).count() + 1;
    if let Some(at) = memchr::memchr(0, content) {
        // The compiler is not even asked, and before 3.11 the exception says so.
        return Module::Invalid(line_at(at));
    }
    let text = match content.to_str() {
        Ok(text) => text,
        Err(error) => return Module::Invalid(line_at(error.valid_up_to())),
    };
    let source = Source::read(content, Grammar::of(behaviors));
    if let Some(line) = source.refused() {
        return Module::Invalid(line);
    }
    let mut code = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_apport =
        ["try:", "import apport_python_hook", "except ImportError:", "pass", "else:", "apport_python_hook.install()"];
    if code.clone().eq(is_apport) {
        return Module::Known("the distribution's crash reporter, which leaves sys.path alone");
    }
    if code.next().is_none() {
        return Module::Known("a module without code");
    }
    let firsts = call::beginning(&source.beginning(MOST_STATEMENTS));
    if firsts.is_empty() && source.outline().is_some_and(|outline| is_idle(&outline)) {
        return Module::Known("a module whose code changes nothing");
    }
    Module::Begins(firsts)
}

/// Whether a module consists of texts, of constants, and of imports of modules that are loaded already.
fn is_idle(outline: &Outline) -> bool {
    outline.is_whole && call::effects(&outline.first, true).is_some_and(|effects| effects.is_empty())
}

/// Whether a comment declares an encoding of which nothing is known here.
fn has_other_encoding(content: &[u8]) -> bool {
    let is_known = |name: &str| matches!(name, "utf-8" | "utf8" | "ascii" | "us-ascii");
    !python_code::declared_encodings(content).all(|name| is_known(&name.replace('_', "-")))
}

/// How many statements of a module are followed.
const MOST_STATEMENTS: usize = 16;

/// What imports or runs code whose name is not written in the code.
const DYNAMIC: &[&str] = &[
    "__import__",
    "__name__",
    "compile",
    "eval",
    "exec",
    "execfile",
    "exec_module",
    "find_module",
    "find_spec",
    "import_module",
    "imp",
    "load_module",
    "load_source",
    "runpy",
    "spec_from_file_location",
];

/// Whether the code of a module may import a module of that name, or run its file: whether it mentions the name outside
/// of comments and docstrings, or uses something that can import any. Code that cannot be read may do so, too.
pub fn may_import(content: &[u8], name: &str, version: Version) -> bool {
    let Ok(found) = python_code::tokens(content, Grammar::of(&Behaviors::of(version))) else { return true };
    let list = &found.list;
    let is_end = |token: Option<&Token>| token.is_none_or(|token| *token == Token::Newline);
    let mentions = |index: usize| match &list[index] {
        Token::Name(word) => word == name || DYNAMIC.contains(&word.as_str()),
        Token::Text(text) => {
            let is_docstring = is_end(index.checked_sub(1).map(|before| &list[before])) && is_end(list.get(index + 1));
            !is_docstring && text.as_ref().is_none_or(|text| text.contains_str(name))
        }
        _ => false,
    };
    (0..list.len()).any(mentions)
}

/// Whether the text of a module may define a name: whether it contains the name, or something that can define any.
pub fn may_define(content: &[u8], name: &str) -> bool {
    // The name on its own, which is soon found where it is.
    let is_end =
        |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii() && *byte != b'_' && !byte.is_ascii_alphanumeric());
    let is_word = |at: usize| is_end(content[..at].last()) && is_end(content.get(at + name.len()));
    if content.find_iter(name).any(is_word) {
        return true;
    }
    let Ok(text) = content.to_str() else { return true };
    let is_name = |c: char| c == '_' || c.is_alphanumeric();
    text.split(|c: char| !is_name(c)).any(|word| {
        word == name || matches!(word, "__getattr__" | "globals" | "exec" | "setattr" | "__dict__" | "modules")
    }) || text.contains("import *")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str, version: &str) -> Line {
        line(code.as_bytes(), &Behaviors::of(version.parse().unwrap()))
    }

    fn effects(code: &str) -> Option<Vec<Effect>> {
        match of(code, "3.12.1") {
            Line::Known(known) => Some(known.effects),
            _ => None,
        }
    }

    #[test]
    fn lines_whose_every_statement_is_known() {
        let imports = Effect::Imports { module: "_virtualenv".into(), function: None };
        assert_eq!(effects("import _virtualenv"), Some(vec![imports]));
        assert_eq!(effects("import site; site.addsitedir('/a b')"), Some(vec![Effect::AddSiteDir("/a b".into())]));
        assert_eq!(effects("import sys; sys.path.insert(0, \"/a;b\");"), Some(vec![Effect::Insert(0, "/a;b".into())]));
        assert_eq!(effects("import sys; sys.path.append('a\\n')"), Some(vec![Effect::Append("a\n".into())]));
        assert_eq!(effects("import sys; sys.exit(3)"), Some(vec![Effect::Exits("SystemExit: 3".into())]));
        assert_eq!(effects("import os; os._exit(0)"), Some(vec![Effect::Ends("os._exit(0)".into())]));
        assert_eq!(effects("import os, sys"), Some(vec![]));
        let overlay = "import site; site.addsitedir(__import__(\"os\").fsdecode(b\"/a\\xff\"))";
        assert_eq!(effects(overlay), Some(vec![Effect::AddSiteDir(b"/a\xff".as_slice().into())]));
    }

    #[test]
    fn a_text_in_a_comment_or_a_string_recognizes_nothing() {
        for unknown in [
            "import sys; sys.path.append(x)",
            "import foo",
            "import sys; foo()",
            "import os; os.environ['SETUPTOOLS_USE_DISTUTILS']",
            "import x; x.y() # COVERAGE_PROCESS_START",
            "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; x = \"__import__('_distutils_hack').add_shim()\"; open('a')",
            "import os, sys;exec('if \\'COV_CORE_SOURCE\\' in os.environ:\\n sys.path.insert(0, \"/a\")')",
        ] {
            assert!(matches!(of(unknown, "3.12.1"), Line::Unknown { .. }), "{unknown}");
        }
        let insert = Some(vec![Effect::Insert(0, "/x".into())]);
        assert_eq!(effects("import sys; sys.path.insert(0, '/x') # COVERAGE_PROCESS_START"), insert);
    }

    #[test]
    fn a_module_may_import_another_of_its_name() {
        let may = |code: &str| may_import(code.as_bytes(), "sitecustomize", Version::new(3, 12, 1));
        for code in [
            "import sys\nsys.modules.pop('sitecustomize')\nimport sitecustomize\n",
            "import importlib.util as u\nspec = u.find_spec('site' + 'customize')\n",
            "from importlib import import_module\nimport_module(__name__)\n",
            "def f():\n    return 'no end\n",
        ] {
            assert!(may(code), "{code}");
        }
        for code in
            ["# sitecustomize\nimport os\n", "\"\"\"sitecustomize of us\"\"\"\nimport os\nos.umask(0o22)\n", "pass\n"]
        {
            assert!(!may(code), "{code}");
        }
    }

    #[test]
    fn setuptools_imports_its_hook_where_the_variable_says_so() {
        for default in ["local", "stdlib"] {
            let code = format!(
                "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, '{default}') == 'local'; \
                 enabled and __import__('_distutils_hack').add_shim(); "
            );
            let expected = Effect::ImportsWhen {
                module: "_distutils_hack".into(),
                function: Some("add_shim".into()),
                variable: DISTUTILS_VARIABLE,
                value: "local",
                default: default.into(),
            };
            assert_eq!(effects(&code), Some(vec![expected]));
        }
    }

    #[test]
    fn the_grammar_is_that_of_the_release() {
        let table: &[(&str, &[&str], &[&str])] = &[
            ("import sys; print 'x'", &[], &["3.6.15", "3.12.1", "3.15.0"]),
            ("import sys; for i in (): pass", &[], &["3.6.15", "3.12.1"]),
            ("import sys; x = 'no end", &[], &["3.6.15", "3.13.0"]),
            ("import sys; (x := 1)", &["3.8.18", "3.14.0"], &["3.7.16"]),
            ("import sys; async = 1", &["3.6.15"], &["3.7.16"]),
            ("import sys\\", &["3.6.15", "3.7.16"], &["3.8.18", "3.13.0"]),
            ("import sys; f'{'a'}'", &["3.12.1"], &["3.11.7"]),
            ("import sys; return", &[], &["3.6.15", "3.12.1"]),
            ("import sys; f(a=1, a=2)", &[], &["3.9.18"]),
            ("import sys; x = 0777", &[], &["3.12.1"]),
            ("import sys; x = not 1 if 2 else {**a, 'b': [*c]}; y, *z = a[1:2, ::3](*b, c=1, **d)", &["3.6.15"], &[]),
            ("import sys; x = lambda *a, b=1, **c: (yield)", &["3.6.15"], &[]),
            ("import sys; f(x for x in y if x); [a for b, c in d for e in f]", &["3.6.15", "3.15.0"], &[]),
            ("import ", &[], &["3.12.1"]),
            ("import sys sub", &[], &["3.12.1"]),
            ("import a as", &[], &["3.12.1"]),
            ("import a,", &[], &["3.12.1"]),
        ];
        for (code, valid, invalid) in table {
            for version in *valid {
                assert_ne!(of(code, version), Line::Invalid, "{code} in {version}");
            }
            for version in *invalid {
                assert_eq!(of(code, version), Line::Invalid, "{code} in {version}");
            }
        }
    }

    #[test]
    fn modules_of_the_first_statements() {
        let found = of("import a.b, c as d; import e; f()", "3.12.1");
        assert_eq!(found, Line::Unknown { imports: vec!["a.b".into(), "c".into(), "e".into()], only_imports: false });
        let found = of("import a; from b import *", "3.12.1");
        assert_eq!(found, Line::Unknown { imports: vec!["a".into()], only_imports: true });
    }

    #[test]
    fn modules_that_do_not_compile() {
        let behaviors = Behaviors::of("3.12.1".parse().unwrap());
        let judged = |code: &str| module(code.as_bytes(), &behaviors);
        for (code, line) in [
            ("import sys\nprint 'hello'\n", 2),
            ("def f(:\n  pass\n", 4),
            ("if x\n  pass\n", 1),
            ("x = 1\n  y = 2\n", 2),
            ("if x:\npass\n", 2),
            ("try:\n  pass\nexcept A, e:\n  pass\n", 3),
            ("return 1\n", 1),
            ("x = 1\n\0\n", 2),
        ] {
            assert_eq!(judged(code), Module::Invalid(line), "{code}");
        }
        assert_eq!(module(b"x = 1\ny = '\xe9'\n", &behaviors), Module::Invalid(2));
        assert_eq!(module(b"# coding: latin-1\ny = '\xe9'\n", &behaviors), Module::Unknown);
        for code in [
            "def f(a, *, b=1) -> int:\n    return a\n\n\nclass A:\n    x: int = 1\n    # a\n  # b\n    def g(self):\n        yield\n",
            "x = dict([(\n    f(a)[1], 1) for a in b])\ny = ((a, 1) for a in b)\n",
            "match x:\n    case [1, 2]:\n        pass\n",
            "if x: pass\nelse: pass\nwith a as b, c:\n\tpass\nx = \"\"\"a\nb\"\"\"\n@d\nasync def f():\n    await g()\n",
        ] {
            assert_eq!(judged(code), Module::Begins(vec![]), "{code}");
        }
        let ends = |effect| Module::Begins(vec![First::Ends(effect)]);
        assert_eq!(judged("import os\nos._exit(3)\n"), ends(Effect::Ends("os._exit(3)".into())));
        let documented = "\"\"\"What\nit does.\n\"\"\"\n\n# why\nraise ValueError('x')\nimport os\n";
        assert_eq!(judged(documented), ends(Effect::Raises("ValueError: x".into())));
        let imports = |name: &str| First::Imports(name.to_owned());
        let code = "from g import h\nimport json, a.b as c\nx = c.y\nimport d\n";
        assert_eq!(judged(code), Module::Begins(vec![imports("g"), imports("json"), imports("a.b")]));
        assert_eq!(judged("try:\n    import a\nexcept ImportError:\n    pass\n"), Module::Begins(vec![]));
        assert_eq!(judged("# nothing\n"), Module::Known("a module without code"));
        for code in ["\"\"\"What it is.\"\"\"\n", "pass\n", "import sys, os\nx = 'a'\n"] {
            assert_eq!(judged(code), Module::Known("a module whose code changes nothing"), "{code}");
        }
        assert_eq!(judged("x = f()\n"), Module::Begins(vec![]));
    }
}
