//! Which of the interpreters on this machine plays which part.

use std::sync::LazyLock;

use crate::support::interpreters::{self, Interpreter};

/// A part that some interpreters can play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Upstream's release of 3.12, or the nearest one of 3.11 to 3.13.
    Usual,
    /// Upstream's release of 3.10 or before, whose path configuration is written in C.
    Legacy,
    /// This minor release, whoever built it.
    Minor(u32),
    /// A build of 3.11 or later whose compiled-in prefix does not exist.
    Relocated,
    /// The distribution's own.
    Debian,
}

/// The interpreters outside of root directories, found once.
static FOUND: LazyLock<Vec<Interpreter>> = LazyLock::new(|| {
    let found = interpreters::find().expect("interpreters can be looked for");
    for missed in found.missed {
        println!("missed: {missed}");
    }
    found.interpreters.into_iter().filter(|python| python.world.root().is_none()).collect()
});

/// Every interpreter that plays a part.
pub fn all() -> impl Iterator<Item = &'static Interpreter> {
    FOUND.iter()
}

/// The interpreter for a role, where there is one.
pub fn actor(role: Role) -> Option<&'static Interpreter> {
    let upstream = |python: &&Interpreter| !python.debian && !python.relocated;
    let mut all = FOUND.iter();
    match role {
        Role::Usual => {
            let mut modern: Vec<&Interpreter> =
                FOUND.iter().filter(upstream).filter(|python| (11..=13).contains(&python.minor)).collect();
            modern.sort_by_key(|python| python.minor.abs_diff(12));
            modern.first().copied()
        }
        Role::Legacy => {
            FOUND.iter().filter(upstream).filter(|python| python.minor <= 10).max_by_key(|python| python.minor)
        }
        Role::Minor(minor) => all.find(|python| python.minor == minor && !python.relocated),
        Role::Relocated => all.find(|python| python.relocated && python.minor >= 11),
        Role::Debian => all.find(|python| python.debian),
    }
}
