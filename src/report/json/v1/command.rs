//! How a command led to the interpreter.

use schemars::JsonSchema;
use serde::Serialize;

use super::each;
use super::string::Text;
use crate::startup::{Command, CommandHop};

/// A command that is not itself an interpreter, and how it leads to one.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Command")]
pub(super) struct CommandReport<'a> {
    /// The command as typed.
    typed: Text<'a>,
    /// The files on the way to the interpreter, in order.
    hops: Vec<CommandHopReport<'a>>,
}

impl<'a> From<&'a Command> for CommandReport<'a> {
    fn from(command: &'a Command) -> Self {
        Self { typed: (&command.typed).into(), hops: each(&command.hops) }
    }
}

/// A file that starts another.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CommandHop")]
struct CommandHopReport<'a> {
    /// In which way.
    #[schemars(extend("enum" = ["script", "env", "shell-trampoline", "pyenv-shim", "asdf-shim", "mise-shim", "launcher"]))]
    kind: &'static str,
    /// The file.
    path: Text<'a>,
    /// What it starts: a path, or a name that leads to none.
    starts: Text<'a>,
}

impl<'a> From<&'a CommandHop> for CommandHopReport<'a> {
    fn from(hop: &'a CommandHop) -> Self {
        Self { kind: hop.kind.name(), path: (&hop.path).into(), starts: (&hop.starts).into() }
    }
}
