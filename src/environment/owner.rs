//! Which installed distribution a file belongs to.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

use bstr::{BStr, BString, ByteSlice};

use super::{Distribution, Entry, Survey, distribution};
use crate::host::path::{Flavor, module};

/// The distribution that a file belongs to, and what was written down about the file when it was installed.
#[derive(Clone, Debug)]
pub struct Owner<'s> {
    /// The distribution.
    pub distribution: &'s Distribution,
    /// The hash of the file, such as `sha256=…`; empty where none was recorded.
    pub hash: BString,
    /// The line of the distribution's `RECORD`, from 1.
    pub line: usize,
}

/// What the records of the installed distributions say about a file.
#[derive(Clone, Debug)]
pub enum Ownership<'s> {
    /// It belongs to this one.
    By(Owner<'s>),
    /// No distribution installed it: each of them lists its files, and none lists this one.
    Nobody,
    /// No distribution lists it, but not every distribution lists its files, or others install there, too.
    Unknown,
}

impl<'s> Ownership<'s> {
    /// The owner, where there is one.
    pub fn owner(&self) -> Option<&Owner<'s>> {
        match self {
            Self::By(owner) => Some(owner),
            Self::Nobody | Self::Unknown => None,
        }
    }

    /// Whether it is certain that nobody owns it.
    pub fn is_nobody(&self) -> bool {
        matches!(self, Self::Nobody)
    }
}

/// A file that a distribution has: the place of the distribution, the hash of the file and its line.
type Owned = (usize, BString, usize);

/// The number of files that are looked up in every `RECORD` one by one; beyond it, all of them are sorted first.
const MOST_SEARCHES: usize = 64;

/// What was found out about files and their owners.
#[derive(Default)]
pub(super) struct Memory {
    /// By the whole path, what was asked before.
    asked: RefCell<HashMap<BString, Option<Owned>>>,
    /// By site directory and path, everything.
    inside: OnceCell<BTreeMap<BString, HashMap<BString, Owned>>>,
    /// The files that distributions have outside of their site directory, scripts above all.
    outside: OnceCell<HashMap<BString, Owned>>,
    /// By name, the distribution that has a script.
    scripts: OnceCell<HashMap<BString, usize>>,
    /// What is installed in the environment for other minor versions.
    other_minors: OnceCell<Vec<Distribution>>,
    /// Whether each distribution lists its files.
    all_listed: OnceCell<bool>,
}

impl Survey<'_> {
    /// Which distribution of the environment's own site directories has installed a file.
    pub fn owner_of(&self, path: &BStr) -> Ownership<'_> {
        let path = module::normpath(self.flavor(), self.absolute(path).as_bstr());
        // A file with many lines is asked about for each of them.
        let known = self.owners.asked.borrow().get(&path).cloned();
        let found = known.unwrap_or_else(|| {
            let found = self.owner_inside(path.as_bstr()).or_else(|| self.owner_outside(path.as_bstr()));
            self.owners.asked.borrow_mut().insert(path.clone(), found.clone());
            found
        });
        let owner = found
            .and_then(|(index, hash, line)| Some(Owner { distribution: self.distributions().get(index)?, hash, line }));
        match owner {
            Some(owner) => Ownership::By(owner),
            None if self.lists_all(path.as_bstr()) => Ownership::Nobody,
            None => Ownership::Unknown,
        }
    }

    /// The distribution whose `RECORD` lists a script of that name in a directory called as [`Self::bin`] is, wherever the
    /// environment stood when it was written. It may be installed for another minor version than the one that runs.
    pub fn owner_of_script(&self, name: &BStr) -> Option<&Distribution> {
        let scripts = self.owners.scripts.get_or_init(|| self.index_scripts());
        self.of_every_minor().nth(*scripts.get(name)?)
    }

    /// What is installed in the environment for this Python, and then what is installed for other minor versions.
    pub fn of_every_minor(&self) -> impl Iterator<Item = &Distribution> {
        self.distributions().iter().chain(self.of_other_minors())
    }

    /// What is installed in the environment for other minor versions, in directories that this Python does not search.
    pub fn of_other_minors(&self) -> &[Distribution] {
        self.owners.other_minors.get_or_init(|| {
            if !self.is_environment() {
                return Vec::new();
            }
            let sites = self.library_dirs().into_iter().filter(|dir| dir.holds == Some(true));
            let sites = sites.map(|dir| self.join(dir.path, "site-packages"));
            let others = sites.filter(|site| self.site_dirs().iter().all(|known| known.path != *site));
            others.flat_map(|site| distribution::list(self, site.as_bstr())).collect()
        })
    }

    fn index_scripts(&self) -> HashMap<BString, usize> {
        let bin = self.base_name(self.bin());
        let mut scripts = HashMap::new();
        for (index, distribution) in self.of_every_minor().enumerate() {
            let Ok(record) = distribution.record(self) else { continue };
            for entry in record.find_each(b"..").chain(record.find_each(b"/")) {
                let Some((dir, name)) = entry.path.rsplit_once_str("/") else { continue };
                if dir.strip_suffix(bin.as_bytes()).is_some_and(|above| above.ends_with(b"/")) {
                    scripts.entry(name.into()).or_insert(index);
                }
            }
        }
        scripts
    }

    /// By its path relative to the site directory: one search through what is in memory.
    fn owner_inside(&self, path: &BStr) -> Option<Owned> {
        if self.owners.asked.borrow().len() >= MOST_SEARCHES {
            let inside = self.owners.inside.get_or_init(|| self.index_inside());
            let mut sites = inside.iter();
            return sites.find_map(|(site, files)| files.get(relative(self, path, site.as_bstr())?.as_bstr()).cloned());
        }
        self.distributions().iter().enumerate().find_map(|(index, distribution)| {
            let path = relative(self, path, distribution.site.as_bstr())?;
            let entry = distribution.record(self).ok()?.find(&path)?;
            Some((index, entry.hash.to_owned(), entry.line))
        })
    }

    fn owner_outside(&self, path: &BStr) -> Option<Owned> {
        let outside = self.owners.outside.get_or_init(|| self.index_outside());
        outside.get(&module::normcase(self.flavor(), path)).cloned()
    }

    fn index_inside(&self) -> BTreeMap<BString, HashMap<BString, Owned>> {
        let mut inside: BTreeMap<BString, HashMap<BString, Owned>> = BTreeMap::new();
        for (index, distribution) in self.distributions().iter().enumerate() {
            let Ok(record) = distribution.record(self) else { continue };
            let files = inside.entry(distribution.site.clone()).or_default();
            for Entry { path, hash, line, .. } in record.entries() {
                files.entry(path.into_owned()).or_insert_with(|| (index, hash.to_owned(), line));
            }
        }
        inside
    }

    /// Absolute paths, and those that climb out of the site directory.
    fn index_outside(&self) -> HashMap<BString, Owned> {
        let mut outside = HashMap::new();
        for (index, distribution) in self.distributions().iter().enumerate() {
            let Ok(record) = distribution.record(self) else { continue };
            let climbing = record.find_each(b"../");
            for Entry { path, hash, line, .. } in climbing.chain(record.find_each(b"/")) {
                let joined = self.join(&distribution.site, path.as_ref());
                let place =
                    module::normcase(self.flavor(), module::normpath(self.flavor(), joined.as_bstr()).as_bstr());
                outside.entry(place).or_insert_with(|| (index, hash.to_owned(), line));
            }
        }
        outside
    }

    /// Whether only these distributions install there, and each of them lists its files.
    fn lists_all(&self, path: &BStr) -> bool {
        let is_here = self.own_site_dirs().any(|site| self.is_below(path, site.path.as_bstr()))
            || self.is_environment() && self.is_below(path, self.root());
        // conda and the managers of stores keep their own lists, of packages that are no distributions too.
        is_here
            && !self.creator().is_conda()
            && !is_in_store(path)
            && *self
                .owners
                .all_listed
                .get_or_init(|| self.distributions().iter().all(|distribution| distribution.record(self).is_ok()))
    }
}

/// The stores of Nix and of Guix, which only these change.
const STORES: [[&[u8]; 2]; 2] = [[b"nix", b"store"], [b"gnu", b"store"]];

fn is_in_store(path: &BStr) -> bool {
    let names: Vec<&[u8]> = path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()).collect();
    names.windows(2).any(|pair| STORES.iter().any(|store| store == pair))
}

/// The path as `RECORD` spells it.
fn relative(survey: &Survey<'_>, path: &BStr, site: &BStr) -> Option<Vec<u8>> {
    if !survey.is_below(path, site) {
        return None;
    }
    let rest = path.get(site.trim_end_with(|c| c == '/' || c == '\\').len()..)?;
    let rest = rest.trim_start_with(|c| c == '/' || c == '\\' && survey.flavor() == Flavor::Windows);
    Some(if survey.flavor() == Flavor::Windows { rest.replace("\\", "/") } else { rest.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Lookups;
    use crate::{snapshot, startup};

    #[test]
    fn stores_are_known_by_their_directory() {
        for (path, expected) in [
            ("/nix/store/0c2a-python3-3.12.4/lib/python3.12/site-packages/sitecustomize.py", true),
            ("/home/u/.local/share/nix/root/nix/store/0c2a-env/lib/x.pth", true),
            ("/gnu/store/1x-python/lib/x.pth", true),
            ("/srv/nix/app/store/x.pth", false),
        ] {
            assert_eq!(is_in_store(path.into()), expected, "{path}");
        }
    }

    #[test]
    fn files_have_owners() {
        let it = snapshot::load(include_bytes!("../../fixtures/rules/VD408/fails.json")).expect("a sound snapshot");
        let lookups = Lookups::new(&it.host, it.invocation.cwd.clone());
        let (resolution, lookups) = startup::resolve_asking(lookups, &it.invocation, &it.options);
        let survey = Survey::new(&resolution, &lookups);
        let site = survey.own_site_dirs().next().expect("an environment has one").path.clone();
        let of = |name: &str| match survey.owner_of(survey.join(&site, name).as_bstr()) {
            Ownership::By(owner) => owner.distribution.title().to_string(),
            Ownership::Nobody => "nobody".to_owned(),
            Ownership::Unknown => "unknown".to_owned(),
        };
        assert_eq!(of("hook.pth"), "hook 1.0");
        assert_eq!(of("../site-packages/hook.py"), "hook 1.0");
        assert_eq!(of("hook"), "nobody");
        assert_eq!(of("../../../bin/python"), "nobody");
        assert_eq!(of("/usr/lib/python3/dist-packages/hook.pth"), "unknown");
        // The answer is the same if many files are asked about.
        for number in 0..2 * MOST_SEARCHES {
            assert_eq!(of(&format!("none{number}")), "nobody");
        }
        assert_eq!((of("hook.pth").as_str(), of("./hook.py").as_str()), ("hook 1.0", "hook 1.0"));
    }
}
