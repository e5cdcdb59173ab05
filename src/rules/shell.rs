//! Command lines that users paste into their shell.

use bstr::{BStr, BString, ByteSlice};

use crate::host::Platform;

/// A command line that is built word by word, each quoted for the shell of the platform.
#[derive(Clone, Debug)]
pub struct Line {
    platform: Platform,
    text: BString,
}

impl Line {
    /// A line that begins with `program`.
    pub fn new(platform: Platform, program: impl AsRef<[u8]>) -> Self {
        Self { platform, text: BString::default() }.word(program)
    }

    /// Adds a word, quoted if necessary.
    #[must_use]
    pub fn word(mut self, word: impl AsRef<[u8]>) -> Self {
        let word = BStr::new(word.as_ref());
        if !self.text.is_empty() {
            self.text.push(b' ');
        }
        let quoted = if self.platform == Platform::Windows { windows(word) } else { posix(word) };
        self.text.extend_from_slice(&quoted);
        self
    }

    /// Adds words, quoted if necessary.
    #[must_use]
    pub fn words<W: AsRef<[u8]>>(self, words: impl IntoIterator<Item = W>) -> Self {
        words.into_iter().fold(self, Line::word)
    }

    /// Adds shell syntax such as `&&` or `$(…)`, without quotes.
    #[must_use]
    pub fn raw(mut self, text: &str) -> Self {
        self.text.push(b' ');
        self.text.extend_from_slice(text.as_bytes());
        self
    }
}

impl From<Line> for BString {
    fn from(line: Line) -> Self {
        line.text
    }
}

/// Whether no character of the word has a meaning for a shell.
fn is_plain(word: &BStr) -> bool {
    !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(byte))
}

/// A word for `sh`; what is not printable text is written as `$'\ooo'`, which bash, zsh and busybox understand.
fn posix(word: &BStr) -> BString {
    let is_text = word.to_str().is_ok_and(|text| !text.chars().any(char::is_control));
    if is_plain(word) {
        word.to_owned()
    } else if is_text {
        bstr::concat([b"'".as_slice(), &word.replace("'", r"'\''"), b"'"]).into()
    } else {
        let mut quoted = BString::from("$'");
        for &byte in word.iter() {
            match byte {
                b'\'' | b'\\' => quoted.extend([b'\\', byte]),
                b' '..=b'~' => quoted.push(byte),
                other => quoted.extend_from_slice(format!("\\{other:03o}").as_bytes()),
            }
        }
        quoted.push(b'\'');
        quoted
    }
}

/// A word for PowerShell and `cmd.exe`.
fn windows(word: &BStr) -> BString {
    let is_plain =
        !word.is_empty() && word.iter().all(|byte| byte.is_ascii_alphanumeric() || br"\/._-+=:@".contains(byte));
    if is_plain { word.to_owned() } else { bstr::concat([b"\"".as_slice(), word, b"\""]).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_meaning_for_the_shell_are_quoted() {
        let cases: [(&[u8], &str); 6] = [
            (b"/a/b-1.0", "/a/b-1.0"),
            (b"my project", "'my project'"),
            (b"it's", r"'it'\''s'"),
            (b"", "''"),
            (b"a\nb\xff", r"$'a\012b\377'"),
            (b"$HOME", "'$HOME'"),
        ];
        for (word, expected) in cases {
            let line: BString = Line::new(Platform::Linux, word).into();
            assert_eq!(line, expected);
        }
        let line: BString = Line::new(Platform::Windows, "py").word(r"C:\my dir\x").into();
        assert_eq!(line, "py \"C:\\my dir\\x\"");
    }
}
