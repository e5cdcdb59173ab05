//! `addpackage` of virtualenv: no exception of a line is caught.

use bstr::{BStr, ByteSlice};

use super::super::Site;
use crate::startup::behaviors::Behavior;
use crate::startup::fatal::Fatal;
use crate::startup::known_code::{self, Line};
use crate::startup::python_code::{Grammar, Token, tokens};
use crate::startup::record::Fault;
use crate::startup::steps::StepId;
use crate::text::python;
use crate::text::sentence;

/// What may follow a name at the beginning of a line so that its value is needed.
const NEEDING: &[&str] = &[".", "/", "//", "-", "+", "*", "**", "%", "@", "|", "&", "^", "<<", ">>", "(", "["];

/// Code that the release does not compile.
pub(in super::super) const SYNTAX_ERROR: &str = "SyntaxError";

impl Site<'_, '_, '_> {
    pub(super) fn add_virtualenv_file(&mut self, dir: &BStr, name: &BStr) -> Result<(), Fatal> {
        self.trace.begin(StepId::Pth);
        let file = self.join(&[dir, name]);
        self.trace.say(sentence!("Python reads ", file, "."));
        let Some(text) = self.read_text(file.as_bstr(), false)? else { return Ok(()) };
        for (index, line) in text.lines().iter().enumerate() {
            let number = index + 1;
            if line.starts_with(b"#") {
                continue;
            }
            if line.starts_with(b"import") {
                self.run_uncaught(file.as_bstr(), number, line.as_bstr())?;
                continue;
            }
            let line = python::strip_end(line);
            if line.contains(&0) && !self.has(Behavior::NulPathMissing) {
                return Err(self.uncaught(file.as_bstr(), Some(number), "ValueError: embedded null byte"));
            }
            self.add_line(dir, file.as_bstr(), number, line);
        }
        self.note_path();
        Ok(())
    }

    /// A line that begins with `import`, whatever the word is.
    fn run_uncaught(&mut self, file: &BStr, number: usize, line: &BStr) -> Result<(), Fatal> {
        if let Some(name) = self.undefined_name(line) {
            let exception = format!("NameError: name '{name}' is not defined");
            return Err(self.uncaught(file, Some(number), &exception));
        }
        if self.run_line(file, number, line)? {
            return Ok(());
        }
        let exception = self.raised.take().unwrap_or_else(|| SYNTAX_ERROR.to_owned());
        Err(self.uncaught(file, Some(number), &exception))
    }

    /// The first word of a line that is no import statement, if its value is needed: nothing of that name is defined here.
    fn undefined_name(&self, line: &BStr) -> Option<String> {
        if known_code::line(line, self.input.behaviors) == Line::Invalid {
            return None;
        }
        let found = tokens(line, Grammar::of(self.input.behaviors)).ok()?;
        match found.list.as_slice() {
            [Token::Name(name), Token::Newline, ..] if name != "import" => Some(name.clone()),
            [Token::Name(name), Token::Op(op), ..] if name != "import" && NEEDING.contains(op) => Some(name.clone()),
            _ => None,
        }
    }

    /// An exception that ends the start.
    pub(in super::super) fn uncaught(&mut self, file: &BStr, line: Option<usize>, exception: &str) -> Fatal {
        self.note_fault(file, line, Fault::Exits(exception.to_owned()));
        let place = match line {
            Some(line) => sentence!("line ", line.to_string(), " of ", file),
            None => file.to_owned(),
        };
        let mut fatal =
            self.failure(exception, sentence!(place, " fails, and virtualenv's site.py catches no such exception"));
        if exception == SYNTAX_ERROR {
            // What it says of the line differs between releases.
            fatal.messages.pop();
        }
        fatal
    }
}
