//! What an action changes on one machine, for whoever wants to see that before it is done.

use bstr::BString;

/// What is at the path of an action, and what will be there. A rule knows nothing of that: it is looked at where a report
/// shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Effect {
    /// What is there, in a word.
    pub was: &'static str,
    /// The target of the symlink that is there.
    pub target: Option<BString>,
    /// The digest of the content, before and after.
    pub sha256: [Option<String>; 2],
    /// The permission bits, before and after.
    pub mode: [Option<u16>; 2],
    /// The unified difference of the contents, where both are text.
    pub diff: Option<String>,
}
