//! The table: every variable and option of which some values end startup, with its reader.

use bstr::{BStr, BString};

use super::number;
use super::setting::{Setting, option, variable};
use crate::startup::behaviors::{Behavior as B, Behaviors};
use crate::text::sentence;

const SWITCH: &str = "0 and 1";
const SEED: &str = "random and whole numbers from 0 to 4294967295";
const ALLOCATORS: &str = "the names of its allocators (default, malloc, pymalloc, debug and so on)";
const FRAMES: &str = "numbers of frames from 1 to 65535";
const DIGITS: &str = "0 and whole numbers from 640";
const COUNT: &str = "default and whole numbers from 1";
const ON_OFF: &str = "on and off";
const LAZY: &str = "all and normal";
const TIMES: &str = "the numbers 0, 1 and 2";

pub static UTF8: Setting = variable("PYTHONUTF8", Some(B::Utf8Mode), SWITCH, |value, behaviors| {
    let text = "invalid PYTHONUTF8 environment variable value";
    unless(is_one_of(value, &["0", "1"]), || fatal(behaviors, utf8_function(behaviors), text))
})
.preinitializing()
.unless("utf8");

pub static UTF8_OPTION: Setting = option("utf8", Some(B::Utf8Mode), SWITCH, |value, behaviors| {
    let is_valid = value.is_none() || is_one_of(value, &["0", "1"]);
    unless(is_valid, || fatal(behaviors, utf8_function(behaviors), "invalid -X utf8 option value"))
})
.preinitializing();

pub static MALLOC: Setting = variable("PYTHONMALLOC", None, ALLOCATORS, |value, behaviors| {
    let is_valid = is_one_of(value, &["debug", "malloc", "malloc_debug", "pymalloc", "pymalloc_debug"])
        || behaviors.has(B::DefaultAllocator) && is_one_of(value, &["default"])
        || behaviors.has(B::Mimalloc) && is_one_of(value, &["mimalloc", "mimalloc_debug"]);
    unless(is_valid, || {
        if behaviors.has(B::Preconfiguration) {
            fatal(behaviors, "preconfig_init_allocator", "PYTHONMALLOC: unknown allocator")
        } else if behaviors.has(B::FatalErrorNamesFunction) {
            fatal(behaviors, "_Py_InitializeCore_impl", "Unknown PYTHONMALLOC allocator")
        } else {
            let value = value.unwrap_or_default();
            sentence!("Error in PYTHONMALLOC: unknown allocator \"", value, "\"!")
        }
    })
})
.preinitializing()
.early();

pub static HASH_SEED: Setting = variable("PYTHONHASHSEED", None, SEED, |value, behaviors| {
    let number = value.and_then(number::parse_unsigned);
    let is_valid = is_one_of(value, &["random"]) || number.is_some_and(|number| u32::try_from(number).is_ok());
    let text = "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]";
    unless(is_valid, || fatal(behaviors, "config_init_hash_seed", text))
})
.early()
.unless("-R");

pub static GIL: Setting = variable("PYTHON_GIL", Some(B::GilSetting), "1", refuse_gil);
pub static GIL_OPTION: Setting = option("gil", Some(B::GilSetting), "1", refuse_gil);

pub static IMPORT_TIME: Setting =
    variable("PYTHONPROFILEIMPORTTIME", Some(B::ImportTimeNumbers), TIMES, |value, behaviors| {
        let text = "PYTHONPROFILEIMPORTTIME: numeric values other than 1 and 2 are reserved for future use.";
        unless(is_import_time(value), || fatal(behaviors, "config_init_import_time", text))
    });
pub static IMPORT_TIME_OPTION: Setting = option("importtime", Some(B::ImportTimeNumbers), TIMES, |value, behaviors| {
    let text = "-X importtime: values other than 1 and 2 are reserved for future use.";
    unless(is_import_time(value), || fatal(behaviors, "config_init_import_time", text))
});

pub static LAZY_IMPORTS: Setting = variable("PYTHON_LAZY_IMPORTS", Some(B::LazyImports), LAZY, |value, behaviors| {
    let text = "PYTHON_LAZY_IMPORTS: invalid value; expected 'all' or 'normal'";
    unless(is_one_of(value, &["all", "normal"]), || fatal(behaviors, "config_init_lazy_imports", text))
});
pub static LAZY_IMPORTS_OPTION: Setting = option("lazy_imports", Some(B::LazyImports), LAZY, |value, behaviors| {
    let text = "-X lazy_imports: invalid value; expected 'all' or 'normal'";
    unless(is_one_of(value, &["all", "normal"]), || fatal(behaviors, "config_init_lazy_imports", text))
});

pub static TRACEMALLOC: Setting = variable("PYTHONTRACEMALLOC", None, FRAMES, |value, behaviors| {
    let text = "PYTHONTRACEMALLOC: invalid number of frames";
    unless(is_frames(value, behaviors), || fatal(behaviors, "config_init_tracemalloc", text))
});
pub static TRACEMALLOC_OPTION: Setting = option("tracemalloc", None, FRAMES, |value, behaviors| {
    let text = "-X tracemalloc=NFRAME: invalid number of frames";
    unless(value.is_none() || is_frames(value, behaviors), || fatal(behaviors, "config_init_tracemalloc", text))
});

pub static INT_MAX_STR_DIGITS: Setting =
    variable("PYTHONINTMAXSTRDIGITS", Some(B::IntMaxStrDigits), DIGITS, |value, behaviors| {
        let text = "PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for unlimited.";
        unless(is_digits(value), || fatal(behaviors, "config_init_int_max_str_digits", text))
    });
pub static INT_MAX_STR_DIGITS_OPTION: Setting =
    option("int_max_str_digits", Some(B::IntMaxStrDigits), DIGITS, |value, behaviors| {
        let text = "-X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.";
        unless(is_digits(value), || fatal(behaviors, "config_init_int_max_str_digits", text))
    });

pub static CPU_COUNT: Setting = variable("PYTHON_CPU_COUNT", Some(B::CpuCount), COUNT, refuse_cpu_count);
pub static CPU_COUNT_OPTION: Setting = option("cpu_count", Some(B::CpuCount), COUNT, refuse_cpu_count);

pub static THREAD_INHERIT_CONTEXT: Setting =
    variable("PYTHON_THREAD_INHERIT_CONTEXT", Some(B::ContextSettings), SWITCH, |value, behaviors| {
        let text = "PYTHON_THREAD_INHERIT_CONTEXT=N: N is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_thread_inherit_context", text))
    });
pub static THREAD_INHERIT_CONTEXT_OPTION: Setting =
    option("thread_inherit_context", Some(B::ContextSettings), SWITCH, |value, behaviors| {
        let text = "-X thread_inherit_context=n: n is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_thread_inherit_context", text))
    });

pub static CONTEXT_AWARE_WARNINGS: Setting =
    variable("PYTHON_CONTEXT_AWARE_WARNINGS", Some(B::ContextSettings), SWITCH, |value, behaviors| {
        let text = "PYTHON_CONTEXT_AWARE_WARNINGS=N: N is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_context_aware_warnings", text))
    });
pub static CONTEXT_AWARE_WARNINGS_OPTION: Setting =
    option("context_aware_warnings", Some(B::ContextSettings), SWITCH, |value, behaviors| {
        let text = "-X context_aware_warnings=n: n is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_context_aware_warnings", text))
    });

pub static PATHCONFIG_WARNINGS: Setting =
    variable("PYTHON_PATHCONFIG_WARNINGS", Some(B::PathWarningsSetting), SWITCH, |value, behaviors| {
        let text = "PYTHON_PATHCONFIG_WARNINGS=N: N is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_pathconfig_warnings", text))
    });
pub static PATHCONFIG_WARNINGS_OPTION: Setting =
    option("pathconfig_warnings", Some(B::PathWarningsSetting), SWITCH, |value, behaviors| {
        let text = "-X pathconfig_warnings=n: n is missing or invalid";
        unless(is_switch(value), || fatal(behaviors, "config_init_pathconfig_warnings", text))
    });

pub static FROZEN_MODULES: Setting =
    variable("PYTHON_FROZEN_MODULES", Some(B::FrozenModulesVariable), ON_OFF, |value, _| {
        let text = "Fatal Python error: bad value for PYTHON_FROZEN_MODULES (expected \"on\" or \"off\")";
        unless(is_one_of(value, &["on", "off"]), || text.into())
    });
pub static FROZEN_MODULES_OPTION: Setting = option("frozen_modules", Some(B::FrozenSite), ON_OFF, |value, _| {
    let text = "Fatal Python error: bad value for option -X frozen_modules (expected \"on\" or \"off\")";
    unless(value.is_none() || is_one_of(value, &["on", "off", ""]), || text.into())
});

fn refuse_gil(value: Option<&BStr>, behaviors: &Behaviors) -> Option<BString> {
    match value {
        Some(value) if value == "1" => None,
        // Free-threaded builds would accept it; their release is a build of its own.
        Some(value) if value == "0" => {
            Some(fatal(behaviors, "config_read_gil", "Disabling the GIL is not supported by this build"))
        }
        _ => Some(fatal(behaviors, "config_read_gil", "PYTHON_GIL / -X gil must be \"0\" or \"1\"")),
    }
}

fn refuse_cpu_count(value: Option<&BStr>, behaviors: &Behaviors) -> Option<BString> {
    let number = value.and_then(number::parse);
    let text = "-X cpu_count=n option: n is missing or an invalid number, n must be greater than 0";
    let is_valid = is_one_of(value, &["default"]) || number.is_some_and(|number| number > 0);
    unless(is_valid, || fatal(behaviors, "config_init_cpu_count", text))
}

fn unless(is_valid: bool, message: impl FnOnce() -> BString) -> Option<BString> {
    (!is_valid).then(message)
}

fn is_one_of(value: Option<&BStr>, valid: &[&str]) -> bool {
    value.is_some_and(|value| valid.iter().any(|valid| value == valid.as_bytes()))
}

fn is_switch(value: Option<&BStr>) -> bool {
    value.and_then(number::parse).is_some_and(|number| matches!(number, 0 | 1))
}

fn is_digits(value: Option<&BStr>) -> bool {
    value.and_then(number::parse).is_some_and(|number| number == 0 || number >= 640)
}

/// Only numbers are reserved: a word switches the table on.
fn is_import_time(value: Option<&BStr>) -> bool {
    value.and_then(number::parse).is_none_or(|number| matches!(number, 0..=2))
}

fn is_frames(value: Option<&BStr>, behaviors: &Behaviors) -> bool {
    let least = i32::from(!behaviors.has(B::TracemallocZero));
    value.and_then(number::parse).is_some_and(|frames| frames >= least)
}

fn utf8_function(behaviors: &Behaviors) -> &'static str {
    if behaviors.has(B::Preconfiguration) { "preconfig_init_utf8_mode" } else { "config_init_utf8_mode" }
}

/// The first line of a fatal error.
pub fn fatal(behaviors: &Behaviors, function: &str, text: &str) -> BString {
    if behaviors.has(B::FatalErrorNamesFunction) {
        sentence!("Fatal Python error: ", function, ": ", text)
    } else {
        sentence!("Fatal Python error: ", text)
    }
}
