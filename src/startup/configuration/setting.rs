//! One variable or option of which some values end startup.

use bstr::{BStr, BString};

use crate::startup::behaviors::{Behavior, Behaviors};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Variable,
    /// A `-X` option.
    Option,
}

/// The first line of the fatal error, where a value is refused; an option may have no value.
pub type Refusal = fn(Option<&BStr>, &Behaviors) -> Option<BString>;

/// One row of the table.
#[derive(Debug)]
pub struct Setting {
    /// Where the value comes from.
    pub source: Source,
    /// Its name.
    pub name: &'static str,
    /// The behavior with which Python began to read it; none where every release does.
    pub since: Option<Behavior>,
    /// The option, or the flag, that hides it.
    pub unless: Option<&'static str>,
    /// Whether 3.6 reads it before it looks at `-I`.
    pub is_early: bool,
    /// Which values are valid, in words.
    pub valid: &'static str,
    /// What the state of the runtime is called at that time.
    pub state: &'static str,
    /// Judges a value.
    pub refusal: Refusal,
}

/// A variable.
pub const fn variable(name: &'static str, since: Option<Behavior>, valid: &'static str, refusal: Refusal) -> Setting {
    let (source, state) = (Source::Variable, "preinitialized");
    Setting { source, name, since, unless: None, is_early: false, valid, state, refusal }
}

/// An option.
pub const fn option(name: &'static str, since: Option<Behavior>, valid: &'static str, refusal: Refusal) -> Setting {
    let (source, state) = (Source::Option, "preinitialized");
    Setting { source, name, since, unless: None, is_early: false, valid, state, refusal }
}

impl Setting {
    /// Python reads it before anything else, to decide how it reads everything else.
    pub const fn preinitializing(mut self) -> Self {
        self.state = "preinitializing";
        self
    }

    /// 3.6 reads it before it looks at `-I`.
    pub const fn early(mut self) -> Self {
        self.is_early = true;
        self
    }

    /// An option, or a flag, hides it.
    pub const fn unless(mut self, option: &'static str) -> Self {
        self.unless = Some(option);
        self
    }
}
