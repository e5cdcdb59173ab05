//! What the directory of an environment holds besides the environment.

use bstr::{BStr, BString, ByteSlice};

use super::Survey;

/// The names that tools create in the directory of an environment; anything else may be somebody's own work.
const USUAL: [&str; 20] = [
    "bin",
    "Scripts",
    "lib",
    "lib64",
    "local",
    "include",
    "share",
    "etc",
    "man",
    "pyvenv.cfg",
    ".gitignore",
    ".lock",
    ".project",
    "CACHEDIR.TAG",
    "pip-selfcheck.json",
    "pipx_metadata.json",
    "uv-receipt.toml",
    ".tox-info.json",
    ".tox-config1",
    "pyvenv.cfg.unused",
];
/// The parts of an environment, without which nothing of it is left.
const PARTS: [&str; 6] = ["bin", "Scripts", "lib", "lib64", "include", "pyvenv.cfg"];
/// The library that every installation has, and no environment but those of virtualenv before 20.
const LANDMARK: &str = "os.py";
/// So many directories of `lib` are looked into.
const MOST_DIRS: usize = 64;

/// What else the directory of an environment holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Nothing: the directory can be replaced as a whole.
    Own,
    /// Somebody's own files, by name; the environment's parts can be moved, one by one.
    Shared {
        /// What is not the environment's.
        others: Vec<BString>,
        /// The environment's parts that exist, by name.
        parts: Vec<BString>,
    },
    /// It is the directory of an installation, of a conda environment, or cannot be listed: nothing in it may be replaced.
    Foreign,
}

impl Survey<'_> {
    /// What the directory of the environment holds besides the environment.
    pub fn ground(&self) -> Ground {
        let activation = self.join(self.bin(), "activate");
        let is_environment = self.is_environment() || self.is_file(activation.as_bstr());
        let Some(names) = self.names(self.root()).filter(|_| is_environment) else { return Ground::Foreign };
        let is_one_of =
            |list: &[&str], name: &BString| list.iter().any(|one| name.eq_ignore_ascii_case(one.as_bytes()));
        let others: Vec<BString> = names.iter().filter(|name| !is_one_of(&USUAL, name)).cloned().collect();
        if self.is_installation() || others.iter().any(|name| name == "conda-meta") {
            return Ground::Foreign;
        }
        if others.is_empty() {
            return Ground::Own;
        }
        let parts = names.iter().filter(|name| is_one_of(&PARTS, name)).cloned().collect();
        Ground::Shared { others, parts }
    }

    /// Where tools put what belongs to an environment, as far as nothing is there once these parts have been moved.
    pub fn free_places(&self, parts: &[BString]) -> Vec<BString> {
        let names = self.list(self.root());
        let is_free = |name: &&&str| {
            let is_it = |other: &&BString| other.eq_ignore_ascii_case(name.as_bytes());
            names.iter().find(is_it).is_none_or(|_| parts.iter().any(|part| is_it(&part)))
        };
        USUAL.iter().filter(is_free).map(|name| self.join(self.root(), name)).collect()
    }

    /// Whether a path lies in the directory of the environment, once the symlinks on the way to it are followed. What it is
    /// a symlink to itself does not matter: replacing it changes the symlink.
    pub fn lies_inside(&self, path: &BStr) -> bool {
        let real = |path: &BStr| self.ask.real_path(path).ok();
        match (real(self.parent(self.absolute(path).as_bstr()).as_bstr()), real(self.root())) {
            (Some(dir), Some(root)) => dir == root || self.is_below(dir.as_bstr(), root.as_bstr()),
            _ => false,
        }
    }

    /// Whether a fix of this environment may change a path: not what only looks as if it were in the environment, and not what
    /// is the base's, which other environments use.
    pub fn may_change(&self, path: &BStr) -> bool {
        let path = self.absolute(path);
        if path == self.root() {
            return true;
        }
        if self.is_below(path.as_bstr(), self.root()) {
            return self.lies_inside(path.as_bstr());
        }
        let base = self.resolution.sys.as_ref().map(|sys| sys.base_prefix.as_bstr());
        !base.is_some_and(|base| base != self.root() && base != "/" && self.is_below(path.as_bstr(), base))
    }

    /// Whether a fix may write into the file at a path, which a symlink would send elsewhere.
    pub fn may_write(&self, path: &BStr) -> bool {
        self.may_change(path) && self.ask.read_link(path).is_err()
    }

    /// Whether a standard library lies in the directory: an installation, to which somebody added a `pyvenv.cfg`.
    fn is_installation(&self) -> bool {
        let lib = self.join(self.root(), "lib");
        let below = self.list(lib.as_bstr()).into_iter().take(MOST_DIRS);
        let dirs = below.map(|name| self.join(&lib, name)).chain([lib.clone(), self.join(self.root(), "Lib")]);
        dirs.into_iter().any(|dir| {
            let landmark = self.join(&dir, LANDMARK);
            self.exists(landmark.as_bstr()) && self.ask.read_link(landmark.as_bstr()).is_err()
        })
    }
}
