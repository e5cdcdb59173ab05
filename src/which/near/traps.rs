//! Names in the directories that are searched that are nearly the right one.

use bstr::{BStr, BString, ByteSlice};

use super::{Near, Wanted};
use crate::environment::ExtensionName;
use crate::host::{FileKind, HostError};
use crate::text::sentence;
use crate::which::session::Session;
use crate::which::sources;

/// Suffixes of files that belong to a module and are none.
const OTHERS: [(&[u8], &str); 7] = [
    (b".pyi", "is a stub for type checkers, which Python does not import"),
    (b".pyx", "is source code of Cython, from which no extension module was built"),
    (b".pyw", "has the suffix .pyw, which Python imports on Windows only"),
    (b".pyo", "has the suffix .pyo, which no Python 3.5 or later imports"),
    (b".ipynb", "is a notebook, which Python does not import"),
    (b".dylib", "has the suffix .dylib, which Python does not import"),
    (b".txt", "has the suffix .txt, which Python does not import"),
];

/// Looks at the names in each directory.
pub(super) fn find(session: &Session<'_>, wanted: &Wanted<'_>) -> Vec<Near> {
    let mut near = Vec::new();
    for dir in &wanted.dirs {
        match session.survey.names(dir.as_bstr()) {
            Some(names) => {
                let trapped =
                    |name: &BString| Some(Near::new(session.survey.join(dir, name), why(session, wanted, dir, name)?));
                near.extend(names.iter().filter_map(trapped));
                near.extend(
                    names.iter().filter(|name| *name == "__pycache__").filter_map(|_| cached(session, wanted, dir)),
                );
            }
            None => near.extend(unlistable(session, dir)),
        }
    }
    near
}

/// A directory of the search in which nothing can be found, because it cannot be listed.
fn unlistable(session: &Session<'_>, dir: &BString) -> Option<Near> {
    let error = session.survey.ask.list_dir(dir.as_bstr()).err()?;
    let is_denied = error == HostError::PermissionDenied;
    is_denied
        .then(|| Near::new(dir.clone(), "cannot be listed (permission denied), so that Python finds nothing in it"))
}

/// Why a name that resembles the wanted one is not taken; none where it does not resemble it.
fn why(session: &Session<'_>, wanted: &Wanted<'_>, dir: &BString, name: &BString) -> Option<BString> {
    let tail = wanted.tail;
    if let Some(suffix) = name.strip_prefix(tail.as_bytes()) {
        if suffix.is_empty() || sources::is_module_of(name.as_bstr(), tail) {
            let path = session.survey.join(dir, name);
            return unusable(session, path.as_bstr(), name, suffix.is_empty());
        }
        return OTHERS.iter().find(|(other, _)| suffix == *other).map(|(_, why)| BString::from(*why));
    }
    let stem = name.split(|byte| *byte == b'.').next()?.as_bstr();
    let is_module = stem == name.as_bstr() || sources::is_module_of(name.as_bstr(), stem);
    if !is_module {
        return None;
    }
    let is_data = stem == name.as_bstr() && sources::find(&session.survey, dir.as_bstr(), &[stem]).is_none();
    if is_data {
        return None;
    }
    if stem.eq_ignore_ascii_case(tail) {
        return Some(sentence!("is spelled in another letter case: import ", stem));
    }
    let is_dashed = stem.contains(&b'-') && stem.replace("-", "_").eq_ignore_ascii_case(tail);
    is_dashed.then(|| "has a dash in its name, which no import statement can name".into())
}

/// Why a file or directory of the right name is no module.
fn unusable(session: &Session<'_>, path: &BStr, name: &BString, is_bare: bool) -> Option<BString> {
    let survey = &session.survey;
    match survey.metadata(path) {
        Err(HostError::NotFound | HostError::NotADirectory) => {
            let target = survey.ask.read_link(path).ok();
            return Some(match target {
                Some(target) => sentence!("is a symlink to ", target, ", which does not exist"),
                None => "does not exist any more".into(),
            });
        }
        Err(error) => return Some(sentence!("cannot be looked at: ", error.to_string())),
        Ok(metadata) if is_bare => {
            let is_file = metadata.kind == FileKind::File;
            return is_file.then(|| "is a file without a suffix, which Python does not import".into());
        }
        Ok(metadata) if metadata.kind == FileKind::Directory => {
            return Some("is a directory, and with this name it is no package".into());
        }
        Ok(metadata) if metadata.kind != FileKind::File => return Some("is not a regular file".into()),
        Ok(_) => {}
    }
    let extension = ExtensionName::parse(name.as_bstr())?;
    let abi = survey.abi()?;
    Some(match (&extension.tag, abi.misfit(&extension)) {
        (Some(tag), Some(_)) => sentence!(
            "is built for ",
            tag.words(),
            if tag.platform.is_empty() { "" } else { " on " },
            tag.platform,
            ", and this is ",
            abi.words(),
            abi.tag().map(|own| sentence!(" on ", own.platform)).unwrap_or_default()
        ),
        (None, Some(_)) => "is an extension module for another operating system".into(),
        _ => "has a suffix that this Python does not look for".into(),
    })
}

/// Compiled code in `__pycache__` without its source.
fn cached(session: &Session<'_>, wanted: &Wanted<'_>, dir: &BString) -> Option<Near> {
    let cache = session.survey.join(dir, "__pycache__");
    let start = sentence!(wanted.tail, ".");
    let names = session.survey.names(cache.as_bstr())?;
    let name = names.iter().find(|name| name.starts_with(&start) && name.ends_with(b".pyc"))?;
    let source = session.survey.join(dir, sentence!(wanted.tail, ".py"));
    let why =
        sentence!("is the compiled code of ", source, ", which does not exist; Python does not import it without that");
    session.survey.is_missing(source.as_bstr()).then(|| Near::new(session.survey.join(&cache, name), why))
}
