//! A file under examination, and where other programs keep theirs.

use bstr::{BStr, BString, ByteSlice};

use super::links::{join, parent};
use super::loader_variables::LoaderVariables;
use crate::host::Lookups;

/// The file under examination.
pub(super) struct Case<'c, 'h> {
    /// The lookups.
    pub lookups: &'c Lookups<'h>,
    /// The path as asked, which a script finds in its `$0`.
    pub typed: &'c BStr,
    /// The file with every symlink resolved.
    pub file: &'c BStr,
    /// The variables that the dynamic loader reads.
    pub variables: LoaderVariables<'c>,
}

/// The directories from the working directory upwards, the directory itself first.
pub(super) fn upwards<'c>(lookups: &'c Lookups<'_>) -> impl Iterator<Item = &'c BStr> {
    std::iter::successors(lookups.cwd(), |dir| parent(dir))
}

/// The first of the candidates that may be executed.
pub(super) fn first_executable(
    lookups: &Lookups<'_>,
    candidates: impl IntoIterator<Item = BString>,
) -> Option<BString> {
    candidates.into_iter().find(|path| lookups.is_executable(path.as_bstr()))
}

/// `directory/bin/name`.
pub(super) fn in_bin(dir: &BStr, name: &BStr) -> BString {
    join(join(dir, "bin").as_bstr(), name)
}
