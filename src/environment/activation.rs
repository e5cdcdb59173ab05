//! What the scripts that activate an environment hold as its directory.

use std::ops::Range;

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::path::module;
use crate::text::shell::unquote;

/// The longest of these scripts have a few kilobytes.
const MOST: u64 = 64 << 10;

/// The scripts that can hold it, one for each shell. Those of PowerShell and Python compute it.
const SHELLS: [&str; 6] = ["activate", "activate.csh", "activate.fish", "activate.nu", "activate.bat", "activate.xsh"];

/// The directory of the environment as a script holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The name of the script.
    pub name: &'static str,
    /// The script.
    pub file: BString,
    /// The line, from 1.
    pub line: usize,
    /// The whole line.
    pub text: BString,
    /// Where in it the directory stands, quotes included.
    pub span: Range<usize>,
    /// The directory.
    pub dir: BString,
}

impl Survey<'_> {
    /// Which directory the activation scripts in [`Self::bin`] take for the environment's. A script that computes it is
    /// passed over.
    pub fn activations(&self) -> Vec<Activation> {
        SHELLS.into_iter().filter_map(|name| self.activation(name)).collect()
    }

    fn activation(&self, name: &'static str) -> Option<Activation> {
        let file = self.join(self.bin(), name);
        let content = self.ask.read(file.as_bstr(), MOST).ok()?;
        content.lines().enumerate().find_map(|(index, line)| {
            let (dir, span) = literal(name, line)?;
            let is_path = module::is_absolute(self.flavor(), dir.as_bstr());
            is_path.then(|| Activation { name, file: file.clone(), line: index + 1, text: line.into(), span, dir })
        })
    }
}

/// Reads a directory in the manner of a shell: the directory, and the length of what it is written with.
type Reader = fn(&[u8]) -> Option<(BString, usize)>;

/// The directory in a line that sets it.
fn literal(name: &str, line: &[u8]) -> Option<(BString, Range<usize>)> {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    let (openings, read): (&[&str], Reader) = match name {
        "activate" => (&["VIRTUAL_ENV=", "export VIRTUAL_ENV="], shell),
        "activate.csh" => (&["setenv VIRTUAL_ENV "], shell),
        "activate.fish" => (&["set -gx VIRTUAL_ENV "], shell),
        "activate.nu" => (&["let virtual_env = ", "const virtual_env = "], nushell),
        "activate.bat" => (&["set \"VIRTUAL_ENV=", "@set \"VIRTUAL_ENV="], batch),
        _ => (&["self.embedded_virtual_env = ", "$VIRTUAL_ENV = "], shell),
    };
    let opening = openings.iter().find(|opening| bare.starts_with(opening.as_bytes()))?;
    let value = bare.get(opening.len()..)?;
    let (dir, length) = read(value)?;
    // On Windows a shell of another system is given the directory in that system's spelling.
    let start = indent + opening.len() + value.find_iter("cygpath ").next().map_or(0, |_| inner(value));
    Some((dir, start..start + length))
}

/// Where the argument of `$(cygpath -u …)` begins.
fn inner(value: &[u8]) -> usize {
    let openings: [&[u8]; 4] = [b"$(cygpath -u ", b"$(cygpath ", b"(cygpath -u ", b"(cygpath "];
    openings.into_iter().find(|opening| value.starts_with(opening)).map_or(0, <[u8]>::len)
}

fn shell(value: &[u8]) -> Option<(BString, usize)> {
    unquote(value.get(inner(value)..)?)
}

/// `'PATH'`, or `r#'PATH'#`.
fn nushell(value: &[u8]) -> Option<(BString, usize)> {
    let (opening, closing): (&[u8], &[u8]) = if value.starts_with(b"r#'") { (b"r#'", b"'#") } else { (b"'", b"'") };
    let rest = value.strip_prefix(opening)?;
    let end = rest.find(closing)?;
    // Quotes within the path are not written in a way that this shell reads: there is no telling what was meant.
    if !rest.get(end + closing.len()..)?.trim().is_empty() {
        return None;
    }
    Some((BStr::new(rest.get(..end)?).to_owned(), opening.len() + end + closing.len()))
}

/// `PATH"` behind `set "VIRTUAL_ENV=`, with nothing in it that is replaced.
fn batch(value: &[u8]) -> Option<(BString, usize)> {
    let end = value.find_byte(b'"')?;
    let path = value.get(..end)?;
    (!path.is_empty() && !path.contains(&b'%')).then(|| (path.into(), end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_shell_has_its_way_to_write_the_dir() {
        let cases = [
            ("activate", "VIRTUAL_ENV=\"/w/e\"", Some(("/w/e", "\"/w/e\""))),
            ("activate", "    export VIRTUAL_ENV=$(cygpath \"/w/e\")", Some(("/w/e", "\"/w/e\""))),
            ("activate", "        VIRTUAL_ENV=/w/e", Some(("/w/e", "/w/e"))),
            ("activate", "VIRTUAL_ENV='/a b/it'\"'\"'s'", Some(("/a b/it's", "'/a b/it'\"'\"'s'"))),
            ("activate", "VIRTUAL_ENV=$(cygpath -u \"$VIRTUAL_ENV\")", None),
            ("activate", "VIRTUAL_ENV=''\"$(dirname -- \"$SCRIPT_PATH\")\"''", None),
            ("activate", "unset VIRTUAL_ENV", None),
            ("activate.csh", "setenv VIRTUAL_ENV '/w/e'", Some(("/w/e", "'/w/e'"))),
            ("activate.fish", "set -gx VIRTUAL_ENV \"/w/e\"", Some(("/w/e", "\"/w/e\""))),
            ("activate.fish", "set -gx VIRTUAL_ENV ''(dirname -- (status -f))''", None),
            ("activate.nu", "    let virtual_env = r#'/w/e'#", Some(("/w/e", "r#'/w/e'#"))),
            ("activate.nu", "    const virtual_env = '/w/e'", Some(("/w/e", "'/w/e'"))),
            ("activate.nu", "    const virtual_env = '/w/it'\"'\"'s'", None),
            ("activate.bat", "@set \"VIRTUAL_ENV=C:\\w\\e\"", Some(("C:\\w\\e", "C:\\w\\e"))),
            ("activate.bat", "@for %%i in (\"%~dp0..\") do @set \"VIRTUAL_ENV=%%~fi\"", None),
            ("activate.xsh", "            self.embedded_virtual_env = '/w/e'", Some(("/w/e", "'/w/e'"))),
            ("activate.xsh", "  self.embedded_virtual_env = dirname(dirname(realpath(__file__)))", None),
        ];
        for (name, line, expected) in cases {
            let found = literal(name, line.as_bytes());
            let found = found.map(|(dir, span)| (dir.to_string(), line[span].to_owned()));
            assert_eq!(found, expected.map(|(dir, span)| (dir.to_owned(), span.to_owned())), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_line_can_be_read(line in prop::collection::vec(any::<u8>(), 0..60), text in "[$('\"\\\\ /a%=#)]{0,40}") {
            let openings = ["", "VIRTUAL_ENV=", "setenv VIRTUAL_ENV ", "set -gx VIRTUAL_ENV ", "let virtual_env = ", "set \"VIRTUAL_ENV="];
            for (name, opening) in SHELLS.into_iter().flat_map(|name| openings.map(|opening| (name, opening))) {
                for value in [line.as_slice(), text.as_bytes()] {
                    let line = [b" ", opening.as_bytes(), value].concat();
                    if let Some((_, span)) = literal(name, &line) {
                        prop_assert!(line.get(span).is_some());
                    }
                }
            }
        }
    }
}
