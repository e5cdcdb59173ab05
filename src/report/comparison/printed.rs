//! What the real interpreter printed on standard error while it started, next to what was predicted.

use std::borrow::Cow;
use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use crate::host::Platform;
use crate::startup::{Doubt, Resolution};
use crate::text::charmap;

/// Lines that show a whole group of settings at work: after them, what is printed depends on every import.
const FLOODS: [&str; 2] = ["import _frozen_importlib # frozen", "import time: self [us]"];
/// Lines of the dynamic loader and of `PyPy`'s memory management, which are about the machine and not about the start.
const OF_THE_MACHINE: [&str; 2] = ["ERROR: ld.so: ", "Warning: cannot find your CPU L2"];
const OF_THE_LOADER: &str = "no version information available (required by";
/// Beginnings of what belongs to the lines around it.
const ATTACHED: [&str; 6] = [
    "Traceback (most recent call last):",
    "During handling of the above exception",
    "The above exception was the direct cause",
    "Current thread 0x",
    "<no Python frame>",
    "Extension modules:",
];
/// What Python prints about code that fails, whoever wrote the code.
const OF_PYTHON: [&str; 12] = [
    "Error processing line",
    "Error in import line",
    "Error in entry point",
    "Error resolving entry point",
    "Error in sitecustomize",
    "Error in usercustomize",
    "Fatal Python error",
    "Failed to import the site module",
    "Failed calling sys.",
    "Exception ignored",
    "Invalid -W option",
    "Could not open PYTHONSTARTUP",
];
const SYNTAX_ERRORS: [&str; 3] = ["SyntaxError: ", "IndentationError: ", "TabError: "];
/// The prompt of an interactive session, which goes to standard error too.
const PROMPT: &[u8] = b">>> ";

/// The predicted messages that were printed, in the order of the prediction, and after them those that were not predicted.
///
/// Where code runs that is not recognized, lines that this code may have printed do not count. A traceback always does.
pub fn seen(resolution: &Resolution, printed: &BStr) -> Vec<BString> {
    let mut reader = Reader::new(resolution);
    for line in printed.lines() {
        let line = in_utf8(resolution, line.as_bstr());
        let mut line = line.as_bstr();
        while let Some(rest) = line.strip_prefix(PROMPT) {
            line = rest.as_bstr();
        }
        reader.read(line);
    }
    let is_flood = |message: &BString| FLOODS.iter().any(|flood| message.starts_with(flood.as_bytes()));
    let is_flooded = resolution.messages.iter().any(is_flood) || has_statistics(resolution);
    let was_printed = |message: &&BString| {
        let mut lines = message.lines().filter(|line| !line.trim_ascii().is_empty());
        lines.all(|line| reader.take(line.as_bstr()))
    };
    let foreseen: Vec<BString> = resolution.messages.iter().filter(was_printed).cloned().collect();
    let unforeseen = reader.unforeseen.take();
    foreseen.into_iter().chain(unforeseen.into_iter().filter(|_| !is_flooded)).collect()
}

/// A line as UTF-8: Windows prints to a pipe in the code page of the system.
fn in_utf8<'l>(resolution: &Resolution, line: &'l BStr) -> Cow<'l, BStr> {
    if resolution.invocation.platform != Platform::Windows || line.to_str().is_ok() {
        return line.into();
    }
    let page = resolution.invocation.locale_encoding.as_ref().and_then(|name| charmap::named(name.as_bytes()));
    page.and_then(|page| page.decode(line).ok()).map_or(line.into(), Cow::Owned)
}

/// Whether the allocator prints statistics, which it does whenever it needs memory.
fn has_statistics(resolution: &Resolution) -> bool {
    let flags = resolution.invocation.flags;
    let is_set = resolution.invocation.variable("PYTHONMALLOCSTATS").is_some_and(|value| !value.is_empty());
    is_set && !flags.ignore_environment && !flags.isolated
}

/// Reads standard error line by line.
struct Reader {
    /// How often each predicted line may still come.
    expected: HashMap<BString, usize>,
    /// How often each of them came.
    found: std::cell::RefCell<HashMap<BString, usize>>,
    unforeseen: std::cell::Cell<Vec<BString>>,
    /// Whether the last line that is no part of another was predicted.
    is_foreseen: bool,
    /// Whether a traceback, or the body of another message, is open.
    in_body: bool,
    /// Whether a traceback is open.
    in_traceback: bool,
    /// Whether code that is not recognized may have printed lines of its own.
    is_excused: bool,
}

impl Reader {
    fn new(resolution: &Resolution) -> Self {
        let mut expected = HashMap::new();
        for line in resolution.messages.iter().flat_map(|message| message.lines()) {
            *expected.entry(normal(line.as_bstr())).or_default() += 1;
        }
        Self {
            expected,
            found: std::cell::RefCell::default(),
            unforeseen: std::cell::Cell::default(),
            is_foreseen: false,
            in_body: false,
            in_traceback: false,
            is_excused: resolution.doubts.iter().any(|doubt| matches!(doubt, Doubt::Code { .. })),
        }
    }

    fn read(&mut self, line: &BStr) {
        let begins = |texts: &[&str]| texts.iter().any(|text| line.starts_with(text.as_bytes()));
        if line.trim_ascii().is_empty() || begins(&OF_THE_MACHINE) || line.contains_str(OF_THE_LOADER) {
            return;
        }
        let known = normal(line);
        if let Some(left) = self.expected.get_mut(&known).filter(|left| **left > 0) {
            *left -= 1;
            *self.found.get_mut().entry(known).or_default() += 1;
            (self.is_foreseen, self.in_body, self.in_traceback) = (true, false, false);
        } else if line.starts_with(b" ") || begins(&ATTACHED) {
            self.in_body = true;
            self.in_traceback |= begins(&ATTACHED[..3]);
        } else if self.is_foreseen && (self.in_body || is_exception(line)) {
            // The exception that a predicted line announces.
            (self.in_body, self.in_traceback) = (false, false);
        } else {
            let counts = !self.is_excused || begins(&OF_PYTHON) || self.in_traceback;
            if counts {
                let text = if self.in_traceback {
                    bstr::concat(["Traceback: ".as_bytes(), line]).into()
                } else {
                    line.to_owned()
                };
                self.unforeseen.get_mut().push(text);
            }
            (self.is_foreseen, self.in_body, self.in_traceback) = (false, false, false);
        }
    }

    /// Takes one of the lines that were found.
    fn take(&self, line: &BStr) -> bool {
        let mut found = self.found.borrow_mut();
        let Some(left) = found.get_mut(&normal(line)).filter(|left| **left > 0) else { return false };
        *left -= 1;
        true
    }
}

/// `ModuleNotFoundError: No module named 'x'`: a name before the first colon, or nothing else.
fn is_exception(line: &BStr) -> bool {
    let name = line.split_once_str(":").map_or(line.as_bytes(), |(name, _)| name);
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

/// A line without what cannot be known: the place of a warning in Python's own code, and the words in which a release
/// says what is wrong with code.
fn normal(line: &BStr) -> BString {
    if let Some(at) = line.find(": RuntimeWarning: ").filter(|&at| at > 0 && line[at - 1].is_ascii_digit()) {
        return line[at + 2..].into();
    }
    let indent = line.len() - line.trim_ascii_start().len();
    let text = &line[indent..];
    if SYNTAX_ERRORS.iter().any(|name| text.starts_with(name.as_bytes())) {
        return bstr::concat([line[..indent].as_bytes(), b"SyntaxError"]).into();
    }
    line.trim_ascii_end().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_known_is_left_out() {
        for (line, normalized) in [
            ("<frozen site>:107: RuntimeWarning: Unexpected value", "RuntimeWarning: Unexpected value"),
            ("RuntimeWarning: Unexpected value", "RuntimeWarning: Unexpected value"),
            ("  SyntaxError: invalid syntax", "  SyntaxError"),
            ("IndentationError: unexpected indent", "SyntaxError"),
            ("ValueError: x ", "ValueError: x"),
        ] {
            assert_eq!(normal(line.into()), normalized);
        }
    }
}
