//! Recreating an environment with the tool that created it.

use bstr::{BString, ByteSlice};

use super::{is_pypy, line, python};
use crate::environment::{Creator, Survey};
use crate::rules::fix::Fix;
use crate::rules::shell::Line;

/// The options of `venv` that keep the settings of `pyvenv.cfg` when `venv` rewrites the file. For Python, a missing
/// `include-system-site-packages` means true.
pub fn kept(survey: &Survey<'_>) -> Vec<BString> {
    let Some(cfg) = survey.pyvenv_cfg().filter(|cfg| cfg.is_text()) else { return Vec::new() };
    let shared = cfg.last("include-system-site-packages").map(|line| line.value.eq_ignore_ascii_case(b"true"));
    let mut words = Vec::new();
    if shared.unwrap_or_else(|| cfg.last("home").is_some()) {
        words.push("--system-site-packages".into());
    }
    if let Some(prompt) = cfg.last("prompt") {
        words.extend(["--prompt".into(), prompt.value.trim_with(|c| matches!(c, '\'' | '"')).into()]);
    }
    words
}

/// The command that starts a Python of the environment's version; on Windows, the `py` launcher.
fn base_python(survey: &Survey<'_>) -> Line {
    if survey.flavor() != crate::host::path::Flavor::Windows {
        return line(survey, python(survey));
    }
    let version = survey.version().map(|version| version.short());
    match version.or_else(|| survey.wanted().map(|wanted| wanted.short())) {
        Some(version) => line(survey, "py").word(format!("-{version}")),
        None => line(survey, "py"),
    }
}

/// `uv` chooses a `CPython` by itself, so a `PyPy` is named.
fn uv_venv(survey: &Survey<'_>) -> Line {
    let line = line(survey, "uv").words(["venv", "--clear"]);
    if is_pypy(survey) { line.word("--python").word(python(survey)) } else { line }
}

/// Recreates the environment with its creator. The installed packages are lost, so this is never safe.
pub fn recreate(survey: &Survey<'_>) -> Fix {
    let root = survey.root();
    let fix = |advice: &str, line: Line| Fix::advice(advice).command(line);
    match survey.creator() {
        Creator::Venv | Creator::Unknown => fix(
            "recreate the environment and reinstall its packages",
            base_python(survey).words(["-m", "venv", "--clear"]).word(root),
        ),
        Creator::Virtualenv | Creator::PyenvVirtualenv(_) => fix(
            "recreate the environment and reinstall its packages",
            line(survey, "virtualenv").words(["--clear", "-p"]).word(python(survey)).word(root),
        ),
        Creator::Uv => fix(
            "recreate the environment and reinstall its packages (in a project, uv sync does both)",
            uv_venv(survey).word(root),
        ),
        Creator::UvTool(name) => {
            fix("let uv reinstall the tool", line(survey, "uv").words(["tool", "install", "--force"]).word(name))
        }
        Creator::Pipx(name) => {
            fix("let pipx reinstall the application", line(survey, "pipx").word("reinstall").word(name))
        }
        Creator::Poetry => fix(
            "let Poetry recreate its environment, in the directory of the project",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").words(["poetry", "install"]),
        ),
        Creator::Pdm => {
            fix("let PDM recreate its environment", line(survey, "pdm").words(["venv", "create", "--force"]))
        }
        Creator::Hatch => fix("let Hatch recreate its environment", line(survey, "hatch").words(["env", "prune"])),
        Creator::Pipenv => fix(
            "let Pipenv recreate its environment",
            line(survey, "pipenv").word("--rm").raw("&&").words(["pipenv", "sync"]),
        ),
        Creator::Tox => fix(
            "let tox recreate its environment",
            line(survey, "tox").words(["-r", "-e"]).word(survey.base_name(root)),
        ),
        Creator::Nox => fix(
            "let nox recreate its environment",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").word("nox"),
        ),
        Creator::PreCommit => fix(
            "let pre-commit recreate its environments",
            line(survey, "pre-commit").word("clean").raw("&&").words(["pre-commit", "install", "--install-hooks"]),
        ),
        Creator::Conda => Fix::advice("recreate the environment with conda, from its exported list of packages"),
    }
}
