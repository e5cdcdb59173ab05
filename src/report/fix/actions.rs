//! What a fix does, as JSON.

use bstr::BString;
use schemars::JsonSchema;
use serde::Serialize;

#[cfg(feature = "cli")]
use crate::repair::{Operation, State, What};
use crate::report::json::v1::{Text, texts};
use crate::rules::{Action, Effect, Fix};

/// One thing that a fix does, in order.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "action", rename_all = "lowercase")]
#[schemars(rename = "Action")]
pub(in crate::report) enum ActionReport<'a> {
    /// Changes the content of a file, or creates it.
    Write {
        /// The file.
        path: Text<'a>,
        /// The digest of its content; null where there is no file, or where it was not read.
        sha256_before: Option<&'a str>,
        /// The digest of its new content.
        sha256_after: Option<&'a str>,
        /// The unified difference; null where the content is not text.
        diff: Option<&'a str>,
    },
    /// Creates or replaces a symlink.
    Symlink {
        /// The symlink.
        path: Text<'a>,
        /// What it leads to.
        target: Text<'a>,
        /// What is there before; null where that was not looked at.
        was: Option<Was<'a>>,
    },
    /// Removes a file, a symlink, or a directory with everything in it.
    Remove {
        /// What is removed.
        path: Text<'a>,
        /// What is there before; null where that was not looked at.
        was: Option<Was<'a>>,
    },
    /// Moves something.
    Rename {
        /// From here.
        path: Text<'a>,
        /// To here.
        to: Text<'a>,
    },
    /// Creates a directory.
    Mkdir {
        /// The directory.
        path: Text<'a>,
    },
    /// Changes permission bits.
    Chmod {
        /// Of this file or directory.
        path: Text<'a>,
        /// The new bits, in octal digits, or as `chmod` spells the change.
        mode: String,
        /// The bits before; null where they were not looked at.
        was: Option<String>,
    },
    /// Runs a program.
    Run {
        /// The program and its arguments.
        argv: Vec<Text<'a>>,
        /// Its working directory; null where it is that of the caller.
        cwd: Option<Text<'a>>,
        /// Whether what it does can be undone: never. What it builds where nothing was before is removed by `undo`.
        reversible: bool,
    },
}

/// What is at a path before an action.
#[derive(Serialize, JsonSchema)]
pub(in crate::report) struct Was<'a> {
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["missing", "file", "symlink", "directory", "other"]))]
    kind: &'static str,
    /// Of a symlink.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Text<'a>>,
}

#[cfg(feature = "cli")]
impl<'a> From<&'a State> for Was<'a> {
    fn from(state: &'a State) -> Self {
        let target = match state {
            State::Symlink { target } => Some(target.into()),
            _ => None,
        };
        Self { kind: state.name(), target }
    }
}

fn octal(mode: u16) -> String {
    format!("{mode:04o}")
}

fn run<'a>(argv: &'a [BString], cwd: Option<&'a BString>) -> ActionReport<'a> {
    ActionReport::Run { argv: texts(argv), cwd: cwd.map(Into::into), reversible: false }
}

#[cfg(feature = "cli")]
impl<'a> From<&'a Operation> for ActionReport<'a> {
    fn from(operation: &'a Operation) -> Self {
        let Operation { what, before, after, diff } = operation;
        match what {
            What::Write { path, .. } => Self::Write {
                path: path.into(),
                sha256_before: before.sha256(),
                sha256_after: after.sha256(),
                diff: diff.as_deref(),
            },
            What::Symlink { path, target } => {
                Self::Symlink { path: path.into(), target: target.into(), was: Some(before.into()) }
            }
            What::Remove { path } => Self::Remove { path: path.into(), was: Some(before.into()) },
            What::Rename { path, to } => Self::Rename { path: path.into(), to: to.into() },
            What::MakeDir { path } => Self::Mkdir { path: path.into() },
            What::SetMode { path, mode } => {
                Self::Chmod { path: path.into(), mode: octal(*mode), was: before.mode().map(octal) }
            }
            What::Run { argv, cwd, .. } => run(argv, cwd.as_ref()),
        }
    }
}

/// What a fix does, each action with what it changes on this machine, as far as somebody has looked.
pub(in crate::report) fn actions(fix: &Fix) -> Vec<ActionReport<'_>> {
    let effects = fix.effects.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    fix.actions.iter().zip(effects).map(|(action, effect)| of_action(action, effect)).collect()
}

fn of_action<'a>(action: &'a Action, effect: Option<&'a Effect>) -> ActionReport<'a> {
    let was = effect.map(|effect| Was { kind: effect.was, target: effect.target.as_ref().map(Into::into) });
    match action {
        Action::Write { path, .. } => {
            let [before, after] = effect.map_or([&None, &None], |effect| effect.sha256.each_ref());
            ActionReport::Write {
                path: path.into(),
                sha256_before: before.as_deref(),
                sha256_after: after.as_deref(),
                diff: effect.and_then(|effect| effect.diff.as_deref()),
            }
        }
        Action::Symlink { path, target } => ActionReport::Symlink { path: path.into(), target: target.into(), was },
        Action::Remove { path, .. } => ActionReport::Remove { path: path.into(), was },
        Action::Rename { path, to } => ActionReport::Rename { path: path.into(), to: to.into() },
        Action::MakeDir { path } => ActionReport::Mkdir { path: path.into() },
        Action::ChangeMode { path, mode } => {
            let [before, after] = effect.map(|effect| effect.mode).unwrap_or_default();
            let mode = after.map_or_else(|| mode.symbols.to_owned(), octal);
            ActionReport::Chmod { path: path.into(), mode, was: before.map(octal) }
        }
        Action::Run { argv, .. } => run(argv, None),
    }
}
