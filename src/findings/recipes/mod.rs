//! Cures that many rules share, as commands that fit who made the environment.

mod packages;

use bstr::{BStr, BString, ByteSlice};

use super::cure::Cure;
use super::shell::Line;
use crate::environment::{Creator, InterpreterName, Launcher, Survey};
use crate::host::Platform;
use crate::interpreter::Problem;

pub use packages::{
    base_pip, install, is_by_uv, reinstall, reinstall_another, reinstall_over, same_again, seed, uninstall,
};

/// A command line in the shell of the machine that was examined.
pub fn line(survey: &Survey<'_>, program: impl AsRef<[u8]>) -> Line {
    Line::new(survey.platform(), program)
}

/// `sed` editing a file in its place, without the script and the file; none on Windows, which has no such program.
pub fn sed(survey: &Survey<'_>) -> Option<Line> {
    match survey.platform() {
        Platform::Linux => Some(line(survey, "sed").word("-i")),
        // The sed of the BSDs takes the next word for the suffix of a copy.
        Platform::Macos => Some(line(survey, "sed").words(["-i", ""])),
        Platform::Windows => None,
    }
}

/// `pythonX.Y`, or `python3` where the version is unknown.
pub fn python(survey: &Survey<'_>) -> String {
    match (survey.version(), survey.wanted()) {
        (Some(version), _) => format!("python{}.{}", version.major, version.minor),
        (None, Some(wanted)) => wanted.name().to_string(),
        (None, None) => "python3".to_owned(),
    }
}

/// The command that starts a Python of that version; on Windows its launcher does.
fn caller(survey: &Survey<'_>) -> Line {
    if survey.flavour() != crate::host::path::Flavour::Windows {
        return line(survey, python(survey));
    }
    let version = survey.version().map(|version| version.short());
    match version.or_else(|| survey.wanted().map(|wanted| wanted.short())) {
        Some(version) => line(survey, "py").word(format!("-{version}")),
        None => line(survey, "py"),
    }
}

/// Makes the environment anew, by whoever made it. What was installed has to be installed again, so this is never safe.
pub fn recreate(survey: &Survey<'_>) -> Cure {
    let root = survey.root();
    let cure = |advice: &str, line: Line| Cure::advice(advice).command(line);
    match survey.creator() {
        Creator::Venv | Creator::Unknown => cure(
            "make the environment anew, and install again what was in it",
            caller(survey).words(["-m", "venv", "--clear"]).word(root),
        ),
        Creator::Virtualenv | Creator::PyenvVirtualenv(_) => cure(
            "make the environment anew, and install again what was in it",
            line(survey, "virtualenv").words(["--clear", "-p"]).word(python(survey)).word(root),
        ),
        Creator::Uv => cure(
            "make the environment anew, and install again what was in it (uv sync does both in a project)",
            line(survey, "uv").words(["venv", "--clear"]).word(root),
        ),
        Creator::UvTool(name) => {
            cure("have uv install the tool again", line(survey, "uv").words(["tool", "install", "--force"]).word(name))
        }
        Creator::Pipx(name) => {
            cure("have pipx install the application again", line(survey, "pipx").word("reinstall").word(name))
        }
        Creator::Poetry => cure(
            "have Poetry make its environment anew, in the folder of the project",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").words(["poetry", "install"]),
        ),
        Creator::Pdm => {
            cure("have PDM make its environment anew", line(survey, "pdm").words(["venv", "create", "--force"]))
        }
        Creator::Hatch => cure("have Hatch make its environment anew", line(survey, "hatch").words(["env", "prune"])),
        Creator::Pipenv => cure(
            "have Pipenv make its environment anew",
            line(survey, "pipenv").word("--rm").raw("&&").words(["pipenv", "sync"]),
        ),
        Creator::Tox => cure(
            "have tox make its environment anew",
            line(survey, "tox").words(["-r", "-e"]).word(survey.base_name(root)),
        ),
        Creator::Nox => cure(
            "have nox make its environment anew",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").word("nox"),
        ),
        Creator::PreCommit => cure(
            "have pre-commit make its environments anew",
            line(survey, "pre-commit").word("clean").raw("&&").words(["pre-commit", "install", "--install-hooks"]),
        ),
        Creator::Conda => Cure::advice("make the environment anew with conda, from its exported list of packages"),
    }
}

/// Removes a variable from the shell.
pub fn unset(survey: &Survey<'_>, name: &str) -> Cure {
    let advice = format!("remove {name} from the environment, and from the profile of the shell that sets it");
    let line = if survey.platform() == Platform::Windows {
        Line::new(survey.platform(), "set").word(format!("{name}="))
    } else {
        line(survey, "unset").word(name)
    };
    Cure::advice(advice).command(line).safe()
}

/// Writes one key of `pyvenv.cfg`, in the place of whatever it says now.
pub fn set_key(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Cure {
    let cure = Cure::advice(crate::sentence!("set ", key, " to ", value, " in ", cfg));
    match assignment(survey, cfg, key, value) {
        Some(line) => cure.command(line).safe(),
        None => cure,
    }
}

/// The command that writes one key; Windows has none for it.
fn assignment(survey: &Survey<'_>, cfg: &BStr, key: &str, value: &BStr) -> Option<Line> {
    let value = value.replace("\\", "\\\\").replace("|", "\\|").replace("&", "\\&");
    let program = bstr::concat([
        b"s|^[[:space:]]*".as_slice(),
        key.as_bytes(),
        b"[[:space:]]*=.*|",
        key.as_bytes(),
        b" = ",
        &value,
        b"|",
    ]);
    Some(sed(survey)?.word(BString::from(program)).word(cfg))
}

/// Removes files and folders with all that is in them.
pub fn remove<P: AsRef<[u8]>>(survey: &Survey<'_>, paths: impl IntoIterator<Item = P>) -> Line {
    if survey.flavour() == crate::host::path::Flavour::Windows {
        return line(survey, "Remove-Item").words(["-Recurse", "-Force"]).words(paths);
    }
    line(survey, "rm").words(["-rf", "--"]).words(paths)
}

/// Gives the environment an interpreter again: by links to another one of the same kind, where there is one, which
/// loses nothing; else by making it anew.
pub fn restore(survey: &Survey<'_>) -> Cure {
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
pub fn relink(survey: &Survey<'_>, interpreter: &BStr) -> Cure {
    relink_names(survey, interpreter, &broken_launchers(survey))
}

/// The same, where these names are to be links to `interpreter`.
pub fn relink_names(survey: &Survey<'_>, interpreter: &BStr, broken: &[Launcher]) -> Cure {
    let cure = Cure::advice(crate::sentence!("link the environment to ", interpreter, "; what is installed stays"));
    let is_foreign = ["uv", "virtualenv"].into_iter().any(|key| survey.cfg_entry(key).is_some());
    if is_foreign {
        return cure.commands(links(survey, broken, interpreter)).commands(keys(survey, interpreter)).safe();
    }
    let removal = line(survey, "rm").words(["-f", "--"]).words(broken.iter().map(|launcher| &launcher.path));
    let cure = if broken.is_empty() { cure } else { cure.command(removal) };
    cure.command(upgrade(survey, interpreter)).safe()
}

/// `venv --upgrade`, with what it would forget otherwise.
fn upgrade(survey: &Survey<'_>, interpreter: &BStr) -> Line {
    let mut command = line(survey, interpreter).words(["-m", "venv", "--upgrade", "--without-pip"]);
    if survey.cfg_entry("include-system-site-packages").is_some_and(|entry| entry.value.eq_ignore_ascii_case(b"true")) {
        command = command.word("--system-site-packages");
    }
    if let Some(prompt) = survey.cfg_entry("prompt") {
        command = command.word("--prompt").word(prompt.value.trim_with(|c| c == '\'' || c == '"'));
    }
    command.word(survey.root())
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
        beside.is_none() || launcher.end == Err(crate::host::HostError::SymlinkLoop)
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
    let other = |key: &str, value: &BStr| survey.cfg_entry(key).is_some_and(|entry| entry.value != value);
    let stale = values.into_iter().filter(|(key, value)| other(key, value));
    stale.filter_map(|(key, value)| assignment(survey, cfg, key, value)).collect()
}
