//! What the entries of a directory tell: whether it is an environment, and which of its directories may be entered.

use bstr::{BStr, BString};

use crate::environment::PROJECT_ENVIRONMENT;
use crate::host::FileKind;

use super::known::{BINS, CFG, CONDA, is_interpreter};

/// What an environment is recognized by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Mark {
    /// `pyvenv.cfg` in its directory.
    Cfg,
    /// `pyvenv.cfg` next to its interpreter.
    CfgInBin,
    /// The directory `conda-meta`, in which conda records what it has installed.
    Conda,
    /// An interpreter next to activate scripts, and no `pyvenv.cfg`: made by a virtualenv before 20.0, or `pyvenv.cfg` is gone.
    Activate,
    /// A file in the place of a project's environment, `.venv`, that names the directory of that.
    Redirect,
    /// A symlink in the place of a project's environment, `.venv`, to one elsewhere or to nothing.
    Symlink,
    /// Interpreters alone: an installation, not an environment.
    Installation,
}

/// The entries of a directory, as far as they matter.
#[derive(Debug, Default)]
pub struct Listing {
    /// The directories in it.
    pub dirs: Vec<BString>,
    /// Where symlinks are followed, the symlinks in it, which may lead to one.
    pub symlinks: Vec<BString>,
    has_cfg: bool,
    has_conda: bool,
    has_activate: bool,
    has_interpreter: bool,
    has_versioned: bool,
    /// What is in the place of a project's environment, where it is a file or a symlink.
    pub in_place: Option<FileKind>,
}

impl Listing {
    /// Takes in an entry; `follow` says whether symlinks are followed.
    pub fn add(&mut self, name: &BStr, kind: FileKind, follow: bool) {
        let is_dir = kind == FileKind::Directory;
        match &**name {
            CFG => self.has_cfg = true,
            CONDA if is_dir => self.has_conda = true,
            b"activate" | b"activate_this.py" | b"activate.bat" => self.has_activate = true,
            bytes if matches!(bytes.first(), Some(b'p')) && !is_dir && is_interpreter(bytes) => {
                self.has_interpreter = true;
                self.has_versioned |= bytes.contains(&b'.') && !bytes.ends_with(b".exe");
            }
            _ if name == PROJECT_ENVIRONMENT && matches!(kind, FileKind::File | FileKind::Symlink) => {
                self.in_place = Some(kind);
            }
            _ => {}
        }
        if is_dir {
            self.dirs.push(name.to_owned());
        } else if follow && kind == FileKind::Symlink {
            // Where it leads is learned when it is entered.
            self.symlinks.push(name.to_owned());
        }
    }

    /// What this directory itself, called `name`, is recognized as an environment by.
    pub fn own_mark(&self, name: &BStr) -> Option<Mark> {
        if self.has_cfg && !(self.has_interpreter && is_bin(name)) {
            return Some(Mark::Cfg);
        }
        self.has_conda.then_some(Mark::Conda)
    }

    /// What the directory above this one is recognized as an environment or an installation by. Nothing where it is
    /// already known to be an environment, as `is_in_environment` says.
    pub fn parents_mark(&self, name: &BStr, is_in_environment: bool) -> Option<Mark> {
        if is_in_environment || !is_bin(name) || !self.has_interpreter {
            return None;
        }
        match () {
            () if self.has_cfg => Some(Mark::CfgInBin),
            () if self.has_activate => Some(Mark::Activate),
            () if self.has_versioned => Some(Mark::Installation),
            () => None,
        }
    }
}

/// Whether a directory is called what environments call the directory of their programs.
pub fn is_bin(name: &BStr) -> bool {
    BINS.contains(&&**name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[&str]) -> Listing {
        let mut listing = Listing::default();
        for name in names {
            let dir = name.strip_suffix('/');
            let kind = if dir.is_some() { FileKind::Directory } else { FileKind::File };
            listing.add(BStr::new(dir.unwrap_or(name)), kind, false);
        }
        listing
    }

    #[test]
    fn names_tell_what_a_dir_is() {
        let own = |name: &str, names: &[&str]| listing(names).own_mark(BStr::new(name));
        assert_eq!(own(".venv", &["pyvenv.cfg", "bin/", "lib/"]), Some(Mark::Cfg));
        assert_eq!(own("half", &["pyvenv.cfg"]), Some(Mark::Cfg));
        assert_eq!(own("base", &["conda-meta/", "bin/"]), Some(Mark::Conda));
        assert_eq!(own("bin", &["pyvenv.cfg", "python"]), None);
        assert_eq!(own("src", &["conda-meta", "setup.py"]), None);
        let above = |names: &[&str], known| listing(names).parents_mark(BStr::new("bin"), known);
        assert_eq!(above(&["pyvenv.cfg", "python"], false), Some(Mark::CfgInBin));
        assert_eq!(above(&["activate", "python3"], false), Some(Mark::Activate));
        assert_eq!(above(&["python3.12", "python3", "idle3"], false), Some(Mark::Installation));
        assert_eq!(above(&["activate", "python3"], true), None);
        assert_eq!(above(&["activate"], false), None);
        assert_eq!(listing(&["python"]).parents_mark(BStr::new("tools"), false), None);
    }
}
