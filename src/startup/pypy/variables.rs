//! Variables whose value can end a `PyPy` before anything else happens, in the order in which it reads them.

use bstr::{BStr, BString, ByteSlice};

use crate::invocation::Invocation;
use crate::startup::fatal::Fatal;
use crate::startup::settings::{Settings, set_variable};
use crate::text::sentence;

/// The smallest limit of digits that is not "unlimited".
const FEWEST_DIGITS: u64 = 640;

/// Looks at the variable that is read before anything is imported; it counts with `-E` and `-I`, too.
///
/// # Errors
/// Where it is not valid.
pub fn check_seed(invocation: &Invocation) -> Result<(), Fatal> {
    if let Some(seed) = set_variable(invocation, "PYTHONHASHSEED").filter(|seed| !is_seed(seed)) {
        let message = "PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]".into();
        return Err(refuse("PYTHONHASHSEED", seed, vec![message]));
    }
    Ok(())
}

/// Looks at the others.
///
/// # Errors
/// Where one of them is not valid.
pub fn check(invocation: &Invocation, settings: &Settings) -> Result<(), Fatal> {
    let counted = |name| if settings.use_environment { set_variable(invocation, name) } else { None };
    if let Some(mode) = counted("PYTHONUTF8").filter(|&mode| mode != "0" && mode != "1") {
        let message = sentence!("Fatal Python error: invalid PYTHONUTF8 environment variable value '", mode, "'");
        return Err(refuse("PYTHONUTF8", mode, vec![message]));
    }
    match counted("PYTHONINTMAXSTRDIGITS") {
        Some(limit) => check_digits(limit),
        None => Ok(()),
    }
}

fn check_digits(limit: &BStr) -> Result<(), Fatal> {
    let message = match number(limit) {
        Some(digits) if digits == 0 || digits >= FEWEST_DIGITS => return Ok(()),
        Some(_) => "Fatal Python error: config_init_int_max_str_digits: PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 or 0 for unlimited".into(),
        None => sentence!("invalid value '", limit, "' for 'PYTHONINTMAXSTRDIGITS'"),
    };
    Err(refuse("PYTHONINTMAXSTRDIGITS", limit, vec![message]))
}

fn is_seed(seed: &BStr) -> bool {
    seed == "random" || number(seed).is_some_and(|number| u32::try_from(number).is_ok())
}

/// A number, with blanks and a plus sign in front.
fn number(text: &BStr) -> Option<u64> {
    let digits = text.trim_ascii_start();
    digits.strip_prefix(b"+").unwrap_or(digits).to_str().ok()?.parse().ok()
}

fn refuse(name: &str, value: &BStr, messages: Vec<BString>) -> Fatal {
    let reason = sentence!("PyPy does not accept the value of ", name, ", ", value);
    Fatal { reason, messages, unanswered: false }
}
