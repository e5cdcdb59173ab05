//! What the package manager of the operating system, or conda, keeps about the files of a distribution.
//!
//! Packages leave out files that `RECORD` lists, `-nspkg.pth` files and tests above all. What the manager's own list does
//! not name was never there.

use std::rc::Rc;

use bstr::{BStr, BString, ByteSlice};

use super::{Distribution, Survey};
use crate::host::path::Flavor;

/// The most that is read of a list.
const MOST_BYTES: u64 = 16 << 20;
/// The most lists that are read to find the one that names a distribution.
const MOST_LISTS: usize = 2048;
/// Where apk keeps the one list of all packages.
const APK: [&str; 2] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
/// What package managers write into `INSTALLER`.
const MANAGERS: [&[u8]; 12] =
    [b"debian", b"dpkg", b"apt", b"rpm", b"apk", b"brew", b"pacman", b"portage", b"gpep517", b"conda", b"nix", b"guix"];
/// The longest `INSTALLER` that is read.
const LONGEST_NAME: u64 = 4096;

/// How a list spells the path of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// A line with the absolute path (dpkg).
    Absolute,
    /// A line with the path without its first separator (pacman).
    Relative,
    /// A JSON string with the path below the prefix (conda).
    Quoted,
    /// A line for the directory, and one for each of its files (apk).
    Apart,
}

/// The files of the package that contains a distribution, as its manager lists them.
#[derive(Debug)]
pub struct SystemPackage {
    content: Rc<Vec<u8>>,
    spelling: Spelling,
    /// What paths in the list are relative to.
    root: BString,
}

impl Distribution {
    /// The list of the package that contains it; none where no manager has one that can be read. An environment belongs to
    /// no package manager.
    pub fn system_package(&self, survey: &Survey<'_>) -> Option<SystemPackage> {
        if survey.is_environment() || survey.flavor() == Flavor::Windows {
            return None;
        }
        let metadata = self.path(survey);
        candidates(survey, self).into_iter().find(|package| package.names_dir(survey, metadata.as_bstr()))
    }

    /// Whether a package manager of the system, or conda, has installed it.
    pub fn is_managed(&self, survey: &Survey<'_>) -> bool {
        if survey.is_environment() {
            return false;
        }
        let is_installer = || {
            let content = self.read(survey, "INSTALLER", LONGEST_NAME);
            content.is_ok_and(|name| MANAGERS.contains(&name.trim().to_ascii_lowercase().as_slice()))
        };
        self.site.ends_with(b"/python3/dist-packages") || is_installer()
    }
}

impl SystemPackage {
    /// Whether the package contains a file or a directory.
    pub fn names(&self, survey: &Survey<'_>, path: &BStr) -> bool {
        self.names_file(survey, path) || self.names_dir(survey, path)
    }

    fn names_dir(&self, survey: &Survey<'_>, dir: &BStr) -> bool {
        let Some(relative) = self.relative(survey, dir) else { return false };
        match self.spelling {
            // Of a directory, some managers name only the files.
            Spelling::Quoted => self.has(&[b"\"", relative, b"/"]),
            Spelling::Relative => self.has(&[b"\n", relative, b"/"]),
            Spelling::Absolute => self.has(&[b"\n/", relative, b"\n"]) || self.has(&[b"\n/", relative, b"/"]),
            Spelling::Apart => self.has(&[b"\nF:", relative, b"\n"]) || self.has(&[b"\nF:", relative, b"/"]),
        }
    }

    fn names_file(&self, survey: &Survey<'_>, path: &BStr) -> bool {
        let Some(relative) = self.relative(survey, path) else { return false };
        match self.spelling {
            Spelling::Quoted => self.has(&[b"\"", relative, b"\""]),
            Spelling::Relative => self.has(&[b"\n", relative, b"\n"]),
            Spelling::Absolute => self.has(&[b"\n/", relative, b"\n"]),
            Spelling::Apart => relative.rsplit_once_str("/").is_some_and(|(dir, name)| self.has_apart(dir, name)),
        }
    }

    /// The path below the root, without a separator in front.
    fn relative<'p>(&self, survey: &Survey<'_>, path: &'p BStr) -> Option<&'p [u8]> {
        let below = survey.is_below(path, self.root.as_bstr()).then(|| path.get(self.root.len()..)).flatten()?;
        Some(below.trim_start_with(|c| c == '/'))
    }

    fn has(&self, parts: &[&[u8]]) -> bool {
        memchr::memmem::find(&self.content, &parts.concat()).is_some()
    }

    /// Whether a line for the directory is followed by one for the file, before that of another directory.
    fn has_apart(&self, dir: &[u8], name: &[u8]) -> bool {
        let start = [b"\nF:", dir, b"\n"].concat();
        let Some(at) = memchr::memmem::find(&self.content, &start) else { return false };
        let lines = self.content[at + start.len()..].lines();
        let mut files = lines.take_while(|line| !line.is_empty() && !line.starts_with(b"F:"));
        files.any(|line| line.strip_prefix(b"R:") == Some(name))
    }
}

/// The lists that may name a distribution, the likeliest first. They are read one by one.
fn candidates<'s>(survey: &'s Survey<'_>, distribution: &Distribution) -> impl IntoIterator<Item = SystemPackage> + 's {
    let conda = survey.join(survey.root(), "conda-meta");
    let name = distribution.normalized();
    let mut files: Vec<(BString, Spelling)> = Vec::new();
    for (dir, tail, spelling) in [
        (conda, ".json", Spelling::Quoted),
        ("/var/lib/dpkg/info".into(), ".list", Spelling::Absolute),
        ("/var/lib/pacman/local".into(), "", Spelling::Relative),
    ] {
        let names = survey.names(dir.as_bstr()).unwrap_or_default();
        let (likely, others): (Vec<_>, Vec<_>) = names
            .iter()
            .filter(|it| it.ends_with(tail.as_bytes()) && (it.contains_str(&name) || it.starts_with(b"python")))
            .partition(|it| it.contains_str(&name));
        let file = |it: &BString| {
            let file = survey.join(&dir, it);
            if spelling == Spelling::Relative { survey.join(file, "files") } else { file }
        };
        files.extend(likely.into_iter().chain(others).take(MOST_LISTS).map(|it| (file(it), spelling)));
    }
    files.extend(APK.map(|file| (file.into(), Spelling::Apart)));
    files.into_iter().filter_map(|(file, spelling)| {
        let content = survey.ask.read(file.as_bstr(), MOST_BYTES).ok()?;
        let root = if spelling == Spelling::Quoted { survey.root().to_owned() } else { "/".into() };
        Some(SystemPackage { content, spelling, root })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Lookups;
    use crate::{snapshot, startup};

    #[test]
    fn each_list_names_files_and_directories() {
        let it = snapshot::load(include_bytes!("../../fixtures/rules/VD408/fails.json")).expect("a sound snapshot");
        let lookups = Lookups::new(&it.host, it.invocation.cwd.clone());
        let (resolution, lookups) = startup::resolve_asking(lookups, &it.invocation, &it.options);
        let survey = Survey::new(&resolution, &lookups);
        let cases = [
            (Spelling::Absolute, "/", "/.\n/usr\n/usr/lib/a\n/usr/lib/a/b.py\n"),
            (Spelling::Relative, "/", "%FILES%\nusr/lib/a/\nusr/lib/a/b.py\n"),
            (Spelling::Quoted, "/usr", "{\"files\": [\"lib/a/b.py\", \"lib/x\"]}"),
            (Spelling::Apart, "/", "P:x\nF:usr/lib/z\nR:c.py\nF:usr/lib/a\nM:0:0:0755\nR:b.py\nZ:Q1\n\nF:y\n"),
        ];
        for (spelling, root, content) in cases {
            let content = Rc::new(content.into());
            let package = SystemPackage { content, spelling, root: root.into() };
            for (path, expected) in [("/usr/lib/a", true), ("/usr/lib/a/b.py", true), ("/usr/lib/a/c.py", false)] {
                assert_eq!(package.names(&survey, path.into()), expected, "{spelling:?} {path}");
            }
        }
    }
}
