//! Which distributions `importlib.metadata` sees on the whole of `sys.path`, and where.

use std::collections::HashMap;

use bstr::{BStr, BString, ByteSlice};

use crate::environment::{Distribution, Survey, normalize};
use crate::host::HostError;
use crate::startup::{Origin, PathEntry};

/// A directory of `sys.path` with what is installed in it.
struct Place {
    entry: BString,
    origin: Origin,
    /// Whether it is part of the environment itself.
    is_own: bool,
    /// What is installed there; none for the environment's own directories, which the survey knows already.
    listed: Option<Vec<Distribution>>,
    /// The names of what is installed there as an egg, whose metadata is not read.
    eggs: Vec<BString>,
}

/// Everything that is installed on `sys.path`.
pub struct Visible {
    places: Vec<Place>,
    /// Whether an entry could not be read, so that there may be more.
    pub is_partial: bool,
}

/// A distribution that is found first under its name.
#[derive(Clone, Copy)]
pub struct Found<'v> {
    /// The distribution; none for an egg.
    pub distribution: Option<&'v Distribution>,
    /// The entry of `sys.path` that holds it.
    pub entry: &'v BStr,
    /// Why that is there.
    pub origin: Origin,
    /// Whether it is part of the environment itself.
    pub is_own: bool,
}

impl Visible {
    /// Lists each directory of `sys.path` once. What the launch puts there is left out: it is another one in each start.
    pub fn read(survey: &Survey<'_>) -> Option<Self> {
        let sys = survey.resolution.sys.as_ref()?;
        let mut visible = Self { places: Vec::new(), is_partial: false };
        for entry in sys.path.iter().filter(|entry| entry.origin != Origin::Launch) {
            visible.add(survey, entry);
        }
        Some(visible)
    }

    fn add(&mut self, survey: &Survey<'_>, entry: &PathEntry) {
        let path = survey.absolute(entry.value.as_bstr());
        let own = survey.own_site_dirs().any(|site| site.path == path);
        let mut eggs: Vec<BString> = egg(survey.base_name(path.as_bstr()).as_bstr()).into_iter().collect();
        match survey.names(path.as_bstr()) {
            Some(names) => eggs.extend(names.iter().filter_map(|name| egg(name.as_bstr()))),
            None if eggs.is_empty() => {
                let error = survey.ask.metadata(path.as_bstr()).err();
                self.is_partial |= !matches!(error, Some(HostError::NotFound | HostError::NotADirectory));
                return;
            }
            None => {}
        }
        let file = entry.file.as_ref().filter(|_| entry.origin == Origin::PthFile);
        let by_own = file.is_some_and(|file| {
            survey.own_site_dirs().any(|site| survey.is_below(file.file.as_bstr(), site.path.as_bstr()))
        });
        self.places.push(Place {
            origin: entry.origin,
            is_own: own || by_own,
            listed: (!own).then(|| survey.distributions_in(path.as_bstr())),
            entry: path,
            eggs,
        });
    }

    /// What is found first under each name, normalized.
    pub fn by_name<'v>(&'v self, survey: &'v Survey<'_>) -> HashMap<BString, Found<'v>> {
        let mut known = HashMap::new();
        for place in &self.places {
            let found = |distribution| Found {
                distribution,
                entry: place.entry.as_bstr(),
                origin: place.origin,
                is_own: place.is_own,
            };
            let own = survey.distributions().iter().filter(|one| place.listed.is_none() && one.site == place.entry);
            for distribution in place.listed.iter().flatten().chain(own) {
                known.entry(distribution.normalized()).or_insert(found(Some(distribution)));
            }
            for name in &place.eggs {
                known.entry(name.clone()).or_insert(found(None));
            }
        }
        known
    }
}

/// The version that `importlib.metadata` reports, else that in the name of the directory.
pub fn version<'d>(survey: &Survey<'_>, distribution: &'d Distribution) -> Option<&'d BStr> {
    let named = distribution.metadata(survey).ok().and_then(|headers| headers.version.as_ref());
    named.map(|field| &field.value).or(distribution.version.as_ref()).map(|version| version.as_bstr())
}

/// The normalized name of an egg: `NAME-VERSION-pyX.Y.egg`.
fn egg(name: &BStr) -> Option<BString> {
    let stem = name.strip_suffix(b".egg")?;
    Some(normalize(stem.split_str("-").next()?.as_bstr()))
}
