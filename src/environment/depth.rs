//! How far an examination goes beyond startup.

/// How far an examination goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Depth {
    /// What startup touches, and no more.
    Startup,
    /// Also scripts, installed distributions and everything else in the environment.
    Environment,
    /// Also the content of every file that an installer wrote down, compared with what it wrote.
    Files,
}
