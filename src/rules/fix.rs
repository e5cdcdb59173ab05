//! A fix: advice in words, and commands ready to paste.

use bstr::BString;

use super::shell::Line;
use crate::text::sentence;

/// What to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Fix {
    /// What to do, in words.
    pub advice: BString,
    /// The commands that do it, in order, ready to paste into a shell; none where the user has to decide.
    pub commands: Vec<BString>,
    /// Whether the commands change only what is wrong and lose nothing that is installed or configured.
    pub safe: bool,
    /// Whether a command cannot be written for every shell: then no other is given either, since they belong together.
    pub(in crate::rules) is_unwritable: bool,
    /// Whether it creates the whole environment again, so that nothing else in it needs to be mended.
    pub(in crate::rules) recreates: bool,
}

impl Fix {
    /// Advice without a command.
    pub fn advice(text: impl Into<BString>) -> Self {
        Self { advice: text.into(), commands: Vec::new(), safe: false, is_unwritable: false, recreates: false }
    }

    /// Adds a command. If no shell can be given its text, the fix keeps its advice and loses all commands.
    #[must_use]
    pub fn command(mut self, line: Line) -> Self {
        match line.into_text() {
            Some(text) if !self.is_unwritable => self.commands.push(text),
            _ => {
                self.is_unwritable = true;
                self.safe = false;
                self.commands.clear();
            }
        }
        self
    }

    /// Adds a command in front of the others. Without others there is nothing that it prepares, and it is left out.
    #[must_use]
    pub fn preceded_by(mut self, line: Line) -> Self {
        match line.into_text() {
            Some(text) if !self.commands.is_empty() => self.commands.insert(0, text),
            Some(_) => {}
            None => self.commands.clear(),
        }
        self
    }

    /// Adds commands.
    #[must_use]
    pub fn commands(self, lines: impl IntoIterator<Item = Line>) -> Self {
        lines.into_iter().fold(self, Self::command)
    }

    /// Marks a fix that creates the whole environment again.
    #[must_use]
    pub(in crate::rules) fn recreating(mut self) -> Self {
        self.recreates = true;
        self
    }

    /// Adds a fix that is needed as well. One that creates the whole environment again needs no other.
    pub(in crate::rules) fn take_over(&mut self, other: Self) {
        if self.recreates {
            return;
        }
        self.advice = sentence!(self.advice, "; ", other.advice);
        self.safe &= other.safe;
        self.commands.extend(other.commands);
    }

    /// Marks the fix as safe.
    #[must_use]
    pub fn safe(mut self) -> Self {
        self.safe = !self.is_unwritable;
        self
    }
}
