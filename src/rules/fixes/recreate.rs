//! Environments made anew, by whoever made them.

use bstr::{BString, ByteSlice};

use super::{line, python};
use crate::environment::{Creator, Survey};
use crate::rules::fix::Fix;
use crate::rules::shell::Line;

/// What `pyvenv.cfg` says and who writes it anew has to be told again: a missing key counts as true for Python.
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

/// The command that starts a Python of that version; on Windows its launcher does.
fn caller(survey: &Survey<'_>) -> Line {
    if survey.flavor() != crate::host::path::Flavor::Windows {
        return line(survey, python(survey));
    }
    let version = survey.version().map(|version| version.short());
    match version.or_else(|| survey.wanted().map(|wanted| wanted.short())) {
        Some(version) => line(survey, "py").word(format!("-{version}")),
        None => line(survey, "py"),
    }
}

/// Makes the environment anew, by whoever made it. What was installed has to be installed again, so this is never safe.
pub fn recreate(survey: &Survey<'_>) -> Fix {
    let root = survey.root();
    let fix = |advice: &str, line: Line| Fix::advice(advice).command(line);
    match survey.creator() {
        Creator::Venv | Creator::Unknown => fix(
            "make the environment anew, and install again what was in it",
            caller(survey).words(["-m", "venv", "--clear"]).word(root),
        ),
        Creator::Virtualenv | Creator::PyenvVirtualenv(_) => fix(
            "make the environment anew, and install again what was in it",
            line(survey, "virtualenv").words(["--clear", "-p"]).word(python(survey)).word(root),
        ),
        Creator::Uv => fix(
            "make the environment anew, and install again what was in it (uv sync does both in a project)",
            line(survey, "uv").words(["venv", "--clear"]).word(root),
        ),
        Creator::UvTool(name) => {
            fix("have uv install the tool again", line(survey, "uv").words(["tool", "install", "--force"]).word(name))
        }
        Creator::Pipx(name) => {
            fix("have pipx install the application again", line(survey, "pipx").word("reinstall").word(name))
        }
        Creator::Poetry => fix(
            "have Poetry make its environment anew, in the directory of the project",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").words(["poetry", "install"]),
        ),
        Creator::Pdm => {
            fix("have PDM make its environment anew", line(survey, "pdm").words(["venv", "create", "--force"]))
        }
        Creator::Hatch => fix("have Hatch make its environment anew", line(survey, "hatch").words(["env", "prune"])),
        Creator::Pipenv => fix(
            "have Pipenv make its environment anew",
            line(survey, "pipenv").word("--rm").raw("&&").words(["pipenv", "sync"]),
        ),
        Creator::Tox => fix(
            "have tox make its environment anew",
            line(survey, "tox").words(["-r", "-e"]).word(survey.base_name(root)),
        ),
        Creator::Nox => fix(
            "have nox make its environment anew",
            line(survey, "rm").words(["-rf", "--"]).word(root).raw("&&").word("nox"),
        ),
        Creator::PreCommit => fix(
            "have pre-commit make its environments anew",
            line(survey, "pre-commit").word("clean").raw("&&").words(["pre-commit", "install", "--install-hooks"]),
        ),
        Creator::Conda => Fix::advice("make the environment anew with conda, from its exported list of packages"),
    }
}
