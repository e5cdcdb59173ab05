//! What is in an environment beyond what its startup reads: where its parts are, which tool created it, what is
//! installed.
//!
//! A [`Survey`] goes on asking where the resolution stopped, with the same memory, so that nothing is read twice. It
//! finds out what rules ask for and nothing else.

mod abi;
mod activation;
mod cfg;
mod checksum;
mod contents;
mod creator;
mod depth;
mod direct_url;
mod distribution;
mod elsewhere;
mod extension;
mod ground;
mod identity;
mod importable;
mod interpreters;
mod inventory;
mod launcher;
mod listing;
pub mod magic;
mod manifest;
mod metadata;
mod mounts;
mod owner;
mod pip_conf;
mod places;
mod project;
#[cfg(feature = "internals")]
pub mod readers;
mod record;
mod redirect;
mod resources;
mod script;
mod start;
mod substitute;
mod system_package;
mod wanted;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use crate::host::path::{Flavor, module};
use crate::host::{FileKind, HostError, Lookups, Metadata, Platform};
use crate::interpreter::Version;
use crate::startup::Resolution;
use crate::startup::behaviors::{Behavior, Behaviors};

pub use abi::{Abi, Misfit};
pub use activation::Activation;
pub use cfg::{Cfg, CfgLine};
pub use checksum::Checksum;
pub use contents::{Contents, Fault, Place, Top};
pub use creator::Creator;
pub use depth::Depth;
pub use direct_url::DirectUrl;
pub use distribution::{Distribution, Form, name_and_version, normalize};
pub use extension::{ExtensionName, System, Tag};
pub use ground::Ground;
pub use identity::{EnvironmentKind, Home, Identity};
pub use interpreters::{InterpreterName, Launcher, newest_first};
pub use inventory::Installed;
#[cfg(feature = "cli")]
pub use manifest::{Manifest, Package, Source};
pub use metadata::{Field, Headers};
pub use owner::{Owner, Ownership};
pub use pip_conf::PipSetting;
pub(crate) use pip_conf::{is_pip_file, without_secrets};
pub use places::SiteDir;
pub use record::{Entry, Record};
pub use redirect::{PROJECT_ENVIRONMENT, PROJECT_ENVIRONMENTS, redirected};
pub use script::Script;
pub use start::{Form as ScriptForm, Start, is_python};
pub use wanted::{LibraryDir, Wanted, is_package};

use places::Places;

/// A resolution, and everything that can be asked about the environment around it.
pub struct Survey<'a> {
    /// What Python would do, and why.
    pub resolution: &'a Resolution,
    /// Puts questions to the same machine; what startup asked is known already.
    pub ask: &'a Lookups<'a>,
    depth: Depth,
    places: OnceCell<Places>,
    identity: OnceCell<Option<Identity>>,
    distributions: OnceCell<Vec<Distribution>>,
    owners: owner::Memory,
    records_read: Cell<u64>,
    wanted: OnceCell<Option<Wanted>>,
    names: OnceCell<HashSet<BString>>,
    listings: RefCell<HashMap<BString, Rc<[BString]>>>,
    abi: OnceCell<Option<Abi>>,
    pyvenv_cfg: OnceCell<Option<Cfg>>,
    scripts: OnceCell<Vec<Script>>,
    other_programs: OnceCell<bool>,
}

impl<'a> Survey<'a> {
    /// A survey that has asked nothing yet.
    pub fn new(resolution: &'a Resolution, ask: &'a Lookups<'a>) -> Self {
        Self {
            resolution,
            ask,
            depth: Depth::Environment,
            places: OnceCell::new(),
            identity: OnceCell::new(),
            distributions: OnceCell::new(),
            owners: owner::Memory::default(),
            records_read: Cell::new(0),
            wanted: OnceCell::new(),
            names: OnceCell::new(),
            listings: RefCell::default(),
            abi: OnceCell::new(),
            pyvenv_cfg: OnceCell::new(),
            scripts: OnceCell::new(),
            other_programs: OnceCell::new(),
        }
    }

    /// The same, to another depth.
    #[must_use]
    pub fn at_depth(mut self, depth: Depth) -> Self {
        self.depth = depth;
        self
    }

    /// Whether every file that a `RECORD` names is to be compared with it.
    pub fn is_thorough(&self) -> bool {
        self.depth == Depth::Files
    }

    /// The operating system.
    pub fn platform(&self) -> Platform {
        self.resolution.invocation.platform
    }

    /// The rules by which paths are taken apart.
    pub fn flavor(&self) -> Flavor {
        Flavor::of(self.platform())
    }

    /// The version of the interpreter, where it could be learnt.
    pub fn version(&self) -> Option<Version> {
        self.resolution.identification.interpreter.version
    }

    /// Whether the interpreter has a behavior; false where its version is unknown.
    pub fn has(&self, behavior: Behavior) -> bool {
        self.version().is_some_and(|version| Behaviors::of(version).has(behavior))
    }

    /// The executable: absolute, links not followed.
    pub fn executable(&self) -> &BStr {
        self.places().executable.as_bstr()
    }

    /// The directory that holds the executable: `bin`, or `Scripts` on Windows.
    pub fn bin(&self) -> &BStr {
        self.places().bin.as_bstr()
    }

    /// The directory of the environment, or of the installation where there is none: the one above [`Self::bin`].
    pub fn root(&self) -> &BStr {
        self.places().root.as_bstr()
    }

    /// Whether a `pyvenv.cfg` makes an environment of [`Self::root`], be it a sound one or not.
    pub fn is_environment(&self) -> bool {
        self.places().cfg.is_some()
    }

    /// The `pyvenv.cfg` next to the executable or one directory above, no matter who reads it; it may be unreadable or a directory.
    pub fn cfg(&self) -> Option<&BStr> {
        self.places().cfg.as_ref().map(|path| path.as_bstr())
    }

    /// The directories with packages that this Python would use, in the order of `sys.path`. Where it does not get so far,
    /// those of the environment that its version would use, or if that is unknown, all there are.
    pub fn site_dirs(&self) -> &[SiteDir] {
        &self.places().sites
    }

    /// The site directories that belong to the environment itself.
    pub fn own_site_dirs(&self) -> impl Iterator<Item = &SiteDir> {
        self.site_dirs().iter().filter(|site| site.own)
    }

    /// What the interpreter belongs to; none where there is nothing to tell.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.get_or_init(|| Identity::find(self)).as_ref()
    }

    /// The tool that created the environment, which decides how it is recreated.
    pub fn creator(&self) -> &Creator {
        self.identity().map_or(&Creator::Unknown, |identity| &identity.creator)
    }

    /// What is installed in the environment's own site directories.
    pub fn distributions(&self) -> &[Distribution] {
        self.distributions.get_or_init(|| {
            let dirs = self.own_site_dirs();
            dirs.flat_map(|site| distribution::list(self, site.path.as_bstr())).collect()
        })
    }

    /// Whether a distribution of that name, normalized, is installed in the environment's own site directories.
    pub fn has_distribution(&self, name: &str) -> bool {
        let names = || self.distributions().iter().map(Distribution::normalized).collect();
        self.names.get_or_init(names).contains(BStr::new(name))
    }

    /// `name` below `directory`.
    pub fn join(&self, dir: impl AsRef<[u8]>, name: impl AsRef<[u8]>) -> BString {
        module::join(self.flavor(), &[BStr::new(dir.as_ref()), BStr::new(name.as_ref())])
    }

    /// The last name of a path.
    pub fn base_name(&self, path: &BStr) -> BString {
        module::basename(self.flavor(), path)
    }

    /// The directory that holds a path.
    pub fn parent(&self, path: &BStr) -> BString {
        module::dirname(self.flavor(), path)
    }

    /// A path made absolute against the working directory, nothing else about it changed.
    pub fn absolute(&self, path: &BStr) -> BString {
        match &self.resolution.invocation.cwd {
            Some(cwd) => module::join(self.flavor(), &[cwd.as_bstr(), path]),
            None => path.to_owned(),
        }
    }

    /// Whether `path` is absolute by the rules of the platform.
    pub fn is_absolute(&self, path: &BStr) -> bool {
        module::is_absolute(self.flavor(), path)
    }

    /// Whether `path` is `directory` or lies below it, by their spelling.
    pub fn is_below(&self, path: &BStr, dir: &BStr) -> bool {
        let flavor = self.flavor();
        let (path, dir) = (module::normcase(flavor, path), module::normcase(flavor, dir));
        let bare = dir.trim_end_with(|c| c == '/' || c == '\\');
        path.strip_prefix(bare).is_some_and(|rest| rest.first().is_none_or(|byte| matches!(byte, b'/' | b'\\')))
    }

    /// Whether two paths lead to one and the same place; false where either leads nowhere.
    pub fn same_file(&self, one: &BStr, other: &BStr) -> bool {
        let identity = |path| self.ask.metadata(path).ok().and_then(|metadata| metadata.identity);
        identity(one).is_some_and(|known| identity(other) == Some(known))
    }

    /// What a path names, links followed.
    ///
    /// # Errors
    /// As [`crate::host::Host::metadata`].
    pub fn metadata(&self, path: &BStr) -> Result<Metadata, HostError> {
        self.ask.metadata(path)
    }

    /// Whether a path exists, links followed. What cannot be said (no permission, no answer) does not count as
    /// missing: ask [`Self::is_missing`] for that.
    pub fn exists(&self, path: &BStr) -> bool {
        self.ask.metadata(path).is_ok()
    }

    /// Whether it is certain that nothing is there, links followed.
    pub fn is_missing(&self, path: &BStr) -> bool {
        matches!(self.ask.metadata(path), Err(HostError::NotFound | HostError::NotADirectory))
    }

    /// Whether a path names a directory, links followed.
    pub fn is_dir(&self, path: &BStr) -> bool {
        self.ask.metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::Directory)
    }

    /// Whether a path names a regular file, links followed.
    pub fn is_file(&self, path: &BStr) -> bool {
        self.ask.metadata(path).is_ok_and(|metadata| metadata.kind == FileKind::File)
    }

    /// The names in a directory, sorted; none where it cannot be listed.
    pub fn list(&self, dir: &BStr) -> Vec<BString> {
        self.names(dir).map(|names| names.to_vec()).unwrap_or_default()
    }

    /// The first bytes of a regular file, at most `most`; none where it cannot be read.
    pub fn head(&self, path: &BStr, most: usize) -> Option<Vec<u8>> {
        let file = self.ask.open(path).ok()?;
        let size = usize::try_from(file.size()).unwrap_or(usize::MAX);
        file.read_at(0, size.min(most)).ok()
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::find(self))
    }
}
