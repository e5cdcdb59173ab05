//! Bytes from the disk as a terminal may show them: the reader's home as `~`, everything dangerous escaped.

use bstr::{BStr, BString, ByteSlice};

use crate::text::escape::escape;

/// Makes bytes fit to be shown.
pub struct Shown {
    home: Option<BString>,
}

impl Shown {
    /// With `home` written as `~`.
    pub fn new(home: Option<&BString>) -> Self {
        let home = home.map(|home| home.trim_end_with(|c| c == '/').into());
        Self { home: home.filter(|home: &BString| !home.is_empty()) }
    }

    /// A path, or a sentence with paths in it.
    pub fn text(&self, text: &BStr) -> String {
        match &self.home {
            Some(home) => escape(shorten(text, home.as_bstr()).as_bstr()),
            None => escape(text),
        }
    }
}

/// Text from a file, quoted as it is.
pub fn quote(text: impl AsRef<[u8]>) -> String {
    escape(BStr::new(text.as_ref()))
}

/// Writes `~` where `home` is a whole path or the beginning of one.
fn shorten(text: &BStr, home: &BStr) -> BString {
    let mut short = Vec::with_capacity(text.len());
    let mut rest: &[u8] = text;
    let mut before = None;
    while let Some(at) = rest.find(home) {
        let end = at + home.len();
        let starts_path = !continues(if at == 0 { before } else { Some(rest[at - 1]) });
        let ends_name = rest.get(end) == Some(&b'/') || !continues(rest.get(end).copied());
        short.extend_from_slice(&rest[..at]);
        if starts_path && ends_name {
            short.push(b'~');
        } else {
            short.extend_from_slice(home);
        }
        before = rest.get(end - 1).copied();
        rest = &rest[end..];
    }
    short.extend_from_slice(rest);
    short.into()
}

/// Whether the byte would belong to the same path.
fn continues(byte: Option<u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"/._-+@%~\\".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_becomes_a_tilde_only_where_a_path_begins_with_it() {
        let shown = Shown::new(Some(&"/home/u/".into()));
        let cases = [
            ("/home/u/app/.venv", "~/app/.venv"),
            ("/home/u", "~"),
            ("/home/user", "/home/user"),
            ("/mnt/home/u/x", "/mnt/home/u/x"),
            ("home = /home/u/bin, not '/home/u'", "home = ~/bin, not '~'"),
            ("/home/u/home/u/x", "~/home/u/x"),
            ("/home/u:/home/u/lib", "~:~/lib"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown.text(text.into()), expected);
        }
        assert_eq!(quote("/home/u/x"), "/home/u/x");
    }

    #[test]
    fn the_root_is_nobodys_tilde() {
        assert_eq!(Shown::new(Some(&"/".into())).text("/usr/lib".into()), "/usr/lib");
    }
}
