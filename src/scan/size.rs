//! How much an environment takes of the disk, what of it would be free without it, and when something in it was last used.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::time::SystemTime;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Record, name_and_version, normalize};
use crate::host::path::{Flavor, module};
use crate::host::{FileKind, Host, Metadata, WalkEntry, WalkOptions, WalkState};

/// The most that is read of a `RECORD`.
const MOST_RECORD: u64 = 32 << 20;
/// The most that is read of all of one environment.
const MOST_RECORDS: u64 = 256 << 20;

/// Disk use and number of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// The bytes that its files take on the disk, or where the host does not know that, their lengths; a file with several
    /// names in it counts once.
    pub bytes: u64,
    /// The files in it that are no directories.
    pub files: u64,
    /// What of `bytes` would be free without it: no file that has another name elsewhere counts.
    pub reclaimable: u64,
}

/// A file in an environment that has another name outside of it: in another environment, or in the cache of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Device and inode.
    pub identity: (u64, u64),
    /// The bytes that it takes on the disk.
    pub bytes: u64,
    /// The names that it has in the environment.
    pub inside: u64,
    /// The names that it has in all.
    pub names: u64,
}

/// What the files of a distribution take of the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSize {
    /// Its name, normalized.
    pub name: BString,
    /// Its version, where its metadata tell.
    pub version: Option<BString>,
    /// The bytes of the files that its `RECORD` lists, with the bytecode that was made of them.
    pub bytes: u64,
    /// What of that would be free without them.
    pub reclaimable: u64,
}

/// What shows when an environment was last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A file was read that a scan does not read.
    Access,
    /// A file was changed.
    Change,
}

impl Sign {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Change => "change",
        }
    }
}

/// When an environment was last used, as far as its files show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// When.
    pub when: SystemTime,
    /// What shows it.
    pub sign: Sign,
    /// The file that shows it.
    pub file: BString,
}

/// What is known of the files of an environment.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// What they take.
    pub size: Size,
    /// What each distribution takes of it, by name.
    pub packages: Vec<PackageSize>,
    /// The files that have other names elsewhere.
    pub shared: Vec<Shared>,
    /// When one of them was last used; none where the host knows no times.
    pub last_use: Option<LastUse>,
}

/// Measures a directory. Symlinks are not followed, other file systems are left out, and so is what cannot be read.
pub fn of(host: &dyn Host, dir: &BStr) -> Measure {
    let mut sum = Sum::new(host);
    host.walk(dir, WalkOptions::default(), &mut |entry| sum.add(entry));
    sum.finish()
}

/// The bytes of a file, and which one it is if it has several names.
type Weight = (u64, Option<(u64, u64)>);

struct Sum<'h> {
    host: &'h dyn Host,
    flavor: Flavor,
    /// The file system of the directory itself.
    device: Option<u64>,
    size: Size,
    /// The files with several names.
    several: HashMap<(u64, u64), Shared>,
    /// The files below site directories.
    weights: HashMap<BString, Weight>,
    /// The bytecode of each source file there.
    compiled: HashMap<BString, Vec<Weight>>,
    records: Vec<BString>,
    last_use: Option<LastUse>,
}

impl<'h> Sum<'h> {
    fn new(host: &'h dyn Host) -> Self {
        Self {
            host,
            flavor: Flavor::of(host.platform()),
            device: None,
            size: Size::default(),
            several: HashMap::new(),
            weights: HashMap::new(),
            compiled: HashMap::new(),
            records: Vec::new(),
            last_use: None,
        }
    }

    fn add(&mut self, entry: WalkEntry<'_>) -> WalkState {
        let Ok(metadata) = self.host.link_metadata(entry.path) else { return WalkState::Continue };
        if entry.depth == 0 {
            self.device = metadata.device;
        }
        if metadata.kind == FileKind::Directory {
            if metadata.device != self.device {
                return WalkState::Skip;
            }
            self.size.bytes += metadata.allocated.unwrap_or(metadata.len);
        } else {
            self.size.files += 1;
            self.file(entry.path, &metadata);
        }
        WalkState::Continue
    }

    fn file(&mut self, path: &BStr, metadata: &Metadata) {
        self.look_at_times(path, metadata);
        let bytes = metadata.allocated.unwrap_or(metadata.len);
        let names = metadata.access.map_or(1, |access| access.links);
        let identity = metadata.identity.filter(|_| names > 1);
        let is_new = identity.is_none_or(|identity| {
            let shared = self.several.entry(identity).or_insert(Shared { identity, bytes, inside: 0, names });
            shared.inside += 1;
            shared.inside == 1
        });
        if is_new {
            self.size.bytes += bytes;
        }
        self.keep(path, (bytes, identity));
    }

    /// Remembers what a file takes, for the distribution that it belongs to.
    fn keep(&mut self, path: &BStr, weight: Weight) {
        let name = module::basename(self.flavor, path);
        let dir = module::dirname(self.flavor, path);
        if name == "RECORD" && dir.ends_with(b".dist-info") {
            self.records.push(path.to_owned());
        }
        if module::basename(self.flavor, dir.as_bstr()) == "__pycache__" && name.ends_with(b".pyc") {
            let stem = name.split_once_str(".").map_or(name.as_slice(), |(stem, _)| stem);
            let above = module::dirname(self.flavor, dir.as_bstr());
            let source = BString::from([stem, b".py"].concat());
            let source = module::join(self.flavor, &[above.as_bstr(), source.as_bstr()]);
            self.compiled.entry(source).or_default().push(weight);
        } else {
            self.weights.insert(path.to_owned(), weight);
        }
    }

    /// A scan reads `pyvenv.cfg`, `.pth` files and metadata itself, so that only what it does not read shows by its time of
    /// access that somebody else did: modules, and what activates the environment.
    fn look_at_times(&mut self, path: &BStr, metadata: &Metadata) {
        let name = module::basename(self.flavor, path);
        let is_unread = name.ends_with(b".pyc") || name.starts_with(b"activate");
        let accessed = metadata.accessed.filter(|_| is_unread && metadata.kind == FileKind::File);
        for (time, sign) in [(metadata.modified, Sign::Change), (accessed, Sign::Access)] {
            let newest = self.last_use.as_ref().map(|known| known.when);
            if let Some(when) = time.filter(|time| newest.is_none_or(|newest| *time > newest)) {
                self.last_use = Some(LastUse { when, sign, file: path.to_owned() });
            }
        }
    }

    fn finish(mut self) -> Measure {
        let packages = self.packages();
        let shared: Vec<Shared> = self.several.into_values().filter(|shared| shared.inside < shared.names).collect();
        let elsewhere: u64 = shared.iter().map(|shared| shared.bytes).sum();
        self.size.reclaimable = self.size.bytes.saturating_sub(elsewhere);
        Measure { size: self.size, packages, shared, last_use: self.last_use }
    }

    fn packages(&self) -> Vec<PackageSize> {
        let mut left = MOST_RECORDS;
        let mut packages: Vec<PackageSize> = Vec::with_capacity(self.records.len());
        for record in &self.records {
            let Ok(content) = self.host.read(record.as_bstr(), MOST_RECORD.min(left)) else { continue };
            left = left.saturating_sub(content.len() as u64);
            packages.extend(self.package(record, content));
        }
        packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        packages
    }

    fn package(&self, record: &BString, content: Vec<u8>) -> Option<PackageSize> {
        let info = module::dirname(self.flavor, record.as_bstr());
        let site = module::dirname(self.flavor, info.as_bstr());
        let (name, version) = name_and_version(module::basename(self.flavor, info.as_bstr()).as_bstr())?;
        let mut package = PackageSize { name: normalize(name.as_bstr()), version, bytes: 0, reclaimable: 0 };
        let (mut paths, mut counted) = (HashSet::new(), HashSet::new());
        for entry in Record::new(Rc::new(content)).entries() {
            let path = module::join(self.flavor, &[site.as_bstr(), &entry.path]);
            let path = module::normpath(self.flavor, path.as_bstr());
            let bytecode = self.compiled.get(&path).into_iter().flatten();
            let weights: Vec<Weight> = self.weights.get(&path).into_iter().chain(bytecode).copied().collect();
            if !paths.insert(path) {
                continue;
            }
            for (bytes, identity) in weights {
                if identity.is_none_or(|identity| counted.insert(identity)) {
                    package.bytes += bytes;
                    package.reclaimable += if self.is_only_here(identity) { bytes } else { 0 };
                }
            }
        }
        Some(package)
    }

    /// Whether all names of a file are in the environment.
    fn is_only_here(&self, identity: Option<(u64, u64)>) -> bool {
        let shared = identity.and_then(|identity| self.several.get(&identity));
        shared.is_none_or(|shared| shared.inside >= shared.names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Access, MemoryHost, Platform};

    #[test]
    fn what_lies_in_the_directory_counts_once() {
        let several_names = Access { mode: 0o644, owner: 1000, group: None, links: 2 };
        let host = MemoryHost::new(Platform::Linux)
            .file("/w/.venv/pyvenv.cfg", "12345")
            .file("/w/.venv/lib/a.py", "123")
            .access("/w/.venv/lib/a.py", several_names)
            .symlink("/w/.venv/lib64", "lib")
            .file("/w/.venv/mnt/large", "1234567")
            .file_system("/w/.venv/mnt")
            .file("/w/other", "1");
        let measure = of(&host, "/w/.venv".into());
        assert_eq!(measure.size, Size { bytes: 5 + 3 + 3, files: 3, reclaimable: 5 + 3 });
        assert_eq!(measure.shared.len(), 1);
        assert_eq!(of(&host, "/w/none".into()).size, Size::default());
    }

    #[test]
    fn a_distribution_has_what_its_record_lists_and_the_bytecode_of_it() {
        let site = "/w/.venv/lib/python3.12/site-packages";
        let record = "tide/__init__.py,,\ntide/__pycache__/__init__.cpython-312.pyc,,\n../../../bin/tide,,\n";
        let host = MemoryHost::new(Platform::Linux)
            .file(format!("{site}/Tide-1.0.dist-info/RECORD"), record)
            .file(format!("{site}/tide/__init__.py"), "1234")
            .file(format!("{site}/tide/__pycache__/__init__.cpython-312.pyc"), "12")
            .file("/w/.venv/bin/tide", "1")
            .file(format!("{site}/other.py"), "123456");
        let tide = PackageSize { name: "tide".into(), version: Some("1.0".into()), bytes: 7, reclaimable: 7 };
        assert_eq!(of(&host, "/w/.venv".into()).packages, [tide]);
    }
}
