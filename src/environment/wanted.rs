//! Which interpreter an environment was made for, as its own directories and files tell it.

use bstr::{BStr, BString, ByteSlice};

use super::{InterpreterName, Survey};
use crate::host::HostError;
use crate::host::path::Flavor;

/// More directories of libraries than an environment has.
const MOST_DIRS: usize = 32;

/// The kind of interpreter that an environment was made for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wanted {
    /// `python` or `pypy`.
    pub stem: &'static str,
    /// The minor version: 12 for 3.12.
    pub minor: u8,
    /// The flags of its ABI, such as `t`.
    pub flags: BString,
}

impl Wanted {
    /// Its name: `python3.12`, `python3.13t`, `pypy3.11`.
    pub fn name(&self) -> BString {
        crate::text::sentence!(self.stem, "3.", self.minor.to_string(), self.flags)
    }

    /// `3.12`.
    pub fn short(&self) -> String {
        format!("3.{}", self.minor)
    }

    pub(super) fn of_name(name: &BStr) -> Option<Self> {
        let parsed = InterpreterName::parse(name)?;
        Some(Self { stem: parsed.stem, minor: parsed.minor?, flags: parsed.flags.to_owned() })
    }
}

/// `lib/pythonX.Y` of an environment.
#[derive(Clone, Debug)]
pub struct LibraryDir {
    /// The interpreter that it is for.
    pub wanted: Wanted,
    /// The directory.
    pub path: BString,
    /// Whether anything is installed in its site-packages; none where these may not be listed.
    pub holds: Option<bool>,
}

/// Names in site-packages that every new environment has, or that an installation puts there without a package.
const FURNITURE: [&str; 8] = [
    "README",
    "README.txt",
    "__pycache__",
    "_distutils_hack",
    "_virtualenv.pth",
    "_virtualenv.py",
    "distutils-precedence.pth",
    "sitecustomize.py",
];

/// Whether a name in site-packages is that of something that was installed, with metadata or without.
pub fn is_package(name: &BStr) -> bool {
    !name.starts_with(b".") && !FURNITURE.iter().any(|known| name == *known)
}

/// The only element, where there is exactly one.
fn only<T: PartialEq>(items: impl IntoIterator<Item = T>) -> Option<T> {
    let mut items = items.into_iter();
    let first = items.next()?;
    items.all(|item| item == first).then_some(first)
}

impl Survey<'_> {
    /// The kind of interpreter for which the environment was made, as its directories tell it, or else its `pyvenv.cfg`, or
    /// else the names of its programs.
    pub fn wanted(&self) -> Option<Wanted> {
        self.wanted.get_or_init(|| self.find_wanted()).clone()
    }

    fn find_wanted(&self) -> Option<Wanted> {
        let dirs = self.library_dirs();
        let populated = || dirs.iter().filter(|it| it.holds == Some(true)).map(|it| it.wanted.clone());
        let all = || dirs.iter().map(|it| it.wanted.clone());
        only(populated())
            .or_else(|| only(all()))
            .or_else(|| self.recorded_version(&dirs))
            .or_else(|| {
                let names = self.launchers().into_iter().map(|launcher| launcher.name);
                only(names.filter_map(|name| Wanted::of_name(name.as_bstr())))
            })
            .or_else(|| {
                let names = self.missing_places().into_iter().map(|path| self.base_name(path.as_bstr()));
                only(names.filter_map(|name| Wanted::of_name(name.as_bstr())))
            })
    }

    /// The directories of the environment that have site-packages.
    pub fn library_dirs(&self) -> Vec<LibraryDir> {
        if self.flavor() == Flavor::Windows {
            return Vec::new();
        }
        let lib = self.join(self.root(), "lib");
        let names = self.list(lib.as_bstr()).into_iter().take(MOST_DIRS);
        let found = names.filter_map(|name| {
            let wanted = Wanted::of_name(name.as_bstr())?;
            let path = self.join(&lib, &name);
            let site = self.join(&path, "site-packages");
            let holds = match self.ask.list_dir(site.as_bstr()) {
                Ok(names) => Some(names.iter().any(|name| is_package(name.as_bstr()))),
                Err(HostError::NotFound | HostError::NotADirectory) => return None,
                Err(_) => None,
            };
            Some(LibraryDir { wanted, path, holds })
        });
        found.collect()
    }

    /// The version that the environment's creator wrote down, with the flags of its directory where there is one.
    fn recorded_version(&self, dirs: &[LibraryDir]) -> Option<Wanted> {
        let entry = self.cfg_line("version").or_else(|| self.cfg_line("version_info"))?;
        let rest = entry.value.strip_prefix(b"3.")?;
        let minor: u8 = rest.split_str(b".").next()?.to_str().ok()?.trim().parse().ok()?;
        let is_pypy = self.cfg_line("implementation").is_some_and(|it| it.value.eq_ignore_ascii_case(b"pypy"));
        let stem = if is_pypy { "pypy" } else { "python" };
        let mut named = dirs.iter().map(|it| &it.wanted);
        let dir = named.find(|wanted| wanted.minor == minor && wanted.stem == stem).cloned();
        Some(dir.unwrap_or(Wanted { stem, minor, flags: BString::default() }))
    }
}
