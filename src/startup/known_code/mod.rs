//! Startup code whose effects are known.
//!
//! A line is recognized only if every one of its statements is, each compared token by token: a text inside a string or
//! a comment recognizes nothing. Everything else may do anything.

mod call;
mod template;

use bstr::{BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::python_code::{self, Code, Grammar, Statement, Wrong};

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
    },
    /// `site.addsitedir(PATH)`.
    AddSiteDir(BString),
    /// easy-install's first bracket: remembers the length of `sys.path`.
    MarkEggs,
    /// easy-install's second bracket: moves what was added since to the front.
    MoveEggs,
    /// Reads the local variable `sitedir` of the function that runs the line.
    ReadsSitedir,
    /// Ends the process with an exception that nothing catches, as a traceback shows it.
    Exits(String),
    /// Ends the process on the spot, and nothing is printed: the call.
    Ends(String),
    /// Raises an exception that is caught and printed.
    Raises(String),
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

/// The variable by which setuptools' users choose their distutils.
pub const DISTUTILS_VARIABLE: &str = "SETUPTOOLS_USE_DISTUTILS";

/// Recognizes a line of a `.pth` file that begins with `import`.
pub fn line(code: &[u8], behaviors: &Behaviors) -> Line {
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
    /// It ends the process.
    Ends(Effect),
    /// It does nothing to `sys.path`: what it does.
    Known(&'static str),
    /// It may do anything.
    Unknown,
}

/// Recognizes a customization module by its whole text.
pub fn module(content: &[u8], behaviors: &Behaviors) -> Module {
    let Ok(text) = content.to_str() else { return Module::Unknown };
    if let Err(line) = python_code::compiles(content, Grammar::of(behaviors)) {
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
    end_of(text, behaviors).map_or(Module::Unknown, Module::Ends)
}

/// What ends the process in the statements at the beginning of a module, if everything before is recognized.
fn end_of(text: &str, behaviors: &Behaviors) -> Option<Effect> {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let mut first = Vec::new();
    for line in text.lines().filter(is_code).take(8) {
        let Ok(code) = python_code::line(line.as_bytes(), Grammar::of(behaviors)) else { break };
        if line.starts_with([' ', '\t']) || !code.is_sure {
            break;
        }
        first.extend(code.statements);
        // A later statement that is not recognized does not matter if the process has ended before.
        let end = call::end(&first);
        if end.is_some() {
            return end;
        }
    }
    None
}

/// Whether the text of a module may define a name: whether it contains the name, or something that can define any.
pub fn may_define(content: &[u8], name: &str) -> bool {
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
        ] {
            assert_eq!(judged(code), Module::Invalid(line), "{code}");
        }
        for code in [
            "def f(a, *, b=1) -> int:\n    return a\n\n\nclass A:\n    x: int = 1\n    # a\n  # b\n    def g(self):\n        yield\n",
            "x = dict([(\n    f(a)[1], 1) for a in b])\ny = ((a, 1) for a in b)\n",
            "match x:\n    case [1, 2]:\n        pass\n",
            "if x: pass\nelse: pass\nwith a as b, c:\n\tpass\nx = \"\"\"a\nb\"\"\"\n@d\nasync def f():\n    await g()\n",
        ] {
            assert_eq!(judged(code), Module::Unknown, "{code}");
        }
        assert_eq!(judged("import os\nos._exit(3)\n"), Module::Ends(Effect::Ends("os._exit(3)".into())));
        assert_eq!(judged("# nothing\n"), Module::Known("a module without code"));
    }
}
