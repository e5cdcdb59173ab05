//! How a script names the Python that is to run it.

use std::ops::Range;

use bstr::{BString, ByteSlice};

use crate::host::path::{Flavor, module};
pub use crate::interpreter::is_python;
use crate::text::shell::unquote;

/// In which way a script names its Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Its first line is `#!PATH`.
    Line,
    /// Its first line is `#!/bin/sh`, and the second has the shell start PATH: so installers write long paths and paths
    /// with blanks.
    Exec,
    /// The same, but the shell computes where the Python is.
    Computed,
    /// Its first line has `env` look for a name.
    Env,
    /// A Windows program that holds such a line.
    Launcher,
}

/// What a script says about the Python that is to run it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// In which way.
    pub form: Form,
    /// The Python: a path, the name that `env` looks for, or the text that the shell computes it from.
    pub program: BString,
    /// The number of the line, from 1, if it is in a line.
    pub line: Option<usize>,
    /// The whole line.
    pub text: BString,
    /// Where in it the Python stands.
    pub span: Range<usize>,
}

/// What a text that begins with `#!` says about its Python; none where it is for something else.
pub(super) fn parse(flavor: Flavor, text: &[u8]) -> Option<Start> {
    let mut lines = text.split_str("\n");
    let first = lines.next()?;
    if let Some(start) = lines.next().filter(|_| is_shell(first)).and_then(exec_line) {
        return Some(start);
    }
    first_line(flavor, first)
}

fn is_shell(first: &[u8]) -> bool {
    first.get(2..).is_some_and(|rest| rest.trim() == b"/bin/sh")
}

/// `#!PATH`, `#!"PATH"`, `#!/usr/bin/env NAME`; also `#!PATH WITH BLANKS`, which its author meant as one path.
pub(super) fn first_line(flavor: Flavor, line: &[u8]) -> Option<Start> {
    let from = 2 + line.get(2..)?.find_not_byteset(b" \t")?;
    let rest = line.get(from..)?.trim_end();
    let start = |form, at: usize, program: &[u8]| Start {
        form,
        program: program.into(),
        line: Some(1),
        text: line.into(),
        span: from + at..from + at + program.len(),
    };
    let named = |path: &[u8]| is_python(module::basename(flavor, path.as_bstr()).as_bstr());
    if let Some(quoted) = rest.strip_prefix(b"\"") {
        let (path, _) = quoted.split_once_str("\"")?;
        return named(path).then(|| start(Form::Line, 1, path));
    }
    let mut words = rest.fields_with(|c| matches!(c, ' ' | '\t'));
    let word = words.next()?;
    if named(word) {
        return Some(start(Form::Line, 0, word));
    }
    if word.ends_with(b"/env") {
        let name = words.find(|word| !word.starts_with(b"-") && !word.contains(&b'='))?;
        let at = rest.find(name)?;
        return named(name).then(|| start(Form::Env, at, name));
    }
    let whole = rest.find(" -").and_then(|end| rest.get(..end)).unwrap_or(rest);
    let separators: &[u8] = if flavor == Flavor::Windows { b"/\\" } else { b"/" };
    let is_one_path = whole.get(word.len()..).is_some_and(|more| more.find_byteset(separators).is_some());
    (is_one_path && named(whole)).then(|| start(Form::Line, 0, whole))
}

/// `'''exec' PATH "$0" "$@"`: to the shell a command, to Python the beginning of a string.
fn exec_line(line: &[u8]) -> Option<Start> {
    const OPENING: &[u8] = b"'''exec' ";
    let rest = line.strip_prefix(OPENING)?;
    let start = |form, program: BString, at: usize, len: usize| Start {
        form,
        program,
        line: Some(2),
        text: line.into(),
        span: OPENING.len() + at..OPENING.len() + at + len,
    };
    if rest.starts_with(b"\"$(") {
        let len = rest.find("\"$0\" \"$@\"").unwrap_or(rest.len());
        let program = rest.get(..len)?.trim_end();
        return Some(start(Form::Computed, program.into(), 0, program.len()));
    }
    let (program, len) = unquote(rest)?;
    Some(start(Form::Exec, program, 0, len))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Option<(Form, String, String)> {
        let start = parse(Flavor::Posix, text.as_bytes())?;
        let marked = start.text[start.span.clone()].to_str_lossy().into_owned();
        Some((start.form, start.program.to_string(), marked))
    }

    #[test]
    fn scripts_name_their_python_in_several_ways() {
        let same = |form, program: &str| Some((form, program.to_owned(), program.to_owned()));
        let cases = [
            ("#!/e/bin/python\nimport x", same(Form::Line, "/e/bin/python")),
            ("#! /e/bin/python3.12 -sE\n", same(Form::Line, "/e/bin/python3.12")),
            ("#!/e/bin/python\r\n", same(Form::Line, "/e/bin/python")),
            ("#!/my dir/bin/python3 -E\n", same(Form::Line, "/my dir/bin/python3")),
            ("#!\"/my dir/bin/python\"\n", same(Form::Line, "/my dir/bin/python")),
            ("#!/usr/bin/env python3\n", same(Form::Env, "python3")),
            ("#!/usr/bin/env -S python3 -E\n", same(Form::Env, "python3")),
            ("#!/bin/sh\n'''exec' /e/bin/python3 \"$0\" \"$@\"\n' '''", same(Form::Exec, "/e/bin/python3")),
            (
                "#!/bin/sh\n'''exec' \"/a b/bin/python3\" \"$0\" \"$@\"\n",
                Some((Form::Exec, "/a b/bin/python3".to_owned(), "\"/a b/bin/python3\"".to_owned())),
            ),
            (
                "#!/bin/sh\n'''exec' '/it'\"'\"'s/bin/python' \"$0\" \"$@\"\n",
                Some((Form::Exec, "/it's/bin/python".to_owned(), "'/it'\"'\"'s/bin/python'".to_owned())),
            ),
            (
                "#!/bin/sh\n'''exec' \"$(dirname -- \"$0\")\"/'python' \"$0\" \"$@\"\n",
                same(Form::Computed, "\"$(dirname -- \"$0\")\"/'python'"),
            ),
            ("#!/bin/sh\necho\n", None),
            ("#!/bin/bash\n", None),
            ("#!/usr/bin/env bash\n", None),
            ("#!/usr/bin/perl -w\n", None),
            ("#!", None),
            ("#!\n", None),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn interpreters_are_recognized_by_their_names() {
        for name in ["python", "python3", "python3.13t", "pypy3.11", "python.exe", "pythonw.exe", "python3.7m"] {
            assert!(is_python(name.into()), "{name}");
        }
        for name in ["pip", "python3-config", "python-argcomplete", "pytest", "python.sh", "ipython"] {
            assert!(!is_python(name.into()), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_taken_apart(text in "#!['\"\\\\/ \\ta-pyexcvn$\r\n]{0,60}") {
            for flavor in [Flavor::Posix, Flavor::Windows] {
                if let Some(start) = parse(flavor, text.as_bytes()) {
                    prop_assert!(start.text.get(start.span).is_some());
                }
            }
        }

        #[test]
        fn any_word_can_be_unquoted(text in "['\"\\\\/ $a)]{0,30}") {
            unquote(text.as_bytes());
        }
    }
}
