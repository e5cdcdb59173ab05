//! tracemalloc, which is started after the standard streams and has a limit of its own.

use bstr::{BStr, BString, ByteSlice};

use super::{Given, RefusedSetting, counted, number, option, table};
use crate::invocation::Invocation;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::fatal::Fatal;
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// The largest number of frames, as `Modules/_tracemalloc.c` computes it for 64-bit builds.
const MOST: i32 = 65_535;
const MOST_BEFORE_LIMIT: i32 = 178_956_969;

/// Starts tracemalloc with the number of frames that the variable or the option gives.
///
/// # Errors
/// Where the number passed as valid and is too large, or, in 3.6, where it is no number.
pub fn start(
    trace: &mut Trace<'_>,
    behaviors: &Behaviors,
    invocation: &Invocation,
    refused: &mut Vec<RefusedSetting>,
) -> Result<(), Fatal> {
    let variable = counted(invocation, "PYTHONTRACEMALLOC");
    let by_option = option(invocation, "tracemalloc", behaviors);
    let candidates = if behaviors.has(Behavior::CoreConfiguration) {
        // The option replaces the variable.
        let chosen = by_option.map(|Given(value)| ("tracemalloc", true, value));
        [chosen.or(variable.map(|value| ("PYTHONTRACEMALLOC", false, Some(value)))), None]
    } else {
        let chosen = by_option.filter(|_| variable.is_none()).map(|Given(value)| ("tracemalloc", true, value));
        [variable.map(|value| ("PYTHONTRACEMALLOC", false, Some(value))), chosen]
    };
    for (name, is_option, value) in candidates.into_iter().flatten() {
        if let Some(messages) = refusal(behaviors, is_option, value) {
            trace.begin(StepId::Tracemalloc);
            let problem = format!("numbers of frames from 1 to {}", most(behaviors));
            let refusal = RefusedSetting {
                name,
                is_option,
                value: value.map(ToOwned::to_owned),
                problem: problem.clone().into(),
                is_fatal: true,
                step: trace.step(),
            };
            let value = value.unwrap_or_default();
            let reason =
                sentence!(refusal.shown_name(), " is set to ", value, ", and Python accepts ", problem, " only");
            refused.push(refusal);
            return Err(Fatal { reason, messages, unanswered: false });
        }
    }
    Ok(())
}

fn most(behaviors: &Behaviors) -> i32 {
    if behaviors.has(Behavior::TracemallocLimit) { MOST } else { MOST_BEFORE_LIMIT }
}

/// What is printed where the number is refused.
fn refusal(behaviors: &Behaviors, is_option: bool, value: Option<&BStr>) -> Option<Vec<BString>> {
    let value = value?;
    let number = number::parse(value);
    if !behaviors.has(Behavior::CoreConfiguration) {
        let text = if is_option { "-X tracemalloc=NFRAME" } else { "PYTHONTRACEMALLOC" };
        // Its option is read by `int()`, which ignores blanks around the number.
        let number = if is_option { number::parse(value.trim_ascii().as_bstr()) } else { number };
        let is_valid = number.is_some_and(|number| (1..=MOST_BEFORE_LIMIT).contains(&number));
        let text = format!("{text}: invalid number of frames");
        return (!is_valid).then(|| vec![table::fatal(behaviors, "", &text)]);
    }
    if number.is_none_or(|number| number <= most(behaviors)) {
        return None;
    }
    let (function, text) = if behaviors.has(Behavior::TracemallocStart) {
        ("init_interp_main", "can't start tracemalloc")
    } else if behaviors.has(Behavior::TracemallocLimit) {
        ("init_interp_main", "can't initialize tracemalloc")
    } else if behaviors.has(Behavior::RuntimeStateLine) {
        ("pyinit_main", "can't initialize tracemalloc")
    } else {
        ("_Py_InitializeMainInterpreter", "can't initialize tracemalloc")
    };
    let mut messages = vec![table::fatal(behaviors, function, text)];
    if behaviors.has(Behavior::RuntimeStateLine) {
        messages.push("Python runtime state: core initialized".into());
    }
    messages.push(format!("ValueError: the number of frames must be in range [1; {}]", most(behaviors)).into());
    Some(messages)
}
