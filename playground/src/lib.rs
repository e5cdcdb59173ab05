//! The simulator for a page: a machine from a snapshot, how Python is called on it, and what Python does if something of
//! that is changed. Everything comes and goes as JSON, so that the page needs no other interface than these functions.

mod call;
mod changes;
mod version;

use bstr::BString;
use venv_doctor::{Host, OverlayHost, Snapshot, Version, json};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use call::Call;
use changes::Changes;

/// A machine, and how Python is called on it.
#[wasm_bindgen]
pub struct Machine {
    /// The snapshot as it was read, which a machine of another version is made from.
    document: Vec<u8>,
    snapshot: Snapshot,
    /// Where `pyvenv.cfg` is, or would be.
    pyvenv_cfg: Option<BString>,
    /// The version of the interpreter, as far as it is known.
    version: Option<Version>,
}

#[wasm_bindgen]
impl Machine {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// Where the document is malformed: the error names the place.
    #[wasm_bindgen(constructor)]
    pub fn new(document: Vec<u8>) -> Result<Machine, JsError> {
        Ok(Self::load(document, None)?)
    }

    /// The same machine with another version of Python. With `installed`, that version is in the place of the recorded
    /// one, with its own names of directories; otherwise only the interpreter changes.
    ///
    /// # Errors
    /// Where the text is no version of Python 3.
    pub fn with_version(&self, version: &str, installed: bool) -> Result<Machine, JsError> {
        let version: Version = version.trim().parse()?;
        let document = match self.version {
            Some(from) if installed => version::installed(&self.document, from, version),
            _ => self.document.clone(),
        };
        Ok(Self::load(document, Some(version))?)
    }

    /// How Python is called on this machine, as JSON: everything that can be changed.
    pub fn call(&self) -> String {
        Call::of(self).to_json()
    }

    /// What Python does with these changes (JSON, `{}` for none): the document of `explain --json`.
    ///
    /// # Errors
    /// Where the changes are malformed or cannot be made.
    pub fn explain(&self, changes: &str) -> Result<Vec<u8>, JsError> {
        let changes: Changes = serde_json::from_str(changes)?;
        let invocation = changes.invocation(&self.snapshot.invocation)?;
        let host: &dyn Host = &self.snapshot.host;
        let mut changed = OverlayHost::new(host);
        let host = match &self.pyvenv_cfg {
            Some(path) if changes.write(&mut changed, path)? => &changed,
            _ => host,
        };
        let explanation = venv_doctor::explain(host, &invocation, &self.snapshot.options);
        Ok(json::explanation(&explanation, &self.snapshot.notes))
    }
}

impl Machine {
    /// Reads a snapshot; with `version`, Python has that one, whatever is recorded.
    fn load(document: Vec<u8>, version: Option<Version>) -> Result<Self, venv_doctor::SnapshotError> {
        let mut snapshot = Snapshot::load(&document)?;
        if let Some(version) = version {
            snapshot.options = snapshot.options.with_python_version(version);
        }
        let explanation = venv_doctor::explain(&snapshot.host, &snapshot.invocation, &snapshot.options);
        let pyvenv_cfg = call::pyvenv_cfg(&explanation);
        let version = version.or(explanation.resolution.identification.interpreter.version);
        Ok(Self { document, snapshot, pyvenv_cfg, version })
    }
}
