//! Variables that switch something on although their values say off.

use bstr::{BStr, ByteSlice};

use super::support::settings;
use crate::environment::Survey;
use crate::rules::{Code, Confidence, Finding, Judge, Rule, Severity, Topic, When, fixes};
use crate::startup::behaviors::Behavior;
use crate::text::sentence;

pub(in crate::rules) static SWITCHED_ON_BY_OFF: Rule = Rule {
    code: Code("VD313"),
    name: "switched-on-by-off",
    severity: Severity::Warning,
    confidence: Confidence::Certain,
    summary: "A variable is set to 0, false, no or off, and Python reads that as on.",
    why: "\
PYTHONSAFEPATH, PYTHONDEVMODE and PYTHONWARNDEFAULTENCODING are on whenever they are not empty, even if they are 0. \
Since 3.7, PYTHONNOUSERSITE, PYTHONDONTWRITEBYTECODE, PYTHONOPTIMIZE and PYTHONUNBUFFERED are read as numbers: 0 is \
off, and any text that is not a number is on. In 3.6, 0 was on, too.",
    example: "\
$ PYTHONSAFEPATH=0 python3.12 -c 'import sys; print(sys.flags.safe_path)'
True
$ PYTHONOPTIMIZE=false python3.12 -c 'import sys; print(sys.flags.optimize)'
1",
    fix: "Unset the variable: only an unset or empty variable is off in every case.",
    sources: &["CPython Python/initconfig.c: config_read_env_vars", "CPython Python/preconfig.c: _Py_get_env_flag"],
};

/// The rules of this file.
pub(in crate::rules) const TOPIC: Topic =
    Topic { rules: &[&SWITCHED_ON_BY_OFF], judges: &[Judge { when: When::Startup(230), find }] };

/// How a variable's text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Any text is on; only an empty or missing variable is off.
    Text,
    /// The number 0 is off, and any other text is on; before 3.7 as [`Self::Text`].
    Number,
}

struct Switch {
    name: &'static str,
    /// What a release has that reads it; none where every release does.
    since: Option<Behavior>,
    reading: Reading,
    /// What happens while it is on.
    meaning: &'static str,
}

const fn switch(name: &'static str, since: Option<Behavior>, reading: Reading, meaning: &'static str) -> Switch {
    Switch { name, since, reading, meaning }
}

const SWITCHES: &[Switch] = &[
    switch(
        "PYTHONSAFEPATH",
        Some(Behavior::SafePath),
        Reading::Text,
        "the directory of the script, or the working directory, is not on sys.path",
    ),
    switch(
        "PYTHONDEVMODE",
        Some(Behavior::DevelopmentMode),
        Reading::Text,
        "the development mode is on, with its warnings and checks",
    ),
    switch(
        "PYTHONWARNDEFAULTENCODING",
        Some(Behavior::WarnDefaultEncoding),
        Reading::Text,
        "every open() without an encoding causes a warning",
    ),
    switch("PYTHONNOUSERSITE", None, Reading::Number, "the user's site-packages directory is not on sys.path"),
    switch("PYTHONDONTWRITEBYTECODE", None, Reading::Number, "Python writes no .pyc files"),
    switch("PYTHONOPTIMIZE", None, Reading::Number, "assert statements are not executed"),
    switch("PYTHONUNBUFFERED", None, Reading::Number, "output is not buffered"),
];

/// Values by which people mean that something is off.
const OFF: [&str; 4] = ["0", "false", "no", "off"];

/// Judges each switch.
pub fn find(survey: &Survey<'_>, findings: &mut Vec<Finding>) {
    if survey.version().is_none() {
        return;
    }
    for switch in SWITCHES.iter().filter(|switch| switch.since.is_none_or(|since| survey.has(since))) {
        let Some(value) = settings::counted(survey, switch.name) else { continue };
        let is_number = switch.reading == Reading::Number && survey.has(Behavior::IntegerFlags);
        if !OFF.iter().any(|off| value.eq_ignore_ascii_case(off.as_bytes())) || is_number && value == "0" {
            continue;
        }
        findings.push(
            Finding::new(&SWITCHED_ON_BY_OFF, sentence!(switch.name, " is ", value, ", which Python reads as on"))
                .evidence(settings::evidence(switch.name, value))
                .effect(sentence!(switch.meaning, "; ", how(is_number, value)))
                .fix(fixes::unset(survey, switch.name)),
        );
    }
}

fn how(is_number: bool, value: &BStr) -> String {
    if is_number {
        format!("only the number 0 is off, and {} is not a number", value.to_str_lossy())
    } else {
        "any text is on; only an empty or missing variable is off".to_owned()
    }
}
