//! The comment by which a module says how its text is encoded (PEP 263).

use bstr::ByteSlice;

/// The encodings that comments on the first two lines declare, in lower case.
pub fn declared_encodings(code: &[u8]) -> impl Iterator<Item = String> {
    code.lines().take(2).filter_map(|line| {
        let comment = line.trim_start().strip_prefix(b"#")?;
        let (_, rest) = comment.split_once_str("coding")?;
        let name = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?.trim_start();
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = name.iter().take_while(is_part).count();
        Some(name[..end].to_str_lossy().to_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_declared_on_one_of_the_first_two_lines() {
        let of = |code: &str| declared_encodings(code.as_bytes()).collect::<Vec<_>>();
        assert_eq!(of("# -*- coding: UTF_8 -*-\n"), ["utf_8"]);
        assert_eq!(of("#!/usr/bin/python\n# vim: set fileencoding=latin-1 :\n"), ["latin-1"]);
        assert_eq!(of("\n\n# coding: utf-8\n"), [""; 0]);
        assert_eq!(of("coding: utf-8\n# encoding utf-8\n"), [""; 0]);
    }
}
