//! Values of `pyvenv.cfg` that were written in the syntax of a shell or of another format.

use bstr::{BStr, BString, ByteSlice};

use crate::text::sentence;

/// Removes quotes and a comment, and expands `~`, `$NAME`, `${NAME}` and `%NAME%` as a shell would.
pub fn undecorated(value: &BStr, variable: impl Fn(&str) -> Option<BString>) -> BString {
    let mut bare = value;
    for mark in [" #", " ;", "\t#", "\t;"] {
        bare = bare.find(mark).map_or(bare, |at| bare[..at].as_bstr());
    }
    let bare = crate::text::python::strip(bare);
    let bare = bare.trim_with(|c| matches!(c, '"' | '\'')).as_bstr();
    if let Some(rest) = bare.strip_prefix(b"~").filter(|rest| rest.is_empty() || rest.starts_with(b"/")) {
        return sentence!(variable("HOME").unwrap_or_else(|| "~".into()), rest);
    }
    for (open, close) in [("${", "}"), ("%", "%"), ("$", "/")] {
        let Some(start) = bare.find(open) else { continue };
        let rest = &bare[start + open.len()..];
        let end = rest.find(close).unwrap_or(rest.len());
        let name = rest[..end].to_str().unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name {
            let after = if close == "/" { &rest[end..] } else { rest.get(end + 1..).unwrap_or_default() };
            return sentence!(bare[..start], variable(name).unwrap_or_default(), after);
        }
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_a_shell_would() {
        let variable = |name: &str| (name == "HOME").then(|| BString::from("/home/u"));
        for (value, expected) in [
            ("\"/opt/py/bin\"", "/opt/py/bin"),
            ("/opt/py/bin # the base", "/opt/py/bin"),
            ("'/opt/py/bin' ; x", "/opt/py/bin"),
            ("~/py/bin", "/home/u/py/bin"),
            ("$HOME/py/bin", "/home/u/py/bin"),
            ("${HOME}/py/bin", "/home/u/py/bin"),
            ("%HOME%\\py", "/home/u\\py"),
            ("$HOME", "/home/u"),
            ("/opt/$/bin", "/opt/$/bin"),
            ("/opt/py/bin", "/opt/py/bin"),
        ] {
            assert_eq!(undecorated(value.into(), variable), expected, "{value}");
        }
    }
}
