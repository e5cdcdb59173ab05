//! What Python says about the C locale where `PYTHONCOERCECLOCALE` asks it to.

use super::counted;
use crate::invocation::Invocation;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::locale;
use crate::startup::settings;
use crate::startup::trace::Trace;

const COERCED: &str = "Python detected LC_CTYPE=C: LC_CTYPE coerced to C.UTF-8 (set another locale or PYTHONCOERCECLOCALE=0 to disable this locale coercion behavior).";
const NOT_COERCED: &str = "Python runtime initialized with LC_CTYPE=C (a locale with default ASCII encoding), which may cause Unicode compatibility problems. Using C.UTF-8, C.utf8, or UTF-8 (if available) as alternative Unicode-compatible locales is recommended.";

/// Prints the warning of PEP 538.
pub fn warn(trace: &mut Trace<'_>, behaviors: &Behaviors, invocation: &Invocation) {
    let is_asked = counted(invocation, "PYTHONCOERCECLOCALE").is_some_and(|value| value == "warn");
    if !is_asked || !behaviors.has(Behavior::LocaleCoercion) || !locale::is_c(trace.ask.host(), invocation) {
        return;
    }
    let insists = settings::set_variable(invocation, "LC_ALL").is_some();
    trace.print(if insists { NOT_COERCED } else { COERCED });
}
