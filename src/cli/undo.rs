//! `venv-doctor undo`: take back what `fix` has done.

use bstr::ByteSlice;

use super::args::{Format, UndoArguments};
use super::exit::Exit;
use super::journal;
use super::output::{self, Failure};
use crate::repair::{UndoError, undo};
use crate::report::fix::{list_to_json, list_to_text, undone};

impl Failure for UndoError {
    fn help(&self) -> Vec<String> {
        match self {
            Self::Unknown(_) => vec!["`venv-doctor undo --list` lists all transactions".to_owned()],
            Self::Changed { .. } => vec!["nothing was changed; restore the file, or change it by hand".to_owned()],
            _ => Vec::new(),
        }
    }
}

/// Undoes the transaction that the arguments name, or lists all of them.
pub fn run(arguments: &UndoArguments) -> Exit {
    let opened = match journal::open() {
        Ok(opened) => opened,
        Err(error) => return output::refuse(&error),
    };
    for text in &opened.notes {
        output::note(text.as_bstr());
    }
    if arguments.list {
        return match opened.journal.list() {
            Ok(transactions) => match arguments.output.format() {
                Format::Json => output::print(&list_to_json(&transactions), Exit::Success),
                Format::Text => output::print(&output::text(list_to_text(&transactions)), Exit::Success),
            },
            Err(error) => output::refuse(&UndoError::from(error)),
        };
    }
    match undo(&opened.journal, arguments.transaction.as_deref()) {
        Ok((id, document)) => match arguments.output.format() {
            Format::Json => output::print(&undone(document, &id), Exit::Success),
            Format::Text => output::print(format!("Transaction {id} is undone.\n").as_bytes(), Exit::Success),
        },
        Err(error @ UndoError::Nothing) if !opened.notes.is_empty() => {
            // What was interrupted was the last thing that was done, and has just been taken back.
            drop(error);
            Exit::Success
        }
        Err(error @ (UndoError::Nothing | UndoError::Unknown(_))) => {
            output::refuse(&error);
            Exit::Problems
        }
        Err(error) => output::refuse(&error),
    }
}
