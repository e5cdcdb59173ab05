//! Flags and variables: what counts, before any path is computed.

use bstr::{BStr, BString, ByteSlice};

use super::behaviors::{Behavior, Behaviors};
use super::locale::{self, Encoding};
use super::record::Value;
use super::steps::StepId;
use super::trace::Trace;
use crate::invocation::Invocation;
use crate::text::sentence;

/// Fields of `PyConfig` that the program around Python fills in, together with a home.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// `executable`.
    pub executable: Option<BString>,
    /// `base_executable`.
    pub base_executable: Option<BString>,
}

/// The fields of `PyConfig` that flags and variables decide.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `isolated`.
    pub isolated: bool,
    /// `use_environment`: whether `PYTHON*` variables count.
    pub use_environment: bool,
    /// `user_site_directory`: false makes `sys.flags.no_user_site` true.
    pub user_site_directory: bool,
    /// `site_import`: false makes `sys.flags.no_site` true.
    pub site_import: bool,
    /// `safe_path`: no implicit first entry.
    pub safe_path: bool,
    /// `PYTHONHOME`, where it counts, or the home that the program sets.
    pub home: Option<BString>,
    /// What the program itself fills in before Python starts; `python.exe` does so in the Windows Store only.
    pub given: Option<Given>,
    /// `PYTHONPATH`, where it counts.
    pub python_path: Option<BString>,
    /// `PYTHONPLATLIBDIR`, where it counts.
    pub platlibdir: Option<BString>,
}

impl Settings {
    /// Whether `PYTHONEXECUTABLE` counts, as macOS asks for it up to 3.10.
    pub fn has_executable_variable(&self, invocation: &Invocation) -> bool {
        self.use_environment && set_variable(invocation, "PYTHONEXECUTABLE").is_some()
    }
}

/// Reads flags and variables as `config_read_env_vars` of `Python/initconfig.c` and its predecessors do.
pub fn read(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) -> Settings {
    trace.begin(StepId::Environment);
    let flags = invocation.flags;
    let use_environment = !(flags.ignore_environment || flags.isolated);
    let counted = |name| if use_environment { set_variable(invocation, name) } else { None };

    let no_user_site = counted("PYTHONNOUSERSITE")
        .is_some_and(|value| !trace.has(behaviors, Behavior::IntegerFlags) || is_flag_set(value));
    let knows_safe_path = behaviors.has(Behavior::SafePath);
    let safe_path = knows_safe_path && (flags.safe_path || flags.isolated || counted("PYTHONSAFEPATH").is_some());
    if safe_path {
        trace.has(behaviors, Behavior::SafePath);
    }
    let home = if use_environment { home_variable(trace, behaviors, invocation) } else { None };
    let platlibdir = counted("PYTHONPLATLIBDIR")
        .filter(|_| trace.has(behaviors, Behavior::PlatlibdirVariable))
        .map(ToOwned::to_owned);
    let settings = Settings {
        isolated: flags.isolated,
        use_environment,
        user_site_directory: !(flags.no_user_site || flags.isolated || no_user_site),
        site_import: !flags.no_site,
        safe_path,
        home,
        given: None,
        python_path: counted("PYTHONPATH").map(ToOwned::to_owned),
        platlibdir,
    };
    explain(trace, invocation, &settings);
    settings
}

/// A variable that is set to something.
pub fn set_variable<'a>(invocation: &'a Invocation, name: &str) -> Option<&'a BStr> {
    invocation.variable(name).filter(|value| !value.is_empty())
}

/// `PYTHONHOME`: 3.6 uses even an empty one.
fn home_variable(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) -> Option<BString> {
    let home = invocation.variable("PYTHONHOME")?;
    if home.is_empty() && trace.has(behaviors, Behavior::EmptyHomeIgnored) {
        return None;
    }
    if !home.is_ascii()
        && !behaviors.has(Behavior::HomeWithAnyBytes)
        && is_undecodable(trace, behaviors, invocation, home)
    {
        trace.has(behaviors, Behavior::HomeWithAnyBytes);
        trace.say("The encoding of the locale cannot decode PYTHONHOME, so this version ignores it.");
        return None;
    }
    Some(home.to_owned())
}

/// Whether the encoding of the locale certainly cannot decode bytes beyond ASCII.
fn is_undecodable(trace: &Trace<'_>, behaviors: &Behaviors, invocation: &Invocation, text: &BStr) -> bool {
    match locale::encoding(trace.ask.host(), invocation, behaviors) {
        Encoding::Utf8 => text.to_str().is_err(),
        Encoding::Ascii => true,
        Encoding::Charmap(_) | Encoding::Other => false,
    }
}

/// `_Py_get_env_flag` of `Python/preconfig.c`: zero is off; any other number is on, and so is a text that is not a number.
pub fn is_flag_set(value: &BStr) -> bool {
    let text = value.trim_ascii_start();
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    digits.is_empty() || digits.iter().any(|&digit| digit != b'0')
}

fn explain(trace: &mut Trace<'_>, invocation: &Invocation, settings: &Settings) {
    trace.set("use_environment", Value::Bool(settings.use_environment));
    trace.set("isolated", Value::Bool(settings.isolated));
    trace.set("user_site_directory", Value::Bool(settings.user_site_directory));
    trace.set("site_import", Value::Bool(settings.site_import));
    trace.set("safe_path", Value::Bool(settings.safe_path));
    let set: Vec<&String> = invocation
        .environment
        .iter()
        .filter(|(name, value)| name.starts_with("PYTHON") && !value.is_empty())
        .map(|(name, _)| name)
        .collect();
    if set.is_empty() {
        trace.say("No PYTHON* variable that startup uses is set.");
    } else if settings.use_environment {
        for name in set {
            let value = &invocation.environment[name.as_str()];
            trace.say(sentence!(name, " = ", value, "."));
        }
    } else {
        let flag = if settings.isolated { "-I" } else { "-E" };
        for name in set {
            let counts_anyway = matches!(name.as_str(), "PYTHONUSERBASE" | "PYTHONEXECUTABLE");
            let verdict = if counts_anyway { " still counts." } else { " is ignored." };
            trace.say(sentence!("With ", flag, ", ", name, verdict));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_their_value_and_other_texts_as_one() {
        for (value, set) in [
            ("0", false),
            ("00", false),
            (" 0", false),
            ("-0", false),
            ("1", true),
            ("-2", true),
            ("x", true),
            ("0x", true),
            ("0 ", true),
        ] {
            assert_eq!(is_flag_set(value.into()), set, "{value:?}");
        }
    }
}
