//! What becomes of the content of a file. An edit is a value: it is applied to bytes, and written as a program for `sed`
//! for those who do it by hand. Both mean the same.

use bstr::{BStr, BString, ByteSlice};

use crate::text::python::BYTE_ORDER_MARK;
use crate::text::sentence;

/// A change of a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Edit {
    /// All of it, whatever was there.
    Content(BString),
    /// That of another file.
    CopyOf(BString),
    /// One more line at the end.
    Append(BString),
    /// Without the lines of these numbers, from 1.
    DeleteLines(Vec<usize>),
    /// With a part of some lines replaced, one substitution after the other.
    Substitute(Vec<Substitution>),
    /// Without the byte-order mark of UTF-8 at the beginning.
    WithoutMark,
    /// In UTF-8 instead of another encoding.
    ToUtf8(Encoding),
}

/// An encoding that every content can be converted from without loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Encoding {
    /// UTF-16, with a byte-order mark that says which.
    Utf16,
    /// ISO-8859-1, in which every byte is a character.
    Latin1,
    /// The Windows code page 1252.
    Windows1252,
}

/// The replacement of one part of each of some lines.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Substitution {
    /// In which lines.
    pub lines: Lines,
    /// The part.
    pub part: Part,
    /// What it is replaced by. It may contain line breaks.
    pub by: BString,
}

/// Lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Lines {
    /// All of them.
    All,
    /// The first to the last, counted from 1.
    Between(usize, usize),
    /// Those that contain a word.
    With(&'static str),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub enum Part {
    /// The first occurrence of a text.
    Text(BString),
    /// The whole line.
    Whole,
    /// The whole line, if it begins with `#!`.
    HashBang,
    /// The key of `pyvenv.cfg` with the equals sign.
    Key(BString),
    /// The key with its value: the whole line.
    Assignment(BString),
    /// The carriage return at its end.
    CarriageReturn,
    /// The byte-order mark at its beginning.
    Mark,
}

impl Edit {
    /// The content after the edit; none where there is nothing that it could change, or where it needs another file.
    pub fn apply(&self, content: &[u8]) -> Option<Vec<u8>> {
        let new = match self {
            Self::Content(all) => return Some(all.to_vec()),
            Self::CopyOf(_) => return None,
            Self::Append(line) => appended(content, line),
            Self::DeleteLines(numbers) => without_lines(content, numbers),
            Self::Substitute(substitutions) => {
                substitutions.iter().fold(content.to_vec(), |content, one| one.apply(&content))
            }
            Self::WithoutMark => content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content).to_vec(),
            Self::ToUtf8(encoding) => encoding.decode(content)?,
        };
        Some(new)
    }

    /// Whether it finds what it changes by the number of a line, which other edits change.
    pub fn counts_lines(&self) -> bool {
        match self {
            Self::DeleteLines(_) => true,
            Self::Substitute(substitutions) => substitutions.iter().any(|one| matches!(one.lines, Lines::Between(..))),
            _ => false,
        }
    }

    /// The program for `sed` that does the same; none where `sed` cannot.
    pub fn sed(&self) -> Option<Vec<BString>> {
        match self {
            Self::DeleteLines(numbers) => {
                let script: Vec<String> = numbers.iter().map(|number| format!("{number}d")).collect();
                Some(vec![script.join(";").into()])
            }
            Self::Substitute(substitutions) => Some(substitutions.iter().map(Substitution::sed).collect()),
            _ => None,
        }
    }
}

fn appended(content: &[u8], line: &BString) -> Vec<u8> {
    let is_ended = content.is_empty() || content.ends_with(b"\n");
    let between: &[u8] = if is_ended { b"" } else { b"\n" };
    [content, between, line, b"\n"].concat()
}

fn without_lines(content: &[u8], numbers: &[usize]) -> Vec<u8> {
    let lines = content.lines_with_terminator().enumerate();
    let kept = lines.filter(|(index, _)| !numbers.contains(&(index + 1)));
    kept.flat_map(|(_, line)| line.iter().copied()).collect()
}

impl Encoding {
    /// The name by which `iconv` knows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16",
            Self::Latin1 => "ISO-8859-1",
            Self::Windows1252 => "WINDOWS-1252",
        }
    }

    /// The encoding of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Utf16, Self::Latin1, Self::Windows1252].into_iter().find(|encoding| encoding.name() == name)
    }

    /// The same text in UTF-8; none where the bytes are not in this encoding.
    fn decode(self, content: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Utf16 => utf_16(content),
            Self::Latin1 => Some(content.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes()),
            Self::Windows1252 => {
                content.iter().map(|&byte| windows_1252(byte)).collect::<Option<String>>().map(String::into_bytes)
            }
        }
    }
}

fn utf_16(content: &[u8]) -> Option<Vec<u8>> {
    let (read, rest): (fn([u8; 2]) -> u16, _) = match content {
        [0xfe, 0xff, rest @ ..] => (u16::from_be_bytes, rest),
        [0xff, 0xfe, rest @ ..] | rest => (u16::from_le_bytes, rest),
    };
    let (pairs, []) = rest.as_chunks::<2>() else { return None };
    let units: Vec<u16> = pairs.iter().map(|pair| read(*pair)).collect();
    String::from_utf16(&units).ok().map(String::into_bytes)
}

/// The characters of code page 1252 from 0x80 to 0x9f; those of all other bytes are those of ISO-8859-1.
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'),
    None,
    Some('‚'),
    Some('ƒ'),
    Some('„'),
    Some('…'),
    Some('†'),
    Some('‡'),
    Some('ˆ'),
    Some('‰'),
    Some('Š'),
    Some('‹'),
    Some('Œ'),
    None,
    Some('Ž'),
    None,
    None,
    Some('‘'),
    Some('’'),
    Some('“'),
    Some('”'),
    Some('•'),
    Some('–'),
    Some('—'),
    Some('˜'),
    Some('™'),
    Some('š'),
    Some('›'),
    Some('œ'),
    None,
    Some('ž'),
    Some('Ÿ'),
];

fn windows_1252(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => Some(char::from(byte)),
    }
}

impl Substitution {
    /// A part of the lines between two numbers, both counted from 1.
    pub fn between(first: usize, last: usize, part: Part, by: impl Into<BString>) -> Self {
        Self { lines: Lines::Between(first, last), part, by: by.into() }
    }

    /// A part of all lines.
    pub fn everywhere(part: Part, by: impl Into<BString>) -> Self {
        Self { lines: Lines::All, part, by: by.into() }
    }

    fn apply(&self, content: &[u8]) -> Vec<u8> {
        let mut new = Vec::with_capacity(content.len() + self.by.len());
        for (index, whole) in content.lines_with_terminator().enumerate() {
            let line = whole.strip_suffix(b"\n").unwrap_or(whole);
            let is_meant = match &self.lines {
                Lines::All => true,
                Lines::Between(first, last) => (first..=last).contains(&&(index + 1)),
                Lines::With(word) => line.contains_str(word),
            };
            match self.part.find(line.as_bstr()).filter(|_| is_meant) {
                Some((from, to)) => {
                    new.extend_from_slice(&line[..from]);
                    new.extend_from_slice(&self.by);
                    new.extend_from_slice(&line[to..]);
                }
                None => new.extend_from_slice(line),
            }
            new.extend_from_slice(&whole[line.len()..]);
        }
        new
    }

    fn sed(&self) -> BString {
        let lines = match &self.lines {
            Lines::All => BString::default(),
            Lines::Between(first, last) if first == last => first.to_string().into(),
            Lines::Between(first, last) => format!("{first},{last}").into(),
            Lines::With(word) => sentence!("/", *word, "/"),
        };
        sentence!(lines, "s|", self.part.pattern(), "|", replacement(&self.by), "|")
    }
}

impl Part {
    /// Where it is in a line: its first byte, and the one after its last.
    fn find(&self, line: &BStr) -> Option<(usize, usize)> {
        let all = (0, line.len());
        match self {
            Self::Text(text) => line.find(text).map(|at| (at, at + text.len())),
            Self::Whole => Some(all),
            Self::HashBang => line.starts_with(b"#!").then_some(all),
            Self::Key(key) => equals_sign(line, key).map(|end| (0, end)),
            Self::Assignment(key) => equals_sign(line, key).map(|_| all),
            Self::CarriageReturn => line.ends_with(b"\r").then(|| (line.len() - 1, line.len())),
            Self::Mark => line.starts_with(BYTE_ORDER_MARK).then_some((0, BYTE_ORDER_MARK.len())),
        }
    }

    /// A basic regular expression for it.
    fn pattern(&self) -> BString {
        match self {
            Self::Text(text) => pattern(text),
            Self::Whole => ".*".into(),
            Self::HashBang => "^#!.*".into(),
            Self::Key(key) => sentence!("^[[:space:]]*", pattern(key), "[[:space:]]*="),
            Self::Assignment(key) => sentence!("^[[:space:]]*", pattern(key), "[[:space:]]*=.*"),
            Self::CarriageReturn => r"\r$".into(),
            Self::Mark => r"^\xEF\xBB\xBF".into(),
        }
    }
}

/// Where the equals sign ends that follows a key at the beginning of a line.
fn equals_sign(line: &BStr, key: &BString) -> Option<usize> {
    let trimmed = |text: &[u8]| text.iter().take_while(|byte| is_space(**byte)).count();
    let start = trimmed(line);
    let after = line[start..].strip_prefix(key.as_slice())?;
    let space = trimmed(after);
    (after.get(space) == Some(&b'=')).then(|| start + key.len() + space + 1)
}

/// `[[:space:]]` within a line.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// A basic regular expression that matches this text, for a `sed` script that is delimited by `|`.
///
/// What can stand between brackets does: a backslash would have to be written in its own way for each shell.
pub fn pattern(text: impl AsRef<[u8]>) -> BString {
    let mut pattern = BString::default();
    for &byte in text.as_ref() {
        match byte {
            b'.' | b'*' | b'[' | b'$' => pattern.extend_from_slice(&[b'[', byte, b']']),
            b'\\' | b'^' | b'|' => pattern.extend_from_slice(&[b'\\', byte]),
            _ => pattern.push(byte),
        }
    }
    pattern
}

/// A replacement that inserts this text, for a `sed` script that is delimited by `|`.
pub fn replacement(text: impl AsRef<[u8]>) -> BString {
    let mut replacement = BString::default();
    for &byte in text.as_ref() {
        match byte {
            b'\n' => replacement.extend_from_slice(b"\\n"),
            b'\\' | b'&' | b'|' => replacement.extend_from_slice(&[b'\\', byte]),
            _ => replacement.push(byte),
        }
    }
    replacement
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(edit: &Edit, content: &str) -> String {
        String::from_utf8(edit.apply(content.as_bytes()).expect("it applies")).expect("text")
    }

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(pattern("/a.b|[c]"), r"/a[.]b\|[[]c]");
        assert_eq!(replacement("/a&b\\c|d\n"), r"/a\&b\\c\|d\n");
    }

    #[test]
    fn only_the_part_that_is_meant_changes() {
        let set = |part| Edit::Substitute(vec![Substitution::everywhere(part, "home = /new")]);
        let cfg = " home\t= /old\r\nhome-less = 1\nhomes = 2";
        assert_eq!(edited(&set(Part::Assignment("home".into())), cfg), "home = /new\nhome-less = 1\nhomes = 2");
        let first = Substitution::between(1, 1, Part::HashBang, "#!/bin/sh\n'''exec' x");
        assert_eq!(edited(&Edit::Substitute(vec![first]), "#!/old\n#!/old\n"), "#!/bin/sh\n'''exec' x\n#!/old\n");
        let with = Substitution { lines: Lines::With("VIRTUAL_ENV"), part: Part::Text("/a".into()), by: "/b".into() };
        assert_eq!(edited(&Edit::Substitute(vec![with]), "x=/a\nVIRTUAL_ENV=/a:/a\n"), "x=/a\nVIRTUAL_ENV=/b:/a\n");
        let unix = Substitution::everywhere(Part::CarriageReturn, "");
        assert_eq!(edited(&Edit::Substitute(vec![unix]), "a\r\nb\r"), "a\nb");
        assert_eq!(edited(&Edit::DeleteLines(vec![2]), "a\nb\nc"), "a\nc");
        assert_eq!(edited(&Edit::Append("b".into()), "a"), "a\nb\n");
        assert_eq!(edited(&Edit::WithoutMark, "\u{feff}a"), "a");
    }

    #[test]
    fn other_encodings_become_utf_8() {
        let decoded = |encoding, content: &[u8]| Edit::ToUtf8(encoding).apply(content).map(BString::from);
        assert_eq!(decoded(Encoding::Utf16, b"\xff\xfeh\0\xe4\0"), Some("hä".into()));
        assert_eq!(decoded(Encoding::Utf16, b"\xfe\xff\0h"), Some("h".into()));
        assert_eq!(decoded(Encoding::Utf16, b"\xff\xfeh"), None);
        assert_eq!(decoded(Encoding::Latin1, b"\xe4\x80"), Some("ä\u{80}".into()));
        assert_eq!(decoded(Encoding::Windows1252, b"\x80"), Some("€".into()));
        assert_eq!(decoded(Encoding::Windows1252, b"\x81"), None);
    }
}
