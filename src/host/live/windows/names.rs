//! What names of files tell on Windows.

use bstr::BString;

/// Before a path of which nothing is interpreted.
const VERBATIM: &[u8] = br"\\?\";
/// Before the server of such a path.
const VERBATIM_SERVER: &[u8] = br"\\?\UNC\";

/// The path as people and Python write it, without the mark of a verbatim path; only where it is the same path then.
pub(super) fn plain(path: BString) -> BString {
    if let Some(server) = path.strip_prefix(VERBATIM_SERVER) {
        return [br"\\", server].concat().into();
    }
    match path.strip_prefix(VERBATIM) {
        Some(rest @ [drive, b':', ..]) if drive.is_ascii_alphabetic() => rest.into(),
        _ => path,
    }
}
