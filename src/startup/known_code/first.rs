//! What the first statements of a module lead to, on a given `sys.path`.

use super::{Effect, First};

/// Where a module is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere.
    Nowhere,
    /// In the interpreter or its standard library: importing it changes nothing.
    Standard,
    /// Elsewhere: its code may do anything.
    Elsewhere,
}

/// How a module ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It may do anything.
    Unknown,
    /// With an exception about a module that does not exist: its name.
    Missing(String),
    /// With another exception, or with the process.
    Effect(Effect),
}

/// Follows the statements, up to the first one that is not certain.
pub fn follow(firsts: Vec<First>, place: impl Fn(&str) -> Place) -> End {
    for first in firsts {
        match first {
            First::Ends(effect) => return End::Effect(effect),
            First::Imports(name) => {
                let top = name.split('.').next().unwrap_or_default();
                match place(top) {
                    Place::Nowhere => return End::Missing(top.to_owned()),
                    Place::Standard => {}
                    Place::Elsewhere => break,
                }
            }
        }
    }
    End::Unknown
}
