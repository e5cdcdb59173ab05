//! Text without the version of the interpreter, for what differs only by it.

use bstr::{BString, ByteSlice};

use super::Side;
use crate::interpreter::Version;

/// What stands for a version.
const MARK: &[u8] = b"\0v\0";

/// The versions of the two interpreters; nothing is the same but for them where they are equal or unknown.
pub struct Versionless {
    versions: Option<(Version, Version)>,
}

impl Versionless {
    /// The versions of both.
    pub fn of(a: &Side<'_>, b: &Side<'_>) -> Self {
        let version = |side: &Side<'_>| side.explanation.resolution.identification.interpreter.version;
        let versions = version(a).zip(version(b)).filter(|(one, other)| one != other);
        Self { versions }
    }

    /// Whether the two values differ only by the versions.
    pub fn are_same(&self, a: Option<BString>, b: Option<BString>) -> bool {
        let Some(((one, other), (a, b))) = self.versions.zip(a.zip(b)) else { return false };
        without(&a, one) == without(&b, other)
    }

    /// A text of A without its version.
    pub fn a(&self, text: &BString) -> BString {
        self.versions.map_or_else(|| text.clone(), |(version, _)| without(text, version))
    }

    /// A text of B without its version.
    pub fn b(&self, text: &BString) -> BString {
        self.versions.map_or_else(|| text.clone(), |(_, version)| without(text, version))
    }
}

fn without(text: &BString, version: Version) -> BString {
    let Version { major, minor, .. } = version;
    // The longest first: 3.12.1 begins with 3.12.
    let forms = [version.to_string(), format!("{major}.{minor}"), format!("{major}{minor}")];
    forms.iter().fold(text.clone(), |text, form| replace(&text, form.as_bytes()))
}

/// Replaces a number that is no part of a longer one.
fn replace(text: &BString, number: &[u8]) -> BString {
    let mut replaced = Vec::with_capacity(text.len());
    let mut rest = 0;
    for at in text.find_iter(number) {
        let end = at + number.len();
        let is_inner = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        if at < rest || is_inner(before) || before == Some(&b'.') || is_inner(text.get(end)) {
            continue;
        }
        replaced.extend_from_slice(&text[rest..at]);
        replaced.extend_from_slice(MARK);
        rest = end;
    }
    replaced.extend_from_slice(&text[rest..]);
    replaced.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_paths_and_names() {
        let same = |one: &str, other: &str| {
            without(&one.into(), Version::new(3, 11, 9)) == without(&other.into(), Version::new(3, 12, 1))
        };
        assert!(same("/e/lib/python3.11/site-packages", "/e/lib/python3.12/site-packages"));
        assert!(same(".cpython-311-x86_64-linux-gnu.so", ".cpython-312-x86_64-linux-gnu.so"));
        assert!(same("version 3.11.9, python311.zip", "version 3.12.1, python312.zip"));
        assert!(!same("/e/lib/python3.11", "/e/lib/python3.13"));
        assert!(!same("a 1.3.11", "a 1.3.12"));
        assert!(!same("3110", "3120"));
    }
}
