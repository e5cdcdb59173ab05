//! The machine that this process runs on.
//!
//! This directory is the one place of the library that may touch the file system and the environment. Reads are bounded,
//! and nothing that could block is opened. What writes is in `change.rs` and `store.rs`.
#![allow(clippy::disallowed_methods, reason = "this is where the host's answers come from")]

mod change;
#[cfg(not(target_os = "linux"))]
mod listing;
#[cfg(feature = "cli")]
mod store;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(not(windows))]
use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::time::SystemTime;

use bstr::{BStr, BString};
use walkdir::WalkDir;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[cfg(feature = "cli")]
pub use store::{Lock, Store, store_dir};
#[cfg(feature = "cli")]
pub use system::attributes::Attributes;

use super::os::{OsStrExt, into_bytes};
use super::{
    Binary, FileKind, Hive, Host, HostError, Machine, Metadata, Platform, Process, ProgramKind, RegistryKey, WalkEntry,
    WalkOptions, WalkState, walk,
};
use system::native;
#[cfg(target_os = "linux")]
use unix::listing;

/// The most names that one directory listing may hold.
const MOST_NAMES: usize = 1 << 20;

/// The live machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct LiveHost;

/// What an error of the system means, where its kind does not say.
pub(super) fn meaning(error: &io::Error) -> Option<HostError> {
    system::meaning(error)
}

/// Opens a regular file without ever blocking; the second look guards against a swap between the two.
fn open_regular(path: &BStr) -> Result<Option<(File, u64)>, HostError> {
    let path = native(path);
    for_reading(&fs::metadata(&path)?)?;
    let file = system::open(&path)?;
    let metadata = file.metadata()?;
    Ok(for_reading(&metadata)?.then_some((file, metadata.len())))
}

/// Whether there is anything to read: the null device is empty, and pipes and devices are errors.
fn for_reading(metadata: &fs::Metadata) -> Result<bool, HostError> {
    match system::kind(metadata) {
        FileKind::File => Ok(true),
        FileKind::Null => Ok(false),
        FileKind::Directory => Err(HostError::IsADirectory),
        other => Err(HostError::WouldBlock(other)),
    }
}

impl Host for LiveHost {
    fn platform(&self) -> Platform {
        system::PLATFORM
    }

    fn machine(&self) -> Option<Machine> {
        let elf = match env::consts::ARCH {
            "x86" => 3,
            "arm" => 40,
            "powerpc64" => 21,
            "s390x" => 22,
            "x86_64" => 62,
            "aarch64" => 183,
            "riscv64" => 243,
            "loongarch64" => 258,
            _ => return None,
        };
        Some(Machine { elf, is_64: cfg!(target_pointer_width = "64") })
    }

    fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        Ok(system::metadata(path)?)
    }

    fn link_metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        Ok(system::link_metadata(path)?)
    }

    fn read_link(&self, path: &BStr) -> Result<BString, HostError> {
        system::read_link(path)
    }

    fn read(&self, path: &BStr, limit: u64) -> Result<Vec<u8>, HostError> {
        let Some((mut file, size)) = open_regular(path)? else { return Ok(Vec::new()) };
        if size > limit {
            return Err(HostError::TooLarge { limit });
        }
        let size = usize::try_from(size).unwrap_or(0);
        let mut content = vec![0; size + 1];
        let length = match file.read(&mut content) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => 0,
            length => length?,
        };
        content.truncate(length);
        // A read that brings what the size promised, and no byte more, has come to the end.
        if length != size || size == 0 {
            file.take((limit + 1).saturating_sub(length as u64)).read_to_end(&mut content)?;
        }
        if content.len() as u64 > limit { Err(HostError::TooLarge { limit }) } else { Ok(content) }
    }

    fn list_dir(&self, path: &BStr) -> Result<Vec<BString>, HostError> {
        listing::names(path, MOST_NAMES)?.ok_or(HostError::TooLarge { limit: MOST_NAMES as u64 })
    }

    fn visit_dir(&self, path: &BStr, visit: &mut dyn FnMut(&BStr, FileKind)) -> Result<(), HostError> {
        Ok(listing::visit(path, visit)?)
    }

    fn walk(&self, root: &BStr, options: WalkOptions, visit: &mut dyn FnMut(WalkEntry<'_>) -> WalkState) {
        // Where symlinks are followed, walkdir opens every directory on the way again for each of them.
        if options.follow_symlinks {
            return walk::walk(self, root, options, visit);
        }
        let most = options.max_depth.unwrap_or(usize::MAX);
        let mut entries = WalkDir::new(native(root)).follow_root_links(true).max_depth(most).into_iter();
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else { continue };
            let is_root = entry.depth() == 0;
            let kind = match system::kind_by_type(entry.file_type()) {
                FileKind::Symlink if is_root && entry.path().is_dir() => FileKind::Directory,
                kind => kind,
            };
            if is_root && kind != FileKind::Directory {
                return;
            }
            let path = BStr::new(entry.path().as_os_str().as_bytes());
            match visit(WalkEntry { path, depth: entry.depth(), kind, is_followed: false }) {
                WalkState::Skip if kind == FileKind::Directory => entries.skip_current_dir(),
                WalkState::Continue | WalkState::Skip => {}
                WalkState::Quit => return,
            }
        }
    }

    fn real_path(&self, path: &BStr) -> Result<BString, HostError> {
        Ok(system::real_path(path)?)
    }

    fn open(&self, path: &BStr) -> Result<Box<dyn Binary + '_>, HostError> {
        let (file, size) = open_regular(path)?.ok_or(HostError::Truncated)?;
        Ok(Box::new(OpenFile { file, size }))
    }

    fn may_execute(&self, path: &BStr) -> bool {
        system::may_execute(path)
    }

    fn variable(&self, name: &str) -> Option<BString> {
        env::var_os(name).map(into_bytes)
    }

    /// Windows compares names in its own way, and is asked for each.
    #[cfg(not(windows))]
    fn variables(&self, names: &[&str]) -> BTreeMap<String, BString> {
        let mut found = BTreeMap::new();
        for (name, value) in env::vars_os() {
            if let Some(name) = name.to_str().filter(|name| names.contains(name)) {
                // Of two with the same name, `getenv` returns the first.
                found.entry(name.to_owned()).or_insert_with(|| into_bytes(value));
            }
        }
        found
    }

    fn current_dir(&self) -> Result<BString, HostError> {
        Ok(into_bytes(env::current_dir()?.into_os_string()))
    }

    fn is_reached_relatively(&self, dir: &BStr) -> bool {
        system::is_reached_relatively(dir)
    }

    fn removed_dir(&self) -> Option<BString> {
        system::removed_dir()
    }

    fn registry(&self, hive: Hive, winver: &BStr) -> Option<RegistryKey> {
        system::registry(hive, winver)
    }

    fn program(&self, path: &BStr) -> Option<ProgramKind> {
        system::program(path)
    }

    fn capabilities(&self, path: &BStr) -> Option<Vec<u8>> {
        system::capabilities(path)
    }

    fn locale_encoding(&self) -> Option<String> {
        system::locale_encoding()
    }

    fn process(&self) -> Process {
        system::process()
    }

    fn account_home(&self) -> Option<BString> {
        system::account_home()
    }

    fn now(&self) -> Option<SystemTime> {
        Some(SystemTime::now())
    }
}

struct OpenFile {
    file: File,
    size: u64,
}

impl Binary for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, HostError> {
        if offset.checked_add(len as u64).is_none_or(|end| end > self.size) {
            return Err(HostError::Truncated);
        }
        let mut bytes = vec![0; len];
        match system::read_exact_at(&self.file, &mut bytes, offset) {
            Ok(()) => Ok(bytes),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(HostError::Truncated),
            Err(error) => Err(error.into()),
        }
    }
}
