//! A host that keeps the answers about base interpreters, which many environments have in common.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use crate::host::path::Flavor;
use crate::host::{
    Binary, FileKind, Hive, Host, HostError, Machine, Metadata, Platform, Process, ProgramKind, RegistryKey, WalkEntry,
    WalkOptions, WalkState,
};

/// The parts of each memory, each with a lock of its own, so that threads seldom wait for one another.
const SHARDS: usize = 16;
/// The most answers that a part keeps. Startup asks a few dozen questions about a base.
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

/// The answers that all environments share.
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

/// A machine as seen while one environment is examined: what lies far from its directory is asked once for all of them.
pub struct SharedHost<'a> {
    host: &'a dyn Host,
    answers: &'a Answers,
    /// The directory that holds the environment's.
    parent: &'a BStr,
}

impl<'a> SharedHost<'a> {
    /// `host`, for the environment in `root`.
    pub fn new(host: &'a dyn Host, answers: &'a Answers, root: &'a BStr) -> Self {
        let separator = Flavor::of(host.platform()).separator();
        let parent = root.rfind_byte(separator).map_or(root, |end| root[..end].as_bstr());
        Self { host, answers, parent }
    }

    /// Whether other environments will hardly ask about it: it lies in this one, or next to it.
    fn is_own(&self, path: &BStr) -> bool {
        path.starts_with(self.parent)
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
        self.host.platform()
    }

    fn machine(&self) -> Option<Machine> {
        self.host.machine()
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.recall(&self.answers.metadata, path, |path| self.host.metadata(path))
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.recall(&self.answers.links, path, |path| self.host.link_metadata(path))
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        self.recall(&self.answers.targets, path, |path| self.host.read_link(path))
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        self.host.read(path, limit)
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        self.recall(&self.answers.listings, path, |path| self.host.list_dir(path))
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        self.host.visit_dir(path, visit)
    }

    fn walk(&self, root: &BStr, options: WalkOptions, visit: &mut dyn FnMut(WalkEntry<'_>) -> WalkState) {
        self.host.walk(root, options, visit);
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        self.recall(&self.answers.reals, path, |path| self.host.real_path(path))
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        self.host.open(path)
    }

    fn may_execute(&self, path: &BStr) -> bool {
        self.host.may_execute(path)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        self.host.variable(name)
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        self.host.current_dir()
    }

    fn removed_dir(&self) -> Option<BString> {
        self.host.removed_dir()
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        self.host.program(path)
    }

    fn registry(&self, hive: Hive, winver: &BStr) -> Option<RegistryKey> {
        self.host.registry(hive, winver)
    }

    fn locale_encoding(&self) -> Option<String> {
        self.host.locale_encoding()
    }

    fn now(&self) -> Option<SystemTime> {
        self.host.now()
    }

    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        self.host.capabilities(path)
    }

    fn process(&self) -> Process {
        self.host.process()
    }

    fn account_home(&self) -> Option<BString> {
        self.host.account_home()
    }
}
