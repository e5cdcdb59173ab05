//! What the Windows registry adds to `sys.path`.

use bstr::{BStr, ByteSlice};

use super::super::split;
use super::Getpath;
use crate::host::{Hive, RegistryKey};
use crate::startup::behaviors::Behavior;
use crate::startup::record::Origin;

impl Getpath<'_, '_, '_> {
    /// The default values below `PythonPath`, the user's before the machine's.
    pub(super) fn add_registry(&mut self) {
        let winver = self.input.interpreter.winver();
        for hive in [Hive::CurrentUser, Hive::LocalMachine] {
            let Some(key) = self.trace.ask.host().registry(hive, winver.as_bstr()) else { continue };
            self.add_registry_key(&key);
            self.trace
                .say(format!("{} has a PythonPath key for this version, and its values go on sys.path.", hive.name()));
        }
    }

    /// The subkeys are those of applications and always count; the key's own value is a last resort. A key without
    /// a default value has the empty text for one (`winreg.QueryValue`), and so adds an empty entry.
    fn add_registry_key(&mut self, key: &RegistryKey) {
        for value in &key.subkeys {
            self.add_registry_value(value.as_bstr());
        }
        if self.counts_core_key() {
            self.add_registry_value(key.value.as_ref().map(|value| value.as_bstr()).unwrap_or_default());
        }
    }

    fn counts_core_key(&mut self) -> bool {
        if self.has(Behavior::RegistryCoreKeyLast) {
            return self.home.is_empty() && self.stdlib_dir.is_empty();
        }
        !self.home_was_set && self.venv_prefix.as_ref().is_none_or(|dir| dir.is_empty()) && self.build_prefix.is_none()
    }

    fn add_registry_value(&mut self, value: &BStr) {
        for entry in split(value, self.input.layout.delimiter) {
            self.add(entry.to_owned(), Origin::Registry);
        }
    }
}
