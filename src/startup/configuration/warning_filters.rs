//! `PYTHONWARNINGS`: filters of warnings, of which Python prints each that it does not understand.

use std::collections::HashSet;

use bstr::{BStr, BString, ByteSlice};

use super::{RefusedSetting, counted};
use crate::finders::{self, Suffixes};
use crate::host::path::is_absolute;
use crate::startup::MOST_BYTES;
use crate::startup::behaviors::Behavior;
use crate::startup::getpath::{Input, PathConfig};
use crate::startup::known_code;
use crate::startup::record::{Doubt, Origin};
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::python::{self, Charset};
use crate::text::sentence;

/// How warnings may be treated; a beginning of a name is enough.
const ACTIONS: [&str; 7] = ["default", "always", "ignore", "module", "once", "error", "all"];
const VARIABLE: &str = "PYTHONWARNINGS";
const OPTION: &str = "-W";
const NO_NAME: &str = "ValueError: Empty module name";
const NOT_A_CLASS: &str = "TypeError: issubclass() arg 1 must be a class";
/// The categories that are built in.
const CATEGORIES: [&str; 11] = [
    "Warning",
    "UserWarning",
    "DeprecationWarning",
    "PendingDeprecationWarning",
    "SyntaxWarning",
    "RuntimeWarning",
    "FutureWarning",
    "ImportWarning",
    "UnicodeWarning",
    "BytesWarning",
    "ResourceWarning",
];

/// Built-in classes that are no categories.
const CLASSES: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "EOFError",
    "EnvironmentError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "ProcessLookupError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UnicodeTranslateError",
    "ValueError",
    "ZeroDivisionError",
    "__loader__",
    "bool",
    "bytearray",
    "bytes",
    "classmethod",
    "complex",
    "dict",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "int",
    "list",
    "map",
    "memoryview",
    "object",
    "property",
    "range",
    "reversed",
    "set",
    "slice",
    "staticmethod",
    "str",
    "super",
    "tuple",
    "type",
    "zip",
];
/// Built-in names that are no classes.
const FUNCTIONS: &[&str] = &[
    "Ellipsis",
    "False",
    "None",
    "NotImplemented",
    "True",
    "__build_class__",
    "__debug__",
    "__doc__",
    "__import__",
    "__name__",
    "__package__",
    "__spec__",
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "callable",
    "chr",
    "compile",
    "delattr",
    "dir",
    "divmod",
    "eval",
    "exec",
    "format",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "locals",
    "max",
    "min",
    "next",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "repr",
    "round",
    "setattr",
    "sorted",
    "sum",
    "vars",
];
/// Built-in names that came later, and whether each is a class.
const LATER: &[(&str, Behavior, bool)] = &[
    ("BaseExceptionGroup", Behavior::StarIndex, true),
    ("ExceptionGroup", Behavior::StarIndex, true),
    ("PythonFinalizationError", Behavior::GilSetting, true),
    ("aiter", Behavior::WarnDefaultEncoding, false),
    ("anext", Behavior::WarnDefaultEncoding, false),
    ("breakpoint", Behavior::CategoryLookedUp, false),
];
/// Built-in names of which it is not known which releases have them.
const UNDATED: &[&str] = &["ImportCycleError", "_IncompleteInputError", "__lazy_import__", "frozendict", "sentinel"];

/// Reads every filter, as `_processoptions` of `Lib/warnings.py` does before `site` is imported: those of the variable,
/// then those of the options.
pub fn read(
    trace: &mut Trace<'_>,
    input: &Input<'_>,
    config: &PathConfig,
    refused: &mut Vec<RefusedSetting>,
    doubts: &mut Vec<Doubt>,
) {
    let value = counted(input.invocation, VARIABLE).unwrap_or_default();
    let of_variable = value.split_str(",").map(BStr::new).filter(|filter| !filter.is_empty());
    let filters: Vec<(&'static str, &BStr)> = of_variable
        .map(|filter| (VARIABLE, filter))
        .chain(input.invocation.warning_filters().map(|filter| (OPTION, filter)))
        .collect();
    if filters.is_empty() {
        return;
    }
    trace.begin(StepId::WarningFilters);
    let mut seen: HashSet<&BStr> = HashSet::new();
    for (name, filter) in filters {
        if input.behaviors.has(Behavior::WarningFiltersOnce) && !seen.insert(filter) {
            continue;
        }
        let reader = Reader { input, config, charset: trace.charset };
        match reader.judge(trace, filter, doubts) {
            Verdict::Valid => {}
            Verdict::Ignored(problem) => {
                trace.say(sentence!(name, " contains ", filter, ", which Python ignores: ", problem, "."));
                trace.print_text(sentence!("Invalid -W option ignored: ", problem));
                refused.push(refusal(trace, name, filter, problem));
            }
            Verdict::Crash(problem) => {
                trace.say(sentence!(name, " contains ", filter, ", and the module warnings fails: ", problem, "."));
                trace.print("'import warnings' failed; traceback:");
                trace.print_text(&problem);
                refused.push(refusal(trace, name, filter, problem));
                return;
            }
        }
    }
}

fn refusal(trace: &Trace<'_>, name: &'static str, filter: &BStr, problem: BString) -> RefusedSetting {
    RefusedSetting {
        name,
        is_option: name == OPTION,
        value: Some(filter.to_owned()),
        problem,
        is_fatal: false,
        step: trace.step(),
    }
}

/// What becomes of a filter.
enum Verdict {
    /// It counts, as far as can be said.
    Valid,
    /// Python prints this about it, and goes on.
    Ignored(BString),
    /// The module `warnings` fails with this exception, and the filters after it are not read.
    Crash(BString),
}

struct Reader<'a> {
    input: &'a Input<'a>,
    config: &'a PathConfig,
    charset: Charset,
}

impl Reader<'_> {
    /// `_setoption`.
    fn judge(&self, trace: &Trace<'_>, filter: &BStr, doubts: &mut Vec<Doubt>) -> Verdict {
        let fields: Vec<&BStr> = filter.split_str(":").map(python::strip).collect();
        if fields.len() > 5 {
            return Verdict::Ignored(sentence!("too many fields (max 5): ", self.repr(filter)));
        }
        let field = |index: usize| fields.get(index).copied().unwrap_or_default();
        let (action, category, line) = (field(0), field(2), field(4));
        if !ACTIONS.iter().any(|known| known.as_bytes().starts_with(action)) {
            return Verdict::Ignored(sentence!("invalid action: ", self.repr(action)));
        }
        match self.category(trace, category, doubts) {
            Verdict::Valid => self.line_problem(line).map_or(Verdict::Valid, Verdict::Ignored),
            other => other,
        }
    }

    /// `_getcategory`: a built-in class, or one of a module.
    fn category(&self, trace: &Trace<'_>, category: &BStr, doubts: &mut Vec<Doubt>) -> Verdict {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let is_evaluated = !self.input.behaviors.has(Behavior::CategoryLookedUp);
        match category.rfind_byte(b'.') {
            None if category.is_empty() => Verdict::Valid,
            None if is_evaluated && !category.iter().all(is_word) => {
                // Without a dot, the last letter is cut off the name of the module.
                let end = category.char_indices().next_back().map_or(0, |(start, ..)| start);
                if end == 0 {
                    return Verdict::Crash(NO_NAME.into());
                }
                self.missing_module(category[..end].as_bstr())
            }
            None if is_evaluated && category[0].is_ascii_digit() => {
                let is_number = category.iter().all(u8::is_ascii_digit);
                let text = if is_number { NOT_A_CLASS } else { "SyntaxError: invalid syntax" };
                Verdict::Crash(text.into())
            }
            None => self.built_in(category, category),
            Some(8) if category.starts_with(b"builtins.") => self.built_in(category, category[9..].as_bstr()),
            Some(dot) => self.of_module(trace, category, dot, doubts),
        }
    }

    /// A name of the module `builtins`, which the whole category spells.
    fn built_in(&self, category: &BStr, name: &BStr) -> Verdict {
        let behaviors = self.input.behaviors;
        let is = |names: &[&str]| names.iter().any(|known| name == known.as_bytes());
        let later = LATER.iter().find(|(known, since, _)| name == *known && behaviors.has(*since));
        if is(&CATEGORIES) || is(UNDATED) || name == "EncodingWarning" && behaviors.has(Behavior::WarnDefaultEncoding) {
            Verdict::Valid
        } else if is(CLASSES) || later.is_some_and(|(.., is_class)| *is_class) {
            Verdict::Ignored(sentence!("invalid warning category: ", self.repr(category)))
        } else if is(FUNCTIONS) || later.is_some() {
            Verdict::Crash(NOT_A_CLASS.into())
        } else {
            Verdict::Ignored(sentence!("unknown warning category: ", self.repr(category)))
        }
    }

    fn of_module(&self, trace: &Trace<'_>, category: &BStr, dot: usize, doubts: &mut Vec<Doubt>) -> Verdict {
        let (module, class) = (category[..dot].as_bstr(), category[dot + 1..].as_bstr());
        if module.is_empty() {
            return Verdict::Crash(NO_NAME.into());
        }
        let (Ok(name), Ok(class)) = (module.to_str(), class.to_str()) else { return Verdict::Valid };
        let mut parts = name.split('.');
        let top = parts.next().unwrap_or_default();
        let suffixes =
            Suffixes::of(self.input.invocation.platform, self.input.interpreter, self.input.behaviors.version());
        let found = self.config.path.iter().find_map(|entry| {
            let file = finders::find_module(&trace.ask, entry.value.as_bstr(), top, &suffixes)?;
            Some((file, entry.origin))
        });
        let Some((mut file, origin)) = found else {
            let is_known = known_code::BUILT_IN.contains(&top) || known_code::MAY_BE_BUILT_IN.contains(&top);
            return if is_known { Verdict::Valid } else { self.missing_module(module) };
        };
        if origin == Origin::PythonPath {
            let text = sentence!("a filter of warnings names ", category, ", so that this module runs before site");
            doubts.push(Doubt::Code { file, line: None, text, step: trace.step() });
            return Verdict::Valid;
        }
        for part in parts {
            let Some(dir) = file.strip_suffix(b"/__init__.py").map(BString::from) else {
                return if is_alias(name) { Verdict::Valid } else { self.missing_module(module) };
            };
            match finders::find_module(&trace.ask, dir.as_bstr(), part, &suffixes) {
                Some(inner) => file = inner,
                None => return self.missing_module(module),
            }
        }
        // Python reads the compiled file where that is fresh, so this is no lookup of its startup.
        let is_source = file.ends_with(b".py") && is_absolute(self.input.invocation.platform, file.as_bstr());
        match trace.ask.host().read(file.as_bstr(), MOST_BYTES) {
            Ok(content) if is_source && !may_have(&content, class) => {
                Verdict::Ignored(sentence!("unknown warning category: ", self.repr(category)))
            }
            _ => Verdict::Valid,
        }
    }

    fn missing_module(&self, module: &BStr) -> Verdict {
        Verdict::Ignored(sentence!("invalid module name: ", self.repr(module)))
    }

    fn line_problem(&self, line: &BStr) -> Option<BString> {
        if line.is_empty() {
            return None;
        }
        let text = line.trim_ascii();
        let (is_negative, digits) = match text.first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        // Python also reads the digits of other scripts, and nothing is said about them.
        if !digits.is_ascii() {
            return None;
        }
        let groups = digits.split(|&byte| byte == b'_');
        let is_number = groups.clone().all(|group| !group.is_empty() && group.iter().all(u8::is_ascii_digit));
        let is_zero = digits.iter().all(|digit| matches!(digit, b'0' | b'_'));
        if !is_number {
            return Some(sentence!("invalid lineno ", self.repr(line)));
        }
        if is_negative && !is_zero {
            let digits: BString = digits.iter().copied().filter(|&byte| byte != b'_').collect::<Vec<u8>>().into();
            return Some(sentence!("invalid lineno -", digits.trim_start_with(|c| c == '0')));
        }
        None
    }

    fn repr(&self, text: &BStr) -> BString {
        python::repr(text, self.charset)
    }
}

/// A module that is the attribute of another that is no package.
fn is_alias(name: &str) -> bool {
    name == "os.path"
}

/// Whether a module of the standard library may have an attribute: it does nothing there that its text does not show, and a
/// `__getattr__` answers only names that are written in it.
fn may_have(content: &[u8], name: &str) -> bool {
    let Ok(text) = content.to_str() else { return true };
    let is_letter = |c: char| c == '_' || c.is_alphanumeric();
    let is_open = text.contains("import *") || text.contains("globals()");
    !name.is_empty()
        && (is_open || name.starts_with("__") || text.split(|c: char| !is_letter(c)).any(|word| word == name))
}
