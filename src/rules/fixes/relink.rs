//! Giving an environment a working interpreter without losing its installed packages.

use bstr::{BStr, BString, ByteSlice};

use super::edit::assignment;
use super::{recreate, rename, symlink, unused};
use crate::environment::{InterpreterName, Launcher, Survey};
use crate::host::{FileKind, HostError, Metadata};
use crate::interpreter::Problem;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;

/// Gives the environment a working interpreter: by symlinks to another one of the same kind, if there is one, which
/// loses nothing; else by recreating the environment.
pub fn restore(survey: &Survey<'_>) -> Fix {
    match survey.substitute() {
        Some(interpreter) if survey.cfg().is_some() && !survey.creator().is_conda() => {
            relink(survey, interpreter.as_bstr())
        }
        _ => recreate(survey),
    }
}

/// Points the environment's symlinks to `interpreter`, which has the same implementation, minor version and ABI.
/// Installed packages stay.
///
/// `venv --upgrade` would keep symlinks that dangle and drop keys that other tools wrote into `pyvenv.cfg`, so the commands
/// replace the symlinks and the keys one by one.
pub fn relink(survey: &Survey<'_>, interpreter: &BStr) -> Fix {
    relink_names(survey, interpreter, &broken_launchers(survey))
}

/// The same, where the names to replace are known.
pub fn relink_names(survey: &Survey<'_>, interpreter: &BStr, broken: &[Launcher]) -> Fix {
    let fix = Fix::advice(crate::text::sentence!(
        "point the environment's symlinks to ",
        interpreter,
        "; installed packages stay"
    ));
    let replaced: Vec<&BStr> =
        broken.iter().map(|launcher| launcher.path.as_bstr()).chain([survey.executable()]).collect();
    if !replaced.into_iter().chain(survey.cfg()).all(|path| survey.lies_inside(path)) {
        return fix;
    }
    fix.commands(symlinks(survey, broken, interpreter)).commands(keys(survey, interpreter)).safe()
}

/// The names of the interpreter that dangle, or that lead to the file that cannot be started.
fn broken_launchers(survey: &Survey<'_>) -> Vec<Launcher> {
    let identification = &survey.resolution.identification;
    let bad = identification.file.as_ref().filter(|_| identification.problem.is_some());
    let size = bad.and_then(|file| survey.metadata(file.as_bstr()).ok()).map(|metadata| metadata.len);
    let is_broken = |launcher: &Launcher| match (&launcher.end, bad) {
        (Err(_), _) => true,
        // Copies of one file have the same size.
        (Ok(end), Some(_)) if launcher.target.is_none() => Some(end.len) == size,
        (Ok(_), Some(bad)) => survey.same_file(launcher.path.as_bstr(), bad.as_bstr()),
        (Ok(_), None) => false,
    };
    let text = |launcher: &Launcher| {
        let is_text = matches!(identification.problem, Some(Problem::TextLink { .. }));
        is_text && launcher.target.is_none() && launcher.end.as_ref().is_ok_and(|end| end.len < 4096)
    };
    survey.launchers().into_iter().filter(|launcher| is_broken(launcher) || text(launcher)).collect()
}

/// Replaces the symlinks to the interpreter. Those to another name next to them, such as `python3`, stay.
fn symlinks(survey: &Survey<'_>, broken: &[Launcher], interpreter: &BStr) -> Vec<Line> {
    let is_replaced = |launcher: &&Launcher| {
        let target = launcher.target.as_ref();
        let neighbor = target.filter(|target| InterpreterName::parse(target.as_bstr()).is_some());
        neighbor.is_none() || launcher.end == Err(HostError::SymlinkLoop)
    };
    let mut paths: Vec<BString> = broken.iter().filter(is_replaced).map(|launcher| launcher.path.clone()).collect();
    paths.extend(missing_neighbors(survey, broken));
    if broken.is_empty() {
        paths.push(survey.executable().to_owned());
    }
    paths.iter().flat_map(|path| replace(survey, path.as_bstr(), interpreter)).collect()
}

/// Puts a symlink in the place of what is at a path. What is neither a file nor a symlink is moved aside: in a directory, `ln`
/// would create the symlink, and what is in it is not for a fix to remove.
fn replace(survey: &Survey<'_>, path: &BStr, interpreter: &BStr) -> Vec<Line> {
    let is_symlink = survey.ask.read_link(path).is_ok();
    let is_odd = |end: Metadata| !is_symlink && end.kind != FileKind::File;
    let aside = survey.metadata(path).is_ok_and(is_odd).then(|| rename(survey, path, unused(survey, path, ".unused")));
    aside.into_iter().chain([symlink(survey, interpreter, path)]).collect()
}

/// The names next to the others to which some of them lead, and that do not exist.
fn missing_neighbors(survey: &Survey<'_>, broken: &[Launcher]) -> Vec<BString> {
    let targets = broken.iter().filter_map(|launcher| launcher.target.as_ref());
    let neighbors = targets.filter(|target| InterpreterName::parse(target.as_bstr()).is_some());
    let mut paths: Vec<BString> = neighbors.map(|name| survey.join(survey.bin(), name)).collect();
    paths.sort();
    paths.dedup();
    // A symlink that leads nowhere is a name that exists.
    paths.retain(|path| survey.ask.read_link(path.as_bstr()) == Err(HostError::NotFound));
    paths
}

/// Corrects the keys of `pyvenv.cfg` that name another base.
fn keys(survey: &Survey<'_>, interpreter: &BStr) -> Vec<Line> {
    let Some(cfg) = survey.cfg() else { return Vec::new() };
    let bin = survey.parent(interpreter);
    let prefix = survey.parent(bin.as_bstr());
    let values = [
        ("home", bin.as_bstr()),
        ("base-prefix", prefix.as_bstr()),
        ("base-exec-prefix", prefix.as_bstr()),
        ("base-executable", interpreter),
        ("executable", interpreter),
    ];
    let other = |key: &str, value: &BStr| survey.cfg_line(key).is_some_and(|entry| entry.value != value);
    let stale = values.into_iter().filter(|(key, value)| other(key, value));
    stale.filter_map(|(key, value)| assignment(survey, cfg, key, value)).collect()
}
