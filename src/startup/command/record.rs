//! How a command led to an interpreter.

use bstr::BString;

/// In which way a file starts the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandKind {
    /// Its first line names a program.
    Script,
    /// Its first line has `env` find a program.
    Env,
    /// It is a shell script of an installer, whose second line names a program.
    Trampoline,
    /// It is a shim of pyenv.
    Pyenv,
    /// It is a shim of asdf.
    Asdf,
    /// It is a shim of mise.
    Mise,
    /// It is a launcher of a script on Windows.
    Launcher,
}

impl CommandKind {
    /// The name used in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Env => "env",
            Self::Trampoline => "shell-trampoline",
            Self::Pyenv => "pyenv-shim",
            Self::Asdf => "asdf-shim",
            Self::Mise => "mise-shim",
            Self::Launcher => "launcher",
        }
    }

    /// Whether it is a shim of a version manager.
    pub fn is_shim(self) -> bool {
        matches!(self, Self::Pyenv | Self::Asdf | Self::Mise)
    }

    /// The same in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Env => "script that env starts",
            Self::Trampoline => "script that a shell starts",
            Self::Pyenv => "shim of pyenv",
            Self::Asdf => "shim of asdf",
            Self::Mise => "shim of mise",
            Self::Launcher => "launcher",
        }
    }
}

/// A file that starts another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct CommandHop {
    /// In which way.
    pub kind: CommandKind,
    /// The file.
    pub path: BString,
    /// What it starts: a path, or a name that leads to none.
    pub starts: BString,
}

/// A command that is not itself an interpreter, and how it leads to one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Command {
    /// The command as typed.
    pub typed: BString,
    /// The files on the way, in order.
    pub hops: Vec<CommandHop>,
}

impl Command {
    /// Whether a version manager had its part in it.
    pub fn has_shim(&self) -> bool {
        self.hops.iter().any(|hop| hop.kind.is_shim())
    }
}
