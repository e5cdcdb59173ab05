//! Versions of Python, as `sys.version_info` orders them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The release level, in the order in which levels follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `a`.
    Alpha,
    /// `b`.
    Beta,
    /// `rc`.
    Candidate,
    /// A release.
    Final,
}

/// A version of Python 3, such as `3.12.1` or `3.15.0rc2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Always 3 for what is simulated.
    pub major: u8,
    /// The minor version.
    pub minor: u8,
    /// The micro version; none if only the minor version is known.
    pub micro: Option<u8>,
    /// The release level.
    pub level: Level,
    /// The number within the level.
    pub serial: u8,
}

impl Version {
    /// Whether `CPython` of this version exports its number as `Py_Version` (bpo-43931).
    pub(super) fn exports_itself(self) -> bool {
        (self.major, self.minor) >= (3, 11)
    }

    /// A final release.
    pub const fn new(major: u8, minor: u8, micro: u8) -> Self {
        Self { major, minor, micro: Some(micro), level: Level::Final, serial: 0 }
    }

    /// A pre-release.
    pub const fn pre(minor: u8, micro: u8, level: Level, serial: u8) -> Self {
        Self { major: 3, minor, micro: Some(micro), level, serial }
    }

    /// A minor version, with an unknown micro version.
    pub const fn feature(major: u8, minor: u8) -> Self {
        Self { major, minor, micro: None, level: Level::Final, serial: 0 }
    }

    /// Whether a build of this version holds a frozen copy of `site` (bpo-45020).
    pub fn freezes_site(self) -> bool {
        self >= Self::feature(3, 11)
    }

    /// The `PYTHONPATH` macro of a default build. Up to 3.6 it begins with an empty entry, which names the standard
    /// library a second time.
    pub fn compiled_python_path(self) -> &'static str {
        if self < Self::feature(3, 7) { ":" } else { "" }
    }

    /// How an entry of the tables of frozen modules is laid out; none up to 3.10, where there is one table of another kind.
    pub(super) fn frozen_layout(self) -> Option<FrozenLayout> {
        self.has_reached(11).then_some(FrozenLayout { has_getter: !self.has_reached(13) })
    }

    /// Whether this is 3.`minor` or later, for tables of names whose rows carry a minor version. What Python does
    /// differently from some release on is a behavior, and goes into the table of behaviors.
    pub fn has_reached(self, minor: u8) -> bool {
        self.minor >= minor
    }

    /// Whether an interpreter of this version may get through startup with the standard library of 3.`other`. A newer
    /// library always needs something that the interpreter lacks; of the older ones, most are refused by `re` (SRE
    /// module mismatch).
    pub fn library_may_fit(self, other: u8) -> bool {
        other < self.minor && (other >= 7 && self.minor <= 10 || (other, self.minor) == (13, 14))
    }

    /// Decodes `PY_VERSION_HEX`; none where the bytes cannot be one.
    pub fn from_hex(hex: u32) -> Option<Self> {
        let [major, minor, micro, last] = hex.to_be_bytes();
        let level = match last >> 4 {
            0xA => Level::Alpha,
            0xB => Level::Beta,
            0xC => Level::Candidate,
            0xF => Level::Final,
            _ => return None,
        };
        (major == 3).then_some(Self { major, minor, micro: Some(micro), level, serial: last & 0xF })
    }

    /// `3.12`.
    pub fn short(&self) -> String {
        format!("{}.{}", self.major, self.minor)
    }

    /// `312`.
    pub fn nodot(&self) -> String {
        format!("{}{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if let Some(micro) = self.micro {
            write!(f, ".{micro}")?;
        }
        match self.level {
            Level::Alpha => write!(f, "a{}", self.serial),
            Level::Beta => write!(f, "b{}", self.serial),
            Level::Candidate => write!(f, "rc{}", self.serial),
            Level::Final => Ok(()),
        }
    }
}

/// What is in an entry of a table of frozen modules behind the name, the code, its size and whether it is a package.
#[derive(Clone, Copy, Debug)]
pub(super) struct FrozenLayout {
    /// A function that makes the code object.
    pub has_getter: bool,
}

/// The text is no version of Python 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a version of Python 3 (expected 3.Y or 3.Y.Z, such as 3.12 or 3.13.0rc1)")]
pub struct VersionError;

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let digits = |text: &str| -> Result<u8, VersionError> {
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(VersionError);
            }
            text.parse().map_err(|_| VersionError)
        };
        let text = text.strip_suffix('+').unwrap_or(text);
        let (major, rest) = text.split_once('.').ok_or(VersionError)?;
        if digits(major)? != 3 {
            return Err(VersionError);
        }
        let Some((minor, last)) = rest.split_once('.') else {
            return Ok(Self::feature(3, digits(rest)?));
        };
        let minor = digits(minor)?;
        let end = last.find(|c: char| !c.is_ascii_digit()).unwrap_or(last.len());
        let micro = digits(&last[..end])?;
        let suffix = &last[end..];
        if suffix.is_empty() {
            return Ok(Self::new(3, minor, micro));
        }
        let (level, serial) = [("rc", Level::Candidate), ("a", Level::Alpha), ("b", Level::Beta)]
            .iter()
            .find_map(|&(name, level)| Some((level, suffix.strip_prefix(name)?)))
            .ok_or(VersionError)?;
        Ok(Self::pre(minor, micro, level, digits(serial)?))
    }
}
