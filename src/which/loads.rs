//! Whether the file that an import finds can be loaded, as far as reading it tells.

use bstr::{BStr, BString, ByteSlice};

use super::imported;
use super::session::Session;
use crate::environment::magic;
use crate::host::{HostError, Platform};
use crate::imports::{Import, Kind};
use crate::interpreter::LoaderVariables;
use crate::interpreter::dependencies::{Lack, Loader};
use crate::text::sentence;

/// How long the header of compiled code is.
const HEADER: usize = 16;

/// Why loading what was found fails: a clause that follows the path of the file.
pub(super) fn problem(session: &Session<'_>, import: &Import) -> Option<BString> {
    let file = session.dir(import.origin.as_ref()?.as_bstr());
    // Importers that startup hooks add do not ask whether it exists.
    if session.survey.is_missing(file.as_bstr()) && !is_zipped(import.kind) {
        return Some("does not exist".into());
    }
    match import.kind {
        Kind::Source | Kind::Package => {
            unreadable(session, file.as_bstr()).or_else(|| imported::problem(session, import, file.as_bstr()))
        }
        _ => problem_of_file(session, import, file.as_bstr()),
    }
}

/// The same of the file alone, whatever its code imports.
pub(super) fn problem_of_file(session: &Session<'_>, import: &Import, file: &BStr) -> Option<BString> {
    match import.kind {
        Kind::Extension | Kind::PackageExtension => lack(session, file),
        Kind::Bytecode | Kind::PackageBytecode => wrong_magic(session, file),
        _ => None,
    }
}

fn is_zipped(kind: Kind) -> bool {
    matches!(kind, Kind::ZipSource | Kind::ZipBytecode | Kind::ZipPackage | Kind::ZipPackageBytecode)
}

fn lack(session: &Session<'_>, file: &BStr) -> Option<BString> {
    let resolution = session.resolution();
    if session.survey.platform() == Platform::Windows {
        return None;
    }
    let executable = resolution.identification.file.as_ref()?;
    let library_path = LoaderVariables::of(&resolution.invocation).library_path;
    let loader = Loader::of(session.survey.ask, executable.as_bstr(), library_path);
    let by = |needed_by: &BString| {
        if needed_by == file { BString::from("it needs ") } else { sentence!(needed_by, " needs ") }
    };
    Some(match loader.lack(file)? {
        Lack::Library { library, needed_by } => {
            sentence!("cannot be loaded: ", by(&needed_by), library, ", which the dynamic loader does not find")
        }
        Lack::Version { library, version, needed_by } => {
            sentence!(
                "cannot be loaded: ",
                by(&needed_by),
                "the version ",
                version,
                ", which ",
                library,
                " does not have"
            )
        }
    })
}

fn wrong_magic(session: &Session<'_>, file: &BStr) -> Option<BString> {
    let expected = magic::of(&session.survey)?;
    let head = session.survey.head(file, HEADER)?;
    let Some(start) = head.first_chunk::<4>() else { return Some("cannot be loaded: it is cut off".into()) };
    let own = u32::from_le_bytes(*start);
    (own != expected).then(|| match magic::release(own) {
        Some(minor) => format!("cannot be loaded: it is compiled for Python 3.{minor} (bad magic number)").into(),
        None => "cannot be loaded: it has a bad magic number".into(),
    })
}

fn unreadable(session: &Session<'_>, file: &BStr) -> Option<BString> {
    match session.survey.ask.open(file) {
        Err(HostError::PermissionDenied) => Some("cannot be loaded: it may not be read".into()),
        _ => None,
    }
}
