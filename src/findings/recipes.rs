//! Cures that many rules share, as commands that fit who made the environment.

use bstr::{BStr, BString, ByteSlice};

use super::cure::Cure;
use super::shell::Line;
use crate::environment::{Creator, Survey};
use crate::host::Platform;

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
    survey
        .version()
        .map_or_else(|| "python3".to_owned(), |version| format!("python{}.{}", version.major, version.minor))
}

/// Makes the environment anew, by whoever made it. What was installed has to be installed again, so this is never safe.
pub fn recreate(survey: &Survey<'_>) -> Cure {
    let root = survey.root();
    let cure = |advice: &str, line: Line| Cure::advice(advice).command(line);
    match survey.creator() {
        Creator::Venv | Creator::Unknown => cure(
            "make the environment anew, and install again what was in it",
            line(survey, python(survey)).words(["-m", "venv", "--clear"]).word(root),
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

/// Installs one distribution again, files and all.
pub fn reinstall(survey: &Survey<'_>, name: &BStr, version: Option<&BStr>) -> Cure {
    let mut wanted = name.to_owned();
    if let Some(version) = version {
        wanted.extend_from_slice(b"==");
        wanted.extend_from_slice(version);
    }
    let line = match survey.creator() {
        Creator::Uv | Creator::UvTool(_) => line(survey, "uv")
            .words(["pip", "install", "-p"])
            .word(survey.executable())
            .word("--reinstall")
            .word(wanted),
        _ => pip(survey).words(["install", "--force-reinstall", "--no-deps"]).word(wanted),
    };
    Cure::advice(crate::sentence!("install ", name, " again")).command(line)
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
    let advice = crate::sentence!("set ", key, " to ", value, " in ", cfg);
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
    let cure = Cure::advice(advice);
    match sed(survey) {
        Some(sed) => cure.command(sed.word(BString::from(program)).word(cfg)).safe(),
        None => cure,
    }
}

/// The environment's own pip, or that of its base told to work on the environment (pip 22.3 and later).
pub fn pip(survey: &Survey<'_>) -> Line {
    let pip = survey.distributions().iter().any(|distribution| distribution.normalised() == "pip");
    if pip || !survey.is_environment() {
        line(survey, survey.executable()).words(["-m", "pip"])
    } else {
        line(survey, python(survey)).words(["-m", "pip", "--python"]).word(survey.executable())
    }
}

/// Installs one distribution without asking what is there: for one that cannot be uninstalled.
pub fn reinstall_over(survey: &Survey<'_>, name: &BStr, version: Option<&BStr>) -> Cure {
    if matches!(survey.creator(), Creator::Uv | Creator::UvTool(_)) {
        return reinstall(survey, name, version);
    }
    let mut wanted = name.to_owned();
    if let Some(version) = version {
        wanted.extend_from_slice(b"==");
        wanted.extend_from_slice(version);
    }
    let line = pip(survey).words(["install", "--ignore-installed", "--no-deps"]).word(wanted);
    Cure::advice(crate::sentence!("install ", name, " again over what is there, and look for files left over"))
        .command(line)
}

/// Removes files and folders with all that is in them.
pub fn remove<P: AsRef<[u8]>>(survey: &Survey<'_>, paths: impl IntoIterator<Item = P>) -> Line {
    if survey.flavour() == crate::host::path::Flavour::Windows {
        return line(survey, "Remove-Item").words(["-Recurse", "-Force"]).words(paths);
    }
    line(survey, "rm").words(["-rf", "--"]).words(paths)
}
