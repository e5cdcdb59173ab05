//! A fix: advice in words, what it does, and commands ready to paste that do the same.

use bstr::{BStr, BString, ByteSlice};

use super::action::Action;
use super::code::Code;
use super::effect::Effect;
use super::shell::Line;
use crate::environment::Installed;
use crate::host::Platform;
use crate::text::{file_url, sentence};

/// What to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Fix {
    /// What to do, in words.
    pub advice: BString,
    /// The commands that do it, in order, ready to paste into a shell; none where the user has to decide.
    pub commands: Vec<BString>,
    /// What it does, in order; none where the user has to decide, or where only the user's own shell can do it.
    pub actions: Vec<Action>,
    /// What each of the actions changes on this machine; empty as long as nobody has looked.
    pub effects: Vec<Option<Effect>>,
    /// Whether it changes only what is wrong and loses nothing that is installed or configured.
    pub safe: bool,
    /// What was installed in the environment that it creates again.
    pub inventory: Vec<Installed>,
    /// Whether a command cannot be written for every shell: then no other is given either, since they belong together.
    pub(in crate::rules) is_unwritable: bool,
    /// Whether it must not be done, because a part of it would change what is not the environment's.
    pub(in crate::rules) is_forbidden: bool,
    /// Whether a part of it changes the shell, which only its user can do: then nothing of it is done by a program.
    pub(in crate::rules) is_by_hand: bool,
    /// Whether it creates the whole environment again, so that nothing else in it needs to be mended.
    pub(in crate::rules) recreates: bool,
}

impl Fix {
    /// Advice without a command.
    pub fn advice(text: impl Into<BString>) -> Self {
        Self {
            advice: text.into(),
            commands: Vec::new(),
            actions: Vec::new(),
            effects: Vec::new(),
            safe: false,
            inventory: Vec::new(),
            is_unwritable: false,
            is_forbidden: false,
            is_by_hand: false,
            recreates: false,
        }
    }

    /// Adds a command and what it does. If it may not be given, the fix keeps nothing but its advice; if no shell can be
    /// given its text, the fix loses all commands and keeps its actions.
    #[must_use]
    pub fn command(mut self, line: Line) -> Self {
        let at = self.commands.len();
        let end = self.actions.len();
        self.insert(line, at, end);
        self
    }

    /// Adds a command in front of the others. Without others there is nothing that it prepares, and it is left out.
    #[must_use]
    pub fn preceded_by(mut self, line: Line) -> Self {
        if !self.commands.is_empty() || !self.actions.is_empty() {
            self.insert(line, 0, 0);
        }
        self
    }

    fn insert(&mut self, line: Line, command: usize, action: usize) {
        let actions = line.actions();
        self.is_by_hand |= actions.is_empty();
        self.is_forbidden |= !line.is_allowed();
        self.actions.splice(action..action, actions);
        match line.into_text() {
            Some(text) if !self.is_unwritable => self.commands.insert(command, text),
            _ => self.is_unwritable = true,
        }
        self.drop_what_is_refused();
        self.safe &= !self.is_unwritable && !self.runs_a_program();
    }

    /// Adds commands.
    #[must_use]
    pub fn commands(self, lines: impl IntoIterator<Item = Line>) -> Self {
        lines.into_iter().fold(self, Self::command)
    }

    /// Adds what another fix does, and nothing of its words.
    #[must_use]
    pub(in crate::rules) fn followed_by(mut self, other: Self) -> Self {
        self.commands.extend(other.commands);
        self.actions.extend(other.actions);
        self.inventory.extend(other.inventory);
        self.is_unwritable |= other.is_unwritable;
        self.is_forbidden |= other.is_forbidden;
        self.is_by_hand |= other.is_by_hand;
        self.drop_what_is_refused();
        self
    }

    fn drop_what_is_refused(&mut self) {
        if self.is_unwritable {
            self.commands.clear();
        }
        if self.is_by_hand || self.is_forbidden {
            self.actions.clear();
        }
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
        let own = std::mem::replace(self, Self::advice(""));
        let advice = sentence!(own.advice, "; ", other.advice);
        let safe = own.safe && other.safe;
        *self = Self { advice, safe, ..own.followed_by(other) };
    }

    /// Whether it runs a program.
    pub(crate) fn runs_a_program(&self) -> bool {
        self.actions.iter().any(Action::is_run)
    }

    /// Marks the fix as safe, unless it runs a program, which may do anything.
    #[must_use]
    pub fn safe(mut self) -> Self {
        let is_done = !self.commands.is_empty() || !self.actions.is_empty();
        self.safe = is_done && !self.is_forbidden && !self.runs_a_program();
        self
    }

    /// Takes away everything but the advice.
    pub(in crate::rules) fn clear(&mut self) {
        self.commands.clear();
        self.actions.clear();
        self.inventory.clear();
        self.safe = false;
    }

    /// Takes away the commands, which nobody would paste.
    pub(in crate::rules) fn leave_to_program(&mut self) {
        self.commands.clear();
        self.safe = false;
    }

    /// Where no shell can be given the commands, the one that has this program do the same. The path of the environment is a
    /// URL where no shell can be given it either.
    pub(in crate::rules) fn spell_out(&mut self, platform: Platform, code: Code, root: &BStr) {
        if self.commands.is_empty() && !self.actions.is_empty() {
            let line = Line::new(platform, "venv-doctor").words(["fix", "--select", code.text()]);
            // Without the option, only what is proven to be safe is done.
            let line = if self.safe { line } else { line.word("--unsafe") };
            let by_path = line.clone().word(root.as_bytes()).into_text();
            self.commands.extend(by_path.or_else(|| line.word(file_url::of_path(root)).into_text()));
        }
    }
}
