//! Every rule has a pair: an environment in which it finds what it describes, and a twin in which it finds nothing.
//!
//! Where a real interpreter can be broken in that way here, both are made on the disk, examined, and for situations of
//! the failure catalogue the printed cure is followed and the interpreter started. The same two are kept as snapshots
//! in `fixtures/rules/`, and examined wherever the tests run; those of other systems are kept only there.
//! `VENV_DOCTOR_UPDATE=1` records them anew.
#![allow(clippy::disallowed_methods, reason = "makes environments, breaks them, and follows the cures")]
#![allow(clippy::print_stdout, reason = "the table of what was reproduced, named and cured is part of the answer")]

mod cast;
mod distributions;
mod executable;
mod extensions;
mod judge;
mod keep;
mod pair;
mod places;
mod prefix;
mod scripts;
mod stage;
mod startup_code;
mod variables;

#[path = "../differential/interpreters.rs"]
#[allow(dead_code, reason = "another test program uses the rest")]
mod interpreters;
#[path = "../differential/world.rs"]
#[allow(dead_code, reason = "another test program uses the rest")]
mod world;

use pair::Pair;

/// The pairs of all families.
fn pairs() -> impl Iterator<Item = &'static Pair> {
    let families = [
        executable::PAIRS,
        prefix::PAIRS,
        variables::PAIRS,
        startup_code::PAIRS,
        scripts::PAIRS,
        distributions::PAIRS,
        extensions::PAIRS,
        places::PAIRS,
    ];
    families.into_iter().flatten()
}

#[test]
fn executable() {
    judge::judge(executable::PAIRS);
}

#[test]
fn prefix() {
    judge::judge(prefix::PAIRS);
}

#[test]
fn variables() {
    judge::judge(variables::PAIRS);
}

#[test]
fn startup_code() {
    judge::judge(startup_code::PAIRS);
}

#[test]
fn scripts() {
    judge::judge(scripts::PAIRS);
}

#[test]
fn distributions() {
    judge::judge(distributions::PAIRS);
}

#[test]
fn extensions() {
    judge::judge(extensions::PAIRS);
}

#[test]
fn places() {
    judge::judge(places::PAIRS);
}
