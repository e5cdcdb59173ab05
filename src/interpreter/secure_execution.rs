//! Whether a program runs with rights that its caller does not have (`AT_SECURE`), in which the dynamic loader trusts
//! neither variables nor the place of the program.
//!
//! `bprm_fill_uid` and `cap_bprm_creds_from_file` of Linux.

use bstr::{BStr, BString, ByteSlice};

use super::Problem;
use super::case::Case;
use super::elf::Libraries;
use super::loader::{self, Outcome, Program};
use crate::host::{HostError, Lookups, mounts};

const SET_USER: u16 = 0o4000;
const SET_GROUP: u16 = 0o2000;
/// Without this bit, set-group-ID means mandatory locking.
const GROUP_EXECUTES: u16 = 0o010;
const STATUS: &[u8] = b"/proc/self/status";
const LARGEST_STATUS: u64 = 4 << 20;
/// `VFS_CAP_FLAGS_EFFECTIVE`: the program has its capabilities from the beginning.
const EFFECTIVE: u8 = 1;

/// What the program itself says about libraries that secure execution may forbid.
pub(super) fn names_tokens(libraries: &Libraries) -> bool {
    let texts = libraries.rpath.iter().chain(&libraries.runpath).chain(&libraries.needed);
    texts.into_iter().any(|text| text.contains(&b'$'))
}

/// Why the loader executes the file securely; none where it does not.
pub(super) fn reason(lookups: &Lookups<'_>, file: &BStr) -> Option<&'static str> {
    let process = lookups.host().process();
    if process.uid != process.euid || process.gid != process.egid {
        return Some("the process already runs with the rights of another user or group");
    }
    let access = lookups.metadata(file).ok().and_then(|metadata| metadata.access);
    let lends_user = access.is_some_and(|access| access.mode & SET_USER != 0 && access.owner != process.uid);
    let lends_group = access.is_some_and(|access| {
        let is_set = access.mode & (SET_GROUP | GROUP_EXECUTES) == SET_GROUP | GROUP_EXECUTES;
        is_set && access.group.is_some_and(|group| group != process.gid)
    });
    // Root has all capabilities anyway.
    let brought = if process.uid == 0 { None } else { lookups.host().capabilities(file) };
    let brought = brought.filter(|value| grants(value));
    if !lends_user && !lends_group && brought.is_none() || is_nosuid(lookups, file) {
        return None;
    }
    let is_effective = brought.as_ref().is_some_and(|value| value.first().is_some_and(|flags| flags & EFFECTIVE != 0));
    if has_no_new_rights(lookups) {
        return is_effective.then_some("it has capabilities of its own");
    }
    Some(match (lends_user, lends_group) {
        (true, _) => "it runs with the rights of the user who owns it",
        (_, true) => "it runs with the rights of the group that owns it",
        _ => "it has capabilities of its own",
    })
}

/// Whether the value gives a capability, or makes any effective: flags, and twice permitted and inheritable ones.
fn grants(value: &[u8]) -> bool {
    let permitted = [value.get(4..8), value.get(12..16)];
    value.first().is_some_and(|flags| flags & EFFECTIVE != 0)
        || permitted.into_iter().flatten().any(|word| word.iter().any(|&byte| byte != 0))
}

/// Whether the file system is mounted with `nosuid`, where neither bits nor capabilities count.
fn is_nosuid(lookups: &Lookups<'_>, file: &BStr) -> bool {
    let table = lookups.read(mounts::TABLE.into(), mounts::MOST);
    table.is_ok_and(|table| mounts::nearest(&table, file).is_some_and(|mount| mount.has_option("nosuid")))
}

/// `PR_SET_NO_NEW_PRIVS`, which the started program inherits.
fn has_no_new_rights(lookups: &Lookups<'_>) -> bool {
    let status = lookups.read(STATUS.as_bstr(), LARGEST_STATUS);
    status.is_ok_and(|status| {
        let mut lines = status.lines();
        lines.any(|line| line.strip_prefix(b"NoNewPrivs:").is_some_and(|value| value.trim_ascii() == b"1"))
    })
}

/// A library that only secure execution does not find is another problem than one that is missing.
pub(super) fn explain(case: &Case<'_, '_>, program: &Program<'_>, problem: Problem) -> Problem {
    let Problem::MissingLibrary { library, searched, .. } = &problem else { return problem };
    let is_denied = |path: &&BString| matches!(case.lookups.metadata(path.as_bstr()), Err(HostError::PermissionDenied));
    if let Some(hidden) = searched.iter().find(is_denied).filter(|_| reason(case.lookups, case.file).is_some()) {
        let why =
            "it may not be looked at, but the program runs with the rights of somebody else, who may do so".into();
        return Problem::LoadingUnknown { object: hidden.clone(), why };
    }
    if !program.is_secure {
        return problem;
    }
    let otherwise = Program { is_secure: false, ..*program };
    let Outcome::Found(found) = loader::find(case.lookups, &otherwise, library.as_bstr()) else { return problem };
    let why = reason(case.lookups, case.file).unwrap_or_default();
    let (library, found, why) = (library.clone(), found.path.clone(), BString::from(why));
    Problem::ForbiddenLibrary { library, found, why }
}
