//! What the names in a directory tell: whether it is an environment, and which of its directories are worth entering.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use super::known::{BINS, CFG, CONDA, is_interpreter};

/// By what an environment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `pyvenv.cfg` in its directory.
    Cfg,
    /// `pyvenv.cfg` beside its interpreter.
    CfgInBin,
    /// conda's directory `conda-meta`.
    Conda,
    /// An interpreter beside activate scripts, and no `pyvenv.cfg`: a virtualenv from before 20.0, or one that has lost it.
    Activate,
    /// Interpreters alone: an installation.
    Installation,
}

/// The names in a directory, as far as they count.
#[derive(Debug, Default)]
pub struct Listing {
    /// The directories in it, and with links followed, the links, which may lead to one.
    pub dirs: Vec<OsString>,
    has_cfg: bool,
    has_conda: bool,
    has_activate: bool,
    has_interpreter: bool,
    has_versioned: bool,
}

impl Listing {
    /// Takes a name in.
    pub fn add(&mut self, name: &OsStr, is_dir: bool, is_link: bool) {
        match name.as_bytes() {
            CFG => self.has_cfg = true,
            CONDA if is_dir => self.has_conda = true,
            b"activate" | b"activate_this.py" | b"activate.bat" => self.has_activate = true,
            bytes if matches!(bytes.first(), Some(b'p')) && !is_dir && is_interpreter(bytes) => {
                self.has_interpreter = true;
                self.has_versioned |= bytes.contains(&b'.') && !bytes.ends_with(b".exe");
            }
            _ => {}
        }
        if is_dir || is_link {
            self.dirs.push(name.to_owned());
        }
    }

    /// By what this directory itself is an environment.
    pub fn own_mark(&self, name: &OsStr) -> Option<Mark> {
        if self.has_cfg && !(self.has_interpreter && is_bin(name)) {
            return Some(Mark::Cfg);
        }
        self.has_conda.then_some(Mark::Conda)
    }

    /// By what the directory above this one is an environment or an installation; `above` says whether it is known to be one.
    pub fn parents_mark(&self, name: &OsStr, above: bool) -> Option<Mark> {
        if above || !is_bin(name) || !self.has_interpreter {
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

/// Whether a directory is named as that of an environment's programs.
pub fn is_bin(name: &OsStr) -> bool {
    BINS.contains(&name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[&str]) -> Listing {
        let mut listing = Listing::default();
        for name in names {
            let dir = name.strip_suffix('/');
            listing.add(OsStr::new(dir.unwrap_or(name)), dir.is_some(), false);
        }
        listing
    }

    #[test]
    fn names_tell_what_a_dir_is() {
        let own = |name: &str, names: &[&str]| listing(names).own_mark(OsStr::new(name));
        assert_eq!(own(".venv", &["pyvenv.cfg", "bin/", "lib/"]), Some(Mark::Cfg));
        assert_eq!(own("half", &["pyvenv.cfg"]), Some(Mark::Cfg));
        assert_eq!(own("base", &["conda-meta/", "bin/"]), Some(Mark::Conda));
        assert_eq!(own("bin", &["pyvenv.cfg", "python"]), None);
        assert_eq!(own("src", &["conda-meta", "setup.py"]), None);
        let above = |names: &[&str], known| listing(names).parents_mark(OsStr::new("bin"), known);
        assert_eq!(above(&["pyvenv.cfg", "python"], false), Some(Mark::CfgInBin));
        assert_eq!(above(&["activate", "python3"], false), Some(Mark::Activate));
        assert_eq!(above(&["python3.12", "python3", "idle3"], false), Some(Mark::Installation));
        assert_eq!(above(&["activate", "python3"], true), None);
        assert_eq!(above(&["activate"], false), None);
        assert_eq!(listing(&["python"]).parents_mark(OsStr::new("tools"), false), None);
    }
}
