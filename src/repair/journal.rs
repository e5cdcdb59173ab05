//! The journal: what a transaction was to do, what was there before, and how far it came. Its first line is on the disk
//! before anything is changed, so that whatever is interrupted can be taken back.

use std::time::{Duration, SystemTime};

use bstr::{BString, ByteSlice};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::built::Built;
use super::bytes::Bytes;
use super::operation::{Operation, What};
use super::paths;
use super::state::State;
use crate::host::{Attributes, HostError, Store};

/// The version of the format.
const VERSION: u32 = 1;
/// The seconds of a day.
const DAY: u64 = 86400;
/// So many transactions are kept; older ones are forgotten.
const MOST_KEPT: usize = 50;

/// One line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
enum Line {
    /// What is to be done.
    Begun(Box<Begun>),
    /// Everything was done.
    Applied {
        directories: Vec<Directory>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        built: Vec<Built>,
    },
    /// It is being taken back.
    Undoing,
    /// It could not be taken back completely: something else has changed what it changed.
    Abandoned,
}

/// What a transaction does, and what it needs to be taken back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Begun {
    version: u32,
    id: String,
    /// When, in seconds since 1970.
    time: u64,
    pub(super) done: Vec<Done>,
    /// The directories in which names change, as they were.
    pub(super) directories: Vec<Directory>,
    /// The document that was printed.
    pub(super) document: Value,
}

/// An operation in the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Done {
    pub(super) action: Kind,
    pub(super) path: Bytes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Bytes>,
    pub(super) before: State,
    pub(super) after: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) attributes: Option<Attributes>,
    /// Where a program builds something new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) builds: Vec<Bytes>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Write,
    Symlink,
    Remove,
    Rename,
    Mkdir,
    Chmod,
    Run,
}

/// The times of a directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Directory {
    pub(super) path: Bytes,
    pub(super) times: [(i64, i64); 2],
}

impl Done {
    pub(super) fn of(operation: &Operation, attributes: Option<Attributes>) -> Self {
        let (action, to) = match &operation.what {
            What::Write { .. } => (Kind::Write, None),
            What::Symlink { .. } => (Kind::Symlink, None),
            What::Remove { .. } => (Kind::Remove, None),
            What::Rename { to, .. } => (Kind::Rename, Some(Bytes(to.clone()))),
            What::MakeDir { .. } => (Kind::Mkdir, None),
            What::SetMode { .. } => (Kind::Chmod, None),
            What::Run { .. } => (Kind::Run, None),
        };
        let builds = match &operation.what {
            What::Run { builds, .. } => builds.iter().cloned().map(Bytes).collect(),
            _ => Vec::new(),
        };
        let path = operation.what.path().cloned().unwrap_or_default();
        let (before, after) = (operation.before.clone(), operation.after.clone());
        Self { action, path: Bytes(path), to, before, after, attributes, builds }
    }
}

/// How far a transaction came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Begun,
    Applied,
    Undoing,
    Abandoned,
}

/// A transaction as its journal tells it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) begun: Begun,
    pub(super) stage: Stage,
    /// The directories as the transaction left them.
    pub(super) left: Vec<Directory>,
    /// What its programs have built.
    pub(super) built: Vec<Built>,
}

impl Told {
    /// Whether it ran a program of which nobody knows what it changed.
    pub(super) fn is_irreversible(&self) -> bool {
        self.begun.done.iter().any(|done| done.action == Kind::Run && done.builds.is_empty())
    }
}

/// A transaction that can be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Transaction {
    /// Its name.
    pub id: String,
    /// When it was begun.
    pub time: SystemTime,
    /// What it changed.
    pub paths: Vec<BString>,
}

/// The journal of this user.
#[derive(Debug)]
pub struct Journal {
    pub(super) store: Store,
}

impl Journal {
    /// The journal in a store.
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The transactions that can be undone, the newest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn list(&self) -> Result<Vec<Transaction>, HostError> {
        let mut found = Vec::new();
        for id in self.store.transactions()?.into_iter().rev() {
            let is_undoable = |told: &Told| told.stage == Stage::Applied && !told.is_irreversible();
            let Some(told) = self.read(&id).filter(is_undoable) else { continue };
            let changed = told.begun.done.iter().flat_map(|done| done.builds.iter().chain([&done.path]));
            let mut paths: Vec<BString> = changed.map(|path| path.0.clone()).collect();
            paths.retain(|path| !path.is_empty());
            paths.sort();
            paths.dedup();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(told.begun.time);
            found.push(Transaction { id, time, paths });
        }
        Ok(found)
    }

    /// A transaction; none where its journal tells nothing.
    pub(super) fn read(&self, id: &str) -> Option<Told> {
        let content = self.store.read(id).ok()?;
        // A line without its end was being written, and says nothing.
        let mut lines = content.lines_with_terminator().filter(|line| line.ends_with(b"\n"));
        let Line::Begun(begun) = serde_json::from_slice(lines.next()?).ok()? else { return None };
        let mut told = Told { begun: *begun, stage: Stage::Begun, left: Vec::new(), built: Vec::new() };
        for line in lines {
            match serde_json::from_slice(line) {
                Ok(Line::Applied { directories, built }) => {
                    (told.stage, told.left, told.built) = (Stage::Applied, directories, built);
                }
                Ok(Line::Undoing) => told.stage = Stage::Undoing,
                Ok(Line::Abandoned) => told.stage = Stage::Abandoned,
                Ok(Line::Begun(_)) | Err(_) => {}
            }
        }
        Some(told)
    }

    /// Begins a transaction, and returns its name.
    pub(super) fn begin(
        &self,
        now: SystemTime,
        done: Vec<Done>,
        directories: Vec<Directory>,
        document: Value,
    ) -> Result<String, HostError> {
        let time = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mut begun =
            Begun { version: VERSION, id: String::new(), time: time.as_secs(), done, directories, document };
        for number in 0..1000 {
            begun.id = format!("{}-{:03}", stamp(time.as_secs()), (time.subsec_millis() + number) % 1000);
            let text = line(&Line::Begun(Box::new(begun.clone())));
            match self.store.begin(&begun.id, &text) {
                Ok(()) => return Ok(begun.id),
                Err(HostError::Exists) => {}
                Err(error) => return Err(error),
            }
        }
        Err(HostError::Exists)
    }

    pub(super) fn applied(&self, id: &str, directories: Vec<Directory>, built: Vec<Built>) -> Result<(), HostError> {
        self.store.append(id, &line(&Line::Applied { directories, built }))
    }

    pub(super) fn undoing(&self, id: &str) -> Result<(), HostError> {
        self.store.append(id, &line(&Line::Undoing))
    }

    pub(super) fn abandoned(&self, id: &str) -> Result<(), HostError> {
        self.store.append(id, &line(&Line::Abandoned))
    }

    /// Forgets the oldest transactions.
    pub(super) fn prune(&self) -> Result<(), HostError> {
        let ids = self.store.transactions()?;
        let old = ids.len().saturating_sub(MOST_KEPT);
        ids.iter().take(old).try_for_each(|id| self.store.forget(id))
    }
}

/// The directories in which these operations change names, with their times.
pub(super) fn directories(done: &[Done]) -> Vec<Directory> {
    let changed = done.iter().flat_map(|done| [Some(&done.path), done.to.as_ref()]).flatten();
    let mut paths: Vec<BString> = changed.map(|path| paths::parent(&path.0)).collect();
    paths.sort();
    paths.dedup();
    let times = |path: BString| Some(Directory { times: Store::times(path.as_bstr()).ok()?, path: Bytes(path) });
    paths.into_iter().filter_map(times).collect()
}

fn line(line: &Line) -> Vec<u8> {
    // Every key is a string, so that this cannot fail.
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    text
}

/// `20261128T084500Z` of so many seconds since 1970.
fn stamp(seconds: u64) -> String {
    let ((year, month, day), (hour, minute, second)) = (date(seconds / DAY), clock(seconds));
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

/// The time of day.
fn clock(seconds: u64) -> (u64, u64, u64) {
    let second = seconds % DAY;
    (second / 3600, second / 60 % 60, second % 60)
}

/// The date of a day since 1970, by the rule of leap years.
fn date(days: u64) -> (u64, u64, u64) {
    let is_leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (mut year, mut rest) = (1970, days);
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if rest < length {
            break;
        }
        rest -= length;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

/// A time as RFC 3339 writes it.
pub fn rfc_3339(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let ((year, month, day), (hour, minute, second)) = (date(seconds / DAY), clock(seconds));
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_785), (2026, 11, 28));
        assert_eq!(stamp(1_795_855_521), "20261128T084521Z");
    }
}
