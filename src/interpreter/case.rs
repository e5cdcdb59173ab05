//! A file under examination, and where other programs keep theirs.

use bstr::{BStr, BString, ByteSlice};

use super::links::{join, parent};
use crate::host::Questions;

/// The file under examination.
pub(super) struct Case<'c, 'h> {
    /// The questions.
    pub questions: &'c Questions<'h>,
    /// The path as asked, which a script finds in its `$0`.
    pub typed: &'c BStr,
    /// The file with every link resolved.
    pub file: &'c BStr,
    /// `LD_LIBRARY_PATH`.
    pub library_path: Option<&'c BStr>,
}

/// The folders from the working directory upwards, the directory itself first.
pub(super) fn upwards<'c>(questions: &'c Questions<'_>) -> impl Iterator<Item = &'c BStr> {
    std::iter::successors(questions.cwd(), |folder| parent(folder))
}

/// The first of the candidates that may be executed.
pub(super) fn first_executable(
    questions: &Questions<'_>,
    candidates: impl IntoIterator<Item = BString>,
) -> Option<BString> {
    candidates.into_iter().find(|path| questions.is_executable(path.as_bstr()))
}

/// `folder/bin/name`.
pub(super) fn in_bin(folder: &BStr, name: &BStr) -> BString {
    join(join(folder, "bin").as_bstr(), name)
}
