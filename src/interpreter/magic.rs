//! The number with which the compiled modules of a release begin.

use super::{Implementation, Interpreter, Level};

/// `importlib.util.MAGIC_NUMBER` of the final releases of CPython, by the minor number.
const NUMBERS: [(u8, u16); 10] = [
    (6, 3379),
    (7, 3394),
    (8, 3413),
    (9, 3425),
    (10, 3439),
    (11, 3495),
    (12, 3531),
    (13, 3571),
    (14, 3627),
    (15, 3666),
];

/// The four bytes as one number; none where the interpreter is not known well enough.
pub fn magic(interpreter: &Interpreter) -> Option<u32> {
    let version = interpreter.version?;
    if interpreter.implementation != Implementation::CPython || version.level != Level::Final {
        return None;
    }
    let (_, number) = NUMBERS.iter().find(|(minor, _)| *minor == version.minor)?;
    Some(u32::from(*number) | 0x0a0d_0000)
}

/// The release of CPython whose compiled modules begin so.
pub fn release_of_magic(magic: u32) -> Option<u8> {
    let (minor, _) = NUMBERS.iter().find(|(_, number)| u32::from(*number) | 0x0a0d_0000 == magic)?;
    Some(*minor)
}
