//! Another interpreter of the same kind, for an environment whose own cannot be started.
//!
//! An environment fits every interpreter of the same implementation, minor version and ABI. Which it needs is told
//! by its own directories; where one is, by the places where such things are. Nothing of this is asked while all is well.

use bstr::{BStr, BString, ByteSlice};

use super::{Survey, Wanted};
use crate::host::FileKind;
use crate::host::path::{Flavor, module};
use crate::interpreter::Implementation;

/// The most names of a directory that are tried.
const MOST_SIBLINGS: usize = 32;
/// The most directories of `PATH` that are looked into.
const MOST_DIRS: usize = 128;
/// The minor versions that may take the place of another one.
const OLDEST_MINOR: u8 = 9;
const NEWEST_MINOR: u8 = 16;

impl Survey<'_> {
    /// The paths of interpreters that are named somewhere and do not exist: the ends of links, and what `pyvenv.cfg`
    /// says.
    pub(super) fn missing_places(&self) -> Vec<BString> {
        let flavor = self.flavor();
        let hops = self.resolution.identification.hops.iter();
        let ends = hops.map(|hop| self.join(self.parent(self.absolute(hop.path.as_bstr()).as_bstr()), &hop.target));
        let keys = ["base-executable", "executable"].into_iter();
        let named = keys.filter_map(|key| Some(self.cfg_line(key)?.value.clone()));
        let paths = ends.chain(named).filter(|path| self.is_absolute(path.as_bstr()));
        paths
            .map(|path| module::normpath(flavor, path.as_bstr()))
            .filter(|path| self.is_missing(path.as_bstr()))
            .collect()
    }

    /// The path of an interpreter of the kind that the environment was made for.
    pub fn substitute(&self) -> Option<BString> {
        self.substitute_for(&self.wanted()?)
    }

    /// The path of an interpreter that can make the environment again: of the version that runs, or else of the one that it
    /// was made for.
    pub fn maker(&self) -> Option<BString> {
        let identification = &self.resolution.identification;
        let is_pypy = identification.interpreter.implementation == Implementation::PyPy;
        let running = self.version().filter(|version| version.major == 3).map(|version| Wanted {
            stem: if is_pypy { "pypy" } else { "python" },
            minor: version.minor,
            flags: BString::default(),
        });
        let kind = running.or_else(|| self.wanted())?;
        let usable = |file: &&BString| identification.problem.is_none() && !self.is_below(file.as_bstr(), self.root());
        self.substitute_for(&kind).or_else(|| identification.file.as_ref().filter(usable).cloned())
    }

    /// The path of an interpreter of another minor version that can take the place of the one that is gone: the base moved
    /// on. One in the place of the old base comes first, a newer version before an older one, and the nearest before others;
    /// elsewhere, only newer ones count. An interpreter that may only not be reached has no successor.
    pub fn successor(&self) -> Option<BString> {
        let wanted = self.wanted()?;
        let missing = self.missing_places();
        if missing.is_empty() {
            return None;
        }
        let other = |minor: u8| Wanted { minor, ..wanted.clone() };
        let newer: Vec<Wanted> = (wanted.minor + 1..=NEWEST_MINOR).map(other).collect();
        let older = (OLDEST_MINOR..wanted.minor).rev().map(other);
        let at_base = |other: &Wanted| {
            let named = self.named_places(other).into_iter();
            let beside = missing.iter().map(|path| self.join(self.parent(path.as_bstr()), other.name()));
            named.chain(beside).find_map(|path| self.fitting(other, path.as_bstr()))
        };
        let there = newer.iter().cloned().chain(older).find_map(|other| at_base(&other));
        there.or_else(|| newer.iter().find_map(|other| self.substitute_for(other)))
    }

    /// The path of an interpreter of a kind: where the environment's makers name one, next to the one that runs and what
    /// is missing, on `PATH`, in well-known places. On Windows only the registry would know.
    pub fn substitute_for(&self, wanted: &Wanted) -> Option<BString> {
        if self.flavor() == Flavor::Windows {
            return None;
        }
        let fits = |path: &BString| self.fitting(wanted, path.as_bstr());
        self.named_places(wanted)
            .iter()
            .find_map(fits)
            .or_else(|| {
                let missing = self.missing_places();
                let siblings = missing.iter().flat_map(|path| self.next_to_missing(wanted, path.as_bstr()));
                siblings.collect::<Vec<_>>().iter().find_map(fits)
            })
            .or_else(|| self.on_path(wanted).iter().find_map(fits))
            .or_else(|| self.well_known(wanted).iter().find_map(fits))
    }

    /// What `pyvenv.cfg` names, and what is next to the file that runs.
    fn named_places(&self, wanted: &Wanted) -> Vec<BString> {
        let home = self.cfg_line("home").map(|entry| self.join(&entry.value, wanted.name()));
        let keys = ["base-executable", "executable"].into_iter();
        let named = keys.filter_map(|key| Some(self.cfg_line(key)?.value.clone()));
        let file = self.resolution.identification.file.as_ref();
        let beside = file.map(|file| self.join(self.parent(file.as_bstr()), wanted.name()));
        home.into_iter().chain(named).chain(beside).filter(|path| self.is_absolute(path.as_bstr())).collect()
    }

    /// Beside a path that does not exist: in the same directory, and in the directories whose names differ from one on the way
    /// by the patch release alone.
    fn next_to_missing(&self, wanted: &Wanted, missing: &BStr) -> Vec<BString> {
        let dir = self.parent(missing);
        let mut found = vec![self.join(&dir, wanted.name())];
        let mut above = dir.clone();
        let mut below = wanted.name();
        while !above.is_empty() && self.parent(above.as_bstr()) != above {
            let name = self.base_name(above.as_bstr());
            above = self.parent(above.as_bstr());
            if has_release(name.as_bstr(), wanted) {
                let others = self.siblings(above.as_bstr(), name.as_bstr(), wanted);
                found.extend(others.into_iter().map(|other| self.join(self.join(&above, other), &below)));
            }
            below = self.join(&name, &below);
        }
        found
    }

    /// The names in `directory` that differ from `name` by the patch release: an alias without one first, then the newest.
    fn siblings(&self, dir: &BStr, name: &BStr, wanted: &Wanted) -> Vec<BString> {
        let prefix: &[u8] = &name[..name.find_byteset(b"0123456789").unwrap_or(name.len())];
        let is_sibling = |other: &BString| other.starts_with(prefix) && has_release(other.as_bstr(), wanted);
        let mut others: Vec<BString> = self.list(dir).into_iter().filter(is_sibling).take(MOST_SIBLINGS).collect();
        others.sort_by_key(|other| std::cmp::Reverse(patch(other.as_bstr(), wanted).map_or(u32::MAX, |patch| patch)));
        others
    }

    fn on_path(&self, wanted: &Wanted) -> Vec<BString> {
        let list = self.resolution.invocation.variable("PATH").unwrap_or_default();
        let dirs = list.split(|&byte| byte == b':').map(BStr::new).filter(|dir| self.is_absolute(dir));
        dirs.take(MOST_DIRS).map(|dir| self.join(dir, wanted.name())).collect()
    }

    fn well_known(&self, wanted: &Wanted) -> Vec<BString> {
        const DIRS: [&str; 4] = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin"];
        const MANAGERS: [(&str, &str); 5] = [
            (".pyenv/versions", "bin"),
            (".local/share/uv/python", "bin"),
            (".local/share/mise/installs/python", "bin"),
            (".asdf/installs/python", "bin"),
            (".rye/py", "bin"),
        ];
        let mut found: Vec<BString> = DIRS.map(|dir| self.join(dir, wanted.name())).into();
        let versions = |dir: BString, below: &str| {
            let names = self.siblings(dir.as_bstr(), b"".as_bstr(), wanted).into_iter();
            let cpython = self.siblings(dir.as_bstr(), b"cpython-3".as_bstr(), wanted).into_iter();
            let paths =
                names.chain(cpython).map(|name| self.join(self.join(self.join(&dir, name), below), wanted.name()));
            paths.collect::<Vec<_>>()
        };
        if let Some(home) = self.home() {
            for (dir, below) in MANAGERS {
                found.extend(versions(self.join(&home, dir), below));
            }
        }
        found.extend(versions("/opt/hostedtoolcache/Python".into(), "x64/bin"));
        let framework = format!("/Library/Frameworks/Python.framework/Versions/{}/bin", wanted.short());
        found.push(self.join(framework, wanted.name()));
        found
    }

    /// The user's home, as the variable or the account says.
    pub fn home(&self) -> Option<BString> {
        let variable = self.resolution.invocation.variable("HOME").map(ToOwned::to_owned);
        let home = variable.or_else(|| self.ask.host().account_home())?;
        self.is_absolute(home.as_bstr()).then_some(home)
    }

    /// The path by which to call the interpreter at `path`, if it is one of that kind, outside of the environment, with
    /// its own standard library next to it. A shim has none.
    fn fitting(&self, wanted: &Wanted, path: &BStr) -> Option<BString> {
        let metadata = self.metadata(path).ok()?;
        if metadata.kind != FileKind::File || !metadata.executable || !self.ask.may_execute(path) {
            return None;
        }
        let real = self.ask.real_path(path).ok()?;
        let named = Wanted::of_name(self.base_name(real.as_bstr()).as_bstr())?;
        if named != *wanted || self.is_below(real.as_bstr(), self.root()) {
            return None;
        }
        let prefix = self.parent(self.parent(real.as_bstr()).as_bstr());
        let landmark = |lib: &str| self.join(self.join(self.join(&prefix, lib), wanted.name()), "os.py");
        let has_library = ["lib", "lib64"].into_iter().any(|lib| self.is_file(landmark(lib).as_bstr()));
        has_library.then(|| self.lasting(wanted, path, real))
    }

    /// The spelling that lasts longest: without the patch release, where a directory has a name without it.
    fn lasting(&self, wanted: &Wanted, path: &BStr, real: BString) -> BString {
        if let Some((brew, rest)) = real.split_once_str(b"/Cellar/") {
            let formula = rest.split_str(b"/").next().unwrap_or_default();
            let alias = bstr::concat([brew, b"/opt/", formula, b"/bin/", wanted.name().as_bytes()]);
            if self.is_file(alias.as_bstr()) {
                return alias.into();
            }
        }
        let is_pinned = |path: &BStr| path.split_str(b"/").any(|part| patch(part.as_bstr(), wanted).is_some());
        let is_alias = self.ask.read_link(path).is_err() && is_pinned(real.as_bstr()) && !is_pinned(path);
        if is_alias { path.to_owned() } else { real }
    }
}

/// Whether a name holds that minor version: `3.12`, `3.12.4`, `cpython-3.12.4-linux`, but not `3.120`.
fn has_release(name: &BStr, wanted: &Wanted) -> bool {
    after_release(name, wanted).is_some()
}

/// What follows the minor version in a name.
fn after_release<'n>(name: &'n BStr, wanted: &Wanted) -> Option<&'n [u8]> {
    let short = wanted.short();
    let at = name.find(&short)?;
    let is_begun = at == 0 || !name[at - 1].is_ascii_digit();
    let rest = &name[at + short.len()..];
    (is_begun && !rest.first().is_some_and(u8::is_ascii_digit)).then_some(rest)
}

/// The patch release in a name.
fn patch(name: &BStr, wanted: &Wanted) -> Option<u32> {
    let rest = after_release(name, wanted)?.strip_prefix(b".")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    rest[..digits].to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_releases() {
        let wanted = Wanted { stem: "python", minor: 12, flags: "".into() };
        let cases = [
            ("3.12", true, None),
            ("3.12.4", true, Some(4)),
            ("cpython-3.12.10-linux-x86_64-gnu", true, Some(10)),
            ("cpython-3.12-linux-x86_64-gnu", true, None),
            ("python@3.12", true, None),
            ("3.120", false, None),
            ("13.12", false, None),
            ("3.11.12", false, None),
        ];
        for (name, holds, micro) in cases {
            assert_eq!((has_release(name.into(), &wanted), patch(name.into(), &wanted)), (holds, micro), "{name}");
        }
    }
}
