//! Where the standard library is, and which base interpreter an environment uses.

use bstr::{BStr, BString, ByteSlice};

use super::alias;
use crate::environment::{Cfg, Survey};
use crate::host::path::{Flavor, is_absolute, module};
use crate::startup::behaviors::Behavior;
use crate::startup::{StepId, Value};

/// The search upwards ends after this many directories; no real path is deeper.
const DEEPEST: usize = 64;

/// The name of this interpreter's directory below `lib`, such as `python3.13t`.
pub fn version_dir(survey: &Survey<'_>) -> Option<String> {
    let version = survey.version()?;
    let compiled = &survey.resolution.identification.interpreter.compiled;
    let is_threaded =
        survey.has(Behavior::ThreadSuffix) && compiled.abi_thread.as_ref().is_some_and(|flag| flag == "t");
    Some(format!("python{}.{}{}", version.major, version.minor, if is_threaded { "t" } else { "" }))
}

/// The file by which Python recognizes a standard library below `dir`, if it exists.
pub fn landmark(survey: &Survey<'_>, dir: &BStr) -> Option<BString> {
    let stdlib = if survey.flavor() == Flavor::Windows {
        survey.join(dir, "Lib")
    } else {
        let compiled = &survey.resolution.identification.interpreter.compiled;
        let platlibdir = compiled.platlibdir.clone().unwrap_or_else(|| "lib".into());
        survey.join(survey.join(dir, platlibdir), version_dir(survey)?)
    };
    let candidates = ["os.py", "os.pyc"].into_iter().map(|name| survey.join(&stdlib, name));
    candidates.into_iter().find(|path| survey.is_file(path.as_bstr()))
}

/// The landmark of the nearest standard library from `dir` upwards. Python does not search the root directory.
pub fn landmark_above(survey: &Survey<'_>, dir: &BStr) -> Option<BString> {
    let mut dir = survey.absolute(dir);
    for _ in 0..DEEPEST {
        let parent = survey.parent(dir.as_bstr());
        if parent == dir {
            return None;
        }
        if let Some(found) = landmark(survey, dir.as_bstr()) {
            return Some(found);
        }
        dir = parent;
    }
    None
}

/// Whether two files are known to be different files.
pub fn are_different(survey: &Survey<'_>, one: &BStr, other: &BStr) -> bool {
    let identity = |path| survey.metadata(path).ok().and_then(|metadata| metadata.identity);
    matches!((identity(one), identity(other)), (Some(one), Some(other)) if one != other)
}

/// Whether a path is absolute.
pub fn is_rooted(survey: &Survey<'_>, path: &BStr) -> bool {
    is_absolute(survey.platform(), path)
}

/// The absolute target of one symlink of the chain from the executable to the interpreter.
pub fn hop_target(survey: &Survey<'_>, symlink: &BStr, target: &BStr) -> BString {
    let flavor = survey.flavor();
    let symlink = survey.absolute(symlink);
    module::normpath(flavor, survey.join(survey.parent(symlink.as_bstr()), target).as_bstr())
}

/// The directory that `home` should name: that of the interpreter to which the environment's symlinks lead, or from
/// which it takes its standard library. The first one outside the environment that leads to a standard library.
pub fn real_home(survey: &Survey<'_>) -> Option<BString> {
    let identification = &survey.resolution.identification;
    let root = survey.root();
    let hops = identification.hops.iter().map(|hop| hop_target(survey, hop.path.as_bstr(), hop.target.as_bstr()));
    let outside = hops.chain(identification.file.clone()).filter(|path| !survey.is_below(path.as_bstr(), root));
    let symlinked = outside.map(|path| survey.parent(path.as_bstr()));
    let used = survey.resolution.sys.as_ref().map(|sys| survey.join(&sys.base_prefix, "bin"));
    let used = used.filter(|dir| survey.is_dir(dir.as_bstr()) && !survey.is_below(dir.as_bstr(), root));
    let found = symlinked.chain(used).find(|dir| landmark_above(survey, dir.as_bstr()).is_some())?;
    Some(alias::lasting(survey, found.as_bstr()).unwrap_or(found))
}

/// The same or, where the interpreter is a copy, the directory of the interpreter that `pyvenv.cfg` records as its source.
pub fn home_for(survey: &Survey<'_>, cfg: &Cfg) -> Option<BString> {
    let named = ["base-executable", "executable"].into_iter().filter_map(|key| cfg.last(key));
    let rooted = named.map(|line| line.value.as_bstr()).filter(|value| is_rooted(survey, value));
    let dirs = rooted.map(|value| survey.parent(value));
    let leads = |dir: &BString| survey.is_dir(dir.as_bstr()) && landmark_above(survey, dir.as_bstr()).is_some();
    real_home(survey).or_else(|| dirs.into_iter().find(leads))
}

/// The `home` from which Python searched for its standard library, and the number of the step that did.
pub fn searched_home<'r>(survey: &Survey<'r>) -> Option<(&'r BStr, usize)> {
    let step = survey.resolution.steps.iter().find(|step| step.id == StepId::VenvHome)?;
    let names = ["executable_dir", "argv0_path"];
    step.sets.iter().find_map(|(name, value)| match value {
        Value::Text(home) if names.contains(name) => Some((home.as_bstr(), step.number)),
        _ => None,
    })
}

/// The number of the first step with this id.
pub fn step(survey: &Survey<'_>, id: StepId) -> Option<usize> {
    survey.resolution.steps.iter().find(|step| step.id == id).map(|step| step.number)
}
