//! A fix: advice in words, and commands ready to paste.

use bstr::BString;

use super::shell::Line;

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
}

impl Fix {
    /// Advice without a command.
    pub fn advice(text: impl Into<BString>) -> Self {
        Self { advice: text.into(), commands: Vec::new(), safe: false }
    }

    /// Adds a command.
    #[must_use]
    pub fn command(mut self, line: Line) -> Self {
        self.commands.push(line.into());
        self
    }

    /// Adds commands.
    #[must_use]
    pub fn commands(mut self, lines: impl IntoIterator<Item = Line>) -> Self {
        self.commands.extend(lines.into_iter().map(BString::from));
        self
    }

    /// Marks the fix as safe.
    #[must_use]
    pub fn safe(mut self) -> Self {
        self.safe = true;
        self
    }
}
