//! Other environments on this machine, and other minor versions in this one.

use bstr::{BStr, BString, ByteSlice};

use super::environments::{Site, sites};
use super::{Near, Wanted};
use crate::environment::PROJECT_ENVIRONMENTS;
use crate::text::sentence;
use crate::which::session::Session;
use crate::which::sources;

/// How many directories above the working directory are looked at.
const MOST_PARENTS: usize = 16;

/// A prefix whose packages are looked at.
struct Place {
    prefix: BString,
    /// What it is, with "in" in front.
    what: BString,
    /// Why its packages are not those of this Python.
    why: &'static str,
}

/// Looks into each.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let mut near = Vec::new();
    for place in places(session) {
        for site in sites(session, place.prefix.as_bstr()) {
            if session.is_searched(site.dir.as_bstr()) {
                continue;
            }
            if let Some(found) = sources::find(&session.survey, site.dir.as_bstr(), &wanted.parts) {
                near.push(Near::new(found, why(session, &place, &site)));
            }
        }
    }
    near.extend(project(session, wanted));
    near
}

fn why(session: &Session<'_>, place: &Place, site: &Site) -> BString {
    let own = session.survey.version().map(|version| version.short());
    match (&site.version, own) {
        (Some(version), Some(own)) if *version != own => {
            sentence!("is installed for Python ", version, " ", place.what, ", and this is Python ", own)
        }
        _ => sentence!("is installed ", place.what, place.why),
    }
}

/// The prefixes, those that explain most first.
fn places(session: &Session<'_>) -> Vec<Place> {
    let survey = &session.survey;
    let resolution = session.resolution();
    let mut places = Vec::new();
    let mut add = |prefix: BString, what: BString, why: &'static str| {
        if !prefix.is_empty() && places.iter().all(|known: &Place| known.prefix != prefix) {
            places.push(Place { prefix, what, why });
        }
    };
    let own = survey.root().to_owned();
    let what = if survey.is_environment() { "in this environment" } else { "in this installation" };
    add(own, what.into(), ", in a directory that is not on sys.path");
    if let Some(dir) = session.typed_dir() {
        let prefix = survey.parent(dir.as_bstr());
        let what = sentence!("in ", prefix, ", the environment of the command");
        add(prefix, what, ", and the command starts another Python");
    }
    for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
        if let Some(prefix) = resolution.invocation.variable(name).filter(|prefix| !prefix.is_empty()) {
            add(
                prefix.to_owned(),
                sentence!("in ", prefix, ", the environment of ", name),
                ", which is not the one that runs",
            );
        }
    }
    for prefix in project_environments(session) {
        let what = sentence!("in the environment ", prefix);
        add(prefix, what, ", which is not the one that runs");
    }
    if let Some(sys) = &resolution.sys {
        let base = sys.base_prefix.clone();
        let why = if survey.is_environment() {
            ", which the environment does not see (include-system-site-packages = false)"
        } else {
            ", in a directory that is not on sys.path"
        };
        add(base.clone(), sentence!("in the base ", base), why);
    }
    let home = resolution.invocation.variable("HOME").map(ToOwned::to_owned);
    for home in [home, survey.ask.host().account_home()].into_iter().flatten() {
        add(survey.join(home, ".local"), "in the user's site-packages".into(), ", which this Python does not see");
    }
    places
}

/// Environments of the project around the working directory.
fn project_environments(session: &Session<'_>) -> Vec<BString> {
    let Some(mut dir) = session.resolution().invocation.cwd.clone() else { return Vec::new() };
    let mut found = Vec::new();
    for _ in 0..MOST_PARENTS {
        for name in PROJECT_ENVIRONMENTS {
            let environment = session.survey.join(&dir, name);
            if session.survey.exists(session.survey.join(&environment, "pyvenv.cfg").as_bstr()) {
                found.push(environment);
            }
        }
        let parent = session.survey.parent(dir.as_bstr());
        if parent == dir || parent.is_empty() {
            break;
        }
        dir = parent;
    }
    found
}

/// The source directory of the project in the working directory, which is not installed.
fn project(session: &Session<'_>, wanted: &Wanted<'_>) -> Option<Near> {
    let cwd = session.resolution().invocation.cwd.as_ref()?;
    let dir = session.survey.join(cwd, "src");
    if session.is_searched(dir.as_bstr()) {
        return None;
    }
    let found = sources::find(&session.survey, dir.as_bstr(), &wanted.parts)?;
    let why = sentence!("is in ", dir, ", which is not on sys.path; the project is not installed in this environment");
    Some(Near::new(found, why))
}

impl Session<'_> {
    /// The directory of the command that was typed, where that is not the interpreter.
    fn typed_dir(&self) -> Option<BString> {
        let command = self.resolution().command.as_ref()?;
        let path = command.hops.first().map(|hop| hop.path.clone())?;
        let path: &BStr = path.as_bstr();
        Some(self.survey.parent(self.dir(path).as_bstr()))
    }
}
