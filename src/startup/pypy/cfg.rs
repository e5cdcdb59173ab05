//! `find_pyvenv_cfg` of `initpath.py`.

use bstr::{BStr, BString, ByteSlice};

use crate::text::python;

/// How much of the file is read.
const MOST_BYTES: usize = 16384;

/// What separates words for `str.strip` of bytes.
const BLANKS: &[u8] = b" \t\n\r\x0b\x0c";

/// The line, from 1, and the value of the first `home`: exactly this word, blanks before it and after it allowed. An
/// empty value ends the reading.
pub fn find_home(content: &[u8]) -> Option<(usize, BString)> {
    let content = &content[..content.len().min(MOST_BYTES)];
    let mut lines = python::universal_lines(content).into_iter().enumerate();
    let found = lines.find_map(|(index, line)| Some((index + 1, home_value(line)?)));
    found.filter(|(_, value)| !value.is_empty())
}

fn home_value(line: &BStr) -> Option<BString> {
    let rest = line.trim_start_with(|c| c == ' ').strip_prefix(b"home")?;
    let value = rest.trim_start_with(|c| c == ' ').strip_prefix(b"=")?;
    // The text ends at a NUL byte.
    let value = value.split(|&byte| byte == 0).next().unwrap_or_default();
    let value = value.trim_with(|c| u8::try_from(c).is_ok_and(|byte| BLANKS.contains(&byte)));
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts() {
        assert_eq!(find_home(b"a = b\r\n  home  =/x \t\nhome = /y"), Some((2, "/x".into())));
        assert_eq!(find_home(b"home =\nhome = /y\n"), None);
        assert_eq!(find_home(b"home = /x\0y\n"), Some((1, "/x".into())));
        for unseen in [&b"HOME = /x\n"[..], b"\thome = /x\n", b"home\t= /x\n", b"homes = /x\n", b"# home = /x\n", b""] {
            assert_eq!(find_home(unseen), None, "{}", unseen.as_bstr());
        }
    }
}
