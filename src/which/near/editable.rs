//! Installations in editable mode that lead to the module, and whose target is gone.

use bstr::{BStr, BString, ByteSlice};

use super::{Near, Wanted};
use crate::environment::normalize;
use crate::imports::Import;
use crate::text::sentence;
use crate::which::installed;
use crate::which::session::Session;

/// The finders of every interpreter.
const INSIDE: [&str; 3] = ["builtin", "frozen", "path"];

/// Looks at the finders that were asked, and at the lines of `.pth` files that name no directory.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>, import: &Import) -> Vec<Near> {
    let mut near = finders(session, wanted, import);
    near.extend(lines(session, wanted));
    near
}

/// A finder whose module maps the name knows the module, and found no file for it.
fn finders(session: &Session<'_>, wanted: &Wanted<'_>, import: &Import) -> Vec<Near> {
    let asked = import.search.iter().filter(|place| INSIDE.iter().all(|own| place.finder != *own));
    let mut files: Vec<BString> =
        asked.filter_map(|place| session.finder.find(place.finder.as_bstr()).origin).collect();
    // One that startup does not reach, or whose code is not known, is not asked.
    for dir in &wanted.dirs {
        let names = session.survey.names(dir.as_bstr());
        let modules = names.iter().flat_map(|names| names.iter()).filter(|name| is_finder(name));
        files.extend(modules.map(|name| session.survey.join(dir, name)));
    }
    let mut near: Vec<Near> = Vec::new();
    for file in files {
        if near.iter().any(|known| known.path == file) {
            continue;
        }
        let Ok(text) = session.survey.ask.read(file.as_bstr(), crate::startup::MOST_BYTES) else { continue };
        if let Some(target) = target(&text, wanted.top()) {
            let what =
                if session.survey.is_missing(target.as_bstr()) { "does not exist" } else { "holds no such module" };
            near.push(Near::new(
                file,
                sentence!("redirects imports of ", wanted.top(), " to ", target, ", which ", what),
            ));
        }
    }
    near
}

/// Whether a file at the top of site-packages is the module of a finder, as setuptools and `editables` call theirs.
fn is_finder(name: &BString) -> bool {
    name.ends_with(b".py") && (name.starts_with(b"__editable__") || name.starts_with(b"_editable_impl_"))
}

/// The path that follows a name in a dictionary or in the arguments of a call: `'NAME': 'PATH'`, `'NAME', 'PATH'`.
fn target(text: &[u8], name: &BStr) -> Option<BString> {
    ["'", "\""].iter().find_map(|quote| {
        let key = sentence!(quote, name, quote);
        text.find_iter(&key).find_map(|at| {
            let rest = text.get(at + key.len()..)?.trim_start();
            let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b","))?.trim_start();
            let end = rest.first().copied().filter(|byte| matches!(byte, b'\'' | b'"'))?;
            let path = rest.get(1..)?;
            let path = path.get(..path.find_byte(end)?)?;
            path.starts_with(b"/").then(|| path.into())
        })
    })
}

/// A line that names a directory which does not exist, in a `.pth` file of a distribution with the wanted name.
fn lines(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let name = normalize(wanted.top());
    let mut near = Vec::new();
    for missing in &session.resolution().missing {
        let file = session.dir(missing.file.as_bstr());
        let owner = installed::distribution_of(session, file.as_bstr());
        let is_of_name = match owner {
            Some(owner) => owner.normalized() == name,
            None => normalize(session.survey.base_name(file.as_bstr()).as_bstr()).contains_str(&name),
        };
        if is_of_name {
            let why = sentence!("names ", missing.path, format!(" in line {}, which does not exist", missing.line));
            near.push(Near::new(file, why));
        }
    }
    near
}
