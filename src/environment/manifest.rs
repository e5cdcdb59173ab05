//! What is installed in an environment and where it came from, as two environments are compared by it.

use bstr::{BString, ByteSlice};

use super::script::is_passed_over;
use super::{Distribution, Survey};
use crate::host::FileKind;
use crate::text::sentence;

/// The most that is read of an `INSTALLER` file, which holds one word.
const MOST_INSTALLER: u64 = 256;
/// So many distributions, and so many programs, are listed.
const MOST: usize = 4096;

/// Where a distribution came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nothing says that it was not an index.
    Index,
    /// This URL, with whatever else an installer has to know, and without a user and a password.
    Url(BString),
    /// The directory of a project, which it is a view of.
    Editable(BString),
}

/// A distribution that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program compares what a snapshot has to hold"))]
pub struct Package {
    /// Its name as its metadata spell it.
    pub name: BString,
    /// The name by which installers compare.
    pub normalized: BString,
    /// Its version, where the name of its metadata tells.
    pub version: Option<BString>,
    /// Where it came from.
    pub source: Source,
    /// The tool that installed it, as that wrote down.
    pub installer: Option<BString>,
    /// Whether somebody asked for it by name, as installers write down; otherwise something else needs it.
    pub is_requested: bool,
}

/// A program in the directory of the interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program compares what a snapshot has to hold"))]
pub struct Program {
    /// Its name.
    pub name: BString,
    /// What starts it, where it is a script: its first line, or what a launcher of Windows starts.
    pub starts: Option<BString>,
}

/// What is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program compares what a snapshot has to hold"))]
pub struct Manifest {
    /// The distributions in the environment's own site directories, by name.
    pub packages: Vec<Package>,
    /// The programs next to the interpreter that are neither interpreters nor activate the environment, by name.
    pub programs: Vec<Program>,
}

impl Survey<'_> {
    /// What is installed, with its origin.
    pub fn manifest(&self) -> Manifest {
        let mut packages: Vec<Package> =
            self.distributions().iter().take(MOST).map(|distribution| package(self, distribution)).collect();
        packages.sort_by(|one, other| one.normalized.cmp(&other.normalized));
        Manifest { packages, programs: self.programs() }
    }

    fn programs(&self) -> Vec<Program> {
        let names = self.list(self.bin()).into_iter().filter(|name| !is_passed_over(name.as_bstr()));
        let is_file = |name: &BString| {
            let found = self.ask.link_exists(self.join(self.bin(), name).as_bstr());
            found.is_ok_and(|metadata| metadata.kind == FileKind::File)
        };
        let programs = names.filter(is_file).take(MOST);
        programs.map(|name| Program { starts: self.script(name.clone()).map(|script| script.first), name }).collect()
    }
}

fn package(survey: &Survey<'_>, distribution: &Distribution) -> Package {
    let direct = distribution.own_direct_url(survey);
    let source = match direct {
        None => Source::Index,
        Some(direct) => match direct.editable {
            Some(dir) => Source::Editable(dir),
            None => Source::Url(without_user(direct.reference.as_bytes())),
        },
    };
    let installer = distribution.read(survey, "INSTALLER", MOST_INSTALLER).ok();
    let installer = installer.map(|content| BString::from(content.trim())).filter(|name| !name.is_empty());
    Package {
        name: distribution.name.clone(),
        normalized: distribution.normalized(),
        version: distribution.version.clone(),
        source,
        installer,
        is_requested: survey.exists(survey.join(distribution.path(survey), "REQUESTED").as_bstr()),
    }
}

/// A URL without user and password, which are nobody's business.
fn without_user(url: &[u8]) -> BString {
    let Some(start) = url.find("://").map(|at| at + 3) else { return url.into() };
    let end = url[start..].find_byteset(b"/?#").map_or(url.len(), |at| start + at);
    match url[start..end].rfind_byte(b'@') {
        Some(at) => sentence!(&url[..start], &url[start + at + 1..]),
        None => url.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_and_passwords_are_left_out() {
        for (url, expected) in [
            ("https://u:secret@example.org/a-1.whl", "https://example.org/a-1.whl"),
            ("git+ssh://git@example.org/a@c0ffee", "git+ssh://example.org/a@c0ffee"),
            ("https://example.org/@scope/a", "https://example.org/@scope/a"),
            ("file:///w/a", "file:///w/a"),
            ("no url", "no url"),
        ] {
            assert_eq!(without_user(url.as_bytes()), expected, "{url}");
        }
    }
}
