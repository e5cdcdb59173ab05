//! Which distribution a file belongs to, or leads to it.

use bstr::{BStr, BString, ByteSlice};

use super::session::Session;
use crate::environment::{Distribution, Form, normalize};
use crate::imports::Import;
use crate::startup::{Origin, PathEntry};

/// The most that is read of a small file of metadata.
const MOST: u64 = 1 << 20;

/// The module of the importer that the package `editables` provides, for whoever uses it.
const EDITABLES: &str = "editables.redirector";

/// A distribution that a file belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its name.
    pub name: BString,
    /// Its version, where its metadata tell one.
    pub version: Option<BString>,
    /// The tool that installed it, where it left its name.
    pub installer: Option<BString>,
}

impl Installed {
    pub(super) fn of(session: &Session<'_>, distribution: &Distribution) -> Self {
        let survey = &session.survey;
        let fields = distribution.metadata(survey).ok();
        let field = |named: fn(&crate::environment::Headers) -> &Option<crate::environment::Field>| {
            fields.and_then(|fields| named(fields).as_ref()).map(|field| field.value.clone())
        };
        let installer = distribution.read(survey, "INSTALLER", MOST).ok();
        let installer = installer.and_then(|text| text.lines().next().map(|line| BString::from(line.trim())));
        Self {
            name: field(|fields| &fields.name).unwrap_or_else(|| distribution.name.clone()),
            version: field(|fields| &fields.version).or_else(|| distribution.version.clone()),
            installer: installer.filter(|installer| !installer.is_empty()),
        }
    }

    /// Name and version.
    pub fn title(&self) -> BString {
        match &self.version {
            Some(version) => crate::text::sentence!(self.name, " ", version),
            None => self.name.clone(),
        }
    }
}

/// The distribution on `sys.path` whose `RECORD` names a file. One that has the name of the module is asked first, which
/// nearly always ends the search.
pub(super) fn owner(session: &Session<'_>, file: &BStr) -> Option<Installed> {
    distribution_of(session, file).map(|distribution| Installed::of(session, distribution))
}

pub(super) fn distribution_of<'s>(session: &'s Session<'_>, file: &BStr) -> Option<&'s Distribution> {
    let mut sites: Vec<(&BString, BString)> = Vec::new();
    for distribution in session.distributions() {
        if sites.last().is_some_and(|(site, _)| *site == &distribution.site) {
            continue;
        }
        sites.extend(session.below(file, distribution.site.as_bstr()).map(|path| (&distribution.site, path)));
    }
    sites.iter().find_map(|(site, path)| {
        let top = path.split(|byte| matches!(byte, b'/' | b'.')).next().unwrap_or_default();
        let wanted = normalize(top.as_bstr());
        let mut here: Vec<&Distribution> =
            session.distributions().iter().filter(|distribution| distribution.site == **site).collect();
        here.sort_by_key(|distribution| distance(&distribution.normalized(), &wanted));
        here.into_iter().find(|distribution| names(session, distribution, path.as_bstr()))
    })
}

/// How far the name of a distribution is from that of a module.
fn distance(distribution: &BString, module: &BString) -> u8 {
    if distribution == module {
        0
    } else if distribution.contains_str(module) || module.contains_str(distribution) {
        1
    } else {
        2
    }
}

/// Whether the list of a distribution's files names a path in its site directory.
fn names(session: &Session<'_>, distribution: &Distribution, path: &BStr) -> bool {
    match distribution.record(&session.survey) {
        Ok(record) => record.find(path).is_some(),
        // Of setuptools before wheels: paths relative to the directory of the metadata.
        Err(_) if distribution.form == Form::EggInfo => {
            let files = distribution.read(&session.survey, "installed-files.txt", MOST);
            files.is_ok_and(|files| files.lines().any(|line| line.strip_prefix(b"../") == Some(path.as_bytes())))
        }
        Err(_) => false,
    }
}

/// The distribution in editable mode that leads to a module outside of the site directories: by a finder that its module
/// defines, or by a line of its `.pth` file.
pub(super) fn editable(session: &Session<'_>, import: &Import, entry: Option<&PathEntry>) -> Option<Installed> {
    let finder = &import.found_by.as_ref()?.finder;
    if let Some(entry) = entry {
        let line = entry.file.as_ref().filter(|_| entry.origin == Origin::PthFile)?;
        let owner = distribution_of(session, line.file.as_bstr())?;
        let is_outside = session.below(entry.value.as_bstr(), owner.site.as_bstr()).is_none();
        return is_outside.then(|| Installed::of(session, owner));
    }
    if ["builtin", "frozen", "path"].iter().any(|own| finder == *own) {
        return None;
    }
    if finder == EDITABLES {
        return of_editables(session, import.name.split_str(".").next()?.as_bstr());
    }
    let module = session.finder.find(finder.as_bstr()).origin?;
    owner(session, module.as_bstr())
}

/// The distribution whose module of `editables` maps a top-level name.
fn of_editables(session: &Session<'_>, top: &BStr) -> Option<Installed> {
    let survey = &session.survey;
    let maps = |distribution: &&Distribution| {
        let Ok(contents) = distribution.contents(survey) else { return false };
        let mut modules = contents.tops.iter().filter(|file| file.name.starts_with(b"_editable_impl_"));
        modules.any(|file| {
            let text = survey.ask.read(survey.join(&distribution.site, &file.name).as_bstr(), MOST);
            let quoted =
                |quote| text.as_ref().is_ok_and(|text| text.contains_str(crate::text::sentence!(quote, top, quote)));
            quoted("'") || quoted("\"")
        })
    };
    session.distributions().iter().find(maps).map(|distribution| Installed::of(session, distribution))
}

/// The top-level modules that a distribution provides: those of its `RECORD`, else of `top_level.txt`.
pub(super) fn modules(session: &Session<'_>, distribution: &Distribution) -> Vec<BString> {
    let mut names: Vec<BString> = if let Ok(contents) = distribution.contents(&session.survey) {
        contents.tops.iter().filter_map(|top| module(top.name.as_bstr(), top.is_dir)).collect()
    } else {
        let text = distribution.read(&session.survey, "top_level.txt", MOST).ok();
        text.iter().flat_map(|text| text.lines()).map(|line| BString::from(line.trim())).collect()
    };
    names.retain(|name| !name.is_empty() && name != "__pycache__");
    names.sort();
    names.dedup();
    names
}

fn module(name: &BStr, is_dir: bool) -> Option<BString> {
    if is_dir {
        return (!name.contains(&b'.')).then(|| name.to_owned());
    }
    let stem = name.split(|byte| *byte == b'.').next()?.as_bstr();
    super::sources::is_module_of(name, stem).then(|| stem.to_owned())
}
