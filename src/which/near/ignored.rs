//! Directories that would be on `sys.path` but for a flag, a variable, or the way in which Python is launched.

use bstr::{BStr, BString, ByteSlice};

use super::{Near, Wanted};
use crate::host::path::Flavor;
use crate::interpreter::Version;
use crate::invocation::Launch;
use crate::text::sentence;
use crate::which::session::Session;
use crate::which::sources;

/// Looks into each of them.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let mut places = python_path(session);
    places.extend(working_dir(session));
    places.extend(user_site(session));
    places.extend(without_site(session));
    let is_open = |(dir, _): &(BString, BString)| !session.is_searched(dir.as_bstr());
    let found = |(dir, why): (BString, BString)| {
        Some(Near::new(sources::find(&session.survey, dir.as_bstr(), &wanted.parts)?, why))
    };
    places.into_iter().filter(is_open).filter_map(found).collect()
}

/// The flag that leaves variables out.
fn no_variables(session: &Session<'_>) -> Option<&'static str> {
    let flags = session.resolution().invocation.flags;
    if flags.isolated { Some("-I") } else { flags.ignore_environment.then_some("-E") }
}

fn python_path(session: &Session<'_>) -> Vec<(BString, BString)> {
    let (Some(flag), Some(value)) = (no_variables(session), session.resolution().invocation.variable("PYTHONPATH"))
    else {
        return Vec::new();
    };
    let separator: &[u8] = if session.survey.flavor() == Flavor::Windows { b";" } else { b":" };
    let items = value.split_str(separator).filter(|item| !item.is_empty());
    items
        .map(|item| {
            (session.dir(item.as_bstr()), sentence!("is in ", item, " of PYTHONPATH, which ", flag, " leaves out"))
        })
        .collect()
}

/// The directory that a launch puts first, or would.
fn working_dir(session: &Session<'_>) -> Vec<(BString, BString)> {
    let invocation = &session.resolution().invocation;
    let Some(cwd) = &invocation.cwd else { return Vec::new() };
    let by = if invocation.flags.isolated {
        Some("-I")
    } else if invocation.flags.safe_path {
        Some("-P")
    } else if no_variables(session).is_none()
        && invocation.variable("PYTHONSAFEPATH").is_some_and(|value| !value.is_empty())
    {
        Some("PYTHONSAFEPATH")
    } else {
        None
    };
    let mut places = Vec::new();
    if let (Some(by), Launch::Script(script)) = (by, &invocation.launch) {
        let script = session.dir(script.as_bstr());
        let dir = session.survey.parent(script.as_bstr());
        places.push((dir, sentence!("is next to the script, whose directory ", by, " keeps off sys.path")));
    }
    let why = match (by, &invocation.launch) {
        (Some(by), Launch::Command | Launch::Module(_) | Launch::Interactive) => {
            sentence!("is in the working directory, which ", by, " keeps off sys.path")
        }
        (_, Launch::Script(_)) => {
            "is in the working directory; Python puts the directory of the script on sys.path instead".into()
        }
        _ => "is in the working directory, which is not on sys.path".into(),
    };
    places.push((cwd.clone(), why));
    places
}

/// The version of the interpreter in the name of its directories.
pub(super) fn python_dir(version: Version) -> String {
    format!("python{}.{}", version.major, version.minor)
}

/// The user's own site-packages, by `site` where it was computed.
fn user_site(session: &Session<'_>) -> Vec<(BString, BString)> {
    let resolution = session.resolution();
    let invocation = &resolution.invocation;
    let computed = resolution.site.as_ref().and_then(|site| site.user_site.clone());
    let usual = || {
        let version = session.survey.version().filter(|_| session.survey.flavor() == Flavor::Posix)?;
        let home =
            invocation.variable("HOME").map(ToOwned::to_owned).or_else(|| session.survey.ask.host().account_home())?;
        let lib = session.survey.join(home, ".local/lib");
        Some(session.survey.join(session.survey.join(lib, python_dir(version)), "site-packages"))
    };
    let Some(dir) = computed.or_else(usual) else { return Vec::new() };
    let why: BString = if invocation.flags.no_user_site {
        "is in the user's site-packages, which -s leaves out".into()
    } else if invocation.flags.isolated {
        "is in the user's site-packages, which -I leaves out".into()
    } else if no_variables(session).is_none()
        && invocation.variable("PYTHONNOUSERSITE").is_some_and(|value| !value.is_empty())
    {
        "is in the user's site-packages, which PYTHONNOUSERSITE leaves out".into()
    } else if session.survey.is_environment() {
        "is in the user's site-packages, which this environment does not see (include-system-site-packages = false)"
            .into()
    } else {
        "is in the user's site-packages, which this Python does not see".into()
    };
    vec![(dir, why)]
}

/// The site-packages that `-S` leaves out.
fn without_site(session: &Session<'_>) -> Vec<(BString, BString)> {
    let resolution = session.resolution();
    let (true, Some(sys)) = (resolution.invocation.flags.no_site, &resolution.sys) else { return Vec::new() };
    // Up to 3.13 it is `site` that finds the environment, so that without it the prefix is that of the base.
    let prefixes = [BStr::new(sys.prefix.as_slice()), session.survey.root()];
    let why = "is in site-packages, which -S leaves out";
    let sites = prefixes.into_iter().flat_map(|prefix| super::environments::sites(session, prefix));
    sites.map(|site| (site.dir, why.into())).collect()
}
