//! The shell scripts that installers write where a first line cannot name the Python: a path that is too long, or has a
//! blank in it. The second line is a command to the shell, and the beginning of a string to Python.

use bstr::{BString, ByteSlice};

use crate::text::shell::unquote;

/// How such a script names its Python.
#[derive(Debug, PartialEq, Eq)]
pub enum Python {
    /// By its path.
    Path(BString),
    /// In the directory of the script, whose symlinks are followed or not.
    NextTo {
        /// The name in that directory.
        name: BString,
        /// Whether `realpath` is applied to the script's path.
        follows: bool,
    },
}

/// What the shell executes.
#[derive(Debug, PartialEq, Eq)]
pub struct Trampoline {
    /// The Python.
    pub python: Python,
    /// Its arguments in front of the script.
    pub arguments: Vec<BString>,
}

/// Recognizes the texts of pip, distlib, conda and uv, and no other.
pub fn parse(text: &[u8]) -> Option<Trampoline> {
    let mut lines = text.split_str("\n");
    if lines.next()? != b"#!/bin/sh" {
        return None;
    }
    let second = lines.next()?.strip_prefix(b"'''exec' ")?;
    let line = match second.strip_suffix(b" #'''") {
        Some(line) => line,
        None if lines.next()?.trim_end() == b"' '''" => second,
        None => return None,
    };
    let line = line.strip_suffix(b" \"$0\" \"$@\"")?;
    let (python, mut rest) = if let Some((follows, rest)) = relative(line) {
        let (name, used) = unquote(rest)?;
        (Python::NextTo { name, follows }, &rest[used..])
    } else {
        let (path, used) = unquote(line)?;
        (Python::Path(path), &line[used..])
    };
    let mut arguments = Vec::new();
    while let Some(next) = rest.strip_prefix(b" ") {
        let (word, used) = unquote(next)?;
        arguments.push(word);
        rest = &next[used..];
    }
    rest.is_empty().then_some(Trampoline { python, arguments })
}

/// The text with which uv and virtualenv let the shell find the directory of the script.
fn relative(line: &[u8]) -> Option<(bool, &[u8])> {
    const FORMS: [(&[u8], bool); 2] =
        [(b"\"$(dirname -- \"$(realpath -- \"$0\")\")\"/", true), (b"\"$(dirname -- \"$0\")\"/", false)];
    FORMS.iter().find_map(|(form, follows)| Some((*follows, line.strip_prefix(*form)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_texts_of_installers_are_recognized() {
        let path = |text: &str| match parse(text.as_bytes())?.python {
            Python::Path(path) => Some(path.to_string()),
            Python::NextTo { name, follows } => Some(format!("{follows} {name}")),
        };
        let told = [
            ("#!/bin/sh\n'''exec' \"/a b/python\" \"$0\" \"$@\"\n' '''\nimport x", Some("/a b/python")),
            ("#!/bin/sh\n'''exec' /a/python -sE \"$0\" \"$@\"\n' '''\n", Some("/a/python")),
            ("#!/bin/sh\n'''exec' '/a b/python' \"$0\" \"$@\"\n' '''\n", Some("/a b/python")),
            ("#!/bin/sh\n'''exec' \"/a/python\" \"$0\" \"$@\" #'''\n", Some("/a/python")),
            (
                "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''\n",
                Some("true python"),
            ),
            ("#!/bin/sh\nexec /a/python \"$0\" \"$@\"\n", None),
            ("#!/bin/sh\necho\n'''exec' /a/python \"$0\" \"$@\"\n' '''\n", None),
            ("#!/bin/sh\n'''exec' /a/python \"$0\"\n' '''\n", None),
            ("#!/bin/sh\n'''exec' `which python` \"$0\" \"$@\"\n' '''\n", None),
            ("#!/bin/sh\n'''exec' /a/python \"$0\" \"$@\"\nrm x\n", None),
        ];
        for (text, expected) in told {
            assert_eq!(path(text).as_deref(), expected, "{text}");
        }
    }
}
