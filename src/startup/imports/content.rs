//! What the content of a file says about whether it can take the place of a module of the standard library.

use bstr::BString;

use super::newer;
use super::table::{Module, Need, Stage};
use crate::startup::behaviors::Behaviors;
use crate::startup::python_code::{Argument, Expression, Grammar, Source, Statement, Token, declared_encodings};

/// What follows where a file is imported in place of a module that startup needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Startup fails: how, where that is known.
    Fails(Failing),
    /// The file takes the place of the module, and startup goes on.
    Works,
    /// Only running the file would tell.
    Unknown,
}

/// How startup fails with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failing {
    /// The file itself cannot be imported.
    Raises(Raised),
    /// The file is imported, and lacks this, which is needed first.
    LacksFirst(Need),
    /// The file is imported, if its code gets that far, and lacks something.
    Lacks,
    /// Its code ends the process, and nothing is printed.
    Ends,
    /// It raises `SystemExit`, of which there is no traceback.
    Exits,
}

/// The exception with which a file cannot be imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raised {
    /// As a traceback shows it, where it is known.
    pub exception: Option<BString>,
    /// Whether code of the file runs before, so that the traceback has a line for it.
    pub runs: bool,
}

impl Raised {
    /// An exception before any code of the file runs.
    pub fn at_once(exception: impl Into<Option<BString>>) -> Self {
        Self { exception: exception.into(), runs: false }
    }

    /// Whether it is one that `try: import … except ImportError` catches.
    pub fn is_import_error(&self) -> bool {
        self.exception.as_ref().is_some_and(|text| {
            [&b"ImportError"[..], b"zipimport.ZipImportError"].iter().any(|name| text.starts_with(name))
        })
    }
}

/// What a source does, as far as its text says.
#[derive(Debug)]
pub enum Text {
    /// It certainly raises an exception.
    Raises(Raised),
    /// It ends the process with a function of this module.
    Ends(String),
    /// It raises `SystemExit`.
    Exits,
    /// It does nothing, and defines nothing.
    Blank,
    /// It does nothing but define constants, those of these names.
    Constants(Vec<String>),
    /// It is code that may define these names, and no others.
    Code(Vec<String>),
    /// It may do anything.
    Unknown,
}

/// Words with which code can define names that it does not spell.
const DYNAMIC: [&str; 11] = [
    "exec",
    "eval",
    "globals",
    "locals",
    "vars",
    "setattr",
    "__dict__",
    "__getattr__",
    "modules",
    "__class__",
    "__import__",
];

/// Encodings that every release has, and in which statements read alike.
const KNOWN_ENCODINGS: [&str; 4] = ["utf-8", "utf8", "latin-1", "ascii"];

/// Exceptions that a traceback shows by their name alone, and that nothing on the way treats in its own way.
const EXCEPTIONS: [&str; 8] = [
    "Exception",
    "RuntimeError",
    "ImportError",
    "ValueError",
    "TypeError",
    "NotImplementedError",
    "AttributeError",
    "AssertionError",
];

/// Reads a source.
pub fn read(content: &[u8], behaviors: &Behaviors) -> Text {
    let grammar = Grammar::of(behaviors);
    if content.contains(&0) {
        return Text::Raises(Raised::default());
    }
    let source = Source::read(content, grammar);
    if source.refused().is_some() {
        return Text::Raises(Raised::default());
    }
    if names_encoding(content) {
        return Text::Unknown;
    }
    let Some(outline) = source.outline() else { return Text::Unknown };
    let raised = outline.first.iter().find(|statement| !is_harmless(statement));
    if let Some(Statement::Raise(value)) = raised {
        return raised_by(value.as_ref());
    }
    if let Some(module) = ending(&outline.first) {
        return Text::Ends(module);
    }
    if let Some(raised) = newer::missing(&outline, behaviors) {
        return Text::Raises(raised);
    }
    if outline.is_whole && raised.is_none() {
        let names = outline.first.iter().filter_map(|statement| match statement {
            Statement::Assign(name, _) => Some(name.clone()),
            _ => None,
        });
        let names: Vec<_> = names.collect();
        return if names.is_empty() { Text::Blank } else { Text::Constants(names) };
    }
    names_of(outline.tokens).map_or(Text::Unknown, Text::Code)
}

/// Whether a comment says that the text is encoded in a way of which it is not known whether Python can decode it.
fn names_encoding(content: &[u8]) -> bool {
    let is_known = |name: &String| KNOWN_ENCODINGS.iter().any(|known| name.starts_with(known));
    !declared_encodings(content).all(|name| is_known(&name))
}

/// Every name that is spelled; none where names that are not spelled may be defined.
fn names_of(tokens: Vec<Token>) -> Option<Vec<String>> {
    let is_import = |token: &Token| matches!(token, Token::Name(name) if name == "import");
    if tokens.windows(2).any(|pair| is_import(&pair[0]) && pair[1] == Token::Op("*")) {
        return None;
    }
    let names: Vec<String> = tokens
        .into_iter()
        .filter_map(|token| match token {
            Token::Name(name) => Some(name),
            _ => None,
        })
        .collect();
    (!names.iter().any(|name| DYNAMIC.contains(&name.as_str()))).then_some(names)
}

/// The module with whose function the first statements end the process.
fn ending(first: &[Statement]) -> Option<String> {
    let mut imported = Vec::new();
    for statement in first {
        match statement {
            Statement::Import(modules) if modules.iter().all(|(_, alias)| alias.is_none()) => {
                imported.extend(modules.iter().map(|(module, _)| module));
                if !imported.iter().all(|module| matches!(module.as_str(), "os" | "posix" | "sys")) {
                    return None;
                }
            }
            Statement::Expression(Expression::Call(function, _)) => {
                let Expression::Attribute(module, name) = function.as_ref() else { return None };
                let Expression::Name(module) = module.as_ref() else { return None };
                let ends = matches!(name.as_str(), "_exit" | "abort") && module != "sys";
                return (ends && imported.contains(&module)).then(|| module.clone());
            }
            statement if is_harmless(statement) => {}
            _ => return None,
        }
    }
    None
}

/// A statement that does nothing but, possibly, define a constant.
fn is_harmless(statement: &Statement) -> bool {
    let is_constant = |value: &Expression| {
        matches!(value, Expression::Text(_) | Expression::Bytes(_) | Expression::Integer(_) | Expression::Constant)
    };
    match statement {
        Statement::Pass => true,
        // A module with this name for a function is not what a plain constant is.
        Statement::Assign(name, value) => !DYNAMIC.contains(&name.as_str()) && is_constant(value),
        Statement::Expression(value) => is_constant(value),
        _ => false,
    }
}

/// The exception of a `raise` statement. What ends the process in another way is not judged.
fn raised_by(value: Option<&Expression>) -> Text {
    let known = |name: &str| EXCEPTIONS.contains(&name);
    let is_exit = |value: &Expression| matches!(value, Expression::Name(name) if name == "SystemExit");
    let raises = |exception: Option<BString>| Text::Raises(Raised { exception, runs: true });
    match value {
        Some(value) if is_exit(value) => Text::Exits,
        Some(Expression::Call(function, _)) if is_exit(function) => Text::Exits,
        None => raises(Some("RuntimeError: No active exception to reraise".into())),
        Some(Expression::Name(name)) if known(name) => raises(Some(name.as_str().into())),
        Some(Expression::Call(function, arguments)) => match (function.as_ref(), arguments.as_slice()) {
            (Expression::Name(name), [Argument::Value(Expression::Text(text))]) if known(name) => {
                let is_plain = text.is_ascii() && !text.iter().any(u8::is_ascii_control) && !text.is_empty();
                raises(is_plain.then(|| [name.as_bytes(), b": ", text].concat().into()))
            }
            (Expression::Name(name), _) if known(name) => raises(None),
            _ => Text::Unknown,
        },
        _ => Text::Unknown,
    }
}

/// Judges a source that hides a module.
pub fn judge(module: &Module, text: Text) -> Verdict {
    match text {
        Text::Raises(raised) => Verdict::Fails(Failing::Raises(raised)),
        // Where `os` itself is not imported yet, importing it may fail before.
        Text::Ends(name) if name == "posix" || module.stage == Stage::Launch => Verdict::Fails(Failing::Ends),
        // What else is imported in C treats it in other ways.
        Text::Exits if module.stage == Stage::Launch && module.name != "linecache" => Verdict::Fails(Failing::Exits),
        Text::Ends(_) | Text::Exits | Text::Unknown => Verdict::Unknown,
        Text::Blank => match module.needs.first() {
            Some(first) => Verdict::Fails(Failing::LacksFirst(*first)),
            None => Verdict::Works,
        },
        Text::Constants(_) if module.needs.is_empty() => Verdict::Works,
        Text::Constants(names) | Text::Code(names) => {
            let lacks = |need: &Need| !names.iter().any(|name| name == need.name());
            let fails = module.needs.iter().any(lacks);
            if fails { Verdict::Fails(Failing::Lacks) } else { Verdict::Unknown }
        }
    }
}

/// Judges the names that compiled code spells.
pub fn judge_compiled(module: &Module, names: &[Vec<u8>]) -> Verdict {
    let has = |word: &str| names.iter().any(|name| name.as_slice() == word.as_bytes());
    if DYNAMIC.iter().any(|word| has(word)) || has("*") {
        return Verdict::Unknown;
    }
    let fails = module.needs.iter().any(|need| !has(need.name()));
    if fails { Verdict::Fails(Failing::Lacks) } else { Verdict::Unknown }
}

#[cfg(test)]
mod tests {
    use super::super::table;
    use super::*;
    use crate::startup::behaviors::Behaviors;

    #[test]
    fn a_file_without_what_startup_takes_cannot_replace_a_module() {
        let behaviors = Behaviors::of("3.10.13".parse().unwrap());
        let modules = table::from_files(&behaviors, crate::host::Platform::Linux, true);
        let io = modules.iter().find(|module| module.name == "io").unwrap();
        let fails = |failing| Verdict::Fails(failing);
        let raises = |text: &str| fails(Failing::Raises(Raised { exception: Some(text.into()), runs: true }));
        for (content, verdict) in [
            ("", fails(Failing::LacksFirst(Need::Attribute("open")))),
            ("# open\n", fails(Failing::LacksFirst(Need::Attribute("open")))),
            ("'''open'''\npass\n", fails(Failing::LacksFirst(Need::Attribute("open")))),
            ("raise RuntimeError('open')\n", raises("RuntimeError: open")),
            ("x = 1\nraise ValueError\n", raises("ValueError")),
            ("import x\nraise ValueError\n", fails(Failing::Lacks)),
            ("raised = open\n", fails(Failing::Lacks)),
            ("x = 1\n", fails(Failing::Lacks)),
            ("from _io import *\n", Verdict::Unknown),
            ("def (\n", fails(Failing::Raises(Raised::default()))),
            ("x = '\0open'\n", fails(Failing::Raises(Raised::default()))),
            ("def open(): pass\nclass TextIOWrapper: pass\n", Verdict::Unknown),
            ("raise SystemExit\n", Verdict::Unknown),
        ] {
            assert_eq!(judge(io, read(content.as_bytes(), &behaviors)), verdict, "{content:?}");
        }
        let nothing = Module { needs: Vec::new(), ..io.clone() };
        for (content, works) in [("\n#\n", true), ("x = 1\n", true), ("x = f()\n", false)] {
            let verdict = judge(&nothing, read(content.as_bytes(), &behaviors));
            assert_eq!(verdict == Verdict::Works, works, "{content:?}");
        }
    }
}
