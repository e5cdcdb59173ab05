//! `find_home_value`: the redirector's own reader of `pyvenv.cfg`.

use bstr::{BString, ByteSlice};

const KEY: &[u8] = b"home";

/// As `PC/launcher.c` reads it: 4096 bytes in text mode, and the value up to the end of its line.
pub fn find(content: &[u8]) -> Option<BString> {
    let text = content.replace("\r\n", "\n");
    let value = value_start(c_string(&text, 4096))?;
    let end = value.find_byte(b'\n').unwrap_or(value.len());
    Some(value[..end].into())
}

/// As `PC/venvlauncher.c` reads it: 8191 bytes unchanged, and the value without whitespace at its end.
pub fn find_trimmed(content: &[u8]) -> Option<BString> {
    let value = value_start(c_string(content, 8191))?;
    let value = match value.find_byte(b'\n') {
        Some(end) => value[..end].trim_end_with(is_space),
        None => value,
    };
    Some(value.into())
}

/// What `strstr` sees of a buffer.
fn c_string(content: &[u8], most: usize) -> &[u8] {
    let text = &content[..content.len().min(most)];
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The first `home` anywhere in the file, then each at the beginning of a line, until one is followed by an equals sign.
/// The whitespace around that sign may include line ends.
fn value_start(text: &[u8]) -> Option<&[u8]> {
    let mut at = text.find(KEY)?;
    loop {
        let behind = &text[at + KEY.len()..];
        let rest = behind.trim_start_with(is_space);
        if let Some(value) = rest.strip_prefix(b"=") {
            return Some(value.trim_start_with(is_space));
        }
        // The search continues one byte after the position where the equals sign is missing.
        let from = (text.len() - rest.len() + 1).min(text.len());
        at = from + text[from..].find(b"\nhome")? + 1;
    }
}

/// `iswspace` for ASCII.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_home_counts_wherever_it_is() {
        for (text, old, new) in [
            (&b"home = C:\\P\r\nversion = 3\r\n"[..], "C:\\P", "C:\\P"),
            (b"home=C:\\P  \n", "C:\\P  ", "C:\\P"),
            (b"# a home = C:\\Q\nhome = C:\\P\n", "C:\\Q", "C:\\Q"),
            (b"homes = x\n home = y\nhome = C:\\P\n", "C:\\P", "C:\\P"),
            (b"home =\n C:\\P\n", "C:\\P", "C:\\P"),
            (b"home = C:\\P", "C:\\P", "C:\\P"),
            (b"home =", "", ""),
        ] {
            assert_eq!(find(text), Some(old.into()), "{}", text.as_bstr());
            assert_eq!(find_trimmed(text), Some(new.into()), "{}", text.as_bstr());
        }
    }

    #[test]
    fn upper_case_and_what_lies_beyond_is_not_seen() {
        let mut far = vec![b'#'; 5000];
        far.extend_from_slice(b"\nhome = C:\\P\n");
        assert_eq!((find(&far), find_trimmed(&far)), (None, Some("C:\\P".into())));
        for text in [&b"Home = C:\\P\n"[..], b"", b"\0home = x\n", b"homeless = x\n"] {
            assert_eq!((find(text), find_trimmed(text)), (None, None), "{}", text.as_bstr());
        }
    }
}
