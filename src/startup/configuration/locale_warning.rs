//! What Python says about the C locale where `PYTHONCOERCECLOCALE` asks it to.

use super::counted;
use crate::invocation::Invocation;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::locale;
use crate::startup::settings;
use crate::startup::trace::Trace;

const COERCED: &str = "Python detected LC_CTYPE=C: LC_CTYPE coerced to C.UTF-8 (set another locale or PYTHONCOERCECLOCALE=0 to disable this locale coercion behavior).";
const NOT_COERCED: &str = "Python runtime initialized with LC_CTYPE=C (a locale with default ASCII encoding), which may cause Unicode compatibility problems. Using C.UTF-8, C.utf8, or UTF-8 (if available) as alternative Unicode-compatible locales is recommended.";

/// Says that another locale takes the place of the C locale.
pub fn coerced(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) {
    if is_asked(trace, behaviors, invocation) && !is_insisted(invocation) {
        trace.print(COERCED);
    }
}

/// Says that the C locale stays in use. From 3.8 on, Python says so after everything else that it prints itself.
pub fn not_coerced(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) {
    if is_asked(trace, behaviors, invocation) && is_insisted(invocation) {
        trace.print(NOT_COERCED);
    }
}

fn is_asked(trace: &Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) -> bool {
    counted(invocation, "PYTHONCOERCECLOCALE").is_some_and(|value| value == "warn")
        && behaviors.has(Behavior::LocaleCoercion)
        && locale::is_c(trace.ask.host(), invocation)
}

/// Whether the variable is set that no coercion overrules.
fn is_insisted(invocation: &Invocation) -> bool {
    settings::set_variable(invocation, "LC_ALL").is_some()
}
