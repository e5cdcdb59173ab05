//! Directories that `.pth` files name which Python does not read.

use bstr::{BString, ByteSlice};

use super::{Near, Wanted};
use crate::startup::{MOST_BYTES, Origin};
use crate::text::sentence;
use crate::which::session::Session;
use crate::which::sources;

/// More files than one directory has.
const MOST_FILES: usize = 256;

/// Looks at the `.pth` files of each directory of `sys.path`.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let mut near = Vec::new();
    let mut seen: Vec<BString> = Vec::new();
    for entry in session.path().iter().filter(|entry| entry.exists) {
        let dir = session.dir(entry.value.as_bstr());
        if seen.contains(&dir) {
            continue;
        }
        let is_site = matches!(entry.origin, Origin::SitePackages | Origin::UserSite);
        let files = session.survey.list(dir.as_bstr()).into_iter().filter(|name| name.ends_with(b".pth"));
        for name in files.take(MOST_FILES) {
            let file = session.survey.join(&dir, &name);
            let why = match is_site {
                false => "a file that is not in a site directory, so that Python does not read it",
                true if is_passed_over(session, &file) => "a hidden file, which Python passes over",
                true => continue,
            };
            near.extend(named(session, wanted, &dir, &file, why));
        }
        seen.push(dir);
    }
    near
}

/// Whether Python passes over a file of a site directory: it has taken no entry from it, and it is hidden.
fn is_passed_over(session: &Session<'_>, file: &BString) -> bool {
    let is_read = session.path().iter().any(|entry| entry.file.as_ref().is_some_and(|from| from.file == *file));
    let is_dotted = session.survey.base_name(file.as_bstr()).starts_with(b".");
    !is_read && (is_dotted || session.survey.ask.metadata(file.as_bstr()).is_ok_and(|metadata| metadata.hidden))
}

/// The module in a directory that a line of the file names.
fn named(session: &Session<'_>, wanted: &Wanted<'_>, dir: &BString, file: &BString, why: &str) -> Option<Near> {
    let text = session.survey.ask.read(file.as_bstr(), MOST_BYTES).ok()?;
    let paths = text.lines().map(ByteSlice::trim).filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let found = paths.filter(|line| !line.starts_with(b"import")).find_map(|line| {
        let target = session.survey.join(dir, line);
        let is_open = !session.is_searched(target.as_bstr());
        Some((sources::find(&session.survey, target.as_bstr(), &wanted.parts).filter(|_| is_open)?, target))
    });
    let (path, target) = found?;
    Some(Near::new(path, sentence!("is in ", target, ", which ", file, " names, ", why)))
}
