//! Compiled modules that Python takes for whole because their header fits, and whose end is missing.

use std::time::UNIX_EPOCH;

use bstr::{BString, ByteSlice};

use crate::finders;
use crate::interpreter;
use crate::startup::MOST_BYTES;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::getpath::Input;
use crate::startup::settings;
use crate::startup::trace::Trace;
use crate::text::sentence;

/// How `marshal` says that data ends too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Where an object should begin.
    BeforeObject,
    /// Within an object.
    Within,
    /// Within an object, in a way that releases call differently.
    InSize,
}

impl Cut {
    /// The exception, where all releases call it the same.
    pub fn exception(self) -> Option<&'static str> {
        match self {
            Self::BeforeObject => Some("EOFError: EOF read where object expected"),
            Self::Within => Some("EOFError: marshal data too short"),
            Self::InSize => None,
        }
    }
}

/// The cached compiled code of a source, if Python uses it and it is cut off: a full disk leaves such files.
///
/// Only a damaged file is noted as read: compiled code has no place in a snapshot.
pub fn cut(trace: &Trace<'_>, input: &Input<'_>, source: &BString) -> Option<(BString, Cut)> {
    let is_set = |name| settings::set_variable(input.invocation, name).is_some();
    if is_set("PYTHONPYCACHEPREFIX") || is_set("PYTHONOPTIMIZE") {
        return None;
    }
    let magic = interpreter::magic(input.interpreter)?;
    let at = source.rfind_byteset(b"/\\")?;
    let (dir, name) = (&source[..at], &source[at + 1..]);
    let stem = name.strip_suffix(b".py")?;
    let cached = sentence!("__pycache__/", stem, ".cpython-", input.behaviors.version().nodot(), ".pyc");
    let cached = finders::join(&trace.ask, dir.as_bstr(), cached.to_str().ok()?);
    let times = stamp(trace, source);
    let how = |content: &[u8]| walk(body(content, magic, times, input.behaviors)?, input.behaviors, &mut |_| ()).err();
    let content = trace.ask.host().read_if(cached.as_bstr(), MOST_BYTES, &|content| how(content).is_some())?;
    Some((cached, how(&content)?))
}

/// Every string of compiled code without a source, in which all its names are; how it is cut off, if it is.
pub fn names(content: &[u8], behaviors: &Behaviors) -> Result<Vec<Vec<u8>>, Cut> {
    let header = if behaviors.has(Behavior::BytecodeFlags) { 16 } else { 12 };
    let mut names = Vec::new();
    walk(content.get(header..).unwrap_or_default(), behaviors, &mut |text| names.push(text.to_vec()))?;
    Ok(names)
}

/// Time and size of a source as the header of its compiled code has them; none where the host knows no times.
fn stamp(trace: &Trace<'_>, source: &BString) -> Option<[u8; 8]> {
    let metadata = trace.ask.metadata(source.as_bstr()).ok()?;
    let seconds = metadata.modified?.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let low = |number: u64| u32::try_from(number & 0xffff_ffff).unwrap_or_default().to_le_bytes();
    let (time, size) = (low(seconds), low(metadata.len));
    Some([time[0], time[1], time[2], time[3], size[0], size[1], size[2], size[3]])
}

/// What follows a header that makes Python use the file; none where it compiles the source instead.
fn body<'c>(content: &'c [u8], magic: u32, times: Option<[u8; 8]>, behaviors: &Behaviors) -> Option<&'c [u8]> {
    let rest = content.strip_prefix(&magic.to_le_bytes())?;
    let (flags, rest) =
        if behaviors.has(Behavior::BytecodeFlags) { rest.split_at_checked(4)? } else { (&[0; 4][..], rest) };
    let (written, body) = rest.split_at_checked(8)?;
    let is_used = match flags {
        [0, 0, 0, 0] => times.is_none_or(|times| written == times),
        // The hash of the source is not compared.
        [1, 0, 0, 0] => true,
        _ => false,
    };
    is_used.then_some(body)
}

/// What is still to be read of an object that has begun.
enum Todo {
    Objects(usize),
    Skip(usize),
    Pairs,
}

/// The most parts of an object that are read; a module of the standard library has far fewer.
const MOST_PARTS: usize = 1 << 20;

/// Reads an object as `marshal` does, and says how the data ends before that of the object does. What it would not
/// understand counts as whole.
fn walk(data: &[u8], behaviors: &Behaviors, note: &mut dyn FnMut(&[u8])) -> Result<(), Cut> {
    let mut rest = data;
    let mut todo = vec![Todo::Objects(1)];
    for _ in 0..MOST_PARTS {
        let kind = match todo.last_mut() {
            None => break,
            Some(Todo::Objects(0)) => {
                todo.pop();
                continue;
            }
            Some(Todo::Skip(count)) => {
                note(take(&mut rest, *count)?);
                todo.pop();
                continue;
            }
            Some(Todo::Objects(count)) => {
                *count -= 1;
                first(&mut rest)? & 0x7f
            }
            // Keys and values, until a null is in the place of a key.
            Some(Todo::Pairs) => {
                let kind = first(&mut rest)? & 0x7f;
                if kind == b'0' {
                    todo.pop();
                    continue;
                }
                todo.push(Todo::Objects(1));
                kind
            }
        };
        if !begin(kind, &mut rest, &mut todo, behaviors, note)? {
            break;
        }
    }
    Ok(())
}

fn first(rest: &mut &[u8]) -> Result<u8, Cut> {
    let (&kind, after) = rest.split_first().ok_or(Cut::BeforeObject)?;
    *rest = after;
    Ok(kind)
}

fn take<'d>(rest: &mut &'d [u8], count: usize) -> Result<&'d [u8], Cut> {
    let (taken, after) = rest.split_at_checked(count).ok_or(Cut::Within)?;
    *rest = after;
    Ok(taken)
}

/// A size in one byte.
fn short(rest: &mut &[u8]) -> Result<usize, Cut> {
    take(rest, 1).map(|size| usize::from(size[0])).map_err(|_| Cut::InSize)
}

/// A size in four bytes; that of an integer has a sign.
fn long(rest: &mut &[u8]) -> Result<usize, Cut> {
    let size = take(rest, 4)?.try_into().map_or(0, i32::from_le_bytes).unsigned_abs();
    Ok(usize::try_from(size).unwrap_or(usize::MAX))
}

/// Reads an object up to its parts, and notes those; whether its kind is known.
fn begin(
    kind: u8,
    rest: &mut &[u8],
    todo: &mut Vec<Todo>,
    behaviors: &Behaviors,
    note: &mut dyn FnMut(&[u8]),
) -> Result<bool, Cut> {
    let count = match kind {
        b'0' | b'N' | b'T' | b'F' | b'S' | b'.' => 0,
        b'i' | b'r' => 4,
        b'g' => 8,
        b'y' => 16,
        b'l' => long(rest)?.saturating_mul(2),
        b's' | b'u' | b't' | b'a' | b'A' => long(rest)?,
        b'z' | b'Z' => short(rest)?,
        b'c' => {
            let (numbers, tail) =
                match (behaviors.has(Behavior::LocalsPlusInCode), behaviors.has(Behavior::PositionalOnlyInCode)) {
                    (true, _) => (5, 2),
                    (false, true) => (6, 1),
                    (false, false) => (5, 1),
                };
            todo.extend([Todo::Objects(tail), Todo::Skip(4), Todo::Objects(8)]);
            numbers * 4
        }
        _ => {
            todo.push(match kind {
                b')' => Todo::Objects(short(rest)?),
                b'(' | b'[' | b'<' | b'>' => Todo::Objects(long(rest)?),
                b':' => Todo::Objects(3),
                b'{' => Todo::Pairs,
                _ => return Ok(false),
            });
            return Ok(true);
        }
    };
    if count > 0 {
        note(take(rest, count)?);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_data_that_ends_too_early_is_cut_off() {
        let behaviors = Behaviors::of("3.12.1".parse().unwrap());
        // (1, {'a': None}, b'xyz')
        let whole = b"\xa9\x03\xe9\x01\0\0\0{Z\x01aN0s\x03\0\0\0xyz";
        let walk = |data| super::walk(data, &behaviors, &mut |_| ());
        assert_eq!(walk(whole), Ok(()));
        for length in 0..whole.len() {
            assert!(walk(&whole[..length]).is_err(), "{length}");
        }
        assert_eq!(walk(&whole[..2]), Err(Cut::BeforeObject));
        assert_eq!(walk(&whole[..4]), Err(Cut::Within));
        assert_eq!(walk(b"?"), Ok(()));
    }
}
