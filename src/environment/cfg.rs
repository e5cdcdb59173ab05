//! What `pyvenv.cfg` says, also where Python never comes to read it.

use std::borrow::Cow;

use bstr::{BStr, BString};

use super::Survey;
use crate::startup::{self, CfgEntry};

impl Survey<'_> {
    /// The lines of `pyvenv.cfg`: those that start-up read, or where it came to none, those of the file itself.
    pub fn cfg_entries(&self) -> Cow<'_, [CfgEntry]> {
        if let Some(read) = &self.resolution.pyvenv_cfg {
            return Cow::Borrowed(&read.entries);
        }
        let content = self.cfg().and_then(|cfg| self.ask.read(cfg, startup::MOST_BYTES).ok());
        Cow::Owned(content.map(|content| startup::cfg_lines(&content)).unwrap_or_default())
    }

    /// The first line of `pyvenv.cfg` with this key; case does not count.
    pub fn cfg_entry(&self, key: &str) -> Option<CfgEntry> {
        let entries = self.cfg_entries();
        entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key.as_bytes())).cloned()
    }

    /// The folder of the executable with every link resolved; as it is where that cannot be said.
    pub fn bin_folder(&self) -> BString {
        self.ask.real_path(self.bin()).unwrap_or_else(|_| self.bin().to_owned())
    }

    /// Whether `path` is absolute by the rules of the platform.
    pub fn is_absolute(&self, path: &BStr) -> bool {
        crate::host::path::module::is_absolute(self.flavour(), path)
    }
}
