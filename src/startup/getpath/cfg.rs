//! The path configuration's own readers of `pyvenv.cfg`.

use bstr::{BStr, BString, ByteSlice};

use crate::startup::record::{CfgCandidate, Reader};
use crate::startup::steps::StepId;
use crate::startup::trace::Trace;
use crate::text::python;
use crate::text::sentence;

/// What the path configuration found of `pyvenv.cfg`.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The file that was opened.
    pub path: Option<BString>,
    /// Its content, as far as the path configuration saw it.
    pub content: Vec<u8>,
    /// The line, from 1, whose `home` was taken.
    pub home_line: Option<usize>,
    /// Every place that was tried, in order.
    pub candidates: Vec<CfgCandidate>,
}

impl Reading {
    /// Notes a place that was tried.
    pub fn tried(&mut self, path: &BStr, found: bool) {
        self.candidates.push(CfgCandidate { path: path.to_owned(), found, stage: Reader::Getpath });
    }

    /// Takes `home` as the C code does (up to 3.10) once the file is open: it becomes the start of the search.
    ///
    /// `max_path` is `MAXPATHLEN`, the one thing in which `calculate_read_pyenv` of POSIX and `calculate_pyvenv_file`
    /// of Windows differ.
    pub fn read_home_token(&mut self, trace: &mut Trace<'_>, content: Vec<u8>, max_path: usize) -> Option<BString> {
        trace.begin(StepId::VenvHome);
        let home = find_home_token(&content, max_path);
        self.content = content;
        let Some((line, home)) = home else {
            trace.say("No line has exactly the form home = DIR (one space on each side of the equals sign, and a line end), so the search starts at the executable.");
            return None;
        };
        self.take_home(trace, line, home.as_bstr());
        trace.set_text("argv0_path", home.as_bstr());
        Some(home)
    }

    /// Notes the line whose `home` counts, and says what follows from it.
    pub fn take_home(&mut self, trace: &mut Trace<'_>, line: usize, home: &BStr) {
        self.home_line = Some(line);
        trace.say(sentence!(
            "Line ",
            line.to_string(),
            " is home = ",
            home,
            ", so the search for the standard library starts there and goes upwards."
        ));
    }
}

/// The largest file that `getpath.py` reads is one byte smaller (`MAX_FILE` of `Modules/getpath.c`).
pub const MAX_FILE: usize = 32 * 1024;

/// `getpath_readlines` of `Modules/getpath.c` (3.11 on): lines end at `\n`, trailing `\r` are dropped, and what
/// follows the first NUL is lost. A final line without `\n` keeps its `\r`.
pub fn read_lines(content: &[u8]) -> Vec<&BStr> {
    let content = content.split(|&byte| byte == 0).next().unwrap_or_default();
    let mut lines = Vec::new();
    let mut rest = content;
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let line = &rest[..end];
        let kept = line.iter().rposition(|&byte| byte != b'\r' && byte != b'\n').map_or(0, |last| last + 1);
        lines.push(line[..kept].as_bstr());
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        lines.push(rest.as_bstr());
    }
    lines
}

/// The first line whose key is `home`, as `getpath.py` looks for it: its number and its value.
pub fn find_home(lines: &[&BStr]) -> Option<(usize, BString)> {
    lines.iter().enumerate().find_map(|(index, line)| {
        let (key, value) = python::partition(line)?;
        (python::lower(python::strip(key)) == "home").then(|| (index + 1, python::strip(value).to_owned()))
    })
}

/// `_Py_FindEnvConfigValue` of `Python/fileutils.c` (up to 3.10): the token `home`, the token `=`, then the rest of
/// the line after one space. A line that does not end within the buffer ends the search.
///
/// `max_path` is `MAXPATHLEN`, from which the buffer's size follows.
fn find_home_token(content: &[u8], max_path: usize) -> Option<(usize, BString)> {
    // `fgets` takes one byte less than its buffer, which is one byte less than `MAXPATHLEN * 2 + 1`.
    let longest_line = max_path * 2 - 1;
    let mut rest = content;
    let mut number = 0;
    while !rest.is_empty() {
        number += 1;
        let end = memchr::memchr(b'\n', rest)?;
        if end + 1 > longest_line {
            return None;
        }
        let with_end = &rest[..=end];
        rest = &rest[end + 1..];
        if with_end.contains(&0) {
            // fgets kept the NUL, and the C string that it ends does not end in a newline.
            return None;
        }
        if with_end[0] == b'#' {
            continue;
        }
        if let Some(value) = home_token(with_end) {
            return Some((number, value));
        }
    }
    None
}

/// `MAXPATHLEN` of `osdefs.h` on POSIX.
pub const MAX_PATH_POSIX: usize = 4096;
/// `MAXPATHLEN` of `osdefs.h` on Windows.
pub const MAX_PATH_WINDOWS: usize = 256;

/// `home`, `=`, value: each call of `wcstok` has its own separators, so that a line end may stick to the `=`.
fn home_token(line: &[u8]) -> Option<BString> {
    let (key, rest) = token(line, b" \t\r\n")?;
    if key != b"home" {
        return None;
    }
    let (equals, rest) = token(rest, b" \t")?;
    if equals != b"=" {
        return None;
    }
    let (value, _) = token(rest, b"\r\n")?;
    Some(value.into())
}

/// `wcstok`: skips separators, takes what follows up to the next one, and drops that one.
fn token<'a>(text: &'a [u8], separators: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = text.iter().position(|byte| !separators.contains(byte))?;
    let text = &text[start..];
    let end = text.iter().position(|byte| separators.contains(byte)).unwrap_or(text.len());
    Some((&text[..end], text.get(end + 1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_as_getpath_reads_them() {
        assert_eq!(read_lines(b"a\r\nb\r\r\n\nc\r"), ["a", "b", "", "c\r"]);
        assert_eq!(read_lines(b"a\nb\0c\nd\n"), ["a", "b"]);
        assert!(read_lines(b"").is_empty());
    }

    #[test]
    fn the_first_home_wins_whatever_its_case() {
        let home = |content: &[u8]| find_home(&read_lines(content));
        assert_eq!(home(b"x\n HOME=/a \nhome = /b\n"), Some((2, "/a".into())));
        assert_eq!(home(b"# home = /a\nhomes = /b"), None);
        assert_eq!(home(b"home ="), Some((1, "".into())));
        assert_eq!(home(b"\xef\xbb\xbfhome = /a\n"), None);
    }

    #[test]
    fn tokens_as_the_c_reader_wants_them() {
        let home = |content: &[u8]| find_home_token(content, MAX_PATH_POSIX);
        assert_eq!(home(b"home = /a b\n"), Some((1, "/a b".into())));
        assert_eq!(home(b"home  =  /x\n"), Some((1, " /x".into())));
        assert_eq!(home(b"  home = /x\r\n"), Some((1, "/x".into())));
        assert_eq!(home(b"x = y\nhome = /x\n"), Some((2, "/x".into())));
        for unseen in [
            &b"home=/x\n"[..],
            b"home= /x\n",
            b"HOME = /x\n",
            b"home = /x",
            b"home =\n",
            b"# home = /x\n",
            b"a\0b\nhome = /x\n",
        ] {
            assert_eq!(home(unseen), None, "{}", unseen.as_bstr());
        }
        let mut long = vec![b'x'; 9000];
        long.extend_from_slice(b"\nhome = /x\n");
        assert_eq!(home(&long), None);
    }
}
