//! Command lines that users paste into their shell, whichever that is.
//!
//! One text has to mean the same in bash, zsh, dash, busybox, mksh, fish and tcsh, and on Windows in `PowerShell`. Their
//! rules differ: fish reads a backslash between single quotes as an escape, tcsh expands `!` even there, zsh expands a
//! word that begins with `=`. What is written here is what all of them read alike.

use bstr::{BStr, BString, ByteSlice};

use super::action::Action;
use crate::host::Platform;
use crate::text::escape::is_unsafe;

/// Commands that change the shell which runs them, and nothing on the machine.
const OF_THE_SHELL: [&[u8]; 7] = [b"unset", b"export", b"cd", b".", b"&", b"hash", b"Remove-Item"];

/// A command line that is built word by word, each quoted for the shells of the platform, and what it does.
#[derive(Clone, Debug)]
pub struct Line {
    platform: Platform,
    text: BString,
    /// Whether every shell reads the text alike.
    is_writable: bool,
    /// Whether it may be given: it changes nothing that it must not.
    is_allowed: bool,
    does: Does,
}

/// What a command line does.
#[derive(Clone, Debug)]
enum Does {
    /// It runs the program of these words.
    Run {
        /// The words.
        argv: Vec<BString>,
        /// As in [`Action::Run`].
        builds: Vec<BString>,
    },
    /// It changes files, which needs no program.
    Changes(Vec<Action>),
    /// Only a shell can do it.
    Shell,
}

impl Line {
    /// A line that begins with `program`.
    pub fn new(platform: Platform, program: impl AsRef<[u8]>) -> Self {
        let line = Self {
            platform,
            text: BString::default(),
            is_writable: true,
            is_allowed: true,
            does: Does::Run { argv: Vec::new(), builds: Vec::new() },
        }
        .word(program);
        // PowerShell reads a quoted word at the start of a line as a value, unless the call operator precedes it.
        let text = if line.text.starts_with(b"'") && platform == Platform::Windows {
            bstr::concat([b"& ".as_slice(), &line.text]).into()
        } else {
            line.text
        };
        Self { text, ..line }
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
        self.is_writable &= is_writable(word) && !(self.platform == Platform::Windows && word.contains(&b'"'));
        if let Does::Run { argv, .. } = &mut self.does {
            argv.push(word.to_owned());
        }
        self
    }

    /// What the line does is this, whichever program its text names.
    #[must_use]
    pub fn doing(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.does = Does::Changes(actions.into_iter().collect());
        self
    }

    /// The program works in these places, where nothing is before, and nowhere else.
    #[must_use]
    pub fn building<P: AsRef<[u8]>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        if let Does::Run { builds, .. } = &mut self.does {
            builds.extend(paths.into_iter().map(|path| BString::from(path.as_ref())));
        }
        self
    }

    /// Adds words, quoted if necessary.
    #[must_use]
    pub fn words<W: AsRef<[u8]>>(self, words: impl IntoIterator<Item = W>) -> Self {
        words.into_iter().fold(self, Line::word)
    }

    /// Adds shell syntax, such as `>`, without quotes. No program is given that as an argument.
    #[must_use]
    pub fn raw(mut self, text: impl AsRef<[u8]>) -> Self {
        let text = BStr::new(text.as_ref());
        self.does = Does::Shell;
        self.text.push(b' ');
        self.text.extend_from_slice(text);
        self.is_writable &= is_writable(text);
        self
    }

    /// A line that gives a variable of the shell another value, for the programs that it starts.
    pub fn setting(platform: Platform, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = BStr::new(value.as_ref());
        let line = if platform == Platform::Windows {
            let text = bstr::concat([b"$env:", name.as_bytes(), b" = '", &doubled(value), b"'"]);
            Self { text: text.into(), ..Self::new(platform, "") }
        } else {
            Self::new(platform, "export").word(bstr::concat([name.as_bytes(), b"=", value]))
        };
        Self { is_writable: is_writable(value), does: Does::Shell, ..line }
    }

    /// Takes back the line where a condition does not hold: it would change what is not the environment's.
    #[must_use]
    pub fn only_if(mut self, is_allowed: bool) -> Self {
        self.is_allowed &= is_allowed;
        self
    }

    /// Takes back the text: the shell of the platform has no words for what the line does.
    #[must_use]
    pub fn without_text(mut self) -> Self {
        self.is_writable = false;
        self
    }

    /// Whether it may be given.
    pub(super) fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// What it does, without a shell; empty where only a shell can do it.
    pub(super) fn actions(&self) -> Vec<Action> {
        match &self.does {
            Does::Run { argv, builds } if !argv.first().is_some_and(|word| OF_THE_SHELL.contains(&word.as_slice())) => {
                vec![Action::Run { argv: argv.clone(), builds: builds.clone() }]
            }
            Does::Changes(actions) => actions.clone(),
            Does::Run { .. } | Does::Shell => Vec::new(),
        }
    }

    /// The text to paste; none where a word cannot be written so that every shell reads the same bytes.
    pub fn into_text(self) -> Option<BString> {
        (self.is_writable && self.is_allowed).then_some(self.text)
    }
}

/// Whether all shells can be given this word: control characters end lines and act on terminals, bytes that are no text do
/// not survive the clipboard, and what reports have to write as an escape cannot be pasted from them.
fn is_writable(word: &BStr) -> bool {
    word.to_str().is_ok_and(|text| !text.chars().any(is_unsafe))
}

/// Whether no character of the word has a meaning for a shell; a few have one only at the beginning of a word.
fn is_plain(word: &BStr) -> bool {
    let is_harmless = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+=:@%,".contains(byte);
    !word.is_empty() && word.iter().all(is_harmless) && !b"=@%".contains(&word[0])
}

/// A word for the shells of Unix. Between single quotes stands what they all leave alone; a single quote is written between
/// double quotes, a backslash and an exclamation mark after a backslash, outside quotes.
pub(super) fn posix(word: &BStr) -> BString {
    if is_plain(word) {
        return word.to_owned();
    }
    if word.is_empty() {
        return "''".into();
    }
    let mut quoted = BString::default();
    let special = |byte: &u8| b"'\\!".contains(byte);
    let mut rest = word.as_bytes();
    while let Some(&first) = rest.first() {
        let length = match first {
            b'\'' => {
                quoted.extend_from_slice(b"\"'\"");
                1
            }
            b'\\' | b'!' => {
                quoted.extend_from_slice(&[b'\\', first]);
                1
            }
            _ => {
                let length = rest.iter().position(special).unwrap_or(rest.len());
                quoted.push(b'\'');
                quoted.extend_from_slice(&rest[..length]);
                quoted.push(b'\'');
                length
            }
        };
        rest = &rest[length..];
    }
    quoted
}

/// A word for `PowerShell`. Without quotes it would take apart an option that contains a period, unless it is a number.
fn windows(word: &BStr) -> BString {
    let is_harmless = |byte: &u8| byte.is_ascii_alphanumeric() || br"\/._-+=:".contains(byte);
    let is_split = word.starts_with(b"-") && word.contains(&b'.') && !word.get(1).is_some_and(u8::is_ascii_digit);
    if !word.is_empty() && word.iter().all(is_harmless) && !is_split {
        return word.to_owned();
    }
    bstr::concat([b"'", doubled(word).as_slice(), b"'"]).into()
}

/// What stands between the single quotes of `PowerShell`, which also reads the quotes of typography as such; doubled, they
/// stand for themselves.
fn doubled(text: &BStr) -> BString {
    let mut doubled = String::new();
    for c in text.to_str_lossy().chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            doubled.push(c);
        }
        doubled.push(c);
    }
    doubled.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(platform: Platform, words: &[&[u8]]) -> Option<BString> {
        Line::new(platform, words[0]).words(&words[1..]).into_text()
    }

    #[test]
    fn words_with_a_meaning_for_a_shell_are_quoted() {
        let cases: [(&[u8], &str); 9] = [
            (b"/a/b-1.0", "/a/b-1.0"),
            (b"a=b", "a=b"),
            (b"=ls", "'=ls'"),
            (b"my project", "'my project'"),
            (b"it's", r#"'it'"'"'s'"#),
            (b"", "''"),
            (br"a\", r"'a'\\"),
            (b"wow!", r"'wow'\!"),
            (b"$HOME", "'$HOME'"),
        ];
        for (word, expected) in cases {
            assert_eq!(text(Platform::Linux, &[word]).expect("a line"), expected);
        }
    }

    #[test]
    fn words_for_powershell_stand_between_single_quotes() {
        let cases: [(&[&[u8]], &str); 3] = [
            (&[b"py", br"C:\my dir\x"], r"py 'C:\my dir\x'"),
            (&[br"C:\my dir\py.exe", b"-m"], r"& 'C:\my dir\py.exe' -m"),
            (&[b"py", "it\u{2019}s $x".as_bytes()], "py 'it\u{2019}\u{2019}s $x'"),
        ];
        for (words, expected) in cases {
            assert_eq!(text(Platform::Windows, words).expect("a line"), expected);
        }
    }

    #[test]
    fn variables_are_set_as_each_system_spells_it() {
        let set = |platform, value: &str| Line::setting(platform, "X", value).into_text().expect("a line");
        assert_eq!(set(Platform::Linux, "/a b"), "export 'X=/a b'");
        assert_eq!(set(Platform::Windows, r"C:\it's"), r"$env:X = 'C:\it''s'");
        assert_eq!(Line::setting(Platform::Windows, "X", "a\nb").into_text(), None);
    }

    #[test]
    fn what_no_shell_can_be_given_has_no_text() {
        let hidden = ["a\u{200b}b", "a\u{202e}b", "a\u{e0041}b", "a\u{180e}b"].map(str::as_bytes);
        for word in [b"a\nb".as_slice(), b"a\xff", b"\x1b[31m"].into_iter().chain(hidden) {
            assert_eq!(text(Platform::Linux, &[b"rm", word]), None, "{word:?}");
            assert_eq!(Line::new(Platform::Linux, "export").raw(word).into_text(), None, "{word:?}");
        }
        assert_eq!(text(Platform::Windows, &[b"py", br#"a"b"#]), None, "quotes do not reach programs unchanged");
    }
}
