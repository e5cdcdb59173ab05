//! What the code of a module may do to the search for its submodules, by its tokens alone.

use bstr::BString;

use crate::startup::behaviors::Behaviors;
use crate::startup::{Effect, First, Grammar, Module, Source, Token, Tokens, recognize_module, word};
use crate::text::sentence;

/// A longer key of `sys.modules` is not followed to its end.
const LONGEST_KEY: usize = 32;

/// What a module does to `__path__`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// Nothing.
    Nothing,
    /// `pkgutil.extend_path(__path__, __name__)`, and nothing else.
    Extends,
    /// Something else: why that cannot be known, as a clause about the file.
    Changes(&'static str),
}

/// An import outside of any block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Import {
    /// Of a dotted name.
    Absolute(String),
    /// Of a name below the package itself.
    Relative(String),
    /// `from . import NAME`: a module or anything else.
    Member(String),
    /// `from MODULE import NAME`: the same.
    MemberOf(String, String),
}

/// What is known of a module.
#[derive(Debug)]
pub(super) struct Code {
    /// What it does to its own locations.
    pub touch: Touch,
    /// The exception with which it certainly ends, as far as that is known.
    pub ends: Option<BString>,
    /// What it imports before anything else may happen.
    pub imports: Vec<Import>,
}

/// The functions that take the locations and only read them.
const READERS: &[&str] = &[
    "Path",
    "abspath",
    "dirname",
    "isinstance",
    "iter",
    "iter_modules",
    "join",
    "len",
    "list",
    "next",
    "print",
    "realpath",
    "repr",
    "sorted",
    "str",
    "tuple",
    "walk_packages",
];
/// Without one of these words, code does not touch the search for submodules.
const TOUCHING: &[&str] = &["__path__", "declare_namespace", "eval", "exec", "meta_path", "modules"];
/// Methods of a list that change it.
const LIST_METHODS: &[&str] = &["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];
/// Methods of `sys.modules` that change it.
const CHANGING: &[&str] = &["clear", "pop", "popitem", "setdefault", "update"];

/// Reads the code of a module.
pub(super) fn read(content: &[u8], child: &str, behaviors: &Behaviors) -> Code {
    let unknown = |why| Code { touch: Touch::Changes(why), ends: None, imports: Vec::new() };
    let ended = |why: BString| Code { touch: Touch::Nothing, ends: Some(why), imports: Vec::new() };
    match recognize_module(content, behaviors) {
        Module::Invalid(line) => return ended(sentence!("a SyntaxError in line ", line.to_string())),
        Module::Unknown => return unknown("is in an encoding that is not known here"),
        Module::Begins(firsts) => {
            let end = firsts.iter().find_map(|first| match first {
                First::Ends(Effect::Exits(text) | Effect::Ends(text) | Effect::Raises(text)) => Some(text),
                _ => None,
            });
            if let Some(text) = end {
                return ended(text.as_str().into());
            }
        }
        Module::Known(_) => {}
    }
    let source = Source::read(content, Grammar::of(behaviors));
    let Some(found) = source.tokens() else {
        // What does not contain any of the words cannot touch locations, however it is to be read.
        let has_word = TOUCHING.iter().any(|word| memchr::memmem::find(content, word.as_bytes()).is_some());
        let touch = if has_word { Touch::Changes("cannot be read") } else { Touch::Nothing };
        return Code { touch, ends: None, imports: Vec::new() };
    };
    let lines = Lines(found);
    Code { touch: lines.touch(child), ends: lines.ends(), imports: lines.imports() }
}

/// Whether a text can hold code that touches locations, so that it has to be taken apart.
pub(super) fn mentions_path(content: &[u8]) -> bool {
    memchr::memmem::find(content, b"__path__").is_some()
}

struct Lines<'t>(&'t Tokens);

fn is_name(token: Option<&Token>, name: &str) -> bool {
    matches!(token, Some(Token::Name(own)) if own == name)
}

fn is_op(token: Option<&Token>, ops: &[&str]) -> bool {
    matches!(token, Some(Token::Op(own)) if ops.contains(own))
}

impl<'t> Lines<'t> {
    /// The logical lines that are outside of any block.
    fn outer(&self) -> impl Iterator<Item = &'t [Token]> {
        let lines = self.0.list.split_inclusive(|token| *token == Token::Newline);
        lines.zip(&self.0.indents).filter(|(_, indent)| **indent == Some(0)).map(|(line, _)| line)
    }

    fn touch(&self, child: &str) -> Touch {
        let list = &self.0.list;
        let extending: Vec<&[Token]> = self.outer().filter(|line| self.is_extension(line)).collect();
        let mut has_extension = false;
        let mut at = 0;
        while at < list.len() {
            if let Some(line) = extending.iter().find(|line| list[at..].as_ptr() == line.as_ptr()) {
                has_extension = true;
                at += line.len();
                continue;
            }
            if let Some(why) = changes(list, at, child) {
                return Touch::Changes(why);
            }
            at += 1;
        }
        if has_extension { Touch::Extends } else { Touch::Nothing }
    }

    /// `__path__ = extend_path(__path__, __name__)`, whose function is certainly that of `pkgutil`.
    fn is_extension(&self, line: &[Token]) -> bool {
        const CALL: [&str; 6] = ["(", "__path__", ",", "__name__", ")", "\n"];
        if !(is_name(line.first(), "__path__") && is_op(line.get(1), &["="])) {
            return false;
        }
        let shown: Vec<&str> = line[2..].iter().map(shown).collect();
        let Some((function, call)) = shown.split_last_chunk::<6>().map(|(function, call)| (function, *call)) else {
            return false;
        };
        call == CALL
            && match function {
                ["__import__", "(", "'pkgutil'", ")", ".", "extend_path"] => true,
                ["extend_path"] => self.imports_name("pkgutil", "extend_path"),
                ["pkgutil", ".", "extend_path"] => self.imports_plainly("pkgutil"),
                _ => false,
            }
    }

    fn imports_name(&self, module: &str, name: &str) -> bool {
        self.outer().any(|line| {
            word(line, 0) == "from"
                && word(line, 1) == module
                && word(line, 2) == "import"
                && (3..line.len())
                    .any(|at| word(line, at) == name && word(line, at + 1) != "as" && word(line, at - 1) != "as")
        })
    }

    fn imports_plainly(&self, module: &str) -> bool {
        self.outer().any(|line| {
            word(line, 0) == "import"
                && (1..line.len())
                    .any(|at| word(line, at) == module && word(line, at + 1) != "as" && word(line, at - 1) != "as")
        })
    }

    /// The first statement outside of any block that certainly raises.
    fn ends(&self) -> Option<BString> {
        self.outer().find_map(|line| match line {
            [Token::Name(raise), ..] if raise == "raise" => Some("an exception that it raises".into()),
            [Token::Name(assert), Token::Name(value), Token::Newline | Token::Op(",")]
            | [Token::Name(assert), Token::Name(value), Token::Op(","), ..]
                if assert == "assert" && matches!(value.as_str(), "False" | "None") =>
            {
                Some("an AssertionError".into())
            }
            [Token::Number(_), Token::Op("/" | "//" | "%"), Token::Number(Some(0)), ..] => {
                Some("a ZeroDivisionError".into())
            }
            _ => None,
        })
    }

    fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for line in self.outer() {
            match word(line, 0) {
                "import" => found.extend(plain(&line[1..])),
                "from" => found.extend(from(&line[1..])),
                _ => {}
            }
        }
        found
    }
}

/// A token as it may be written.
fn shown(token: &Token) -> &str {
    match token {
        Token::Name(name) => name,
        Token::Op(op) => op,
        Token::Newline => "\n",
        Token::Text(Some(text)) if text == "pkgutil" => "'pkgutil'",
        _ => "?",
    }
}

/// `import A.B as C, D`: a release may fail only where A, B or D is missing.
fn plain(tokens: &[Token]) -> Vec<Import> {
    let names = tokens.split(|token| matches!(token, Token::Op("," | ";") | Token::Newline));
    names.filter(|name| !name.is_empty()).map(|name| Import::Absolute(dotted(name).0)).collect()
}

/// `from .A import B`.
fn from(tokens: &[Token]) -> Vec<Import> {
    let dots: usize = tokens
        .iter()
        .map_while(|token| match token {
            Token::Op(".") => Some(1),
            Token::Op("...") => Some(3),
            _ => None,
        })
        .sum();
    let rest = tokens.iter().position(|token| !matches!(token, Token::Op("." | "..."))).unwrap_or(tokens.len());
    let (name, after) = dotted(&tokens[rest..]);
    match (dots, name.as_str()) {
        (0, "__future__") => Vec::new(),
        (0, _) => {
            let names = members(tokens.get(rest + after + 1..).unwrap_or_default());
            let of = |member| Import::MemberOf(name.clone(), member);
            let all: Vec<Import> = names.map(of).collect();
            std::iter::once(Import::Absolute(name.clone())).chain(all).collect()
        }
        // The word is the statement's own.
        (1, "import" | "") => members(tokens.get(rest + 1..).unwrap_or_default()).map(Import::Member).collect(),
        (1, _) => vec![Import::Relative(name)].into_iter().filter(|_| after > 0).collect(),
        _ => Vec::new(),
    }
}

/// The names that an import takes.
fn members(tokens: &[Token]) -> impl Iterator<Item = String> {
    let parts = tokens.split(|token| matches!(token, Token::Op("," | "(" | ")" | ";") | Token::Newline));
    parts.filter_map(|part| match part {
        [Token::Name(name), ..] => Some(name.clone()),
        _ => None,
    })
}

/// The dotted name at the beginning of tokens, and how many tokens it is.
fn dotted(tokens: &[Token]) -> (String, usize) {
    let mut name = String::new();
    let mut at = 0;
    while let Some(Token::Name(part)) = tokens.get(at) {
        name.push_str(part);
        at += 1;
        if !is_op(tokens.get(at), &["."]) {
            break;
        }
        name.push('.');
        at += 1;
    }
    (name, at)
}

/// Whether the tokens at a place may change where submodules are found.
fn changes(list: &[Token], at: usize, child: &str) -> Option<&'static str> {
    let before = |by: usize| at.checked_sub(by).and_then(|at| list.get(at));
    let after = |by: usize| list.get(at + by);
    let is_of_sys = is_op(before(1), &["."]) && is_name(before(2), "sys");
    match &list[at] {
        Token::Name(name) => match name.as_str() {
            "__path__" if !only_reads(list, at) => Some("changes __path__"),
            "declare_namespace" => Some("makes a namespace package of itself when it runs"),
            "exec" | "eval" | "execfile" if is_op(after(1), &["("]) && !is_op(before(1), &["."]) => {
                Some("runs code that is made when it runs")
            }
            // An importer behind all others changes nothing about what the path has.
            "meta_path" if is_of_sys && !(is_op(after(1), &["."]) && is_name(after(2), "append")) => {
                Some("may add an importer")
            }
            "modules" if is_of_sys && (is_name(before(3), "del") || changes_modules(&list[at + 1..], child)) => {
                Some("changes sys.modules")
            }
            _ => None,
        },
        Token::Text(Some(text)) if text == "__path__" && !is_docstring(list, at) => Some("names __path__ in a string"),
        _ => None,
    }
}

fn is_docstring(list: &[Token], at: usize) -> bool {
    let is_end = |token: Option<&Token>| token.is_none_or(|token| *token == Token::Newline);
    is_end(at.checked_sub(1).and_then(|at| list.get(at))) && is_end(list.get(at + 1))
}

/// Whether the locations are only read: given to a function that reads, indexed, compared, or iterated over.
fn only_reads(list: &[Token], at: usize) -> bool {
    let (before, after) = (at.checked_sub(1).and_then(|at| list.get(at)), list.get(at + 1));
    if is_op(before, &["."]) {
        return !is_changed(&list[at + 1..]);
    }
    if is_name(before, "del") {
        return false;
    }
    if is_name(before, "in") || is_op(before, &["==", "!="]) {
        return is_op(after, &[":", ")", "]"]) || after.is_none_or(|token| *token == Token::Newline);
    }
    if is_op(after, &["["]) {
        let end = list[at..].iter().position(|token| *token == Token::Op("]"));
        return end.is_some_and(|end| {
            !is_op(list.get(at + end + 1), &["=", "+=", ".", "["]) || is_op(list.get(at + end + 1), &["."])
        });
    }
    // An argument of a call.
    let opening = (0..at).rev().take(8).find(|&at| is_op(list.get(at), &["(", "["]));
    let Some(opening) = opening.filter(|&at| is_op(list.get(at), &["("])) else { return false };
    let is_reader = opening.checked_sub(1).is_some_and(|at| READERS.contains(&word(list, at)));
    is_reader && is_op(after, &[",", ")"])
}

/// Whether what follows the locations of some module changes them: these may be the package's own.
fn is_changed(after: &[Token]) -> bool {
    match after {
        [Token::Op("=" | "+="), ..] => true,
        [Token::Op("."), Token::Name(method), ..] => LIST_METHODS.contains(&method.as_str()),
        [Token::Op("["), ..] => {
            let end = after.iter().take(LONGEST_KEY).position(|token| *token == Token::Op("]"));
            end.is_none_or(|end| is_op(after.get(end + 1), &["=", "+="]))
        }
        _ => false,
    }
}

/// Whether what follows `sys.modules` changes it, for the name of this child at least.
fn changes_modules(after: &[Token], child: &str) -> bool {
    match after {
        [Token::Op("."), Token::Name(method), ..] => CHANGING.contains(&method.as_str()),
        [Token::Op("["), Token::Text(Some(key)), Token::Op("]"), Token::Op("="), ..] => key == child,
        [Token::Op("["), ..] => {
            let end = after.iter().take(LONGEST_KEY).position(|token| *token == Token::Op("]"));
            end.is_none_or(|end| is_op(after.get(end + 1), &["=", "["]))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(code: &str) -> Touch {
        let behaviors = Behaviors::of("3.12.1".parse().expect("a version"));
        read(code.as_bytes(), "spam.child", &behaviors).touch
    }

    #[test]
    fn only_code_changes_the_locations() {
        for code in [
            "# __path__ = []\n",
            "\"\"\"Sets __path__.\"\"\"\n",
            "import pkgutil\nfor m in pkgutil.iter_modules(__path__):\n    pass\n",
            "x = __path__[0]\n",
            "import a\nx = a.__path__\nfor y in a.__path__:\n    pass\n",
            "import sys\nsys.meta_path.append(object())\n",
            "import sys\nthis = sys.modules[__name__]\nx = 1\nprint(sys.modules['a'].b)\n",
            "import sys\nsys.modules['other'] = None\n",
            "x = 'sys.modules[__name__] = None'\n",
        ] {
            assert_eq!(touch(code), Touch::Nothing, "{code}");
        }
        for code in [
            "__path__ = []\n",
            "__path__.append('a')\n",
            "__path__ += ['a']\n",
            "del __path__\n",
            "__path__[0] = 'a'\n",
            "import sys\nsys.modules['spam'].__path__ = []\n",
            "import a\na.__path__.append('b')\n",
            "globals()['__path__'] = []\n",
            "import sys\nsys.modules[__name__] = object()\n",
            "import sys\ndel sys.modules[__name__]\n",
            "import sys\nsys.modules['spam.child'] = None\n",
            "import sys\nsys.modules[__name__ + '.child'] = sys\n",
            "import sys\nsys.meta_path.clear()\n",
            "exec('x')\n",
            "from pkgutil import extend_path as e\n__path__ = e(__path__, __name__)\n",
            "from pkgutil import extend_path\n__path__ = extend_path(__path__, 'other')\n",
            "if True:\n    import pkgutil\n    __path__ = pkgutil.extend_path(__path__, __name__)\n",
        ] {
            assert!(matches!(touch(code), Touch::Changes(_)), "{code}");
        }
        for code in [
            "__path__ = __import__('pkgutil').extend_path(__path__, __name__)  # type: ignore\n",
            "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n",
            "'''It.'''\nimport pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n",
        ] {
            assert_eq!(touch(code), Touch::Extends, "{code}");
        }
    }
}
