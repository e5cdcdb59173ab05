//! The names under which the interpreter of an environment can be started.

use bstr::{BStr, BString, ByteSlice};

use super::Survey;
use crate::host::{FileKind, HostError, Metadata};

/// No environment has more names for its interpreter; names beyond that number are ignored.
const MOST_NAMES: usize = 64;

/// What the name of an interpreter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterpreterName<'n> {
    /// `python` or `pypy`.
    pub stem: &'static str,
    /// The minor version, if the name has one: 12 for `python3.12`.
    pub minor: Option<u8>,
    /// What stands behind it: `t` in `python3.13t`.
    pub flags: &'n BStr,
}

impl<'n> InterpreterName<'n> {
    /// Takes `python`, `python3`, `python3.12`, `pypy3.11`, `python3.13t` apart; nothing else is such a name but the
    /// extra link that `venv` of 3.14 makes.
    pub fn parse(name: &'n BStr) -> Option<Self> {
        let (stem, rest) = if name == "𝜋thon" {
            ("python", &b""[..])
        } else {
            [("python", b"python".as_slice()), ("pypy", b"pypy")]
                .into_iter()
                .find_map(|(stem, bytes)| Some((stem, name.strip_prefix(bytes)?)))?
        };
        let plain = Self { stem, minor: None, flags: b"".as_bstr() };
        if rest.is_empty() || rest == b"3" {
            return Some(plain);
        }
        let rest = rest.strip_prefix(b"3.")?;
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, flags) = rest.split_at(digits);
        let minor = digits.to_str().ok()?.parse().ok()?;
        flags.iter().all(|flag| b"dmtu".contains(flag)).then_some(Self {
            minor: Some(minor),
            flags: flags.as_bstr(),
            ..plain
        })
    }
}

/// Sorts names by the minor version that they tell, the newest first, and those that tell none last.
pub fn newest_first(names: &mut [BString]) {
    let minor = |name: &BString| InterpreterName::parse(name.as_bstr()).and_then(|name| name.minor);
    names.sort_by(|one, other| minor(other).cmp(&minor(one)).then_with(|| one.cmp(other)));
}

/// A name for the interpreter in the directory of the executable.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The name, such as `python3`.
    pub name: BString,
    /// Its path.
    pub path: BString,
    /// Where it leads, if it is a link.
    pub target: Option<BString>,
    /// What is found at its end.
    pub end: Result<Metadata, HostError>,
}

impl Survey<'_> {
    /// The names for interpreters in the directory of the executable, in the order of their bytes. Windows has programs
    /// there whose names say less, and none is given.
    pub fn launchers(&self) -> Vec<Launcher> {
        let bin = self.bin();
        let names = self.list(bin).into_iter().filter(|name| InterpreterName::parse(name.as_bstr()).is_some());
        let launchers = names.take(MOST_NAMES).map(|name| {
            let path = self.join(bin, &name);
            let target = self.ask.read_link(path.as_bstr()).ok();
            let end = self.ask.metadata(path.as_bstr());
            Launcher { name, path, target, end }
        });
        launchers.filter(|launcher| !is_directory(launcher)).collect()
    }
}

fn is_directory(launcher: &Launcher) -> bool {
    launcher.end.as_ref().is_ok_and(|end| end.kind == FileKind::Directory)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_tell_the_feature_release() {
        let cases = [
            ("python", Some((None, ""))),
            ("python3", Some((None, ""))),
            ("python3.12", Some((Some(12), ""))),
            ("python3.13t", Some((Some(13), "t"))),
            ("pypy3.11", Some((Some(11), ""))),
            ("𝜋thon", Some((None, ""))),
            ("python3.", None),
            ("python3.x", None),
            ("python3-config", None),
            ("python3.12-config", None),
            ("python3.999", None),
            ("pip", None),
        ];
        for (name, expected) in cases {
            let found = InterpreterName::parse(name.into()).map(|found| (found.minor, found.flags.to_string()));
            let expected = expected.map(|(minor, flags): (_, &str)| (minor, flags.to_owned()));
            assert_eq!(found, expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn names_are_read_as_they_are_written(minor in any::<u8>(), flags in "[dmtu]{0,3}", bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let name = format!("python3.{minor}{flags}");
            let parsed = InterpreterName::parse(name.as_str().into());
            prop_assert_eq!(parsed, Some(InterpreterName { stem: "python", minor: Some(minor), flags: flags.as_str().into() }));
            InterpreterName::parse([b"python3.", bytes.as_slice()].concat().as_bstr());
        }
    }
}
