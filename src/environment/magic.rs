//! The number with which the compiled modules of the interpreter begin.

use super::Survey;
use crate::interpreter;

/// The four bytes as one number; none where the interpreter is not known well enough.
pub fn of(survey: &Survey<'_>) -> Option<u32> {
    interpreter::magic(&survey.resolution.identification.interpreter)
}

/// The release of CPython whose compiled modules begin so.
pub fn release(magic: u32) -> Option<u8> {
    interpreter::release_of_magic(magic)
}
