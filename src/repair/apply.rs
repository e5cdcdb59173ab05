//! Carrying out a plan on the live machine: everything or nothing.

use bstr::{BString, ByteSlice};
use serde_json::Value;

use super::built::built;
use super::journal::{Directory, Done, Journal, directories};
use super::merged::merged;
use super::operation::{Operation, What};
use super::paths::is_below;
use super::state::{MOST_BYTES, State};
use super::undo::take_back;
use crate::host::{Change, Host, HostError, LiveHost, Store};
use crate::text::sentence;

/// The programs that a plan runs.
pub trait Programs {
    /// Runs one in a directory.
    ///
    /// # Errors
    /// A sentence that says why it failed.
    fn run(&mut self, argv: &[BString], cwd: Option<&BString>) -> Result<(), BString>;

    /// Whether what they have built works.
    ///
    /// # Errors
    /// A sentence that says why not.
    fn judge(&mut self) -> Result<(), BString>;
}

/// Why nothing was done. What had been done already was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Failure {
    /// One sentence.
    pub reason: BString,
    /// What could not be taken back; empty but in the worst case.
    pub left: Vec<BString>,
}

impl Failure {
    fn new(reason: BString) -> Self {
        Self { reason, left: Vec::new() }
    }
}

/// Whether this process may do all of it, and everything is as the plan saw it. Nothing is written.
///
/// # Errors
/// What stands in the way.
fn preflight(operations: &[&Operation]) -> Result<(), Failure> {
    let mut seen: Vec<&BString> = Vec::new();
    for operation in operations {
        let paths: Vec<&BString> = operation.what.paths().collect();
        // What an earlier operation has changed, or put there, is not there yet.
        let is_first = |path: &BString| !seen.iter().any(|other| is_below(path.as_bstr(), other.as_bstr()));
        for path in paths.iter().filter(|path| is_first(path)) {
            let refuse = |error: HostError| Failure::new(sentence!("cannot change ", path, ": ", error.to_string()));
            Store::may_replace(path.as_bstr()).map_err(refuse)?;
        }
        if let Some(path) = paths.first().filter(|path| is_first(path)) {
            expect(path, &operation.before)?;
        }
        if let What::Run { builds, .. } = &operation.what {
            for path in builds.iter().filter(|path| is_first(path)) {
                expect(path, &State::Missing)?;
            }
        }
        seen.extend(paths);
    }
    Ok(())
}

fn expect(path: &BString, state: &State) -> Result<(), Failure> {
    match State::of(&LiveHost, path.as_bstr()) {
        Ok(now) if now.is_like(state) => Ok(()),
        Ok(_) => Err(Failure::new(sentence!(path, " has changed since it was examined"))),
        Err(error) => Err(Failure::new(sentence!("cannot read ", path, ": ", error.to_string()))),
    }
}

/// Does all operations, and returns the name of the transaction that can be undone. `programs` runs programs, and
/// judges what they have built.
///
/// # Errors
/// Where one of them could not be done; then those before it were taken back, but for what a program has done.
pub fn apply(
    journal: &Journal,
    operations: &[&Operation],
    document: Value,
    programs: &mut dyn Programs,
) -> Result<String, Failure> {
    let merged = merged(operations);
    let operations: &[&Operation] = &merged.iter().collect::<Vec<_>>();
    preflight(operations)?;
    let failed = |error: HostError| Failure::new(sentence!("the journal cannot be written: ", error.to_string()));
    let done: Vec<Done> = operations.iter().map(|operation| entry(operation)).collect();
    let before = directories(&done);
    let now = LiveHost.now().unwrap_or(std::time::SystemTime::UNIX_EPOCH);
    let id = journal.begin(now, done.clone(), before.clone(), document).map_err(failed)?;
    for (number, operation) in operations.iter().enumerate() {
        if let Err(reason) = perform(journal, &id, number, operation, programs) {
            return Err(give_up(journal, &id, (&done, &before), reason));
        }
    }
    let builds = done.iter().any(|done| !done.builds.is_empty());
    if let Err(reason) = if builds { programs.judge() } else { Ok(()) } {
        return Err(give_up(journal, &id, (&done, &before), reason));
    }
    journal.applied(&id, directories(&done), built(&done)).map_err(failed)?;
    // Old transactions that stay take only room.
    drop(journal.prune());
    Ok(id)
}

/// What the journal says of an operation.
fn entry(operation: &Operation) -> Done {
    let path = operation.what.path().map(|path| path.as_bstr());
    Done::of(operation, path.and_then(|path| Store::attributes(path).ok()))
}

fn perform(
    journal: &Journal,
    id: &str,
    number: usize,
    operation: &Operation,
    programs: &mut dyn Programs,
) -> Result<(), BString> {
    if let What::Run { argv, cwd, .. } = &operation.what {
        return programs.run(argv, cwd.as_ref());
    }
    let path = operation.what.path().ok_or_else(BString::default)?;
    expect(path, &operation.before).map_err(|failure| failure.reason)?;
    let told = |error: HostError| sentence!("cannot change ", path, ": ", error.to_string());
    match (&operation.what, &operation.before) {
        (What::Remove { .. }, State::Directory { .. }) => {
            return journal.store.take(id, number, path.as_bstr()).map_err(told);
        }
        (
            What::Write { .. } | What::Symlink { .. } | What::Remove { .. },
            State::File { .. } | State::Symlink { .. },
        ) => journal.store.keep(id, number, path.as_bstr()).map_err(told)?,
        (What::SetMode { .. }, State::File { .. }) if has_other_names(path) => {
            journal.store.keep(id, number, path.as_bstr()).map_err(told)?;
            part(path).map_err(told)?;
        }
        _ => {}
    }
    operation.what.perform(&mut LiveHost).map_err(told)
}

/// Whether a file has other names, such as one in a cache, to which its bits belong as well.
fn has_other_names(path: &BString) -> bool {
    let access = LiveHost.link_metadata(path.as_bstr()).ok().and_then(|metadata| metadata.access);
    access.is_some_and(|access| access.links > 1)
}

/// Makes a file of its own of one that has other names.
fn part(path: &BString) -> Result<(), HostError> {
    let content = LiveHost.read(path.as_bstr(), MOST_BYTES)?;
    LiveHost.write(path.as_bstr(), &content)
}

/// Takes back what was done.
fn give_up(journal: &Journal, id: &str, (done, directories): (&[Done], &[Directory]), reason: BString) -> Failure {
    let left = take_back(journal, id, done);
    restore_times(directories);
    if left.is_empty() {
        // What stays of it is taken back again, which changes nothing.
        drop(journal.store.forget(id));
    }
    Failure { reason, left }
}

/// Sets the times of directories in which everything is as it was.
pub(super) fn restore_times(directories: &[Directory]) {
    for directory in directories {
        // The time is all that would be wrong.
        drop(Store::set_times(directory.path.0.as_bstr(), directory.times));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Change;

    fn removal(path: BString, before: State) -> Operation {
        Operation { what: What::Remove { path }, before, after: State::Missing, diff: None }
    }

    #[test]
    fn a_path_whose_spelling_begins_like_another_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| sentence!(dir.path().as_os_str().as_encoded_bytes(), "/", name);
        for name in ["python", "python3"] {
            LiveHost.write(at(name).as_bstr(), b"").unwrap();
        }
        let known = |name: &str| State::of(&LiveHost, at(name).as_bstr()).unwrap();
        let first = removal(at("python"), known("python"));
        assert!(preflight(&[&first, &removal(at("python3"), known("python3"))]).is_ok());
        assert!(preflight(&[&first, &removal(at("python3"), State::Missing)]).is_err());
    }
}
