//! Words of the command line that Python does not know (`Python/getopt.c`): it prints how it is used, and ends.

use bstr::BString;

use crate::invocation::{HASH_CHECKS, Invocation};
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::fatal::Fatal;
use crate::text::sentence;

/// The short options of every release.
const LETTERS: &[u8] = b"bBdEhiIOqRsSuvVx?t";

/// Judges the words in the order given.
///
/// # Errors
/// At the first that Python does not know, or that lacks what it needs.
pub fn check(invocation: &Invocation, behaviors: &Behaviors) -> Result<(), Fatal> {
    let of_path = invocation.flags.safe_path.then(|| BString::from("-P"));
    let mut words = invocation.switches.iter().chain(&of_path);
    let mut wrong = None;
    while let (None, Some(word)) = (&wrong, words.next()) {
        wrong = match word.strip_prefix(b"--") {
            Some(_) if word == HASH_CHECKS && behaviors.has(Behavior::BytecodeFlags) => mode_refusal(words.next()),
            Some(long) => long_refusal(long, word, behaviors),
            None => refusal(word, behaviors),
        };
    }
    let Some(message) = wrong else { return Ok(()) };
    let usage = sentence!("usage: ", invocation.executable, " [option] ... [-c cmd | -m mod | file | -] [arg] ...");
    Err(Fatal {
        reason: sentence!("Python does not accept its command line (", message, ")"),
        messages: vec![message, usage, "Try `python -h' for more information.".into()],
        unanswered: false,
    })
}

/// What Python prints about short options; none where it accepts them.
fn refusal(word: &BString, behaviors: &Behaviors) -> Option<BString> {
    let (first, rest) = word.strip_prefix(b"-")?.split_first()?;
    let shown = [*first];
    match first {
        b'W' | b'X' | b'c' | b'm' => {
            rest.is_empty().then(|| sentence!("Argument expected for the -", shown, " option"))
        }
        b'P' if behaviors.has(Behavior::SafePath) => None,
        b'J' if !behaviors.has(Behavior::JythonOptionUnknown) => Some("-J is reserved for Jython".into()),
        letter if LETTERS.contains(letter) => None,
        _ => Some(sentence!("Unknown option: -", shown)),
    }
}

/// The same about a long option. 3.6 knows two, and takes the second hyphen of others for a letter.
fn long_refusal(name: &[u8], word: &BString, behaviors: &Behaviors) -> Option<BString> {
    if !behaviors.has(Behavior::BytecodeFlags) {
        return (!matches!(name, b"help" | b"version")).then(|| "Unknown option: --".into());
    }
    let unknown = if behaviors.has(Behavior::JythonOptionUnknown) { "Unknown option: " } else { "unknown option " };
    Some(sentence!(unknown, word))
}

/// The same about the mode of [`HASH_CHECKS`].
fn mode_refusal(mode: Option<&BString>) -> Option<BString> {
    match mode {
        None => Some(sentence!("Argument expected for the ", HASH_CHECKS, " options")),
        Some(mode) if ["default", "always", "never"].iter().any(|known| mode == known) => None,
        Some(_) => Some(sentence!(HASH_CHECKS, " must be one of 'default', 'always', or 'never'")),
    }
}
