//! The number with which the compiled modules of a release begin.

use siphasher::sip::{SipHasher13, SipHasher24};

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

/// `_imp.source_hash`: `SipHash` keyed with the magic number, with fewer rounds since 3.11.
pub fn source_hash(content: &[u8], magic: u32, has_fewer_rounds: bool) -> u64 {
    let key = u64::from(magic);
    if has_fewer_rounds {
        SipHasher13::new_with_keys(key, 0).hash(content)
    } else {
        SipHasher24::new_with_keys(key, 0).hash(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `importlib.util.source_hash(b'abc').hex()` of these releases.
    #[test]
    fn sources_are_hashed_as_python_does() {
        let cases = [
            (false, 3394, "d2e9663953762962"),
            (false, 3439, "435b6a4bbf3d9415"),
            (true, 3495, "c7af82e77c1da4f5"),
            (true, 3531, "a00f5731f8bafd32"),
            (true, 3666, "5bcfa3ea93a700a5"),
        ];
        for (has_fewer_rounds, number, expected) in cases {
            let magic = number | 0x0a0d_0000;
            let hash = data_encoding::HEXLOWER.encode(&source_hash(b"abc", magic, has_fewer_rounds).to_le_bytes());
            assert_eq!(hash, expected, "magic number {number}");
        }
    }
}
