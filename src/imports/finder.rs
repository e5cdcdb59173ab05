//! The search for a module: what startup has loaded, then the finders in their order.

use bstr::{BStr, BString};

use super::answer::{Candidate, Import, Kind};
use crate::host::Lookups;
use crate::startup::Resolution;

/// Follows imports in one interpreter, as it is when its startup is over.
pub struct Finder<'a> {
    resolution: &'a Resolution,
    ask: &'a Lookups<'a>,
}

/// A top-level module that an entry of `sys.path` provides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provided {
    /// Its name.
    pub name: BString,
    /// What the entry gives, and any other candidate that the entry holds.
    pub candidates: Vec<Candidate>,
}

impl<'a> Finder<'a> {
    /// Follows the imports of an interpreter, asking the same machine with the same memory.
    pub fn new(resolution: &'a Resolution, ask: &'a Lookups<'a>) -> Self {
        Self { resolution, ask }
    }

    /// The resolution.
    pub fn resolution(&self) -> &'a Resolution {
        self.resolution
    }

    /// What puts questions to the machine.
    pub fn ask(&self) -> &'a Lookups<'a> {
        self.ask
    }

    /// Which file `import NAME` gets; the name may have dots.
    pub fn find(&self, name: &BStr) -> Import {
        Import {
            name: name.to_owned(),
            kind: Kind::Unknown,
            origin: None,
            locations: None,
            found_by: None,
            shadows: Vec::new(),
            loaded_at_startup: false,
            reason: None,
            search: Vec::new(),
        }
    }

    /// Every top-level module that an entry of `sys.path` provides, sorted by name; the entry is listed once.
    pub fn provided(&self, entry: &BStr) -> Vec<Provided> {
        let _ = (entry, self.ask);
        Vec::new()
    }
}
