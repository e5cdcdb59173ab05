//! Signs that code hides what it does.

use std::ops::Range;

use bstr::{BStr, ByteSlice};

/// Neither people nor the tools that write `.pth` files write longer lines.
const LONG_LINE: usize = 2000;
/// A module may contain a long table, but not a line longer than this.
const LONG_MODULE_LINE: usize = 8000;
/// Code after so many blanks is not visible in an editor.
const MANY_BLANKS: usize = 100;

/// Names that turn data into code or text.
const DECODES: &[&str] = &[
    "b64decode",
    "b32decode",
    "b85decode",
    "a85decode",
    "urlsafe_b64",
    "base64",
    "unhexlify",
    "fromhex",
    "decompress",
    "zlib",
    "lzma",
    "bz2",
    "marshal",
    "rot13",
    "rot_13",
];
/// Calls that run text as code.
const RUNS: &[&str] = &["exec(", "eval(", "compile(", "marshal.loads", "FunctionType("];
/// Names that start programs or connections.
const REACHES: &[&str] = &[
    "subprocess",
    "os.system",
    "os.popen",
    "Popen",
    "os.exec",
    "os.spawn",
    "socket",
    "urllib",
    "http.client",
    "requests.",
    "ctypes",
    "pty.spawn",
    "curl ",
    "wget ",
    "powershell",
];

/// What is suspicious about a line: a description, and the part that shows it.
pub fn line(line: &BStr, is_module: bool) -> Option<(&'static str, &[u8])> {
    let limit = if is_module { LONG_MODULE_LINE } else { LONG_LINE };
    let first = |marks: &'static [&str]| marks.iter().find_map(|mark| occurrence(line, mark));
    let (decodes, runs, reaches) = (first(DECODES), first(RUNS), first(REACHES));
    let part = |range: Range<usize>| line.get(range).unwrap_or_default();
    if let (Some(decodes), Some(_)) = (&decodes, &runs) {
        return Some(("decodes data and runs it as code", part(decodes.clone())));
    }
    if is_module {
        return (line.len() > limit).then(|| ("is very long", line.get(..80).unwrap_or_default()));
    }
    if let (Some(_), Some(reaches)) = (&decodes, &reaches) {
        return Some(("decodes data and starts a program or a connection", part(reaches.clone())));
    }
    if let (Some(runs), Some(_)) = (&runs, &reaches) {
        return Some(("runs text as code and starts a program or a connection", part(runs.clone())));
    }
    if line.len() > limit {
        return Some(("is very long", line.get(..80).unwrap_or_default()));
    }
    if let Some(at) = line.find(" ".repeat(MANY_BLANKS)).filter(|at| !part(*at..line.len()).trim().is_empty()) {
        return Some((
            "continues after so many blanks that an editor does not show the rest",
            part(at..at + MANY_BLANKS),
        ));
    }
    invisible_character(line)
}

/// Where a name occurs that is neither the end of a longer name nor a function of the module `re`.
fn occurrence(line: &BStr, mark: &str) -> Option<Range<usize>> {
    let is_own = |at: usize| {
        let before = line.get(..at).unwrap_or_default();
        !before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') && !before.ends_with(b"re.")
    };
    let at = line.find_iter(mark).find(|at| is_own(*at))?;
    Some(at..at + mark.len())
}

/// Characters that are invisible or change the direction of the text after them.
fn invisible_character(line: &BStr) -> Option<(&'static str, &[u8])> {
    let is_hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    let (start, end, _) = line.char_indices().find(|(_, _, c)| is_hidden(*c))?;
    Some(("contains invisible characters", line.get(start..end).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_tools_write_is_not_suspicious() {
        let harmless = [
            "import _virtualenv",
            "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; \
             enabled and __import__('_distutils_hack').add_shim(); ",
            "import os, sys;exec('if \"COV_CORE_SOURCE\" in os.environ:\\n try:\\n  from pytest_cov.embed import init')",
            "import sys; exec('try: import coverage; coverage.process_startup()\\nexcept Exception: pass')",
            "import __editable___plotlib_1_0_finder; __editable___plotlib_1_0_finder.install()",
        ];
        for code in harmless {
            assert_eq!(line(code.into(), false), None, "{code}");
        }
    }

    #[test]
    fn what_hides_is_suspicious() {
        let far = format!("import os{}; os.system('x')", " ".repeat(200));
        let long = format!("import a; x = '{}'", "A".repeat(3000));
        let suspicious = [
            "import os, subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import base64; exec(base64.b64decode(x))'])",
            "import base64; exec(base64.b64decode('cHJpbnQoMSk='))",
            "import urllib.request as u; exec(u.urlopen('x').read())",
            "import a\u{202e}b",
            &far,
            &long,
        ];
        for code in suspicious {
            assert!(line(code.into(), false).is_some(), "{code}");
        }
        assert!(line("exec(zlib.decompress(data))".into(), true).is_some());
        for code in ["import subprocess, zlib", "x = re.compile(base64)", "ast.literal_eval(base64)"] {
            assert_eq!(line(code.into(), true), None, "{code}");
        }
    }

    proptest! {
        #[test]
        fn any_line_can_be_judged(line in prop::collection::vec(any::<u8>(), 0..200), text in "(exec\\(|base64| {60}|x{900}|socket|\u{200b}){0,6}") {
            for (line, is_module) in [(line.as_slice(), true), (line.as_slice(), false), (text.as_bytes(), false)] {
                if let Some((_, part)) = super::line(line.as_bstr(), is_module) {
                    prop_assert!(line.contains_str(part));
                }
            }
        }
    }
}
