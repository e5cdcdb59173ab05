//! Which installed distribution a file belongs to.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use super::{Creator, Distribution, Entry, Survey};
use crate::host::path::{Flavour, module};

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
    /// It belongs to none, and each of them has told which files are its own.
    Nobody,
    /// None claims it, but not every distribution has told, or it lies where others install.
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

/// The files that distributions have outside of their site folder, scripts above all: for each the place of its
/// distribution, its hash and its line.
pub(super) type Outside = HashMap<BString, (usize, BString, usize)>;

impl Survey<'_> {
    /// Which distribution of the environment's own site folders has installed a file.
    pub fn owner_of(&self, path: &BStr) -> Ownership<'_> {
        let path = module::normpath(self.flavour(), self.absolute(path).as_bstr());
        let found = self.owner_inside(path.as_bstr()).or_else(|| self.owner_outside(path.as_bstr()));
        match found {
            Some(owner) => Ownership::By(owner),
            None if self.has_told_all(path.as_bstr()) => Ownership::Nobody,
            None => Ownership::Unknown,
        }
    }

    /// By its path relative to the site folder: one search through what is in memory.
    fn owner_inside(&self, path: &BStr) -> Option<Owner<'_>> {
        self.distributions().iter().find_map(|distribution| {
            let path = relative(self, path, distribution.site.as_bstr())?;
            let entry = distribution.record(self).ok()?.find(&path)?;
            Some(Owner { distribution, hash: entry.hash.to_owned(), line: entry.line })
        })
    }

    fn owner_outside(&self, path: &BStr) -> Option<Owner<'_>> {
        let outside = self.outside.get_or_init(|| self.index_outside());
        let (index, hash, line) = outside.get(&module::normcase(self.flavour(), path))?;
        let distribution = self.distributions().get(*index)?;
        Some(Owner { distribution, hash: hash.clone(), line: *line })
    }

    /// Absolute paths, and those that climb out of the site folder.
    fn index_outside(&self) -> Outside {
        let mut outside = Outside::new();
        for (index, distribution) in self.distributions().iter().enumerate() {
            let Ok(record) = distribution.record(self) else { continue };
            let climbing = record.find_each(b"../");
            for Entry { path, hash, line, .. } in climbing.chain(record.find_each(b"/")) {
                let joined = self.join(&distribution.site, path.as_ref());
                let place =
                    module::normcase(self.flavour(), module::normpath(self.flavour(), joined.as_bstr()).as_bstr());
                outside.entry(place).or_insert_with(|| (index, hash.to_owned(), line));
            }
        }
        outside
    }

    /// Whether it lies where only these distributions install, and each of them has told which files are its own.
    fn has_told_all(&self, path: &BStr) -> bool {
        let is_here = self.own_site_folders().any(|site| self.is_below(path, site.path.as_bstr()))
            || self.is_environment() && self.is_below(path, self.root());
        // conda keeps its own lists, of packages that are no distributions too.
        is_here
            && *self.creator() != Creator::Conda
            && self.distributions().iter().all(|distribution| distribution.record(self).is_ok())
    }
}

/// The path as `RECORD` spells it.
fn relative(survey: &Survey<'_>, path: &BStr, site: &BStr) -> Option<Vec<u8>> {
    if !survey.is_below(path, site) {
        return None;
    }
    let rest = path.get(site.trim_end_with(|c| c == '/' || c == '\\').len()..)?;
    let rest = rest.trim_start_with(|c| c == '/' || c == '\\' && survey.flavour() == Flavour::Windows);
    Some(if survey.flavour() == Flavour::Windows { rest.replace("\\", "/") } else { rest.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Questions;
    use crate::{snapshot, startup};

    #[test]
    fn files_have_owners() {
        let it = snapshot::load(include_bytes!("../../fixtures/rules/VD408/fails.json")).expect("a sound snapshot");
        let questions = Questions::new(&it.host, it.invocation.cwd.clone());
        let (resolution, questions) = startup::resolve_asking(questions, &it.invocation, &it.options);
        let survey = Survey::new(&resolution, &questions);
        let site = survey.own_site_folders().next().expect("an environment has one").path.clone();
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
    }
}
