//! Words as a POSIX shell reads them.

use bstr::{BString, ByteSlice};

/// The first word of a shell's line as the shell understands it, and the length of what it is made from; none where
/// the shell would compute a part of it.
pub fn unquote(text: &[u8]) -> Option<(BString, usize)> {
    let mut word = BString::default();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at + 1..)?;
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b')' => break,
            b'$' | b'`' | b'(' | b'*' | b'?' => return None,
            b'\'' => {
                let end = rest.find_byte(b'\'')?;
                word.extend_from_slice(&rest[..end]);
                at += end + 2;
            }
            b'"' => {
                let end = rest.find_byte(b'"')?;
                let inner = &rest[..end];
                if inner.find_byteset(b"$`\\").is_some() {
                    return None;
                }
                word.extend_from_slice(inner);
                at += end + 2;
            }
            b'\\' => {
                word.push(*rest.first()?);
                at += 2;
            }
            other => {
                word.push(other);
                at += 1;
            }
        }
    }
    (!word.is_empty()).then_some((word, at))
}
