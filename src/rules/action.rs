//! What a fix does: values that can be shown, tried on an imagined machine, done, and undone.

use bstr::BString;

use super::edit::Edit;

/// One thing that a fix does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Action {
    /// Changes the content of a file, or creates it.
    Write {
        /// The file. A symlink is followed.
        path: BString,
        /// What becomes of the content.
        edit: Edit,
    },
    /// Creates a symlink, in the place of the symlink or file that is there.
    Symlink {
        /// The symlink itself.
        path: BString,
        /// What it leads to, as written into it.
        target: BString,
    },
    /// Removes something.
    Remove {
        /// A symlink is removed itself.
        path: BString,
        /// What may be there; anything else is left alone.
        removal: Removal,
    },
    /// Moves something to a path at which nothing is.
    Rename {
        /// The old path.
        path: BString,
        /// The new one.
        to: BString,
    },
    /// Creates a directory.
    MakeDir {
        /// The directory.
        path: BString,
    },
    /// Changes the permission bits. A symlink is followed.
    ChangeMode {
        /// The file or directory.
        path: BString,
        /// What becomes of its bits.
        mode: ModeChange,
    },
    /// Runs a program, which nothing can take back but what it builds.
    Run {
        /// The program and its arguments.
        argv: Vec<BString>,
        /// Paths at which nothing is when the fix begins to build there: what is there afterwards is the work of its
        /// programs, and they change nothing else that anybody would miss. Empty where nobody knows what is changed.
        builds: Vec<BString>,
    },
}

/// What may be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// A file or a symlink.
    File,
    /// A directory in which nothing is.
    EmptyDir,
    /// Anything, a directory with everything in it.
    Tree,
}

/// A change of permission bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct ModeChange {
    /// As `chmod` spells it.
    pub symbols: &'static str,
    /// The bits that are set.
    pub set: u16,
    /// The bits that are cleared.
    pub cleared: u16,
}

impl ModeChange {
    /// `a+x`: everybody may execute it.
    pub const EXECUTABLE: Self = Self { symbols: "a+x", set: 0o111, cleared: 0 };
    /// `a+r`: everybody may read it.
    pub const READABLE: Self = Self { symbols: "a+r", set: 0o444, cleared: 0 };
    /// `o-w`: other users may not write to it.
    pub const NOT_BY_OTHERS: Self = Self { symbols: "o-w", set: 0, cleared: 0o002 };
    /// `u-s`: whoever starts it does not get the rights of its owner.
    pub const NO_SETUID: Self = Self { symbols: "u-s", set: 0, cleared: 0o4000 };
    /// `g-s`: whoever starts it does not get the rights of its group.
    pub const NO_SETGID: Self = Self { symbols: "g-s", set: 0, cleared: 0o2000 };
    /// `u-s,g-s`: both.
    pub const NO_SET_ID: Self = Self { symbols: "u-s,g-s", set: 0, cleared: 0o6000 };

    /// The bits after the change.
    pub fn applied(self, mode: u16) -> u16 {
        (mode | self.set) & !self.cleared
    }
}

impl Action {
    /// Whether it runs a program.
    pub fn is_run(&self) -> bool {
        matches!(self, Self::Run { .. })
    }
}
