//! The Windows Store's `python.exe` (`PC/python_uwp.cpp`), which fills in what Python would otherwise search for.
//!
//! A package is installed in a directory that users may not enter. What they start, and what `sys.executable` shows, is an
//! alias below the user's own directory.

use bstr::{BStr, BString, ByteSlice};

use super::record::Value;
use super::settings::{self, Given, Settings};
use super::steps::StepId;
use super::trace::Trace;
use crate::host::Platform;
use crate::host::path::legacy::windows as arithmetic;
use crate::host::path::{Flavor, module};
use crate::interpreter::Interpreter;
use crate::invocation::Invocation;
use crate::text::sentence;

/// The publisher's packages are all named so.
const PACKAGE: &[u8] = b"PythonSoftwareFoundation.Python.";

/// Fills in the settings, and returns the environment as Python then finds it; none outside the Store.
pub fn prepare(
    trace: &mut Trace<'_>,
    invocation: &Invocation,
    interpreter: &Interpreter,
    settings: &mut Settings,
) -> Option<Invocation> {
    let real = interpreter.real_executable.as_ref().filter(|_| invocation.platform == Platform::Windows)?;
    let home = arithmetic::reduce(real.as_bstr());
    let family = family(module::basename(Flavor::Windows, home.as_bstr()).as_bstr())?;
    trace.begin(StepId::Store);
    let mut invocation = invocation.clone();
    let local = settings::set_variable(&invocation, "USERPROFILE").map(|user| sentence!(user, "\\AppData\\Local"));
    let name = module::basename(Flavor::Windows, real.as_bstr());
    let alias = local.as_ref().map(|local| sentence!(local, "\\Microsoft\\WindowsApps\\", family, "\\", name));
    settings.given = Some(match invocation.environment.remove("__PYVENV_LAUNCHER__") {
        Some(launcher) => Given { executable: Some(launcher), base_executable: alias.clone() },
        None => Given { executable: alias.clone(), base_executable: None },
    });
    settings.home = Some(home.clone());
    if let Some(local) = &local
        && settings::set_variable(&invocation, "PYTHONUSERBASE").is_none()
    {
        let base = sentence!(local, "\\Packages\\", family, "\\LocalCache\\local-packages");
        invocation.environment.insert("PYTHONUSERBASE".to_owned(), base);
    }
    trace.say(sentence!(
        "This is the Python of the Windows Store. It sets the home to the directory of its package, ",
        home,
        ","
    ));
    trace.say(sentence!(
        "sys.executable to its alias ",
        alias.unwrap_or_default(),
        ", and the user base to a directory of its own."
    ));
    trace.set("home", Value::Text(home));
    Some(invocation)
}

/// What Windows reports as the file of the process that `file` starts, where nothing else says it; none for an alias of
/// the Store, which stands for a file of another directory.
pub fn reported(cwd: Option<&BStr>, file: &BStr) -> Option<BString> {
    let full = module::abspath(Flavor::Windows, cwd, file);
    let dir = module::basename(Flavor::Windows, arithmetic::reduce(full.as_bstr()).as_bstr());
    (!file.is_empty() && family(dir.as_bstr()).is_none()).then_some(full)
}

/// The file that the process runs if `file` is started. For an alias of a package, that is the package's own file: `reported`,
/// if it is of the same family.
pub fn started_by(file: &BStr, reported: Option<&BString>) -> BString {
    let dir = |path: &BStr| module::basename(Flavor::Windows, arithmetic::reduce(path).as_bstr());
    let is_alias = |reported: &&BString| {
        let family = family(dir(reported.as_bstr()).as_bstr());
        family.is_some_and(|family| family.eq_ignore_ascii_case(&dir(file)))
    };
    reported.filter(is_alias).cloned().unwrap_or_else(|| file.to_owned())
}

/// The package `name_version_processor__publisher` is of the family `name_publisher`.
fn family(package: &BStr) -> Option<BString> {
    let is_package = package.len() > PACKAGE.len() && package[..PACKAGE.len()].eq_ignore_ascii_case(PACKAGE);
    let name = package.split_str("_").next().filter(|_| is_package)?;
    Some(sentence!(name, "_", package.rsplit_str("_").next()?))
}
