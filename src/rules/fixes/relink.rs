//! Environments that are given an interpreter again, and keep what is installed.

use bstr::{BStr, ByteSlice};

use super::edit::assignment;
use super::{kept, line, recreate};
use crate::environment::{Creator, InterpreterName, Launcher, Survey};
use crate::host::HostError;
use crate::interpreter::Problem;
use crate::rules::fix::Fix;
use crate::rules::shell::Line;

/// Gives the environment an interpreter again: by links to another one of the same kind, where there is one, which
/// loses nothing; else by making it anew.
pub fn restore(survey: &Survey<'_>) -> Fix {
    match survey.substitute() {
        Some(interpreter) if survey.cfg().is_some() && *survey.creator() != Creator::Conda => {
            relink(survey, interpreter.as_bstr())
        }
        _ => recreate(survey),
    }
}

/// Links the environment to `interpreter`, which is of the same implementation, feature release and ABI. What is
/// installed stays.
///
/// `venv` takes a link for present even where it leads nowhere, so that broken ones have to go first. The files of uv
/// and virtualenv have keys of their own, which `venv` would drop: there the links are made by hand.
pub fn relink(survey: &Survey<'_>, interpreter: &BStr) -> Fix {
    relink_names(survey, interpreter, &broken_launchers(survey))
}

/// The same, where these names are to be links to `interpreter`.
pub fn relink_names(survey: &Survey<'_>, interpreter: &BStr, broken: &[Launcher]) -> Fix {
    let fix = Fix::advice(crate::text::sentence!("link the environment to ", interpreter, "; what is installed stays"));
    let is_foreign = ["uv", "virtualenv"].into_iter().any(|key| survey.cfg_line(key).is_some());
    if is_foreign {
        return fix.commands(links(survey, broken, interpreter)).commands(keys(survey, interpreter)).safe();
    }
    let removal = line(survey, "rm").words(["-f", "--"]).words(broken.iter().map(|launcher| &launcher.path));
    let fix = if broken.is_empty() { fix } else { fix.command(removal) };
    fix.command(upgrade(survey, interpreter)).safe()
}

/// `venv --upgrade`, with what it would forget otherwise.
fn upgrade(survey: &Survey<'_>, interpreter: &BStr) -> Line {
    let command = line(survey, interpreter).words(["-m", "venv", "--upgrade", "--without-pip"]);
    command.words(kept(survey)).word(survey.root())
}

/// The names for the interpreter that lead nowhere, or to the file that cannot be started.
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

/// The links that an environment has: one to the interpreter, the others beside it to that one.
fn links(survey: &Survey<'_>, broken: &[Launcher], interpreter: &BStr) -> Vec<Line> {
    let link = |target: &BStr, path: &BStr| line(survey, "ln").words(["-s", "-f", "-n"]).word(target).word(path);
    let needs_link = |launcher: &&Launcher| {
        let target = launcher.target.as_ref();
        let beside = target.filter(|target| InterpreterName::parse(target.as_bstr()).is_some());
        beside.is_none() || launcher.end == Err(HostError::SymlinkLoop)
    };
    let mut lines: Vec<Line> =
        broken.iter().filter(needs_link).map(|launcher| link(interpreter, launcher.path.as_bstr())).collect();
    if broken.is_empty() {
        lines.push(link(interpreter, survey.executable()));
    }
    lines
}

/// What `pyvenv.cfg` says about the base, where it says something else.
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
