//! In which order Python judges variables and options: the first refused value decides what it prints.

use super::setting::Setting;
use super::table as t;
use crate::startup::behaviors::{Behavior, Behaviors};

/// One thing that Python judges.
pub enum Item {
    /// The flags themselves.
    CommandLine,
    /// The warning that the C locale is not used.
    Coercion,
    /// The warning that it is.
    LegacyLocale,
    /// A variable or an option.
    Check(&'static Setting),
}

use Item::{Check, Coercion, CommandLine, LegacyLocale};

/// `Python/preconfig.c` and `Python/initconfig.c`: what decides how everything else is read comes first.
static SINCE_PRECONFIG: [Item; 26] = [
    Check(&t::UTF8_OPTION),
    Check(&t::UTF8),
    Check(&t::MALLOC),
    Coercion,
    CommandLine,
    Check(&t::HASH_SEED),
    Check(&t::GIL),
    Check(&t::GIL_OPTION),
    Check(&t::IMPORT_TIME),
    Check(&t::IMPORT_TIME_OPTION),
    Check(&t::LAZY_IMPORTS),
    Check(&t::LAZY_IMPORTS_OPTION),
    Check(&t::TRACEMALLOC),
    Check(&t::TRACEMALLOC_OPTION),
    Check(&t::INT_MAX_STR_DIGITS),
    Check(&t::INT_MAX_STR_DIGITS_OPTION),
    Check(&t::CPU_COUNT),
    Check(&t::CPU_COUNT_OPTION),
    Check(&t::THREAD_INHERIT_CONTEXT),
    Check(&t::THREAD_INHERIT_CONTEXT_OPTION),
    Check(&t::CONTEXT_AWARE_WARNINGS),
    Check(&t::CONTEXT_AWARE_WARNINGS_OPTION),
    Check(&t::PATHCONFIG_WARNINGS),
    Check(&t::PATHCONFIG_WARNINGS_OPTION),
    Check(&t::FROZEN_MODULES),
    Check(&t::FROZEN_MODULES_OPTION),
];

/// `Modules/main.c` and `Python/pylifecycle.c` of 3.7.
static SINCE_CORE_CONFIG: [Item; 11] = [
    CommandLine,
    Check(&t::HASH_SEED),
    Check(&t::TRACEMALLOC),
    Check(&t::TRACEMALLOC_OPTION),
    Check(&t::INT_MAX_STR_DIGITS),
    Check(&t::INT_MAX_STR_DIGITS_OPTION),
    Check(&t::UTF8_OPTION),
    Check(&t::UTF8),
    Coercion,
    Check(&t::MALLOC),
    LegacyLocale,
];

/// `Modules/main.c` of 3.6; tracemalloc is started only after the standard library was found.
static ORIGINAL: [Item; 3] = [Check(&t::MALLOC), Check(&t::HASH_SEED), CommandLine];

/// The order of a release.
pub fn of(behaviors: &Behaviors) -> &'static [Item] {
    if behaviors.has(Behavior::Preconfiguration) {
        &SINCE_PRECONFIG
    } else if behaviors.has(Behavior::CoreConfiguration) {
        &SINCE_CORE_CONFIG
    } else {
        &ORIGINAL
    }
}
