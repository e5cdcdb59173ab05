//! The importer that meson-python writes for a project in editable mode: it builds the project at the first import, and then
//! reads from the build where each module is.

use bstr::{BStr, BString, ByteSlice};

use super::literal::{self, Literal};
use crate::startup::Tokens;

/// The class that makes a module one of meson-python.
const CLASS: &str = "MesonpyMetaFinder";

/// The names that such an importer answers for.
pub(in crate::imports) struct Built {
    /// The module that defines the importer.
    pub module: BString,
    names: Vec<BString>,
}

impl Built {
    /// Reads the arguments of the importer; none where the module is another kind of module.
    pub fn read(module: &str, found: &Tokens) -> Option<Self> {
        if !literal::defines_class(found, CLASS) {
            return None;
        }
        // Up to 0.18 the module ends with a call; later a function makes the importer.
        let calls = literal::calls(found, "install").into_iter().chain(literal::calls(found, CLASS));
        let names = calls.filter_map(|arguments| arguments.get(1).and_then(Literal::texts)).next_back()?;
        Some(Self { module: module.into(), names })
    }

    /// Whether importing a name builds the project.
    pub fn builds(&self, name: &BStr) -> bool {
        let top = name.split_str(".").next().unwrap_or_default();
        self.names.iter().any(|own| own == top)
    }
}
