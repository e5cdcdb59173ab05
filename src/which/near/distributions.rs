//! Distributions on `sys.path` that have the name, or that list files of that name.

use bstr::{BStr, BString, ByteSlice};

use super::{Near, Wanted};
use crate::environment::{Distribution, normalize};
use crate::text::sentence;
use crate::which::installed::{Installed, modules};
use crate::which::session::Session;

/// The most names that are listed for one distribution.
const MOST_NAMES: usize = 4;

/// Looks through what is installed.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let name = normalize(wanted.top());
    let all = session.distributions();
    let resembles = |distribution: &&Distribution| is_like(distribution.normalized().as_bstr(), name.as_bstr());
    let mut near: Vec<Near> =
        all.iter().filter(resembles).filter_map(|distribution| named(session, wanted, distribution)).collect();
    // One search through each RECORD is quick, where taking all of them apart is not.
    let mentions =
        |one: &&Distribution| one.record(&session.survey).map_or(true, |record| record.mentions(wanted.top()));
    let others = all.iter().filter(|one| !resembles(one)).filter(mentions);
    near.extend(others.filter_map(|one| listed(session, wanted, one)));
    near
}

/// Distributions that require one of the wanted name, if none is installed.
pub(super) fn requiring(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let name = normalize(wanted.top());
    let all = session.distributions();
    if all.iter().any(|distribution| distribution.normalized() == name) {
        return Vec::new();
    }
    let requires = |distribution: &Distribution| {
        let headers = distribution.metadata(&session.survey).ok()?;
        let requirement = headers.requires_dist.iter().find(|field| {
            let end = field.value.find_byteset(b" ;<>=!~([,@").unwrap_or(field.value.len());
            normalize(field.value[..end].as_bstr()) == name && !field.value.contains_str("extra")
        })?;
        let title = Installed::of(session, distribution).title();
        let why = sentence!("is that of ", title, ", which requires ", requirement.value, "; that is not installed");
        let metadata = session.survey.join(distribution.path(&session.survey), "METADATA");
        Some(Near::new(metadata, why))
    };
    all.iter().filter_map(requires).collect()
}

/// Whether a distribution has the name of a module, but for what says that it is for Python.
fn is_like(distribution: &BStr, module: &BStr) -> bool {
    let is = |text: BString| distribution == text;
    distribution == module
        || is(sentence!(module, "-python"))
        || is(sentence!("python-", module))
        || is(sentence!("py", module))
        || is(sentence!("py-", module))
}

/// What a distribution provides whose own name is the wanted one.
fn named(session: &Session<'_>, wanted: &Wanted<'_>, distribution: &Distribution) -> Option<Near> {
    if let Some(near) = listed(session, wanted, distribution) {
        return Some(near);
    }
    let title = Installed::of(session, distribution).title();
    let metadata = distribution.path(&session.survey);
    let mut names = modules(session, distribution);
    names.retain(|name| !name.starts_with(b"_"));
    let Some(first) = names.first() else {
        let why = sentence!("is all that is left of ", title, ", or all that it has: no module is listed there");
        return (!leads_elsewhere(session, distribution)).then(|| Near::new(metadata, why));
    };
    if names.iter().any(|name| name == wanted.top()) {
        return None;
    }
    let more = names.len().saturating_sub(MOST_NAMES);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = bstr::join(", ", names.iter().take(MOST_NAMES));
    let path = crate::which::sources::find(&session.survey, distribution.site.as_bstr(), &[first.as_bstr()]);
    let why = sentence!("is what ", title, " provides; it is imported as ", shown, rest);
    Some(Near::new(path.unwrap_or(metadata), why))
}

/// Whether a distribution has no modules of its own, but a file that leads to a directory, as one in editable mode.
fn leads_elsewhere(session: &Session<'_>, distribution: &Distribution) -> bool {
    let contents = distribution.contents(&session.survey);
    contents.is_ok_and(|contents| contents.tops.iter().any(|top| top.name.ends_with(b".pth")))
}

/// A file or directory of the wanted name that a distribution lists, and that is gone.
fn listed(session: &Session<'_>, wanted: &Wanted<'_>, distribution: &Distribution) -> Option<Near> {
    let names = modules(session, distribution);
    names.binary_search_by(|name| name.as_bstr().cmp(wanted.top())).ok()?;
    let title = Installed::of(session, distribution).title();
    let Ok(contents) = distribution.contents(&session.survey) else {
        let path = distribution.path(&session.survey);
        return Some(Near::new(
            path,
            sentence!("is the metadata of ", title, ", whose module ", wanted.top(), " is gone"),
        ));
    };
    let mut tops = contents.tops.iter();
    let top = tops.find(|top| {
        top.name == wanted.top() || crate::which::sources::is_module_of(top.name.as_bstr(), wanted.top())
    })?;
    let path = session.survey.join(&distribution.site, &top.name);
    let missing = session.survey.is_missing(path.as_bstr());
    missing.then(|| Near::new(path, sentence!("is listed in RECORD of ", title, ", and does not exist")))
}
