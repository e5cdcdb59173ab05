//! What the errors of Windows mean.

use std::io;

use crate::host::HostError;

const ACCESS_DENIED: i32 = 5;
const INVALID_DRIVE: i32 = 15;
const NOT_READY: i32 = 21;
const SHARING_VIOLATION: i32 = 32;
const LOCK_VIOLATION: i32 = 33;
const BAD_NETPATH: i32 = 53;
const BAD_NET_NAME: i32 = 67;
const INVALID_NAME: i32 = 123;
const DIR_NOT_EMPTY: i32 = 145;
const BAD_PATHNAME: i32 = 161;
const FILENAME_EXCED_RANGE: i32 = 206;
const CANT_ACCESS_FILE: i32 = 1920;
const CANT_RESOLVE_FILENAME: i32 = 1921;
const NOT_A_REPARSE_POINT: i32 = 4390;

/// What an error means, where its kind does not say. A path that cannot exist does not exist.
pub(in super::super) fn meaning(error: &io::Error) -> Option<HostError> {
    Some(match error.raw_os_error()? {
        INVALID_DRIVE | NOT_READY | BAD_NETPATH | BAD_NET_NAME | INVALID_NAME | BAD_PATHNAME => HostError::NotFound,
        SHARING_VIOLATION | LOCK_VIOLATION => HostError::PermissionDenied,
        DIR_NOT_EMPTY => HostError::Exists,
        FILENAME_EXCED_RANGE => HostError::NameTooLong,
        CANT_RESOLVE_FILENAME => HostError::SymlinkLoop,
        NOT_A_REPARSE_POINT => HostError::NotALink,
        _ => return None,
    })
}

/// Whether what is there leads to what cannot be opened: an alias of the Store.
pub(super) fn is_alias(error: &io::Error) -> bool {
    error.raw_os_error() == Some(CANT_ACCESS_FILE)
}

/// Whether it is there, and somebody keeps it for himself.
pub(super) fn is_kept(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(SHARING_VIOLATION | ACCESS_DENIED))
}
