//! Variables that a start does not read, and why.

use bstr::ByteSlice;

use crate::host::Platform;
use crate::interpreter::{Implementation, Version};
use crate::invocation::{CONSULTED_VARIABLES, Invocation, Launch};
use crate::startup::behaviors::{Behavior as B, Behaviors};
use crate::startup::record::{Doubt, Resolution, Status};
use crate::startup::steps::StepId;

/// Variables that began to be read with a behavior.
const SINCE: [(&str, B); 17] = [
    ("PYTHONCOERCECLOCALE", B::LocaleCoercion),
    ("PYTHONDEVMODE", B::DevelopmentMode),
    ("PYTHONINTMAXSTRDIGITS", B::IntMaxStrDigits),
    ("PYTHONPLATLIBDIR", B::PlatlibdirVariable),
    ("PYTHONPROFILEIMPORTTIME", B::ImportTimes),
    ("PYTHONPYCACHEPREFIX", B::Preconfiguration),
    ("PYTHONSAFEPATH", B::SafePath),
    ("PYTHONUTF8", B::Utf8Mode),
    ("PYTHONWARNDEFAULTENCODING", B::WarnDefaultEncoding),
    ("PYTHON_BASIC_REPL", B::GilSetting),
    ("PYTHON_CONTEXT_AWARE_WARNINGS", B::ContextSettings),
    ("PYTHON_CPU_COUNT", B::CpuCount),
    ("PYTHON_FROZEN_MODULES", B::FrozenModulesVariable),
    ("PYTHON_GIL", B::GilSetting),
    ("PYTHON_LAZY_IMPORTS", B::LazyImports),
    ("PYTHON_PATHCONFIG_WARNINGS", B::PathWarningsSetting),
    ("PYTHON_THREAD_INHERIT_CONTEXT", B::ContextSettings),
];
/// Variables that only Python on Windows reads, or a shell that starts it.
const OF_WINDOWS: [&str; 7] = [
    "APPDATA",
    "HOMEDRIVE",
    "HOMEPATH",
    "PATHEXT",
    "PYTHONLEGACYWINDOWSFSENCODING",
    "PYTHONLEGACYWINDOWSSTDIO",
    "USERPROFILE",
];

/// Why setting a variable changes nothing about this start, as a clause; none where it may change something.
pub fn disregarded(resolution: &Resolution, name: &str) -> Option<String> {
    let interpreter = &resolution.identification.interpreter;
    if resolution.outcome.status == Status::NotSimulated {
        return None;
    }
    if !CONSULTED_VARIABLES.contains(&name) {
        return unknown(resolution, name);
    }
    let version = interpreter.version?;
    if interpreter.implementation != Implementation::CPython {
        return None;
    }
    let behaviors = Behaviors::of(version);
    let invocation = &resolution.invocation;
    if OF_WINDOWS.contains(&name) && invocation.platform != Platform::Windows {
        return Some("this variable is read on Windows only".to_owned());
    }
    if let Some((_, since)) = SINCE.iter().find(|(known, since)| *known == name && !behaviors.has(*since)) {
        let first = since.row().since.first().map(Version::short).unwrap_or_default();
        return Some(format!("Python {} does not read this variable, which came with {first}", version.short()));
    }
    by_flags(resolution, &behaviors, name).or_else(|| by_launch(invocation, &behaviors, name))
}

/// A variable that startup itself never reads.
fn unknown(resolution: &Resolution, name: &str) -> Option<String> {
    let is_named = |code: &Option<bstr::BString>| code.as_ref().is_some_and(|code| code.contains_str(name));
    if resolution.startup.iter().any(|hook| is_named(&hook.code)) {
        return None;
    }
    if name.starts_with("LD_") || name.starts_with("DYLD_") {
        return Some("the dynamic loader consults this variable, and what it then does is not simulated".to_owned());
    }
    let is_uncertain = resolution.doubts.iter().any(|doubt| matches!(doubt, Doubt::Code { .. }));
    let exception = if is_uncertain { ", although startup code that is not recognized may" } else { "" };
    Some(format!("Python's startup does not consult this variable{exception}"))
}

/// `-E`, `-I` and `._pth` files switch most variables off.
fn by_flags(resolution: &Resolution, behaviors: &Behaviors, name: &str) -> Option<String> {
    let invocation = &resolution.invocation;
    let is_mac = invocation.platform == Platform::Macos;
    let counts_anyway = match name {
        "PYTHONUSERBASE" => true,
        "PYTHONEXECUTABLE" => is_mac || behaviors.has(B::GetpathInPython),
        "PYTHONHASHSEED" | "PYTHONMALLOC" => {
            !behaviors.has(B::IsolatedIgnoresAllVariables) && !invocation.flags.ignore_environment
        }
        name => !name.starts_with("PYTHON"),
    };
    if counts_anyway {
        return None;
    }
    let reader = if invocation.flags.isolated {
        "with -I"
    } else if invocation.flags.ignore_environment {
        "with -E"
    } else if resolution.steps.iter().any(|step| step.id == StepId::UnderPthPath) {
        "because of a ._pth file"
    } else {
        return None;
    };
    Some(format!("{reader}, Python does not read this variable"))
}

/// What is launched, and other options, hide some variables.
fn by_launch(invocation: &Invocation, behaviors: &Behaviors, name: &str) -> Option<String> {
    let has_utf8 = || super::option(invocation, "utf8", behaviors).is_some();
    match name {
        "PYTHONSTARTUP" if invocation.launch != Launch::Interactive => {
            Some("only an interactive session reads this variable".to_owned())
        }
        "PYTHONHASHSEED" if invocation.has_switch("-R") && behaviors.has(B::CoreConfiguration) => {
            Some("with -R, Python does not read this variable".to_owned())
        }
        "PYTHONUTF8" if has_utf8() && behaviors.has(B::Preconfiguration) => {
            Some("with -X utf8, Python does not read this variable".to_owned())
        }
        _ => None,
    }
}
