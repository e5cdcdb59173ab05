//! Which file system a path of the environment lies on.

use bstr::{BStr, ByteSlice};

use super::Survey;
use crate::host::Platform;
use crate::host::mounts::{MOST, Mount, TABLE, nearest};

impl Survey<'_> {
    /// The mount that a path lies on; none where that is not known.
    pub fn mount_of(&self, path: &BStr) -> Option<Mount> {
        if self.platform() != Platform::Linux {
            return None;
        }
        let table = self.ask.read(TABLE.into(), MOST).ok()?;
        let real = self.ask.real_path(path).ok()?;
        nearest(&table, real.as_bstr())
    }

    /// The same for a path that lies on another device than the root directory, for callers that ask which file system that
    /// is: this spares most machines reading the table. A machine in memory has no devices.
    pub fn separate_mount_of(&self, path: &BStr) -> Option<Mount> {
        let device = |path| self.ask.metadata(path).ok()?.identity.map(|(device, _)| device);
        let is_live = self.ask.host().machine().is_some();
        if is_live && device(path)? == device("/".into())? {
            return None;
        }
        self.mount_of(path)
    }
}
