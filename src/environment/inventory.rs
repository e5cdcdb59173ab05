//! Everything that was installed into an environment, for whichever version of Python: what a new one needs in order to
//! replace it.

use std::collections::HashSet;

use bstr::{BString, ByteSlice};

use super::{Distribution, Survey, distribution, normalize};
use crate::text::sentence;

/// The distributions that the tools which create environments install themselves, in the version that suits the Python.
const SEEDS: [&str; 3] = ["pip", "setuptools", "wheel"];
/// The most that is read of an `.egg-link` file.
const MOST_LINK: u64 = 1 << 14;
/// So many distributions are listed.
const MOST: usize = 4096;

/// A distribution that was installed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Installed {
    /// Its name.
    pub name: BString,
    /// Its version, where it is known.
    pub version: Option<BString>,
    /// The URL that it was installed from, if that was no index.
    pub direct_url: Option<String>,
    /// The directory of a project that is installed in editable mode.
    pub editable: Option<BString>,
    /// The words with which an installer gets the same again; none where its source is gone, and none for what the creator
    /// of an environment installs itself.
    pub requirement: Vec<BString>,
    /// Whether it was installed from a path at which nothing is any more.
    pub is_gone: bool,
}

impl Survey<'_> {
    /// What was installed into the environment, by name; of one that was installed for several versions, what the version
    /// that runs has.
    pub fn inventory(&self) -> Vec<Installed> {
        let mut found: Vec<Installed> = self.distributions().iter().map(|one| installed(self, one)).collect();
        let mut sites: Vec<BString> = self.own_site_dirs().map(|site| site.path.clone()).collect();
        for site in self.library_dirs().into_iter().map(|dir| self.join(dir.path, "site-packages")) {
            if !sites.contains(&site) {
                found.extend(distribution::list(self, site.as_bstr()).iter().map(|one| installed(self, one)));
                sites.push(site);
            }
        }
        found.extend(sites.iter().flat_map(|site| egg_links(self, site)));
        let mut seen = HashSet::new();
        found.retain(|one| seen.insert(normalize(one.name.as_bstr())));
        found.sort_by_cached_key(|one| normalize(one.name.as_bstr()));
        found.truncate(MOST);
        found
    }
}

fn installed(survey: &Survey<'_>, distribution: &Distribution) -> Installed {
    let Distribution { name, version, .. } = distribution;
    let direct = distribution.own_direct_url(survey);
    let is_seed = SEEDS.iter().any(|seed| name.eq_ignore_ascii_case(seed.as_bytes()));
    let local = direct.as_ref().and_then(|direct| direct.local.as_ref());
    let is_gone = local.is_some_and(|path| survey.is_missing(path.as_bstr()));
    let requirement = match (&direct, version) {
        _ if is_gone || is_seed && direct.is_none() => Vec::new(),
        (Some(direct), _) => direct.requirement(name),
        (None, Some(version)) => vec![sentence!(name, "==", version)],
        (None, None) => vec![name.clone()],
    };
    let editable = direct.as_ref().and_then(|direct| direct.editable.clone());
    let direct_url = direct.map(|direct| direct.url);
    Installed { name: name.clone(), version: version.clone(), direct_url, editable, requirement, is_gone }
}

/// The projects that setuptools linked to before there was `direct_url.json`.
fn egg_links(survey: &Survey<'_>, site: &BString) -> Vec<Installed> {
    let names = survey.list(site.as_bstr()).into_iter();
    let links = names.filter_map(|name| {
        let stem = BString::from(name.strip_suffix(b".egg-link")?);
        let content = survey.ask.read(survey.join(site, &name).as_bstr(), MOST_LINK).ok()?;
        let dir = BString::from(content.lines().next()?.trim());
        let dir = (!dir.is_empty()).then(|| survey.join(site, dir))?;
        let is_gone = survey.is_missing(dir.as_bstr());
        let requirement = if is_gone { Vec::new() } else { vec!["-e".into(), dir.clone()] };
        Some(Installed { name: stem, version: None, direct_url: None, editable: Some(dir), requirement, is_gone })
    });
    links.collect()
}
