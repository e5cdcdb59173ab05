//! What the code of a module imports first, and whether that can be found and loaded: an import fails as often because of
//! another one within it.

use bstr::{BStr, BString, ByteSlice};

use super::loads;
use super::near;
use super::session::Session;
use crate::imports::{Import, Kind};
use crate::startup::behaviors::Behaviors;
use crate::startup::{Expression, Grammar, Origin, Source, Statement};
use crate::text::sentence;

/// So much of a file is read: what is imported comes first.
const MOST_BYTES: usize = 16 << 10;
/// So many of its first statements are looked at.
const MOST: usize = 48;

/// Why the code of a module fails at one of its first imports: a clause that follows the path of the file. Only statements
/// that certainly run are looked at, up to the first that may do anything.
pub(super) fn problem(session: &Session<'_>, import: &Import, file: &BStr) -> Option<BString> {
    let version = session.survey.version()?;
    let mut code = session.survey.head(file, MOST_BYTES)?;
    if code.len() == MOST_BYTES {
        code.truncate(code.rfind_byte(b'\n')? + 1);
    }
    let source = Source::read(&code, Grammar::of(&Behaviors::of(version)));
    let mut is_plain = true;
    for statement in source.beginning(MOST) {
        let names: Vec<BString> = match statement {
            Statement::Import(names) => names.into_iter().map(|(name, _)| name.into()).collect(),
            Statement::From(module) => vec![module.into()],
            Statement::Pass
            | Statement::Expression(Expression::Text(_))
            | Statement::Assign(_, Expression::Text(_) | Expression::Integer(_) | Expression::Constant) => Vec::new(),
            _ => return None,
        };
        for name in names.into_iter().filter(|name| name != "__future__") {
            let found = session.finder.find(name.as_bstr());
            if let Some(problem) = of_import(session, import, &found, is_plain) {
                return Some(problem);
            }
            is_plain &= is_of_library(session, &found);
        }
    }
    None
}

/// Why one import fails. That a module is missing is certain only while nothing has run that could change that.
fn of_import(session: &Session<'_>, by: &Import, found: &Import, is_plain: bool) -> Option<BString> {
    let is_alone = !by.name.contains(&b'.');
    match found.kind {
        Kind::Missing if is_plain && is_alone && !found.loaded_at_startup => {
            let near = near::find(session, found).into_iter().next();
            let near = near.map(|near| sentence!(": ", near.path, " ", near.why)).unwrap_or_default();
            Some(sentence!("fails: it imports ", found.name, ", which is not found", near))
        }
        Kind::Extension | Kind::PackageExtension => {
            let file = session.dir(found.origin.as_ref()?.as_bstr());
            let why = loads::problem_of_file(session, found, file.as_bstr())?;
            Some(sentence!("fails: it imports ", found.name, ", and ", file, " ", why))
        }
        _ => None,
    }
}

/// Whether a module is part of the interpreter or of its standard library, which change nothing about imports.
fn is_of_library(session: &Session<'_>, found: &Import) -> bool {
    let is_library = |entry: &BString| {
        let mut entries = session.path().iter().filter(|known| known.value == *entry);
        entries.any(|known| matches!(known.origin, Origin::Stdlib | Origin::PlatStdlib | Origin::Zip))
    };
    let Some(found_by) = &found.found_by else { return false };
    match &found_by.entry {
        None => matches!(found.kind, Kind::Builtin | Kind::Frozen | Kind::FrozenPackage),
        Some(entry) => is_library(entry) || session.entry_of(found).is_some_and(|entry| is_library(&entry.value)),
    }
}
