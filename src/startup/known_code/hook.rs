//! Modules that recognized lines import: whether their code is as harmless as that of the tools that write such lines.
//!
//! The name of a module proves nothing about its code. What runs when the module is imported, and when its function is
//! called, has to consist of what these tools write: definitions, constants, and finders that are put into `sys.meta_path`.

use std::collections::HashSet;

use bstr::BString;

use super::template::PEX_VARIABLES;
use super::{First, call, released};
use crate::startup::behaviors::Behaviors;
use crate::startup::python_code::{self, Grammar, Source, Token, Tokens, word};

/// What the module of a recognized line does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hook {
    /// The release does not compile it.
    Invalid,
    /// It begins with statements whose effect is certain.
    Begins {
        /// The first statements.
        firsts: Vec<First>,
        /// What follows them.
        rest: Rest,
        /// The modules that it imports outside of functions.
        imports: Vec<String>,
    },
}

/// What a module does after its first statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The function that the line calls is not there.
    Lacks,
    /// Nothing to `sys.path`, and it succeeds where its imports do.
    Quiet,
    /// The same, but it appends an entry that only its own finder understands.
    Appends(BString),
    /// The function extends `sys.path` with the paths of these variables.
    Extends(&'static [&'static str]),
    /// It is a package that imports its own parts, as large tools do.
    OfPackage,
    /// It may do anything.
    Unknown,
}

/// Statements whose words can end or delay a start.
const FORBIDDEN: &[&str] =
    &["raise", "assert", "yield", "await", "while", "exec", "print", "global", "nonlocal", "lazy"];
/// Operators that can fail with the operands that these tools write.
const FAILING: &[&str] = &["/", "//", "%", "**", "<<", ">>", "-", "*="];
/// Functions that succeed with what these tools give them.
const CALLED: &[&str] = &[
    "abspath",
    "join",
    "dirname",
    "any",
    "len",
    "isinstance",
    "hasattr",
    "getattr",
    "setattr",
    "filterwarnings",
    "get",
    "startswith",
    "format",
];
/// What these tools use of `sys` and `os`.
const ATTRIBUTES: &[&str] = &[
    "meta_path",
    "path_hooks",
    "path",
    "modules",
    "version_info",
    "builtin_module_names",
    "platform",
    "environ",
    "name",
    "prefix",
    "implementation",
];
/// Names that need no definition.
const BUILT_IN_NAMES: &[&str] = &[
    "__file__",
    "__name__",
    "__doc__",
    "str",
    "int",
    "bool",
    "list",
    "dict",
    "tuple",
    "set",
    "object",
    "type",
    "bytes",
    "Exception",
    "ImportError",
    "ModuleNotFoundError",
    "AttributeError",
    "NameError",
    "ValueError",
    "KeyError",
    "staticmethod",
    "classmethod",
    "property",
    "None",
    "True",
    "False",
];
/// The first line of what the project editables generates.
const EDITABLES_IMPORT: &[&str] = &["from", "editables", ".", "redirector", "import", "RedirectingFinder", "as", "F"];
/// The name of the entry that setuptools' finder for namespace packages appends.
const PLACEHOLDER: &str = "PATH_PLACEHOLDER";

/// The module that pex writes: it adds the paths of two variables.
const PEX: &str = "import os
import sys
def _extend_sys_path(path_env_var):
    path = os.environ.get(path_env_var)
    if path:
        entries = path.split(os.pathsep)
        sys.path.extend(entries)
        return entries
    return []
def extend_sys_path(legacy=False):
    entries = _extend_sys_path('PEX_EXTRA_SYS_PATH')
    entries.extend(_extend_sys_path('__PEX_EXTRA_SYS_PATH__'))
    debug = os.environ.pop('__PEX_EXTRA_SYS_PATH_DEBUG__', '')
    if debug:
        import json
        with open(debug, 'w') as fp:
            json.dump({'entries': entries, 'legacy': legacy}, fp)
";

/// Judges the code of a module, and of the function that the line calls.
pub fn judge(content: &[u8], module: &str, function: Option<&str>, behaviors: &Behaviors) -> Hook {
    let grammar = Grammar::of(behaviors);
    let is_there = function.is_none_or(|function| super::may_define(content, function));
    if is_there && released::is_known(module, content, grammar) {
        return Hook::Begins { firsts: Vec::new(), rest: Rest::Quiet, imports: Vec::new() };
    }
    if content.contains(&0) {
        return Hook::Invalid;
    }
    let source = Source::read(content, grammar);
    if source.refused().is_some() {
        return Hook::Invalid;
    }
    let firsts = call::beginning(&source.beginning(super::MOST_STATEMENTS));
    let (rest, imports) = match source.tokens() {
        _ if !is_there => (Rest::Lacks, Vec::new()),
        Some(found) if module == PEX_VARIABLES[0] && is_of_pex(found, grammar) => {
            (Rest::Extends(&PEX_VARIABLES), Vec::new())
        }
        Some(found) => Lines::of(&found.list, &found.indents)
            .map_or((Rest::Unknown, Vec::new()), |code| (code.rest(module, function), code.imports())),
        None => (Rest::Unknown, Vec::new()),
    };
    Hook::Begins { firsts, rest, imports }
}

/// Whether the code is that of pex, token by token and with the same indentation.
fn is_of_pex(found: &Tokens, grammar: Grammar) -> bool {
    python_code::tokens(PEX.as_bytes(), grammar).is_ok_and(|pex| pex.list == found.list && pex.indents == found.indents)
}

/// A logical line.
struct Line<'t> {
    /// The outermost function that it is in.
    function: Option<&'t str>,
    tokens: &'t [Token],
}

/// The lines of a module, and what it defines.
struct Lines<'t> {
    logical: Vec<Line<'t>>,
    functions: HashSet<&'t str>,
    classes: HashSet<&'t str>,
    names: HashSet<&'t str>,
}

impl<'t> Lines<'t> {
    fn of(list: &'t [Token], indents: &[Option<usize>]) -> Option<Self> {
        let mut all =
            Self { logical: Vec::new(), functions: HashSet::new(), classes: HashSet::new(), names: HashSet::new() };
        let mut function: Option<(usize, &str)> = None;
        for (tokens, indent) in list.split_inclusive(|token| *token == Token::Newline).zip(indents) {
            let indent = (*indent)?;
            if function.is_some_and(|(outer, _)| indent <= outer) {
                function = None;
            }
            let defined = defined_function(tokens);
            all.logical.push(Line { function: function.map(|(_, name)| name), tokens });
            all.note(tokens);
            function = function.or_else(|| defined.map(|name| (indent, name)));
        }
        Some(all)
    }

    /// Collects the names that a line binds, wherever it is.
    fn note(&mut self, tokens: &'t [Token]) {
        self.functions.extend(defined_function(tokens));
        let first = word(tokens, 0);
        if first == "class" {
            self.classes.insert(word(tokens, 1));
        }
        let binds_all = matches!(first, "def" | "class" | "import" | "from" | "for" | "async");
        let is_target = matches!(tokens.get(1), Some(Token::Op("=" | ":")));
        for (at, token) in tokens.iter().enumerate() {
            let Token::Name(name) = token else { continue };
            let is_variable = at > 0 && matches!(word(tokens, at - 1), "for" | "as");
            if binds_all || is_variable || at == 0 && is_target {
                self.names.insert(name);
            }
        }
    }

    fn rest(&self, module: &str, function: Option<&str>) -> Rest {
        if function.is_some_and(|function| !self.functions.contains(function)) && !self.mentions(function) {
            return Rest::Lacks;
        }
        if self.is_of_editables() {
            return Rest::Quiet;
        }
        if self.imports_own_parts(module) {
            return Rest::OfPackage;
        }
        let is_callable = function.is_none_or(|function| self.takes_nothing(function));
        if is_callable && self.is_quiet(function) { self.appended() } else { Rest::Unknown }
    }

    /// The modules that are imported outside of functions.
    fn imports(&self) -> Vec<String> {
        let mut found = Vec::new();
        for line in self.logical.iter().filter(|line| line.function.is_none()) {
            match word(line.tokens, 0) {
                "from" => found.push(word(line.tokens, 1).to_owned()),
                "import" => {
                    let starts = (1..line.tokens.len()).filter(|at| *at == 1 || op(line.tokens, at - 1, ","));
                    found.extend(starts.map(|at| word(line.tokens, at).to_owned()));
                }
                _ => {}
            }
        }
        found
    }

    /// Whether it is the code that the project editables generates, which maps names of modules to files.
    fn is_of_editables(&self) -> bool {
        let is_shown = |line: &Line<'_>, at: usize| match at {
            0 => is_sequence(line.tokens, EDITABLES_IMPORT),
            1 => is_sequence(line.tokens, &["F", ".", "install", "(", ")"]),
            _ => match line.tokens {
                [
                    call @ ..,
                    Token::Text(Some(_)),
                    Token::Op(","),
                    Token::Text(Some(_)),
                    Token::Op(")"),
                    Token::Newline,
                ] => is_sequence(call, &["F", ".", "map_module", "("]),
                _ => false,
            },
        };
        self.logical.len() > 1 && self.logical.iter().enumerate().all(|(at, line)| is_shown(line, at))
    }

    /// Whether the name is used outside of strings, so that it may be defined in another way.
    fn mentions(&self, function: Option<&str>) -> bool {
        self.logical.iter().flat_map(|line| line.tokens).any(|token| {
            matches!(token, Token::Name(name) if Some(name.as_str()) == function
                || matches!(name.as_str(), "__getattr__" | "globals" | "exec" | "setattr" | "__dict__" | "modules"))
                || *token == Token::Op("*")
        })
    }

    fn imports_own_parts(&self, module: &str) -> bool {
        let is_import = |line: &Line<'_>| matches!(word(line.tokens, 0), "from" | "import");
        let is_own = |line: &Line<'_>| {
            word(line.tokens, 1) == module && line.tokens.get(2) == Some(&Token::Op("."))
                || word(line.tokens, 0) == "from" && (word(line.tokens, 1) == module || op(line.tokens, 1, "."))
        };
        self.logical.iter().any(|line| line.function.is_none() && is_import(line) && is_own(line))
    }

    /// Whether a function is defined once, and without parameters.
    fn takes_nothing(&self, function: &str) -> bool {
        let mut defined = self.logical.iter().filter(|line| defined_function(line.tokens) == Some(function));
        let is_plain = defined.next().is_some_and(|line| {
            line.function.is_none()
                && word(line.tokens, 0) == "def"
                && op(line.tokens, 2, "(")
                && op(line.tokens, 3, ")")
        });
        is_plain && defined.next().is_none()
    }

    /// Whether all that runs is known to succeed and to leave `sys.path` alone.
    fn is_quiet(&self, function: Option<&str>) -> bool {
        let mut wanted: Vec<&str> = function.into_iter().collect();
        let mut seen: HashSet<&str> = wanted.iter().copied().collect();
        let module_lines = self.logical.iter().filter(|line| line.function.is_none());
        for line in module_lines {
            if !self.accepts(line.tokens, &mut wanted, &mut seen) {
                return false;
            }
        }
        while let Some(function) = wanted.pop() {
            for line in self.logical.iter().filter(|line| line.function == Some(function)) {
                if !self.accepts(line.tokens, &mut wanted, &mut seen) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether a line that runs is harmless; the functions that it calls are noted.
    fn accepts<'s>(&'s self, tokens: &'s [Token], wanted: &mut Vec<&'s str>, seen: &mut HashSet<&'s str>) -> bool {
        if matches!(word(tokens, 0), "import" | "from") {
            return true;
        }
        let has_annotations = word(tokens, 0) == "def" || op(tokens, 1, ":");
        (0..tokens.len()).all(|at| {
            let before = at.checked_sub(1).map(|at| &tokens[at]);
            match &tokens[at] {
                Token::Name(name) if before == Some(&Token::Op(".")) => {
                    let of_module = at > 1 && matches!(word(tokens, at - 2), "sys" | "os");
                    let is_known = !of_module || ATTRIBUTES.contains(&name.as_str());
                    is_known
                        && (name != "path" || word(tokens, at - 2) != "sys" || is_placeholder(tokens, at))
                        && (!op(tokens, at + 1, "(") || self.accepts_call(tokens, at, wanted, seen))
                }
                Token::Name(name) => {
                    let is_defined = self.names.contains(name.as_str()) || self.functions.contains(name.as_str());
                    let is_name = is_defined
                        || is_word(name)
                        || BUILT_IN_NAMES.contains(&name.as_str())
                        || CALLED.contains(&name.as_str())
                        || op(tokens, at + 1, "=");
                    let defines = matches!(before, Some(Token::Name(word)) if word == "def" || word == "class");
                    let is_call = op(tokens, at + 1, "(") && !defines && !is_word(name);
                    !FORBIDDEN.contains(&name.as_str())
                        && is_name
                        && (!is_call || self.accepts_call(tokens, at, wanted, seen))
                }
                Token::Op("(") => !matches!(before, Some(Token::Op(")" | "]") | Token::Text(_))),
                Token::Op("[") => has_annotations || !matches!(before, Some(Token::Name(name)) if !is_word(name)),
                Token::Op("@") => at == 0,
                Token::Op(sign) => !FAILING.contains(sign),
                _ => true,
            }
        })
    }

    fn accepts_call<'s>(
        &'s self,
        tokens: &'s [Token],
        at: usize,
        wanted: &mut Vec<&'s str>,
        seen: &mut HashSet<&'s str>,
    ) -> bool {
        let name = word(tokens, at);
        let mut want = |name: &'s str| {
            if seen.insert(name) {
                wanted.push(name);
            }
        };
        if matches!(name, "append" | "insert") && at >= 4 {
            let list = word(tokens, at - 2);
            let is_sys = word(tokens, at - 4) == "sys" && op(tokens, at - 3, ".");
            return is_sys && (matches!(list, "meta_path" | "path_hooks") || list == "path");
        }
        if self.classes.contains(name) {
            want("__init__");
            want("__new__");
            return true;
        }
        if self.functions.contains(name) && (at == 0 || !op(tokens, at - 1, ".")) {
            want(name);
            return true;
        }
        CALLED.contains(&name)
    }

    /// What a quiet module appends to `sys.path`: setuptools' placeholder, where there are namespace packages.
    fn appended(&self) -> Rest {
        let appends = |line: &Line<'_>| {
            (0..line.tokens.len())
                .any(|at| word(line.tokens, at) == PLACEHOLDER && op(line.tokens, at.wrapping_sub(1), "("))
        };
        if !self.logical.iter().any(appends) {
            return Rest::Quiet;
        }
        match (self.value("NAMESPACES"), self.value(PLACEHOLDER)) {
            (Some([Token::Op("{"), Token::Op("}"), Token::Newline]), _) => Rest::Quiet,
            (Some([Token::Op("{"), ..]), Some(value)) => text(value).map_or(Rest::Unknown, Rest::Appends),
            _ => Rest::Unknown,
        }
    }

    /// What is assigned to a name at the top level.
    fn value(&self, name: &str) -> Option<&'t [Token]> {
        let mut lines = self.logical.iter().filter(|line| line.function.is_none() && word(line.tokens, 0) == name);
        let line = lines.next().filter(|_| lines.next().is_none())?;
        let sign = line.tokens.iter().position(|token| *token == Token::Op("="))?;
        line.tokens.get(sign + 1..)
    }
}

/// Texts with plus signs between them.
fn text(tokens: &[Token]) -> Option<BString> {
    let mut whole = BString::default();
    for token in tokens {
        match token {
            Token::Text(Some(text)) => whole.extend_from_slice(text),
            Token::Op("+") | Token::Newline => {}
            _ => return None,
        }
    }
    Some(whole)
}

fn op(tokens: &[Token], at: usize, sign: &str) -> bool {
    matches!(tokens.get(at), Some(Token::Op(found)) if *found == sign)
}

/// Whether the tokens of a line are these names and signs.
fn is_sequence(tokens: &[Token], wanted: &[&str]) -> bool {
    let is_same = |(token, wanted): (&Token, &&str)| match token {
        Token::Name(name) => name == wanted,
        Token::Op(sign) => sign == wanted,
        _ => false,
    };
    let tokens = tokens.strip_suffix(&[Token::Newline]).unwrap_or(tokens);
    tokens.len() == wanted.len() && tokens.iter().zip(wanted).all(is_same)
}

fn is_word(name: &str) -> bool {
    matches!(
        name,
        "if" | "elif"
            | "else"
            | "for"
            | "in"
            | "not"
            | "and"
            | "or"
            | "is"
            | "try"
            | "except"
            | "finally"
            | "with"
            | "as"
            | "def"
            | "class"
            | "pass"
            | "return"
            | "lambda"
            | "None"
            | "True"
            | "False"
            | "import"
            | "from"
    )
}

fn defined_function(tokens: &[Token]) -> Option<&str> {
    match (word(tokens, 0), word(tokens, 1)) {
        ("def", name) => Some(name),
        ("async", "def") => Some(word(tokens, 2)),
        _ => None,
    }
}

/// Whether `sys.path` is only searched for the placeholder, or extended with it.
fn is_placeholder(tokens: &[Token], at: usize) -> bool {
    let is_search = word(tokens, at.wrapping_sub(3)) == "in" && op(tokens, at + 1, ":");
    let is_append = word(tokens, at + 2) == "append" && word(tokens, at + 4) == PLACEHOLDER && op(tokens, at + 5, ")");
    is_search && tokens.iter().any(|token| matches!(token, Token::Name(name) if name == PLACEHOLDER)) || is_append
}
