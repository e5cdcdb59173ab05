//! What the name of an extension module says about the Python that it was built for.

use bstr::{BStr, ByteSlice};

use crate::interpreter::Implementation;

/// The operating system that a tag names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux.
    Linux,
    /// macOS.
    Macos,
    /// Windows.
    Windows,
    /// None is named, or another one.
    Unknown,
}

impl System {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Macos => "macOS",
            Self::Windows => "Windows",
            Self::Unknown => "another system",
        }
    }
}

/// What stands between the module's name and `.so`, such as `cpython-312-x86_64-linux-gnu`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'n> {
    /// Which Python loads it.
    pub implementation: Implementation,
    /// The version, such as 3 and 12; none for the stable interface, which later ones load too.
    pub version: Option<(u8, u8)>,
    /// For builds without the global lock.
    pub free_threaded: bool,
    /// For debug builds.
    pub debug: bool,
    /// What it says about processor, system and C library, such as `x86_64-linux-gnu`.
    pub platform: &'n BStr,
}

/// The name of an extension module, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionName<'n> {
    /// The module, without its package.
    pub stem: &'n BStr,
    /// Its tag, where it has one that is known.
    pub tag: Option<Tag<'n>>,
    /// Whether it ends in `.pyd`, as modules do on Windows.
    pub is_pyd: bool,
}

impl<'n> ExtensionName<'n> {
    /// Takes a file name apart; none where it is no name of a module.
    pub fn parse(name: &'n BStr) -> Option<Self> {
        let (rest, is_pyd) = match name.strip_suffix(b".pyd") {
            Some(rest) => (rest, true),
            None => (name.strip_suffix(b".so")?, false),
        };
        let (stem, tag) = match rest.split_once_str(".") {
            Some((stem, tag)) => (stem, Some(Tag::parse(tag.as_bstr())?)),
            None => (rest, None),
        };
        (!stem.is_empty()).then_some(Self { stem: stem.as_bstr(), tag, is_pyd })
    }
}

impl<'n> Tag<'n> {
    /// Takes a tag apart; none where it is none.
    pub fn parse(tag: &'n BStr) -> Option<Self> {
        let (first, rest) = tag.split_once_str("-").unwrap_or((tag.as_bytes(), b""));
        let cpython = |version: Option<(u8, u8)>, flags: &[u8], platform: &'n [u8]| Self {
            implementation: Implementation::CPython,
            version,
            free_threaded: flags.contains(&b't'),
            debug: flags.contains(&b'd'),
            platform: platform.as_bstr(),
        };
        if matches!(first, b"abi3" | b"abi3t") {
            return Some(cpython(None, &first[4..], rest));
        }
        if first == b"cpython" {
            let (release, platform) = rest.split_once_str("-").unwrap_or((rest, b""));
            let (version, flags) = release_and_flags(release)?;
            return Some(cpython(Some(version), flags, platform));
        }
        if let Some(release) = first.strip_prefix(b"cp") {
            let (version, flags) = release_and_flags(release)?;
            return Some(cpython(Some(version), flags, rest));
        }
        if let Some(release) = first.strip_prefix(b"pypy") {
            // `pp73` is the release of PyPy's own interface.
            let platform = rest.split_once_str("-").map_or(&b""[..], |(_, platform)| platform);
            let version = release_and_flags(release).map(|(version, _)| version);
            return Some(Self { implementation: Implementation::PyPy, version, ..cpython(None, b"", platform) });
        }
        first
            .starts_with(b"graalpy")
            .then(|| Self { implementation: Implementation::GraalPy, ..cpython(None, b"", rest) })
    }

    /// The operating system that it names.
    pub fn system(&self) -> System {
        if self.platform.contains_str("linux") {
            System::Linux
        } else if self.platform.contains_str("darwin") {
            System::Macos
        } else if self.platform.starts_with(b"win") {
            System::Windows
        } else {
            System::Unknown
        }
    }

    /// The processor that it names.
    pub fn processor(&self) -> Option<&'n BStr> {
        let processor = match self.system() {
            System::Linux => self.platform.split_once_str("-")?.0,
            System::Windows => self.platform,
            System::Macos | System::Unknown => return None,
        };
        Some(processor.as_bstr())
    }

    /// The C library that it names: `gnu` or `musl`.
    pub fn libc(&self) -> Option<&'static str> {
        let last = self.platform.rsplit_once_str("-").map(|(_, last)| last)?;
        ["gnu", "musl"].into_iter().find(|libc| self.system() == System::Linux && last.starts_with(libc.as_bytes()))
    }

    /// The Python that it was built for, in words.
    pub fn words(&self) -> String {
        let name = match &self.implementation {
            Implementation::PyPy => "PyPy",
            Implementation::GraalPy => "GraalPy",
            _ => "CPython",
        };
        let version = self.version.map(|(major, minor)| format!(" {major}.{minor}")).unwrap_or_default();
        let kind = match (self.free_threaded, self.debug) {
            (true, _) => ", free-threaded",
            (false, true) => ", debug build",
            (false, false) => "",
        };
        format!("{name}{version}{kind}")
    }
}

/// `312`, `36m`, `313td`: the first digit is the major release.
fn release_and_flags(text: &[u8]) -> Option<((u8, u8), &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, flags) = text.split_at(end);
    let (major, minor) = (digits.get(..1)?, digits.get(1..)?);
    let number = |digits: &[u8]| digits.to_str().ok()?.parse::<u8>().ok();
    flags.iter().all(|flag| b"dmut".contains(flag)).then_some(((number(major)?, number(minor)?), flags))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_say_what_they_were_built_for() {
        let cases = [
            ("_a.cpython-312-x86_64-linux-gnu.so", "_a CPython 3.12 x86_64-linux-gnu"),
            ("_a.cpython-36m-x86_64-linux-gnu.so", "_a CPython 3.6 x86_64-linux-gnu"),
            ("_a.cpython-313td-darwin.so", "_a CPython 3.13, free-threaded darwin"),
            ("_a.cpython-39d-darwin.so", "_a CPython 3.9, debug build darwin"),
            ("_a.abi3.so", "_a CPython "),
            ("_a.abi3-x86_64-linux-gnu.so", "_a CPython x86_64-linux-gnu"),
            ("_a.cp312-win_amd64.pyd", "_a CPython 3.12 win_amd64"),
            ("_a.pypy311-pp73-x86_64-linux-gnu.so", "_a PyPy 3.11 x86_64-linux-gnu"),
            ("_a.pyd", "_a"),
            ("libx.so", "libx"),
        ];
        for (name, expected) in cases {
            let parsed = ExtensionName::parse(name.into()).expect(name);
            let tag = parsed.tag.map(|tag| format!(" {} {}", tag.words(), tag.platform)).unwrap_or_default();
            assert_eq!(format!("{}{tag}", parsed.stem), expected, "{name}");
        }
        for name in ["libx-1.2.so", "libx.1.2.so", ".so", "x.so.1", "a.cpython-3x.so", "a.cpython-.so"] {
            let tag = ExtensionName::parse(name.into()).and_then(|parsed| parsed.tag);
            assert_eq!(tag, None, "{name}");
        }
    }

    #[test]
    fn platforms_say_system_processor_and_library() {
        let facts = |tag: &'static str| {
            let tag = Tag::parse(tag.into()).expect("a tag");
            (tag.system(), tag.processor().map(ToString::to_string), tag.libc())
        };
        let linux = |processor: &str, libc| (System::Linux, Some(processor.to_owned()), libc);
        assert_eq!(facts("cpython-312-aarch64-linux-musl"), linux("aarch64", Some("musl")));
        assert_eq!(facts("cpython-39-arm-linux-gnueabihf"), linux("arm", Some("gnu")));
        assert_eq!(facts("cpython-312-darwin"), (System::Macos, None, None));
        assert_eq!(facts("cp312-win_arm64"), (System::Windows, Some("win_arm64".to_owned()), None));
        assert_eq!(facts("abi3"), (System::Unknown, None, None));
    }

    proptest! {
        #[test]
        fn any_name_can_be_taken_apart(name in "[a-z0-9.\\-_]{0,20}(cpython-|abi3|cp3|pypy|graalpy|)[0-9tdm\\-a-z_]{0,20}(.so|.pyd|)") {
            if let Some(parsed) = ExtensionName::parse(name.as_str().into()) {
                prop_assert!(name.as_bytes().starts_with(parsed.stem));
                if let Some(tag) = parsed.tag {
                    drop((tag.system(), tag.processor(), tag.libc(), tag.words()));
                }
            }
        }

        #[test]
        fn any_bytes_can_be_taken_apart(name in prop::collection::vec(any::<u8>(), 0..40)) {
            for ending in ["", ".so", ".pyd"] {
                ExtensionName::parse([&name, ending.as_bytes()].concat().as_bstr());
            }
        }
    }
}
