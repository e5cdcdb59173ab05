//! Which of the interpreters on this machine environments are made with.

use crate::support::interpreters::{self, Interpreter};

/// A kind of interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Upstream's release of 3.12, or the nearest one of 3.11 to 3.13.
    Usual,
    /// Upstream's release of 3.10 or before, whose path configuration is written in C.
    Legacy,
    /// This minor version, from any distributor.
    Minor(u32),
    /// A build of 3.11 or later whose compiled-in prefix does not exist.
    Relocated,
    /// The distribution's own.
    Debian,
}

/// The interpreter of a kind, where there is one.
pub fn actor(role: Role) -> Option<&'static Interpreter> {
    let upstream = |python: &&Interpreter| !python.debian && !python.relocated;
    let mut all = interpreters::installed();
    match role {
        Role::Usual => {
            let mut modern: Vec<&Interpreter> =
                all.clone().filter(upstream).filter(|python| (11..=13).contains(&python.minor)).collect();
            modern.sort_by_key(|python| python.minor.abs_diff(12));
            modern.first().copied()
        }
        Role::Legacy => {
            all.clone().filter(upstream).filter(|python| python.minor <= 10).max_by_key(|python| python.minor)
        }
        Role::Minor(minor) => all.find(|python| python.minor == minor && !python.relocated),
        Role::Relocated => all.find(|python| python.relocated && python.minor >= 11),
        Role::Debian => all.find(|python| python.debian),
    }
}
