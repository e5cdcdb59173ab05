//! How far an examination goes beyond start-up.

/// How far an examination goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// What start-up touches, and no more.
    StartUp,
    /// Also scripts, installed distributions and whatever else stands in the environment.
    Environment,
    /// Also the content of every file that an installer wrote down, compared with what it wrote.
    Files,
}
