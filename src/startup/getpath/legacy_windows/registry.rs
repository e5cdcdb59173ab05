//! `getpythonregpath`.

use bstr::{BString, ByteSlice};

use super::Calculation;
use crate::host::Hive;
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

impl Calculation<'_, '_, '_> {
    /// The user's and the machine's list, in their order on `sys.path`.
    pub(super) fn registry_lists(&mut self) -> Vec<BString> {
        // Only builds with a DLL read the registry, and up to 3.8 no flag prevents it.
        let is_ignored = !self.settings.use_environment && self.has(Behavior::RegistryObeysFlags);
        if self.library.is_none() || is_ignored {
            return Vec::new();
        }
        [Hive::CurrentUser, Hive::LocalMachine].into_iter().filter_map(|hive| self.registry_list(hive)).collect()
    }

    /// The subkeys always count, the key's own value only if no home is known; if it is missing then, the subkeys are lost
    /// too. A subkey without a value leaves an empty entry.
    fn registry_list(&mut self, hive: Hive) -> Option<BString> {
        let key = self.trace.ask.host().registry(hive, self.input.interpreter.winver().as_bstr())?;
        let mut parts = key.subkeys;
        if self.home.is_none() {
            parts.push(key.value?);
        } else if parts.is_empty() {
            return None;
        }
        self.trace
            .say(sentence!(hive.name(), " has a PythonPath key for this version, and its values go on sys.path."));
        Some(bstr::join(";", parts.iter().map(|part| part.as_bytes())).into())
    }
}
