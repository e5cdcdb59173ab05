//! Under which names a file can be imported, and what hides it.

use bstr::{BStr, BString, ByteSlice};

use super::session::Session;
use super::sources;
use crate::environment::ExtensionName;
use crate::host::FileKind;
use crate::imports::{Candidate, Import, Kind};
use crate::text::sentence;

/// The most parts of a name that are tried.
const MOST_PARTS: usize = 12;

/// What is known about a file.
#[derive(Clone, Debug)]
pub struct FileAnswer {
    /// The file, as it was asked for.
    pub path: BString,
    /// Every name under which it is imported: the shortest first.
    pub names: Vec<BString>,
    /// The names under which it would be imported if something else were not found first, with what that is.
    pub hidden: Vec<(BString, Candidate)>,
    /// Why it cannot be imported: one sentence, without a period.
    pub reason: Option<BString>,
}

impl FileAnswer {
    pub(super) fn unanswered(path: &BString, reason: &BString) -> Self {
        Self::none(path, reason.clone())
    }

    fn none(path: &BString, reason: impl Into<BString>) -> Self {
        Self { path: path.clone(), names: Vec::new(), hidden: Vec::new(), reason: Some(reason.into()) }
    }
}

/// Tries each name that the file could have, from its last part to the whole path, and asks which file that name gets.
pub(super) fn answer(session: &Session<'_>, typed: &BString) -> FileAnswer {
    let path = session.dir(typed.as_bstr());
    if typed.is_empty() {
        return FileAnswer::none(typed, "the path is empty");
    }
    let metadata = match session.survey.metadata(path.as_bstr()) {
        Ok(metadata) => metadata,
        Err(error) => return FileAnswer::none(typed, sentence!(path, " ", error.to_string())),
    };
    let is_dir = metadata.kind == FileKind::Directory;
    let Some(parts) = parts(session, path.as_bstr(), is_dir) else {
        return FileAnswer::none(typed, no_module(session, path.as_bstr()));
    };
    let mut answer = FileAnswer { path: typed.clone(), names: Vec::new(), hidden: Vec::new(), reason: None };
    for length in 1..=parts.len().min(MOST_PARTS) {
        let name: BString = bstr::join(".", &parts[parts.len() - length..]).into();
        let import = session.finder.find(name.as_bstr());
        if is_it(session, &import, path.as_bstr(), is_dir) {
            answer.names.push(name);
        } else if import
            .shadows
            .iter()
            .any(|shadow| shadow.path.as_ref().is_some_and(|file| same(session, file, path.as_bstr())))
        {
            answer
                .hidden
                .push((name, Candidate { kind: import.kind, path: import.origin.or(first(import.locations)) }));
        }
    }
    if answer.names.is_empty() {
        answer.reason = Some(why(session, &answer, path.as_bstr(), is_dir));
    }
    answer
}

fn first(locations: Option<Vec<BString>>) -> Option<BString> {
    locations?.into_iter().next()
}

/// Whether an import gets this file, or for a directory, a package in it.
fn is_it(session: &Session<'_>, import: &Import, path: &BStr, is_dir: bool) -> bool {
    if is_dir {
        return import.locations.iter().flatten().any(|dir| same(session, dir, path));
    }
    import.origin.as_ref().is_some_and(|origin| same(session, origin, path))
}

fn same(session: &Session<'_>, one: &BString, other: &BStr) -> bool {
    let one = session.dir(one.as_bstr());
    one == other || session.survey.same_file(one.as_bstr(), other)
}

/// The parts of the longest name that a path could have; none where no Python takes it for a module.
fn parts(session: &Session<'_>, path: &BStr, is_dir: bool) -> Option<Vec<BString>> {
    let mut parts: Vec<BString> = Vec::new();
    let mut left = path.to_owned();
    loop {
        let name = session.survey.base_name(left.as_bstr());
        let parent = session.survey.parent(left.as_bstr());
        if name.is_empty() || parent == left {
            break;
        }
        parts.push(name);
        left = parent;
    }
    parts.reverse();
    if !is_dir {
        let last = parts.pop()?;
        let stem = last.split(|byte| *byte == b'.').next()?.as_bstr();
        if !sources::is_module_of(last.as_bstr(), stem) {
            return None;
        }
        // A package is imported by the name of its directory.
        if stem != "__init__" || parts.is_empty() {
            parts.push(stem.to_owned());
        }
    }
    // Nothing in a directory with a dot in its name can be imported through it.
    let start = parts.iter().rposition(|part| part.contains(&b'.')).map_or(0, |at| at + 1);
    parts.drain(..start);
    (!parts.is_empty()).then_some(parts)
}

/// Why a file of this name is no module.
fn no_module(session: &Session<'_>, path: &BStr) -> BString {
    let name = session.survey.base_name(path);
    sentence!(name, " has no suffix of a module")
}

/// Why a file is imported under no name.
fn why(session: &Session<'_>, answer: &FileAnswer, path: &BStr, is_dir: bool) -> BString {
    if let Some((name, winner)) = answer.hidden.first() {
        return match (&winner.path, winner.kind) {
            (Some(winner), _) => sentence!("import ", name, " gets ", winner),
            (None, Kind::Builtin) => sentence!("import ", name, " gets the module that is built into the interpreter"),
            (None, _) => sentence!("import ", name, " gets the module that is frozen into the interpreter"),
        };
    }
    let survey = &session.survey;
    let name = survey.base_name(path);
    if survey.base_name(survey.parent(path).as_bstr()) == "__pycache__" {
        return "what is in __pycache__ is never imported by itself; Python looks for its source".into();
    }
    let extension = ExtensionName::parse(name.as_bstr()).filter(|_| !is_dir);
    if let (Some(extension), Some(abi)) = (extension, survey.abi())
        && let (Some(tag), Some(_)) = (&extension.tag, abi.misfit(&extension))
    {
        return sentence!("it is built for ", tag.words(), ", and this is ", abi.words());
    }
    "no entry of sys.path leads to it".into()
}
