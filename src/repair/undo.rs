//! Taking a transaction back: one that was interrupted, or one that was completed and is no longer wanted.

use bstr::{BStr, BString, ByteSlice};
use serde_json::Value;
use thiserror::Error;

use super::apply::restore_times;
use super::built::{changed_since, remove_built};
use super::journal::{Directory, Done, Journal, Kind, Stage, Told};
use super::paths::is_below;
use super::state::State;
use crate::host::{Change, Host, HostError, LiveHost, Store};
use crate::text::escape::escape;

/// Why a transaction is not undone. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UndoError {
    /// There is none.
    #[error("there is nothing to undo")]
    Nothing,
    /// None has this name.
    #[error("there is no transaction {}", escape(BStr::new(.0)))]
    Unknown(String),
    /// It ran a program, and nobody knows what that has changed.
    #[error("transaction {0} ran a program, which cannot be undone")]
    Irreversible(String),
    /// Something that it changed has been changed since.
    #[error("{} has changed since transaction {id}", escape(.path.as_bstr()))]
    Changed {
        /// The transaction.
        id: String,
        /// What has changed.
        path: BString,
    },
    /// It could not be undone completely.
    #[error("{} cannot be restored", escape(.0.as_bstr()))]
    Stuck(BString),
    /// The journal cannot be read or written.
    #[error("the journal cannot be used: {0}")]
    Journal(#[from] HostError),
}

/// Undoes a transaction, or the last one. Returns its name and the document that was printed for it.
///
/// # Errors
/// Why it is not undone.
pub fn undo(journal: &Journal, id: Option<&str>) -> Result<(String, Value), UndoError> {
    let id = match id {
        Some(id) => id.to_owned(),
        None => journal.list()?.into_iter().next().ok_or(UndoError::Nothing)?.id,
    };
    let is_known = journal.store.transactions()?.contains(&id);
    let told = journal.read(&id).filter(|told| is_known && told.stage == Stage::Applied);
    let told = told.ok_or_else(|| UndoError::Unknown(id.clone()))?;
    if told.is_irreversible() {
        return Err(UndoError::Irreversible(id));
    }
    if let Some(path) = changed(&told.begun.done).or_else(|| changed_since(&told.built)) {
        return Err(UndoError::Changed { id, path });
    }
    let untouched = untouched(&told);
    journal.undoing(&id)?;
    if let Some(path) = take_back(journal, &id, &told.begun.done).into_iter().next() {
        return Err(UndoError::Stuck(path));
    }
    restore_times(&untouched);
    journal.store.forget(&id)?;
    Ok((id, told.begun.document))
}

/// Completes what was interrupted: a transaction that was not completed is taken back, and so is one that was being undone.
/// Returns the names of those, and what could not be restored.
///
/// # Errors
/// Where the journal cannot be read or written.
pub fn recover(journal: &Journal) -> Result<(Vec<String>, Vec<BString>), HostError> {
    let (mut recovered, mut stuck) = (Vec::new(), Vec::new());
    for id in journal.store.transactions()? {
        let Some(told) = journal.read(&id) else {
            // Its first line was never complete, so that nothing was done.
            journal.store.forget(&id)?;
            continue;
        };
        if matches!(told.stage, Stage::Applied | Stage::Abandoned) {
            continue;
        }
        let left = take_back(journal, &id, &told.begun.done);
        if left.is_empty() {
            restore_times(&told.begun.directories);
            journal.store.forget(&id)?;
        } else {
            journal.abandoned(&id)?;
        }
        stuck.extend(left);
        recovered.push(id);
    }
    Ok((recovered, stuck))
}

/// A path that is not as the transaction left it.
fn changed(done: &[Done]) -> Option<BString> {
    let mut seen: Vec<&BString> = Vec::new();
    for one in done.iter().rev() {
        if one.action == Kind::Run {
            // What was built is compared as a whole.
            seen.extend(one.builds.iter().map(|built| &built.0));
            continue;
        }
        let path = &one.path.0;
        let to = one.to.as_ref().map(|to| &to.0);
        // Only the last operation on a path tells what is there; what is below a path that was moved later is elsewhere.
        let is_last = |path: &BString| !seen.iter().any(|other| is_below(path.as_bstr(), other.as_bstr()));
        let differs = |path: &BString, state: &State| {
            is_last(path) && !State::of(&LiveHost, path.as_bstr()).is_ok_and(|now| now.is_like(state))
        };
        if differs(path, &one.after) {
            return Some(path.clone());
        }
        if let Some(to) = to.filter(|to| differs(to, &one.before)) {
            return Some(to.clone());
        }
        seen.push(path);
        seen.extend(to);
    }
    None
}

/// The directories in which nothing else has changed since, with the times that they had before.
fn untouched(told: &Told) -> Vec<Directory> {
    let is_as_left = |directory: &&Directory| {
        let left = told.left.iter().find(|left| left.path == directory.path);
        let now = Store::times(directory.path.0.as_bstr());
        left.zip(now.ok()).is_some_and(|(left, now)| left.times[1] == now[1])
    };
    told.begun.directories.iter().filter(is_as_left).cloned().collect()
}

/// Takes back what was done, the last first, whether or not it was done. Returns what could not be restored.
pub(super) fn take_back(journal: &Journal, id: &str, done: &[Done]) -> Vec<BString> {
    let mut left = Vec::new();
    for (number, one) in done.iter().enumerate().rev() {
        let taken_back = match one.action {
            Kind::Run => remove_built(&one.builds, &done[..number]),
            _ => take_back_one(journal, id, (number, one), &done[..number]).map_err(|_| one.path.0.clone()),
        };
        left.extend(taken_back.err());
    }
    left
}

fn take_back_one(
    journal: &Journal,
    id: &str,
    (number, done): (usize, &Done),
    earlier: &[Done],
) -> Result<(), HostError> {
    let (store, path) = (&journal.store, done.path.0.as_bstr());
    Store::clean(path)?;
    let (before, after) = (&done.before, &done.after);
    let now = State::of(&LiveHost, path)?;
    if now.is_like(before) {
        return Ok(());
    }
    if !now.is_like(after) {
        // Several operations change this path, and this one was not reached, or has been taken back.
        let is_as_earlier = |one: &Done| one.path == done.path && now.is_like(&one.before);
        return if earlier.iter().any(is_as_earlier) { Ok(()) } else { Err(HostError::Exists) };
    }
    let attributes = done.attributes.clone().unwrap_or_default();
    match (done.action, before) {
        (Kind::Write | Kind::Symlink, State::Missing) => LiveHost.remove(path),
        (Kind::Mkdir, State::Missing) if LiveHost.list_dir(path)?.is_empty() => LiveHost.remove(path),
        (Kind::Remove, State::Directory { .. }) => store.put_back(id, number, path),
        (Kind::Write | Kind::Symlink | Kind::Remove, State::File { .. } | State::Symlink { .. }) => {
            store.restore(id, number, path, &attributes)
        }
        (Kind::Rename, _) => match &done.to {
            Some(to) => LiveHost.rename(to.0.as_bstr(), path),
            None => Err(HostError::InvalidPath),
        },
        (Kind::Chmod, State::File { .. }) if store.has_kept(id, number) => store.restore(id, number, path, &attributes),
        (Kind::Chmod, state) => LiveHost.set_mode(path, state.mode().ok_or(HostError::Unanswered)?),
        _ => Err(HostError::Exists),
    }
}
