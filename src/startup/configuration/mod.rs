//! Every environment variable and `-X` option whose value decides whether Python starts, or what it prints meanwhile.

mod bytecode;
mod command_line;
#[cfg(feature = "cli")]
mod disregarded;
mod io_encoding;
mod locale_warning;
mod number;
mod order;
mod setting;
mod startup_file;
mod table;
mod tracemalloc;
mod warning_filters;

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::fatal::Fatal;
use super::settings;
use super::trace::Trace;
use crate::invocation::Invocation;
use crate::text::sentence;
use order::Item;
use setting::{Setting, Source};

pub use bytecode::{HashChecks, cache_prefix, hash_checks, optimization};
#[cfg(feature = "cli")]
#[cfg(feature = "cli")]
pub use disregarded::disregarded;
pub use io_encoding::look_up as look_up_io_encoding;
pub use locale_warning::not_coerced as warn_of_legacy_locale;
pub use startup_file::read as read_startup_file;
pub use tracemalloc::start as start_tracemalloc;
pub use warning_filters::read as read_warning_filters;

/// A value of a variable or of a `-X` option that Python does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSetting {
    /// The name of the variable, or of the option, such as `PYTHONHASHSEED` or `utf8`.
    pub name: &'static str,
    /// Whether it is a `-X` option.
    pub is_option: bool,
    /// The value, or the part of it that is refused; none for an option without a value.
    pub value: Option<BString>,
    /// What is wrong with it, or which values are valid, as a clause.
    pub problem: BString,
    /// Whether Python fails to start because of it.
    pub is_fatal: bool,
    /// The step in which Python reads it.
    pub step: usize,
}

impl RefusedSetting {
    /// `PYTHONUTF8` or `-X utf8`.
    pub fn shown_name(&self) -> String {
        if self.is_option && !self.name.starts_with('-') { format!("-X {}", self.name) } else { self.name.to_owned() }
    }
}

/// The value of a variable that `-E` and `-I` switch off.
pub fn counted<'a>(invocation: &'a Invocation, name: &str) -> Option<&'a BStr> {
    let flags = invocation.flags;
    settings::set_variable(invocation, name).filter(|_| !(flags.ignore_environment || flags.isolated))
}

/// A setting that is given: its value, which an option may lack.
#[derive(Clone, Copy)]
pub struct Given<'a>(pub Option<&'a BStr>);

/// A `-X` option; none where it is not given.
pub fn option<'a>(invocation: &'a Invocation, name: &'a str, behaviors: &Behaviors) -> Option<Given<'a>> {
    let mut given = options(invocation, name);
    if behaviors.has(Behavior::FirstOptionCounts) { given.next() } else { given.next_back() }
}

/// Every `-X` option of that name, in order.
fn options<'a>(invocation: &'a Invocation, name: &'a str) -> impl DoubleEndedIterator<Item = Given<'a>> {
    invocation.options.iter().filter_map(move |option| match option.split_once_str("=") {
        Some((known, value)) => (known == name.as_bytes()).then_some(Given(Some(value.as_bstr()))),
        None => (option == name).then_some(Given(None)),
    })
}

/// Whether the modules of the standard library that are frozen into the binary are taken from there.
pub fn uses_frozen_modules(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    if !behaviors.has(Behavior::FrozenSite) {
        return false;
    }
    let given = if behaviors.has(Behavior::FrozenModulesReadTwice) {
        options(invocation, "frozen_modules").next_back()
    } else {
        option(invocation, "frozen_modules", behaviors)
    };
    match given {
        Some(Given(value)) => value.is_none_or(|value| value != "off"),
        None if behaviors.has(Behavior::FrozenModulesVariable) => {
            counted(invocation, "PYTHON_FROZEN_MODULES").is_none_or(|value| value != "off")
        }
        None => true,
    }
}

/// Whether the UTF-8 mode is switched on or off; none where neither is said.
pub fn utf8_mode(invocation: &Invocation, behaviors: &Behaviors) -> Option<bool> {
    if !behaviors.has(Behavior::Utf8Mode) {
        return None;
    }
    match option(invocation, "utf8", behaviors) {
        Some(Given(value)) => Some(value.is_none_or(|value| value == "1")),
        None => counted(invocation, "PYTHONUTF8").map(|value| value == "1"),
    }
}

/// Whether Python warns about its path configuration (3.15 on: unless it is told not to).
pub fn has_path_warnings(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    if !behaviors.has(Behavior::PathWarningsSetting) {
        return true;
    }
    let value = match option(invocation, "pathconfig_warnings", behaviors) {
        Some(Given(value)) => value,
        None => counted(invocation, "PYTHON_PATHCONFIG_WARNINGS"),
    };
    value.is_none_or(|value| number::parse(value) != Some(0))
}

/// Whether the development mode is on, in which Python checks error handlers.
fn is_development_mode(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    let is_on = |value: &BStr| value != "0" || !behaviors.has(Behavior::IntegerFlags);
    behaviors.has(Behavior::DevelopmentMode)
        && (option(invocation, "dev", behaviors).is_some() || counted(invocation, "PYTHONDEVMODE").is_some_and(is_on))
}

/// Judges every variable and option that Python reads before it computes any path, in its order.
///
/// # Errors
/// At the first value that ends startup.
pub fn check(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    for item in order::of(behaviors) {
        match item {
            Item::CommandLine => command_line::check(invocation, behaviors)?,
            Item::Coercion => locale_warning::coerced(trace, behaviors, invocation),
            Item::LegacyLocale => locale_warning::not_coerced(trace, behaviors, invocation),
            Item::Check(setting) => judge(trace, behaviors, invocation, setting, refused)?,
        }
    }
    if behaviors.has(Behavior::PathConfigAfterCore) {
        announce_imports(trace, behaviors, invocation);
    }
    Ok(())
}

/// Prints the first line of those about imports, and of the times that they take, once the path configuration is known.
pub fn announce(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) {
    if !behaviors.has(Behavior::PathConfigAfterCore) {
        announce_imports(trace, behaviors, invocation);
    }
    if import_times(invocation, behaviors) {
        trace.print("import time: self [us] | cumulative | imported package");
    }
}

/// The first imports need no path.
fn announce_imports(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) {
    if is_verbose(invocation, behaviors) {
        trace.print("import _frozen_importlib # frozen");
    }
}

/// Reads every `-X frozen_modules` once more, when the first imports are prepared.
///
/// # Errors
/// Where one but the first is not valid, in the releases that look at all of them.
pub fn check_frozen_modules(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    let values = invocation.options.iter().filter_map(|option| option.strip_prefix(b"frozen_modules="));
    let invalid = values.map(BStr::new).find(|value| !["on", "off", ""].iter().any(|valid| value == valid));
    let Some(value) = invalid.filter(|_| behaviors.has(Behavior::FrozenModulesReadTwice)) else { return Ok(()) };
    let setting = &table::FROZEN_MODULES_OPTION;
    refuse(trace, behaviors, setting, Some(value), "core initialized", refused)
}

/// Whether Python prints every import.
fn is_verbose(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    let is_set = |value| !behaviors.has(Behavior::IntegerFlags) || settings::is_flag_set(value);
    invocation.has_switch("-v") || counted(invocation, "PYTHONVERBOSE").is_some_and(is_set)
}

/// Whether Python prints how long each import takes.
fn import_times(invocation: &Invocation, behaviors: &Behaviors) -> bool {
    let is_zero = |value: &BStr| behaviors.has(Behavior::ImportTimeNumbers) && number::parse(value) == Some(0);
    behaviors.has(Behavior::ImportTimes)
        && match option(invocation, "importtime", behaviors) {
            Some(Given(value)) => !value.is_some_and(|value| !value.is_empty() && is_zero(value)),
            None => counted(invocation, "PYTHONPROFILEIMPORTTIME").is_some_and(|value| !is_zero(value)),
        }
}

/// Whether an option or a flag keeps Python from reading the variable.
fn is_hidden(setting: &Setting, invocation: &Invocation, behaviors: &Behaviors) -> bool {
    setting.unless.is_some_and(|other| match other {
        "-R" => invocation.has_switch(other) && behaviors.has(Behavior::CoreConfiguration),
        other => option(invocation, other, behaviors).is_some(),
    })
}

fn judge(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    setting: &'static Setting,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    if setting.since.is_some_and(|since| !behaviors.has(since)) {
        return Ok(());
    }
    let value = match setting.source {
        Source::Option => option(invocation, setting.name, behaviors),
        Source::Variable if is_hidden(setting, invocation, behaviors) => None,
        Source::Variable if setting.is_early && !behaviors.has(Behavior::IsolatedIgnoresAllVariables) => {
            settings::set_variable(invocation, setting.name)
                .filter(|_| !invocation.flags.ignore_environment)
                .map(|value| Given(Some(value)))
        }
        Source::Variable => counted(invocation, setting.name).map(|value| Given(Some(value))),
    };
    let Some(Given(value)) = value else { return Ok(()) };
    refuse(trace, behaviors, setting, value, setting.state, refused)
}

/// Ends startup where the value is not valid.
fn refuse(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    setting: &Setting,
    value: Option<&BStr>,
    state: &str,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    let Some(text) = (setting.refusal)(value, behaviors) else { return Ok(()) };
    let given = value.map_or_else(|| "given without a value".into(), |value| sentence!("set to ", value));
    let refusal = RefusedSetting {
        name: setting.name,
        is_option: setting.source == Source::Option,
        value: value.map(ToOwned::to_owned),
        problem: setting.valid.into(),
        is_fatal: true,
        step: trace.step(),
    };
    let reason = sentence!(refusal.shown_name(), " is ", given, ", and Python accepts ", setting.valid, " only");
    refused.push(refusal);
    let mut messages = vec![text];
    if behaviors.has(Behavior::RuntimeStateLine) {
        messages.push(sentence!("Python runtime state: ", state));
    }
    Err(Fatal { reason, messages, unanswered: false })
}
