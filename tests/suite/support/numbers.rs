//! Numbers that variables set, such as how many layouts a test tries.

/// The number in a variable, or the default where the variable is not set.
///
/// A value that is not a number fails the test, which would otherwise run with another number than was asked for.
pub fn number(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")),
        Err(_) => default,
    }
}

/// The seed of the random choices, from `VENV_DOCTOR_SEED`.
pub fn seed(default: u64) -> u64 {
    number("VENV_DOCTOR_SEED", usize::try_from(default).unwrap_or(usize::MAX)) as u64
}
