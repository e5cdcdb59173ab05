//! What the content of a file says about whether it can take the place of a module of the standard library.

use bstr::ByteSlice;

use super::table::Module;

/// What follows where a file is imported in place of a module that startup needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Startup fails.
    Fails,
    /// The file takes the place of the module, and startup goes on.
    Works,
    /// Only running the file would tell.
    Unknown,
}

/// Words with which code can define names that it does not spell.
const DYNAMIC: [&str; 11] =
    ["*", "exec", "eval", "globals", "locals", "vars", "setattr", "__dict__", "__getattr__", "modules", "__class__"];

/// Judges the text of a source, or the bytes of compiled code, in which names are spelled, too.
pub fn judge(module: &Module, content: &[u8], is_source: bool) -> Verdict {
    if is_source && fails_at_once(content) {
        return Verdict::Fails;
    }
    let has = |word: &&str| content.contains_str(word);
    if !module.needs.is_empty() && !module.needs.iter().any(has) && !DYNAMIC.iter().any(has) {
        return Verdict::Fails;
    }
    if is_source && module.needs.is_empty() && first_statement(content).is_none() {
        return Verdict::Works;
    }
    Verdict::Unknown
}

/// Whether a source has no statement at all: nothing but blank lines and comments.
pub fn is_blank(content: &[u8]) -> bool {
    first_statement(content).is_none()
}

/// Whether a source certainly raises an exception: its first statement does so, or it is no Python.
pub fn fails_at_once(content: &[u8]) -> bool {
    content.contains(&0) || first_statement(content).is_some_and(raises) || has_open_bracket(content)
}

/// Whether a source has more opening brackets than closing ones, or the reverse. Where a bracket may be in a string or a
/// comment, nothing is said.
fn has_open_bracket(content: &[u8]) -> bool {
    if content.iter().any(|byte| b"\"'#\\".contains(byte)) {
        return false;
    }
    let count = |bracket: u8| memchr::memchr_iter(bracket, content).count();
    [(b'(', b')'), (b'[', b']'), (b'{', b'}')].into_iter().any(|(open, close)| count(open) != count(close))
}

/// The first line that is neither blank nor a comment; a byte-order mark is no part of it.
fn first_statement(content: &[u8]) -> Option<&[u8]> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut lines = content.lines();
    lines.find(|line| line.trim_ascii().first().is_some_and(|first| *first != b'#'))
}

/// `raise` at the beginning of a line: an exception, or a syntax error, which fails the same way.
fn raises(line: &[u8]) -> bool {
    line.strip_prefix(b"raise").is_some_and(|rest| rest.first().is_none_or(|next| b" \t(;#".contains(next)))
}

#[cfg(test)]
mod tests {
    use super::super::table::{ENCODINGS, Stage};
    use super::*;

    const IO: Module =
        Module { name: "io", needs: &["open"], stage: Stage::Streams, is_package: false, is_required: true };

    #[test]
    fn a_file_without_what_startup_takes_cannot_replace_a_module() {
        for (content, verdict) in [
            ("", Verdict::Fails),
            ("# open\n", Verdict::Unknown),
            ("raise RuntimeError('open')\n", Verdict::Fails),
            ("\n# a comment\nraise\n", Verdict::Fails),
            ("raised = open\n", Verdict::Unknown),
            ("x = 1\n", Verdict::Fails),
            ("from _io import *\n", Verdict::Unknown),
            ("x = '\0open'\n", Verdict::Fails),
            ("open = 1\n", Verdict::Unknown),
        ] {
            assert_eq!(judge(&IO, content.as_bytes(), true), verdict, "{content:?}");
        }
        assert_eq!(judge(&ENCODINGS, b"", true), Verdict::Fails);
        assert_eq!(judge(&Module { needs: &[], ..IO }, b"\n#\n", true), Verdict::Works);
    }
}
