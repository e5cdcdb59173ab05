//! The account database of a system that does not run: the file `/etc/passwd` (`passwd(5)`).

use bstr::{BString, ByteSlice};

use super::super::Host;

/// The most that is read of the file.
const MOST_BYTES: u64 = 4 << 20;

/// The home directory of a user, by number. Other sources that `nsswitch.conf` may name need the system to run.
pub(super) fn home(host: &dyn Host, uid: u32) -> Option<BString> {
    let accounts = host.read("/etc/passwd".into(), MOST_BYTES).ok()?;
    let account = accounts.lines().map(|line| line.split_str(":").collect::<Vec<_>>());
    let is_user = |fields: &Vec<&[u8]>| fields.len() >= 6 && fields[2].to_str().is_ok_and(|id| id.parse() == Ok(uid));
    account.into_iter().find(is_user).map(|fields| fields[5].into())
}
