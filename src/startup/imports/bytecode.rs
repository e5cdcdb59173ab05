//! Compiled modules that Python takes for whole because their header fits, and whose end is missing.

use std::cell::Cell;
use std::time::UNIX_EPOCH;

use bstr::{BString, ByteSlice};

use crate::finders;
use crate::host::Platform;
use crate::interpreter;
use crate::startup::MOST_BYTES;
use crate::startup::behaviors::{Behavior, Behaviors};
use crate::startup::configuration::{self, HashChecks};
use crate::startup::getpath::Input;
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

/// What Python makes of the compiled code that is kept for a source.
#[derive(Debug)]
pub enum Cached {
    /// It uses it.
    Used,
    /// It uses it, and fails: a full disk leaves such files.
    Cut(BString, Cut),
    /// It compiles the source.
    Unused,
    /// That is not known.
    Unknown,
}

/// Looks at the compiled code that is kept for a source.
///
/// Only a damaged file is noted as read: compiled code has no place in a snapshot.
pub fn cached(trace: &Trace<'_>, input: &Input<'_>, source: &BString) -> Cached {
    let Some(magic) = interpreter::magic(input.interpreter) else { return Cached::Unknown };
    let Some(path) = path(trace, input, source) else { return Cached::Unknown };
    let times = stamp(trace, source);
    let header = Header { trace, input, source, magic, times };
    let is_used = Cell::new(false);
    let how = |content: &[u8]| {
        let body = header.body(content);
        is_used.set(body.is_some());
        walk(body?, input.behaviors, &mut |_| ()).err()
    };
    let content = trace.ask.host().read_if(path.as_bstr(), MOST_BYTES, &|content| how(content).is_some());
    match content.and_then(|content| how(&content)) {
        Some(cut) => Cached::Cut(path, cut),
        None if is_used.get() => Cached::Used,
        None => Cached::Unused,
    }
}

/// Where the compiled code of a source is kept (`cache_from_source` of `Lib/importlib/_bootstrap_external.py`).
fn path(trace: &Trace<'_>, input: &Input<'_>, source: &BString) -> Option<BString> {
    let (invocation, behaviors) = (input.invocation, input.behaviors);
    let at = source.rfind_byteset(b"/\\")?;
    let (dir, name) = (&source[..at], &source[at + 1..]);
    let stem = name.strip_suffix(b".py")?;
    let level = match configuration::optimization(invocation, behaviors) {
        0 => String::new(),
        level => format!(".opt-{level}"),
    };
    let file = sentence!(stem, ".cpython-", behaviors.version().nodot(), level, ".pyc");
    let dir = match configuration::cache_prefix(invocation, behaviors) {
        None => finders::join(&trace.ask, dir.as_bstr(), "__pycache__"),
        Some(_) if invocation.platform == Platform::Windows => return None,
        Some(prefix) => {
            let below = dir.trim_start_with(|letter| letter == '/');
            finders::join(&trace.ask, prefix.as_bstr(), below.to_str().ok()?)
        }
    };
    Some(finders::join(&trace.ask, dir.as_bstr(), file.to_str().ok()?))
}

/// Every string of compiled code without a source, in which all its names are.
///
/// # Errors
/// Where it is cut off: how.
pub fn names(content: &[u8], behaviors: &Behaviors) -> Result<Vec<Vec<u8>>, Cut> {
    let header = if behaviors.has(Behavior::BytecodeFlags) { 16 } else { 12 };
    let mut names = Vec::new();
    let mut note = |text: &[u8]| {
        if !text.is_empty() {
            names.push(text.to_vec());
        }
    };
    walk(content.get(header..).unwrap_or_default(), behaviors, &mut note)?;
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

/// What decides whether Python uses compiled code, or compiles the source.
struct Header<'a> {
    trace: &'a Trace<'a>,
    input: &'a Input<'a>,
    source: &'a BString,
    magic: u32,
    times: Option<[u8; 8]>,
}

impl Header<'_> {
    /// What follows a header that makes Python use the file; none where it compiles the source instead.
    fn body<'c>(&self, content: &'c [u8]) -> Option<&'c [u8]> {
        let rest = content.strip_prefix(&self.magic.to_le_bytes())?;
        let has_flags = self.input.behaviors.has(Behavior::BytecodeFlags);
        let (flags, rest) = if has_flags { rest.split_at_checked(4)? } else { (&[0; 4][..], rest) };
        let (written, body) = rest.split_at_checked(8)?;
        let checks = configuration::hash_checks(self.input.invocation);
        let is_used = match flags {
            [0, 0, 0, 0] => self.times.is_none_or(|times| written == times),
            [1, 0, 0, 0] => checks != HashChecks::Always || self.has_hash(written),
            [3, 0, 0, 0] => checks == HashChecks::Never || self.has_hash(written),
            _ => false,
        };
        is_used.then_some(body)
    }

    /// Whether the source has this hash. Only code that is compared in this way is worth reading it for.
    fn has_hash(&self, written: &[u8]) -> bool {
        let has_fewer_rounds = self.input.behaviors.has(Behavior::SourceHashSipHash13);
        let hash = |source: &[u8]| interpreter::source_hash(source, self.magic, has_fewer_rounds).to_le_bytes();
        let host = self.trace.ask.host();
        host.read_if(self.source.as_bstr(), MOST_BYTES, &|source| hash(source) == written).is_some()
    }
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
    let mut parts = 0;
    while let Some(next) = todo.pop() {
        let mut left = match next {
            Todo::Skip(count) => {
                note(take(&mut rest, count)?);
                continue;
            }
            Todo::Objects(count) => count,
            // Keys and values, until a null is in the place of a key.
            Todo::Pairs if rest.first().is_some_and(|kind| kind & 0x7f == b'0') => {
                rest = &rest[1..];
                continue;
            }
            Todo::Pairs => {
                todo.push(Todo::Pairs);
                2
            }
        };
        while left > 0 {
            parts += 1;
            if parts == MOST_PARTS {
                return Ok(());
            }
            left -= 1;
            let kind = first(&mut rest)? & 0x7f;
            if let Some(size) = size(kind, &mut rest)? {
                note(take(&mut rest, size)?);
                continue;
            }
            todo.push(Todo::Objects(left));
            if !open(kind, &mut rest, &mut todo, behaviors, note)? {
                return Ok(());
            }
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

/// How much data an object without parts has; none for any other.
fn size(kind: u8, rest: &mut &[u8]) -> Result<Option<usize>, Cut> {
    Ok(Some(match kind {
        b'0' | b'N' | b'T' | b'F' | b'S' | b'.' => 0,
        b'i' | b'r' => 4,
        b'g' => 8,
        b'y' => 16,
        b'l' => long(rest)?.saturating_mul(2),
        b's' | b'u' | b't' | b'a' | b'A' => long(rest)?,
        b'z' | b'Z' => short(rest)?,
        _ => return Ok(None),
    }))
}

/// Reads an object up to its parts, puts those on the list, and says whether its kind is known.
fn open(
    kind: u8,
    rest: &mut &[u8],
    todo: &mut Vec<Todo>,
    behaviors: &Behaviors,
    note: &mut dyn FnMut(&[u8]),
) -> Result<bool, Cut> {
    let parts = match kind {
        b')' => Todo::Objects(short(rest)?),
        b'(' | b'[' | b'<' | b'>' => Todo::Objects(long(rest)?),
        b':' => Todo::Objects(3),
        b'{' => Todo::Pairs,
        b'c' => {
            let (numbers, tail) =
                match (behaviors.has(Behavior::LocalsPlusInCode), behaviors.has(Behavior::PositionalOnlyInCode)) {
                    (true, _) => (5, 2),
                    (false, true) => (6, 1),
                    (false, false) => (5, 1),
                };
            note(take(rest, numbers * 4)?);
            todo.extend([Todo::Objects(tail), Todo::Skip(4)]);
            Todo::Objects(8)
        }
        _ => return Ok(false),
    };
    todo.push(parts);
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
