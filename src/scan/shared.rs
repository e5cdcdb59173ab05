//! A host that remembers what it was asked about base interpreters, which many environments have in common.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use bstr::{BStr, BString, ByteSlice};

use crate::host::{Binary, Host, HostError, LiveHost, Machine, Metadata, Platform, Process, ProgramKind};

/// So many parts has each memory, so that threads seldom wait for one another.
const SHARDS: usize = 16;
/// No more answers are kept in a part than this: a base has a few dozen that anybody asks for.
const MOST_KEPT: usize = 4096;

/// Answers by path.
struct Memory<T> {
    shards: [Mutex<HashMap<BString, Result<T, HostError>>>; SHARDS],
}

impl<T: Clone> Memory<T> {
    fn new() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()) }
    }

    fn recall(&self, path: &BStr, ask: impl FnOnce(&BStr) -> Result<T, HostError>) -> Result<T, HostError> {
        let mut hasher = DefaultHasher::new();
        path.hash(&mut hasher);
        let index = usize::try_from(hasher.finish() % 16).unwrap_or_default();
        let Some(shard) = self.shards.get(index) else { return ask(path) };
        if let Some(known) = shard.lock().ok().and_then(|shard| shard.get(path).cloned()) {
            return known;
        }
        let answer = ask(path);
        if let Some(mut shard) = shard.lock().ok().filter(|shard| shard.len() < MOST_KEPT) {
            shard.insert(path.to_owned(), answer.clone());
        }
        answer
    }
}

/// What all environments share.
pub struct Answers {
    metadata: Memory<Metadata>,
    links: Memory<Metadata>,
    targets: Memory<BString>,
    listings: Memory<Vec<BString>>,
    reals: Memory<BString>,
}

impl Answers {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self {
            metadata: Memory::new(),
            links: Memory::new(),
            targets: Memory::new(),
            listings: Memory::new(),
            reals: Memory::new(),
        }
    }
}

/// The live machine as seen while one environment is examined: what lies outside of its directory is asked once for all.
pub struct SharedHost<'a> {
    answers: &'a Answers,
    root: &'a BStr,
}

impl<'a> SharedHost<'a> {
    /// For the environment in `root`.
    pub fn new(answers: &'a Answers, root: &'a BStr) -> Self {
        Self { answers, root }
    }

    /// Whether other environments will hardly ask about it: it lies in this one, or beside it.
    fn is_own(&self, path: &BStr) -> bool {
        let parent = self.root.rfind_byte(b'/').map_or(self.root, |end| self.root[..end].as_bstr());
        path.starts_with(parent)
    }

    fn recall<T: Clone>(
        &self,
        memory: &Memory<T>,
        path: &BStr,
        ask: impl FnOnce(&BStr) -> Result<T, HostError>,
    ) -> Result<T, HostError> {
        if self.is_own(path) { ask(path) } else { memory.recall(path, ask) }
    }
}

impl Host for SharedHost<'_> {
    fn platform(&self) -> Platform {
        LiveHost.platform()
    }

    fn machine(&self) -> Option<Machine> {
        LiveHost.machine()
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.recall(&self.answers.metadata, path, |path| LiveHost.metadata(path))
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.recall(&self.answers.links, path, |path| LiveHost.link_metadata(path))
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        self.recall(&self.answers.targets, path, |path| LiveHost.read_link(path))
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        LiveHost.read(path, limit)
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        self.recall(&self.answers.listings, path, |path| LiveHost.list_dir(path))
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        self.recall(&self.answers.reals, path, |path| LiveHost.real_path(path))
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        static LIVE: LiveHost = LiveHost;
        LIVE.open(path)
    }

    fn may_execute(&self, path: &BStr) -> bool {
        LiveHost.may_execute(path)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        LiveHost.variable(name)
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        LiveHost.current_dir()
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        LiveHost.program(path)
    }

    fn process(&self) -> Process {
        LiveHost.process()
    }

    fn account_home(&self) -> Option<BString> {
        LiveHost.account_home()
    }
}
