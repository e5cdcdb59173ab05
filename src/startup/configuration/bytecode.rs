//! Where Python keeps compiled modules, and when it compares them with their sources by a hash.

use bstr::{BStr, BString};

use super::{Given, counted, number, option};
use crate::invocation::{HASH_CHECKS, Invocation};
use crate::startup::behaviors::{Behavior, Behaviors};

/// The level of optimization, which is part of the name of a compiled module.
pub fn optimization(invocation: &Invocation, behaviors: &Behaviors) -> i32 {
    let typed = invocation.switches.iter().filter(|switch| *switch == "-O").count();
    let typed = i32::try_from(typed).unwrap_or(i32::MAX);
    let set = counted(invocation, "PYTHONOPTIMIZE").map_or(0, |value| level(value, behaviors));
    typed.max(set)
}

/// What the variable asks for. Before 3.7, zero is on, too.
fn level(value: &BStr, behaviors: &Behaviors) -> i32 {
    let number = number::parse(value).filter(|number| *number >= 0);
    let number = number.unwrap_or(1);
    if behaviors.has(Behavior::IntegerFlags) { number } else { number.max(1) }
}

/// The directory below which all compiled modules are kept, in place of `__pycache__` directories.
pub fn cache_prefix(invocation: &Invocation, behaviors: &Behaviors) -> Option<BString> {
    if !behaviors.has(Behavior::CachePrefix) {
        return None;
    }
    // The option without a value switches the variable off.
    let value = match option(invocation, "pycache_prefix", behaviors) {
        Some(Given(value)) => value.filter(|value| !value.is_empty()),
        None => counted(invocation, "PYTHONPYCACHEPREFIX"),
    };
    value.map(ToOwned::to_owned)
}

/// Which compiled modules with a hash of their source are compared with it: those that ask for it, all, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashChecks {
    /// Those that ask for it.
    Default,
    /// All.
    Always,
    /// None.
    Never,
}

/// What `--check-hash-based-pycs` says.
pub fn hash_checks(invocation: &Invocation) -> HashChecks {
    let mut pairs = invocation.switches.windows(2).rev();
    let given = pairs.find_map(|pair| (pair[0] == HASH_CHECKS).then_some(pair[1].as_slice()));
    match given {
        Some(b"always") => HashChecks::Always,
        Some(b"never") => HashChecks::Never,
        _ => HashChecks::Default,
    }
}
